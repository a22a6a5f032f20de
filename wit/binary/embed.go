package binary

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/edit"
	"github.com/mortise-wasm/mortise/wit"
)

// Embed returns the core module in f with a custom section `component-type` at its end, which says
// that the module is made for world w of m: see [EncodeWorld]. Existing sections of this kind are
// kept, and their worlds count as well.
//
// The error is a diagnostic if f is not a core module. The other errors are those of EncodeWorld.
func Embed(f *diag.File, m *wit.Model, w *wit.World, o WorldOptions) ([]byte, error) {
	if err := CheckModule(f, "embed a world in"); err != nil {
		return nil, err
	}
	c, err := EncodeWorld(m, w, o)
	if err != nil {
		return nil, err
	}
	out, err := edit.Customs(f, func(_ int, c *encoding.Custom) *encoding.Custom { return c },
		&encoding.Custom{Name: WorldSection, Data: c.Append(nil)})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// CheckModule returns a diagnostic unless f holds a core module. The verb says what the caller
// would do to a module: "link".
func CheckModule(f *diag.File, verb string) error {
	switch {
	case encoding.IsCoreModule(f.Data):
		return nil
	case encoding.IsComponent(f.Data):
		return diag.Errorf(f.Span(0, 0), CodeNotModule, "%s is already a component: there is no core module to %s", f.Name, verb)
	}
	return diag.Errorf(f.Span(0, 0), CodeNotModule, "%s is not a core module", f.Name)
}
