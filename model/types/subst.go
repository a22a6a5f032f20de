package types

import "slices"

// Subst replaces resource types, and replaces named types by equal types with other names. It
// returns a type that needs no replacement unchanged, with the same pointer. Results are memoized,
// so types that share a component type still share it afterwards. The zero value and nil replace
// nothing. A Subst is not safe for concurrent use.
type Subst struct {
	res  map[*Resource]Type
	name map[*Named]Type
	memo map[Type]Type
	ext  map[Extern]Extern
}

// Bind makes s replace r by to, which is a [*Resource] or a [*Named] of one. Bind must not be
// called after a replacement that could have involved r.
func (s *Subst) Bind(r *Resource, to Type) {
	if s.res == nil {
		s.res = make(map[*Resource]Type)
	}
	s.res[r] = to
	s.memo, s.ext = nil, nil
}

// Rename makes s replace the named type n by to, which is equal to n. Rename must not be called
// after a replacement that could have involved n.
func (s *Subst) Rename(n *Named, to Type) {
	if s.name == nil {
		s.name = make(map[*Named]Type)
	}
	s.name[n] = to
	s.memo, s.ext = nil, nil
}

// Empty reports whether s replaces nothing.
func (s *Subst) Empty() bool { return s == nil || len(s.res) == 0 && len(s.name) == 0 }

// Bound returns the replacement of r, if s has one.
func (s *Subst) Bound(r *Resource) (Type, bool) {
	if s == nil {
		return nil, false
	}
	t, ok := s.res[r]
	return t, ok
}

// Type returns t with its resources replaced. It returns nil for nil.
func (s *Subst) Type(t Type) Type {
	if s.Empty() || t == nil {
		return t
	}
	if _, ok := t.(Prim); ok {
		return t
	}
	if r, ok := t.(*Resource); ok {
		if to, ok := s.res[r]; ok {
			return to
		}
		return t
	}
	if n, ok := t.(*Named); ok {
		if to, ok := s.name[n]; ok {
			return to
		}
	}
	if u, ok := s.memo[t]; ok {
		return u
	}
	u := s.replace(t)
	if s.memo == nil {
		s.memo = make(map[Type]Type)
	}
	s.memo[t] = u
	return u
}

// Val is [Subst.Type] for a value type.
func (s *Subst) Val(t ValType) ValType {
	if t == nil {
		return nil
	}
	return s.Type(t).(ValType)
}

func (s *Subst) replace(t Type) Type {
	switch t := t.(type) {
	case *Flags, *Enum:
		return t
	case *Record:
		if f, changed := mapSlice(t.Fields, func(f Field) (Field, bool) {
			v := s.Val(f.Type)
			return Field{f.Name, v}, v != f.Type
		}); changed {
			return &Record{f}
		}
	case *Variant:
		if c, changed := mapSlice(t.Cases, func(c Case) (Case, bool) {
			v := s.Val(c.Type)
			return Case{c.Name, v}, v != c.Type
		}); changed {
			return &Variant{c}
		}
	case *Tuple:
		if e, changed := mapSlice(t.Elems, func(e ValType) (ValType, bool) {
			v := s.Val(e)
			return v, v != e
		}); changed {
			return &Tuple{e}
		}
	case *List:
		if e := s.Val(t.Elem); e != t.Elem {
			return &List{e}
		}
	case *FixedList:
		if e := s.Val(t.Elem); e != t.Elem {
			return &FixedList{e, t.Len}
		}
	case *Option:
		if e := s.Val(t.Elem); e != t.Elem {
			return &Option{e}
		}
	case *Result:
		if ok, err := s.Val(t.OK), s.Val(t.Err); ok != t.OK || err != t.Err {
			return &Result{ok, err}
		}
	case *Map:
		if k, v := s.Val(t.Key), s.Val(t.Value); k != t.Key || v != t.Value {
			return &Map{k, v}
		}
	case *Stream:
		if e := s.Val(t.Elem); e != t.Elem {
			return &Stream{e}
		}
	case *Future:
		if e := s.Val(t.Elem); e != t.Elem {
			return &Future{e}
		}
	case *Own:
		if of := s.Type(t.Of); of != t.Of {
			return &Own{of}
		}
	case *Borrow:
		if of := s.Type(t.Of); of != t.Of {
			return &Borrow{of}
		}
	case *Named:
		if of := s.Type(t.Of); of != t.Of {
			return &Named{t.Name, of, t.Home}
		}
	case *Func:
		return s.function(t)
	case *Instance:
		if items, changed := s.items(t.Exports); changed {
			return &Instance{items, t.Resources}
		}
	case *Component:
		im, c1 := s.items(t.Imports)
		ex, c2 := s.items(t.Exports)
		if c1 || c2 {
			return &Component{im, ex, t.ImportedResources, t.ExportedResources}
		}
	default:
		panic(unreachable(t))
	}
	return t
}

func (s *Subst) function(t *Func) *Func {
	params, c1 := mapSlice(t.Params, func(p Param) (Param, bool) {
		v := s.Val(p.Type)
		return Param{p.Name, v}, v != p.Type
	})
	result := s.Val(t.Result)
	if c1 || result != t.Result {
		return &Func{t.Async, params, result}
	}
	return t
}

