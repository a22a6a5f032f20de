// Package meter rewrites core modules so that their code can be interrupted.
//
// A rewritten module counts its work in a mutable global of its own. At each entry of a function
// and each header of a loop it subtracts the work that lies ahead up to the next such place. When
// the counter falls below zero the module calls an imported function, which returns a new value of
// the counter, or does not return at all. See [Rewrite] for what a module may do between two such
// calls.
//
// Loops without calls keep the counter in a local variable while they run. A round of such a loop
// takes up to 0.3 ns longer than in the original, mostly a tenth to a third of a short round.
package meter

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/leb128"
)

// Options determine how [Rewrite] names what it adds to a module and what it leaves out. Module and
// Name must be set.
type Options struct {
	// Module and Name are the names of the imported function. Its type is (i32) -> (i32): it receives
	// the counter, which is below zero, and returns the new one, which must not be.
	Module, Name string
	// Source identifies the module in the line table that a module with debug information gets.
	Source string
	// Import returns the new names of import i. If it is nil, the names are kept.
	Import func(i int, imp core.Import) (module, name string)

	noNests bool // for tests: keep the counter in the global
}

// FuncPrefix is what the names of the functions that [Rewrite] adds start with.
const FuncPrefix = "[meter]"

// Rewrite returns a copy of a module that counts its work. The module must be valid. Rewrite does
// not look for errors, but returns those that it cannot pass over. The same module and options
// yield the same bytes.
//
// The copy behaves like the module. No index changes except those of functions, which the import
// moves by one. A module that can only run for a short time, because it has no loops, calls or long
// functions, gets no import. Engines do not need custom sections, so all are dropped except these:
//
//   - A name section holds the names of the module and its functions. A function without a name is
//     called $N, where N is its index in the original.
//   - If the module has debug information, the copy has a line table, for [Original].
//
// The unit of the counter is about one simple instruction. Between two calls of the import, the
// copy runs for about as many units as the import last returned, whatever the code: recursion, tail
// calls and long functions without loops are counted, and bulk operations on memories and tables
// run in pieces.
func Rewrite(m *core.Module, o Options) ([]byte, error) {
	if m.NumBodies == 0 {
		return plain(m, o), nil
	}
	r, err := newRewriter(m, o)
	if err != nil {
		return nil, err
	}
	if err := r.bodies(); err != nil {
		return nil, err
	}
	if !r.used {
		return plain(m, o), nil
	}
	return r.assemble()
}

// plain returns a copy of the module that only has its imports renamed.
func plain(m *core.Module, o Options) []byte {
	if o.Import == nil {
		o.Import = func(_ int, imp core.Import) (string, string) { return imp.Module, imp.Name }
	}
	return m.RewriteImports(o.Import)
}

// rewriter rewrites one module.
type rewriter struct {
	m *core.Module
	o Options

	imported core.FuncIdx   // number of imported functions, and so the index of the added import
	counter  uint32         // index of the added global
	slow     core.FuncIdx   // index of the added function that calls the import
	types    []core.RecType // added types
	numTypes core.TypeIdx   // types of the module
	params   []int          // number of parameters of each of them
	helpers  []helper
	byKey    map[helperKey]core.FuncIdx

	code []byte // the contents of the code section after the count
	// A test of the counter is charge, the weight and check. callAt is the position of the call in
	// check.
	charge, check []byte
	callAt        int
	lengths       map[core.SectionID][]uint64 // of segments
	body          body
	used          bool // whether the module needs the import

	moves *moves // nil without debug information
}

func newRewriter(m *core.Module, o Options) (*rewriter, error) {
	r := &rewriter{m: m, o: o, imported: core.FuncIdx(m.NumImports(core.ExternFunc))}
	r.counter = uint32(m.NumImports(core.ExternGlobal) + len(m.Globals))
	for i := range m.Types {
		for k := range m.Types[i].Types {
			n := 0
			if f, ok := m.Types[i].Types[k].Type.(*core.FuncType); ok {
				n = len(f.Params)
			}
			r.params = append(r.params, n)
		}
	}
	r.numTypes = core.TypeIdx(len(r.params))
	s, ok := m.Section(core.SectionCode)
	if !ok {
		return nil, fmt.Errorf("the module has no code section")
	}
	if HasDebugInfo(m) {
		r.moves = &moves{section: s.Start, source: o.Source}
	}
	// Function indices are those of the copy: the import, then the functions of the module, then the
	// added ones.
	r.slow = r.imported + 1 + core.FuncIdx(len(m.Funcs))
	r.addSlow()
	r.code = make([]byte, 0, len(s.Data)+len(s.Data)/8+64)
	r.body.r = r
	return r, nil
}

