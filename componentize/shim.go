package componentize

import (
	"fmt"
	"strconv"

	"github.com/mortise-wasm/mortise/componentize/internal/sig"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/ordered"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// A shim is a core function that stands in for a function that does not exist yet. For example, a
// lowered function needs the memory of the main module, and the main module needs the lowered
// function to be instantiated. The shims form one core module, which is instantiated first. After
// all other modules, the fixup module is instantiated and makes the shims call the actual
// functions.

// shim is a core function of the shim module.
type shim struct {
	key shimKey
	// label is the name of the shim module's export: a number.
	label string
	debug string
	sig   core.FuncType
	// fill returns the function that the shim stands in for. It is called once all modules but the
	// fixup module are instantiated.
	fill func() (encoding.CoreFuncIdx, error)
}

// shimKey identifies the function that a shim stands in for. Shims with equal keys are one.
type shimKey interface{ shimKey() }

type (
	// lowerShim stands in for a function that the world imports. The module is the one whose memory
	// and allocator are used.
	lowerShim struct {
		mod     *module
		fn      *wit.Func
		variant variant
		strings abi.StringEncoding
	}
	// taskReturnShim stands in for the intrinsic that takes the result of fn.
	taskReturnShim struct {
		mod     *module
		fn      *wit.Func
		strings abi.StringEncoding
	}
	// channelShim stands in for an intrinsic of a stream or future.
	channelShim struct {
		mod   *module
		op    encoding.CanonOp
		async bool
		name  string
		home  *wit.WorldItem
		fn    *wit.Func
		typ   types.ValType
	}
	// builtinShim stands in for an intrinsic that belongs to no item of the world. The module is nil
	// if all modules can share the intrinsic.
	builtinShim struct {
		mod     *module
		op      encoding.CanonOp
		strings abi.StringEncoding
	}
	// adapterShim stands in for a function of an adapter.
	adapterShim struct{ adapter, name string }
	// dtorShim stands in for a destructor, and reallocShim for an allocator. The name is that of the
	// module's export.
	dtorShim struct {
		mod  *module
		name string
	}
	reallocShim struct {
		mod  *module
		name string
	}
)

func (lowerShim) shimKey()      {}
func (taskReturnShim) shimKey() {}
func (channelShim) shimKey()    {}
func (builtinShim) shimKey()    {}
func (adapterShim) shimKey()    {}
func (dtorShim) shimKey()       {}
func (reallocShim) shimKey()    {}

type shimList struct{ list ordered.Map[shimKey, *shim] }

// add adds a shim unless one with the same key exists.
func (l *shimList) add(s *shim) {
	if !l.list.Has(s.key) {
		s.label = strconv.Itoa(l.list.Len())
		l.list.Set(s.key, s)
	}
}

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
