package value

import (
	"errors"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
)

// Call is a function call in WAVE. Its arguments have no types yet.
type Call struct {
	// Package is the package of the interface, or zero if the call names none.
	Package name.Package
	// Interface is the label of the interface, or "" if the call names none.
	Interface string
	// Func is the label of the function.
	Func string

	b       builder
	nameEnd int
	args    int // the node of the arguments, or -1
}

// ParseCall parses a function call: `f(1)`, `iface.f(1)` or `ns:pkg/iface.f@1.2.3(1)`. The
// parentheses can be omitted if there are no arguments. The error is a [*diag.Diagnostic] with a
// span in a file named "<wave>".
func ParseCall(text string) (*Call, error) { return ParseCallNamed(sourceName, text) }

// ParseCallNamed is [ParseCall] for text from a file with the given name.
func ParseCallNamed(name, text string) (*Call, error) {
	p, err := newParser(name, text)
	if err != nil {
		return nil, err
	}
	c := &Call{args: -1}
	if err := p.call(c); err != nil {
		return nil, err
	}
	c.b = builder{source: p.source, nodes: p.nodes}
	return c, nil
}

// Name returns the name of the function as written in the text: `ns:pkg/iface.f@1.2.3`.
func (c *Call) Name() string {
	s := c.Func
	if c.Interface != "" {
		s = c.Interface + "." + s
	}
	if !c.Package.IsZero() {
		s = c.Package.Unversioned() + "/" + s
		if !c.Package.Version.IsZero() {
			s += "@" + c.Package.Version.String()
		}
	}
	return s
}

// InterfaceName returns the name under which a component exports the interface, such as
// `ns:pkg/iface@1.2.3`. It returns "" if the call names no package.
func (c *Call) InterfaceName() string {
	if c.Package.IsZero() {
		return ""
	}
	return c.Package.Interface(c.Interface).String()
}

// NumArgs returns the number of arguments.
func (c *Call) NumArgs() int {
	if c.args < 0 {
		return 0
	}
	return c.b.count(c.args)
}

// NameSpan returns the span of the function name, for use in diagnostics.
func (c *Call) NameSpan() diag.Span { return c.b.span(c.nameEnd-len(c.Name()), c.nameEnd) }

// Args returns the arguments as values of the types of params. Trailing arguments whose type is an
// option can be omitted; they are none. The error is a [*diag.Diagnostic].
func (c *Call) Args(params []types.Param) ([]Value, error) {
	// There may be many more arguments than parameters, but not more values.
	args := make([]Value, 0, len(params))
	at := c.NameSpan().Last()
	if c.args >= 0 {
		end := int(c.b.nodes[c.args].end)
		at = c.b.span(end-1, end)
		for i := c.args + 1; i < c.b.after(c.args); i = c.b.after(i) {
			if len(args) == len(params) {
				return nil, c.b.errorAt(i, CodeWrongCount, "more arguments than the %d that `%s` takes", len(params), c.Func)
			}
			v, err := c.b.build(i, params[len(args)].Type)
			if err != nil {
				return nil, err.Notef("this is argument `%s` of `%s`", params[len(args)].Name, c.Func)
			}
			args = append(args, v)
		}
	}
	for _, p := range params[len(args):] {
		if KindOf(p.Type) != KindOption {
			return nil, diag.Errorf(at, CodeWrongCount, "missing argument `%s` of type %s", p.Name, types.TypeString(p.Type))
		}
		args = append(args, None())
	}
	return args, nil
}

// call reads the name and the arguments.
func (p *parser) call(c *Call) *diag.Diagnostic {
	p.skip()
	if err := p.callName(c); err != nil {
		return err
	}
	c.nameEnd = p.pos
	if err := p.advance(); err != nil {
		return err
	}
	if p.tok.kind == tokEnd {
		return nil
	}
	if p.tok.kind != tokOpenParen {
		return p.unexpected("`(` and arguments")
	}
	c.args = p.open(nodeTuple)
	if err := p.sequence(c.args, tokCloseParen, "`,` or `)`"); err != nil {
		return err
	}
	if p.tok.kind != tokEnd {
		return p.unexpected("the end")
	}
	return nil
}

// callName reads the name at pos and moves past it.
func (p *parser) callName(c *Call) *diag.Diagnostic {
	start := p.pos
	n := strings.IndexAny(p.text[start:], "( \t\r\n")
	if n < 0 {
		n = len(p.text) - start
	}
	if n == 0 {
		return p.errorf(start, min(start+1, len(p.text)), CodeBadName, "expected the name of a function")
	}
	p.pos = start + n
	text, version, hasVersion := strings.Cut(p.text[start:p.pos], "@")
	if hasVersion {
		at := start + len(text) + 1
		v, err := name.ParseVersion(version)
		if err != nil {
			return p.nameError(at, len(version), err).
				Helpf("the version follows the function: `ns:pkg/iface.f@1.2.3`")
		}
		c.Package.Version = v
	}
	rest := text
	if pkg, items, ok := strings.Cut(text, "/"); ok {
		id, err := name.ParsePackage(pkg)
		if err != nil {
			return p.nameError(start, len(pkg), err)
		}
		id.Version = c.Package.Version
		c.Package, rest = id, items
	} else if hasVersion {
		return p.errorf(start+len(text), p.pos, CodeBadName, "a version needs a package name")
	}
	at := start + len(text) - len(rest)
	c.Func = rest
	if iface, fn, ok := strings.Cut(rest, "."); ok {
		if err := name.CheckLabel(iface); err != nil {
			return p.nameError(at, len(iface), err)
		}
		at += len(iface) + 1
		c.Interface, c.Func = iface, fn
	} else if !c.Package.IsZero() {
		return p.errorf(at, at+len(rest), CodeBadName, "expected `iface.function` after the package, found `%s`", rest)
	}
	if err := name.CheckLabel(c.Func); err != nil {
		return p.nameError(at, len(c.Func), err)
	}
	return nil
}

// nameError reports an error of package name about the n bytes of text at offset at.
func (p *parser) nameError(at, n int, err error) *diag.Diagnostic {
	var e *name.Error
	if errors.As(err, &e) {
		return p.errorf(at+min(e.Offset, n), at+n, CodeBadName, "bad name: %s", e.Msg)
	}
	return p.errorf(at, at+n, CodeBadName, "bad name: %s", err)
}
