package lsp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
)

// maxAhead limits how many messages are read before they are handled. Any others wait in the pipe.
const maxAhead = 1024

// wire carries messages. One goroutine reads and another one writes.
type wire struct {
	frames *jsonrpc2.BatchClient
	in     chan received

	mu sync.Mutex
	// open holds the calls that wait for an answer. The value reports whether the call was cancelled.
	open map[jsonrpc2.ID]bool
}

// received is a message, or the error of one that could not be read.
type received struct {
	msg jsonrpc2.Message
	err error
}

type duplex struct {
	io.Reader
	io.Writer
}

func (duplex) Close() error { return nil }

func newWire(in io.Reader, out io.Writer) (*wire, error) {
	frames, err := jsonrpc2.NewBatchClient(jsonrpc2.NewHeaderStream(duplex{in, out}))
	if err != nil {
		return nil, err
	}
	return &wire{frames: frames, in: make(chan received, maxAhead), open: map[jsonrpc2.ID]bool{}}, nil
}

// read reads messages until the input ends or ctx is done. It passes a malformed message on as an
// error and continues, because the next one may be valid.
func (w *wire) read(ctx context.Context) {
	defer close(w.in)
	lost := false
	for {
		frame, _, err := w.frames.ReadFrame(ctx)
		var r received
		wasLost := lost
		lost = errors.Is(err, jsonrpc2.ErrInvalidHeader)
		switch {
		case lost && wasLost:
			continue // report one error up to the next valid header
		case lost:
			r.err = fmt.Errorf("%w: bad header", jsonrpc2.ErrParse)
		case err != nil:
			return
		default:
			// The next message reuses the frame.
			r.msg, err = jsonrpc2.DecodeMessage(bytes.Clone(frame))
			if err != nil {
				r.err = fmt.Errorf("%w: %w", jsonrpc2.ErrParse, err)
			}
		}
		if w.note(r.msg) {
			continue
		}
		select {
		case w.in <- r:
		case <-ctx.Done():
			return
		}
	}
}

// note records calls and applies cancellations. It reports whether the message needs no further
// handling.
func (w *wire) note(m jsonrpc2.Message) bool {
	switch m := m.(type) {
	case *jsonrpc2.Call:
		w.mu.Lock()
		w.open[m.ID()] = false
		w.mu.Unlock()
	case *jsonrpc2.Notification:
		if m.Method() != protocol.MethodCancelRequest {
			return false
		}
		var p protocol.CancelParams
		if protocol.Unmarshal(m.Params(), &p) != nil {
			return true
		}
		var id jsonrpc2.ID
		switch n := p.ID.(type) {
		case protocol.Integer:
			id = jsonrpc2.NewNumberID(int64(n))
		case protocol.String:
			id = jsonrpc2.NewStringID(string(n))
		}
		w.mu.Lock()
		if _, ok := w.open[id]; ok {
			w.open[id] = true
		}
		w.mu.Unlock()
		return true
	}
	return false
}

// cancelled reports whether a call was cancelled.
func (w *wire) cancelled(id jsonrpc2.ID) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.open[id]
}

// answer completes a call with a result or an error.
func (w *wire) answer(ctx context.Context, id jsonrpc2.ID, result any, err error) error {
	w.mu.Lock()
	delete(w.open, id)
	w.mu.Unlock()
	var raw []byte
	if err == nil && result != nil {
		raw, err = protocol.Marshal(result)
	}
	_, werr := w.frames.WriteFrame(ctx, jsonrpc2.AppendResponse(nil, id, raw, err))
	return werr
}

func (w *wire) notify(ctx context.Context, method string, params []byte) error {
	_, err := w.frames.WriteFrame(ctx, jsonrpc2.AppendNotification(nil, method, params))
	return err
}

// call sends the client a request whose answer does not matter.
func (w *wire) call(ctx context.Context, id, method string, params any) error {
	raw, err := protocol.Marshal(params)
	if err != nil {
		return err
	}
	_, err = w.frames.WriteFrame(ctx, jsonrpc2.AppendCall(nil, jsonrpc2.NewStringID(id), method, raw))
	return err
}