// numParams returns the number of parameters of a type of the module.
func (r *rewriter) numParams(t core.TypeIdx) int {
	if int64(t) >= int64(len(r.params)) {
		return 0
	}
	return r.params[t]
}

// hasParams reports whether a block has parameters.
func (r *rewriter) hasParams(t core.BlockType) bool { return t.HasIndex && r.numParams(t.Index) > 0 }

// typeOf returns the index of an added function type.
func (r *rewriter) typeOf(params, results []core.ValType) core.TypeIdx {
	// There are few, and duplicates are harmless.
	r.types = append(r.types, core.Func(params, results))
	return r.numTypes + core.TypeIdx(len(r.types)-1)
}

// moved returns the index in the copy of a function of the module.
func (r *rewriter) moved(f uint32) uint32 {
	if f >= uint32(r.imported) {
		return f + 1
	}
	return f
}

// bodies rewrites the code of all functions of the module.
func (r *rewriter) bodies() error {
	n := 0
	for b, err := range r.m.Bodies() {
		if err != nil {
			return err
		}
		if n >= len(r.m.Funcs) {
			return fmt.Errorf("more than %d bodies", len(r.m.Funcs))
		}
		if err := r.body.rewrite(b, r.numParams(r.m.Funcs[n])); err != nil {
			return fmt.Errorf("function %d: %w", int(r.imported)+n, err)
		}
		n++
	}
	if n < len(r.m.Funcs) {
		return fmt.Errorf("%d functions and %d bodies", len(r.m.Funcs), n)
	}
	return nil
}

// assemble returns the whole copy.
func (r *rewriter) assemble() ([]byte, error) {
	m := r.m
	head := core.Builder{Types: append(m.Types[:len(m.Types):len(m.Types)], r.types...), Imports: r.imports()}
	rest := core.Builder{Tables: m.Tables, Memories: m.Memories, Tags: m.Tags, Exports: r.exports()}
	if err := r.definitions(&rest); err != nil {
		return nil, err
	}
	const preamble = 8
	size := len(r.code) + 1024
	for _, s := range m.Sections {
		if s.ID != core.SectionCustom && s.ID != core.SectionCode {
			size += len(s.Data) + len(s.Data)/8 + 16
		}
	}
	names := r.names()
	out := head.Append(make([]byte, 0, size+len(names)+r.moves.size()))
	funcs := leb128.AppendUint(nil, uint64(len(m.Funcs)+len(r.helpers)))
	for _, t := range m.Funcs {
		funcs = leb128.AppendUint(funcs, uint64(t))
	}
	for _, h := range r.helpers {
		funcs = leb128.AppendUint(funcs, uint64(h.f.Type))
	}
	out = appendSection(out, core.SectionFunction, funcs)
	out = append(out, rest.Append(nil)[preamble:]...)
	if s, ok := m.Section(core.SectionDataCount); ok {
		out = appendSection(out, core.SectionDataCount, s.Data)
	}
	out = r.appendCode(out, len(m.Funcs)+len(r.helpers))
	if s, ok := m.Section(core.SectionData); ok {
		out = appendSection(out, core.SectionData, s.Data)
	}
	out = appendCustom(out, "name", names)
	return r.moves.appendSections(out), nil
}

// appendCode appends the code section.
func (r *rewriter) appendCode(out []byte, n int) []byte {
	count := leb128.AppendUint(nil, uint64(n))
	r.moves.shift(len(count))
	for i := range r.helpers {
		f := &r.helpers[i].f
		r.code = leb128.AppendUint(r.code, uint64(1+len(f.Code)))
		r.code = append(append(r.code, 0), f.Code...) // no local variables
	}
	r.moves.end(len(count) + len(r.code))
	out = append(out, byte(core.SectionCode))
	out = leb128.AppendUint(out, uint64(len(count)+len(r.code)))
	out = append(out, count...)
	return append(out, r.code...)
}

func (r *rewriter) imports() []core.Import {
	list := make([]core.Import, len(r.m.Imports), len(r.m.Imports)+1)
	for i, imp := range r.m.Imports {
		if r.o.Import != nil {
			imp.Module, imp.Name = r.o.Import(i, imp)
		}
		list[i] = imp
	}
	t := core.ExternType{Kind: core.ExternFunc, Func: r.numTypes} // the first of the added types
	return append(list, core.Import{Module: r.o.Module, Name: r.o.Name, Type: t})
}

