package types

// Subst replaces resource types, and replaces named types by equal types with other names. It
// returns a type that needs no replacement unchanged, with the same pointer. Results are memoized,
// so types that share a component type still share it afterwards. The zero value and nil replace
// nothing. A Subst is not safe for concurrent use.
type Subst struct {
	res  map[*Resource]Type
	name map[*Named]Type
	memo map[Type]Type
}

// Bind makes s replace r by to, which is a [*Resource] or a [*Named] of one. Bind must not be
// called after a replacement that could have involved r.
func (s *Subst) Bind(r *Resource, to Type) {
	if s.res == nil {
		s.res = make(map[*Resource]Type)
	}
	s.res[r] = to
	s.memo = nil
}

// Rename makes s replace the named type n by to, which is equal to n. Rename must not be called
// after a replacement that could have involved n.
func (s *Subst) Rename(n *Named, to Type) {
	if s.name == nil {
		s.name = make(map[*Named]Type)
	}
	s.name[n] = to
	s.memo = nil
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
	u := MapParts(t, s.Type)
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

// Extern returns x with its resources replaced.
func (s *Subst) Extern(x Extern) Extern {
	if s.Empty() {
		return x
	}
	return mapExtern(x, s.Type)
}

// Items returns the items with their resources replaced.
func (s *Subst) Items(it Items) Items {
	if s.Empty() {
		return it
	}
	out, _ := it.mapParts(s.Type)
	return out
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
	if r, ok := t.(*Resource); ok {
		return !f.bound[r]
	}
	if _, ok := t.(Prim); ok || f.seen[t] {
		return false
	}
	f.seen[t] = true
	switch t := t.(type) {
	case *Instance:
		f.bind(t.Resources)
	case *Component:
		f.bind(t.ImportedResources)
		f.bind(t.ExportedResources)
	}
	for part := range Parts(t) {
		if f.typ(part) {
			return true
		}
	}
	return false
}

func (f *freeFinder) bind(rs []*Resource) {
	for _, r := range rs {
		f.bound[r] = true
	}
}
