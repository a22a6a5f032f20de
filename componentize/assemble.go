package componentize

import (
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/scope"
)

// assemble makes the component of modules that are known to fit the world.
func (p *program) assemble() (*encoding.Component, error) {
	a := &assembly{
		p: p, imported: p.imported(), numbers: scope.Numbers{}, known: scope.NewKnown(),
		instances: map[*wit.Interface]encoding.InstanceIdx{}, rootFuncs: map[*wit.Func]encoding.FuncIdx{},
		modules: map[*module]encoding.CoreModuleIdx{}, coreInstances: map[*module]encoding.CoreInstanceIdx{},
		aliases: map[aliasedItem]encoding.SortIndex{}, hooked: map[hookedExport]encoding.CoreFuncIdx{},
	}
	for _, pass := range []func() error{
		a.importItems,
		a.addModules,
		a.instantiate, // shim, main module, adapters, fixup
		a.exportItems,
	} {
		if err := pass(); err != nil {
			return nil, p.assemblyErrors(err)
		}
	}
	if !p.options.NoNames {
		a.names.append(&a.b)
	}
	a.b.Custom(core.ProducersName, core.ProcessedBy(p.options.Producer).Append(nil))
	return a.b.Component(), nil
}
