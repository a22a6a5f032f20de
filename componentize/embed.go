package componentize

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/wit"
)

// Embed returns the core module in f with a custom section `component-type` at its end, which says that it is made for world w of m: see
// [EncodeWorld]. Such sections that are there already stay, and what they say counts as well.
//
// The error is a diagnostic if f is not a core module, and otherwise as that of EncodeWorld.
func Embed(f *diag.File, m *wit.Model, w *wit.World, o WorldOptions) ([]byte, error) {
	if err := wantModule(f, "embed a world in"); err != nil {
		return nil, err
	}
	c, err := EncodeWorld(m, w, o)
	if err != nil {
		return nil, err
	}
	out, err := encoding.EditCustoms(f, func(_ int, c *encoding.Custom) *encoding.Custom { return c },
		&encoding.Custom{Name: worldSection, Data: c.Append(nil)})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// wantModule returns an error unless f holds a core module.
func wantModule(f *diag.File, verb string) error {
	switch {
	case encoding.IsCoreModule(f.Data):
		return nil
	case encoding.IsComponent(f.Data):
		return diag.Errorf(f.Span(0, 0), NotModule, "%s is a component already: there is no core module to %s", f.Name, verb)
	}
	return diag.Errorf(f.Span(0, 0), NotModule, "%s is not a core module", f.Name)
}

// stripMetadata returns the module without the sections that hold worlds. If p is not nil, its values are added to the producers section.
func stripMetadata(f *diag.File, p *core.Producers) ([]byte, error) {
	edit := func(depth int, c *encoding.Custom) *encoding.Custom {
		switch {
		case depth > 0:
		case isMetadata(c.Name):
			return nil
		case c.Name == core.ProducersName && p != nil:
			if old, err := core.DecodeProducers(c.Data); err == nil {
				c = &encoding.Custom{Name: c.Name, Data: joinProducers(old, p).Append(nil)}
				p = nil
			}
		}
		return c
	}
	out, err := encoding.EditCustoms(f, edit)
	if err != nil || p == nil {
		return out, err
	}
	add := &encoding.Custom{Name: core.ProducersName, Data: p.Append(nil)}
	p = nil
	return encoding.EditCustoms(f, edit, add)
}

// joinProducers returns what both say. A value of b takes the place of one of the same name.
func joinProducers(a, b *core.Producers) *core.Producers {
	if a == nil {
		return b
	}
	if b != nil {
		for _, f := range b.Fields {
			for _, v := range f.Values {
				a = a.Add(f.Name, v)
			}
		}
	}
	return a
}
