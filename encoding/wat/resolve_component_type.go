package wat

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
)

// The expand functions add the inline types of a definition, inner types first, and replace them by
// references. The other functions resolve the references.

// expandVal replaces an inline value type by a reference.
func (s *scope) expandVal(v *componentVal) {
	if v == nil || v.inline == nil {
		return
	}
	t := v.inline
	defer s.at(t.tok)()
	s.expandDefined(t)
	n := s.addType(&encoding.Type{Def: s.defined(t)}, &definition{})
	v.inline, v.ref = nil, numIdx(n)
}

func (s *scope) expandDefined(t *definedType) {
	for _, v := range t.vals {
		s.expandVal(v)
	}
}

func (s *scope) expandFunc(f *componentFunc) {
	for _, v := range f.params {
		s.expandVal(v)
	}
	s.expandVal(f.result)
}

// expandRef replaces the inline type of an import or export by a reference.
func (s *scope) expandRef(r *typeRef) {
	sort := encoding.SortType
	var n uint32
	switch {
	case r == nil || r.ref != nil:
		return
	case r.fn != nil:
		s.expandFunc(r.fn)
		n = s.addType(&encoding.Type{Def: s.funcType(r.fn)}, &definition{})
	case r.component != nil:
		n = s.addType(&encoding.Type{Def: &encoding.ComponentType{Decls: s.declList(r.component, "")}}, &definition{})
	case r.instance != nil:
		n = s.addType(&encoding.Type{Def: &encoding.InstanceType{Decls: s.declList(r.instance, "")}}, &definition{})
	case r.module != nil:
		sort = encoding.SortCoreType
		s.add(&encoding.CoreType{Def: s.moduleType(r.module, "")})
		n = s.register(sort, &definition{})
	}
	r.ref = &itemRef{sort: sort, index: numIdx(n)}
}

// addType adds a type and returns its index.
func (s *scope) addType(t *encoding.Type, d *definition) uint32 {
	s.add(t)
	return s.register(encoding.SortType, d)
}

// typeRef resolves the type of an import or export, which must have been expanded.
func (s *scope) typeRef(r *typeRef) uint32 { return s.ref(r.ref) }

// expandSig expands the type of an import or export.
func (s *scope) expandSig(g *itemSig) {
	defer s.at(g.tok)()
	s.expandRef(g.typ)
	s.expandVal(g.val)
}

// sig resolves the type of an import or export. It returns nil after an error.
func (s *scope) sig(g *itemSig) encoding.ExternType {
	switch g.sort {
	case encoding.SortCoreModule:
		return encoding.ExternCoreModule{Type: encoding.CoreTypeIdx(s.typeRef(g.typ))}
	case encoding.SortFunc:
		return encoding.ExternFunc{Type: encoding.TypeIdx(s.typeRef(g.typ))}
	case encoding.SortComponent:
		return encoding.ExternComponent{Type: encoding.TypeIdx(s.typeRef(g.typ))}
	case encoding.SortInstance:
		return encoding.ExternInstance{Type: encoding.TypeIdx(s.typeRef(g.typ))}
	case encoding.SortValue:
		if g.eq {
			return encoding.ExternValueEq{Value: encoding.ValueIdx(s.find(encoding.SortValue, g.idx))}
		}
		return encoding.ExternValue{Type: s.val(g.val)}
	case encoding.SortType:
		if g.eq {
			return encoding.ExternTypeEq{Type: encoding.TypeIdx(s.find(encoding.SortType, g.idx))}
		}
		return encoding.ExternSubResource{}
	}
	return nil
}

// val resolves a value type, which must have been expanded.
func (s *scope) val(v *componentVal) encoding.ValType {
	if v.prim != 0 {
		return encoding.Prim(v.prim)
	}
	return encoding.Ref(encoding.TypeIdx(s.find(encoding.SortType, v.ref)))
}

// optVal is val for an optional type.
func (s *scope) optVal(v *componentVal) *encoding.ValType {
	if v == nil {
		return nil
	}
	t := s.val(v)
	return &t
}

