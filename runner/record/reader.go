package record

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// Reader reads a recording.
type Reader struct {
	Header Header
	// Component is the component in the binary format. It is nil for a script.
	Component []byte

	r      *bufio.Reader // of a recording, or nil
	script []*Event      // of a script, without those that were read
	end    error         // of a script: io.EOF or ErrIncomplete
	open   int           // calls in progress
	number int
	next   *Event // read ahead
	err    error
}

// NewReader reads the start of a recording.
func NewReader(r io.Reader) (*Reader, error) {
	out := &Reader{r: bufio.NewReader(r)}
	start := make([]byte, len(magic))
	if n, err := io.ReadFull(out.r, start); string(start[:n]) != magic {
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, err
		}
		if n > len(magic)-2 && string(start[:len(magic)-2]) == magic[:len(magic)-2] {
			return nil, errors.New("the recording is of another version of the format")
		}
		return nil, errors.New("it is not a recording")
	}
	contents, err := out.frame(frameHeader)
	if err != nil {
		return nil, err
	}
	if out.Header, err = readHeader(contents); err != nil {
		return nil, err
	}
	out.Component, err = out.frame(frameComponent)
	return out, err
}

func (r *Reader) frame(want byte) ([]byte, error) {
	kind, contents, err := readFrame(r.r)
	if err == nil && kind != want {
		return nil, fmt.Errorf("the recording is damaged: a frame of kind %q is out of place", kind)
	}
	return contents, err
}

// Next returns the next event. At the end it returns io.EOF, or [ErrIncomplete] if the recording
// has no proper end.
func (r *Reader) Next() (*Event, error) {
	e, err := r.peek()
	if err == nil {
		r.next = nil
		r.number++
	}
	return e, err
}

// Number returns the number of events that Next has returned, which is the number of the last one.
func (r *Reader) Number() int { return r.number }

// ErrIncomplete says that a recording ends before the run did, because the process was killed or
// could not write.
var ErrIncomplete = errors.New("the recording is incomplete")

// peek returns the next event without moving past it.
func (r *Reader) peek() (*Event, error) {
	if r.next == nil && r.err == nil {
		r.next, r.err = r.read()
	}
	return r.next, r.err
}

func (r *Reader) read() (*Event, error) {
	if r.r == nil {
		if len(r.script) == 0 {
			return nil, r.end
		}
		e := r.script[0]
		r.script = r.script[1:]
		return e, nil
	}
	kind, contents, err := readFrame(r.r)
	switch {
	case errors.Is(err, errCut):
		return nil, ErrIncomplete
	case err != nil:
		return nil, err
	case kind == frameLast && r.open == 0:
		return nil, io.EOF
	case kind == frameLast:
		return nil, ErrIncomplete
	case kind != frameBegin && kind != frameEnd:
		return nil, fmt.Errorf("the recording is damaged: a frame of kind %q is out of place", kind)
	}
	e, err := readEvent(kind, contents)
	if err != nil {
		return nil, err
	}
	if e.Begin {
		r.open++
	} else if r.open--; r.open < 0 {
		return nil, errors.New("the recording is damaged: a call ends that did not begin")
	}
	return e, nil
}
