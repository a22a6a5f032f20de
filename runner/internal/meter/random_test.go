package meter_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero/api"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/runner/internal/meter"
)

// TestRandomModules compares random modules that end with their copies. Together they contain every
// instruction that the compiler of the engine has.
func TestRandomModules(t *testing.T) {
	seen := make(map[core.Op]bool)
	engines(t, func(t *testing.T, m *machine) {
		for seed := range uint64(300) {
			mod := decode(t, random(seed))
			if err := core.Validate(mod, feature.Default(), core.ValidateOptions{Workers: 1}); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			for b := range mod.Bodies() {
				var in core.Instr
				for _, ir, _ := b.Read(); ir.Next(&in); {
					seen[in.Op] = true
				}
			}
			m.same(t, mod)
			if t.Failed() {
				t.Fatalf("seed %d", seed)
			}
		}
	})
	for op, info := range core.Ops() {
		if supported(info) && !seen[op] {
			t.Errorf("no module contains `%s`", info.Name)
		}
	}
}

// supported reports whether the compiler of the engine has an instruction.
func supported(info *core.OpInfo) bool {
	switch info.Feature {
	case 0, feature.SIMD, feature.BulkMemory, feature.ReferenceTypes, feature.SignExtension, feature.SaturatingFloatToInt, feature.MultiValue,
		feature.TailCall:
		return true
	}
	return false
}

// FuzzRewrite checks that the copy of a valid module is valid, that it ends or calls the import,
// and that it behaves like the original if it ends.
func FuzzRewrite(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(random(seed))
	}
	f.Fuzz(checkCopy)
}

// fewer returns the number of random cases to try: n, or a fifth with -short, for emulated
// processors.
func fewer(n int) int {
	if testing.Short() {
		return n / 5
	}
	return n
}

// TestMutatedModules does what the fuzz target does with random changes of random modules.
func TestMutatedModules(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	for range fewer(300) {
		data := random(rnd.Uint64() % 300)
		for range 1 + rnd.IntN(4) {
			data[8+rnd.IntN(len(data)-8)] = byte(rnd.Uint32())
		}
		checkCopy(t, data)
		if t.Failed() {
			t.Fatalf("%x", data)
		}
	}
}

func checkCopy(t *testing.T, data []byte) {
	mod, err := core.Decode(data)
	if err != nil {
		return
	}
	valid := core.Validate(mod, feature.All(), core.ValidateOptions{Workers: 1}) == nil
	out, err := meter.Rewrite(mod, meter.Options{Module: "meter", Name: "slow"})
	if !valid {
		return // it did not panic
	}
	if err != nil {
		t.Fatal(err)
	}
	again, _ := meter.Rewrite(mod, meter.Options{Module: "meter", Name: "slow"})
	if string(again) != string(out) {
		t.Error("the same module has two copies")
	}
	copied := decode(t, out)
	if err := core.Validate(copied, feature.All(), core.ValidateOptions{Workers: 1}); err != nil {
		t.Fatalf("the copy is invalid: %v", err)
	}
	if len(mod.Imports) > 0 || mod.Start != nil || len(mod.Memories) > 0 && mod.Memories[0].Limits.Min > 100 {
		return
	}
	if slices.ContainsFunc(mod.Tables, func(t core.Table) bool { return t.Type.Limits.Min > 1<<16 }) {
		return
	}
	m := newMachine(t, true)
	calls := 0
	m.slow = func(_ api.Module, counter int32) int32 {
		// A number that is not negative is the growth of a table.
		if calls++; calls > 1000 || counter > 1<<16 {
			panic(errStop)
		}
		return 1000
	}
	b, err := m.instantiate(out)
	a, err2 := m.instantiate(data)
	if (err == nil) != (err2 == nil) {
		t.Fatalf("instantiating the copy: %v, and the original: %v", err, err2)
	}
	if err != nil {
		return
	}
	for _, e := range mod.Exports {
		if e.Kind != core.ExternFunc {
			continue
		}
		args := make([]uint64, len(a.ExportedFunction(e.Name).Definition().ParamTypes()))
		got := outcome(b.ExportedFunction(e.Name).Call(ctx, args...))
		if strings.Contains(got, "stopped") || strings.Contains(got, "stack overflow") {
			return // the original may never end
		}
		if want := outcome(a.ExportedFunction(e.Name).Call(ctx, args...)); got != want {
			t.Errorf("%s: %s, want %s", e.Name, got, want)
		}
	}
}

