package wit

import (
	"fmt"
	"maps"
	"slices"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/ordered"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// interfaceBody resolves the items of an interface into i. If lossy is set, some items could not be
// read.
func (s *source) interfaceBody(i *Interface, id syntax.Ident, items []syntax.InterfaceItem, docs syntax.Docs, attrs []syntax.Attr, lossy bool) {
	i.Docs = s.docText(docs)
	i.Stability = s.stability(attrs)
	defer s.enter(block{
		object: s.objects[i], off: s.excludes(i, i.Stability, i.Span), lossy: lossy, body: s.bodyOf(id, usesIn(items)),
	})()
	s.typeItems(owner{iface: i}, typesIn(items))
	for _, e := range s.block.names.All() {
		if !s.excluded[e.def] {
			i.Types = append(i.Types, e.def)
		}
	}
	// Functions come last: they may use all types.
	var funcs ordered.Map[string, *Func]
	seen := map[string]bool{}
	for _, it := range items {
		switch it := it.(type) {
		case *syntax.Func:
			if !s.define(it.Name, entry{what: "function", span: s.at(it.Name.Range)}) || it.Bad {
				continue
			}
			f := s.function(it, nil, it.Name.Name, it.Docs, it.Attrs)
			funcs.Set(f.Name, f)
		case *syntax.TypeDef:
			if e, ok := s.block.names.Get(it.Name.Name); ok && it.Kind == syntax.ResourceDef && !seen[it.Name.Name] {
				seen[it.Name.Name] = true
				for _, f := range s.resourceFuncs(it, e.def) {
					funcs.Add(f.Name, f)
				}
			}
		}
	}
	s.incomplete[i] = lossy
	s.scopes[i] = maps.Collect(s.block.names.All())
	for _, f := range funcs.All() {
		if !s.excluded[f] {
			i.Funcs = append(i.Funcs, f)
		}
	}
	if !s.block.off {
		s.ifaces = append(s.ifaces, i)
	}
}

// typesIn yields the uses and type definitions of an interface or world.
func typesIn[T syntax.Node](items []T) func(func(*syntax.Use, *syntax.TypeDef)) {
	return func(yield func(*syntax.Use, *syntax.TypeDef)) {
		for _, it := range items {
			switch it := any(it).(type) {
			case *syntax.Use:
				yield(it, nil)
			case *syntax.TypeDef:
				yield(nil, it)
			}
		}
	}
}

// define defines a name in the current scope. It reports false if the name is already defined.
func (s *source) define(id syntax.Ident, e entry) bool {
	if prev, ok := s.block.names.Get(id.Name); ok {
		s.duplicate(id.Name, e.span, prev.span)
		return false
	}
	if other, ok := s.block.names.folded[name.LabelKey(id.Name)]; ok {
		prev, _ := s.block.names.Get(other)
		d := s.duplicate(id.Name, e.span, prev.span)
		d.Message = fmt.Sprintf("name `%s` is defined more than once: `%s` differs only in case", d.Primary.Text(), d.Labels[0].Span.Text())
	}
	s.block.names.set(id.Name, e)
	return true
}

// typeItems resolves the uses and then the type definitions of an interface or world.
func (s *source) typeItems(own owner, each func(func(*syntax.Use, *syntax.TypeDef))) {
	each(func(u *syntax.Use, _ *syntax.TypeDef) {
		if u != nil {
			s.use(own, u)
		}
	})
	var deps ordered.Map[string, *node]
	defs := map[string]*syntax.TypeDef{}
	each(func(u *syntax.Use, t *syntax.TypeDef) {
		if u != nil {
			for _, n := range u.Names {
				deps.Set(n.Local().Name, &node{span: s.at(n.Local().Range)})
			}
			return
		}
		if prev, ok := deps.Get(t.Name.Name); ok {
			s.duplicate(t.Name.Name, s.at(t.Name.Range), prev.span)
			return
		}
		n := &node{span: s.at(t.Name.Range)}
		typeDeps(t.Type, &n.edges)
		for i := range t.Members {
			typeDeps(t.Members[i].Type, &n.edges)
		}
		deps.Set(t.Name.Name, n)
		defs[t.Name.Name] = t
	})
	for label, n := range deps.All() {
		for _, e := range n.edges {
			if !deps.Has(e.Name) {
				s.unknownType("type", e, deps.Keys(), label)
			}
		}
	}
	order := toposort(&deps)
	if s.cyclic("type", "is made of", &deps, order) {
		done := map[string]bool{}
		for _, o := range order {
			done[o] = true
		}
		for label, t := range defs {
			if !done[label] {
				s.defineUnresolved(t)
			}
		}
	}
	for _, label := range order {
		if t := defs[label]; t != nil {
			s.typeDef(own, t)
		}
	}
}

// typeDeps appends the names in a type to deps.
func typeDeps(t *syntax.Type, deps *[]syntax.Ident) {
	if t == nil {
		return
	}
	switch t.Kind {
	case syntax.Named, syntax.Own, syntax.Borrow:
		*deps = append(*deps, t.Name)
	}
	for _, a := range t.Args {
		typeDeps(a, deps)
	}
}

// use resolves `use a.{b, c as d};`.
func (s *source) use(own owner, u *syntax.Use) {
	from := s.lookupInterface(&u.From)
	gate := s.stability(u.Attrs)
	ext, hasExt := s.externalID(u.Attrs)
	for _, n := range u.Names {
		local := n.Local()
		target := unresolved()
		e, ok := s.scope(from)[n.Name.Name]
		switch {
		case s.missing[from]:
		case !ok && s.incomplete[from]:
		case !ok:
			d := s.errorf(s.at(n.Name.Range), CodeUnknownName, "name `%s` does not exist", n.Name.Name).
				Captionf("not found in interface `%s`", from.Name).Labelf(from.Span, "the interface")
			s.suggest(d, n.Name, maps.Keys(s.scope(from)))
		case e.def == nil:
			s.errorf(s.at(n.Name.Range), CodeWrongItem, "cannot import %s `%s`", e.what, n.Name.Name).
				Captionf("only types can be used").Labelf(e.span, "the %s", e.what)
		default:
			target = e.def
			s.uses(s.at(n.Name.Range), target)
		}
		d := &TypeDef{
			Name: local.Name, Type: &types.Named{Name: local.Name, Of: target.Type, Home: own.home()}, Interface: own.iface, World: own.world,
			Stability: gate, ExternalID: ext, HasExternalID: hasExt, Span: s.at(local.Range),
		}
		if n.As.Name != "" {
			s.setObject(d, s.declareAlias(n.As, s.block.object, target))
		}
		if s.addType(d) {
			s.refer(target.Type, d.Span, diag.Span{})
		}
		s.define(local, entry{def: d, span: d.Span})
	}
}

// typeDef resolves a type definition.
func (s *source) typeDef(own owner, t *syntax.TypeDef) {
	obj := s.declare(TypeObject, t.Name, s.block.object)
	if t.Bad && t.Kind != syntax.ResourceDef {
		s.setObject(s.defineUnresolved(t), obj)
		return
	}
	d := &TypeDef{
		Name: t.Name.Name, Interface: own.iface, World: own.world, Docs: s.docText(t.Docs), Stability: s.stability(t.Attrs), Span: s.at(t.Name.Range),
	}
	d.ExternalID, d.HasExternalID = s.externalID(t.Attrs)
	s.setObject(d, obj)
	named := &types.Named{Name: d.Name, Home: own.home()}
	d.Type = named
	switch t.Kind {
	case syntax.AliasDef:
		if t.Type.Kind != syntax.BadType {
			named.Of = s.structure(t.Type, d.Stability)
		}
		if s.addType(d) {
			s.referParts(s.form(d), d.Span, s.typeSpan(t.Type))
		}
	case syntax.ResourceDef:
		d.Type = &types.Resource{Name: d.Name, Home: named.Home}
		s.checkResource(t)
		s.addType(d)
	default:
		s.members(d, named, t)
	}
	s.define(t.Name, entry{def: d, span: d.Span})
}

// defineUnresolved defines the name of a type that cannot be resolved.
func (s *source) defineUnresolved(t *syntax.TypeDef) *TypeDef {
	d := unresolved()
	d.Name = t.Name.Name
	s.m.byType[d.Type] = d
	s.define(t.Name, entry{def: d, span: s.at(t.Name.Range)})
	return d
}

// members resolves the definition of a record, variant, enum or flags type.
func (s *source) members(d *TypeDef, named *types.Named, t *syntax.TypeDef) {
	what := "case"
	switch {
	case t.Kind == syntax.RecordDef:
		what = "field"
	case t.Kind == syntax.FlagsDef:
		what = "flag"
	case t.Kind == syntax.VariantDef && len(t.Members) == 0:
		s.errorf(d.Span, CodeEmptyType, "empty variant").Captionf("has no cases")
	case t.Kind == syntax.EnumDef && len(t.Members) == 0:
		s.errorf(d.Span, CodeEmptyType, "empty enum").Captionf("has no cases")
	}
	var seen labels
	d.Members = make([]Member, 0, len(t.Members))
	list := make([]types.Case, 0, len(t.Members))
	for i := range t.Members {
		m := &t.Members[i]
		at := s.at(m.Name.Range)
		s.declare(MemberObject, m.Name, s.objects[d])
		if prev, ok := seen.add(m.Name.Name); !ok {
			s.errorf(at, CodeDuplicateName, "%s `%s` is defined more than once", what, m.Name.Name).
				Labelf(d.Members[prev].Span, "first defined here")
		}
		d.Members = append(d.Members, Member{s.docText(m.Docs), at})
		list = append(list, types.Case{Name: m.Name.Name, Type: s.typeRef(m.Type, d.Stability)})
	}
	named.Of = withMembers(t.Kind, list)
	if !s.addType(d) {
		return
	}
	for i, m := range list {
		at := d.Span
		if t.Kind == syntax.RecordDef {
			at = d.Members[i].Span
		}
		if m.Type != nil {
			s.refer(m.Type, at, s.typeSpan(t.Members[i].Type))
		}
	}
}

// withMembers returns the type of a kind of definition with the given members.
func withMembers(kind syntax.TypeDefKind, list []types.Case) types.Type {
	names := make([]string, len(list))
	for i, m := range list {
		names[i] = m.Name
	}
	switch kind {
	case syntax.VariantDef:
		return &types.Variant{Cases: list}
	case syntax.EnumDef:
		return &types.Enum{Names: names}
	case syntax.FlagsDef:
		return &types.Flags{Names: names}
	}
	r := &types.Record{Fields: make([]types.Field, len(list))}
	for i, m := range list {
		r.Fields[i] = types.Field(m)
	}
	return r
}

// labels finds labels that differ only in case. It compares a few labels one by one, which needs no
// memory for an index.
type labels struct {
	list  []string
	index map[string]int
}

// add adds a label at the next position. If an equal label exists, it returns that label's position
// and false.
func (l *labels) add(label string) (int, bool) {
	const few = 8
	label = name.LabelKey(label)
	pos, n := -1, len(l.list)
	if l.index == nil {
		pos = slices.Index(l.list, label)
	} else if i, ok := l.index[label]; ok {
		pos = i
	}
	l.list = append(l.list, label)
	switch {
	case l.index != nil && pos < 0:
		l.index[label] = n
	case n == few:
		l.index = make(map[string]int)
		for i, s := range l.list {
			if _, ok := l.index[s]; !ok {
				l.index[s] = i
			}
		}
	}
	return pos, pos < 0
}

// checkResource reports functions with the same name in a resource.
func (s *source) checkResource(t *syntax.TypeDef) {
	seen := make(map[string]syntax.Ident, len(t.Funcs))
	for _, f := range t.Funcs {
		k := f.Name.Name
		if f.Kind == syntax.ConstructorFunc {
			k = "[constructor]"
		}
		prev, ok := seen[k]
		switch {
		case !ok:
			seen[k] = f.Name
		case f.Kind == syntax.ConstructorFunc:
			s.errorf(s.at(f.Name.Range), CodeDuplicateName, "duplicate constructors").Labelf(s.at(prev.Range), "first defined here")
		default:
			s.errorf(s.at(f.Name.Range), CodeDuplicateName, "duplicate function name `%s`", k).Labelf(s.at(prev.Range), "first defined here")
		}
	}
}

// resourceFuncs resolves the functions of a resource.
func (s *source) resourceFuncs(t *syntax.TypeDef, res *TypeDef) []*Func {
	out := make([]*Func, 0, len(t.Funcs))
	for _, f := range t.Funcs {
		var full string
		switch f.Kind {
		case syntax.ConstructorFunc:
			full = name.Constructor(t.Name.Name)
		case syntax.StaticFunc:
			full = name.Static(t.Name.Name, f.Name.Name)
		default:
			full = name.Method(t.Name.Name, f.Name.Name)
		}
		out = append(out, s.function(f, res, full, f.Docs, f.Attrs))
	}
	return out
}

var funcKinds = [...]FuncKind{
	syntax.FreeFunc: Freestanding, syntax.MethodFunc: Method, syntax.StaticFunc: Static, syntax.ConstructorFunc: Constructor,
}

// function resolves a function. The resource of the function is res, or nil.
func (s *source) function(f *syntax.Func, res *TypeDef, full string, docs syntax.Docs, attrs []syntax.Attr) *Func {
	out := &Func{
		Name: full, Kind: funcKinds[f.Kind], Async: f.Async, Resource: res, Docs: s.docText(docs), Stability: s.stability(attrs),
		Span: s.at(f.Name.Range), Params: make([]Param, 0, len(f.Params)+1),
	}
	out.ExternalID, out.HasExternalID = s.externalID(attrs)
	if s.block.off || !s.included(out.Stability, out.Span) {
		s.excluded[out] = true
	}
	// refer refers to a type unless the function is left out.
	refer := func(t types.Type, at diag.Span) {
		if t != nil && !s.excluded[out] {
			s.refer(t, at, diag.Span{})
		}
	}
	home := s.block.object
	if res != nil {
		home = s.objects[res]
		refer(res.Type, out.Span)
	}
	obj := s.declare(FuncObject, f.Name, home)
	s.setObject(out, obj)
	var seen labels
	if f.Kind == syntax.MethodFunc {
		at := s.at(f.Keyword)
		self := s.intern(&types.Borrow{Of: res.Type}, Stability{}, at)
		out.Params = append(out.Params, Param{"self", self, at})
		refer(self, out.Span)
		seen.add("self")
	}
	for i := range f.Params {
		p := &f.Params[i]
		if prev, ok := seen.add(p.Name.Name); !ok {
			s.errorf(s.at(p.Name.Range), CodeDuplicateName, "param `%s` is defined more than once", p.Name.Name).
				Labelf(out.Params[prev].Span, "first defined here")
		}
		s.declare(ParamObject, p.Name, obj)
		t := s.typeRef(p.Type, Stability{})
		out.Params = append(out.Params, Param{p.Name.Name, t, s.at(p.Name.Range)})
		refer(t, s.typeSpan(p.Type))
	}
	at := out.Span
	switch {
	case f.Kind == syntax.ConstructorFunc && f.Result == nil:
		out.Result = s.value(res.Type)
	case f.Kind == syntax.ConstructorFunc:
		out.Result = s.constructorResult(f.Result, res)
	case f.Result != nil:
		out.Result = s.typeRef(f.Result, Stability{})
	}
	if f.Result != nil {
		at = s.typeSpan(f.Result)
	}
	refer(out.Result, at)
	if !s.excluded[out] && !s.broken && s.hasBorrow(out.Result) {
		d := s.errorf(out.Span, CodeBorrowInResult, "function `%s` returns a type which contains a `borrow<T>` which is not supported", out.Name)
		if f.Result != nil {
			d.Labelf(s.at(borrowIn(f.Result).Range), "this holds a borrowed handle")
		}
		d.Notef("a borrowed handle ends with the call that it was passed to").Helpf("return an owned handle")
	}
	return out
}

// hasBorrow reports whether a type contains a borrowed handle.
func (s *source) hasBorrow(t types.Type) bool {
	has, ok := s.borrows[t]
	if ok {
		return has
	}
	switch t.(type) {
	case types.Prim, *types.Own, nil:
		return false
	case *types.Borrow:
		return true
	}
	for part := range types.Parts(t) {
		has = has || s.hasBorrow(part)
	}
	s.borrows[t] = has
	return has
}

// borrowIn returns the first borrowed handle in the text of a type, or the type itself if there is
// none.
func borrowIn(t *syntax.Type) *syntax.Type {
	found := t
	syntax.Walk(t, func(n syntax.Node) bool {
		if b, ok := n.(*syntax.Type); ok && b.Kind == syntax.Borrow && found == t {
			found = b
		}
		return true
	})
	return found
}

// constructorResult resolves the result type of a constructor: `result<r>` or `result<r, e>`.
func (s *source) constructorResult(t *syntax.Type, res *TypeDef) types.ValType {
	r := s.typeRef(t, Stability{})
	var form types.Type
	if d := s.defOf(r); d != nil {
		form = s.form(d)
	}
	result, ok := form.(*types.Result)
	switch {
	case isUnresolved(r):
	case !ok:
		s.errorf(s.typeSpan(t), CodeBadConstructor, "if a constructor return type is declared it must be a `result`").
			Helpf("write `-> result<%s>`, or leave the type out", res.Name)
	case result.OK != s.value(res.Type) && !isUnresolved(result.OK):
		at := t
		if t.Kind == syntax.Result && t.Args[0] != nil {
			at = t.Args[0]
		}
		s.errorf(s.typeSpan(at), CodeBadConstructor, "the `ok` type must be the resource being constructed").Captionf("expected `%s`", res.Name)
	}
	return r
}
