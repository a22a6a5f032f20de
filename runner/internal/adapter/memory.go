package adapter

import (
	"fmt"
	"slices"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/types"
)

// maxRun is the number of plain bytes up to which they are copied in line.
const maxRun = 64

// items copies the items of a value from src to dst, local variables that hold pointers to ranges
// that are aligned and in bounds.
func (c *code) items(src, dst uint32, list []item) {
	var batch []put
	for _, it := range list {
		batch = c.item(src, dst, it, batch)
	}
	c.puts(dst, batch)
}

// item appends the puts of an item to batch, or copies the item at once. In the second case it
// writes the batch first if the order matters.
func (c *code) item(src, dst uint32, it item, batch []put) []put {
	pointers := func() {
		c.get(src)
		c.add(it.offset)
		c.get(dst)
		c.add(it.offset)
	}
	if it.t == nil {
		if it.n > maxRun {
			pointers()
			c.i32(it.n)
			c.call(c.copyBytes())
			return batch
		}
		at := it.offset
		for _, size := range []uint32{16, 8, 4, 2, 1} {
			for ; it.offset+it.n-at >= size; at += size {
				batch = append(batch, c.load(src, size, at))
			}
		}
		return batch
	}
	if e, ok := c.p.g.elemOf(it.t); ok {
		return c.pair(src, it.offset, batch, func() funcRef { return c.list(e) })
	}
	if it.t == types.String {
		return c.pair(src, it.offset, batch, c.string)
	}
	if kind, _ := scalarOf(it.t); kind != 0 {
		size := c.p.g.size(it.t)
		x := c.load(src, size, it.offset)
		return append(batch, put{size: size, offset: it.offset, ordered: true, push: func() {
			x.push()
			c.check(it.t)
		}})
	}
	if slices.ContainsFunc(batch, isOrdered) {
		c.puts(dst, batch)
		batch = nil
	}
	pointers()
	if t, ok := it.t.(*types.FixedList); ok {
		c.i32(t.Len)
		c.call(c.elems(types.UnnameVal(t.Elem)))
	} else {
		c.call(c.value(it.t))
	}
	return batch
}

// pair appends the puts of a pointer and a length. copying returns the function that takes both and
// returns the new pointer.
func (c *code) pair(src, offset uint32, batch []put, copying func() funcRef) []put {
	ptr, n := c.load(src, 4, offset), c.load(src, 4, offset+4)
	return append(batch, put{size: 4, offset: offset, ordered: true, push: func() {
		ptr.push()
		n.push()
		c.call(copying())
	}}, n)
}

// value returns a function that copies a record or variant.
func (c *code) value(t types.ValType) funcRef {
	g := c.p.g
	return c.sub(fmt.Sprintf("value %d", g.id(t)), "ii:", func(c *code) {
		const src, dst = 0, 1
		cases, ok := casesOf(t)
		if !ok {
			c.items(src, dst, g.inside(t, 0, nil))
			return
		}
		size := uint32(abi.DiscriminantSize(len(cases)))
		payload := uint32(g.layout.PayloadOffset(cases))
		disc := c.local(core.I32)
		c.load(src, size, 0).push()
		c.tee(disc)
		c.i32(uint32(len(cases)))
		c.op(core.OpI32GeU)
		c.trapIf(Discriminant)
		for i, x := range cases {
			if x == nil {
				continue
			}
			c.get(disc)
			c.i32(uint32(i))
			c.op(core.OpI32Eq)
			c.if_()
			var batch []put
			batch = append(batch, put{size: size, push: func() { c.i32(uint32(i)) }})
			for _, it := range g.flatten(x, payload, nil) {
				batch = c.item(src, dst, it, batch)
			}
			c.puts(dst, batch)
			c.op(core.OpReturn)
			c.end()
		}
		c.puts(dst, []put{{size: size, push: func() { c.get(disc) }}})
	})
}

// check replaces the i32 on the stack, a bool, char, enum or set of flags, with its canonical form.
func (c *code) check(t types.ValType) {
	kind, bound := scalarOf(t)
	switch kind {
	case Bool:
		c.i32(0)
		c.op(core.OpI32Ne)
	case FlagSet:
		c.i32(bound)
		c.op(core.OpI32And)
	case Enum:
		x := c.local(core.I32)
		c.tee(x)
		c.i32(bound)
		c.op(core.OpI32GeU)
		c.trapIf(Discriminant)
		c.get(x)
	case Char:
		x := c.local(core.I32)
		c.tee(x)
		c.i32(0x110000)
		c.op(core.OpI32GeU)
		c.get(x)
		c.i32(0xd800)
		c.op(core.OpI32Sub)
		c.i32(0x800)
		c.op(core.OpI32LtU, core.OpI32Or)
		c.trapIf(BadChar)
		c.get(x)
	default:
		panic(fmt.Sprintf("unreachable: %T", t))
	}
}

// at returns a function that traps unless a pointer to a value of type t is valid in part d, which
// may be the part itself.
func (c *code) at(d *part, t types.ValType) funcRef {
	size, align := d.g.size(t), d.g.align(t)
	key := fmt.Sprintf("at %d %d", align, size)
	build := func(a *code) {
		const ptr = 0
		a.checkAligned(Unaligned, ptr, align)
		a.checkBounds(PointerBounds, ptr, func() { a.i64(uint64(size)) })
	}
	if d == c.p {
		return d.define(key, "i:", build)
	}
	return c.p.remote(d, key, "i:", build)
}
