package adapter

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/types"
)

// sig is a core function type: a letter for each parameter, a colon, and a letter for each result.
// The letters are i, I, f and F for i32, i64, f32 and f64, and v for v128.
type sig string

func sigOf(t *types.CoreFunc) sig {
	s := ""
	for _, v := range t.Params {
		s += string(letterOf(v))
	}
	s += ":"
	for _, v := range t.Results {
		s += string(letterOf(v))
	}
	return sig(s)
}

func letterOf(v types.CoreVal) byte {
	switch v {
	case types.I32:
		return 'i'
	case types.I64:
		return 'I'
	case types.F32Core:
		return 'f'
	case types.F64Core:
		return 'F'
	default:
		panic(fmt.Sprintf("unreachable: %v", v))
	}
}

func valType(letter byte) core.ValType {
	switch letter {
	case 'i':
		return core.I32
	case 'I':
		return core.I64
	case 'f':
		return core.F32
	case 'F':
		return core.F64
	case 'v':
		return core.V128
	default:
		panic(fmt.Sprintf("unreachable: letter %c", letter))
	}
}

// split returns the types of the parameters and results.
func (s sig) split() (params, results []core.ValType) {
	list := &params
	for i := range len(s) {
		if s[i] == ':' {
			list = &results
			continue
		}
		*list = append(*list, valType(s[i]))
	}
	return params, results
}

// funcRef is a function of a part: the position of an import, or localFunc plus the position of a
// function that the part defines. The number of imports is known only at the end.
type funcRef uint32

const localFunc funcRef = 1 << 24

// part is one module in the making.
type part struct {
	g    *generator
	part Part
	// memory is the slot of the part's memory, or -1; usesMemory is set when code accesses it.
	memory     int
	usesMemory bool
	// inside is the component instance that the guest's functions belong to that this part calls.
	inside int

	funcImports   []funcImport
	imported      map[Source]funcRef
	globalImports []Source
	funcs         []*code
	defined       map[string]funcRef // functions by what they do
	exports       []export
	exported      map[string]bool
}

type export struct {
	name string
	f    funcRef
}

type funcImport struct {
	source Source
	sig    sig
}

func newPart(g *generator, p Part, memory, inside int) *part {
	return &part{g: g, part: p, memory: memory, inside: inside, imported: make(map[Source]funcRef),
		defined: make(map[string]funcRef), exported: make(map[string]bool)}
}

// importFunc returns an imported function.
func (p *part) importFunc(s Source, t sig) funcRef {
	f, ok := p.imported[s]
	if !ok {
		f = funcRef(len(p.funcImports))
		p.imported[s] = f
		p.funcImports = append(p.funcImports, funcImport{s, t})
	}
	return f
}

// global returns the index of an imported flag.
func (p *part) global(s Source) uint32 {
	i := slices.Index(p.globalImports, s)
	if i < 0 {
		i = len(p.globalImports)
		p.globalImports = append(p.globalImports, s)
	}
	return uint32(i)
}

// define returns the function that key describes. build assembles it on first use.
func (p *part) define(key string, t sig, build func(c *code)) funcRef {
	if f, ok := p.defined[key]; ok {
		return f
	}
	f := localFunc + funcRef(len(p.funcs))
	p.defined[key] = f
	params, _ := t.split()
	c := &code{p: p, sig: t, params: len(params), vars: params}
	p.funcs = append(p.funcs, c)
	build(c)
	return f
}

// remote is like define for a function of part d, which p imports.
func (p *part) remote(d *part, key string, t sig, build func(c *code)) funcRef {
	d.export(key, d.define(key, t, build))
	return p.importFunc(Source{Kind: OtherPart, Slot: int(d.part), Name: key}, t)
}

// export exports a function once.
func (p *part) export(name string, f funcRef) {
	if !p.exported[name] {
		p.exported[name] = true
		p.exports = append(p.exports, export{name, f})
	}
}

// encode returns the binary of the module.
func (p *part) encode(link Linker) []byte {
	b := &core.Builder{}
	for _, f := range p.funcImports {
		params, results := f.sig.split()
		module, field := link(p.part, f.source)
		b.ImportFunc(module, field, b.FuncType(params, results))
	}
	for _, s := range p.globalImports {
		module, field := link(p.part, s)
		b.Imports = append(b.Imports, core.Import{Module: module, Name: field,
			Type: core.ExternType{Kind: core.ExternGlobal, Global: core.GlobalType{Type: core.I32, Mutable: true}}})
	}
	if p.usesMemory {
		module, field := link(p.part, Source{Kind: Memory, Slot: p.memory})
		b.Imports = append(b.Imports, core.Import{Module: module, Name: field, Type: core.ExternType{Kind: core.ExternMemory}})
	}
	names := core.Names{Module: ModuleName, HasModule: true}
	for _, c := range p.funcs {
		params, results := c.sig.split()
		i := b.Func(c.function(b.FuncType(params, results), len(p.funcImports)))
		names.Funcs = append(names.Funcs, core.FuncName{Index: i, Name: strconv.Itoa(p.inside)})
	}
	for _, x := range p.exports {
		b.Export(x.name, core.ExternFunc, uint32(x.f-localFunc)+uint32(len(p.funcImports)))
	}
	b.Customs = []core.Custom{{Name: "name", Data: names.Append(nil)}}
	return b.Append(nil)
}
