package componentize

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/wit"
)

// Options controls how a component is made. The zero value is the default: the core module carries
// its world, and there are no adapters.
type Options struct {
	// World, which belongs to Model, is a world that the core module is made for, in addition to those
	// that it carries. Strings is the string encoding for this world, as in [binary.WorldOptions].
	Model   *wit.Model
	World   *wit.World
	Strings abi.StringEncoding
	// Adapters provide imports of the core module that the world does not have. An adapter is left out
	// if nothing is imported from it and it exports nothing for the world.
	Adapters []Adapter
	// DefaultAdapter, unless nil, is asked for an adapter for each module name that m imports
	// functions from and that no element of Adapters has.
	DefaultAdapter func(m *core.Module, name string) (Adapter, bool)
	// ReallocViaMemoryGrow makes adapters grow the memory instead of calling the main module's
	// allocator.
	ReallocViaMemoryGrow bool
	// ReturnCallRef makes shims, which stand in for functions that do not exist yet, use a tail call
	// through a global instead of a table.
	ReturnCallRef bool
	// KeepVersions keeps imports of different versions of an interface separate, even if the versions
	// are compatible.
	KeepVersions bool
	// ImportNames renames imported interfaces, for example to `unlocked-dep=<a:b/c@{>=1.2.0}>`.
	ImportNames []ImportName
	// RejectLegacyNames accepts only the standard names of imports and exports in the main module.
	RejectLegacyNames bool
	// SkipValidation skips the validation of the component.
	SkipValidation bool
	// NoNames leaves out the names of definitions.
	NoNames bool
	// Producer is the tool that the producers sections name as `processed-by`. The zero value is
	// mortise, without a version.
	Producer core.ProducersValue
	// Complete, unless nil, extends the module that is instantiated last. The modules need not carry a
	// world then. Package link initializes libraries in this way.
	Complete func(*Fixup) error
}

// Adapter is a core module that implements functions that the main module imports from Name, by
// means of a world's imports. An adapter imports the main module's memory. It has no element
// segments, and has data segments only if it has a memory of its own.
type Adapter struct {
	Name string
	File *diag.File
	// OwnMemory is set if the module exports a `memory` of its own. Its imports from the world use
	// this memory and the adapter's `cabi_import_realloc`.
	//
	// The adapter accesses the memory of the main module through functions that it imports from
	// `__main_memory__`: load8, load16, load32 and load64 take an address and return a value; store8,
	// store16, store32 and store64 take an address and a value; store64x8 takes an address and eight
	// values. Numbers of 8 and 16 bits are passed as i32.
	//
	// If the module exports `realloc_begin` and `realloc_end`, they are called before and after each
	// call of an allocator of the main module. While an allocator runs, no import of the component may
	// be called.
	OwnMemory bool
	// World, which belongs to Model, is a world that the module is made for, in addition to those that
	// it carries.
	Model *wit.Model
	World *wit.World
	// Library, unless nil, makes the module part of a shared-everything link. The rules above do not
	// apply to it.
	Library *Library
}

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
