package types

import "iter"

// Parts yields the types that t directly consists of, in order: those of fields, cases, elements,
// parameters and the result, the resource of a handle, and what a name stands for. A part that is
// omitted, such as the payload of a case, is left out. The parts of an instance or component type
// are those of its imports and exports; a core module has none.
func Parts(t Type) iter.Seq[Type] {
	return func(yield func(Type) bool) { eachPart(t, yield) }
}

// eachPart yields the parts of t until yield returns false. It reports whether yield never did.
func eachPart(t Type, yield func(Type) bool) bool {
	opt := func(t ValType) bool { return t == nil || yield(t) }
	switch t := t.(type) {
	case nil, Prim, *Flags, *Enum, *Resource:
		return true
	case *Record:
		for i := range t.Fields {
			if !yield(t.Fields[i].Type) {
				return false
			}
		}
		return true
	case *Variant:
		for i := range t.Cases {
			if !opt(t.Cases[i].Type) {
				return false
			}
		}
		return true
	case *Tuple:
		for _, e := range t.Elems {
			if !yield(e) {
				return false
			}
		}
		return true
	case *List:
		return yield(t.Elem)
	case *FixedList:
		return yield(t.Elem)
	case *Option:
		return yield(t.Elem)
	case *Result:
		return opt(t.OK) && opt(t.Err)
	case *Map:
		return yield(t.Key) && yield(t.Value)
	case *Stream:
		return opt(t.Elem)
	case *Future:
		return opt(t.Elem)
	case *Own:
		return yield(t.Of)
	case *Borrow:
		return yield(t.Of)
	case *Named:
		return yield(t.Of)
	case *Func:
		for i := range t.Params {
			if !yield(t.Params[i].Type) {
				return false
			}
		}
		return opt(t.Result)
	case *Instance:
		return t.Exports.eachPart(yield)
	case *Component:
		return t.Imports.eachPart(yield) && t.Exports.eachPart(yield)
	default:
		panic(unreachable(t))
	}
}

func (it Items) eachPart(yield func(Type) bool) bool {
	for i := range it.list {
		t := typeOf(it.list[i].Type)
		if t != nil && !yield(t) {
			return false
		}
	}
	return true
}

// typeOf returns the type that the type of an import or export is or holds. For a core module it
// returns nil.
func typeOf(x Extern) Type {
	switch x := x.(type) {
	case *Func:
		return x
	case *Instance:
		return x
	case *Component:
		return x
	case *Value:
		return x.Type
	case *Bound:
		return x.Type
	case *Module:
		return nil
	default:
		panic(unreachable(x))
	}
}

// MapParts returns t with each of its [Parts] replaced by the result of f. If f returns every part
// itself, the result is t. The result for a part must be of the same kind: a value type, function,
// instance or component for one of these.
func MapParts(t Type, f func(Type) Type) Type {
	val := func(t ValType) ValType {
		if t == nil {
			return nil
		}
		return f(t).(ValType)
	}
	switch t := t.(type) {
	case nil, Prim, *Flags, *Enum, *Resource:
		return t
	case *Record:
		if list, changed := mapSlice(t.Fields, func(x Field) Field { return Field{x.Name, val(x.Type)} }); changed {
			return &Record{list}
		}
	case *Variant:
		if list, changed := mapSlice(t.Cases, func(x Case) Case { return Case{x.Name, val(x.Type)} }); changed {
			return &Variant{list}
		}
	case *Tuple:
		if list, changed := mapSlice(t.Elems, val); changed {
			return &Tuple{list}
		}
	case *List:
		if e := val(t.Elem); e != t.Elem {
			return &List{e}
		}
	case *FixedList:
		if e := val(t.Elem); e != t.Elem {
			return &FixedList{e, t.Len}
		}
	case *Option:
		if e := val(t.Elem); e != t.Elem {
			return &Option{e}
		}
	case *Result:
		if ok, err := val(t.OK), val(t.Err); ok != t.OK || err != t.Err {
			return &Result{ok, err}
		}
	case *Map:
		if k, v := val(t.Key), val(t.Value); k != t.Key || v != t.Value {
			return &Map{k, v}
		}
	case *Stream:
		if e := val(t.Elem); e != t.Elem {
			return &Stream{e}
		}
	case *Future:
		if e := val(t.Elem); e != t.Elem {
			return &Future{e}
		}
	case *Own:
		if of := f(t.Of); of != t.Of {
			return &Own{of}
		}
	case *Borrow:
		if of := f(t.Of); of != t.Of {
			return &Borrow{of}
		}
	case *Named:
		if of := f(t.Of); of != t.Of {
			return &Named{t.Name, of, t.Home}
		}
	case *Func:
		params, changed := mapSlice(t.Params, func(x Param) Param { return Param{x.Name, val(x.Type)} })
		if result := val(t.Result); changed || result != t.Result {
			return &Func{t.Async, params, result}
		}
	case *Instance:
		if exports, changed := t.Exports.mapParts(f); changed {
			return &Instance{exports, t.Resources}
		}
	case *Component:
		imports, c1 := t.Imports.mapParts(f)
		exports, c2 := t.Exports.mapParts(f)
		if c1 || c2 {
			return &Component{imports, exports, t.ImportedResources, t.ExportedResources}
		}
	default:
		panic(unreachable(t))
	}
	return t
}