// gen generates functions that end: calls go to earlier functions, and each loop counts its rounds.
type gen struct {
	rnd   *rand.Rand
	b     core.Builder
	sigs  []sig
	asm   *core.Asm
	sig   sig
	stack []byte   // operand types by their letters in signatures
	loops []bool   // which blocks are loops, outermost first
	outs  []string // results of the open blocks, for loops their parameters; the function comes first
	ops   []core.Op
	size  int
	count uint32 // the local that counts all rounds
}

type sig struct{ params, results string }

var letters = map[byte]core.ValType{'i': core.I32, 'I': core.I64, 'f': core.F32, 'F': core.F64, 'v': core.V128}

func (g *gen) letterList(limit int) string {
	b := make([]byte, g.rnd.IntN(limit+1))
	for i := range b {
		b[i] = "iIfFv"[g.rnd.IntN(5)]
	}
	return string(b)
}

func valTypes(s string) []core.ValType {
	var list []core.ValType
	for i := range len(s) {
		list = append(list, letters[s[i]])
	}
	return list
}

// random returns a valid module.
func random(seed uint64) []byte {
	g := &gen{rnd: rand.New(rand.NewPCG(seed, 3))}
	for op, info := range core.Ops() {
		if info.Sig != "" && supported(info) && !strings.Contains(info.Name, ".const") {
			g.ops = append(g.ops, op)
		}
	}
	b := &g.b
	b.DataCount = true
	b.Memories = []core.MemoryType{{Limits: types.Limits{Min: 2, Max: 4, HasMax: true}}}
	b.Data = []core.Data{{Mode: core.Passive, Bytes: make([]byte, 100)}, {Mode: core.Passive, Bytes: make([]byte, 70000)}}
	b.Globals = []core.Global{{Type: core.GlobalType{Type: core.I64, Mutable: true}, Init: core.ConstExpr(core.I64Const(1))}}
	b.Tables = []core.Table{
		{Type: core.TableType{Elem: core.FuncRef.Ref, Limits: types.Limits{Min: 20000}}},
		{Type: core.TableType{Elem: core.ExternRef.Ref, Limits: types.Limits{Min: 10}}},
	}
	n := 2 + g.rnd.IntN(5)
	elem := core.Elem{Mode: core.Active, Offset: core.ConstExpr(core.I32Const(0))}
	for i := range n {
		s := sig{g.letterList(3), g.letterList(2)}
		g.function(s)
		g.sigs = append(g.sigs, s)
		elem.Funcs = append(elem.Funcs, core.FuncIdx(i))
		if !strings.Contains(s.params+s.results, "v") { // the engine's API has no vectors
			b.Export(strings.Repeat("f", i+1), core.ExternFunc, uint32(i))
		}
	}
	passive := elem
	passive.Mode, passive.Offset = core.Passive, core.Expr{}
	b.Elems = []core.Elem{elem, passive}
	b.Export("memory", core.ExternMemory, 0)
	return b.Append(nil)
}

func (g *gen) function(s sig) {
	g.sig, g.asm, g.stack, g.size = s, core.NewAsm(len(s.params)), nil, 20+g.rnd.IntN(60)
	g.count = g.asm.Local(core.I32)
	g.outs, g.loops = []string{s.results}, []bool{false}
	for range g.rnd.IntN(30) {
		g.any()
	}
	g.finish(s.results)
	g.b.Func(g.asm.Function(g.b.FuncType(valTypes(s.params), valTypes(s.results))))
}

// any generates one instruction or block.
func (g *gen) any() {
	if g.size--; g.size < 0 {
		return
	}
	switch g.rnd.IntN(16) {
	case 0:
		if n := len(g.sig.params); n > 0 {
			i := g.rnd.IntN(n)
			g.asm.Get(uint32(i))
			g.push(g.sig.params[i : i+1])
		}
	case 1, 2:
		g.call()
	case 3, 4, 5:
		g.block()
	case 6:
		g.branch()
	case 7:
		g.bulk()
	case 8:
		g.table()
	case 9:
		g.local()
	default:
		g.simple()
	}
}

func (g *gen) push(results string) { g.stack = append(g.stack, results...) }

// want generates the operands that an instruction takes and pops them.
func (g *gen) want(operands string) {
	if strings.HasSuffix(string(g.stack), operands) {
		g.stack = g.stack[:len(g.stack)-len(operands)]
		return
	}
	for i := range len(operands) {
		g.constant(operands[i])
	}
}

func (g *gen) constant(letter byte) {
	switch letter {
	case 'i':
		g.asm.I32(int32(g.rnd.IntN(200)))
	case 'I':
		g.asm.I64(g.rnd.Int64())
	case 'f':
		g.asm.Emit(core.Instr{Op: core.OpF32Const, Value: uint64(g.rnd.Uint32())})
	case 'F':
		g.asm.Emit(core.Instr{Op: core.OpF64Const, Value: g.rnd.Uint64()})
	case 'v':
		g.asm.Emit(core.Instr{Op: core.OpV128Const})
	}
}

