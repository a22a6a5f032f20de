package componentize

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
)

// The imports in this file are items of other modules.

// adapterImport is a function of an adapter.
type adapterImport struct {
	noTypes
	adapter string
	sig     core.FuncType
}

func (i *adapterImport) addShims(a *assembly, _ *module, x *coreImport) error {
	a.shims.add(&shim{
		key: adapterShim{i.adapter, x.target}, debug: "adapt-" + x.module + "-" + x.field, sig: i.sig,
		fill: func() (encoding.CoreFuncIdx, error) {
			at, err := a.instanceOf(i.adapter)
			if err != nil {
				return 0, err
			}
			return a.aliasFunc(at, x.target, x.target), nil
		},
	})
	return nil
}

func (i *adapterImport) provide(a *assembly, _ *module, x *coreImport) (encoding.SortIndex, error) {
	f, ok := a.shimFunc(adapterShim{i.adapter, x.target})
	if !ok {
		panic(fmt.Sprintf("unreachable: no shim for `%s::%s`", x.module, x.field))
	}
	return f.SortIndex(), nil
}

// memoryImport is the memory of the main module.
type memoryImport struct {
	noTypes
	noShims
	typ core.MemoryType
}

func (*memoryImport) provide(a *assembly, _ *module, x *coreImport) (encoding.SortIndex, error) {
	if a.memory == nil {
		return encoding.SortIndex{}, x.neededBy(errNoMainMemory, worldFunc{})
	}
	return a.memory.SortIndex(), nil
}

// accessImport is a function that loads from or stores in the memory of the main module.
type accessImport struct {
	noTypes
	noShims
}

func (*accessImport) provide(a *assembly, _ *module, x *coreImport) (encoding.SortIndex, error) {
	at, err := a.memoryFunctions()
	if err != nil {
		return encoding.SortIndex{}, err
	}
	return a.aliasCore(at, encoding.SortCoreFunc, x.field, x.field), nil
}

// mainExportImport is an export of the main module.
type mainExportImport struct {
	noTypes
	noShims
	extern core.ExternKind
}

func (i *mainExportImport) provide(a *assembly, _ *module, x *coreImport) (encoding.SortIndex, error) {
	return a.aliasCore(a.coreInstances[a.p.main], encoding.CoreSort(i.extern), x.field, x.field), nil
}

// libraryImport is an item that the arguments of a library name.
type libraryImport struct {
	noTypes
	noShims
	item   *LibraryItem
	extern core.ExternKind
}

func (i *libraryImport) provide(a *assembly, _ *module, _ *coreImport) (encoding.SortIndex, error) {
	at, err := a.instanceOf(i.item.From.Part)
	if err != nil {
		return encoding.SortIndex{}, err
	}
	return a.aliasCore(at, encoding.CoreSort(i.extern), i.item.Name, i.item.Name), nil
}
