package wat

import (
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/model/types"
)

func (p *parser) coreTypeDef() *coreTypeDef {
	p.advance()
	p.advance()
	d := &coreTypeDef{definition: p.definition()}
	p.parens(func() {
		if p.accept("module") {
			d.module = p.moduleDecls()
			return
		}
		t := &typeDef{head: head{tok: d.tok, idTok: d.idTok, id: d.id, name: d.name}, final: true}
		p.subType(t)
		d.rec = &typeField{types: []*typeDef{t}}
	})
	return d
}

// moduleDecls reads the declarations of a module type.
func (p *parser) moduleDecls() *moduleDecls {
	m := &moduleDecls{}
	if !p.nested() {
		return m
	}
	for !p.atEnd() {
		p.parens(func() {
			switch {
			case p.peek("type"):
				m.decls = append(m.decls, p.typeField())
			case p.peek("rec"):
				m.decls = append(m.decls, p.rec())
			case p.peek("alias"):
				m.decls = append(m.decls, p.coreTypeAlias())
			case p.peek("import"):
				m.decls = append(m.decls, p.importField())
			case p.accept("export"):
				d := &moduleExport{tok: p.pos - 1}
				d.name = p.str()
				d.item = p.importItem("")
				m.decls = append(m.decls, d)
			default:
				p.wantWords([]string{"type", "rec", "alias", "import"})
				p.unexpected()
			}
		})
	}
	return m
}

// coreTypeAlias reads an alias in a module type, which must name an outer core type.
func (p *parser) coreTypeAlias() *aliasDef {
	p.advance()
	d := &aliasDef{definition: definition{tok: p.pos - 1}, outer: true, sort: encoding.SortCoreType}
	p.keyword("outer")
	d.scope, d.index = p.index(), p.index()
	p.parens(func() {
		p.keyword("type")
		p.aliasID(d)
	})
	return d
}

// isTypeRef reports whether (type …) with a reference comes next, rather than the definition of a
// type.
func (p *parser) isTypeRef() bool {
	if !p.peekList("type") || !p.isIndex(2) {
		return false
	}
	k := p.at(3).kind
	return k == tokRParen || k == tokString
}

func (p *parser) moduleTypeRef() *typeRef {
	if p.isTypeRef() {
		return &typeRef{ref: p.indexOrRef(encoding.SortCoreType, "type")}
	}
	return &typeRef{module: p.moduleDecls()}
}

func (p *parser) funcTypeRef() *typeRef {
	if p.isTypeRef() {
		return &typeRef{ref: p.indexOrRef(encoding.SortType, "type")}
	}
	return &typeRef{fn: p.componentFunc()}
}

// declTypeRef reads a component type or instance type, or a reference to one.
func (p *parser) declTypeRef(isComponent bool) *typeRef {
	if p.isTypeRef() {
		return &typeRef{ref: p.indexOrRef(encoding.SortType, "type")}
	}
	if isComponent {
		return &typeRef{component: p.declList(true)}
	}
	return &typeRef{instance: p.declList(false)}
}

// declList reads the declarations of a component type, or of an instance type, which has no
// imports.
func (p *parser) declList(isComponent bool) *declList {
	l := &declList{}
	if !p.nested() {
		return l
	}
	for !p.atEnd() {
		p.parens(func() {
			switch {
			case p.peek("core"):
				if p.isKeyword(1, "rec") {
					p.advance()
					d := &coreTypeDef{definition: definition{tok: p.pos}}
					d.rec = p.rec()
					l.decls = append(l.decls, d)
					return
				}
				if !p.isKeyword(1, "type") {
					p.advance()
					p.want("type", 'k')
					p.unexpected()
					return
				}
				l.decls = append(l.decls, p.coreTypeDef())
			case p.peek("type"):
				l.decls = append(l.decls, p.typeDefinition(false))
			case p.peek("alias"):
				l.decls = append(l.decls, p.aliasDef())
			case isComponent && p.peek("import"):
				l.decls = append(l.decls, p.importDef())
			case p.accept("export"):
				d := &exportDecl{tok: p.pos - 1}
				d.name = p.externName()
				p.parens(func() { d.sig = p.itemSig(true) })
				l.decls = append(l.decls, d)
			default:
				p.wantWords([]string{"core", "type", "alias"})
				if isComponent {
					p.want("import", 'k')
				}
				p.unexpected()
			}
		})
	}
	return l
}

