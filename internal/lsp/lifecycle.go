package lsp

import (
	"fmt"
	"slices"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
)

// clientCaps holds the capabilities of the client that matter to the server.
type clientCaps struct {
	documentChanges, relatedInformation, watch, plainHover bool
}

func isTrue(b *bool) bool { return b != nil && *b }

func ptr[T any](v T) *T { return &v }

func (s *server) initialize(p *protocol.InitializeParams) (*protocol.InitializeResult, error) {
	if s.state != fresh {
		return nil, fmt.Errorf("%w: the server is already initialized", jsonrpc2.ErrInvalidRequest)
	}
	s.state = ready
	c := &p.Capabilities
	if c.General != nil && slices.Contains(c.General.PositionEncodings, protocol.PositionEncodingKindUTF8) {
		s.enc = protocol.PositionEncodingKindUTF8
	}
	if w := c.Workspace; w != nil {
		s.caps.documentChanges = w.WorkspaceEdit != nil && isTrue(w.WorkspaceEdit.DocumentChanges)
		s.caps.watch = w.DidChangeWatchedFiles != nil && isTrue(w.DidChangeWatchedFiles.DynamicRegistration)
	}
	if t := c.TextDocument; t != nil {
		s.caps.relatedInformation = t.PublishDiagnostics != nil && isTrue(t.PublishDiagnostics.RelatedInformation)
		s.caps.plainHover = t.Hover != nil && len(t.Hover.ContentFormat) > 0 &&
			!slices.Contains(t.Hover.ContentFormat, protocol.MarkupKindMarkdown)
	}
	yes := protocol.Boolean(true)
	// A client states whether it supports the long form of these two. A client that does not gets no
	// code actions at all.
	var rename protocol.RenameProvider = yes
	var actions protocol.CodeActionProvider
	if t := c.TextDocument; t != nil {
		if t.Rename != nil && isTrue(t.Rename.PrepareSupport) {
			rename = &protocol.RenameOptions{PrepareProvider: ptr(true)}
		}
		if t.CodeAction != nil && len(t.CodeAction.CodeActionLiteralSupport.CodeActionKind.ValueSet) > 0 {
			actions = &protocol.CodeActionOptions{CodeActionKinds: []protocol.CodeActionKind{protocol.CodeActionKindQuickFix}}
		}
	}
	return &protocol.InitializeResult{
		ServerInfo: protocol.ServerInfo{Name: "wit", Version: protocol.NewOptional(s.opts.Version)},
		Capabilities: protocol.ServerCapabilities{
			PositionEncoding: s.enc,
			TextDocumentSync: &protocol.TextDocumentSyncOptions{
				OpenClose: ptr(true), Change: ptr(protocol.TextDocumentSyncKindIncremental), Save: yes,
			},
			HoverProvider:              yes,
			DefinitionProvider:         yes,
			ReferencesProvider:         yes,
			DocumentHighlightProvider:  yes,
			DocumentSymbolProvider:     yes,
			WorkspaceSymbolProvider:    yes,
			DocumentFormattingProvider: yes,
			FoldingRangeProvider:       yes,
			RenameProvider:             rename,
			CompletionProvider:         &protocol.CompletionOptions{TriggerCharacters: []string{"@", ".", "/", "{", ":", "<", "("}},
			CodeActionProvider:         actions,
			SemanticTokensProvider: &protocol.SemanticTokensOptions{
				Legend: protocol.SemanticTokensLegend{TokenTypes: tokenTypes[:], TokenModifiers: []string{"declaration"}}, Full: yes,
			},
		},
	}, nil
}

// initialized asks the client to report changes of files on disk.
func (s *server) initialized(*protocol.InitializedParams) {
	if !s.caps.watch {
		return
	}
	opts, err := protocol.Marshal(&protocol.DidChangeWatchedFilesRegistrationOptions{
		Watchers: []protocol.FileSystemWatcher{{GlobPattern: protocol.Pattern("**/*.{wit,wasm,wat}")}},
	})
	if err == nil {
		err = s.wire.call(s.ctx, "watch", protocol.MethodClientRegisterCapability, &protocol.RegistrationParams{
			Registrations: []protocol.Registration{{ID: "watch", Method: protocol.MethodWorkspaceDidChangeWatchedFiles, RegisterOptions: opts}},
		})
	}
	if err != nil {
		fmt.Fprintf(s.opts.Log, "cannot watch files: %v\n", err)
	}
}

func (s *server) shutdown(*struct{}) (any, error) {
	s.state = shutDown
	return nil, nil
}
