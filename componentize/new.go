package componentize

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/wit"
)

// New returns a component whose implementation is the core module in f. The component imports the
// items of the module's world that the module uses, and exports everything that the world exports
// (WIT.md, "Worlds"; BuildTargets.md). The component may alias f.Data. It is validated with
// [feature.Default], or with all features if it needs more. With SkipValidation, only the tree of
// the result is set.
//
// The error is a diagnostic or a list of diagnostics. The list has all imports and exports that do
// not fit the world.
func New(f *diag.File, o Options) (*validate.Info, error) {
	p, err := newProgram(f, o)
	if err != nil {
		return nil, err
	}
	if err := p.classify(p.main); err != nil {
		list := diag.FromError(err)
		list.AddError(p.checkAdapters())
		return nil, list.Err()
	}
	if err := p.checkAdapters(); err != nil {
		return nil, err
	}
	if err := p.trimAdapters(); err != nil {
		return nil, err
	}
	c, err := p.assemble()
	if err != nil {
		return nil, err
	}
	if o.SkipValidation {
		return &validate.Info{Component: c}, nil
	}
	made := diag.NewBinary(f.Name, nil)
	if info, err := validate.Component(made, c, validate.Options{}); err == nil {
		return info, nil
	}
	info, err := validate.Component(made, c, validate.Options{Features: feature.All()})
	if err != nil {
		return nil, p.invalid(f, err)
	}
	return info, nil
}

// invalid explains why the component made of the module in f is not valid. If the WIT is the cause,
// it reports the errors in the WIT.
func (p *program) invalid(f *diag.File, err error) error {
	for _, w := range p.main.worlds {
		if list := w.Model.Check(true); list.HasErrors() {
			list.Sort()
			return list
		}
	}
	for _, d := range diag.FromError(err) {
		if d.Code == validate.CodeLimit {
			return diag.Errorf(f.Span(0, 0), wit.CodeTooLarge, "the component is too large: %s", d.Message).
				Notef("a component repeats the types of its world for each import and export that uses them").
				Helpf("make the types of world `%s` smaller", p.world.Name)
		}
	}
	return diag.Errorf(f.Span(0, 0), "", "failed to validate component output: %s", err.Error()).
		Notef("this is a bug in the tool that makes the component, not a mistake in its input")
}