// simple generates an instruction with a signature.
func (g *gen) simple() {
	op := g.ops[g.rnd.IntN(len(g.ops))]
	params, results, _ := strings.Cut(strings.ReplaceAll(op.Info().Sig, "a", "i"), ":")
	switch op {
	case core.OpMemoryInit, core.OpMemoryCopy, core.OpMemoryFill, core.OpDataDrop:
		return // see bulk
	}
	g.want(params)
	in := core.Instr{Op: op, Align: op.Info().Align, Offset: uint64(g.rnd.IntN(100)), Lane: uint8(g.rnd.IntN(2))}
	g.asm.Emit(in)
	g.push(results)
}

func (g *gen) call() {
	if len(g.sigs) == 0 {
		return
	}
	i := g.rnd.IntN(len(g.sigs))
	s := g.sigs[i]
	tail := s.results == g.sig.results && g.rnd.IntN(3) == 0
	if g.rnd.IntN(2) == 0 {
		g.want(s.params)
		if tail {
			g.asm.Index(core.OpReturnCall, uint32(i))
		} else {
			g.asm.Call(core.FuncIdx(i))
		}
	} else {
		t := g.b.FuncType(valTypes(s.params), valTypes(s.results))
		// The element is an earlier function, or null, or of another type.
		g.want(s.params)
		g.asm.I32(int32(g.rnd.IntN(len(g.sigs) + 1)))
		if g.rnd.IntN(4) > 0 {
			g.asm.Ops(core.OpDrop)
			g.asm.I32(int32(i))
		}
		op := core.OpCallIndirect
		if tail {
			op = core.OpReturnCallIndirect
		}
		g.indirect(op, t)
	}
	if tail {
		g.unreachable()
	} else {
		g.push(s.results)
	}
}

// indirect generates an indirect call, but not to the function itself or a later one.
func (g *gen) indirect(op core.Op, t core.TypeIdx) {
	g.asm.I32(int32(len(g.sigs)))
	g.asm.Ops(core.OpI32RemU)
	g.asm.Emit(core.Instr{Op: op, X: uint32(t)})
}

// unreachable gives the rest of the block operands.
func (g *gen) unreachable() {
	g.stack = g.stack[:0]
	for range g.rnd.IntN(3) {
		g.asm.Ops(core.OpNop)
	}
	for _, c := range []byte(g.outs[len(g.outs)-1]) {
		g.constant(c)
		g.stack = append(g.stack, c)
	}
}

// branch generates a branch outward.
func (g *gen) branch() {
	l := g.rnd.IntN(len(g.outs))
	at := len(g.outs) - 1 - l
	out := g.outs[at]
	if g.loops[at] {
		g.want(out)
		g.again(uint32(l))
		g.push(out)
		return
	}
	switch g.rnd.IntN(4) {
	case 0:
		g.want(out)
		g.asm.Index(core.OpBr, uint32(l))
		g.unreachable()
	case 1:
		g.want(out + "i")
		g.asm.Emit(core.Instr{Op: core.OpBrTable, Labels: []uint32{uint32(l), uint32(l)}})
		g.unreachable()
	case 2:
		g.want(g.sig.results)
		g.asm.Ops(core.OpReturn)
		g.unreachable()
	default:
		g.want(out + "i")
		g.asm.Index(core.OpBrIf, uint32(l))
		g.push(out)
	}
}

// block generates a block with contents.
func (g *gen) block() {
	op := []core.Op{core.OpBlock, core.OpLoop, core.OpIf}[g.rnd.IntN(3)]
	params, results := "", g.letterList(2)
	if g.rnd.IntN(2) == 0 {
		params = g.letterList(2)
	}
	operands := params
	if op == core.OpIf {
		operands += "i"
	}
	g.want(operands)
	g.asm.Block(op, core.BlockType{HasIndex: true, Index: g.b.FuncType(valTypes(params), valTypes(results))})
	outer := string(g.stack)
	label := results
	if op == core.OpLoop {
		label = params
	}
	g.outs, g.loops = append(g.outs, label), append(g.loops, op == core.OpLoop)
	for branch := range 2 {
		g.stack = []byte(params)
		for range g.rnd.IntN(5) {
			g.any()
		}
		if op == core.OpLoop {
			g.finish(params)
			g.again(0)
		}
		g.finish(results)
		if op != core.OpIf || branch == 1 {
			break
		}
		g.asm.Ops(core.OpElse)
	}
	g.asm.End()
	g.outs, g.loops = g.outs[:len(g.outs)-1], g.loops[:len(g.loops)-1]
	g.stack = append([]byte(outer), results...)
}

