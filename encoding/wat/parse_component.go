package wat

import (
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
)

// componentBody reads the rest of a component after its keyword.
func (p *parser) componentBody() *component {
	c := &component{tok: p.pos - 1}
	c.id = p.id()
	c.name = p.nameAnnotation()
	if p.accept("binary") {
		c.isBinary = true
		c.binary = p.strings()
		return c
	}
	c.fields = p.componentFields()
	return c
}

func (p *parser) componentFields() []componentField {
	var list []componentField
	for !p.atEnd() {
		p.parens(func() {
			if f := p.componentField(); f != nil {
				list = append(list, f)
			}
		})
	}
	return list
}

// componentWords are the keywords of definitions, for suggestions.
var componentWords = []string{"core", "component", "instance", "alias", "type", "canon", "func", "start", "import", "export", "value"}

// componentField reads a definition inside its parentheses.
func (p *parser) componentField() componentField {
	word := p.word(0)
	switch word {
	case "core":
		if f := p.coreField(); f != nil {
			return f
		}
	case "component":
		return p.nestedDef()
	case "instance":
		return p.instanceDef()
	case "alias":
		return p.aliasDef()
	case "type":
		return p.typeDefinition(true)
	case "import":
		return p.importDef()
	case "func":
		return p.funcDef()
	case "export":
		return p.exportDef()
	case "start":
		return p.startDef()
	case "canon":
		return p.canonDef()
	case "value":
		return p.valueDef()
	}
	tok := p.pos
	switch p.annotation() {
	case "custom":
		p.advance()
		return &customDef{tok: tok, name: p.str(), data: p.strings()}
	case "producers":
		return &customDef{tok: tok, name: core.ProducersName, data: p.producers()}
	}
	d := p.failHere(CodeUnexpectedToken, "expected valid component field%s", p.found())
	if d == p.err && word != "" && word != "core" {
		p.suggest(d, word, yieldAll(componentWords))
	}
	return nil
}

// coreField reads a definition that starts with core. It returns nil if no such definition exists.
func (p *parser) coreField() componentField {
	switch p.word(1) {
	case "module":
		return p.coreModuleDef()
	case "instance":
		return p.coreInstanceDef()
	case "type":
		return p.coreTypeDef()
	case "func":
		return p.coreFuncDef()
	case "rec":
		p.advance()
		d := &coreTypeDef{definition: definition{tok: p.pos}}
		d.rec = p.rec()
		return d
	}
	return nil
}

// definition reads the id and name of a definition after its keyword, which is the previous token.
func (p *parser) definition() definition {
	d := definition{tok: p.pos - 1, idTok: p.pos}
	d.id = p.id()
	d.name = p.nameAnnotation()
	return d
}

// isInline reports whether an inline import or export comes next: a list of only a name and
// attributes. A list with further contents is a definition.
func (p *parser) isInline(word string) bool {
	if !p.peekList(word) {
		return false
	}
	n := 3
	if p.at(2).kind == tokLParen && p.isKeyword(3, "interface") { // (interface "…")
		n = 6
	} else if p.at(2).kind != tokString {
		return false
	}
	for p.at(n).kind == tokLParen && attrKind(p.word(n+1)) != 0 {
		n += 4
	}
	return p.at(n).kind == tokRParen
}

// inlineExports reads the exports inside a definition.
func (p *parser) inlineExports(d *definition) {
	for p.isInline("export") {
		p.open()
		p.advance()
		d.exports = append(d.exports, p.externName())
		p.close()
	}
}

// inlineImport reads an import inside a definition. It reports whether one was found.
func (p *parser) inlineImport(d *definition) bool {
	if !p.isInline("import") {
		return false
	}
	p.open()
	p.advance()
	n := p.externName()
	d.imp = &n
	p.close()
	return true
}

func attrKind(word string) encoding.AttrKind {
	for k := encoding.AttrImplements; k <= encoding.AttrExternalID; k++ {
		if k.String() == word {
			return k
		}
	}
	return 0
}

