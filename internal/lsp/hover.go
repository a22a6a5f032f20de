package lsp

import (
	"strings"

	"go.lsp.dev/protocol"

	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// hover shows the definition of a name, its documentation, and where it is defined.
func (s *server) hover(p *protocol.HoverParams) (*protocol.Hover, error) {
	k, t, n, ok, err := s.named(p.TextDocumentPositionParams)
	if err != nil {
		return nil, err
	}
	var value string
	if !ok {
		word, ok := t.keywordAt(t.text.offset(p.Position, s.enc))
		if !ok {
			return nil, nil
		}
		n.Range, value = word, keywordDocs[t.src(word)]
	} else if o, _ := k.object(t, n); o != nil {
		value = k.describe(o)
	} else {
		return nil, nil
	}
	kind := protocol.MarkupKindMarkdown
	if s.caps.plainHover {
		kind = protocol.MarkupKindPlainText
		value = strings.NewReplacer("```wit\n", "", "```\n", "", "```", "").Replace(value)
	}
	return &protocol.Hover{Contents: &protocol.MarkupContent{Kind: kind, Value: value}, Range: ptr(s.rng(t, n))}, nil
}

// describe returns the description of an object as Markdown.
func (k *pack) describe(o *wit.Object) string {
	var code, docs []string
	for at := o; at != nil; at = at.Target {
		t, n, ok := k.find(at)
		if !ok {
			code = append(code, at.Name)
			continue
		}
		sig := t.signature(n)
		code = append(code, sig)
		if d := k.docs(t, n, at); d != "" {
			docs = append(docs, d)
		}
	}
	var b strings.Builder
	b.WriteString("```wit\n" + strings.Join(code, "\n\n") + "\n```")
	for _, d := range docs {
		b.WriteString("\n\n" + d)
	}
	if home := where(unalias(o)); home != "" {
		b.WriteString("\n\n" + home)
	}
	return b.String()
}

// where returns the words for the items that contain an object, or "".
func where(o *wit.Object) string {
	switch p := o.Parent; {
	case p == nil:
		return ""
	case p.Kind == wit.PackageObject:
		return "in package `" + p.Name + "`"
	case p.Kind == wit.TypeObject || p.Kind == wit.FuncObject:
		if w := where(p); w != "" {
			return "of `" + p.Name + "`, " + w
		}
		return "of `" + p.Name + "`"
	case p.Kind == wit.WorldObject:
		return "in world `" + p.Name + "`"
	case p.Parent != nil && p.Parent.Kind == wit.PackageObject:
		id, version, ok := strings.Cut(p.Parent.Name, "@")
		if ok {
			version = "@" + version
		}
		return "in interface `" + id + "/" + p.Name + version + "`"
	default:
		return "in interface `" + p.Name + "`"
	}
}

// docs returns the documentation of a definition. All declarations of a package share the first
// documentation found.
func (k *pack) docs(t *tree, n name, o *wit.Object) string {
	if o.Kind == wit.PackageObject && o.Span.IsValid() {
		for _, p := range k.places(o, true, false) {
			if text, ok := p.tree.file.DocText(docsOf(p.name)); ok {
				return text
			}
		}
		return ""
	}
	text, _ := t.file.DocText(docsOf(n))
	return text
}

// docsOf returns the documentation of the node that a name belongs to.
func docsOf(n name) syntax.Docs {
	switch d := n.node.(type) {
	case *syntax.PackageDecl:
		return d.Docs
	case *syntax.NestedPackage:
		return d.Docs
	case *syntax.Interface:
		return d.Docs
	case *syntax.World:
		return d.Docs
	case *syntax.TypeDef:
		return d.Docs
	case *syntax.Member:
		return d.Docs
	case *syntax.Func:
		return d.Docs
	case *syntax.Extern:
		return d.Docs
	}
	return syntax.Docs{}
}
