package value

import (
	"math"
	"unicode/utf8"

	"github.com/mortise-wasm/mortise/diag"
)

// maxNesting is the largest depth of nested values in WAVE text, so that text alone cannot exhaust
// the stack. wasm-wave has the same limit.
const maxNesting = 100

type nodeKind uint8

const (
	nodeBool nodeKind = iota + 1
	nodeNumber
	nodeChar
	nodeString
	nodeMultiline
	nodeLabel  // an enum or variant case; the name of a field or flag
	nodeCase   // children: label, payload
	nodeSome   // child: payload
	nodeNone   //
	nodeOK     // child: payload (optional)
	nodeErr    // child: payload (optional)
	nodeTuple  // children: elements
	nodeList   // children: elements
	nodeRecord // children: label, value, label, value, …
	nodeFlags  // children: labels
)

var nodeNames = [...]string{
	nodeBool: "bool", nodeNumber: "number", nodeChar: "char", nodeString: "string", nodeMultiline: "string",
	nodeLabel: "case", nodeCase: "case", nodeSome: "option", nodeNone: "option", nodeOK: "result", nodeErr: "result",
	nodeTuple: "tuple", nodeList: "list", nodeRecord: "record", nodeFlags: "flags",
}

// node is an element of WAVE text that has no type yet. All nodes are in one slice in the order of
// the text. The descendants of a node follow it directly.
type node struct {
	kind       nodeKind
	start, end int32 // in the text
	size       int32 // number of nodes: this one and its descendants
}

// parser turns tokens into nodes.
type parser struct {
	lexer
	tok   token // the current token
	nodes []node
	depth int
}

func newParser(name, text string) (*parser, *diag.Diagnostic) {
	p := &parser{lexer: lexer{source: &source{name: name, text: text}}}
	if len(text) > math.MaxInt32 {
		p.text = ""
		return nil, p.errorf(0, 0, CodeBadToken, "the text is longer than 2 GiB")
	}
	if !utf8.ValidString(text) {
		at := 0
		for i, r := range text {
			if _, n := utf8.DecodeRuneInString(text[i:]); r == utf8.RuneError && n == 1 {
				at = i
				break
			}
		}
		return nil, p.errorf(at, at+1, CodeBadToken, "the text is not UTF-8")
	}
	return p, nil
}

func (p *parser) advance() *diag.Diagnostic {
	var err *diag.Diagnostic
	p.tok, err = p.next()
	return err
}

func (p *parser) tokenText() string { return p.text[p.tok.start:p.tok.end] }

// unexpected reports that the current token is not want.
func (p *parser) unexpected(want string) *diag.Diagnostic {
	if p.tok.kind == tokEnd {
		return p.errorf(p.tok.start, p.tok.end, CodeUnexpectedToken, "unexpected end of input, expected %s", want)
	}
	return p.errorf(p.tok.start, p.tok.end, CodeUnexpectedToken, "unexpected `%s`, expected %s", p.tokenText(), want)
}

// expect moves past a token of the given kind.
func (p *parser) expect(kind tokenKind, want string) *diag.Diagnostic {
	if p.tok.kind != kind {
		return p.unexpected(want)
	}
	return p.advance()
}

// open adds a node that starts at the current token and returns its index for close.
func (p *parser) open(kind nodeKind) int {
	p.nodes = append(p.nodes, node{kind: kind, start: int32(p.tok.start), end: int32(p.tok.end), size: 1})
	return len(p.nodes) - 1
}

// leaf adds a node for the current token and moves past the token.
func (p *parser) leaf(kind nodeKind) *diag.Diagnostic {
	p.open(kind)
	return p.advance()
}

// close ends node i after the current token and moves past the token. All nodes added since open
// become descendants of node i.
func (p *parser) close(i int) *diag.Diagnostic {
	p.nodes[i].end = int32(p.tok.end)
	p.nodes[i].size = int32(len(p.nodes) - i)
	return p.advance()
}

