package wat

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
)

// A component is resolved in one pass over its definitions, because a definition cannot refer to a
// later one. The auxiliary definitions that a definition requires are added before it. Their order
// is fixed and matches that of other tools, so that numeric indices in a text have the same
// meaning:
//
//  1. the types that are inline in it, inner types first;
//  2. the bundles of exports that are inline in its arguments;
//  3. aliases for its references to enclosing scopes and to exports of instances, in order of
//     appearance.
//
// Each definition of 1 and 2 is itself resolved after its auxiliary definitions. Inline exports are
// added at the end of the component.

// scope is a component, a component type, an instance type or a module type during resolution.
type scope struct {
	p      *parser
	parent *scope
	id     string
	// tok is the token of the definition being resolved. It is the place of the definitions that are
	// added.
	tok    int
	spaces [encoding.SortInstance + 1]space

	// Only one of these is used: defs in components, decls in component types and instance types, mod
	// in module types.
	defs  []encoding.Def
	decls []encoding.Decl
	mod   []encoding.CoreModuleDecl
	kind  scopeKind

	// names holds the names of definitions by sort, for the name section of a component. It is nil in
	// types.
	names *[encoding.SortInstance + 1][]encoding.IndexName
	// exports are the inline exports, which are added last.
	exports []inlineExport
}

// inlineExport is an export inside the definition at tok.
type inlineExport struct {
	tok    int
	export *encoding.Export
}

type scopeKind uint8

const (
	scopeComponent scopeKind = iota
	scopeType
	scopeModuleType
)

func newScope(p *parser, parent *scope, id string, kind scopeKind) *scope {
	s := &scope{p: p, parent: parent, id: id, kind: kind, spaces: emptySpaces}
	if kind == scopeComponent {
		s.names = new([encoding.SortInstance + 1][]encoding.IndexName)
	}
	return s
}

// emptySpaces holds the index spaces of an empty scope.
var emptySpaces = func() (list [encoding.SortInstance + 1]space) {
	for sort := range list {
		list[sort].what = encoding.Sort(sort).String()
	}
	return list
}()

// resolveComponent returns the resolved component, or nil after an error.
func (p *parser) resolveComponent(parent *scope, c *component) *encoding.Component {
	s := newScope(p, parent, c.id, scopeComponent)
	for _, f := range c.fields {
		if s.field(f); !p.ok() {
			return nil
		}
	}
	for _, e := range s.exports {
		s.tok = e.tok
		s.addDef(e.export)
		s.register(e.export.Item.Sort, &definition{})
	}
	if data := s.nameSection(c); data != nil {
		s.defs = append(s.defs, &encoding.Custom{Name: encoding.NameSection, Data: data})
	}
	return &encoding.Component{Defs: s.defs}
}

// nameSection returns the payload of the name section, or nil if there are no names.
func (s *scope) nameSection(c *component) []byte {
	n := &encoding.Names{}
	if c.name.ok {
		n.Component = c.name.text
	} else {
		n.Component = c.id
	}
	for _, sort := range nameSorts {
		if list := s.names[sort]; len(list) > 0 {
			n.Sorts = append(n.Sorts, encoding.SortNames{Sort: sort, Names: list})
		}
	}
	return n.Append(nil)
}

// nameSorts is the order of sorts in name sections.
var nameSorts = [...]encoding.Sort{
	encoding.SortCoreFunc, encoding.SortCoreTable, encoding.SortCoreMemory, encoding.SortCoreGlobal, encoding.SortCoreTag,
	encoding.SortCoreType, encoding.SortCoreModule, encoding.SortCoreInstance, encoding.SortFunc, encoding.SortValue,
	encoding.SortType, encoding.SortComponent, encoding.SortInstance,
}

func (s *scope) addDef(d encoding.Def) {
	s.p.marks.set(d, s.tok)
	s.defs = append(s.defs, d)
}