func (p *parser) typeDefinition(exports bool) *typeDefinition {
	p.advance()
	d := &typeDefinition{definition: p.definition()}
	if exports {
		p.inlineExports(&d.definition)
	}
	if p.cur().kind != tokLParen {
		d.defined = &definedType{tok: p.pos, kind: definedPrim, prim: p.prim()}
		return d
	}
	p.parens(func() {
		switch {
		case p.accept("func"):
			d.fn = p.componentFunc()
		case p.accept("component"):
			d.component = p.declList(true)
		case p.accept("instance"):
			d.instance = p.declList(false)
		case p.accept("resource"):
			d.resource = p.resourceType()
		default:
			d.defined = p.definedType()
		}
	})
	return d
}

func (p *parser) resourceType() *resourceType {
	t := &resourceType{}
	p.parens(func() {
		p.keyword("rep")
		t.rep = p.valType()
	})
	if !p.atEnd() {
		p.parens(func() {
			p.keyword("dtor")
			t.dtor = p.coreRef(encoding.SortCoreFunc, "func")
		})
	}
	return t
}

// primWords are the keywords of the primitive types. The last two are old names.
var primWords = []struct {
	word string
	prim types.Prim
}{
	{"bool", types.Bool}, {"s8", types.S8}, {"u8", types.U8}, {"s16", types.S16}, {"u16", types.U16}, {"s32", types.S32},
	{"u32", types.U32}, {"s64", types.S64}, {"u64", types.U64}, {"f32", types.F32}, {"f64", types.F64}, {"char", types.Char},
	{"string", types.String}, {"error-context", types.ErrorContext}, {"float32", types.F32}, {"float64", types.F64},
}

var primByWord = func() map[string]types.Prim {
	m := map[string]types.Prim{}
	for _, w := range primWords {
		m[w.word] = w.prim
	}
	return m
}()

func (p *parser) prim() types.Prim {
	if t, ok := primByWord[p.word(0)]; ok {
		p.advance()
		return t
	}
	for _, w := range primWords[:len(primWords)-2] {
		p.want(w.word, 'k')
	}
	p.unexpected()
	return types.Bool
}

// componentVal reads a value type.
func (p *parser) componentVal() *componentVal {
	if p.isIndex(0) {
		return &componentVal{ref: p.index()}
	}
	if p.cur().kind != tokLParen {
		return &componentVal{prim: p.prim()}
	}
	v := &componentVal{}
	p.parens(func() { v.inline = p.definedType() })
	if v.inline == nil {
		v.prim = types.Bool
	}
	return v
}

// isComponentVal reports whether a value type comes next.
func (p *parser) isComponentVal() bool {
	if p.isIndex(0) {
		return true
	}
	if _, ok := primByWord[p.word(0)]; ok {
		return true
	}
	if p.cur().kind != tokLParen {
		return false
	}
	for _, w := range definedWords {
		if p.isKeyword(1, w) {
			return true
		}
	}
	return false
}

// definedWords are the keywords of the types that are not primitive, indexed by kind.
var definedWords = [...]string{
	definedRecord: "record", definedVariant: "variant", definedList: "list", definedTuple: "tuple", definedFlags: "flags",
	definedEnum: "enum", definedOption: "option", definedResult: "result", definedOwn: "own", definedBorrow: "borrow",
	definedStream: "stream", definedFuture: "future", definedMap: "map",
}

// definedType reads a type that is not primitive inside its parentheses.
func (p *parser) definedType() *definedType {
	if !p.nested() {
		return nil
	}
	for k, w := range definedWords {
		if w != "" && p.accept(w) {
			t := &definedType{tok: p.pos - 1, kind: definedKind(k)}
			p.definedBody(t)
			return t
		}
	}
	p.unexpected()
	return nil
}

