package componentize

import (
	"fmt"
	"strconv"

	"github.com/mortise-wasm/mortise/componentize/internal/sig"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/ordered"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// A shim is a core function that stands in for a function that does not exist yet. For example, a
// lowered function needs the memory of the main module, and the main module needs the lowered
// function to be instantiated. The shims form one core module, which is instantiated first. After
// all other modules, the fixup module is instantiated and makes the shims call the actual
// functions.

// shimKind is the kind of function that a shim stands in for. The zero value is invalid.
type shimKind uint8

const (
	shimLower shimKind = iota + 1
	shimAdapter
	shimDtor
	shimStream
	shimBuiltin
	shimTaskReturn
	shimRealloc
)

// shimKey identifies a shim. The kind determines which of the fields are set.
type shimKey struct {
	kind    shimKind
	mod     *module // the module whose memory and allocator are used, or whose export it is
	fn      *wit.Func
	variant variant
	enc     encoding.CanonOptKind // the encoding of strings
	// name is the name of an export, of a function of an adapter, or of an intrinsic.
	name    string
	adapter string
	op      encoding.CanonOp
	async   bool
	home    *wit.WorldItem
	typ     types.ValType
}

type shim struct {
	shimKey
	needs
	// label is the name of the shim module's export: a number.
	label string
	debug string
	sig   core.FuncType
	// source is the first import that the shim stands in for, and user the module that imports it.
	source *coreImport
	user   *module
}

type shimList struct{ list ordered.Map[shimKey, *shim] }

// add adds a shim unless one with the same key exists.
func (l *shimList) add(s *shim) {
	if !l.list.Has(s.shimKey) {
		s.label = strconv.Itoa(l.list.Len())
		l.list.Set(s.shimKey, s)
	}
}

// shimKeyOf returns the key of an import's shim, or false for imports that never have one.
func (a *assembly) shimKeyOf(mod *module, x *coreImport) (shimKey, bool) {
	switch x.kind {
	case importFunc:
		enc, _ := mod.importStrings.of(x.item, x.fn)
		return shimKey{kind: shimLower, mod: mod, fn: x.fn, variant: x.variant, enc: enc}, true
	case importAdapter:
		return shimKey{kind: shimAdapter, adapter: x.adapter, name: x.target}, true
	case importStream:
		c := x.payload
		return shimKey{kind: shimStream, mod: mod, op: x.op, async: x.async, name: c.name, home: c.item, fn: c.fn, typ: c.typ}, true
	case importTaskReturn:
		enc, _ := mod.exportStrings.of(x.item, x.fn)
		return shimKey{kind: shimTaskReturn, mod: mod, fn: x.fn, enc: enc}, true
	case importBuiltin:
		k := shimKey{kind: shimBuiltin, op: x.op, enc: x.strings}
		if x.op == encoding.OpErrorContextDebugMessage {
			k.mod = mod
		}
		return k, true
	}
	return shimKey{}, false
}

// collectShims finds the shims that a module needs for its imports and for the destructors that it
// exports.
func (a *assembly) collectShims(mod *module) error {
	hasMemory := a.p.main.in.memory != nil
	a.shims.list.Grow(len(mod.core.Imports))
	for x := range mod.in.all {
		key, ok := a.shimKeyOf(mod, x)
		if !ok {
			continue
		}
		s := &shim{shimKey: key, source: x, user: mod}
		add := func(debug string, n needs, sig core.FuncType) {
			s.debug, s.needs, s.sig = debug, n, sig
			a.shims.add(s)
		}
		switch x.kind {
		case importFunc:
			items, _ := a.imported.imports.Get(x.home())
			low, _ := items.lowerings.Get(lowerKey{x.fn.Name, x.variant})
			if !low.direct {
				if _, ok := mod.importStrings.of(x.item, x.fn); !ok {
					return noMetadata(mod, "import", x)
				}
				add("indirect-"+x.module+"-"+x.field, low.needs, low.sig.FuncType)
			}
			a.reallocShim(mod, low.direct, low.needs, mod.out.importsRealloc())
		case importTaskReturn:
			n := needsOfTaskReturn(x.fn)
			if n.none() || hasMemory {
				continue
			}
			if _, ok := mod.exportStrings.of(x.item, x.fn); !ok {
				return noMetadata(mod, "export", x)
			}
			add("task-return-"+x.fn.Name, n, taskReturnType(x.fn))
		case importStream:
			if !copies(x.op) {
				continue
			}
			n := needsOfCopy(x.payload, x.op, x.async)
			if !n.realloc && hasMemory {
				continue
			}
			params := "iii:i"
			if x.op == encoding.OpFutureRead || x.op == encoding.OpFutureWrite {
				params = "ii:i"
			}
			add(x.module+"-"+x.payload.name, n, sig.Of(params))
			a.reallocShim(mod, false, n, mod.channelRealloc(x.payload))
		case importBuiltin:
			a.builtinShim(mod, s, hasMemory)
		case importAdapter:
			add("adapt-"+x.module+"-"+x.field, needs{memory: true}, x.sig)
		}
	}
	for _, e := range mod.out.list {
		if e.kind == exportDtor {
			a.shims.add(&shim{
				shimKey: shimKey{kind: shimDtor, mod: mod, name: e.name}, debug: "dtor-" + e.resource.Name, sig: sig.Dtor,
			})
		}
	}
	return nil
}

// builtinShim adds the shim of a built-in that needs memory or a table.
func (a *assembly) builtinShim(mod *module, s *shim, hasMemory bool) {
	s.sig = sig.Of("ii:i")
	switch s.op {
	case encoding.OpWaitableSetWait, encoding.OpWaitableSetPoll:
		s.debug = s.op.String()
		if hasMemory {
			return
		}
		s.sig = s.source.sig // the pointer has the address type of the memory
	case encoding.OpErrorContextNew:
		if hasMemory {
			return
		}
		s.debug, s.needs = "error-new", needs{memory: true, strings: true}
	case encoding.OpErrorContextDebugMessage:
		s.debug, s.needs, s.sig = "error-debug-message", needs{memory: true, realloc: true, strings: true}, sig.Of("ii:")
		a.shims.add(s)
		a.reallocShim(mod, false, s.needs, mod.out.importsRealloc())
		return
	case encoding.OpThreadNewIndirect:
		s.debug = "thread.new-indirect"
	default:
		return
	}
	a.shims.add(s)
}

// copies reports whether op is a built-in of streams or futures that copies elements.
func copies(op encoding.CanonOp) bool {
	switch op {
	case encoding.OpStreamRead, encoding.OpStreamWrite, encoding.OpFutureRead, encoding.OpFutureWrite:
		return true
	}
	return false
}

// channelRealloc returns the allocator for the elements of a stream: that of the function that
// identifies the stream's type.
func (m *module) channelRealloc(c *channel) string {
	switch {
	case c.fn == nil:
		return ""
	case c.imported:
		return m.out.importsRealloc()
	}
	return m.out.exportsRealloc()
}

// noMetadata returns an error for an import that the merged world has, but not the world that its
// module is made for.
func noMetadata(mod *module, what string, x *coreImport) error {
	return fmt.Errorf("missing component metadata for %s of `%s::%s`", what, x.module, x.field)
}

// realloc returns the module and the name of the allocator for a module whose own allocator is
// name. The name is "" if there is none. A library without an allocator shares that of the main
// module.
func (a *assembly) realloc(mod *module, name string) (*module, string) {
	if name == "" && mod.library != nil {
		return a.p.main, a.p.main.out.first(exportRealloc)
	}
	return mod, name
}

// reallocNeedsShim reports whether an allocator needs a shim: because it is used before the main
// module is instantiated, or because calls must go through the wrapper in the fixup module that
// announces tasks or allocations.
func (a *assembly) reallocNeedsShim(before bool) bool {
	return before || a.p.main.out.first(exportTaskHook) != "" || a.p.guard() != nil
}

// reallocShim adds a shim for an allocator if it needs one.
func (a *assembly) reallocShim(mod *module, before bool, n needs, name string) {
	mod, name = a.realloc(mod, name)
	if !n.realloc || name == "" || !a.reallocNeedsShim(before) {
		return
	}
	a.shims.add(&shim{
		shimKey: shimKey{kind: shimRealloc, mod: mod, name: name}, debug: "realloc-" + mod.debugName() + "-" + name, sig: sig.Realloc,
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
		s, _ := a.shims.list.Get(shimKey{kind: shimRealloc, mod: mod, name: name})
		f = a.aliasFunc(*a.shim, s.label, s.debug)
	} else {
		f = a.aliasFunc(a.coreInstances[mod], name, name)
	}
	return &f
}