// add adds a definition of a kind that is allowed in components and in types.
func (s *scope) add(d interface {
	encoding.Def
	encoding.Decl
},
) {
	s.p.marks.set(d, s.tok)
	if s.kind == scopeComponent {
		s.defs = append(s.defs, d)
	} else {
		s.decls = append(s.decls, d)
	}
}

// addModuleDecl adds a declaration to a module type.
func (s *scope) addModuleDecl(d encoding.CoreModuleDecl) {
	s.p.marks.set(d, s.tok)
	s.mod = append(s.mod, d)
}

// register gives a definition the next index of a sort.
func (s *scope) register(sort encoding.Sort, d *definition) uint32 {
	n := s.spaces[sort].register(s.p, d.id, d.idTok)
	if text, ok := d.debugName(); ok && s.names != nil {
		s.names[sort] = append(s.names[sort], encoding.IndexName{Index: n, Name: text})
	}
	return n
}

func (d *definition) debugName() (string, bool) {
	if d.name.ok {
		return d.name.text, true
	}
	return d.id, d.id != ""
}

// inlineExports records the inline exports of a definition.
func (s *scope) inlineExports(d *definition, sort encoding.Sort, index uint32) {
	for _, n := range d.exports {
		e := &encoding.Export{Name: n, Item: encoding.SortIndex{Sort: sort, Index: index}}
		s.exports = append(s.exports, inlineExport{d.tok, e})
	}
}

// field resolves a definition of a component.
func (s *scope) field(f componentField) {
	s.tok = f.pos()
	switch f := f.(type) {
	case *coreModuleDef:
		s.coreModule(f)
	case *coreInstanceDef:
		s.coreInstance(f)
	case *coreTypeDef:
		s.coreType(f)
	case *nestedDef:
		s.nested(f)
	case *instanceDef:
		s.instance(f)
	case *aliasDef:
		s.alias(f)
	case *typeDefinition:
		n := s.typeDefinition(f)
		s.inlineExports(&f.definition, encoding.SortType, n)
	case *funcDef:
		s.function(f)
	case *coreFuncDef:
		s.coreFunc(f)
	case *startDef:
		s.start(f)
	case *importDef:
		s.importDef(f)
	case *exportDef:
		s.export(f)
	case *valueDef:
		s.expandVal(f.typ)
		s.addDef(&encoding.Value{Type: s.val(f.typ), Bytes: f.data})
		s.register(encoding.SortValue, &f.definition)
	case *customDef:
		s.addDef(&encoding.Custom{Name: f.name, Data: f.data})
	default:
		panic(fmt.Sprintf("unreachable: %T", f))
	}
}

// addImport adds the inline import of a definition.
func (s *scope) addImport(d *definition, t encoding.ExternType) {
	s.add(&encoding.Import{Name: *d.imp, Type: t})
	n := s.register(t.Sort(), d)
	s.inlineExports(d, t.Sort(), n)
}

func (s *scope) coreModule(f *coreModuleDef) {
	if f.imp != nil {
		s.expandRef(f.typ)
		s.addImport(&f.definition, encoding.ExternCoreModule{Type: encoding.CoreTypeIdx(s.typeRef(f.typ))})
		return
	}
	if f.m == nil {
		return
	}
	m := &encoding.CoreModule{Bytes: s.p.encodeModule(f.m)}
	s.p.marks.setModule(m)
	s.addDef(m)
	n := s.register(encoding.SortCoreModule, &f.definition)
	s.inlineExports(&f.definition, encoding.SortCoreModule, n)
}

func (s *scope) nested(f *nestedDef) {
	if f.imp != nil {
		s.expandRef(f.typ)
		s.addImport(&f.definition, encoding.ExternComponent{Type: encoding.TypeIdx(s.typeRef(f.typ))})
		return
	}
	if f.c == nil {
		return
	}
	c := s.p.resolveComponent(s, f.c)
	s.addDef(&encoding.NestedComponent{Component: c})
	n := s.register(encoding.SortComponent, &f.definition)
	s.inlineExports(&f.definition, encoding.SortComponent, n)
}

