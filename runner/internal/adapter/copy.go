package adapter

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding/core"
)

// copyBytes returns a function that copies n bytes from src to dst, which are in bounds.
func (c *code) copyBytes() funcRef {
	return c.p.define("copy bytes", "iii:", func(c *code) { (&copying{code: c}).all() })
}

// copyText returns a function like that of copyBytes for at most maxDirectText bytes. It returns a
// number that is not 0 if one of them is not ASCII.
func (c *code) copyText() funcRef {
	return c.p.define("copy text", "iii:i", func(c *code) { (&copying{code: c, text: true}).all() })
}

// copying assembles a function that copies. Its code is for sizes in descending order. Sizes that
// are not a multiple of what is copied at once copy some bytes in the middle twice.
type copying struct {
	*code
	text bool
	// seen are the local variables that collect what was copied, by size.
	seen map[uint32]uint32
}

// The parameters.
const (
	copySrc uint32 = iota
	copyDst
	copySize
)

func (c *copying) all() {
	c.seen = make(map[uint32]uint32)
	c.above(15, 16, func() {
		c.above(32, 16, func() {
			if !c.text {
				c.above(maxDirect, 0, func() { c.move("move", copySrc, copyDst, copySize) })
			}
			c.above(128, 16, func() { c.blocks(128) })
			c.blocks(32)
		})
		c.ends(16)
	})
	for _, k := range []uint32{8, 4, 2} {
		c.above(k-1, k, func() { c.ends(k) })
	}
	c.above(0, 1, func() { c.puts(copyDst, []put{c.read(copySrc, 1, 0)}) })
	if c.text {
		c.i32(0)
	}
}

// above runs then and returns if there are more than n bytes. What then copies at once has the
// given size.
func (c *copying) above(n, size uint32, then func()) {
	c.get(copySize)
	c.i32(n)
	c.op(core.OpI32GtU)
	c.if_()
	then()
	if c.text {
		c.notASCII(size)
	}
	c.op(core.OpReturn)
	c.end()
}

// notASCII pushes a number that is not 0 if what was copied is not ASCII.
func (c *copying) notASCII(size uint32) {
	c.get(c.collected(size))
	switch size {
	case 16:
		c.op(core.OpI8x16Bitmask)
	case 8:
		c.i64(0x8080808080808080)
		c.op(core.OpI64And)
		c.i64(0)
		c.op(core.OpI64Ne)
	default:
		c.i32(0x80808080)
		c.op(core.OpI32And)
	}
}

// collected returns the local variable that collects what was copied with a size.
func (c *copying) collected(size uint32) uint32 {
	v, ok := c.seen[size]
	if !ok {
		v = c.local(valType(letterOfSize(size)))
		c.seen[size] = v
	}
	return v
}

// collect adds the value on the stack to those that were copied, and leaves it there.
func (c *copying) collect(size uint32) {
	if !c.text {
		return
	}
	v := c.local(valType(letterOfSize(size)))
	c.tee(v)
	c.get(c.collected(size))
	switch size {
	case 16:
		c.op(core.OpV128Or)
	case 8:
		c.op(core.OpI64Or)
	default:
		c.op(core.OpI32Or)
	}
	c.set(c.collected(size))
	c.get(v)
}

// read returns a put of the bytes at the same offset of the source.
func (c *copying) read(src, size, offset uint32) put {
	x := c.load(src, size, offset)
	return put{size: size, offset: offset, push: func() {
		x.push()
		c.collect(size)
	}}
}

// last pushes a pointer to the last k bytes.
func (c *copying) last(base, k uint32) {
	c.get(base)
	c.get(copySize)
	c.op(core.OpI32Add)
	c.i32(k)
	c.op(core.OpI32Sub)
}

// ends copies the first and the last k bytes.
func (c *copying) ends(k uint32) {
	c.get(copyDst)
	c.last(copyDst, k)
	c.read(copySrc, k, 0).push()
	c.last(copySrc, k)
	c.access(loadOf(k), 0)
	c.collect(k)
	v := letterOfSize(k)
	c.call(c.p.remote(c.p.g.destination(c.p), fmt.Sprintf("ends %d", k), sig(fmt.Sprintf("ii%c%c:", v, v)), func(d *code) {
		for i := range uint32(2) {
			d.get(i)
			d.get(i + 2)
			d.access(storeOf(k), 0)
		}
	}))
}

// blocks copies blocks of k bytes, a multiple of 16, and then the last k bytes. There are at least
// k bytes. It changes the pointers.
func (c *copying) blocks(k uint32) {
	last, delta := c.local(core.I32), c.local(core.I32)
	c.get(copyDst)
	c.get(copySrc)
	c.op(core.OpI32Sub)
	c.set(delta)
	c.last(copySrc, k)
	c.set(last)
	c.block(core.OpBlock)
	c.block(core.OpLoop)
	var list []put
	for at := uint32(0); at < k; at += 16 {
		list = append(list, c.read(copySrc, 16, at))
	}
	c.puts(copyDst, list)
	c.get(copySrc)
	c.get(last)
	c.op(core.OpI32Eq)
	c.brIf(1)
	// The next block, or the last if that is closer.
	c.get(copySrc)
	c.add(k)
	c.tee(copySrc)
	c.get(last)
	c.get(copySrc)
	c.get(last)
	c.op(core.OpI32LtU, core.OpSelect)
	c.tee(copySrc)
	c.get(delta)
	c.op(core.OpI32Add)
	c.set(copyDst)
	c.br(0)
	c.end()
	c.end()
}
