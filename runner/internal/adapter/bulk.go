package adapter

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/types"
)

// maxDirect is the number of bytes up to which a copy passes through arguments. For more, a call of
// the host is faster. maxDirectText is the same for strings, which the host would also have to read
// once more to find out whether they are ASCII.
const (
	maxDirect     = 512
	maxDirectText = 4096
)

// pollEvery is the number of elements, a power of two, after which a loop calls the host.
const pollEvery = 4096

// Scalar is the kind of the values that `move-checked` copies. The bound is the number of cases of
// an enum, and the mask of flags.
type Scalar uint32

// The kinds of scalars that need a check.
const (
	Bool Scalar = iota + 1
	Char
	Enum
	FlagSet
)

// sub returns a local function that copies to the same destination with the same realloc.
func (c *code) sub(key string, t sig, build func(c *code)) funcRef {
	return c.p.define(fmt.Sprintf("%s, realloc %d", key, c.realloc), t, func(s *code) {
		s.realloc = c.realloc
		build(s)
	})
}

// alloc replaces the size on the stack with a pointer to new memory of the destination.
func (c *code) alloc(align uint32, bounds Trap) {
	d := c.p.g.destination(c.p)
	key := fmt.Sprintf("alloc %d %d %d", c.realloc, align, bounds)
	c.call(c.p.remote(d, key, "i:i", func(a *code) {
		const size = 0
		ptr := a.local(core.I32)
		a.locked(d.inside, func() {
			a.i32(0)
			a.i32(0)
			a.i32(align)
			a.get(size)
			a.call(d.importFunc(Source{Kind: CoreFunc, Slot: c.realloc}, "iiii:i"))
			a.set(ptr)
		})
		a.checkAligned(ReallocUnaligned, ptr, align)
		a.checkBounds(bounds, ptr, func() {
			a.get(size)
			a.op(core.OpI64ExtendI32U)
		})
		a.get(ptr)
	}))
}

// put is a value to be written to the destination: its size in bytes, its offset, and the code that
// pushes it.
type put struct {
	size, offset uint32
	push         func()
	// ordered is set if the code can trap or calls the guest, so that it must come after the code for
	// what is before it in the value.
	ordered bool
}

func isOrdered(x put) bool { return x.ordered }

// maxPuts is the number of values that one call writes.
const maxPuts = 10

// puts writes values relative to the pointer in the local variable dst. If it can, it starts with
// the last one, because the engine then checks the bounds of the memory only once.
func (c *code) puts(dst uint32, list []put) {
	for len(list) > maxPuts {
		c.puts(dst, list[:maxPuts])
		list = list[maxPuts:]
	}
	if len(list) == 0 {
		return
	}
	if !slices.ContainsFunc(list, isOrdered) {
		list = slices.Clone(list)
		slices.Reverse(list)
	}
	var key strings.Builder
	key.WriteString("put")
	params := "i"
	for _, x := range list {
		fmt.Fprintf(&key, " %d@%d", x.size, x.offset)
		params += string(letterOfSize(x.size))
	}
	c.get(dst)
	for _, x := range list {
		x.push()
	}
	c.call(c.p.remote(c.p.g.destination(c.p), key.String(), sig(params+":"), func(d *code) {
		for i, x := range list {
			d.get(0)
			d.get(uint32(i) + 1)
			d.access(storeOf(x.size), x.offset)
		}
	}))
}

func letterOfSize(size uint32) byte {
	switch size {
	case 8:
		return 'I'
	case 16:
		return 'v'
	default:
		return 'i'
	}
}

func storeOf(size uint32) core.Op {
	return map[uint32]core.Op{1: core.OpI32Store8, 2: core.OpI32Store16, 4: core.OpI32Store, 8: core.OpI64Store, 16: core.OpV128Store}[size]
}

func loadOf(size uint32) core.Op {
	return map[uint32]core.Op{1: core.OpI32Load8U, 2: core.OpI32Load16U, 4: core.OpI32Load, 8: core.OpI64Load, 16: core.OpV128Load}[size]
}

// load returns a put of the bytes at the same offset of the source.
func (c *code) load(src, size, offset uint32) put {
	return put{size: size, offset: offset, push: func() {
		c.get(src)
		c.access(loadOf(size), offset)
	}}
}

// move calls a function of the host that copies between the memories. The pointers and the size are
// in local variables; args are further arguments.
func (c *code) move(name string, src, dst, n uint32, args ...uint32) {
	c.i32(uint32(c.p.memory))
	c.i32(uint32(c.p.g.destination(c.p).memory))
	c.get(src)
	c.get(dst)
	c.get(n)
	for _, x := range args {
		c.i32(x)
	}
	c.call(c.p.host(name))
}

