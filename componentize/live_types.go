package componentize

import (
	"github.com/mortise-wasm/mortise/model/ordered"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// liveTypes collects definitions with their dependencies, dependencies first.
type liveTypes struct {
	m   *wit.Model
	set ordered.Map[*wit.TypeDef, bool]
}

func (l *liveTypes) add(t types.Type) {
	d := l.m.Def(t)
	if d == nil || l.set.Has(d) {
		return
	}
	of := t
	n, named := t.(*types.Named)
	if named {
		of = n.Of
	}
	if named && l.m.Def(of) != nil {
		l.add(of)
	} else {
		for p := range types.Parts(of) {
			l.add(p)
		}
	}
	l.set.Set(d, true)
}

func (l *liveTypes) val(t types.ValType) {
	if t != nil {
		l.add(t)
	}
}

func (l *liveTypes) function(f *wit.Func) {
	if f.Kind == wit.Static {
		l.add(f.Resource.Type) // the parameters and the result may not use it
	}
	for _, p := range f.Params {
		l.val(p.Type)
	}
	l.val(f.Result)
}

func (l *liveTypes) iface(i *wit.Interface) {
	for _, t := range i.Types {
		l.add(t.Type)
	}
	for _, f := range i.Funcs {
		l.function(f)
	}
}

func (l *liveTypes) item(i *wit.WorldItem) {
	switch {
	case i.Interface != nil:
		l.iface(i.Interface)
	case i.Func != nil:
		l.function(i.Func)
	default:
		l.add(i.Type.Type)
	}
}