// defined resolves a definition of a value type, which must have been expanded.
func (s *scope) defined(t *definedType) encoding.DefType {
	switch t.kind {
	case definedPrim:
		return &encoding.PrimType{Prim: t.prim}
	case definedRecord:
		return &encoding.Record{Fields: s.fields(t.names, t.vals)}
	case definedVariant:
		v := &encoding.Variant{}
		for i, name := range t.names {
			v.Cases = append(v.Cases, encoding.Case{Name: name, Type: s.optVal(t.vals[i])})
		}
		return v
	case definedList:
		return &encoding.List{Elem: s.val(t.vals[0])}
	case definedFixedList:
		return &encoding.FixedList{Elem: s.val(t.vals[0]), Len: t.count}
	case definedTuple:
		x := &encoding.Tuple{}
		for _, v := range t.vals {
			x.Elems = append(x.Elems, s.val(v))
		}
		return x
	case definedFlags:
		return &encoding.Flags{Names: t.names}
	case definedEnum:
		return &encoding.Enum{Names: t.names}
	case definedOption:
		return &encoding.Option{Elem: s.val(t.vals[0])}
	case definedResult:
		ok := s.optVal(t.vals[0])
		return &encoding.Result{OK: ok, Err: s.optVal(t.vals[1])}
	case definedOwn:
		return &encoding.Own{Type: encoding.TypeIdx(s.find(encoding.SortType, t.ref))}
	case definedBorrow:
		return &encoding.Borrow{Type: encoding.TypeIdx(s.find(encoding.SortType, t.ref))}
	case definedStream:
		return &encoding.Stream{Elem: s.optVal(t.vals[0])}
	case definedFuture:
		return &encoding.Future{Elem: s.optVal(t.vals[0])}
	case definedMap:
		key := s.val(t.vals[0])
		return &encoding.Map{Key: key, Value: s.val(t.vals[1])}
	default:
		panic(fmt.Sprintf("unreachable: type kind %d", t.kind))
	}
}

func (s *scope) fields(names []string, vals []*componentVal) []encoding.Field {
	var list []encoding.Field
	for i, name := range names {
		list = append(list, encoding.Field{Name: name, Type: s.val(vals[i])})
	}
	return list
}

func (s *scope) funcType(f *componentFunc) *encoding.Func {
	x := &encoding.Func{Async: f.async, Params: s.fields(f.names, f.params)}
	x.Result = s.optVal(f.result)
	return x
}

// typeDefinition resolves a type definition and returns its index.
func (s *scope) typeDefinition(f *typeDefinition) uint32 {
	t := &encoding.Type{}
	switch {
	case f.defined != nil:
		s.expandDefined(f.defined)
		t.Def = s.defined(f.defined)
	case f.fn != nil:
		s.expandFunc(f.fn)
		t.Def = s.funcType(f.fn)
	case f.component != nil:
		t.Def = &encoding.ComponentType{Decls: s.declList(f.component, f.id)}
	case f.instance != nil:
		t.Def = &encoding.InstanceType{Decls: s.declList(f.instance, f.id)}
	case f.resource != nil:
		x := &encoding.Resource{Rep: s.coreVal(f.resource.rep)}
		if f.resource.dtor != nil {
			dtor := encoding.CoreFuncIdx(s.ref(f.resource.dtor))
			x.Dtor = &dtor
		}
		t.Def = x
	}
	return s.addType(t, &f.definition)
}

// declList resolves the declarations of a component type or instance type.
func (s *scope) declList(l *declList, id string) []encoding.Decl {
	t := newScope(s.p, s, id, scopeType)
	for _, f := range l.decls {
		if !s.p.ok() {
			return nil
		}
		t.tok = f.pos()
		switch f := f.(type) {
		case *coreTypeDef:
			t.coreType(f)
		case *typeDefinition:
			t.typeDefinition(f)
		case *aliasDef:
			t.alias(f)
		case *importDef:
			t.importDef(f)
		case *exportDecl:
			t.expandSig(f.sig)
			if x := t.sig(f.sig); x != nil {
				d := &encoding.ExportDecl{Name: f.name, Type: x}
				t.p.marks.set(d, t.tok)
				t.decls = append(t.decls, d)
				t.register(f.sig.sort, &f.sig.definition)
			}
		default:
			panic(fmt.Sprintf("unreachable: %T", f))
		}
	}
	return t.decls
}

