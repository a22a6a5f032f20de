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
)

// Options say how a component is made. The zero value is the default: all is taken from the core module.
type Options struct {
	// World, of Model, is what the core module is made for, in addition to what it says itself. Strings is how it then encodes strings,
	// as in [WorldOptions].
	Model   *wit.Model
	World   *wit.World
	Strings encoding.CanonOptKind
	// Adapters provide what the core module imports and the world does not have. One that nothing is imported from, and that exports
	// nothing for the world, is left out.
	Adapters []Adapter
	// DefaultAdapter, unless nil, is asked for an adapter for each module name that m imports functions from and that nothing provides.
	DefaultAdapter func(m *core.Module, name string) (Adapter, bool)
	// ReallocViaMemoryGrow makes adapters grow the memory instead of calling the main module's allocator.
	ReallocViaMemoryGrow bool
	// ReturnCallRef makes the functions that stand in for others until these are there use a tail call through a global instead of a
	// table.
	ReturnCallRef bool
	// KeepVersions leaves imports of one interface in several versions apart, even if these are compatible.
	KeepVersions bool
	// ImportNames are other names for imported interfaces, such as `unlocked-dep=<a:b/c@{>=1.2.0}>`.
	ImportNames []ImportName
	// RejectLegacyNames lets only the standard names of imports and exports count, in the core module that is made a component.
	RejectLegacyNames bool
	// SkipValidation leaves out the check of the component that is made.
	SkipValidation bool
	// NoNames leaves out the names of definitions.
	NoNames bool
	// Producer is the tool that the producers sections name as what processed the component. The zero value is mortise, without version.
	Producer core.ProducersValue
}

// Adapter is a core module that implements, by means of what a world imports, functions that the main module imports from Name. It imports
// the main module's memory and has neither data nor elements; data it may have if it has a memory of its own.
type Adapter struct {
	Name string
	File *diag.File
	// OwnMemory tells that the module exports a `memory` of its own, which together with its `cabi_import_realloc` serves what it imports of the world.
	// It gets at the memory of the main module through functions that it imports from `__main_memory__`: load8, load16, load32 and load64
	// take an address and return what is there, store8, store16, store32 and store64 take an address and a value, and store64x8 an address and eight.
	// Numbers of 8 and 16 bits are i32. If it exports `realloc_begin` and `realloc_end`, they are called before and after each allocator of the
	// main module: while one runs, nothing may be called that the component imports.
	OwnMemory bool
	// World, of Model, is what the module is made for, in addition to what it says itself.
	Model *wit.Model
	World *wit.World
	// Library, unless nil, tells that the module is part of a shared-everything link, and none of the above holds.
	Library *Library
}

// New returns a component whose implementation is the core module in f: it imports of the world that the module is made for what the module
// uses, and exports what the world exports (WIT.md, "Worlds"; BuildTargets.md). The component is valid. It may alias f.Data.
//
// The error is a diagnostic or a list of them: all imports and exports that do not fit the world are in it.
func New(f *diag.File, o Options) (*encoding.Component, error) { return newComponent(f, o, nil) }

// newComponent does the work of New, and for linked libraries, which have something to add to the fixup module.
func newComponent(f *diag.File, o Options, complete func(*assembly, *fixup) error) (*encoding.Component, error) {
	p, err := newProgram(f, o, complete)
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
		return c, nil
	}
	if _, err := validate.Component(diag.NewBinary("component", nil), c, validate.Options{Features: feature.All()}); err != nil {
		return nil, p.invalid(f, err)
	}
	return c, nil
}

