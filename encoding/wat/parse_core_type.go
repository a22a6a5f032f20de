package wat

import (
	"math/bits"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/types"
)

const kindRef = types.RefKind

// numTypes are the number and vector types. refShorthands are the abbreviated reference types.
// heapTypes are the abstract heap types.
var (
	numTypes = map[string]core.ValType{
		"i32": core.I32, "i64": core.I64, "f32": core.F32, "f64": core.F64, "v128": core.V128,
	}
	refShorthands = map[string]types.Heap{
		"funcref": types.HeapFunc, "externref": types.HeapExtern, "exnref": types.HeapExn, "contref": types.HeapCont,
		"anyref": types.HeapAny, "eqref": types.HeapEq, "structref": types.HeapStruct, "arrayref": types.HeapArray,
		"i31ref": types.HeapI31, "nullfuncref": types.HeapNoFunc, "nullexternref": types.HeapNoExtern, "nullexnref": types.HeapNoExn,
		"nullcontref": types.HeapNoCont, "nullref": types.HeapNone,
	}
	heapTypes = map[string]types.Heap{
		"func": types.HeapFunc, "extern": types.HeapExtern, "exn": types.HeapExn, "cont": types.HeapCont, "any": types.HeapAny,
		"eq": types.HeapEq, "struct": types.HeapStruct, "array": types.HeapArray, "i31": types.HeapI31, "nofunc": types.HeapNoFunc,
		"noextern": types.HeapNoExtern, "noexn": types.HeapNoExn, "nocont": types.HeapNoCont, "none": types.HeapNone,
	}
	refWords = []string{
		"funcref", "externref", "exnref", "contref", "anyref", "eqref", "structref", "arrayref", "i31ref", "nullfuncref",
		"nullexternref", "nullexnref", "nullcontref", "nullref",
	}
	heapWords = []string{
		"func", "extern", "exn", "cont", "any", "eq", "struct", "array", "i31", "nofunc", "noextern", "noexn", "nocont", "none",
	}
	numWords = []string{"i32", "i64", "f32", "f64", "v128"}
)

// word returns the text of the token n tokens after the current one if it is a keyword, and ""
// otherwise.
func (p *parser) word(n int) string {
	if t := p.at(n); t.kind == tokKeyword {
		return p.text(t)
	}
	return ""
}

// isRefType reports whether a reference type starts n tokens after the current one.
func (p *parser) isRefType(n int) bool {
	if p.at(n).kind == tokLParen {
		return p.isKeyword(n+1, "ref") || p.isKeyword(n+1, "shared")
	}
	_, ok := refShorthands[p.word(n)]
	return ok
}

func (p *parser) isValType(n int) bool {
	_, ok := numTypes[p.word(n)]
	return ok || p.isRefType(n)
}

func (p *parser) wantWords(list []string) {
	for _, w := range list {
		p.want(w, 'k')
	}
}

func (p *parser) valType() valType {
	if t, ok := numTypes[p.word(0)]; ok {
		p.advance()
		return valType{t: t}
	}
	if !p.isRefType(0) {
		p.wantWords(numWords)
	}
	return p.refType()
}

func (p *parser) refType() valType {
	if h, ok := refShorthands[p.word(0)]; ok {
		p.advance()
		return nullable(h, false)
	}
	if p.cur().kind != tokLParen {
		p.wantWords(refWords)
		p.want("lparen", 0)
		p.unexpected()
		return valType{}
	}
	var v valType
	p.parens(func() {
		switch {
		case p.accept("ref"):
			null := p.accept("null")
			v = p.heapType()
			v.t.Ref.Nullable = null
		case p.accept("shared"):
			h, ok := refShorthands[p.word(0)]
			if !ok {
				p.wantWords(refWords)
				p.unexpected()
				return
			}
			p.advance()
			v = nullable(h, true)
		default:
			p.unexpected()
		}
	})
	return v
}

func nullable(h types.Heap, shared bool) valType {
	return valType{t: core.Ref(core.RefType{Nullable: true, Heap: core.HeapType{Abs: h, Shared: shared}})}
}

// heapType reads a heap type and returns its non-nullable reference type.
func (p *parser) heapType() valType {
	if p.isIndex(0) {
		return valType{t: core.ValType{Kind: kindRef}, ref: p.index()}
	}
	shared := false
	if p.cur().kind == tokLParen {
		if p.isKeyword(1, "exact") {
			p.failHere(CodeUnsupported, "exact heap types are not supported")
			return valType{}
		}
		shared = true
		p.open()
		p.keyword("shared")
	}
	h, ok := heapTypes[p.word(0)]
	if !ok {
		p.want("an index", 0)
		p.wantWords(heapWords)
		p.unexpected()
		return valType{}
	}
	p.advance()
	if shared {
		p.close()
	}
	return valType{t: core.Ref(core.RefType{Heap: core.HeapType{Abs: h, Shared: shared}})}
}

func (p *parser) globalType() (t valType, mutable, shared bool) {
	if !p.peekList("mut") && !p.peekList("shared") {
		return p.valType(), false, false
	}
	p.parens(func() {
		shared = p.accept("shared")
		mutable = p.accept("mut")
		t = p.valType()
	})
	return t, mutable, shared
}

