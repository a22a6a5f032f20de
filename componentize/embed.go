package componentize

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/edit"
	"github.com/mortise-wasm/mortise/wit"
)

// Embed returns the core module in f with a custom section `component-type` at its end, which says
// that the module is made for world w of m: see [EncodeWorld]. Existing sections of this kind are
// kept, and their worlds count as well.
//
// The error is a diagnostic if f is not a core module. The other errors are those of EncodeWorld.
func Embed(f *diag.File, m *wit.Model, w *wit.World, o WorldOptions) ([]byte, error) {
	if err := wantModule(f, "embed a world in"); err != nil {
		return nil, err
	}
	c, err := EncodeWorld(m, w, o)
	if err != nil {
		return nil, err
	}
	out, err := edit.Customs(f, func(_ int, c *encoding.Custom) *encoding.Custom { return c },
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
		return diag.Errorf(f.Span(0, 0), NotModule, "%s is already a component: there is no core module to %s", f.Name, verb)
	}
	return diag.Errorf(f.Span(0, 0), NotModule, "%s is not a core module", f.Name)
}

// stripMetadata makes a rewrite remove the sections with worlds. If p is not nil, the rewrite also
// adds the values of p to the producers section. stripMetadata reports whether the rewrite changes
// anything.
func stripMetadata(m *core.Module, p *core.Producers, r *core.Rewrite) bool {
	changed := p != nil
	at := -1 // start of the producers section that p is added to
	var joined []byte
	for s := range m.Customs() {
		changed = changed || isMetadata(s.Name)
		if s.Name == core.ProducersName && p != nil {
			if old, err := core.DecodeProducers(s.Payload); err == nil {
				at, joined, p = s.Start, joinProducers(old, p).Append(nil), nil
			}
		}
	}
	r.Custom = func(s core.Section) ([]byte, bool) {
		if s.Start == at {
			return joined, true
		}
		return s.Payload, !isMetadata(s.Name)
	}
	if p != nil {
		r.Add = []core.Custom{{Name: core.ProducersName, Data: p.Append(nil)}}
	}
	return changed
}

// joinProducers merges two lists of producers. A value of b replaces one of a with the same name.
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