func (s *scope) coreInstance(f *coreInstanceDef) {
	if f.module == nil {
		s.coreBundle(&f.definition, f.bundle)
		return
	}
	for i := range f.args {
		if a := &f.args[i]; a.ref == nil {
			n := s.coreBundle(&definition{}, a.bundle)
			a.ref = &itemRef{sort: encoding.SortCoreInstance, index: numIdx(n)}
		}
	}
	x := &encoding.CoreInstantiate{Module: encoding.CoreModuleIdx(s.ref(f.module))}
	for _, a := range f.args {
		x.Args = append(x.Args, encoding.CoreInstantiateArg{Name: a.name, Instance: encoding.CoreInstanceIdx(s.ref(a.ref))})
	}
	s.addDef(&encoding.CoreInstance{Expr: x})
	s.register(encoding.SortCoreInstance, &f.definition)
}

func (s *scope) coreBundle(d *definition, list []coreBundleExport) uint32 {
	x := &encoding.CoreInlineExports{}
	for _, e := range list {
		item := encoding.SortIndex{Sort: e.ref.sort, Index: s.ref(e.ref)}
		x.Exports = append(x.Exports, encoding.CoreInlineExport{Name: e.name, Item: item})
	}
	s.addDef(&encoding.CoreInstance{Expr: x})
	return s.register(encoding.SortCoreInstance, d)
}

func (s *scope) instance(f *instanceDef) {
	switch {
	case f.imp != nil:
		s.expandRef(f.typ)
		s.addImport(&f.definition, encoding.ExternInstance{Type: encoding.TypeIdx(s.typeRef(f.typ))})
		return
	case f.component == nil:
		n := s.bundle(&f.definition, f.bundle)
		s.inlineExports(&f.definition, encoding.SortInstance, n)
		return
	}
	for i := range f.args {
		if a := &f.args[i]; a.ref == nil {
			n := s.bundle(&definition{}, a.bundle)
			a.ref = &itemRef{sort: encoding.SortInstance, index: numIdx(n)}
		}
	}
	x := &encoding.Instantiate{Component: encoding.ComponentIdx(s.ref(f.component))}
	for _, a := range f.args {
		item := encoding.SortIndex{Sort: a.ref.sort, Index: s.ref(a.ref)}
		x.Args = append(x.Args, encoding.InstantiateArg{Name: a.name, Item: item})
	}
	s.addDef(&encoding.Instance{Expr: x})
	n := s.register(encoding.SortInstance, &f.definition)
	s.inlineExports(&f.definition, encoding.SortInstance, n)
}

func (s *scope) bundle(d *definition, list []bundleExport) uint32 {
	x := &encoding.InlineExports{}
	for _, e := range list {
		item := encoding.SortIndex{Sort: e.ref.sort, Index: s.ref(e.ref)}
		x.Exports = append(x.Exports, encoding.InlineExport{Name: e.name, Item: item})
	}
	s.addDef(&encoding.Instance{Expr: x})
	return s.register(encoding.SortInstance, d)
}

func (s *scope) function(f *funcDef) {
	switch {
	case f.imp != nil:
		s.expandRef(f.typ)
		s.addImport(&f.definition, encoding.ExternFunc{Type: encoding.TypeIdx(s.typeRef(f.typ))})
		return
	case f.alias != nil:
		n := s.alias(f.alias)
		s.inlineExports(&f.definition, encoding.SortFunc, n)
		return
	case f.lift == nil:
		return
	}
	s.expandRef(f.typ)
	x := &encoding.Lift{Type: encoding.TypeIdx(s.typeRef(f.typ))}
	x.Func = encoding.CoreFuncIdx(s.ref(f.lift.fn))
	x.Opts = s.canonOpts(f.lift.opts)
	s.addDef(&encoding.Canon{Def: x})
	n := s.register(encoding.SortFunc, &f.definition)
	s.inlineExports(&f.definition, encoding.SortFunc, n)
}