// value reads one value. It starts at the current token and stops at the token after the value.
func (p *parser) value() *diag.Diagnostic {
	if p.depth++; p.depth > maxNesting {
		return p.errorf(p.tok.start, p.tok.end, CodeNestingTooDeep, "values are nested more than %d levels deep", maxNesting)
	}
	defer func() { p.depth-- }()
	switch p.tok.kind {
	case tokNumber:
		return p.leaf(nodeNumber)
	case tokChar:
		return p.leaf(nodeChar)
	case tokString:
		return p.leaf(nodeString)
	case tokMultiline:
		return p.leaf(nodeMultiline)
	case tokOpenParen:
		i := p.open(nodeTuple)
		if err := p.sequence(i, tokCloseParen, "`,` or `)`"); err != nil {
			return err
		}
		if p.nodes[i].size == 1 {
			return p.errorf(int(p.nodes[i].start), int(p.nodes[i].end), CodeUnexpectedToken, "empty tuple")
		}
		return nil
	case tokOpenBracket:
		return p.sequence(p.open(nodeList), tokCloseBracket, "`,` or `]`")
	case tokOpenBrace:
		return p.braces()
	case tokLabel:
		return p.name()
	default:
		return p.unexpected("a value")
	}
}

// name reads a value that starts with a label or keyword.
func (p *parser) name() *diag.Diagnostic {
	switch p.tokenText() {
	case "true", "false":
		return p.leaf(nodeBool)
	case "inf", "nan":
		return p.leaf(nodeNumber)
	case "none":
		return p.leaf(nodeNone)
	case "some":
		return p.withPayload(nodeSome, true)
	case "ok":
		return p.withPayload(nodeOK, false)
	case "err":
		return p.withPayload(nodeErr, false)
	}
	label := p.tok
	i := p.open(nodeLabel)
	if err := p.advance(); err != nil || p.tok.kind != tokOpenParen {
		return err
	}
	p.nodes[i].kind = nodeCase
	p.nodes = append(p.nodes, node{kind: nodeLabel, start: int32(label.start), end: int32(label.end), size: 1})
	return p.payload(i)
}

// withPayload reads a keyword and its payload in parentheses.
func (p *parser) withPayload(kind nodeKind, required bool) *diag.Diagnostic {
	i := p.open(kind)
	if err := p.advance(); err != nil {
		return err
	}
	if p.tok.kind == tokOpenParen {
		return p.payload(i)
	}
	if required {
		return p.unexpected("`(` and a payload")
	}
	return nil
}

// payload reads `(value)` and closes node i.
func (p *parser) payload(i int) *diag.Diagnostic {
	if err := p.advance(); err != nil {
		return err
	}
	if err := p.value(); err != nil {
		return err
	}
	if p.tok.kind != tokCloseParen {
		return p.unexpected("`)`")
	}
	return p.close(i)
}

// sequence reads the values after an opening token up to the closing one.
func (p *parser) sequence(i int, closing tokenKind, want string) *diag.Diagnostic {
	if err := p.advance(); err != nil {
		return err
	}
	for p.tok.kind != closing {
		if err := p.value(); err != nil {
			return err
		}
		if p.tok.kind == closing {
			break
		}
		if err := p.expect(tokComma, want); err != nil {
			return err
		}
	}
	return p.close(i)
}

// braces reads a record or flags. The second token decides which.
func (p *parser) braces() *diag.Diagnostic {
	i := p.open(nodeFlags)
	if err := p.advance(); err != nil {
		return err
	}
	switch p.tok.kind {
	case tokColon:
		p.nodes[i].kind = nodeRecord
		if err := p.advance(); err != nil {
			return err
		}
		if p.tok.kind != tokCloseBrace {
			return p.unexpected("`}`")
		}
		return p.close(i)
	case tokCloseBrace:
		return p.close(i)
	}
	for first := true; ; first = false {
		if p.tok.kind != tokLabel {
			return p.unexpected("a name")
		}
		if err := p.leaf(nodeLabel); err != nil {
			return err
		}
		if first && p.tok.kind == tokColon {
			p.nodes[i].kind = nodeRecord
		}
		if p.nodes[i].kind == nodeRecord {
			if err := p.expect(tokColon, "`:` and a value"); err != nil {
				return err
			}
			if err := p.value(); err != nil {
				return err
			}
		}
		if p.tok.kind != tokCloseBrace {
			if err := p.expect(tokComma, "`,` or `}`"); err != nil {
				return err
			}
		}
		if p.tok.kind == tokCloseBrace {
			return p.close(i)
		}
	}
}
