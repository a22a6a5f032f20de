package wast

import (
	"fmt"
	"math"

	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/runner"
)

// coreValue is a core value: a word and its type.
type coreValue struct {
	bits uint64
	typ  types.CoreVal
}

func (r *run) instantiateCore(u *unit) (*instance, error) {
	var missing error
	inst, err := r.engine.InstantiateCore(r.ctx, u.module, func(name string) *runner.CoreInstance {
		switch i := r.registered[name]; {
		case i == nil:
			return nil
		case i.skip != "":
			missing = &skipError{i.skip}
			return nil
		default:
			return i.core
		}
	})
	if missing != nil {
		return nil, missing
	}
	if err != nil {
		return nil, err
	}
	r.cores = append(r.cores, inst)
	return &instance{core: inst}, nil
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
		return results{}, fmt.Errorf("`%s` takes %d arguments, %d are given", d.Name, len(ft.Params), len(d.Args))
	}
	args := make([]uint64, len(d.Args))
	for n, a := range d.Args {
		if k, ok := coreKinds[ft.Params[n]]; !ok || a.Kind != k {
			if ok {
				return results{}, fmt.Errorf("argument %d: %v is no value of type %s", n, a.Kind, ft.Params[n])
			}
			return results{}, &skipError{"values of type " + ft.Params[n].String() + " are not passed"}
		}
		args[n] = a.Bits
	}
	words, err := i.core.Call(r.ctx, d.Name, args)
	if err != nil {
		return results{}, err
	}
	out := results{isCore: true}
	for n, t := range ft.Results {
		if _, ok := coreKinds[t]; !ok {
			return results{}, &skipError{"values of type " + t.String() + " are not compared"}
		}
		out.core = append(out.core, coreValue{words[n], t})
	}
	return out, nil
}

func getGlobal(i *instance, d *wat.Get) (results, error) {
	if i.core == nil {
		return results{}, fmt.Errorf("a component has no globals")
	}
	g, ok := i.core.Type().Export(d.Name).(*types.CoreGlobal)
	if !ok {
		return results{}, fmt.Errorf("there is no exported global `%s`", d.Name)
	}
	bits, _ := i.core.Global(d.Name)
	return results{isCore: true, core: []coreValue{{bits, g.Type}}}, nil
}

// coreKinds are the kinds of script values for core types that fit a word.
var coreKinds = map[types.CoreVal]wat.ValueKind{
	types.I32: wat.KindI32, types.I64: wat.KindI64, types.F32Core: wat.KindF32, types.F64Core: wat.KindF64,
}

// matchCore compares core values with patterns.
func matchCore(want []wat.Value, got []coreValue) error {
	if len(want) != len(got) {
		return fmt.Errorf("%d results are wanted, there are %d", len(want), len(got))
	}
	for i, w := range want {
		if err := matchCoreValue(w, got[i]); err != nil {
			return fmt.Errorf("result %d: %w", i, err)
		}
	}
	return nil
}

func matchCoreValue(w wat.Value, got coreValue) error {
	kind, ok := coreKinds[got.typ]
	switch {
	case !ok:
		return &skipError{"values of type " + got.typ.String() + " are not compared"}
	case w.Kind == wat.KindEither:
		var err error
		for _, alternative := range w.Elems {
			if err = matchCoreValue(alternative, got); err == nil {
				return nil
			}
		}
		return err
	case w.Kind != kind:
		return fmt.Errorf("it is of type %s, want %v", got.typ, w.Kind)
	case w.NaN != 0:
		return matchNaN(w, got.bits)
	}
	bits, mask := got.bits, ^uint64(0)
	if got.typ == types.I32 || got.typ == types.F32Core {
		mask = math.MaxUint32
	}
	if bits&mask != w.Bits&mask {
		return fmt.Errorf("it is %#x, want %#x", bits&mask, w.Bits&mask)
	}
	return nil
}