func (it Items) mapParts(f func(Type) Type) (Items, bool) {
	list, changed := mapSlice(it.list, func(x Item) Item {
		x.Type = mapExtern(x.Type, f)
		return x
	})
	if !changed {
		return it, false
	}
	return Items{list: list, index: it.index}, true
}

// mapExtern returns x with the type that it is or holds replaced by the result of f.
func mapExtern(x Extern, f func(Type) Type) Extern {
	switch x := x.(type) {
	case *Func:
		return f(x).(Extern)
	case *Instance:
		return f(x).(Extern)
	case *Component:
		return f(x).(Extern)
	case *Value:
		if v := f(x.Type); v != x.Type {
			return &Value{v.(ValType)}
		}
	case *Bound:
		if t := f(x.Type); t != x.Type {
			return &Bound{t}
		}
	case *Module:
	default:
		panic(unreachable(x))
	}
	return x
}

// mapSlice applies f to each element and copies the list only if an element changed.
func mapSlice[T comparable](list []T, f func(T) T) ([]T, bool) {
	var out []T
	for i, x := range list {
		y := f(x)
		if y != x && out == nil {
			out = make([]T, len(list))
			copy(out, list[:i])
		}
		if out != nil {
			out[i] = y
		}
	}
	if out == nil {
		return list, false
	}
	return out, true
}

// Members yields the members of a record, variant, enum or flags type in order: the name of each,
// and its type, which is nil if it has none. Other types have no members.
func Members(t Type) iter.Seq2[string, ValType] {
	return func(yield func(string, ValType) bool) { eachMember(t, yield) }
}

func eachMember(t Type, yield func(string, ValType) bool) {
	var names []string
	switch t := t.(type) {
	case *Record:
		for i := range t.Fields {
			if !yield(t.Fields[i].Name, t.Fields[i].Type) {
				return
			}
		}
	case *Variant:
		for i := range t.Cases {
			if !yield(t.Cases[i].Name, t.Cases[i].Type) {
				return
			}
		}
	case *Enum:
		names = t.Names
	case *Flags:
		names = t.Names
	}
	for _, n := range names {
		if !yield(n, nil) {
			return
		}
	}
}

// Labels yields the names of the [Members] of t.
func Labels(t Type) iter.Seq[string] {
	return func(yield func(string) bool) {
		eachMember(t, func(name string, _ ValType) bool { return yield(name) })
	}
}

// HasMembers reports whether t is a record, variant, enum or flags type with at least one member.
// WIT can write such a type only as a definition with a name.
func HasMembers(t Type) bool {
	for range Members(t) {
		return true
	}
	return false
}