// invalid explains why the component that was made of the module in f is not valid: because of the WIT that it is made for, if that is so.
func (p *program) invalid(f *diag.File, err error) error {
	for _, w := range p.main.worlds {
		if list := w.model.Check(true); list.HasErrors() {
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
		Notef("this is a mistake of the program that makes the component, not of its input")
}

// newProgram reads the modules and joins their worlds.
func newProgram(f *diag.File, o Options, complete func(*assembly, *fixup) error) (*program, error) {
	p := &program{Options: o, complete: complete, names: map[string]bool{}}
	main, producers, err := p.read(f, "a component from", true, metadata{model: o.Model, world: o.World, strings: o.Strings})
	if err != nil {
		return nil, err
	}
	p.main = main
	p.signatures = make(map[funcVariant]signature, len(main.module.Imports))
	if err := p.prepareMain(producers); err != nil {
		return nil, err
	}
	adapters := slices.Clone(o.Adapters)
	if o.DefaultAdapter != nil {
		adapters = append(adapters, p.defaultAdapters()...)
	}
	for _, a := range adapters {
		part, _, err := p.read(a.File, "an adapter from", a.Library != nil, metadata{model: a.Model, world: a.World})
		if err != nil {
			return nil, err
		}
		part.name, part.library, part.ownMemory = a.Name, a.Library, a.OwnMemory
		if err := part.clean(); err != nil {
			return nil, err
		}
		if p.names[a.Name] || a.Name == "" {
			return nil, diag.Errorf(part.file.Span(0, 0), BadAdapter, "there are two adapters for `%s`", a.Name)
		}
		p.all = append(p.all, part)
		p.names[a.Name] = true
	}
	if !p.hasWorld() && complete == nil {
		return nil, p.noWorld(f)
	}
	if err := p.join(); err != nil {
		return nil, err
	}
	if err := p.checkImportNames(); err != nil {
		return nil, err
	}
	for part := range p.given {
		for _, n := range part.owned {
			part.exports = append(part.exports, p.world.Export(n))
		}
	}
	return p, nil
}

// noWorld says what is missing if neither the module nor anybody else names a world.
func (p *program) noWorld(f *diag.File) error {
	d := diag.Errorf(f.Span(0, 0), NoWIT, "the core module does not say which world it is made for").
		Notef("it has no custom section whose name starts with `%s`", worldSection)
	for _, i := range p.main.module.Imports {
		if strings.HasPrefix(i.Module, "wasi_") {
			return d.Notef("it imports from `%s`, an interface of WASI that is older than components", i.Module).
				Helpf("provide it with an adapter: --adapt %s=FILE", i.Module)
		}
	}
	return d.Helpf("name the world with --wit and --world, or write it into the module with `compose embed`")
}

// read reads a module and adds the worlds that it is made for to those of the program; given is a further one. Unless it is whole, parts of the module will be
// taken out, and it is validated afterwards.
func (p *program) read(f *diag.File, what string, whole bool, given metadata) (*piece, *core.Producers, error) {
	if err := wantModule(f, "make "+what); err != nil {
		return nil, nil, err
	}
	m, err := core.Decode(f.Data)
	if err == nil && whole {
		err = core.Validate(m, feature.All(), core.ValidateOptions{})
	}
	if err != nil {
		return nil, nil, malformed(f, err)
	}
	list, err := readMetadata(f, m)
	if err != nil {
		return nil, nil, err
	}
	if given.world != nil {
		if given.strings == 0 {
			given.strings = encoding.OptUTF8
		}
		list = append(list, given)
	}
	part := &piece{file: f, module: m, given: f, source: m, worlds: list}
	var producers *core.Producers
	for _, d := range list {
		for _, i := range d.world.Exports {
			if n := i.ExternName(); !slices.Contains(part.owned, n) {
				part.owned = append(part.owned, n)
			}
		}
		producers = joinProducers(producers, d.producers)
	}
	return part, producers, nil
}

// rewrite changes the module.
func (p *piece) rewrite(r core.Rewrite) error {
	data := p.module.Rewrite(r)
	m, err := core.Decode(data)
	if err != nil {
		return malformed(p.file, err)
	}
	p.file, p.module = diag.NewBinary(p.file.Name, data), m
	return nil
}

// clean takes the worlds out of an adapter.
func (p *piece) clean() error {
	r := core.Rewrite{}
	if !stripMetadata(p.module, nil, &r) {
		return nil
	}
	return p.rewrite(r)
}

// prepareMain gives the main module the form in which it becomes part of the component: without worlds, with producers, and without imports
// of one name, which core modules may have and components cannot provide. The module may be large, so it is copied once, or not at all.
func (p *program) prepareMain(producers *core.Producers) error {
	main := p.main
	r := core.Rewrite{}
	changed := stripMetadata(main.module, producers, &r)
	r.Import, main.original = uniqueImports(main.module)
	if !changed && r.Import == nil {
		return nil
	}
	return main.rewrite(r)
}

// defaultAdapters asks for adapters for what the main module imports and nobody provides.
func (p *program) defaultAdapters() []Adapter {
	var list []Adapter
	asked := map[string]bool{}
	for _, a := range p.Adapters {
		asked[a.Name] = true
	}
	for _, i := range p.main.module.Imports {
		if asked[i.Module] || i.Type.Kind != core.ExternFunc {
			continue
		}
		asked[i.Module] = true
		if a, ok := p.DefaultAdapter(p.main.module, i.Module); ok {
			list = append(list, a)
		}
	}
	return list
}