func (s *scope) canonOpts(list []canonOpt) []encoding.CanonOpt {
	var out []encoding.CanonOpt
	for _, o := range list {
		opt := encoding.CanonOpt{Kind: o.kind}
		if o.ref != nil {
			opt.Index = s.ref(o.ref)
		}
		out = append(out, opt)
	}
	return out
}

func (s *scope) coreFunc(f *coreFuncDef) {
	switch {
	case f.alias != nil:
		s.alias(f.alias)
		return
	case f.lower != nil:
		x := &encoding.Lower{Func: encoding.FuncIdx(s.ref(f.lower))}
		x.Opts = s.canonOpts(f.opts)
		s.addDef(&encoding.Canon{Def: x})
	case f.builtin != nil:
		s.addDef(&encoding.Canon{Def: s.builtin(f.builtin, f.opts)})
	default:
		return
	}
	s.register(encoding.SortCoreFunc, &f.definition)
}

func (s *scope) builtin(b *builtinDef, opts []canonOpt) *encoding.Builtin {
	x := &encoding.Builtin{Op: b.op, Async: b.async, Shared: b.shared, Slot: b.slot}
	if b.result != nil {
		s.expandVal(b.result)
		v := s.val(b.result)
		x.Result = &v
	}
	if b.typ != nil {
		x.Type = encoding.TypeIdx(s.ref(b.typ))
	}
	if b.coreType != nil {
		x.CoreType = encoding.CoreTypeIdx(s.ref(b.coreType))
	}
	if b.table != nil {
		x.Table = encoding.CoreTableIdx(s.ref(b.table))
	}
	if b.memory != nil {
		x.Memory = encoding.CoreMemoryIdx(s.ref(b.memory))
	}
	x.Val = s.coreVal(b.val)
	x.Opts = s.canonOpts(opts)
	return x
}

// coreVal resolves a core value type in a definition of a component.
func (s *scope) coreVal(v valType) core.ValType {
	if v.concrete() {
		v.t.Ref.Heap.Type = core.TypeIdx(s.find(encoding.SortCoreType, v.ref))
	}
	return v.t
}

func (s *scope) start(f *startDef) {
	x := &encoding.Start{Func: encoding.FuncIdx(s.find(encoding.SortFunc, f.fn)), Results: uint32(len(f.results))}
	for _, a := range f.args {
		x.Args = append(x.Args, encoding.ValueIdx(s.ref(a)))
	}
	s.addDef(x)
	for i := range f.results {
		s.spaces[encoding.SortValue].register(s.p, f.results[i].id, f.results[i].idTok)
	}
}

func (s *scope) importDef(f *importDef) {
	s.expandSig(f.sig)
	t := s.sig(f.sig)
	if t == nil {
		return
	}
	s.add(&encoding.Import{Name: f.name, Type: t})
	s.register(f.sig.sort, &f.sig.definition)
}

func (s *scope) export(f *exportDef) {
	var t encoding.ExternType
	if f.typ != nil {
		s.expandSig(f.typ)
		t = s.sig(f.typ)
	}
	item := encoding.SortIndex{Sort: f.ref.sort, Index: s.ref(f.ref)}
	s.addDef(&encoding.Export{Name: f.extern, Item: item, Type: t})
	s.register(item.Sort, &f.definition)
}

// alias adds an alias and returns its index.
func (s *scope) alias(f *aliasDef) uint32 {
	a := &encoding.Alias{Sort: f.sort}
	switch {
	case f.outer:
		count, index := s.outer(f)
		a.Target = encoding.OuterAlias{Count: count, Index: index}
	case f.sort.Core() && f.sort != encoding.SortCoreModule:
		a.Target = encoding.CoreExportAlias{Instance: encoding.CoreInstanceIdx(s.find(encoding.SortCoreInstance, f.instance)), Name: f.export}
	default:
		a.Target = encoding.ExportAlias{Instance: encoding.InstanceIdx(s.find(encoding.SortInstance, f.instance)), Name: f.export}
	}
	s.addAlias(a)
	return s.register(f.sort, &f.definition)
}

