package componentize

import (
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/binary"
)

// program is the input of a component: core modules, and the world that they are made for together.
type program struct {
	options Options
	model   *wit.Model
	world   *wit.World
	main    *module
	// all lists the adapters and libraries in the given order, and adapters those that are used.
	all, adapters []*module
	signatures    map[funcVariant]signature
	// names are the names of all adapters. Imports from a module of such a name belong to the adapter.
	names map[string]bool
}

// module is a core module that takes part in a component: the main module, an adapter or a library.
type module struct {
	// name is the module name under which the main module imports from an adapter. It is "" for the
	// main module.
	name    string
	library *Library
	// ownMemory is set if an adapter does not use the memory of the main module. memory is the
	// adapter's own memory once it exists.
	ownMemory bool
	memory    *encoding.CoreMemoryIdx
	file      *diag.File
	core      *core.Module
	// given and source are the file and the module in their original form, for places in messages.
	given  *diag.File
	source *core.Module
	// worlds are the worlds that the module is made for. importStrings and exportStrings hold the
	// string encodings of their functions.
	worlds                       []binary.EmbeddedWorld
	importStrings, exportStrings stringsOfItems
	// owned are the names of the exports of these worlds, and exports the items of the merged world
	// with these names.
	owned   []string
	exports []*wit.WorldItem
	// original maps imports that were renamed as duplicates to their original names.
	original map[importName]string

	in  importMap
	out exportMap
}

// importName is the module and field name of a core import.
type importName struct{ module, field string }

func (m *module) isMain() bool { return m.name == "" }

// debugName returns the name of the module in debug names.
func (m *module) debugName() string {
	if m.isMain() {
		return "main"
	}
	return m.name
}

// target returns the name of an import before duplicate imports were renamed.
func (m *module) target(i core.Import) string {
	if original, ok := m.original[importName{i.Module, i.Name}]; ok {
		return original
	}
	return i.Name
}

// place returns the place of item n of a section.
func (m *module) place(spans []core.Span, n int) diag.Span {
	if n >= len(spans) {
		return m.given.Span(0, 0)
	}
	return m.given.Span(spans[n].Start, spans[n].End)
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
			return nil, diag.Errorf(mod.file.Span(0, 0), CodeBadAdapter, "there are two adapters for `%s`", a.Name)
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
			given.Strings = abi.UTF8
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

// noWorld returns the error for a program without a world.
func (p *program) noWorld(f *diag.File) error {
	d := diag.Errorf(f.Span(0, 0), binary.CodeNoWIT, "the core module does not say which world it is made for").
		Notef("it has no custom section whose name starts with `%s`", binary.WorldSection)
	for _, i := range p.main.core.Imports {
		if strings.HasPrefix(i.Module, "wasi_") {
			return d.Notef("it imports from `%s`, an interface of WASI that is older than components", i.Module).
				Helpf("provide it with an adapter: --adapt %s=FILE", i.Module)
		}
	}
	return d.Helpf("name the world with --wit and --world, or write it into the module with `compose embed`")
}

// usedModules yields the main module and then the used adapters.
func (p *program) usedModules(yield func(*module) bool) {
	if !yield(p.main) {
		return
	}
	for _, a := range p.adapters {
		if !yield(a) {
			return
		}
	}
}

// givenModules yields the main module and then all adapters and libraries in the given order.
func (p *program) givenModules(yield func(*module) bool) {
	if !yield(p.main) {
		return
	}
	for _, a := range p.all {
		if !yield(a) {
			return
		}
	}
}
