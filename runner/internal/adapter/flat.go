package adapter

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/types"
)

// flatten returns the core types of t, which are few.
func flatten(t types.ValType) []core.ValType {
	var list []core.ValType
	for _, v := range abi.FlattenType(t, abi.Ptr32, abi.MaxFlatParams) {
		list = append(list, valType(letterOf(v)))
	}
	return list
}

// flat passes a value as core values. in holds the local variables with the value as the source
// passes it; the result are those with the value for the destination.
func (c *code) flat(t types.ValType, in []uint32) []uint32 {
	t = types.UnnameVal(t)
	if e, ok := c.p.g.elemOf(t); ok {
		return c.flatPair(in, c.list(e))
	}
	if fields, ok := fieldsOf(t); ok {
		var out []uint32
		for _, f := range fields {
			n := len(flatten(f))
			out = append(out, c.flat(f, in[:n])...)
			in = in[n:]
		}
		return out
	}
	if kind, _ := scalarOf(t); kind != 0 {
		return c.flatScalar(in[0], func() { c.check(t) })
	}
	switch t := t.(type) {
	case types.Prim:
		return c.flatPrim(t, in)
	case *types.FixedList:
		var out []uint32
		n := len(flatten(t.Elem))
		for range t.Len {
			out = append(out, c.flat(t.Elem, in[:n])...)
			in = in[n:]
		}
		return out
	}
	cases, ok := casesOf(t)
	if !ok {
		panic(fmt.Sprintf("unreachable: %T", t))
	}
	return c.flatVariant(cases, in)
}

func (c *code) flatScalar(in uint32, convert func()) []uint32 {
	out := c.local(core.I32)
	c.get(in)
	convert()
	c.set(out)
	return []uint32{out}
}

func (c *code) flatPair(in []uint32, copying funcRef) []uint32 {
	ptr := c.local(core.I32)
	c.get(in[0])
	c.get(in[1])
	c.call(copying)
	c.set(ptr)
	return []uint32{ptr, in[1]}
}

func (c *code) flatPrim(t types.Prim, in []uint32) []uint32 {
	mask := func(n uint32) []uint32 {
		return c.flatScalar(in[0], func() {
			c.i32(n)
			c.op(core.OpI32And)
		})
	}
	switch t {
	case types.U8:
		return mask(0xff)
	case types.U16:
		return mask(0xffff)
	case types.S8:
		return c.flatScalar(in[0], func() { c.op(core.OpI32Extend8S) })
	case types.S16:
		return c.flatScalar(in[0], func() { c.op(core.OpI32Extend16S) })
	case types.String:
		return c.flatPair(in, c.string())
	case types.S32, types.U32, types.S64, types.U64, types.F32, types.F64:
		return in[:1]
	default:
		panic(fmt.Sprintf("unreachable: %v", t))
	}
}

// flatVariant passes a variant: the discriminant, and core values that hold the payload of any
// case.
func (c *code) flatVariant(cases []types.ValType, in []uint32) []uint32 {
	c.get(in[0])
	c.i32(uint32(len(cases)))
	c.op(core.OpI32GeU)
	c.trapIf(Discriminant)
	// The variables are 0 where the case has no value for them.
	out := []uint32{in[0]}
	for _, v := range in[1:] {
		out = append(out, c.local(c.vars[v]))
	}
	for i, t := range cases {
		if t == nil {
			continue
		}
		c.get(in[0])
		c.i32(uint32(i))
		c.op(core.OpI32Eq)
		c.if_()
		var payload []uint32
		for k, want := range flatten(t) {
			v := in[1+k]
			if have := c.vars[v]; have != want {
				c.get(v)
				c.coerce(have, want)
				v = c.local(want)
				c.set(v)
			}
			payload = append(payload, v)
		}
		for k, v := range c.flat(t, payload) {
			c.get(v)
			c.coerce(c.vars[v], c.vars[out[1+k]])
			c.set(out[1+k])
		}
		c.end()
	}
	return out
}

// coerce converts between the core type of a case and the type that joins it with other cases
// (CanonicalABI.md, "Flat Lifting" and "Flat Lowering").
func (c *code) coerce(from, to core.ValType) {
	switch {
	case from == to:
	case from == core.I32 && to == core.F32:
		c.op(core.OpF32ReinterpretI32)
	case from == core.I64 && to == core.I32:
		c.op(core.OpI32WrapI64)
	case from == core.I64 && to == core.F32:
		c.op(core.OpI32WrapI64, core.OpF32ReinterpretI32)
	case from == core.I64 && to == core.F64:
		c.op(core.OpF64ReinterpretI64)
	case from == core.F32 && to == core.I32:
		c.op(core.OpI32ReinterpretF32)
	case from == core.I32 && to == core.I64:
		c.op(core.OpI64ExtendI32U)
	case from == core.F32 && to == core.I64:
		c.op(core.OpI32ReinterpretF32, core.OpI64ExtendI32U)
	case from == core.F64 && to == core.I64:
		c.op(core.OpI64ReinterpretF64)
	default:
		panic(fmt.Sprintf("unreachable: %v to %v", from, to))
	}
}
