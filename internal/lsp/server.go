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

// Options configures a server.
type Options struct {
	// Version is the version of the program. Clients show it.
	Version string
	// Dir returns the folder at a path. The path has slashes and starts with one: `/home/a`, `/c:/a`
	// on Windows, `//server/share` with a host. The folder need not exist.
	Dir func(path string) fs.FS
	// Load configures how packages are read. Load.Info is ignored.
	Load wit.Options
	// Log receives reports of faults. Nil discards them.
	Log io.Writer
}

// ErrNoShutdown reports that the client disconnected or sent `exit` without a previous `shutdown`.
var ErrNoShutdown = errors.New("the client ended the session without `shutdown`")

// Serve communicates with a client until it sends `exit` or closes in. Serve returns nil if the
// client sent `shutdown` before, as it should.
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

// state is the state of a session.
type state uint8

const (
	fresh state = iota
	ready
	shutDown
)

// server is one session. Only one goroutine uses it, except for wire.
type server struct {
	wire  *wire
	ctx   context.Context
	opts  Options
	state state
	enc   encoding
	caps  clientCaps

	// docs are the open documents, by path, or by URI for texts that are not files.
	docs map[string]*document
	// packs are the packages read since their last change. roots caches the packages that files belong
	// to.
	packs   map[string]*pack
	roots   map[string]root
	decoded map[string]decoded
	// published holds the diagnostics that the client has, by path. stale is set if they may be out of
	// date.
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
		// If more messages wait, the texts may change again, so delay the diagnostics. But diagnostics
		// for changes before a request are sent before its answer.
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

// message handles one message. It returns an error only if the session cannot continue.
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
	return nil // a response; no caller waits for one
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

// guard runs a handler and recovers from a panic. A fault in a handler costs the client one answer,
// not the session.
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

// on returns a handler that decodes the parameters and calls f.
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

// onNotification is like on for a notification.
func onNotification[P any](f func(*server, *P)) handler {
	return on(func(s *server, p *P) (any, error) { f(s, p); return nil, nil })
}

// requests and notifications map the supported methods to their handlers.
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
		protocol.MethodInitialized:                    onNotification((*server).initialized),
		protocol.MethodTextDocumentDidOpen:            onNotification((*server).didOpen),
		protocol.MethodTextDocumentDidChange:          onNotification((*server).didChange),
		protocol.MethodTextDocumentDidClose:           onNotification((*server).didClose),
		protocol.MethodTextDocumentDidSave:            onNotification((*server).didSave),
		protocol.MethodWorkspaceDidChangeWatchedFiles: onNotification((*server).didChangeWatchedFiles),
	}
)
