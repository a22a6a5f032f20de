package record

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// Recorder is a [runner.Observer] that writes a recording of one instance.
type Recorder struct {
	mu  sync.Mutex
	w   io.Writer
	buf []byte
	err error
	max int // size of the contents of an event; maxEvent but for tests
}

// NewRecorder starts a recording with the header and the component, in the binary format. Each
// event becomes one Write to w.
func NewRecorder(w io.Writer, h Header, component []byte) (*Recorder, error) {
	if len(component) > maxComponent {
		return nil, fmt.Errorf("a component of %d bytes cannot be recorded: the limit is %d", len(component), maxComponent)
	}
	b, err := appendFrame([]byte(magic), frameHeader, h.contents())
	if err != nil {
		return nil, err
	}
	if b, err = appendFrame(b, frameComponent, component); err != nil {
		return nil, err
	}
	if _, err := w.Write(b); err != nil {
		return nil, err
	}
	return &Recorder{w: w, max: maxEvent}, nil
}

// Begin implements [runner.Observer].
func (r *Recorder) Begin(_ context.Context, c *runner.Call) {
	if crosses(c) {
		r.write(beginOf(c).frame())
	}
}

// End implements [runner.Observer].
func (r *Recorder) End(c *runner.Call, result value.Value, err error) {
	if crosses(c) {
		r.write(endOf(c, result, err).frame())
	}
}

// write writes a frame. After an error it writes nothing more.
func (r *Recorder) write(kind byte, contents []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return
	}
	if len(contents) > r.max {
		r.err = fmt.Errorf("a call with %d bytes of values cannot be recorded: the limit is %d", len(contents), r.max)
		return
	}
	if r.buf, r.err = appendFrame(r.buf[:0], kind, contents); r.err == nil {
		_, r.err = r.w.Write(r.buf)
	}
}

// Close ends the recording. It returns the first error of writing; the recording then ends before
// the event that could not be written. It does not close the writer.
func (r *Recorder) Close() error {
	r.write(frameLast, nil)
	r.mu.Lock()
	defer r.mu.Unlock()
	err := r.err
	r.err = errClosed
	if errors.Is(err, errClosed) {
		return nil
	}
	return err
}

var errClosed = errors.New("the recording is closed")

// stopped reports whether a call failed because its context ended.
func stopped(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
