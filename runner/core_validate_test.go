package runner_test

import (
	"context"
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
)

// TestCoreValidation generates random modules, most of them valid, and compares wazero with
// encoding/core. The engine leaves function bodies to wazero and encoding/core validates them
// independently, so the two must agree.
func TestCoreValidation(t *testing.T) {
	ctx := context.Background()
	rt := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter().
		WithCoreFeatures(api.CoreFeaturesV2|experimental.CoreFeaturesThreads|experimental.CoreFeaturesTailCall))
	defer rt.Close(ctx)
	set, err := feature.Parse(0, "wasm2")
	if err != nil {
		t.Fatal(err)
	}
	set = set.With(feature.Threads, feature.TailCall)
	valid, n := 0, 3000
	for seed := range n {
		g := &gen{rnd: rand.New(rand.NewPCG(uint64(seed), 7))}
		data := g.module(set)
		m, err := core.Decode(data)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		ours := core.Validate(m, set, core.ValidateOptions{Workers: 1})
		compiled, theirs := rt.CompileModule(ctx, data)
		if theirs == nil {
			compiled.Close(ctx)
		}
		if (ours == nil) != (theirs == nil) {
			t.Errorf("seed %d: ours %v, wazero's %v\n%s", seed, ours, theirs, hex.EncodeToString(data))
		}
		if ours == nil {
			valid++
		}
	}
	if valid < n/3 || valid > n-n/10 {
		t.Errorf("%d of %d modules are valid: too few of one sort to tell much", valid, n)
	}
}

// gen generates functions. It tracks the operand types and deliberately makes occasional mistakes.
type gen struct {
	rnd   *rand.Rand
	asm   *core.Asm
	stack []byte // operand types by their letters in signatures
	ops   []core.Op
	wrong bool // may generate invalid code
}

var letters = map[byte]core.ValType{'i': core.I32, 'I': core.I64, 'f': core.F32, 'F': core.F64, 'v': core.V128}

func (g *gen) letter() byte { return "iIfFv"[g.rnd.IntN(5)] }

