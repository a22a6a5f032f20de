package wat

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
)

// Unit is the result of parsing a text: a component or a core module.
type Unit struct {
	// Name is the id of the unit without the dollar sign, or "" if it has no id.
	Name        string
	IsComponent bool
	// Component is the component, if it is written as text.
	Component *encoding.Component
	// Binary is the binary format of a core module. If the text is (module binary …) or (component
	// binary …), Binary is the unchecked content of its strings.
	Binary []byte

	// reparse parses the text again, and records in the marks which token each definition comes from.
	reparse func(*marks) (*parser, *Unit)
}

// Append appends the binary format of the unit to dst.
func (u *Unit) Append(dst []byte) []byte {
	if u.Component != nil {
		return u.Component.Append(dst)
	}
	return append(dst, u.Binary...)
}

// Parse reads a text that is a component, a core module, or the fields of a core module without
// (module …) around them. It keeps ids in name sections. It does not check indices against the
// index spaces, which is part of validation.
//
// The error is a [*diag.Diagnostic] with a place in f. The unit keeps a reference to f so that it
// can find places in the text: see [Unit.File].
func Parse(f *diag.File) (*Unit, error) {
	return parseUnit(func() *parser { return newParser(f) })
}

// parseUnit reads the unit that is the whole text. Each call of start returns a new parser of the
// text.
func parseUnit(start func() *parser) (*Unit, error) {
	p := start()
	u := p.unit()
	if p.err != nil {
		return nil, p.err
	}
	u.reparse = func(m *marks) (*parser, *Unit) {
		p := start()
		p.marks = m
		u := p.unit()
		return p, u
	}
	return u, nil
}

// unit reads a unit that is the whole text.
func (p *parser) unit() *Unit {
	if !p.ok() {
		return nil
	}
	if p.cur().kind == tokEOF && !p.annotated {
		p.failHere(CodeUnexpectedToken, "expected at least one module field")
		return nil
	}
	var u *Unit
	switch {
	case p.peekList("module"):
		p.parens(func() {
			p.advance()
			u = p.moduleUnit()
		})
	case p.peekList("component"):
		p.parens(func() {
			p.advance()
			u = p.componentUnit()
		})
	default:
		m := &module{fields: p.fields()}
		u = p.finishModule(m)
	}
	if p.ok() && p.cur().kind != tokEOF {
		p.failHere(CodeUnexpectedToken, "extra tokens remaining after parse%s", p.found())
	}
	return u
}

// moduleUnit reads the rest of a core module after its keyword, and resolves the module.
func (p *parser) moduleUnit() *Unit {
	m := p.moduleBody()
	if p.ok() && p.cur().kind != tokRParen {
		p.close()
	}
	return p.finishModule(m)
}

func (p *parser) finishModule(m *module) *Unit {
	if !p.ok() {
		return nil
	}
	data := p.encodeModule(m)
	if !p.ok() {
		return nil
	}
	return &Unit{Name: m.id, Binary: data}
}

// componentUnit is moduleUnit for components.
func (p *parser) componentUnit() *Unit {
	c := p.componentBody()
	if p.ok() && p.cur().kind != tokRParen {
		p.close()
	}
	if !p.ok() {
		return nil
	}
	if c.isBinary {
		return &Unit{Name: c.id, IsComponent: true, Binary: c.binary}
	}
	x := p.resolveComponent(nil, c)
	if !p.ok() {
		return nil
	}
	return &Unit{Name: c.id, IsComponent: true, Component: x}
}