// Extern returns x with its resources replaced.
func (s *Subst) Extern(x Extern) Extern {
	if s.Empty() {
		return x
	}
	switch x := x.(type) {
	case *Module:
		return x
	case *Func:
		return s.Type(x).(Extern)
	case *Instance:
		return s.Type(x).(Extern)
	case *Component:
		return s.Type(x).(Extern)
	}
	if y, ok := s.ext[x]; ok {
		return y
	}
	y := x
	switch x := x.(type) {
	case *Value:
		if v := s.Val(x.Type); v != x.Type {
			y = &Value{v}
		}
	case *Bound:
		if t := s.Type(x.Type); t != x.Type {
			y = &Bound{t}
		}
	default:
		panic(unreachable(x))
	}
	if s.ext == nil {
		s.ext = make(map[Extern]Extern)
	}
	s.ext[x] = y
	return y
}

// Items returns the items with their resources replaced.
func (s *Subst) Items(it Items) Items {
	out, _ := s.items(it)
	return out
}

func (s *Subst) items(it Items) (Items, bool) {
	list, changed := mapSlice(it.list, func(x Item) (Item, bool) {
		t := s.Extern(x.Type)
		c := t != x.Type
		x.Type = t
		return x, c
	})
	if !changed {
		return it, false
	}
	return Items{list: list, index: it.index}, true
}

// mapSlice applies f to each element and copies the list only if an element changed.
func mapSlice[T any](list []T, f func(T) (T, bool)) ([]T, bool) {
	var out []T
	for i, x := range list {
		y, changed := f(x)
		if changed && out == nil {
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

// Fresh returns the type of a new instance of t: each resource that t binds is replaced by a new
// one with the same name and the given home, and the result binds none. The second result lists the
// new resources in the order of t.Resources.
func Fresh(t *Instance, home string) (*Instance, []*Resource) {
	if len(t.Resources) == 0 {
		return t, nil
	}
	var s Subst
	fresh := make([]*Resource, len(t.Resources))
	for i, r := range t.Resources {
		fresh[i] = &Resource{Name: r.Name, Home: home}
		s.Bind(r, fresh[i])
	}
	return &Instance{Exports: s.Items(t.Exports)}, fresh
}

// HasFreeResource reports whether t mentions a resource that t does not itself bind. A resource
// that one part of t binds must not be mentioned in another part: creators of instance types use
// [Fresh] to ensure this.
func HasFreeResource(t Type) bool {
	f := freeFinder{bound: make(map[*Resource]bool), seen: make(map[Type]bool)}
	return f.typ(t)
}

type freeFinder struct {
	bound map[*Resource]bool
	seen  map[Type]bool // types without free resources
}

func (f *freeFinder) typ(t Type) bool {
	if t == nil {
		return false
	}
	if r, ok := t.(*Resource); ok {
		return !f.bound[r]
	}
	if _, ok := t.(Prim); ok || f.seen[t] {
		return false
	}
	f.seen[t] = true
	switch t := t.(type) {
	case *Flags, *Enum:
		return false
	case *Record:
		return anyOf(t.Fields, func(x Field) bool { return f.typ(x.Type) })
	case *Variant:
		return anyOf(t.Cases, func(x Case) bool { return f.val(x.Type) })
	case *Tuple:
		return anyOf(t.Elems, func(x ValType) bool { return f.typ(x) })
	case *List:
		return f.typ(t.Elem)
	case *FixedList:
		return f.typ(t.Elem)
	case *Option:
		return f.typ(t.Elem)
	case *Result:
		return f.val(t.OK) || f.val(t.Err)
	case *Map:
		return f.typ(t.Key) || f.typ(t.Value)
	case *Stream:
		return f.val(t.Elem)
	case *Future:
		return f.val(t.Elem)
	case *Own:
		return f.typ(t.Of)
	case *Borrow:
		return f.typ(t.Of)
	case *Named:
		return f.typ(t.Of)
	case *Func:
		return anyOf(t.Params, func(x Param) bool { return f.typ(x.Type) }) || f.val(t.Result)
	case *Instance:
		f.bind(t.Resources)
		return f.items(t.Exports)
	case *Component:
		f.bind(t.ImportedResources)
		f.bind(t.ExportedResources)
		return f.items(t.Imports) || f.items(t.Exports)
	default:
		panic(unreachable(t))
	}
}

func (f *freeFinder) val(t ValType) bool { return t != nil && f.typ(t) }

func (f *freeFinder) bind(rs []*Resource) {
	for _, r := range rs {
		f.bound[r] = true
	}
}

func (f *freeFinder) items(it Items) bool {
	return anyOf(it.list, func(x Item) bool {
		switch t := x.Type.(type) {
		case *Func:
			return f.typ(t)
		case *Instance:
			return f.typ(t)
		case *Component:
			return f.typ(t)
		case *Module:
			return false
		case *Value:
			return f.typ(t.Type)
		case *Bound:
			return f.typ(t.Type)
		default:
			panic(unreachable(t))
		}
	})
}

func anyOf[T any](list []T, f func(T) bool) bool { return slices.ContainsFunc(list, f) }