// externName reads the name of an import or export with its attributes.
func (p *parser) externName() encoding.ExternName {
	var n encoding.ExternName
	if p.acceptList("interface") { // the old form of interface names
		n.Name = p.str()
		p.close()
	} else {
		n.Name = p.str()
	}
	for p.cur().kind == tokLParen {
		k := attrKind(p.word(1))
		if k == 0 {
			break
		}
		if _, ok := n.Attr(k); ok {
			p.failHere(CodeUnexpectedToken, "unexpected token: duplicate attribute `%s`", k)
			break
		}
		p.open()
		p.advance()
		n.Attrs = append(n.Attrs, encoding.Attr{Kind: k, Value: p.str()})
		p.close()
	}
	return n
}

func (p *parser) coreModuleDef() *coreModuleDef {
	if !p.nested() {
		return &coreModuleDef{}
	}
	p.advance()
	p.advance()
	d := &coreModuleDef{definition: p.definition()}
	p.inlineExports(&d.definition)
	if p.inlineImport(&d.definition) {
		d.typ = p.moduleTypeRef()
		return d
	}
	d.m = &module{id: d.id, name: d.name}
	d.m.fields = p.fields()
	return d
}

func (p *parser) coreInstanceDef() *coreInstanceDef {
	p.advance()
	p.advance()
	d := &coreInstanceDef{definition: p.definition()}
	if !p.acceptList("instantiate") {
		d.bundle = p.coreBundle()
		return d
	}
	d.module = p.indexOrRef(encoding.SortCoreModule, "module")
	for !p.atEnd() {
		p.parens(func() {
			p.keyword("with")
			a := coreArg{name: p.str()}
			p.parens(func() {
				p.keyword("instance")
				if p.isIndex(0) {
					a.ref = p.ref(encoding.SortCoreInstance)
				} else {
					a.bundle = p.coreBundle()
				}
			})
			d.args = append(d.args, a)
		})
	}
	p.close()
	return d
}

// coreBundle reads a sequence (export "…" (func …))*.
func (p *parser) coreBundle() []coreBundleExport {
	list := []coreBundleExport{}
	for !p.atEnd() {
		p.parens(func() {
			p.keyword("export")
			e := coreBundleExport{name: p.str()}
			p.parens(func() { e.ref = p.ref(encoding.CoreSort(p.externKind())) })
			list = append(list, e)
		})
	}
	return list
}

// ref reads the index and the export names of a reference.
func (p *parser) ref(sort encoding.Sort) *itemRef {
	r := &itemRef{sort: sort, index: p.index()}
	switch {
	case !sort.Core() || sort == encoding.SortCoreModule:
		for !p.atEnd() {
			r.names = append(r.names, p.str())
		}
	case p.isString():
		r.names = append(r.names, p.str())
	}
	return r
}

// indexOrRef reads an index, or a reference in parentheses that starts with word.
func (p *parser) indexOrRef(sort encoding.Sort, word string) *itemRef {
	if p.isIndex(0) {
		return &itemRef{sort: sort, index: p.index()}
	}
	var r *itemRef
	p.parens(func() {
		p.keyword(word)
		r = p.ref(sort)
	})
	return r
}

// coreRef reads a core index, or a reference that starts with core and word.
func (p *parser) coreRef(sort encoding.Sort, word string) *itemRef {
	if p.isIndex(0) {
		return &itemRef{sort: sort, index: p.index()}
	}
	var r *itemRef
	p.parens(func() {
		if p.peek(word) && !p.legacy {
			p.failHere(CodeLegacySyntax, "the `core` keyword is required in this reference: `(%s ...)` should be written `(core %s ...)`", word, word).
				Helpf("write `(core %s …)`", word)
			return
		}
		if !p.legacy || !p.peek(word) {
			p.keyword("core")
		}
		p.keyword(word)
		r = p.ref(sort)
	})
	return r
}

