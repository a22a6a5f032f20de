package componentize

import (
	"fmt"
	"strconv"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/internal/ordered"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// A shim is a core function that stands in for another one which cannot be there yet: a lowered function needs the memory of the main module,
// and the main module needs the lowered function to be instantiated. The shims are one core module, which is instantiated first; when all
// others are there the fixup module makes the shims call what they stand for.

// shimKind tells what a shim stands for. The zero value is invalid.
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

// shimKey tells shims apart. Which fields count follows from kind.
type shimKey struct {
	kind    shimKind
	part    *piece // whose memory and allocator are used, or whose export it is
	fn      *wit.Func
	variant variant
	enc     encoding.CanonOptKind // of strings
	// name is that of an export, of a function of an adapter, or of an intrinsic.
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
	// label is what the shim module exports it as: a number.
	label string
	debug string
	sig   core.FuncType
	// source is the first import that it stands in for, and user the part that imports it.
	source *coreImport
	user   *piece
}

type shimList struct{ list ordered.Map[shimKey, *shim] }

// add adds a shim unless there is one for the same purpose.
func (l *shimList) add(s *shim) {
	if !l.list.Has(s.shimKey) {
		s.label = strconv.Itoa(l.list.Len())
		l.list.Set(s.shimKey, s)
	}
}

// shimKeyOf returns what tells the shim of an import apart, and false for imports that never have one.
func (a *assembly) shimKeyOf(part *piece, x *coreImport) (shimKey, bool) {
	switch x.kind {
	case importFunc:
		enc, _ := part.importStrings.of(x.item, x.fn)
		return shimKey{kind: shimLower, part: part, fn: x.fn, variant: x.variant, enc: enc}, true
	case importAdapter:
		return shimKey{kind: shimAdapter, adapter: x.adapter, name: x.target}, true
	case importStream:
		c := x.payload
		return shimKey{kind: shimStream, part: part, op: x.op, async: x.async, name: c.name, home: c.item, fn: c.fn, typ: c.typ}, true
	case importTaskReturn:
		enc, _ := part.exportStrings.of(x.item, x.fn)
		return shimKey{kind: shimTaskReturn, part: part, fn: x.fn, enc: enc}, true
	case importBuiltin:
		k := shimKey{kind: shimBuiltin, op: x.op, enc: x.strings}
		if x.op == encoding.OpErrorContextDebugMessage {
			k.part = part
		}
		return k, true
	}
	return shimKey{}, false
}

// collectShims finds the shims that a part needs: for its imports, and for the destructors that it exports.
func (a *assembly) collectShims(part *piece) error {
	hasMemory := a.main.in.memory != nil
	a.shims.list.Grow(len(part.module.Imports))
	for x := range part.in.all {
		key, ok := a.shimKeyOf(part, x)
		if !ok {
			continue
		}
		s := &shim{shimKey: key, source: x, user: part}
		add := func(debug string, n needs, sig core.FuncType) {
			s.debug, s.needs, s.sig = debug, n, sig
			a.shims.add(s)
		}
		switch x.kind {
		case importFunc:
			items, _ := a.imports.Get(x.home())
			low, _ := items.lowerings.Get(lowerKey{x.fn.Name, x.variant})
			if !low.direct {
				if _, ok := part.importStrings.of(x.item, x.fn); !ok {
					return noMetadata(part, "import", x)
				}
				add("indirect-"+x.module+"-"+x.field, low.needs, low.sig.FuncType)
			}
			a.reallocShim(part, low.direct, low.needs, part.out.importsRealloc())
		case importTaskReturn:
			n := needsOfTaskReturn(x.fn)
			if n.none() || hasMemory {
				continue
			}
			if _, ok := part.exportStrings.of(x.item, x.fn); !ok {
				return noMetadata(part, "export", x)
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
			add(x.module+"-"+x.payload.name, n, sig(params))
			a.reallocShim(part, false, n, part.channelRealloc(x.payload))
		case importBuiltin:
			a.builtinShim(part, s, hasMemory)
		case importAdapter:
			add("adapt-"+x.module+"-"+x.field, needs{memory: true}, x.sig)
		}
	}
	for _, e := range part.out.list {
		if e.kind == exportDtor {
			a.shims.add(&shim{
				shimKey: shimKey{kind: shimDtor, part: part, name: e.name}, debug: "dtor-" + e.resource.Name, sig: dtorType,
			})
		}
	}
	return nil
}

// builtinShim adds the shim of a built-in that needs memory or a table.
func (a *assembly) builtinShim(part *piece, s *shim, hasMemory bool) {
	s.sig = sig("ii:i")
	switch s.op {
	case encoding.OpWaitableSetWait, encoding.OpWaitableSetPoll:
		s.debug = s.op.String()
		if hasMemory {
			return
		}
		s.sig = s.source.sig // the pointer is that of the memory
	case encoding.OpErrorContextNew:
		if hasMemory {
			return
		}
		s.debug, s.needs = "error-new", needs{memory: true, strings: true}
	case encoding.OpErrorContextDebugMessage:
		s.debug, s.needs, s.sig = "error-debug-message", needs{memory: true, realloc: true, strings: true}, sig("ii:")
		a.shims.add(s)
		a.reallocShim(part, false, s.needs, part.out.importsRealloc())
		return
	case encoding.OpThreadNewIndirect:
		s.debug = "thread.new-indirect"
	default:
		return
	}
	a.shims.add(s)
}

// copies tells the built-ins of streams and futures that move elements.
func copies(op encoding.CanonOp) bool {
	switch op {
	case encoding.OpStreamRead, encoding.OpStreamWrite, encoding.OpFutureRead, encoding.OpFutureWrite:
		return true
	}
	return false
}

// channelRealloc returns the allocator for the elements of a stream: that of the function that names its type.
func (p *piece) channelRealloc(c *channel) string {
	switch {
	case c.fn == nil:
		return ""
	case c.imported:
		return p.out.importsRealloc()
	}
	return p.out.exportsRealloc()
}

// noMetadata says that a part imports something that the world has, but not the world which that part is made for.
func noMetadata(part *piece, what string, x *coreImport) error {
	return fmt.Errorf("missing component metadata for %s of `%s::%s`", what, x.module, x.field)
}

// realloc returns the part and the name of the allocator to use for a part whose own is name, "" if there is none. A library without one shares
// that of the main module.
func (a *assembly) realloc(part *piece, name string) (*piece, string) {
	if name == "" && part.library != nil {
		return a.main, a.main.out.first(exportRealloc)
	}
	return part, name
}

// reallocWaits tells whether an allocator has to be a shim: if it is needed before the main module is there, and if the function that wraps it to
// tell the module about tasks, or an adapter about the allocation, which is part of the fixup module, has to be called.
func (a *assembly) reallocWaits(before bool) bool {
	return before || a.main.out.first(exportTaskHook) != "" || a.guard() != nil
}

// reallocShim adds a shim for an allocator if it takes one.
func (a *assembly) reallocShim(part *piece, before bool, n needs, name string) {
	part, name = a.realloc(part, name)
	if !n.realloc || name == "" || !a.reallocWaits(before) {
		return
	}
	a.shims.add(&shim{
		shimKey: shimKey{kind: shimRealloc, part: part, name: name}, debug: "realloc-" + part.debugName() + "-" + name, sig: reallocType,
	})
}

// reallocFunc returns the core function to allocate with, or nil if none is needed or there is none.
func (a *assembly) reallocFunc(part *piece, before bool, n needs, name string) *encoding.CoreFuncIdx {
	part, name = a.realloc(part, name)
	if !n.realloc || name == "" {
		return nil
	}
	var f encoding.CoreFuncIdx
	if a.reallocWaits(before) {
		s, _ := a.shims.list.Get(shimKey{kind: shimRealloc, part: part, name: name})
		f = a.aliasFunc(*a.shim, s.label, s.debug)
	} else {
		f = a.aliasFunc(a.parts[part], name, name)
	}
	return &f
}
