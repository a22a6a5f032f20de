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
func (r *resolver) interfaceBody(i *Interface, id syntax.Ident, items []syntax.InterfaceItem, docs syntax.Docs, attrs []syntax.Attr, lossy bool) {
	i.Docs = r.docText(docs)
	i.Stability = r.stability(attrs)
	defer r.enter(block{
		object: r.objects[i], off: r.excludes(i, i.Stability, i.Span), lossy: lossy, body: r.bodyOf(id, usesIn(items)),
	})()
	r.typeItems(owner{iface: i}, typesIn(items))
	for _, e := range r.block.names.All() {
		if !r.excluded[e.def] {
			i.Types = append(i.Types, e.def)
		}
	}
	// Functions come last: they may use all types.
	var funcs ordered.Map[string, *Func]
	seen := map[string]bool{}
	for _, it := range items {
		switch it := it.(type) {
		case *syntax.Func:
			if !r.define(it.Name, entry{what: "function", span: r.at(it.Name.Range)}) || it.Bad {
				continue
			}
			f := r.function(it, nil, it.Name.Name, it.Docs, it.Attrs)
			funcs.Set(f.Name, f)
		case *syntax.TypeDef:
			if e, ok := r.block.names.Get(it.Name.Name); ok && it.Kind == syntax.ResourceDef && !seen[it.Name.Name] {
				seen[it.Name.Name] = true
				for _, f := range r.resourceFuncs(it, e.def) {
					funcs.Add(f.Name, f)
				}
			}
		}
	}
	r.incomplete[i] = lossy
	r.scopes[i] = maps.Collect(r.block.names.All())
	for _, f := range funcs.All() {
		if !r.excluded[f] {
			i.Funcs = append(i.Funcs, f)
		}
	}
	if !r.block.off {
		r.ifaces = append(r.ifaces, i)
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
func (r *resolver) define(id syntax.Ident, e entry) bool {
	if prev, ok := r.block.names.Get(id.Name); ok {
		r.duplicate(id.Name, e.span, prev.span)
		return false
	}
	if other, ok := r.block.names.folded[name.LabelKey(id.Name)]; ok {
		prev, _ := r.block.names.Get(other)
		d := r.duplicate(id.Name, e.span, prev.span)
		d.Message = fmt.Sprintf("name `%s` is defined more than once: `%s` differs only in case", d.Primary.Text(), d.Labels[0].Span.Text())
	}
	r.block.names.set(id.Name, e)
	return true
}

// typeItems resolves the uses and then the type definitions of an interface or world.
func (r *resolver) typeItems(own owner, each func(func(*syntax.Use, *syntax.TypeDef))) {
	each(func(u *syntax.Use, _ *syntax.TypeDef) {
		if u != nil {
			r.use(own, u)
		}
	})
	var deps ordered.Map[string, *node]
	defs := map[string]*syntax.TypeDef{}
	each(func(u *syntax.Use, t *syntax.TypeDef) {
		if u != nil {
			for _, n := range u.Names {
				deps.Set(n.Local().Name, &node{span: r.at(n.Local().Range)})
			}
			return
		}
		if prev, ok := deps.Get(t.Name.Name); ok {
			r.duplicate(t.Name.Name, r.at(t.Name.Range), prev.span)
			return
		}
		n := &node{span: r.at(t.Name.Range)}
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
				r.unknownType("type", e, deps.Keys(), label)
			}
		}
	}
	order := toposort(&deps)
	if r.cyclic("type", "is made of", &deps, order) {
		done := map[string]bool{}
		for _, o := range order {
			done[o] = true
		}
		for label, t := range defs {
			if !done[label] {
				r.defineUnresolved(t)
			}
		}
	}
	for _, label := range order {
		if t := defs[label]; t != nil {
			r.typeDef(own, t)
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
func (r *resolver) use(own owner, u *syntax.Use) {
	from := r.lookupInterface(&u.From)
	gate := r.stability(u.Attrs)
	ext, hasExt := r.externalID(u.Attrs)
	for _, n := range u.Names {
		local := n.Local()
		var target *TypeDef
		e, ok := r.scope(from)[n.Name.Name]
		switch {
		case r.missing[from]:
		case !ok && r.incomplete[from]:
		case !ok:
			d := r.errorf(r.at(n.Name.Range), CodeUnknownName, "name `%s` does not exist", n.Name.Name).
				Captionf("not found in interface `%s`", from.Name).Labelf(from.Span, "the interface")
			r.suggest(d, n.Name, maps.Keys(r.scope(from)))
		case e.def == nil:
			r.errorf(r.at(n.Name.Range), CodeWrongItem, "cannot import %s `%s`", e.what, n.Name.Name).
				Captionf("only types can be used").Labelf(e.span, "the %s", e.what)
		default:
			target = e.def
			r.uses(r.at(n.Name.Range), target)
		}
		if target == nil {
			target = r.unresolved()
		}
		named := &types.Named{Name: local.Name, Of: target.Type, Home: own.home()}
		d := &TypeDef{
			Name: local.Name, Type: named, Interface: own.iface, World: own.world, Stability: gate, ExternalID: ext, HasExternalID: hasExt,
			Span: r.at(local.Range),
		}
		if n.As.Name != "" {
			r.setObject(d, r.declareAlias(n.As, r.block.object, target))
		}
		if r.defineType(local, d) && !r.refer(target.Type, d.Span, diag.Span{}) {
			// The interface does not depend on the other one.
			named.Of = r.unresolved().Type
			if n.As.Name == "" {
				r.setObject(d, r.objects[target])
			}
		}
	}
}

// typeDef resolves a type definition.
func (r *resolver) typeDef(own owner, t *syntax.TypeDef) {
	obj := r.declare(TypeObject, t.Name, r.block.object)
	if t.Bad && t.Kind != syntax.ResourceDef {
		r.setObject(r.defineUnresolved(t), obj)
		return
	}
	d := &TypeDef{
		Name: t.Name.Name, Interface: own.iface, World: own.world, Docs: r.docText(t.Docs), Stability: r.stability(t.Attrs), Span: r.at(t.Name.Range),
	}
	d.ExternalID, d.HasExternalID = r.externalID(t.Attrs)
	r.setObject(d, obj)
	named := &types.Named{Name: d.Name, Home: own.home()}
	d.Type = named
	switch t.Kind {
	case syntax.AliasDef:
		if t.Type.Kind != syntax.BadType {
			named.Of = r.structure(t.Type, d.Stability)
		}
		if r.defineType(t.Name, d) {
			r.referParts(r.form(d), d.Span, r.typeSpan(t.Type))
		}
	case syntax.ResourceDef:
		d.Type = &types.Resource{Name: d.Name, Home: named.Home}
		r.checkResource(t)
		r.defineType(t.Name, d)
	default:
		r.members(d, named, t)
	}
}

// defineType adds a definition under its name. It reports false if the gate of the definition
// disables it.
func (r *resolver) defineType(id syntax.Ident, d *TypeDef) bool {
	r.define(id, entry{def: d, span: d.Span})
	return r.addType(d)
}

// defineUnresolved defines the name of a type that cannot be resolved.
func (r *resolver) defineUnresolved(t *syntax.TypeDef) *TypeDef {
	d := r.unresolved()
	d.Name = t.Name.Name
	r.define(t.Name, entry{def: d, span: r.at(t.Name.Range)})
	return d
}

// members resolves the definition of a record, variant, enum or flags type.
func (r *resolver) members(d *TypeDef, named *types.Named, t *syntax.TypeDef) {
	what := "case"
	switch {
	case t.Kind == syntax.RecordDef:
		what = "field"
	case t.Kind == syntax.FlagsDef:
		what = "flag"
	case t.Kind == syntax.VariantDef && len(t.Members) == 0:
		r.errorf(d.Span, CodeEmptyType, "empty variant").Captionf("has no cases")
	case t.Kind == syntax.EnumDef && len(t.Members) == 0:
		r.errorf(d.Span, CodeEmptyType, "empty enum").Captionf("has no cases")
	}
	var seen labels
	d.Members = make([]Member, 0, len(t.Members))
	list := make([]types.Case, 0, len(t.Members))
	for i := range t.Members {
		m := &t.Members[i]
		at := r.at(m.Name.Range)
		r.declare(MemberObject, m.Name, r.objects[d])
		if prev, ok := seen.add(m.Name.Name); !ok {
			r.errorf(at, CodeDuplicateName, "%s `%s` is defined more than once", what, m.Name.Name).
				Labelf(d.Members[prev].Span, "first defined here")
		}
		d.Members = append(d.Members, Member{r.docText(m.Docs), at})
		list = append(list, types.Case{Name: m.Name.Name, Type: r.typeRef(m.Type, d.Stability)})
	}
	named.Of = withMembers(t.Kind, list)
	if !r.defineType(t.Name, d) {
		return
	}
	for i, m := range list {
		at := d.Span
		if t.Kind == syntax.RecordDef {
			at = d.Members[i].Span
		}
		if m.Type != nil {
			r.refer(m.Type, at, r.typeSpan(t.Members[i].Type))
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
func (r *resolver) resourceFuncs(t *syntax.TypeDef, res *TypeDef) []*Func {
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
		out = append(out, r.function(f, res, full, f.Docs, f.Attrs))
	}
	return out
}

var funcKinds = [...]FuncKind{
	syntax.FreeFunc: Freestanding, syntax.MethodFunc: Method, syntax.StaticFunc: Static, syntax.ConstructorFunc: Constructor,
}

// function resolves a function. The resource of the function is res, or nil.
func (r *resolver) function(f *syntax.Func, res *TypeDef, full string, docs syntax.Docs, attrs []syntax.Attr) *Func {
	out := &Func{
		Name: full, Kind: funcKinds[f.Kind], Async: f.Async, Resource: res, Docs: r.docText(docs), Stability: r.stability(attrs),
		Span: r.at(f.Name.Range), Params: make([]Param, 0, len(f.Params)+1),
	}
	out.ExternalID, out.HasExternalID = r.externalID(attrs)
	if r.block.off || !r.included(out.Stability, out.Span) {
		r.excluded[out] = true
	}
	// refer refers to a type unless the function is left out.
	refer := func(t types.Type, at diag.Span) {
		if t != nil && !r.excluded[out] {
			r.refer(t, at, diag.Span{})
		}
	}
	home := r.block.object
	if res != nil {
		home = r.objects[res]
		refer(res.Type, out.Span)
	}
	obj := r.declare(FuncObject, f.Name, home)
	r.setObject(out, obj)
	var seen labels
	if f.Kind == syntax.MethodFunc {
		at := r.at(f.Keyword)
		self := r.intern(&types.Borrow{Of: res.Type}, Stability{}, at)
		out.Params = append(out.Params, Param{"self", self, at})
		refer(self, out.Span)
		seen.add("self")
	}
	for i := range f.Params {
		p := &f.Params[i]
		if prev, ok := seen.add(p.Name.Name); !ok {
			r.errorf(r.at(p.Name.Range), CodeDuplicateName, "param `%s` is defined more than once", p.Name.Name).
				Labelf(out.Params[prev].Span, "first defined here")
		}
		r.declare(ParamObject, p.Name, obj)
		t := r.typeRef(p.Type, Stability{})
		out.Params = append(out.Params, Param{p.Name.Name, t, r.at(p.Name.Range)})
		refer(t, r.typeSpan(p.Type))
	}
	at := out.Span
	switch {
	case f.Kind == syntax.ConstructorFunc && f.Result == nil:
		out.Result = r.value(res.Type)
	case f.Kind == syntax.ConstructorFunc:
		out.Result = r.constructorResult(f.Result, res)
	case f.Result != nil:
		out.Result = r.typeRef(f.Result, Stability{})
	}
	if f.Result != nil {
		at = r.typeSpan(f.Result)
	}
	refer(out.Result, at)
	if !r.excluded[out] && !r.broken && r.hasBorrow(out.Result) {
		d := r.errorf(out.Span, CodeBorrowInResult, "function `%s` returns a type which contains a `borrow<T>` which is not supported", out.Name)
		if f.Result != nil {
			d.Labelf(r.at(borrowIn(f.Result).Range), "this holds a borrowed handle")
		}
		d.Notef("a borrowed handle ends with the call that it was passed to").Helpf("return an owned handle")
	}
	return out
}

// hasBorrow reports whether a type contains a borrowed handle.
func (r *resolver) hasBorrow(t types.Type) bool {
	if d := r.defOf(t); d != nil && r.excluded[d] {
		return false // that is an error already
	}
	has, ok := r.borrows[t]
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
		has = has || r.hasBorrow(part)
	}
	r.borrows[t] = has
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
func (r *resolver) constructorResult(t *syntax.Type, res *TypeDef) types.ValType {
	out := r.typeRef(t, Stability{})
	var form types.Type
	if d := r.defOf(out); d != nil {
		form = r.form(d)
	}
	result, ok := form.(*types.Result)
	switch {
	case isUnresolved(out):
	case !ok:
		r.errorf(r.typeSpan(t), CodeBadConstructor, "if a constructor return type is declared it must be a `result`").
			Helpf("write `-> result<%s>`, or leave the type out", res.Name)
	case result.OK != r.value(res.Type) && !isUnresolved(result.OK):
		at := t
		if t.Kind == syntax.Result && t.Args[0] != nil {
			at = t.Args[0]
		}
		r.errorf(r.typeSpan(at), CodeBadConstructor, "the `ok` type must be the resource being constructed").Captionf("expected `%s`", res.Name)
	}
	return out
}
