package sysfs

import (
	"bytes"
	"context"
	"io"
	"reflect"
	"sync"
)

// inputChunk is the number of bytes that an Input reads at once.
const inputChunk = 64 << 10

// maxEmptyReads limits how many times in a row a reader may return neither data nor an error.
const maxEmptyReads = 100

// Input is a reader of the host. It is read in the background, and only on demand: if no guest
// reads standard input, it stays untouched. Input is safe for concurrent use.
type Input struct {
	r io.Reader

	mu      sync.Mutex
	chunk   []byte
	pending []byte // the unread rest of chunk
	err     error
	busy    bool // a goroutine is reading into chunk
	waiting map[chan<- struct{}]struct{}
}

// NewInput returns an Input for r. If r is nil, the Input is empty.
func NewInput(r io.Reader) *Input {
	in := &Input{r: r, waiting: make(map[chan<- struct{}]struct{})}
	if r == nil {
		in.err = io.EOF
	}
	return in
}

// Ready reports whether Read would return data or an error at once. If not, it starts a read in the
// background.
func (in *Input) Ready() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.ready()
}

func (in *Input) ready() bool {
	if len(in.pending) > 0 || in.err != nil {
		return true
	}
	if !in.busy {
		in.busy = true
		go in.fill()
	}
	return false
}

// Read returns up to n bytes that are available now, or nil if none are available yet. At the end
// it returns [io.EOF]. It does not block.
func (in *Input) Read(n int) ([]byte, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if n <= 0 || !in.ready() {
		if len(in.pending) == 0 && in.err != nil {
			return nil, in.err
		}
		return nil, nil
	}
	if len(in.pending) == 0 {
		return nil, in.err
	}
	n = min(n, len(in.pending))
	b := bytes.Clone(in.pending[:n])
	in.pending = in.pending[n:]
	return b, nil
}

// Notify registers wake, which then receives a value whenever a read has ended. A send that would
// block is skipped. The caller must call stop when it is done.
func (in *Input) Notify(wake chan<- struct{}) (stop func()) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.waiting[wake] = struct{}{}
	return func() {
		in.mu.Lock()
		defer in.mu.Unlock()
		delete(in.waiting, wake)
	}
}

// fill reads a chunk. Nothing is pending while it runs, so nothing else uses the chunk.
func (in *Input) fill() {
	if in.chunk == nil {
		in.chunk = make([]byte, inputChunk)
	}
	var n int
	var err error
	for range maxEmptyReads {
		if n, err = in.r.Read(in.chunk); n > 0 || err != nil {
			break
		}
	}
	if n <= 0 && err == nil {
		err = io.ErrNoProgress
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	in.pending, in.err, in.busy = in.chunk[:max(n, 0)], err, false
	for wake := range in.waiting {
		select {
		case wake <- struct{}{}:
		default:
		}
	}
}

// Output is a writer of the host. It is safe for concurrent use.
type Output struct {
	mu sync.Mutex
	w  io.Writer
}

// NewOutputs returns Outputs for two writers. If the writers are the same, both share one Output. A
// nil writer discards its output.
func NewOutputs(a, b io.Writer) (*Output, *Output) {
	first := &Output{w: a}
	if a != nil && b != nil && reflect.TypeOf(a) == reflect.TypeOf(b) && reflect.ValueOf(a).Comparable() && a == b {
		return first, first
	}
	return first, &Output{w: b}
}

// Write writes all of p. It returns when ctx ends, even if the writer is still blocked.
func (o *Output) Write(ctx context.Context, p []byte) error {
	if o.w == nil || len(p) == 0 {
		return nil
	}
	return o.do(ctx, func() error {
		n, err := o.w.Write(p)
		if err == nil && n < len(p) {
			err = io.ErrShortWrite
		}
		return err
	})
}

// Flush calls the writer's method `Flush() error`, as in [bufio.Writer], if it exists.
func (o *Output) Flush(ctx context.Context) error {
	f, ok := o.w.(interface{ Flush() error })
	if !ok {
		return nil
	}
	return o.do(ctx, f.Flush)
}

func (o *Output) do(ctx context.Context, f func() error) error {
	locked := func() error {
		o.mu.Lock()
		defer o.mu.Unlock()
		return f()
	}
	if ctx.Done() == nil {
		return locked()
	}
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	done := make(chan error, 1)
	go func() { done <- locked() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