func (s *scope) addAlias(a *encoding.Alias) {
	if s.kind != scopeModuleType {
		s.add(a)
		return
	}
	if t, ok := a.Target.(encoding.OuterAlias); ok {
		s.addModuleDecl(&encoding.CoreAliasDecl{Count: t.Count, Index: encoding.CoreTypeIdx(t.Index)})
	}
}

// outer resolves the scope and the definition of an outer alias. If both are numbers, they are
// returned unchanged, in range or not.
func (s *scope) outer(f *aliasDef) (count, index uint32) {
	p := s.p
	if !p.symbolic(f.scope) && !p.symbolic(f.index) {
		return f.scope.num, f.index.num
	}
	target := s
	if p.symbolic(f.scope) {
		id := p.idText(int(f.scope.tok - 1))
		for target != nil && target.id != id {
			target = target.parent
			count++
		}
		if target == nil {
			p.fail(p.idxSpan(f.scope), CodeUnknownName, "outer component `%s` not found", id)
			return 0, 0
		}
	} else {
		for count < f.scope.num && target != nil {
			target = target.parent
			count++
		}
		if target == nil {
			p.fail(p.idxSpan(f.scope), CodeUnknownName, "outer count of `%d` is too large", f.scope.num)
			return 0, 0
		}
	}
	return count, target.spaces[f.sort].find(p, f.index)
}

// at makes tok the place of added definitions until the returned function is called.
func (s *scope) at(tok int) func() {
	before := s.tok
	s.tok = tok
	return func() { s.tok = before }
}

// find resolves a reference in the scope. A reference to a definition of an enclosing scope gets an
// alias.
func (s *scope) find(sort encoding.Sort, i idx) uint32 {
	p := s.p
	if !p.symbolic(i) {
		return i.num
	}
	id := p.idText(int(i.tok - 1))
	count := uint32(0)
	for t := s; t != nil; t = t.parent {
		n, ok := t.spaces[sort].ids[id]
		switch {
		case !ok:
			count++
			continue
		case t == s:
			return n
		case sort != encoding.SortCoreModule && sort != encoding.SortCoreType && sort != encoding.SortType && sort != encoding.SortComponent:
			p.fail(p.idxSpan(i), CodeUnknownName, "outer item `%s` is not a module, type, or component", id)
			return 0
		}
		defer s.at(int(i.tok - 1))()
		s.addAlias(&encoding.Alias{Sort: sort, Target: encoding.OuterAlias{Count: count, Index: n}})
		// The alias gets no id, because the scope may still define the id itself.
		return s.register(sort, &definition{})
	}
	s.spaces[sort].unknown(p, p.idxSpan(i), id)
	return 0
}

// ref resolves a reference. A reference to the export of an instance gets an alias.
func (s *scope) ref(r *itemRef) uint32 {
	if r == nil {
		return 0
	}
	if len(r.names) == 0 {
		return s.find(r.sort, r.index)
	}
	defer s.at(int(r.index.tok) - 2)()
	if r.sort.Core() && r.sort != encoding.SortCoreModule {
		if r.sort == encoding.SortCoreType || r.sort == encoding.SortCoreInstance {
			s.p.fail(s.p.idxSpan(r.index), CodeUnexpectedToken,
				"core instances cannot export this kind of item, so an export name cannot be used to resolve this reference")
			return 0
		}
		i := encoding.CoreInstanceIdx(s.find(encoding.SortCoreInstance, r.index))
		s.addAlias(&encoding.Alias{Sort: r.sort, Target: encoding.CoreExportAlias{Instance: i, Name: r.names[0]}})
		return s.register(r.sort, &definition{})
	}
	n := s.find(encoding.SortInstance, r.index)
	for i, name := range r.names {
		sort := encoding.SortInstance
		if i == len(r.names)-1 {
			sort = r.sort
		}
		s.addAlias(&encoding.Alias{Sort: sort, Target: encoding.ExportAlias{Instance: encoding.InstanceIdx(n), Name: name}})
		n = s.register(sort, &definition{})
	}
	return n
}
