package wast

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/runner"
)

// spectestText is the module that scripts of the core specification import from.
const spectestText = `(module
  (func (export "print"))
  (func (export "print_i32") (param i32))
  (func (export "print_i64") (param i64))
  (func (export "print_f32") (param f32))
  (func (export "print_f64") (param f64))
  (func (export "print_i32_f32") (param i32 f32))
  (func (export "print_f64_f64") (param f64 f64))
  (global (export "global_i32") i32 (i32.const 666))
  (global (export "global_i64") i64 (i64.const 666))
  (global (export "global_f32") f32 (f32.const 666.6))
  (global (export "global_f64") f64 (f64.const 666.6))
  (table (export "table") 10 20 funcref)
  (memory (export "memory") 1 2)
  %s)`

// spectestMore has the exports of spectest for proposals that the engine lacks.
const spectestMore = `(table (export "table64") i64 10 20 funcref) (memory (export "shared_memory") 1 2 shared)`

// spectest returns the instance of that name for a module, and makes it on first use. Exports that
// the engine lacks exist only for modules that import them, and only as types.
func (r *run) spectest(m *core.Module) (*instance, error) {
	which := 0
	for _, im := range m.Imports {
		if im.Module == "spectest" && strings.Contains(spectestMore, strconv.Quote(im.Name)) {
			which = 1
		}
	}
	if r.spectests[which] == nil {
		more := [...]string{"", spectestMore}[which]
		unit, err := wat.Parse(diag.NewFile("spectest.wat", fmt.Appendf(nil, spectestText, more)))
		if err != nil {
			return nil, err
		}
		module, err := core.Decode(unit.Append(nil))
		if err != nil {
			return nil, err
		}
		inst, err := r.engine.InstantiateCore(r.ctx, module, nil)
		if err != nil && !errors.Is(err, runner.ErrUnsupported) {
			return nil, err
		}
		r.spectests[which] = &instance{core: inst}
		if err != nil {
			r.spectests[which].skip = first(err)
		}
		r.cores = append(r.cores, inst)
	}
	return r.spectests[which], nil
}

// importsOf returns the imports of a module, and the list of the instances that they come from. The
// list grows as the imports are requested.
func (r *run) importsOf(m *core.Module) (runner.CoreImports, *[]*instance) {
	var from []*instance
	return func(name string) *runner.CoreInstance {
		i := r.registered[name]
		if i == nil && name == "spectest" {
			var err error
			if i, err = r.spectest(m); err != nil {
				panic(fmt.Sprintf("unreachable: spectest: %v", err))
			}
		} else if i != nil && !slices.Contains(from, i) {
			from = append(from, i)
		}
		switch {
		case i == nil || i.core == nil:
			return nil
		case i.skip != "":
			return i.core.TypeOnly()
		}
		return i.core
	}, &from
}

// instantiateCore makes an instance of a module. If the engine cannot run the module, the instance
// has only a type, and skip has the reason.
func (r *run) instantiateCore(u *unit) (*instance, error) {
	imports, from := r.importsOf(u.module)
	inst, err := r.engine.InstantiateCore(r.ctx, u.module, imports)
	i := &instance{core: inst}
	if reason := missing(*from); reason != "" {
		return nil, &skipError{reason}
	}
	switch {
	case errors.Is(err, runner.ErrUnsupported):
		i.skip = first(err)
		for _, p := range *from {
			if p.skip != "" {
				i.skip = p.skip
			}
		}
		if acts(u.module) {
			r.taint(*from, i.skip)
		}
		err = &skipError{i.skip}
	case err != nil:
		return nil, err
	}
	i.imports = *from
	r.cores = append(r.cores, inst)
	r.linked = append(r.linked, i)
	return i, err
}

// missing returns the reason why one of the instances does not exist, or "" if all exist.
func missing(list []*instance) string {
	for _, i := range list {
		if i.core == nil {
			return i.skip
		}
	}
	return ""
}

// acts reports whether instantiating a module may change the instances that it imports from.
func acts(m *core.Module) bool { return m.Start != nil || m.NumElems > 0 || m.NumData > 0 }

// taint marks instances as unusable because code that could have changed their state was not run.
// It marks the given instances and all instances that share something with them.
func (r *run) taint(list []*instance, reason string) {
	for len(list) > 0 {
		i := list[0]
		list = list[1:]
		if i.tainted {
			continue
		}
		i.tainted = true
		if i.skip == "" {
			i.skip = reason
		}
		list = append(list, i.imports...)
		for _, other := range r.linked {
			if slices.Contains(other.imports, i) {
				list = append(list, other)
			}
		}
	}
}

func (r *run) register(d *wat.Register) (Outcome, string) {
	i := r.insts[d.Of]
	switch {
	case i == nil:
		return Fail, fmt.Sprintf("there is no instance `%s`", d.Of)
	case i.skip != "":
		r.registered[d.Name] = i
		return Skip, i.skip
	case i.core == nil:
		return Skip, "components are not registered: nothing can import from them by a name"
	}
	r.registered[d.Name] = i
	return Pass, ""
}

func (r *run) invokeCore(i *instance, d *wat.Invoke) (results, error) {
	ft, ok := i.core.Type().Export(d.Name).(*types.CoreFunc)
	if !ok {
		return results{}, fmt.Errorf("there is no exported function `%s`", d.Name)
	}
	if len(ft.Params) != len(d.Args) {
		return results{}, fmt.Errorf("`%s` takes %s, %d given", d.Name, diag.Count(len(ft.Params), "argument"), len(d.Args))
	}
	var args []uint64
	for n, a := range d.Args {
		words, err := coreWords(a, ft.Params[n])
		if err != nil {
			return results{}, fmt.Errorf("argument %d: %w", n, err)
		}
		args = append(args, words...)
	}
	words, err := i.core.Call(r.ctx, d.Name, args)
	if err != nil {
		return results{}, err
	}
	out := results{isCore: true}
	for _, t := range ft.Results {
		v := coreValue{typ: t, bits: words[0]}
		if words = words[1:]; t == types.V128 {
			v.high, words = words[0], words[1:]
		}
		out.core = append(out.core, v)
	}
	return out, nil
}

func getGlobal(i *instance, d *wat.Get) (results, error) {
	if i.core == nil {
		return results{}, fmt.Errorf("a component has no globals")
	}
	g, ok := i.core.Type().Export(d.Name).(*types.CoreGlobal)
	switch {
	case !ok:
		return results{}, fmt.Errorf("there is no exported global `%s`", d.Name)
	case g.Type == types.V128:
		return results{}, &skipError{"globals of type v128 are not read"}
	}
	bits, _ := i.core.Global(d.Name)
	return results{isCore: true, core: []coreValue{{bits: bits, typ: g.Type}}}, nil
}
