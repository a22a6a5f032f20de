package wit

import (
	"fmt"
	"maps"
	"slices"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/ordered"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// interfaceBody resolves the items of an interface into i. If lossy is set, some items could not be
// read.
func (s *source) interfaceBody(i *iface, id syntax.Ident, items []syntax.InterfaceItem, docs syntax.Docs, attrs []syntax.Attr, lossy bool) {
	i.docs = s.docText(docs)
	i.stab = s.stability(attrs)
	s.names, s.within = nameTable{}, i.obj
	s.lossy = lossy
	defer s.enter(id, usesIn(items))()
	s.typeItems(owner{iface: i}, func(yield func(*syntax.Use, *syntax.TypeDef)) {
		for _, it := range items {
			switch it := it.(type) {
			case *syntax.Use:
				yield(it, nil)
			case *syntax.TypeDef:
				yield(nil, it)
			}
		}
	})
	for label, e := range s.names.All() {
		i.types.Set(label, e.def)
	}
	// Functions come last: they may use all types.
	seen := map[string]bool{}
	for _, it := range items {
		switch it := it.(type) {
		case *syntax.Func:
			if !s.define(it.Name, entry{what: "function", span: s.at(it.Name.Range)}) || it.Bad {
				continue
			}
			f := s.function(it, nil, it.Name.Name, it.Docs, it.Attrs)
			i.funcs.Set(f.name, f)
		case *syntax.TypeDef:
			if e, ok := s.names.Get(it.Name.Name); ok && it.Kind == syntax.ResourceDef && !seen[it.Name.Name] {
				seen[it.Name.Name] = true
				for _, f := range s.resourceFuncs(it, e.def) {
					i.funcs.Add(f.name, f)
				}
			}
		}
	}
	i.lossy = lossy
	i.scope = make(map[string]entry, s.names.Len())
	for label, e := range s.names.All() {
		i.scope[label] = e
	}
	s.names = nameTable{}
	s.lossy = false
}

// define defines a name in the current scope. It reports false if the name is already defined.
func (s *source) define(id syntax.Ident, e entry) bool {
	if prev, ok := s.names.Get(id.Name); ok {
		s.duplicate(id.Name, e.span, prev.span)
		return false
	}
	if other, ok := s.names.folded[name.LabelKey(id.Name)]; ok {
		prev, _ := s.names.Get(other)
		d := s.duplicate(id.Name, e.span, prev.span)
		d.Message = fmt.Sprintf("name `%s` is defined more than once: `%s` differs only in case", d.Primary.Text(), d.Labels[0].Span.Text())
	}
	s.names.set(id.Name, e)
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
				s.define(t.Name, entry{def: poisonDef(), span: s.at(t.Name.Range)})
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
	from := s.lookupIface(&u.From)
	gate, ext := s.stability(u.Attrs), s.externalID(u.Attrs)
	for _, n := range u.Names {
		local := n.Local()
		target := poisonDef()
		e, ok := from.scope[n.Name.Name]
		switch {
		case from.poison:
		case !ok && from.lossy:
		case !ok:
			d := s.errorf(s.at(n.Name.Range), CodeUnknownName, "name `%s` does not exist", n.Name.Name).
				Captionf("not found in interface `%s`", from.name).Labelf(from.span, "the interface")
			s.suggest(d, n.Name, maps.Keys(from.scope))
		case e.def == nil:
			s.errorf(s.at(n.Name.Range), CodeWrongItem, "cannot import %s `%s`", e.what, n.Name.Name).
				Captionf("only types can be used").Labelf(e.span, "the %s", e.what)
		default:
			target = e.def
			s.uses(s.at(n.Name.Range), target)
		}
		d := &def{name: local.Name, kind: kindAlias, a: ref{def: target}, owner: own, stab: gate, ext: ext, span: s.at(local.Range)}
		if n.As.Name != "" {
			d.obj = s.declareAlias(n.As, s.within, target)
		}
		s.types = append(s.types, d)
		s.define(local, entry{def: d, span: d.span})
	}
}

// typeDef resolves a type definition.
func (s *source) typeDef(own owner, t *syntax.TypeDef) {
	obj := s.declare(TypeObject, t.Name, s.within)
	if t.Bad && t.Kind != syntax.ResourceDef {
		d := poisonDef()
		d.obj = obj
		s.define(t.Name, entry{def: d, span: s.at(t.Name.Range)})
		return
	}
	d := &def{name: t.Name.Name, owner: own, docs: s.docText(t.Docs), stab: s.stability(t.Attrs), ext: s.externalID(t.Attrs), span: s.at(t.Name.Range), obj: obj}
	switch t.Kind {
	case syntax.AliasDef:
		s.typeKind(d, t.Type, d.stab)
		d.at = s.typeSpan(t.Type)
	case syntax.ResourceDef:
		d.kind = kindResource
		s.checkResource(t)
	default:
		s.members(d, t)
	}
	s.types = append(s.types, d)
	s.define(t.Name, entry{def: d, span: d.span})
}

var memberKinds = map[syntax.TypeDefKind]struct {
	kind kind
	what string
}{
	syntax.RecordDef:  {kindRecord, "field"},
	syntax.VariantDef: {kindVariant, "case"},
	syntax.EnumDef:    {kindEnum, "case"},
	syntax.FlagsDef:   {kindFlags, "flag"},
}

func (s *source) members(d *def, t *syntax.TypeDef) {
	k := memberKinds[t.Kind]
	d.kind = k.kind
	if len(t.Members) == 0 {
		switch t.Kind {
		case syntax.VariantDef:
			s.errorf(d.span, CodeEmptyType, "empty variant").Captionf("has no cases")
		case syntax.EnumDef:
			s.errorf(d.span, CodeEmptyType, "empty enum").Captionf("has no cases")
		}
	}
	var seen labels
	d.members = make([]member, 0, len(t.Members))
	for i := range t.Members {
		m := &t.Members[i]
		n := member{name: m.Name.Name, docs: s.docText(m.Docs), span: s.at(m.Name.Range)}
		s.declare(MemberObject, m.Name, d.obj)
		if prev, ok := seen.add(n.name); !ok {
			s.errorf(n.span, CodeDuplicateName, "%s `%s` is defined more than once", k.what, n.name).
				Labelf(d.members[prev].span, "first defined here")
		}
		if m.Type != nil {
			n.ty, n.at = s.typeRef(m.Type, d.stab), s.typeSpan(m.Type)
		}
		d.members = append(d.members, n)
	}
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
func (s *source) resourceFuncs(t *syntax.TypeDef, res *def) []*fn {
	out := make([]*fn, 0, len(t.Funcs))
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
func (s *source) function(f *syntax.Func, res *def, full string, docs syntax.Docs, attrs []syntax.Attr) *fn {
	out := &fn{
		name: full, kind: funcKinds[f.Kind], async: f.Async, res: res, docs: s.docText(docs), stab: s.stability(attrs),
		ext: s.externalID(attrs), span: s.at(f.Name.Range), params: make([]param, 0, len(f.Params)+1),
	}
	home := s.within
	if res != nil {
		home = res.obj
	}
	out.obj = s.declare(FuncObject, f.Name, home)
	if f.Kind == syntax.MethodFunc {
		self := s.intern(&def{kind: kindBorrow, a: ref{def: res}, stab: inherit(Stability{}, ref{def: res}), span: s.at(f.Keyword)})
		out.params = append(out.params, param{"self", self, s.at(f.Keyword), out.span})
	}
	var seen labels
	for i := range out.params {
		seen.add(out.params[i].name)
	}
	for i := range f.Params {
		p := &f.Params[i]
		if prev, ok := seen.add(p.Name.Name); !ok {
			s.errorf(s.at(p.Name.Range), CodeDuplicateName, "param `%s` is defined more than once", p.Name.Name).
				Labelf(out.params[prev].span, "first defined here")
		}
		s.declare(ParamObject, p.Name, out.obj)
		out.params = append(out.params, param{p.Name.Name, s.typeRef(p.Type, Stability{}), s.at(p.Name.Range), s.typeSpan(p.Type)})
	}
	out.resultAt, out.borrowAt = out.span, diag.Span{}
	if f.Result != nil {
		out.resultAt, out.borrowAt = s.typeSpan(f.Result), s.at(borrowIn(f.Result).Range)
	}
	switch {
	case f.Kind == syntax.ConstructorFunc && f.Result == nil:
		out.result = ref{def: res}
	case f.Kind == syntax.ConstructorFunc:
		out.result = s.constructorResult(f.Result, res)
	case f.Result != nil:
		out.result = s.typeRef(f.Result, Stability{})
	}
	return out
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
func (s *source) constructorResult(t *syntax.Type, res *def) ref {
	r := s.typeRef(t, Stability{})
	switch {
	case r.def != nil && r.def.kind == kindPoison:
	case r.def == nil || r.def.kind != kindResult:
		s.errorf(s.typeSpan(t), CodeBadConstructor, "if a constructor return type is declared it must be a `result`").
			Helpf("write `-> result<%s>`, or leave the type out", res.name)
	case r.def.a.def != res && !(r.def.a.def != nil && r.def.a.def.kind == kindPoison):
		at := t
		if t.Kind == syntax.Result && t.Args[0] != nil {
			at = t.Args[0]
		}
		s.errorf(s.typeSpan(at), CodeBadConstructor, "the `ok` type must be the resource being constructed").Captionf("expected `%s`", res.name)
	}
	return r
}