// memoryRef reads the reference after the keyword memory in an option.
func (p *parser) memoryRef() *itemRef {
	r := p.coreRef(encoding.SortCoreMemory, "memory")
	if p.isString() && p.legacy {
		r.names = append(r.names, p.str())
		return r
	}
	if p.isString() {
		p.failHere(CodeLegacySyntax, "an export name must be written inside a nested reference: `(memory $i \"name\")` should be written "+
			"`(memory (core memory $i \"name\"))`").Helpf("write `(memory (core memory $i \"name\"))`")
	}
	return r
}

func (p *parser) nestedDef() *nestedDef {
	if !p.nested() {
		return &nestedDef{}
	}
	p.advance()
	d := &nestedDef{definition: p.definition()}
	p.inlineExports(&d.definition)
	if p.inlineImport(&d.definition) {
		d.typ = p.declTypeRef(true)
		return d
	}
	d.c = &component{tok: d.tok, id: d.id, name: d.name}
	d.c.fields = p.componentFields()
	return d
}

func (p *parser) instanceDef() *instanceDef {
	p.advance()
	d := &instanceDef{definition: p.definition()}
	p.inlineExports(&d.definition)
	if p.inlineImport(&d.definition) {
		d.typ = p.declTypeRef(false)
		return d
	}
	if !p.acceptList("instantiate") {
		d.bundle = p.bundle()
		return d
	}
	d.component = p.indexOrRef(encoding.SortComponent, "component")
	for !p.atEnd() {
		p.parens(func() {
			p.keyword("with")
			a := componentArg{name: p.str()}
			if p.isItemRef() {
				a.ref = p.itemRef()
			} else {
				p.parens(func() {
					p.keyword("instance")
					a.bundle = p.bundle()
				})
			}
			d.args = append(d.args, a)
		})
	}
	p.close()
	return d
}

// bundle reads a sequence (export "…" (func …))*.
func (p *parser) bundle() []bundleExport {
	list := []bundleExport{}
	for !p.atEnd() {
		p.parens(func() {
			p.keyword("export")
			p.id()
			p.nameAnnotation()
			e := bundleExport{name: p.externName()}
			e.ref = p.itemRef()
			if !p.atEnd() {
				p.failHere(CodeUnsupported, "a type ascription has no meaning in a bundle of exports")
			}
			list = append(list, e)
		})
	}
	return list
}

// sortWord is the keyword of a sort that components can import and export.
type sortWord struct {
	word string
	sort encoding.Sort
}

// sortWords lists these keywords except core module, which has two words.
var sortWords = []sortWord{
	{"func", encoding.SortFunc}, {"value", encoding.SortValue}, {"type", encoding.SortType}, {"component", encoding.SortComponent},
	{"instance", encoding.SortInstance},
}

// isItemRef reports whether a reference in parentheses comes next.
func (p *parser) isItemRef() bool {
	if p.cur().kind != tokLParen {
		return false
	}
	if p.isKeyword(1, "core") {
		return p.isKeyword(2, "module") && p.isIndex(3)
	}
	for _, w := range sortWords {
		if p.isKeyword(1, w.word) {
			return p.isIndex(2)
		}
	}
	return false
}

// sort reads the keyword of a sort that components can import and export.
func (p *parser) sort() encoding.Sort {
	if p.accept("core") {
		p.keyword("module")
		return encoding.SortCoreModule
	}
	for _, w := range sortWords {
		if p.accept(w.word) {
			return w.sort
		}
	}
	p.unexpected()
	return encoding.SortFunc
}

// itemRef reads a reference in parentheses.
func (p *parser) itemRef() *itemRef {
	r := &itemRef{sort: encoding.SortFunc}
	p.parens(func() {
		s := p.sort()
		r = p.ref(s)
	})
	return r
}

