package wit

import "github.com/mortise-wasm/mortise/model/types"

// eachPart calls f for each direct part of t: also for the resource of a handle.
func eachPart(t types.Type, f func(types.Type)) {
	opt := func(t types.ValType) {
		if t != nil {
			f(t)
		}
	}
	switch t := t.(type) {
	case *types.Record:
		for _, x := range t.Fields {
			f(x.Type)
		}
	case *types.Variant:
		for _, x := range t.Cases {
			opt(x.Type)
		}
	case *types.Tuple:
		for _, x := range t.Elems {
			f(x)
		}
	case *types.List:
		f(t.Elem)
	case *types.FixedList:
		f(t.Elem)
	case *types.Option:
		f(t.Elem)
	case *types.Result:
		opt(t.OK)
		opt(t.Err)
	case *types.Map:
		f(t.Key)
		f(t.Value)
	case *types.Stream:
		opt(t.Elem)
	case *types.Future:
		opt(t.Elem)
	case *types.Own:
		f(t.Of)
	case *types.Borrow:
		f(t.Of)
	}
}
