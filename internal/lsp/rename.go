package lsp

import (
	"fmt"
	"strings"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/mortise-wasm/mortise/diag"
	labels "github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// refuse returns an error for a request that the server cannot fulfil.
func refuse(format string, args ...any) error {
	return jsonrpc2.NewError(jsonrpc2.Code(protocol.LSPErrorCodesRequestFailed), fmt.Sprintf(format, args...))
}

func (s *server) prepareRename(p *protocol.PrepareRenameParams) (*protocol.PrepareRenamePlaceholder, error) {
	k, t, n, ok, err := s.named(p.TextDocumentPositionParams)
	if err != nil || !ok {
		return nil, err
	}
	o, _ := k.object(t, n)
	if o == nil {
		return nil, nil
	}
	if _, err := k.renamable(o); err != nil {
		return nil, err
	}
	return &protocol.PrepareRenamePlaceholder{Range: s.rng(t, n), Placeholder: o.Name}, nil
}

// renamable returns the places of the names of an object, or an error if it cannot be renamed.
func (k *pack) renamable(o *wit.Object) ([]placed, error) {
	switch {
	case o.Kind == wit.PackageObject:
		return nil, refuse("packages cannot be renamed here: folders and other packages refer to them by name")
	case !o.Span.IsValid():
		return nil, refuse("`%s` is part of an encoded package, which cannot be edited; `use … as` gives it another name here", o.Name)
	case k.isDep(k.path(o.Span.File)):
		return nil, refuse("`%s` is part of a dependency (%s); `use … as` gives it another name here", o.Name, o.Span.File.Name)
	}
	list := k.places(o, true, true)
	for _, p := range list {
		if k.isDep(p.tree.path) {
			return nil, refuse("`%s` is used by a dependency (%s), which cannot be edited", o.Name, p.tree.file.Source.Name)
		}
		if f, ok := p.name.node.(*syntax.Func); ok && f.Kind == syntax.ConstructorFunc {
			return nil, refuse("`constructor` is a keyword")
		}
	}
	return list, nil
}

// rename renames an object and all its uses. It fails if any name would change its meaning.
func (s *server) rename(p *protocol.RenameParams) (*protocol.WorkspaceEdit, error) {
	k, t, n, ok, err := s.named(p.TextDocumentPositionParams)
	if err != nil {
		return nil, err
	}
	var o *wit.Object
	if ok {
		o, _ = k.object(t, n)
	}
	if o == nil {
		return nil, refuse("there is nothing to rename here")
	}
	list, err := k.renamable(o)
	if err != nil {
		return nil, err
	}
	label := strings.TrimPrefix(p.NewName, "%")
	if err := labels.CheckLabel(label); err != nil {
		return nil, refuse("`%s` is not a name: %s", p.NewName, err)
	}
	written := label
	if syntax.IsKeyword(label) {
		written = "%" + label
	}
	edits := map[string][]edit{}
	for _, p := range list {
		edits[p.tree.path] = append(edits[p.tree.path], edit{int(p.name.Start), int(p.name.End), written})
	}
	if err := s.check(k, edits); err != nil {
		return nil, refuse("cannot rename `%s` to `%s`: %s", o.Name, label, err)
	}
	return s.workspaceEdit(k, edits), nil
}

// check reads the package with edits applied. It returns an error if that causes new diagnostics or
// changes the meaning of a name.
func (s *server) check(k *pack, edits map[string][]edit) error {
	texts := map[string][]byte{}
	for p, list := range edits {
		texts[p] = apply(k.tree(p).file.Source.Data, list)
	}
	after := &pack{root: k.root, alone: k.alone}
	if k.alone != "" {
		s.load(after, &overlay{base: emptyFS{}, texts: map[string][]byte{"text.wit": texts[k.alone]}}, "text.wit")
	} else {
		base := "."
		if r := s.root(k.trees[0].path); r.dir == k.root {
			base = r.base
		}
		s.load(after, s.folderWith(k.root, texts), base)
	}
	before := map[string]int{}
	for _, d := range k.diags {
		before[string(d.Code)]++
	}
	for _, d := range after.diags {
		if before[string(d.Code)]--; before[string(d.Code)] < 0 && d.Severity == diag.Error {
			return fmt.Errorf("%s", d.Message)
		}
	}
	return sameMeaning(k, after)
}

// sameMeaning returns an error unless the names of two readings of a package refer to the same
// objects. It pairs the names of a file by their order.
func sameMeaning(a, b *pack) error {
	number := func(k *pack) map[*wit.Object]int {
		m := map[*wit.Object]int{}
		for _, t := range k.trees {
			for _, n := range t.names {
				if o, def := k.object(t, n); def && m[o] == 0 {
					m[o] = len(m) + 1
				}
			}
		}
		return m
	}
	na, nb := number(a), number(b)
	if len(a.trees) != len(b.trees) {
		return fmt.Errorf("the package would be read differently")
	}
	for i, t := range a.trees {
		u := b.trees[i]
		if len(t.names) != len(u.names) {
			return fmt.Errorf("%s would be read differently", t.file.Source.Name)
		}
		for j, n := range t.names {
			x, _ := a.object(t, n)
			y, _ := b.object(u, u.names[j])
			if na[x] != nb[y] || (x == nil) != (y == nil) {
				return fmt.Errorf("`%s` at %s would refer to something else", t.src(n.Range), t.file.Span(n.Range))
			}
		}
	}
	return nil
}
