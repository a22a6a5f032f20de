package encoding

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
)

// Span is a range of byte offsets, from Start up to but not including End, relative to the start of
// the outermost file. Definitions that were built rather than decoded have the zero Span.
type Span = core.Span

// Component is a component as written. It is immutable once returned, and safe for concurrent use.
type Component struct {
	// Span covers the component including its preamble.
	Span
	// Defs are the definitions in file order.
	Defs []Def

	layout *layout
	file   *diag.File
}

// File returns the file that c was decoded from, to which its spans refer. It is nil if c was
// built.
func (c *Component) File() *diag.File { return c.file }

// Def is one definition of a component. It is one of [*Custom], [*CoreModule], [*CoreInstance],
// [*CoreType], [*NestedComponent], [*Instance], [*Alias], [*Type], [*Canon], [*Start], [*Import],
// [*Export] and [*Value].
type Def interface {
	// Offsets returns the span of the definition in the file. A custom section, core module, nested
	// component or start function is a section of its own: its span covers the contents of the
	// section.
	Offsets() Span
	isDef()
}

// Decl is one declaration of a component type or an instance type. It is one of [*CoreType],
// [*Type], [*Alias], [*Import] and [*ExportDecl]. An instance type has no imports.
type Decl interface {
	Offsets() Span
	isDecl()
}

func (*Custom) isDef()          {}
func (*CoreModule) isDef()      {}
func (*CoreInstance) isDef()    {}
func (*CoreType) isDef()        {}
func (*NestedComponent) isDef() {}
func (*Instance) isDef()        {}
func (*Alias) isDef()           {}
func (*Type) isDef()            {}
func (*Canon) isDef()           {}
func (*Start) isDef()           {}
func (*Import) isDef()          {}
func (*Export) isDef()          {}
func (*Value) isDef()           {}

func (*CoreType) isDecl()   {}
func (*Type) isDecl()       {}
func (*Alias) isDecl()      {}
func (*Import) isDecl()     {}
func (*ExportDecl) isDecl() {}
