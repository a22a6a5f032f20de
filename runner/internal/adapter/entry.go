package adapter

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/types"
)

// entry makes the function that the caller's core code calls for function i of the edge.
func (g *generator) entry(i int) {
	f := &g.edge.Funcs[i]
	p := g.parts[Entry]
	lower := sigOf(abi.FlattenFunc(f.Type, abi.Options{}, abi.Lower))
	name := strconv.Itoa(i)
	p.export(name, p.define("entry "+name, lower, func(c *code) {
		c.realloc = f.Realloc
		g.enter(c)
		args := g.params(c, f)
		ret := g.callCore(c, f, args)
		result := g.result(c, f, ret)
		g.postReturn(c, f, ret)
		for _, x := range g.edge.Entering {
			c.i32(0)
			c.setFlags(x)
		}
		for _, v := range result {
			c.get(v)
		}
	}))
}

// enter checks that the call may leave the caller and enter the callee.
func (g *generator) enter(c *code) {
	if g.edge.CheckLeave {
		c.checkFlag(g.edge.Caller, Locked, CannotLeave)
	}
	for _, x := range g.edge.Entering {
		c.checkFlag(x, Entered, CannotEnter)
	}
	for _, x := range g.edge.Entering {
		c.i32(Entered) // it is not locked: its realloc and post-return cannot call
		c.setFlags(x)
	}
}

// params passes the parameters and returns the local variables with the arguments of the callee's
// core function.
func (g *generator) params(c *code, f *Func) []uint32 {
	if !abi.ParamsInMemory(f.Type, abi.Options{}, abi.Lower) {
		in, args := uint32(0), []uint32(nil)
		for _, t := range abi.ParamTypes(f.Type) {
			var vars []uint32
			for range flatten(t) {
				vars = append(vars, in)
				in++
			}
			args = append(args, c.flat(t, vars)...)
		}
		return args
	}
	const src = 0
	tuple := &types.Tuple{Elems: abi.ParamTypes(f.Type)}
	c.get(src)
	c.call(c.at(c.p, tuple))
	dst := c.local(core.I32)
	c.i32(g.size(tuple))
	c.alloc(g.align(tuple), ReallocPointer)
	c.set(dst)
	c.items(src, dst, g.inside(tuple, 0, nil))
	return []uint32{dst}
}

// callCore calls the callee's core function and returns the local variables with its results.
func (g *generator) callCore(c *code, f *Func, args []uint32) []uint32 {
	for _, v := range args {
		c.get(v)
	}
	lift := sigOf(abi.FlattenFunc(f.Type, abi.Options{}, abi.Lift))
	c.call(c.p.importFunc(Source{Kind: CoreFunc, Slot: f.Core}, lift))
	_, results := lift.split()
	var ret []uint32
	for _, t := range slices.Backward(results) {
		v := c.local(t)
		c.set(v)
		ret = append(ret, v)
	}
	return ret
}

// result passes the result and returns the local variables to return to the caller's core code.
func (g *generator) result(c *code, f *Func, ret []uint32) []uint32 {
	t := f.Type.Result
	switch {
	case t == nil:
		return nil
	case !abi.ResultInMemory(f.Type, abi.Options{}, abi.Lower):
		return c.flat(t, ret)
	}
	t = types.UnnameVal(t)
	out := uint32(c.params - 1)
	c.get(ret[0])
	c.get(out)
	key := fmt.Sprintf("result %d, realloc %d", g.id(t), f.CallerRealloc)
	c.call(c.p.remote(g.parts[CalleeMemory], key, "ii:", func(r *code) {
		const src, dst = 0, 1
		r.realloc = f.CallerRealloc
		r.get(src)
		r.call(r.at(r.p, t))
		r.get(dst)
		r.call(r.at(g.parts[CallerMemory], t))
		r.items(src, dst, g.inside(t, 0, nil))
	}))
	return nil
}

// postReturn lets the callee free its result.
func (g *generator) postReturn(c *code, f *Func, ret []uint32) {
	if f.PostReturn < 0 {
		return
	}
	c.locked(g.edge.Callee, func() {
		for _, v := range ret {
			c.get(v)
		}
		c.call(c.p.importFunc(Source{Kind: CoreFunc, Slot: f.PostReturn}, sigOf(abi.FlattenPostReturn(f.Type, abi.Options{}))))
	})
}