func (r *rewriter) exports() []core.Export {
	list := make([]core.Export, len(r.m.Exports))
	for i, e := range r.m.Exports {
		if e.Kind == core.ExternFunc {
			e.Index = r.moved(e.Index)
		}
		list[i] = e
	}
	return list
}

// definitions fills in the definitions that may refer to functions, and the counter.
func (r *rewriter) definitions(b *core.Builder) error {
	var err error
	b.Tables = make([]core.Table, len(r.m.Tables))
	for i, t := range r.m.Tables {
		if t.Init, err = r.expr(t.Init); err != nil {
			return err
		}
		b.Tables[i] = t
	}
	b.Globals = make([]core.Global, len(r.m.Globals), len(r.m.Globals)+1)
	for i, g := range r.m.Globals {
		if g.Init, err = r.expr(g.Init); err != nil {
			return err
		}
		b.Globals[i] = g
	}
	// The first use of the counter calls the import.
	b.Globals = append(b.Globals, core.Global{Type: core.GlobalType{Type: core.I32, Mutable: true}, Init: core.ConstExpr(core.I32Const(0))})
	if r.m.Start != nil {
		start := core.FuncIdx(r.moved(uint32(*r.m.Start)))
		b.Start = &start
	}
	for e, err := range r.m.Elems() {
		if err != nil {
			return err
		}
		for i, f := range e.Funcs {
			e.Funcs[i] = core.FuncIdx(r.moved(uint32(f)))
		}
		for i, x := range e.Exprs {
			if e.Exprs[i], err = r.expr(x); err != nil {
				return err
			}
		}
		b.Elems = append(b.Elems, e)
	}
	return nil
}

// expr returns a constant expression with the functions in it renumbered.
func (r *rewriter) expr(x core.Expr) (core.Expr, error) {
	var out []byte
	last := 0
	var in core.Instr
	ir := x.Instrs()
	for ir.Next(&in) {
		if in.Op == core.OpRefFunc && in.X >= uint32(r.imported) {
			out = append(out, x.Bytes[last:ir.Offset()-x.Start]...)
			out = appendIndex(out, core.OpRefFunc, in.X+1)
			last = ir.Pos() - x.Start
		}
	}
	if last > 0 {
		x.Bytes = append(out, x.Bytes[last:]...)
	}
	return x, ir.Err()
}

// names returns the payload of the name section.
func (r *rewriter) names() []byte {
	have := r.m.Names()
	byIndex := make([]string, int(r.imported)+len(r.m.Funcs))
	for _, f := range have.Funcs {
		if int64(f.Index) < int64(len(byIndex)) && byIndex[f.Index] == "" {
			byIndex[f.Index] = f.Name
		}
	}
	n := core.Names{Module: have.Module, HasModule: have.HasModule}
	n.Funcs = make([]core.FuncName, 0, len(byIndex)+1+len(r.helpers))
	for i, name := range byIndex {
		if name == "" {
			name = fmt.Sprintf("$%d", i)
		}
		n.Funcs = append(n.Funcs, core.FuncName{Index: core.FuncIdx(r.moved(uint32(i))), Name: name})
		if i+1 == int(r.imported) {
			n.Funcs = append(n.Funcs, core.FuncName{Index: r.imported, Name: FuncPrefix})
		}
	}
	if r.imported == 0 {
		n.Funcs = append([]core.FuncName{{Index: 0, Name: FuncPrefix}}, n.Funcs...)
	}
	for i, h := range r.helpers {
		n.Funcs = append(n.Funcs, core.FuncName{Index: r.slow + core.FuncIdx(i), Name: FuncPrefix + " " + h.name})
	}
	return n.Append(nil)
}

func appendSection(dst []byte, id core.SectionID, contents []byte) []byte {
	dst = append(dst, byte(id))
	dst = leb128.AppendUint(dst, uint64(len(contents)))
	return append(dst, contents...)
}

func appendCustom(dst []byte, name string, payload []byte) []byte {
	dst = append(dst, byte(core.SectionCustom))
	dst = leb128.AppendUint(dst, uint64(leb128.UintLen(uint64(len(name)))+len(name)+len(payload)))
	dst = leb128.AppendUint(dst, uint64(len(name)))
	dst = append(dst, name...)
	return append(dst, payload...)
}

func appendIndex(dst []byte, op core.Op, x uint32) []byte {
	return leb128.AppendUint(append(dst, byte(op)), uint64(x))
}