func (g *gen) letterList(limit int) string {
	b := make([]byte, g.rnd.IntN(limit+1))
	for i := range b {
		b[i] = g.letter()
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

func (g *gen) module(set feature.Set) []byte {
	for op, info := range core.Ops() {
		if info.Sig != "" && !strings.Contains(info.Name, ".const") && (info.Feature == 0 || set.Has(info.Feature)) && info.Imm != core.ImmShuffle {
			g.ops = append(g.ops, op)
		}
	}
	g.wrong = g.rnd.IntN(5) < 2
	b := &core.Builder{Memories: []core.MemoryType{{Limits: types.Limits{Min: 1, Max: 2, HasMax: true, Shared: true}}}, DataCount: true}
	b.Data = []core.Data{{Mode: core.Passive, Bytes: []byte("x")}}
	b.Globals = []core.Global{{Type: core.GlobalType{Type: core.I64, Mutable: true}, Init: core.ConstExpr(core.I64Const(1))}}
	b.Tables = []core.Table{{Type: core.TableType{Elem: core.FuncRef.Ref}}}
	type sig struct{ params, results string }
	var sigs []sig
	for range 1 + g.rnd.IntN(3) {
		sigs = append(sigs, sig{g.letterList(3), g.letterList(2)})
	}
	for _, s := range sigs {
		g.asm, g.stack = core.NewAsm(len(s.params)), nil
		local := g.asm.Local(letters['f'])
		for range g.rnd.IntN(30) {
			k := g.rnd.IntN(len(sigs))
			switch g.rnd.IntN(12) {
			case 0:
				if len(s.params) > 0 {
					i := g.rnd.IntN(len(s.params))
					g.asm.Get(uint32(i))
					g.stack = append(g.stack, s.params[i])
				}
			case 1:
				g.want("f")
				g.asm.Tee(local)
				g.stack = append(g.stack, 'f')
			case 2:
				g.want(sigs[k].params)
				g.asm.Call(core.FuncIdx(k))
				g.stack = append(g.stack, sigs[k].results...)
			case 3:
				g.want(sigs[k].params + "i")
				g.asm.Emit(core.Instr{Op: core.OpCallIndirect, X: uint32(b.FuncType(valTypes(sigs[k].params), valTypes(sigs[k].results)))})
				g.stack = append(g.stack, sigs[k].results...)
			case 4:
				g.block(b, sigs[k].params, sigs[k].results)
			case 5:
				g.want("I")
				g.asm.Index(core.OpGlobalSet, uint32(g.rnd.IntN(2)*g.flaw()))
			default:
				g.simple()
			}
		}
		g.finish(s.results)
		b.Func(g.asm.Function(b.FuncType(valTypes(s.params), valTypes(s.results))))
	}
	return b.Append(nil)
}

// flaw occasionally returns 1 if flaws are allowed.
func (g *gen) flaw() int {
	if g.wrong && g.rnd.IntN(20) == 0 {
		return 1
	}
	return 0
}

// want generates the operands that an instruction takes and pops them.
func (g *gen) want(operands string) {
	if strings.HasSuffix(string(g.stack), operands) {
		g.stack = g.stack[:len(g.stack)-len(operands)]
	} else {
		for i := range len(operands) {
			g.constant(operands[i])
		}
	}
	if g.flaw() == 1 {
		g.constant(g.letter())
	}
}

func (g *gen) constant(letter byte) {
	switch letter {
	case 'i':
		g.asm.I32(g.rnd.Int32())
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
	g.want(params)
	in := core.Instr{Op: op, Align: op.Info().Align, Offset: uint64(g.rnd.IntN(100))}
	if op.Info().Feature != feature.Threads && in.Align > 0 {
		in.Align -= uint8(g.rnd.IntN(2))
	}
	in.Align += uint8(g.flaw())
	in.Lane = uint8(g.rnd.IntN(2) + 20*g.flaw())
	g.asm.Emit(in)
	g.stack = append(g.stack, results...)
}

// block generates a block whose code leaves its results, or whose end is unreachable.
func (g *gen) block(b *core.Builder, params, results string) {
	if g.rnd.IntN(2) == 0 {
		params = ""
	}
	op := []core.Op{core.OpBlock, core.OpLoop, core.OpIf}[g.rnd.IntN(3)]
	operands := params
	if op == core.OpIf {
		operands += "i"
	}
	g.want(operands)
	g.asm.Block(op, core.BlockType{HasIndex: true, Index: b.FuncType(valTypes(params), valTypes(results))})
	outer := g.stack
	for branch := range 2 {
		g.stack = []byte(params)
		for range g.rnd.IntN(4) {
			g.simple()
		}
		switch g.rnd.IntN(5) {
		case 0:
			g.asm.Ops(core.OpUnreachable)
			g.stack = nil
			for range g.rnd.IntN(2) {
				g.asm.Ops(core.OpSelect)
				g.asm.Ops(core.OpDrop)
			}
		case 1:
			if op != core.OpLoop {
				g.finish(results)
				g.constant('i')
				g.asm.Index(core.OpBrIf, uint32(g.rnd.IntN(2)*g.flaw()))
				g.stack = []byte(results)
			}
		}
		g.finish(results)
		if op != core.OpIf || branch == 1 {
			break
		}
		g.asm.Ops(core.OpElse)
	}
	g.asm.End()
	g.stack = append(outer, results...)
}

// finish turns the operands of a block into its results.
func (g *gen) finish(results string) {
	if string(g.stack) == results && g.flaw() == 0 {
		return
	}
	for range g.stack {
		g.asm.Ops(core.OpDrop)
	}
	g.stack = nil
	for i := range len(results) - g.flaw()*min(1, len(results)) {
		g.constant(results[i])
	}
}
