package lsp

import (
	"cmp"
	"slices"

	"go.lsp.dev/protocol"

	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// The kinds of tokens, as indices of tokenTypes.
const (
	tokNamespace = iota
	tokInterface
	tokType
	tokStruct
	tokEnum
	tokClass
	tokProperty
	tokEnumMember
	tokFunction
	tokMethod
	tokParameter
	tokKeyword
	tokComment
	tokString
	tokNumber
	tokDecorator
	numTokens
)

var tokenTypes = [numTokens]string{
	tokNamespace: "namespace", tokInterface: "interface", tokType: "type", tokStruct: "struct", tokEnum: "enum", tokClass: "class",
	tokProperty: "property", tokEnumMember: "enumMember", tokFunction: "function", tokMethod: "method", tokParameter: "parameter",
	tokKeyword: "keyword", tokComment: "comment", tokString: "string", tokNumber: "number", tokDecorator: "decorator",
}

type semantic struct {
	start, end, kind int
	def              bool
}

// semanticTokens returns the kinds of the words of a text. Each token is on one line.
func (s *server) semanticTokens(p *protocol.SemanticTokensParams) (*protocol.SemanticTokens, error) {
	k, t, err := s.open(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	list := k.semantics(t)
	out := &protocol.SemanticTokens{Data: make([]uint32, 0, 5*len(list))}
	var last protocol.Position
	for _, m := range list {
		for start := m.start; start < m.end; {
			at := t.text.position(start, s.enc)
			line := t.text.starts[at.Line] + len(t.text.line(int(at.Line)))
			end := t.text.position(min(m.end, line), s.enc)
			if length := end.Character - at.Character; length > 0 {
				d := protocol.Position{Line: at.Line - last.Line, Character: at.Character}
				if d.Line == 0 {
					d.Character -= last.Character
				}
				mods := uint32(0)
				if m.def {
					mods = 1
				}
				out.Data = append(out.Data, d.Line, d.Character, length, uint32(m.kind), mods)
				last = at
			}
			if m.end <= line || int(at.Line)+1 >= len(t.text.starts) {
				break
			}
			start = t.text.starts[at.Line+1]
		}
	}
	return out, nil
}

// semantics returns the tokens of a text in order. The kind of a name depends on the object that it
// refers to, and that of other tokens on their text.
func (k *pack) semantics(t *tree) (out []semantic) {
	taken := map[int]int{} // start of a name to its end
	for _, n := range t.names {
		taken[int(n.Start)] = int(n.End)
		o, def := k.object(t, n)
		if o == nil {
			continue
		}
		out = append(out, semantic{int(n.Start), int(n.End), k.token(unalias(o)), def})
	}
	data := t.text.data
	skip := 0
	for _, w := range scan(data, len(data)) {
		if end, ok := taken[w.start]; ok {
			skip = end
		}
		if w.start < skip {
			continue
		}
		kind := -1
		switch c := data[w.start]; {
		case w.kind == scanComment:
			kind = tokComment
		case w.kind == scanString:
			kind = tokString
		case w.kind == scanPunct && c == '@':
			kind = tokDecorator
		case w.kind == scanWord && c >= '0' && c <= '9':
			kind = tokNumber
		case w.kind == scanWord && w.start > 0 && data[w.start-1] == '@':
			kind = tokDecorator
		case w.kind == scanWord && syntax.IsKeyword(string(data[w.start:w.end])):
			kind = tokKeyword
		}
		if kind >= 0 {
			out = append(out, semantic{w.start, w.end, kind, false})
		}
	}
	slices.SortStableFunc(out, func(a, b semantic) int { return cmp.Compare(a.start, b.start) })
	return out
}

// token returns the kind of token for an object.
func (k *pack) token(o *wit.Object) int {
	switch o.Kind {
	case wit.PackageObject:
		return tokNamespace
	case wit.WorldObject, wit.InterfaceObject, wit.ExternObject:
		return tokInterface
	case wit.ParamObject:
		return tokParameter
	case wit.FuncObject:
		if o.Parent != nil && o.Parent.Kind == wit.TypeObject {
			return tokMethod
		}
		return tokFunction
	case wit.MemberObject:
		if k.defKind(o.Parent) == syntax.RecordDef {
			return tokProperty
		}
		return tokEnumMember
	}
	switch k.defKind(o) {
	case syntax.RecordDef:
		return tokStruct
	case syntax.VariantDef, syntax.EnumDef, syntax.FlagsDef:
		return tokEnum
	case syntax.ResourceDef:
		return tokClass
	}
	return tokType
}

// defKind returns the kind of the definition of a type, or 0.
func (k *pack) defKind(o *wit.Object) syntax.TypeDefKind {
	if o != nil {
		if _, n, ok := k.find(o); ok {
			if d, ok := n.node.(*syntax.TypeDef); ok {
				return d.Kind
			}
		}
	}
	return 0
}