// again branches to a loop while all loops together have made few rounds.
func (g *gen) again(label uint32) {
	g.asm.Get(g.count)
	g.asm.I32(1)
	g.asm.Ops(core.OpI32Add)
	g.asm.Tee(g.count)
	g.asm.I32(30)
	g.asm.Ops(core.OpI32LtU)
	g.asm.Index(core.OpBrIf, label)
}

// bulk generates an operation on the memory.
func (g *gen) bulk() {
	at := func() { g.asm.I32(int32(g.rnd.IntN(60000))) }
	n := func() { g.asm.I32([]int32{0, 1, 100, 65536, 65537, 70000, 140000}[g.rnd.IntN(7)]) }
	seg := uint32(g.rnd.IntN(2))
	switch g.rnd.IntN(4) {
	case 0:
		at()
		g.asm.I32(g.rnd.Int32())
		n()
		g.asm.Ops(core.OpMemoryFill)
	case 1:
		at()
		at()
		n()
		g.asm.Ops(core.OpMemoryCopy)
	case 2:
		at()
		g.asm.I32(0)
		n()
		g.asm.Index(core.OpMemoryInit, seg)
	default:
		if g.rnd.IntN(5) == 0 {
			g.asm.Index(core.OpDataDrop, seg)
		}
	}
}

// table generates an operation on a table.
func (g *gen) table() {
	n := func(limit int) { g.asm.I32(int32(g.rnd.IntN(limit))) }
	switch g.rnd.IntN(10) {
	case 0:
		g.asm.Emit(core.Instr{Op: core.OpRefNull, Ref: core.FuncRef.Ref})
		n(20)
		g.asm.Index(core.OpTableGrow, 0)
		g.push("i")
	case 1:
		g.asm.Index(core.OpTableSize, 1)
		g.push("i")
	case 2:
		n(11)
		g.asm.Emit(core.Instr{Op: core.OpRefNull, Ref: core.ExternRef.Ref})
		n(5)
		g.asm.Index(core.OpTableFill, 1)
	case 3:
		// Beyond the functions that may be called.
		g.asm.I32(int32(100 + g.rnd.IntN(1000)))
		n(1000)
		n(19500)
		g.asm.Emit(core.Instr{Op: core.OpTableCopy})
	case 4:
		g.asm.I32(int32(100 + g.rnd.IntN(1000)))
		n(3)
		n(3)
		g.asm.Emit(core.Instr{Op: core.OpTableInit, X: 1})
	case 5:
		if g.rnd.IntN(4) == 0 {
			g.asm.Index(core.OpElemDrop, 1)
		}
	case 6:
		n(20)
		g.asm.Index(core.OpTableGet, 0)
		g.asm.Ops(core.OpRefIsNull)
		g.push("i")
	case 7:
		n(20)
		g.asm.I32(100)
		g.asm.Ops(core.OpI32Add)
		g.asm.Index(core.OpRefFunc, uint32(len(g.sigs)))
		g.asm.Index(core.OpTableSet, 0)
	case 8:
		g.constant('I')
		g.constant('I')
		g.constant('i')
		g.asm.Emit(core.Instr{Op: core.OpSelectT, Types: []core.ValType{core.I64}})
		g.push("I")
	default:
		g.constant('F')
		g.constant('F')
		g.constant('i')
		g.asm.Ops(core.OpSelect)
		g.push("F")
	}
}

// local generates an access to a variable.
func (g *gen) local() {
	switch g.rnd.IntN(6) {
	case 0:
		g.asm.Index(core.OpGlobalGet, 0)
		g.push("I")
	case 1:
		g.want("I")
		g.asm.Index(core.OpGlobalSet, 0)
	case 2:
		if g.rnd.IntN(10) == 0 {
			g.asm.Ops(core.OpUnreachable)
			g.unreachable()
		}
	case 3:
		g.constant("iIfFv"[g.rnd.IntN(5)])
		g.asm.Ops(core.OpDrop)
	case 4:
		x := g.asm.Local(core.F32)
		g.want("f")
		g.asm.Set(x)
	default:
		x := g.asm.Local(core.F64)
		g.want("F")
		g.asm.Tee(x)
		g.push("F")
	}
}

// finish turns the operands of a block into its results.
func (g *gen) finish(results string) {
	if string(g.stack) == results {
		return
	}
	for range g.stack {
		g.asm.Ops(core.OpDrop)
	}
	for i := range len(results) {
		g.constant(results[i])
	}
	g.stack = []byte(results)
}