// string returns a function that copies a string and returns its new pointer.
func (c *code) string() funcRef {
	return c.sub("string", "ii:i", func(c *code) {
		const ptr, n = 0, 1
		dst, size := c.local(core.I32), c.local(core.I64)
		c.get(n)
		c.op(core.OpI64ExtendI32U)
		c.set(size)
		c.trapSize(StringLength, size, abi.MaxStringByteLength)
		c.checkBounds(StringBounds, ptr, func() { c.get(size) })
		c.get(n)
		c.i32(maxDirectText)
		c.op(core.OpI32LeU)
		c.if_()
		c.get(n)
		c.alloc(1, ReallocString)
		c.set(dst)
		c.get(ptr)
		c.get(dst)
		c.get(n)
		c.call(c.copyText())
		c.if_()
		c.i32(uint32(c.p.memory))
		c.get(ptr)
		c.get(n)
		c.call(c.p.host("check-utf8"))
		c.end()
		c.op(core.OpElse)
		c.get(n)
		c.alloc(1, ReallocString)
		c.set(dst)
		c.move("move-utf8", ptr, dst, n)
		c.end()
		c.get(dst)
	})
}

// list returns a function that copies the elements of a list and returns its new pointer.
func (c *code) list(e types.ValType) funcRef {
	g := c.p.g
	return c.sub(fmt.Sprintf("list %d", g.id(e)), "ii:i", func(c *code) {
		const ptr, n = 0, 1
		dst, size, bytes := c.local(core.I32), c.local(core.I64), c.local(core.I32)
		c.get(n)
		c.op(core.OpI64ExtendI32U)
		c.i64(uint64(g.size(e)))
		c.op(core.OpI64Mul)
		c.set(size)
		c.trapSize(ListLength, size, abi.MaxListByteLength)
		c.checkAligned(Unaligned, ptr, g.align(e))
		c.checkBounds(ListBounds, ptr, func() { c.get(size) })
		c.get(size)
		c.op(core.OpI32WrapI64)
		c.tee(bytes)
		c.alloc(g.align(e), ReallocList)
		c.set(dst)
		if g.plain(e) {
			c.get(ptr)
			c.get(dst)
			c.get(bytes)
			c.call(c.copyBytes())
		} else {
			c.get(ptr)
			c.get(dst)
			c.get(n)
			c.call(c.elems(e))
		}
		c.get(dst)
	})
}

// elems returns a function that copies n elements from src to dst, which are aligned and in bounds.
func (c *code) elems(e types.ValType) funcRef {
	g := c.p.g
	return c.sub(fmt.Sprintf("elems %d", g.id(e)), "iii:", func(c *code) {
		const src, dst, n = 0, 1, 2
		if kind, bound := scalarOf(e); kind != 0 {
			c.move("move-checked", src, dst, n, uint32(kind), g.size(e), bound)
			return
		}
		c.block(core.OpBlock)
		c.get(n)
		c.op(core.OpI32Eqz)
		c.brIf(0)
		c.block(core.OpLoop)
		c.items(src, dst, g.inside(e, 0, nil))
		for _, v := range []uint32{src, dst} {
			c.get(v)
			c.add(g.size(e))
			c.set(v)
		}
		c.get(n)
		c.i32(1)
		c.op(core.OpI32Sub)
		c.tee(n)
		c.op(core.OpI32Eqz)
		c.brIf(1)
		c.get(n)
		c.i32(pollEvery - 1)
		c.op(core.OpI32And)
		c.brIf(0)
		c.call(c.p.host("poll"))
		c.br(0)
		c.end()
		c.end()
	})
}

// scalarOf returns the kind and bound of a scalar whose lists the host copies, or 0.
func scalarOf(t types.ValType) (Scalar, uint32) {
	switch t := types.UnnameVal(t).(type) {
	case types.Prim:
		switch t {
		case types.Bool:
			return Bool, 0
		case types.Char:
			return Char, 0
		}
	case *types.Flags:
		return FlagSet, maskOf(t)
	default:
		if cases, ok := casesOf(t); ok && !hasPayload(cases) {
			return Enum, uint32(len(cases))
		}
	}
	return 0, 0
}

// maskOf returns the bits that stand for flags.
func maskOf(t *types.Flags) uint32 { return uint32(1<<len(t.Names) - 1) }