// coreType resolves core types. The ids of a recursion group are known inside it. Aliases cannot be
// added between its types, so all other types that it refers to must already be in the scope.
func (s *scope) coreType(f *coreTypeDef) {
	if f.module != nil {
		t := s.moduleType(f.module, f.id)
		s.add(&encoding.CoreType{Def: t})
		s.register(encoding.SortCoreType, &f.definition)
		return
	}
	if f.rec == nil {
		return
	}
	s.registerTypes(f.rec)
	s.add(&encoding.CoreType{Def: &encoding.CoreRec{RecType: s.recType(f.rec)}})
}

func (s *scope) registerTypes(f *typeField) {
	for _, t := range f.types {
		s.register(encoding.SortCoreType, &definition{idTok: t.idTok, id: t.id, name: t.name})
	}
}

// recType resolves a recursion group with the core types of the scope.
func (s *scope) recType(f *typeField) core.RecType {
	r := &coreResolver{p: s.p, typeSpace: s.spaces[encoding.SortCoreType]}
	return r.recType(f)
}

// moduleType resolves a module type.
func (s *scope) moduleType(m *moduleDecls, id string) *encoding.CoreModuleType {
	t := newScope(s.p, s, id, scopeModuleType)
	interned := map[string]uint32{}
	for _, d := range m.decls {
		if !s.p.ok() {
			break
		}
		switch d := d.(type) {
		case *typeField:
			t.tok = d.tok
			t.registerTypes(d)
			t.addModuleDecl(&encoding.CoreTypeDecl{Rec: t.recType(d)})
			if !d.rec && d.types[0].fn != nil {
				interned[s.p.typeKey(d.types[0].fn)] = t.spaces[encoding.SortCoreType].count - 1
			}
		case *aliasDef:
			t.tok = d.tok
			t.alias(d)
		case *importField:
			t.tok = d.tok
			for _, item := range d.items {
				t.internType(&item.typ, interned)
			}
			for _, item := range d.items {
				imp := core.Import{Module: d.module, Name: item.field, Type: t.coreExtern(&item.typ)}
				t.addModuleDecl(&encoding.CoreImportDecl{Import: imp})
			}
		case *moduleExport:
			t.tok = d.tok
			t.internType(&d.item.typ, interned)
			t.addModuleDecl(&encoding.CoreExportDecl{Name: d.name, Type: t.coreExtern(&d.item.typ)})
		default:
			panic(fmt.Sprintf("unreachable: %T", d))
		}
	}
	return &encoding.CoreModuleType{Decls: t.mod}
}

// internType gives an index to an inline function type in a module type: the index of an earlier
// identical type, or a new one.
func (s *scope) internType(t *externType, interned map[string]uint32) {
	if t.kind != core.ExternFunc && t.kind != core.ExternTag || t.use.hasIndex {
		return
	}
	fn := t.use.inline
	if fn == nil {
		fn = &funcType{}
	}
	n, ok := interned[s.p.typeKey(fn)]
	if !ok {
		f := &typeField{types: []*typeDef{{final: true, fn: fn}}}
		s.addModuleDecl(&encoding.CoreTypeDecl{Rec: s.recType(f)})
		n = s.spaces[encoding.SortCoreType].register(s.p, "", 0)
	}
	t.use.index, t.use.hasIndex = numIdx(n), true
}

// coreExtern resolves the type of an import or export of a module type.
func (s *scope) coreExtern(t *externType) core.ExternType {
	types := s.spaces[encoding.SortCoreType]
	types.what = "type"
	r := &coreResolver{p: s.p, typeSpace: types}
	if t.kind == core.ExternFunc || t.kind == core.ExternTag {
		// An inline type next to a reference is not compared, because no list of types is available.
		t.use.inline = nil
	}
	return r.importItem("", &importItem{typ: *t}).Type
}
