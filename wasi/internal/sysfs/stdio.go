package sysfs

import (
	"bytes"
	"context"
	"io"
	"reflect"
	"sync"
)

// inputChunk is how much an Input reads at once.
const inputChunk = 64 << 10

// maxEmptyReads is how many times in a row a reader may return nothing at all.
const maxEmptyReads = 100

// Input is a reader of the host's, read in the background, and only when somebody wants to know: a guest that does not read
// standard input leaves it alone. It is safe for concurrent use.
type Input struct {
	r io.Reader

	mu      sync.Mutex
	chunk   []byte
	pending []byte // the rest of chunk that nobody took yet
	err     error
	busy    bool // a goroutine reads into chunk
	waiting map[chan<- struct{}]struct{}
}

// NewInput returns an Input for r; nil is empty.
func NewInput(r io.Reader) *Input {
	in := &Input{r: r, waiting: make(map[chan<- struct{}]struct{})}
	if r == nil {
		in.err = io.EOF
	}
	return in
}

// Ready reports whether Read has something to return, be it an error, and has it read if not.
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

// Read returns up to n bytes if there are any now, and nil if there are none yet; [io.EOF] at the end. It does not block.
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

// Notify has a value sent to wake, unless that would block, whenever something was read. Call stop in the end.
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

// fill reads a chunk. While it runs, nothing is pending, so that the chunk is its own.
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

// Output is a writer of the host's. It is safe for concurrent use.
type Output struct {
	mu sync.Mutex
	w  io.Writer
}

// NewOutputs returns Outputs for two writers; nil discards what is written. It is one Output if the writers are the same.
func NewOutputs(a, b io.Writer) (*Output, *Output) {
	first := &Output{w: a}
	if a != nil && b != nil && reflect.TypeOf(a) == reflect.TypeOf(b) && reflect.ValueOf(a).Comparable() && a == b {
		return first, first
	}
	return first, &Output{w: b}
}

// Write writes all of p. It returns when ctx is done, even if the writer does not.
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

// Flush calls the writer's method Flush, as a [bufio.Writer] has it, if there is one.
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
