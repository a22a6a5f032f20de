package componentize

import (
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/wit/binary"
)

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
