package componentize

import (
	"fmt"

	"github.com/mortise-wasm/mortise/componentize/internal/sig"
	"github.com/mortise-wasm/mortise/encoding"
)

// shimFunc returns the shim with the key, or false if there is none.
func (a *assembly) shimFunc(key shimKey) (encoding.CoreFuncIdx, bool) {
	s, ok := a.shims.list.Get(key)
	if !ok {
		return 0, false
	}
	return a.aliasFunc(*a.shim, s.label, s.debug), true
}

// collectShims finds the shims that a module needs for its imports and for the destructors that it
// exports.
func (a *assembly) collectShims(mod *module) error {
	a.shims.list.Grow(len(mod.core.Imports))
	for x := range mod.in.all {
		if err := x.meaning.addShims(a, mod, x); err != nil {
			return err
		}
	}
	for _, e := range mod.out.list {
		if d, ok := e.use.(*dtorExport); ok {
			a.shims.add(&shim{
				key: dtorShim{mod, e.name}, debug: "dtor-" + d.resource.Name, sig: sig.Dtor, fill: a.exportFiller(mod, e.name),
			})
		}
	}
	return nil
}

// exportFiller returns the function that fills the shim of an export of a module.
func (a *assembly) exportFiller(mod *module, name string) func() (encoding.CoreFuncIdx, error) {
	return func() (encoding.CoreFuncIdx, error) { return a.aliasFunc(a.coreInstances[mod], name, name), nil }
}

// noMetadata returns an error for an import that the merged world has, but not the world that its
// module is made for.
func noMetadata(what string, x *coreImport) error {
	return fmt.Errorf("missing component metadata for %s of `%s::%s`", what, x.module, x.field)
}

// realloc returns the module and the name of the allocator for a module whose own allocator is
// name. The name is "" if there is none. A library without an allocator shares that of the main
// module.
func (a *assembly) realloc(mod *module, name string) (*module, string) {
	if name == "" && mod.library != nil {
		return a.p.main, a.p.main.out.first(roleRealloc)
	}
	return mod, name
}

// reallocNeedsShim reports whether an allocator needs a shim: because it is used before the main
// module is instantiated, or because calls must go through the wrapper in the fixup module that
// announces tasks or allocations.
func (a *assembly) reallocNeedsShim(before bool) bool {
	return before || a.p.main.out.first(roleTaskHook) != "" || a.p.guard() != nil
}

// addReallocShim adds a shim for an allocator if it needs one.
func (a *assembly) addReallocShim(mod *module, before bool, n needs, name string) {
	mod, name = a.realloc(mod, name)
	if !n.realloc || name == "" || !a.reallocNeedsShim(before) {
		return
	}
	a.shims.add(&shim{
		key: reallocShim{mod, name}, debug: "realloc-" + mod.debugName() + "-" + name, sig: sig.Realloc,
		fill: a.exportFiller(mod, name),
	})
}

// reallocFunc returns the core function that allocates, or nil if none is needed or none exists.
func (a *assembly) reallocFunc(mod *module, before bool, n needs, name string) *encoding.CoreFuncIdx {
	mod, name = a.realloc(mod, name)
	if !n.realloc || name == "" {
		return nil
	}
	var f encoding.CoreFuncIdx
	if a.reallocNeedsShim(before) {
		f, _ = a.shimFunc(reallocShim{mod, name})
	} else {
		f = a.aliasFunc(a.coreInstances[mod], name, name)
	}
	return &f
}
