package componentize

import (
	"github.com/mortise-wasm/mortise/componentize/internal/sig"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// channel is the stream or future type of an intrinsic. The type is identified by a function that
// has it, and the intrinsic shares the options of this function.
type channel struct {
	// typ is nil for a stream or future without elements, which no function needs to have.
	typ      types.ValType
	unit     types.ValType
	item     *wit.WorldItem // of an interface, or nil for functions of the world itself
	fn       *wit.Func
	imported bool
	name     string
}

// elem returns the type of the elements, or nil if there are none.
func (c *channel) elem() types.ValType {
	if c.typ == nil {
		return nil
	}
	switch t := types.UnnameVal(c.typ).(type) {
	case *types.Stream:
		return t.Elem
	case *types.Future:
		return t.Elem
	}
	return nil
}

// define returns the type of the stream or future, which it defines on first use.
func (c *channel) define(a *assembly) (encoding.TypeIdx, error) {
	s := a.rootScope(nil)
	if !c.imported {
		s = a.typeScope(c.item)
	}
	if c.typ == nil {
		return s.Unit(c.unit)
	}
	return s.Type(c.typ)
}

// strings returns the encoding of strings in the elements: that of the function that identifies the
// type.
func (c *channel) strings(mod *module) abi.StringEncoding {
	if c.fn == nil {
		return 0
	}
	of := &mod.exportStrings
	if c.imported {
		of = &mod.importStrings
	}
	k, _ := of.of(c.item, c.fn)
	return k
}

// realloc returns the allocator for the elements: that of the function that identifies the type.
func (c *channel) realloc(mod *module) string {
	switch {
	case c.fn == nil:
		return ""
	case c.imported:
		return mod.out.importsRealloc()
	}
	return mod.out.exportsRealloc()
}

// channelImport is an intrinsic of a stream or future.
type channelImport struct {
	op      encoding.CanonOp
	async   bool
	channel *channel
}

func (i *channelImport) addTypes(l *liveTypes) { l.val(i.channel.typ) }

func (i *channelImport) shimKey(mod *module) channelShim {
	c := i.channel
	return channelShim{mod: mod, op: i.op, async: i.async, name: c.name, home: c.item, fn: c.fn, typ: c.typ}
}

func (i *channelImport) addShims(a *assembly, mod *module, x *coreImport) error {
	if !copies(i.op) {
		return nil
	}
	n := needsOfCopy(i.channel, i.op, i.async)
	if !n.realloc && a.p.main.in.memory != nil {
		return nil
	}
	params := "iii:i"
	if i.op == encoding.OpFutureRead || i.op == encoding.OpFutureWrite {
		params = "ii:i"
	}
	a.shims.add(&shim{
		key: i.shimKey(mod), debug: x.module + "-" + i.channel.name, sig: sig.Of(params),
		fill: func() (encoding.CoreFuncIdx, error) { return i.builtin(a, mod, x, false) },
	})
	a.addReallocShim(mod, false, n, i.channel.realloc(mod))
	return nil
}

func (i *channelImport) provide(a *assembly, mod *module, x *coreImport) (encoding.SortIndex, error) {
	if f, ok := a.shimFunc(i.shimKey(mod)); ok {
		return f.SortIndex(), nil
	}
	f, err := i.builtin(a, mod, x, true)
	return f.SortIndex(), err
}

// builtin adds the built-in. The flag before is set if the module is not instantiated yet.
func (i *channelImport) builtin(a *assembly, mod *module, x *coreImport, before bool) (encoding.CoreFuncIdx, error) {
	b := encoding.Builtin{Op: i.op, Async: i.async}
	var realloc *encoding.CoreFuncIdx
	n := needs{}
	if copies(i.op) {
		n = needsOfCopy(i.channel, i.op, i.async)
		realloc = a.reallocFunc(mod, before, n, i.channel.realloc(mod))
		b.Async = false // set in the options instead
	}
	var err error
	if b.Type, err = i.channel.define(a); err != nil {
		return 0, err
	}
	if b.Opts, err = n.options(i.channel.strings(mod), a.memory, realloc); err != nil {
		return 0, x.neededBy(err, worldFunc{})
	}
	return a.b.Builtin(b), nil
}

// copies reports whether op is a built-in of streams or futures that copies elements.
func copies(op encoding.CanonOp) bool {
	switch op {
	case encoding.OpStreamRead, encoding.OpStreamWrite, encoding.OpFutureRead, encoding.OpFutureWrite:
		return true
	}
	return false
}

// needsOfCopy returns the needs of a read from, or a write to, a stream or future.
func needsOfCopy(c *channel, op encoding.CanonOp, async bool) needs {
	f := &wit.Func{}
	if elem := c.elem(); elem != nil {
		if op == encoding.OpStreamRead || op == encoding.OpFutureRead {
			f.Result = elem
		} else {
			f.Params = []wit.Param{{Name: "a", Type: elem}}
		}
	}
	v := importSync
	if async {
		v = importAsync
	}
	n := needsOfImport(f, v)
	n.memory = true
	return n
}
