package lsp

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/mortise-wasm/mortise/diag"
)

// publish sends the diagnostics of all packages with an open document, for all their files. It
// clears published diagnostics that no longer apply.
func (s *server) publish() error {
	s.stale = false
	files := map[string]diag.List{}
	packs := map[string]*pack{} // by file
	seen := map[*pack]bool{}
	for _, p := range slices.Sorted(maps.Keys(s.docs)) {
		k := s.pack(p)
		if _, ok := files[p]; !ok {
			files[p] = nil
		}
		if seen[k] {
			continue
		}
		seen[k] = true
		for _, t := range k.trees {
			if packs[t.path] == nil {
				packs[t.path] = k
			}
		}
		for _, d := range k.diags {
			at := p
			if d.Primary.IsValid() {
				at = k.path(d.Primary.File)
			}
			files[at] = append(files[at], d)
			if packs[at] == nil {
				packs[at] = k
			}
		}
	}
	for p := range s.published {
		if _, ok := files[p]; !ok {
			files[p] = nil
		}
	}
	for _, p := range slices.Sorted(maps.Keys(files)) {
		if err := s.publishFile(p, packs[p], files[p]); err != nil {
			return err
		}
	}
	return nil
}

// publishFile sends the diagnostics of one file, unless the client already has them.
func (s *server) publishFile(p string, k *pack, list diag.List) error {
	list.Sort()
	params := &protocol.PublishDiagnosticsParams{URI: s.uri(p), Diagnostics: []protocol.Diagnostic{}}
	d := s.docs[p]
	if d != nil {
		params.Version = protocol.NewOptional(d.version)
	}
	for _, d := range list {
		params.Diagnostics = append(params.Diagnostics, s.diagnostic(k, d))
	}
	raw, err := protocol.Marshal(params)
	if err != nil {
		return err
	}
	if s.published[p] == string(raw) {
		return nil
	}
	s.published[p] = string(raw)
	if d == nil && len(list) == 0 {
		delete(s.published, p)
	}
	return s.wire.notify(s.ctx, protocol.MethodTextDocumentPublishDiagnostics, raw)
}

var severities = map[diag.Severity]protocol.DiagnosticSeverity{
	diag.Error: protocol.DiagnosticSeverityError, diag.Warning: protocol.DiagnosticSeverityWarning,
	diag.Note: protocol.DiagnosticSeverityInformation,
}

func (s *server) diagnostic(k *pack, d *diag.Diagnostic) protocol.Diagnostic {
	var msg strings.Builder
	msg.WriteString(d.Message)
	if d.Primary.IsValid() && d.Primary.File.Binary {
		fmt.Fprintf(&msg, " (at offset 0x%x)", d.Primary.Start)
	}
	if d.Caption != "" {
		msg.WriteString("\n" + d.Caption)
	}
	for _, n := range d.Notes {
		msg.WriteString("\nnote: " + n)
	}
	for _, h := range d.Help {
		msg.WriteString("\nhelp: " + h)
	}
	out := protocol.Diagnostic{
		Range: s.span(d.Primary), Severity: severities[d.Severity], Source: protocol.NewOptional("wit"), Message: protocol.String(msg.String()),
	}
	if d.Code != "" {
		out.Code = protocol.String(d.Code)
	}
	if s.caps.relatedInformation && k != nil {
		for _, l := range d.Labels {
			out.RelatedInformation = append(out.RelatedInformation, protocol.DiagnosticRelatedInformation{
				Location: protocol.Location{URI: s.uri(k.path(l.Span.File)), Range: s.span(l.Span)}, Message: l.Text,
			})
		}
	}
	return out
}

// span returns the range of a span. Spans in binaries, which have no lines, and invalid spans
// become the start of the file.
func (s *server) span(at diag.Span) protocol.Range {
	if !at.IsValid() || at.File.Binary {
		return protocol.Range{}
	}
	return newText(at.File.Data).rng(at.Start, at.End, s.enc)
}

// codeAction offers the edits of diagnostics.
func (s *server) codeAction(p *protocol.CodeActionParams) ([]protocol.CommandOrCodeAction, error) {
	out := []protocol.CommandOrCodeAction{}
	if len(p.Context.Only) > 0 && !slices.ContainsFunc(p.Context.Only, func(o protocol.CodeActionKind) bool {
		return o == "" || o == protocol.CodeActionKindQuickFix
	}) {
		return out, nil
	}
	k, t, err := s.open(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	start, end := t.text.offset(p.Range.Start, s.enc), t.text.offset(p.Range.End, s.enc)
	for _, d := range k.diags {
		at := d.Primary
		if len(d.Edits) == 0 || !at.IsValid() || k.path(at.File) != t.path || at.Start > end || at.End < start {
			continue
		}
		edits := map[string][]edit{}
		for _, e := range d.Edits {
			file := k.path(e.Span.File)
			edits[file] = append(edits[file], edit{e.Span.Start, e.Span.End, e.New})
		}
		out = append(out, &protocol.CodeAction{
			Title: title(d), Kind: ptr(protocol.CodeActionKindQuickFix), IsPreferred: ptr(true),
			Diagnostics: []protocol.Diagnostic{s.diagnostic(k, d)}, Edit: s.workspaceEdit(k, edits),
		})
	}
	return out, nil
}

// title describes the edits of a diagnostic in a few words.
func title(d *diag.Diagnostic) string {
	if len(d.Edits) > 1 {
		if len(d.Help) > 0 {
			return "Fix: " + d.Help[0]
		}
		return "Fix: " + d.Message
	}
	old, text := strings.TrimSpace(d.Edits[0].Span.Text()), strings.TrimSpace(d.Edits[0].New)
	switch {
	case old == "":
		return fmt.Sprintf("Insert `%s`", text)
	case text == "":
		return fmt.Sprintf("Remove `%s`", old)
	}
	return fmt.Sprintf("Replace `%s` by `%s`", old, text)
}
