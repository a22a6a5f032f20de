package componentize

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/wit"
)

// funcImport is a function that the world imports.
type funcImport struct {
	// item is the interface, or the function if it is one of the world itself.
	item    *wit.WorldItem
	fn      *wit.Func
	variant variant
}

func (f *funcImport) addTypes(l *liveTypes) { l.function(f.fn) }

// lowering returns how the function is lowered.
func (f *funcImport) lowering(a *assembly) *lowering {
	items, _ := a.imported.imports.Get(homeOf(f.item))
	low, _ := items.lowerings.Get(lowerKey{f.fn.Name, f.variant})
	return low
}

func (f *funcImport) shimKey(mod *module, strings abi.StringEncoding) lowerShim {
	return lowerShim{mod, f.fn, f.variant, strings}
}

func (f *funcImport) addShims(a *assembly, mod *module, x *coreImport) error {
	low := f.lowering(a)
	if !low.direct {
		enc, ok := mod.importStrings.of(f.item, f.fn)
		if !ok {
			return noMetadata("import", x)
		}
		a.shims.add(&shim{
			key: f.shimKey(mod, enc), debug: "indirect-" + x.module + "-" + x.field, sig: low.sig.FuncType,
			fill: func() (encoding.CoreFuncIdx, error) { return f.lower(a, mod, x, enc, false) },
		})
	}
	a.addReallocShim(mod, low.direct, low.needs, mod.out.importsRealloc())
	return nil
}

func (f *funcImport) provide(a *assembly, mod *module, x *coreImport) (encoding.SortIndex, error) {
	enc, ok := mod.importStrings.of(f.item, f.fn)
	if fn, ok := a.shimFunc(f.shimKey(mod, enc)); ok {
		return fn.SortIndex(), nil
	}
	if !ok {
		return encoding.SortIndex{}, fmt.Errorf("missing component metadata for import of `%s`", f.fn.Name)
	}
	fn, err := f.lower(a, mod, x, enc, true)
	return fn.SortIndex(), err
}

// lower lowers the function. The flag before is set if the module is not instantiated yet.
func (f *funcImport) lower(a *assembly, mod *module, x *coreImport, strings abi.StringEncoding, before bool) (encoding.CoreFuncIdx, error) {
	var from encoding.FuncIdx
	if home := homeOf(f.item); home != nil {
		from = a.label(a.b.AliasExport(a.instances[home.Interface], encoding.SortFunc, f.fn.Name), f.fn.Name).Func()
	} else {
		from = a.rootFuncs[f.fn]
	}
	n := f.lowering(a).needs
	opts, err := n.options(strings, a.memoryOf(mod), a.reallocFunc(mod, before, n, mod.out.importsRealloc()))
	if err != nil {
		return 0, x.neededBy(err, worldFunc{homeOf(f.item), f.fn})
	}
	return a.label(a.b.Lower(from, opts...).SortIndex(), f.fn.Name).CoreFunc(), nil
}

// taskReturnImport is the intrinsic that takes the result of an exported function.
type taskReturnImport struct {
	// item is the interface, or the function if it is one of the world itself.
	item *wit.WorldItem
	fn   *wit.Func
}

func (t *taskReturnImport) addTypes(l *liveTypes) { l.val(t.fn.Result) }

func (t *taskReturnImport) addShims(a *assembly, mod *module, x *coreImport) error {
	if needsOfTaskReturn(t.fn).none() || a.p.main.in.memory != nil {
		return nil
	}
	enc, ok := mod.exportStrings.of(t.item, t.fn)
	if !ok {
		return noMetadata("export", x)
	}
	a.shims.add(&shim{
		key: taskReturnShim{mod, t.fn, enc}, debug: "task-return-" + t.fn.Name, sig: taskReturnType(t.fn),
		fill: func() (encoding.CoreFuncIdx, error) {
			result, err := t.result(a)
			if err != nil {
				return 0, err
			}
			if name := mod.out.importsRealloc(); name != "" {
				// The alias is not used, but wasm-tools adds it too.
				a.aliasFunc(a.coreInstances[mod], name, "realloc")
			}
			return t.builtin(a, result, enc)
		},
	})
	return nil
}

func (t *taskReturnImport) provide(a *assembly, mod *module, _ *coreImport) (encoding.SortIndex, error) {
	enc, ok := mod.exportStrings.of(t.item, t.fn)
	if a.memory == nil {
		if f, ok := a.shimFunc(taskReturnShim{mod, t.fn, enc}); ok {
			return f.SortIndex(), nil
		}
	}
	if !ok {
		return encoding.SortIndex{}, fmt.Errorf("missing component metadata for export of `%s`", t.fn.Name)
	}
	result, err := t.result(a)
	if err != nil {
		return encoding.SortIndex{}, err
	}
	f, err := t.builtin(a, result, enc)
	return f.SortIndex(), err
}

// result returns the type of the result, or nil if the function has none.
func (t *taskReturnImport) result(a *assembly) (*encoding.ValType, error) {
	return a.typeScope(homeOf(t.item)).Optional(t.fn.Result)
}

func (t *taskReturnImport) builtin(a *assembly, result *encoding.ValType, strings abi.StringEncoding) (encoding.CoreFuncIdx, error) {
	opts, err := needsOfTaskReturn(t.fn).options(strings, a.memory, nil)
	if err != nil {
		return 0, err
	}
	return a.b.Builtin(encoding.Builtin{Op: encoding.OpTaskReturn, Result: result, Opts: opts}), nil
}