func (p *parser) definedBody(t *definedType) {
	switch t.kind {
	case definedRecord:
		for !p.atEnd() {
			p.parens(func() {
				p.keyword("field")
				t.names = append(t.names, p.str())
				t.vals = append(t.vals, p.componentVal())
			})
		}
	case definedVariant:
		p.variantCases(t)
	case definedList:
		t.vals = append(t.vals, p.componentVal())
		if p.cur().kind == tokInt {
			t.kind, t.count = definedFixedList, p.u32()
		}
	case definedMap:
		t.vals = append(t.vals, p.componentVal(), p.componentVal())
	case definedTuple:
		for !p.atEnd() {
			t.vals = append(t.vals, p.componentVal())
		}
	case definedFlags, definedEnum:
		for !p.atEnd() {
			t.names = append(t.names, p.str())
		}
	case definedOption:
		t.vals = append(t.vals, p.componentVal())
	case definedResult:
		t.vals = []*componentVal{nil, nil}
		if p.isComponentVal() {
			t.vals[0] = p.componentVal()
		}
		if p.cur().kind == tokLParen {
			p.parens(func() {
				p.keyword("error")
				t.vals[1] = p.componentVal()
			})
		}
	case definedOwn, definedBorrow:
		t.ref = p.index()
	case definedStream, definedFuture:
		t.vals = []*componentVal{nil}
		if p.isComponentVal() {
			t.vals[0] = p.componentVal()
		}
	}
}

func (p *parser) variantCases(t *definedType) {
	s := space{what: "variant case"}
	for !p.atEnd() {
		p.parens(func() {
			p.keyword("case")
			tok := p.pos
			s.register(p, p.id(), tok)
			t.names = append(t.names, p.str())
			var v *componentVal
			if p.isComponentVal() {
				v = p.componentVal()
			}
			t.vals = append(t.vals, v)
		})
	}
}

func (p *parser) componentFunc() *componentFunc {
	f := &componentFunc{async: p.accept("async")}
	for p.acceptList("param") {
		f.names = append(f.names, p.str())
		f.params = append(f.params, p.componentVal())
		p.close()
	}
	if p.acceptList("result") {
		f.result = p.componentVal()
		p.close()
	}
	return f
}

func (p *parser) funcDef() *funcDef {
	p.advance()
	d := &funcDef{definition: p.definition()}
	p.inlineExports(&d.definition)
	if p.inlineImport(&d.definition) {
		d.typ = p.funcTypeRef()
		return d
	}
	if p.acceptList("alias") {
		p.keyword("export")
		d.alias = &aliasDef{definition: d.definition, sort: encoding.SortFunc, instance: p.index()}
		d.alias.export = p.str()
		p.close()
		return d
	}
	d.typ = p.funcTypeRef()
	p.parens(func() {
		p.keyword("canon")
		p.keyword("lift")
		d.lift = p.canonLift()
	})
	return d
}

func (p *parser) canonLift() *canonLift {
	l := &canonLift{}
	p.parens(func() {
		p.keyword("core")
		p.keyword("func")
		l.fn = p.ref(encoding.SortCoreFunc)
	})
	l.opts = p.canonOpts()
	return l
}

func (p *parser) coreFuncDef() *coreFuncDef {
	p.advance()
	p.advance()
	d := &coreFuncDef{definition: p.definition()}
	p.parens(func() {
		switch {
		case p.accept("canon"):
			p.coreCanon(d)
		case p.accept("alias"):
			p.keyword("core")
			p.keyword("export")
			d.alias = &aliasDef{definition: d.definition, sort: encoding.SortCoreFunc, instance: p.index()}
			d.alias.export = p.str()
		default:
			p.unexpected()
		}
	})
	return d
}

// canonDef reads (canon … (func …)) or (canon … (core func …)).
func (p *parser) canonDef() componentField {
	p.advance()
	if p.accept("lift") {
		d := &funcDef{lift: p.canonLift()}
		p.parens(func() {
			p.keyword("func")
			d.definition = p.definition()
			d.typ = p.funcTypeRef()
		})
		return d
	}
	d := &coreFuncDef{}
	p.coreCanon(d)
	p.parens(func() {
		p.keyword("core")
		p.keyword("func")
		d.definition = p.definition()
	})
	return d
}

