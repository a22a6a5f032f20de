package componentize

import (
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/binary"
)

// Options controls how a component is made. The zero value is the default: the core module carries
// its world, and there are no adapters.
type Options struct {
	// World, which belongs to Model, is a world that the core module is made for, in addition to those
	// that it carries. Strings is the string encoding for this world, as in [binary.WorldOptions].
	Model   *wit.Model
	World   *wit.World
	Strings encoding.CanonOptKind
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
			return diag.Errorf(f.Span(0, 0), wit.TooLarge, "the component is too large: %s", d.Message).
				Notef("a component repeats the types of its world for each import and export that uses them").
				Helpf("make the types of world `%s` smaller", p.world.Name)
		}
	}
	return diag.Errorf(f.Span(0, 0), "", "failed to validate component output: %s", err.Error()).
		Notef("this is a bug in the tool that makes the component, not a mistake in its input")
}

// newProgram reads the modules and merges their worlds.
func newProgram(f *diag.File, o Options) (*program, error) {
	p := &program{options: o, names: map[string]bool{}}
	main, producers, err := p.read(f, "a component from", true, binary.EmbeddedWorld{Model: o.Model, World: o.World, Strings: o.Strings})
	if err != nil {
		return nil, err
	}
	p.main = main
	p.signatures = make(map[funcVariant]signature, len(main.core.Imports))
	if err := p.prepareMain(producers); err != nil {
		return nil, err
	}
	adapters := slices.Clone(o.Adapters)
	if o.DefaultAdapter != nil {
		adapters = append(adapters, p.defaultAdapters()...)
	}
	for _, a := range adapters {
		mod, _, err := p.read(a.File, "an adapter from", a.Library != nil, binary.EmbeddedWorld{Model: a.Model, World: a.World})
		if err != nil {
			return nil, err
		}
		mod.name, mod.library, mod.ownMemory = a.Name, a.Library, a.OwnMemory
		if err := mod.clean(); err != nil {
			return nil, err
		}
		if p.names[a.Name] || a.Name == "" {
			return nil, diag.Errorf(mod.file.Span(0, 0), BadAdapter, "there are two adapters for `%s`", a.Name)
		}
		p.all = append(p.all, mod)
		p.names[a.Name] = true
	}
	if !p.hasWorld() && o.Complete == nil {
		return nil, p.noWorld(f)
	}
	if err := p.join(); err != nil {
		return nil, err
	}
	if err := p.checkImportNames(); err != nil {
		return nil, err
	}
	for mod := range p.givenModules {
		for _, n := range mod.owned {
			mod.exports = append(mod.exports, p.world.Export(n))
		}
	}
	return p, nil
}

// noWorld returns the error for a program without a world.
func (p *program) noWorld(f *diag.File) error {
	d := diag.Errorf(f.Span(0, 0), binary.NoWIT, "the core module does not say which world it is made for").
		Notef("it has no custom section whose name starts with `%s`", binary.WorldSection)
	for _, i := range p.main.core.Imports {
		if strings.HasPrefix(i.Module, "wasi_") {
			return d.Notef("it imports from `%s`, an interface of WASI that is older than components", i.Module).
				Helpf("provide it with an adapter: --adapt %s=FILE", i.Module)
		}
	}
	return d.Helpf("name the world with --wit and --world, or write it into the module with `compose embed`")
}

// read reads a module with its worlds, and adds the world given, if any. A module that is not whole
// will be trimmed, and is validated after that.
func (p *program) read(f *diag.File, what string, whole bool, given binary.EmbeddedWorld) (*module, *core.Producers, error) {
	if err := binary.CheckModule(f, "make "+what); err != nil {
		return nil, nil, err
	}
	m, err := core.Decode(f.Data)
	if err == nil && whole {
		err = core.Validate(m, feature.All(), core.ValidateOptions{})
	}
	if err != nil {
		return nil, nil, core.Diagnose(f, err)
	}
	list, err := binary.EmbeddedWorlds(f, m)
	if err != nil {
		return nil, nil, err
	}
	if given.World != nil {
		if given.Strings == 0 {
			given.Strings = encoding.OptUTF8
		}
		list = append(list, given)
	}
	mod := &module{file: f, core: m, given: f, source: m, worlds: list}
	var producers *core.Producers
	for _, d := range list {
		for _, i := range d.World.Exports {
			if n := i.ExternName(); !slices.Contains(mod.owned, n) {
				mod.owned = append(mod.owned, n)
			}
		}
		producers = producers.Merge(d.Producers)
	}
	return mod, producers, nil
}

// rewrite changes the module.
func (m *module) rewrite(r core.Rewrite) error {
	data := m.core.Rewrite(r)
	decoded, err := core.Decode(data)
	if err != nil {
		return core.Diagnose(m.file, err)
	}
	m.file, m.core = diag.NewBinary(m.file.Name, data), decoded
	return nil
}

// clean removes the worlds from an adapter.
func (m *module) clean() error {
	r := core.Rewrite{}
	if !stripWorlds(m.core, nil, &r) {
		return nil
	}
	return m.rewrite(r)
}

// prepareMain brings the main module into its final form: without worlds, with producers, and
// without duplicate imports, which core modules may have and components cannot provide. The module
// may be large, so it is copied at most once.
func (p *program) prepareMain(producers *core.Producers) error {
	main := p.main
	r := core.Rewrite{}
	changed := stripWorlds(main.core, producers, &r)
	r.Import, main.original = uniqueImports(main.core)
	if !changed && r.Import == nil {
		return nil
	}
	return main.rewrite(r)
}

// defaultAdapters returns the default adapters for imports of the main module that no adapter
// provides.
func (p *program) defaultAdapters() []Adapter {
	var list []Adapter
	asked := map[string]bool{}
	for _, a := range p.options.Adapters {
		asked[a.Name] = true
	}
	for _, i := range p.main.core.Imports {
		if asked[i.Module] || i.Type.Kind != core.ExternFunc {
			continue
		}
		asked[i.Module] = true
		if a, ok := p.options.DefaultAdapter(p.main.core, i.Module); ok {
			list = append(list, a)
		}
	}
	return list
}
