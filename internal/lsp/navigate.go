package lsp

import (
	"go.lsp.dev/protocol"

	"github.com/mortise-wasm/mortise/wit"
)

// definition goes from a name to where it is defined. From the name that a use gives with `as` it goes to what is used. What stands in an
// encoded package has no place in a text, so there is nowhere to go.
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

// behind follows names given by `as` to what they stand for.
func behind(o *wit.Object) *wit.Object {
	for o.Target != nil {
		o = o.Target
	}
	return o
}