func (p *parser) aliasDef() *aliasDef {
	p.advance()
	d := &aliasDef{definition: definition{tok: p.pos - 1}}
	switch {
	case p.accept("outer"):
		d.outer = true
		d.scope, d.index = p.index(), p.index()
		p.parens(func() {
			d.sort = p.outerSort()
			p.aliasID(d)
		})
	case p.accept("export"):
		d.instance = p.index()
		d.export = p.str()
		p.parens(func() {
			d.sort = p.sort()
			p.aliasID(d)
		})
	case p.accept("core"):
		p.keyword("export")
		d.instance = p.index()
		d.export = p.str()
		p.parens(func() {
			p.keyword("core")
			d.sort = encoding.CoreSort(p.externKind())
			p.aliasID(d)
		})
	default:
		p.unexpected()
	}
	return d
}

func (p *parser) aliasID(d *aliasDef) {
	d.idTok = p.pos
	d.id = p.id()
	d.name = p.nameAnnotation()
}

// outerSort reads the keyword of a sort that outer aliases can have.
func (p *parser) outerSort() encoding.Sort {
	switch {
	case p.accept("core"):
		switch {
		case p.accept("module"):
			return encoding.SortCoreModule
		case p.accept("type"):
			return encoding.SortCoreType
		}
	case p.accept("type"):
		return encoding.SortType
	case p.accept("component"):
		return encoding.SortComponent
	}
	p.unexpected()
	return encoding.SortType
}

func (p *parser) importDef() *importDef {
	p.advance()
	d := &importDef{tok: p.pos - 1}
	d.name = p.externName()
	p.parens(func() { d.sig = p.itemSig(true) })
	return d
}

func (p *parser) exportDef() *exportDef {
	p.advance()
	d := &exportDef{definition: p.definition()}
	d.extern = p.externName()
	d.ref = p.itemRef()
	if !p.atEnd() {
		p.parens(func() { d.typ = p.itemSig(false) })
	}
	return d
}

// itemSig reads the type of an import or export inside its parentheses.
func (p *parser) itemSig(names bool) *itemSig {
	s := &itemSig{sort: p.sort()}
	s.tok = p.pos - 1
	if names {
		s.idTok = p.pos
		s.id = p.id()
		s.name = p.nameAnnotation()
	}
	switch s.sort {
	case encoding.SortCoreModule:
		s.typ = p.moduleTypeRef()
	case encoding.SortFunc:
		s.typ = p.funcTypeRef()
	case encoding.SortComponent:
		s.typ = p.declTypeRef(true)
	case encoding.SortInstance:
		s.typ = p.declTypeRef(false)
	case encoding.SortValue:
		switch {
		case p.acceptList("eq"):
			s.eq = true
			s.idx = p.index()
			p.close()
		case p.peekList("type"):
			r := p.indexOrRef(encoding.SortType, "type")
			s.val = &componentVal{ref: r.index}
			if len(r.names) > 0 {
				p.failHere(CodeUnsupported, "the type of a value cannot be the export of an instance")
			}
		default:
			s.val = p.componentVal()
		}
	case encoding.SortType:
		p.parens(func() {
			switch {
			case p.accept("eq"):
				s.eq = true
				s.idx = p.index()
			case p.accept("sub"):
				p.keyword("resource")
			default:
				p.unexpected()
			}
		})
	}
	return s
}

// valueDef reads the definition of a value. It supports only the binary form.
func (p *parser) valueDef() *valueDef {
	p.advance()
	d := &valueDef{definition: p.definition()}
	d.typ = p.componentVal()
	if !p.peekList("binary") {
		p.failHere(CodeUnsupported, "values are only supported in the form `(binary \"…\")`")
		return d
	}
	p.open()
	p.advance()
	d.data = p.strings()
	p.close()
	return d
}

func (p *parser) startDef() *startDef {
	p.advance()
	d := &startDef{tok: p.pos - 1}
	d.fn = p.index()
	for !p.atEnd() && !p.peekList("result") {
		p.parens(func() {
			p.keyword("value")
			d.args = append(d.args, p.ref(encoding.SortValue))
		})
	}
	for p.acceptList("result") {
		p.parens(func() {
			p.keyword("value")
			d.results = append(d.results, p.definition())
		})
		p.close()
	}
	return d
}
