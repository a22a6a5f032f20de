package componentize

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// maxSignature is the longest function type in WIT, in bytes, that a note shows.
const maxSignature = 160

// origin adds the origin of a function of the world to a diagnostic: the function's place in the
// text, or else its form in WIT and its interface or world. The item is nil for a function of the
// world itself.
func (p *program) origin(d *diag.Diagnostic, i *wit.WorldItem, f *wit.Func) {
	d.Labelf(f.Span, "`%s` is defined here", f.Label())
	home := "the world"
	switch {
	case i != nil && i.Interface != nil:
		home = "interface `" + i.ExternName() + "`"
		if f.Span.IsValid() {
			d.Notef("the function belongs to %s", home)
		}
	default:
		if id := p.worldOf(f); !id.Package.IsZero() {
			home = "world `" + id.String() + "`"
		}
	}
	if f.Span.IsValid() {
		return
	}
	typ := types.TypeString(f.Type())
	if len(typ) > maxSignature {
		typ = "func"
	}
	d.Notef("in WIT it is `%s: %s` of %s", f.Label(), typ, home)
}

// worldOf returns the identifier of the module's world that has the function f itself, or zero.
func (p *program) worldOf(f *wit.Func) name.Interface {
	for mod := range p.givenModules {
		for _, w := range mod.worlds {
			for _, list := range [...][]*wit.WorldItem{w.World.Imports, w.World.Exports} {
				for _, i := range list {
					if i.Func != nil && i.Name == f.Name {
						return w.World.ID()
					}
				}
			}
		}
	}
	return name.Interface{}
}