func (p *parser) limits() types.Limits {
	var l types.Limits
	if !p.accept("i32") {
		l.Is64 = p.accept("i64")
	}
	l.Min = p.integer(64, false)
	if p.cur().kind == tokInt {
		l.Max, l.HasMax = p.integer(64, false), true
	}
	return l
}

func (p *parser) memoryType() core.MemoryType {
	t := core.MemoryType{Limits: p.limits()}
	t.Limits.Shared = p.accept("shared")
	p.pageSize(&t)
	return t
}

// pageSize reads (pagesize n) if it comes next.
func (p *parser) pageSize(t *core.MemoryType) {
	if !p.acceptList("pagesize") {
		return
	}
	at := p.pos
	n := p.u32()
	if bits.OnesCount32(n) != 1 {
		p.fail(p.span(at), CodeBadNumber, "invalid custom page size: %d", n).Notef("a page size must be a power of two")
		n = 1
	}
	t.HasPageSize = true
	t.PageSizeLog2 = uint8(bits.TrailingZeros32(n))
	p.close()
}

func (p *parser) tableType() (core.TableType, valType) {
	var t core.TableType
	shared := p.accept("shared")
	t.Limits = p.limits()
	t.Limits.Shared = shared
	return t, p.refType()
}

// typeUse reads a reference to a function type, an inline function type, or both. Parameters may
// have names only if names is set.
func (p *parser) typeUse(names bool) typeUse {
	u := typeUse{tok: p.pos}
	if p.peekList("type") {
		p.open()
		p.advance()
		u.index, u.hasIndex = p.index(), true
		p.close()
	}
	if p.peekList("param") || p.peekList("result") {
		u.inline = p.funcType(names)
	}
	return u
}

func (p *parser) funcType(names bool) *funcType {
	t := &funcType{}
	for {
		switch {
		case p.peekList("param"):
			if len(t.results) > 0 {
				p.failHere(CodeUnexpectedToken, "result before parameter (or unexpected token): cannot list params after results")
				return t
			}
			p.open()
			p.advance()
			t.params = p.params(t.params, names)
		case p.peekList("result"):
			p.open()
			p.advance()
			for !p.atEnd() {
				t.results = append(t.results, p.valType())
			}
		default:
			return t
		}
		p.close()
	}
}

// typeDef reads a type definition from its keyword on.
func (p *parser) typeDef() *typeDef {
	d := &typeDef{head: p.head(), final: true}
	p.parens(func() { p.subType(d) })
	return d
}

// typeField reads a single type definition as a field.
func (p *parser) typeField() *typeField {
	f := &typeField{tok: p.pos}
	f.types = []*typeDef{p.typeDef()}
	return f
}

func (p *parser) rec() *typeField {
	f := &typeField{tok: p.pos, rec: true}
	p.advance()
	for p.peekList("type") {
		p.open()
		f.types = append(f.types, p.typeDef())
		p.close()
	}
	return f
}

// subType reads a type definition inside its parentheses.
func (p *parser) subType(d *typeDef) {
	if !p.accept("sub") {
		p.sharedType(d)
		return
	}
	d.final = p.accept("final")
	if p.isIndex(0) {
		d.super, d.hasSuper = p.index(), true
	}
	p.parens(func() { p.sharedType(d) })
}

func (p *parser) sharedType(d *typeDef) {
	if p.accept("shared") {
		d.shared = true
		p.parens(func() { p.compType(d) })
		return
	}
	p.compType(d)
}

func (p *parser) compType(d *typeDef) {
	if p.peek("descriptor") || p.peek("describes") {
		p.failHere(CodeUnsupported, "custom descriptors are not supported")
		return
	}
	switch {
	case p.accept("func"):
		d.fn = p.funcType(true)
	case p.accept("struct"):
		d.isStruct = true
		for !p.atEnd() {
			p.parens(func() {
				p.keyword("field")
				if p.cur().kind == tokID {
					f := structField{idTok: p.pos}
					f.id = p.id()
					p.storage(&f)
					d.structure = append(d.structure, f)
					return
				}
				for !p.atEnd() {
					var f structField
					p.storage(&f)
					d.structure = append(d.structure, f)
				}
			})
		}
	case p.accept("array"):
		d.array = &structField{}
		p.storage(d.array)
	case p.accept("cont"):
		d.cont = p.index()
	default:
		p.unexpected()
	}
}

// storage reads the type of a field.
func (p *parser) storage(f *structField) {
	if p.peekList("mut") {
		p.open()
		p.advance()
		f.mutable = true
		p.storageType(f)
		p.close()
		return
	}
	p.storageType(f)
}

func (p *parser) storageType(f *structField) {
	switch {
	case p.accept("i8"):
		f.packed = 8
	case p.accept("i16"):
		f.packed = 16
	case p.isValType(0):
		f.typ = p.valType()
	default:
		p.want("valtype", 0)
		p.unexpected()
	}
}
