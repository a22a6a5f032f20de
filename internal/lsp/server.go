package lsp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime/debug"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/mortise-wasm/mortise/wit"
)

// Options say what the server works with.
type Options struct {
	// Version is that of the program, shown by clients.
	Version string
	// Dir returns the folder at a path, which has slashes and starts with one: `/home/a`, on Windows `/c:/a`, with a host
	// `//server/share`. The folder need not exist.
	Dir func(path string) fs.FS
	// Load says how packages are read. Its Info is not used.
	Load wit.Options
	// Log is where faults are written to. Nil means nowhere.
	Log io.Writer
}

// ErrNoShutdown says that the client went away, or told the server to end, without shutting it down before.
var ErrNoShutdown = errors.New("the client ended the session without `shutdown`")

// Serve speaks with a client until it sends `exit` or closes in. It returns nil if the client shut the server down before, as it should.
func Serve(ctx context.Context, in io.Reader, out io.Writer, opts Options) error {
	w, err := newWire(in, out)
	if err != nil {
		return err
	}
	s := &server{
		wire: w, ctx: ctx, opts: opts, enc: protocol.PositionEncodingKindUTF16,
		docs: map[string]*document{}, packs: map[string]*pack{}, roots: map[string]root{}, decoded: map[string]decoded{}, published: map[string]string{},
	}
	if s.opts.Log == nil {
		s.opts.Log = io.Discard
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go w.read(ctx)
	return s.run()
}

// state is where a session is.
type state uint8

const (
	fresh state = iota
	ready
	shutDown
)

// server is one session. All but wire is used by one goroutine only.
type server struct {
	wire  *wire
	ctx   context.Context
	opts  Options
	state state
	enc   encoding
	caps  clientCaps

	// docs are the open documents: by path, or by URI for what is no file.
	docs map[string]*document
	// packs are the packages that were read since the last change to them, roots those that files belong to.
	packs   map[string]*pack
	roots   map[string]root
	decoded map[string]decoded
	// published holds the diagnostics that the client has, by path; stale tells that they may be others now.
	published map[string]string
	stale     bool
}

// document is an open text.
type document struct {
	uri     uri.URI
	version int32
	text    *text
}

// errExit ends the session.
var errExit = errors.New("exit")

func (s *server) run() error {
	for {
		select {
		case <-s.ctx.Done():
			return s.ctx.Err()
		case r, ok := <-s.wire.in:
			if !ok {
				return s.end()
			}
			if _, call := r.msg.(*jsonrpc2.Call); call && s.stale {
				if err := s.publish(); err != nil {
					return err
				}
			}
			err := s.message(r)
			if errors.Is(err, errExit) {
				return s.end()
			}
			if err != nil {
				return err
			}
		}
		// While more messages wait the texts may change again; but what was changed before a request is said before its answer.
		if s.stale && len(s.wire.in) == 0 {
			if err := s.publish(); err != nil {
				return err
			}
		}
	}
}

func (s *server) end() error {
	if s.state != shutDown {
		return ErrNoShutdown
	}
	return nil
}

// message handles one message. It returns an error only if the session cannot go on.
func (s *server) message(r received) error {
	switch m := r.msg.(type) {
	case nil:
		return s.wire.answer(s.ctx, jsonrpc2.ID{}, nil, r.err)
	case *jsonrpc2.Call:
		result, err := s.request(m)
		return s.wire.answer(s.ctx, m.ID(), result, err)
	case *jsonrpc2.Notification:
		return s.notification(m)
	}
	return nil // a response to a call whose answer does not matter
}

func (s *server) request(m *jsonrpc2.Call) (any, error) {
	h, known := requests[m.Method()]
	switch {
	case s.wire.cancelled(m.ID()):
		return nil, protocol.ErrRequestCancelled
	case s.state == shutDown:
		return nil, fmt.Errorf("%w: the server is shut down", jsonrpc2.ErrInvalidRequest)
	case s.state == fresh && m.Method() != protocol.MethodInitialize:
		return nil, jsonrpc2.NewError(jsonrpc2.ServerNotInitialized, "the first request must be `initialize`")
	case !known:
		return nil, fmt.Errorf("%w: %s", jsonrpc2.ErrMethodNotFound, m.Method())
	}
	return s.guard(m.Method(), func() (any, error) { return h(s, m.Params()) })
}

func (s *server) notification(m *jsonrpc2.Notification) error {
	if m.Method() == protocol.MethodExit {
		return errExit
	}
	h, known := notifications[m.Method()]
	if !known || s.state != ready {
		return nil
	}
	if _, err := s.guard(m.Method(), func() (any, error) { return h(s, m.Params()) }); err != nil {
		fmt.Fprintf(s.opts.Log, "%s: %v\n", m.Method(), err)
	}
	return nil
}

// guard runs a handler. A fault in it costs the client one answer, not the session with all that is open in it.
func (s *server) guard(method string, f func() (any, error)) (result any, err error) {
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(s.opts.Log, "%s: %v\n%s", method, p, debug.Stack())
			err = fmt.Errorf("%w: a fault in the language server: %v", jsonrpc2.ErrInternal, p)
		}
	}()
	return f()
}

type handler func(s *server, params []byte) (any, error)

// on makes a handler of a function with parameters of the protocol.
func on[P, R any](f func(*server, *P) (R, error)) handler {
	return func(s *server, raw []byte) (any, error) {
		var p P
		if len(raw) > 0 {
			if err := protocol.Unmarshal(raw, &p); err != nil {
				return nil, fmt.Errorf("%w: %w", jsonrpc2.ErrInvalidParams, err)
			}
		}
		return f(s, &p)
	}
}

// told is on for a notification.
func told[P any](f func(*server, *P)) handler {
	return on(func(s *server, p *P) (any, error) { f(s, p); return nil, nil })
}

// requests and notifications are what the server understands.
var (
	requests = map[string]handler{
		protocol.MethodInitialize:                     on((*server).initialize),
		protocol.MethodShutdown:                       on((*server).shutdown),
		protocol.MethodTextDocumentHover:              on((*server).hover),
		protocol.MethodTextDocumentDefinition:         on((*server).definition),
		protocol.MethodTextDocumentReferences:         on((*server).references),
		protocol.MethodTextDocumentDocumentHighlight:  on((*server).highlight),
		protocol.MethodTextDocumentPrepareRename:      on((*server).prepareRename),
		protocol.MethodTextDocumentRename:             on((*server).rename),
		protocol.MethodTextDocumentCompletion:         on((*server).completion),
		protocol.MethodTextDocumentFormatting:         on((*server).formatting),
		protocol.MethodTextDocumentDocumentSymbol:     on((*server).documentSymbol),
		protocol.MethodWorkspaceSymbol:                on((*server).workspaceSymbol),
		protocol.MethodTextDocumentFoldingRange:       on((*server).folding),
		protocol.MethodTextDocumentCodeAction:         on((*server).codeAction),
		protocol.MethodTextDocumentSemanticTokensFull: on((*server).semanticTokens),
	}
	notifications = map[string]handler{
		protocol.MethodInitialized:                    told((*server).initialized),
		protocol.MethodTextDocumentDidOpen:            told((*server).didOpen),
		protocol.MethodTextDocumentDidChange:          told((*server).didChange),
		protocol.MethodTextDocumentDidClose:           told((*server).didClose),
		protocol.MethodTextDocumentDidSave:            told((*server).didSave),
		protocol.MethodWorkspaceDidChangeWatchedFiles: told((*server).didChangeWatchedFiles),
	}
)
