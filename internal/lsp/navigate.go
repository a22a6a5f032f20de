package lsp

import (
	"go.lsp.dev/protocol"

	"github.com/mortise-wasm/mortise/wit"
)

// definition returns the definition of a name. At the name that a use defines with `as`, it returns
// the definition of the used item. Items of an encoded package have no place in a text, so there
// are no locations for them.
func (s *server) definition(p *protocol.DefinitionParams) (protocol.LocationSlice, error) {
	k, t, n, ok, err := s.named(p.TextDocumentPositionParams)
	if err != nil || !ok {
		return nil, err
	}
	o, def := k.object(t, n)
	if o == nil {
		return nil, nil
	}
	if def && o.Target != nil {
		o = o.Target
	}
	return s.locations(k.places(o, true, false)), nil
}

func (s *server) locations(list []placed) protocol.LocationSlice {
	out := protocol.LocationSlice{}
	for _, p := range list {
		out = append(out, s.location(p.tree, p.name))
	}
	return out
}

func (s *server) references(p *protocol.ReferenceParams) (protocol.LocationSlice, error) {
	k, t, n, ok, err := s.named(p.TextDocumentPositionParams)
	if err != nil || !ok {
		return nil, err
	}
	o, _ := k.object(t, n)
	if o == nil {
		return nil, nil
	}
	return s.locations(k.places(o, p.Context.IncludeDeclaration, true)), nil
}

func (s *server) highlight(p *protocol.DocumentHighlightParams) ([]protocol.DocumentHighlight, error) {
	k, t, n, ok, err := s.named(p.TextDocumentPositionParams)
	if err != nil || !ok {
		return nil, err
	}
	o, _ := k.object(t, n)
	if o == nil {
		return nil, nil
	}
	out := []protocol.DocumentHighlight{}
	for _, p := range k.places(o, true, true) {
		if p.tree != t {
			continue
		}
		kind := protocol.DocumentHighlightKindRead
		if p.def {
			kind = protocol.DocumentHighlightKindWrite
		}
		out = append(out, protocol.DocumentHighlight{Range: s.rng(t, p.name), Kind: kind})
	}
	return out, nil
}

// unalias follows aliases defined with `as` to the item that they rename.
func unalias(o *wit.Object) *wit.Object {
	for o.Target != nil {
		o = o.Target
	}
	return o
}
