package doc

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// tokenKind is the kind of a token of a signature.
type tokenKind uint8

const (
	tokText    tokenKind = iota + 1 // punctuation and space
	tokKeyword                      // a keyword of WIT or a built-in type
	tokType                         // the name of a defined type or interface
	tokName                         // the declared name
	tokParam                        // the name of a parameter
)

// token is a token of a signature. to is the node that it refers to, or nil if that is not
// documented.
type token struct {
	kind tokenKind
	text string
	to   *node
}

// signature writes tokens. It records from as a user of the types that they name.
type signature struct {
	b      *builder
	from   *node
	tokens []token
}

func (b *builder) signature(from *node) *signature { return &signature{b: b, from: from} }

func (s *signature) put(k tokenKind, text string) {
	s.tokens = append(s.tokens, token{kind: k, text: text})
}

func (s *signature) text(text string)    { s.put(tokText, text) }
func (s *signature) keyword(text string) { s.put(tokKeyword, text) }
func (s *signature) define(label string) { s.put(tokName, spelled(label)) }

// spelled returns a label as written in WIT, with `%` if it is a keyword.
func spelled(label string) string {
	if syntax.IsKeyword(label) || label == "float32" || label == "float64" {
		return "%" + label
	}
	return label
}

// ref writes a reference to a definition.
func (s *signature) ref(t *wit.TypeDef) {
	to := s.b.types[s.b.origin(t)]
	s.tokens = append(s.tokens, token{tokType, spelled(t.Name), to})
	if to != nil && to != s.from {
		to.usedBy.Add(s.from, true)
	}
}

// maxLine is the length above which each parameter of a signature gets its own line.
const maxLine = 84

// function writes a function in WIT, without a semicolon.
func (s *signature) function(f *wit.Func) {
	start := len(s.tokens)
	s.functionLines(f, false)
	if n := length(s.tokens[start:]); n > maxLine && len(params(f)) > 0 {
		s.tokens = s.tokens[:start]
		s.functionLines(f, true)
	}
}

func (s *signature) functionLines(f *wit.Func, lines bool) {
	if f.Kind == wit.Constructor {
		s.keyword("constructor")
	} else {
		s.define(f.Label())
		s.text(": ")
		if f.Kind == wit.Static {
			s.keyword("static ")
		}
		if f.Async {
			s.keyword("async ")
		}
		s.keyword("func")
	}
	s.text("(")
	for i, p := range params(f) {
		switch {
		case lines:
			s.text("\n  ")
		case i > 0:
			s.text(", ")
		}
		s.put(tokParam, spelled(p.Name))
		s.text(": ")
		s.typ(p.Type)
		if lines {
			s.text(",")
		}
	}
	if lines {
		s.text("\n")
	}
	s.text(")")
	if own, ok := f.Result.(*types.Own); ok && f.Kind == wit.Constructor && own.Of == f.Resource.Type {
		return
	}
	if f.Result != nil {
		s.text(" -> ")
		s.typ(f.Result)
	}
}

// params returns the parameters that WIT writes: all but the `self` of a method.
func params(f *wit.Func) []wit.Param {
	if f.Kind == wit.Method && len(f.Params) > 0 {
		return f.Params[1:]
	}
	return f.Params
}

// plain returns the text of tokens.
func plain(tokens []token) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString(t.text)
	}
	return b.String()
}

func length(tokens []token) (n int) {
	for _, t := range tokens {
		n += utf8.RuneCountInString(t.text)
	}
	return n
}

// aliased writes the right-hand side of `type a = `.
func (s *signature) aliased(t types.Type) {
	if own, ok := t.(*types.Own); ok && s.b.m.Def(t) == nil {
		// `type a = own<r>` differs from `type a = r`.
		s.keyword("own")
		s.text("<")
		s.typ(own.Of)
		s.text(">")
		return
	}
	s.typ(t)
}

// typ writes a use of a type: its name if it has one.
func (s *signature) typ(t types.Type) {
	if d := s.b.m.Def(t); d != nil && d.Name != "" {
		s.ref(d)
		return
	}
	switch t := t.(type) {
	case types.Prim:
		s.keyword(t.String())
	case *types.Own:
		s.typ(t.Of)
	case *types.Borrow:
		s.keyword("borrow")
		s.text("<")
		s.typ(t.Of)
		s.text(">")
	case *types.Tuple:
		s.generic("tuple", t.Elems...)
	case *types.Option:
		s.generic("option", t.Elem)
	case *types.Result:
		switch {
		case t.Err != nil:
			s.generic("result", t.OK, t.Err)
		case t.OK != nil:
			s.generic("result", t.OK)
		default:
			s.keyword("result")
		}
	case *types.List:
		s.generic("list", t.Elem)
	case *types.FixedList:
		s.keyword("list")
		s.text("<")
		s.typ(t.Elem)
		s.text(", " + strconv.FormatUint(uint64(t.Len), 10) + ">")
	case *types.Map:
		s.generic("map", t.Key, t.Value)
	case *types.Future:
		s.carrier("future", t.Elem)
	case *types.Stream:
		s.carrier("stream", t.Elem)
	default:
		panic(fmt.Sprintf("unreachable: %T", t))
	}
}

// carrier writes a type whose only argument is optional.
func (s *signature) carrier(name string, elem types.ValType) {
	if elem == nil {
		s.keyword(name)
		return
	}
	s.generic(name, elem)
}

// generic writes a type with arguments. It writes `_` for a missing one.
func (s *signature) generic(name string, args ...types.ValType) {
	s.keyword(name)
	s.text("<")
	for i, a := range args {
		if i > 0 {
			s.text(", ")
		}
		if a == nil {
			s.text("_")
		} else {
			s.typ(a)
		}
	}
	s.text(">")
}