// builtinByWord maps keywords to built-ins.
var builtinByWord = func() map[string]encoding.CanonOpInfo {
	m := map[string]encoding.CanonOpInfo{}
	for _, info := range encoding.CanonOps() {
		m[info.Name] = info
		if info.Op == encoding.OpThreadAvailableParallelism {
			m["thread.available_parallelism"] = info // the name in wasm-tools
		}
	}
	return m
}()

// coreCanon reads a canonical definition that makes a core function.
func (p *parser) coreCanon(d *coreFuncDef) {
	if p.accept("lower") {
		p.parens(func() {
			p.keyword("func")
			d.lower = p.ref(encoding.SortFunc)
		})
		d.opts = p.canonOpts()
		return
	}
	info, ok := builtinByWord[p.word(0)]
	if !ok {
		for _, info := range encoding.CanonOps() {
			p.want(info.Name, 'k')
		}
		p.unexpected()
		return
	}
	p.advance()
	b := &builtinDef{op: info.Op}
	d.builtin = b
	for _, imm := range info.Immediates {
		p.builtinImmediate(d, b, imm)
	}
	p.refuseCancellable(info.Name)
}

func (p *parser) refuseCancellable(name string) {
	if p.peek("cancellable") {
		p.failHere(CodeLegacySyntax, "unexpected token: `%s` is no longer `cancellable`", name).
			Notef("the component model no longer has cancellation that wakes a blocked task (component-model#716)").
			Helpf("remove `cancellable`")
	}
}

func (p *parser) builtinImmediate(d *coreFuncDef, b *builtinDef, imm encoding.Immediate) {
	switch imm {
	case encoding.ImmType:
		b.typ = p.indexOrRef(encoding.SortType, "type")
	case encoding.ImmAsync:
		b.async = p.accept("async")
	case encoding.ImmShared:
		b.shared = p.accept("shared")
	case encoding.ImmMemory:
		p.parens(func() {
			p.keyword("memory")
			b.memory = p.memoryRef()
		})
	case encoding.ImmCoreType:
		b.coreType = p.coreRef(encoding.SortCoreType, "type")
	case encoding.ImmTable:
		b.table = p.coreRef(encoding.SortCoreTable, "table")
	case encoding.ImmResult:
		if p.acceptList("result") {
			b.result = p.componentVal()
			p.close()
		}
	case encoding.ImmOpts:
		d.opts = p.canonOpts()
	case encoding.ImmCoreVal:
		b.val = p.valType()
	case encoding.ImmSlot:
		b.slot = p.u32()
	case encoding.ImmZero:
		p.refuseCancellable(b.op.String())
	}
}

// canonOptWords lists the options that consist of a keyword. canonOptRefs lists the options in
// parentheses and the sort of their reference.
var (
	canonOptWords = []encoding.CanonOptKind{
		encoding.OptUTF8, encoding.OptUTF16, encoding.OptLatin1UTF16, encoding.OptAsync, encoding.OptGC,
	}
	canonOptRefs = []struct {
		kind encoding.CanonOptKind
		sort encoding.Sort
		word string
	}{
		{encoding.OptMemory, encoding.SortCoreMemory, "memory"},
		{encoding.OptRealloc, encoding.SortCoreFunc, "func"},
		{encoding.OptPostReturn, encoding.SortCoreFunc, "func"},
		{encoding.OptCallback, encoding.SortCoreFunc, "func"},
		{encoding.OptCoreType, encoding.SortCoreType, "type"},
	}
)

func (p *parser) canonOpts() []canonOpt {
	var list []canonOpt
next:
	for {
		for _, k := range canonOptWords {
			if p.accept(k.String()) {
				list = append(list, canonOpt{kind: k})
				continue next
			}
		}
		for _, o := range canonOptRefs {
			if !p.acceptList(o.kind.String()) {
				continue
			}
			opt := canonOpt{kind: o.kind}
			if o.kind == encoding.OptMemory {
				opt.ref = p.memoryRef()
			} else {
				opt.ref = p.coreRef(o.sort, o.word)
			}
			list = append(list, opt)
			p.close()
			continue next
		}
		return list
	}
}
