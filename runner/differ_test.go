package runner_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/compose"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/model/value/valuetest"
	"github.com/mortise-wasm/mortise/runner"
	"github.com/mortise-wasm/mortise/wit"
)

// Calls between components do the same with adapters and without them, compiled and interpreted.
// Random functions echo random values. Then the caller or the callee misbehaves: it changes a byte
// of its memory or a core parameter, its realloc returns nonsense, and so on. Results, traps and
// backtraces must not differ.
func TestAdaptersDifferInNothing(t *testing.T) {
	seeds, calls := 30, 12
	if os.Getenv("MORTISE_LONG") != "" {
		seeds, calls = 2000, 30
	}
	options := runner.Options{Features: feature.All()}
	engines := []*runner.Engine{engine(t, options), engine(t, options), nil}
	engines[1].WithoutAdapters()
	options.Interpreter = true
	engines[2] = engine(t, options)
	outcomes := make(map[string]int)
	for seed := range uint64(seeds) {
		d := newDiffer(seed)
		if d.run(t, seed, calls, engines, outcomes); t.Failed() {
			t.Fatalf("%s", d.wit())
		}
	}
	t.Log(outcomes)
	for _, want := range []string{"a value", "trap: unaligned pointer", "trap: list content out-of-bounds", "trap: invalid variant discriminant",
		"trap: string content out-of-bounds: string pointer/length out of bounds of memory", "trap: wasm `unreachable` instruction executed",
		"trap: unaligned pointer: realloc return: result not aligned", "trap: cannot leave component instance", "trap: pointer out-of-bounds"} {
		if outcomes[want] == 0 {
			t.Errorf("no call had the outcome %q", want)
		}
	}
}

// run compares calls with random arguments on all engines. It counts their outcomes.
func (d *differ) run(t *testing.T, seed uint64, calls int, engines []*runner.Engine, outcomes map[string]int) {
	ctx := context.Background()
	data := d.component(t)
	var linked []*runner.Linked
	for i, e := range engines {
		p, err := e.Compile(ctx, fmt.Sprintf("seed %d", seed), data)
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, d.wit())
		}
		defer p.Close(ctx)
		if n := p.Carried(); (n > 0) != (i == 0) {
			t.Fatalf("seed %d: adapters carry %d functions with engine %d", seed, n, i)
		}
		l, err := runner.NewLinker().Link(p)
		if err != nil {
			t.Fatal(err)
		}
		linked = append(linked, l)
	}
	for range calls {
		f := d.funcs[d.rand.IntN(len(d.funcs))]
		setup, args := d.setup(f), d.gen.Args(f.typ)
		var want string
		for i, l := range linked {
			got := outcome(t, l, f, setup, args)
			if i == 0 {
				want = got
				first, _, _ := strings.Cut(want, "\n")
				if !strings.HasPrefix(first, "trap: ") {
					first = "a value"
				}
				outcomes[first]++
			} else if got != want {
				t.Errorf("seed %d: %s\nsetup %v\nargs %s\nengine %d: %s\nengine 0: %s", seed, f.typ, setup, waves(f.typ, args), i, got, want)
			}
		}
	}
}

// outcome describes the result or the trap of a call in a new instance.
func outcome(t *testing.T, l *runner.Linked, f *differFunc, setup []uint32, args []value.Value) string {
	t.Helper()
	ctx := context.Background()
	i, err := l.Instantiate(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close(ctx)
	var nums []value.Value
	for _, n := range setup {
		nums = append(nums, value.U32(n))
	}
	if _, err := i.Func("t:t/relay", "setup").Call(ctx, nums...); err != nil {
		t.Fatal(err)
	}
	fn := i.Func("t:t/relay", f.name)
	v, err := fn.Call(ctx, args...)
	var trap *runner.Trap
	switch {
	case errors.As(err, &trap):
		return "trap: " + trap.Message + "\n" + trap.Backtrace()
	case err != nil:
		return "error: " + err.Error()
	}
	return wave(v, fn.Type().Result)
}

func waves(f *types.Func, args []value.Value) string {
	var list []string
	for i, v := range args {
		list = append(list, wave(v, f.Params[i].Type))
	}
	return strings.Join(list, ", ")
}

// differ makes two components that call each other.
type differ struct {
	rand  *rand.Rand
	gen   *valuetest.Gen
	funcs []*differFunc
	names map[types.ValType]string
	defs  strings.Builder
}

// differFunc is a function that both components export.
type differFunc struct {
	name string
	typ  *types.Func
	// words is set if the callee returns its core parameters, each as a u64.
	words bool
}

func newDiffer(seed uint64) *differ {
	d := &differ{rand: rand.New(rand.NewPCG(seed, 1)), gen: valuetest.New(seed, valuetest.Options{}), names: make(map[types.ValType]string)}
	add := func(params []types.Param, result types.ValType, words bool) {
		d.funcs = append(d.funcs, &differFunc{fmt.Sprintf("f%d", len(d.funcs)), &types.Func{Params: params, Result: result}, words})
	}
	for range 3 {
		var params []types.Param
		for i := range 1 + d.rand.IntN(3) {
			params = append(params, types.Param{Name: fmt.Sprintf("p%d", i), Type: d.gen.Type()})
		}
		flat := len(abi.FlattenTypes(abi.ParamTypes(&types.Func{Params: params}), abi.Ptr32, abi.MaxFlatParams))
		if flat <= abi.MaxFlatParams {
			add(params, &types.List{Elem: types.U64}, true)
		}
		if flat == 1 && len(params) == 1 {
			add(params, params[0].Type, false)
		}
		// With so many parameters, they pass through memory, which is also the result.
		params = append(params, types.Param{Name: "pad", Type: &types.Tuple{Elems: []types.ValType{types.U8, types.U16, types.U64, types.Bool,
			types.U8, types.U8, types.U8, types.U8, types.U8, types.U8, types.U8, types.U8, types.U8, types.U8, types.U8, types.U8, types.Char}}})
		add(params, &types.Tuple{Elems: abi.ParamTypes(&types.Func{Params: params})}, false)
	}
	return d
}

// setup returns the arguments that make the caller or the callee misbehave in one way, or in none.
// First come four for the callee and then six for the caller: what to do, at which call of realloc,
// an address to change and the new byte; for the caller also a core parameter and what to combine
// it with.
func (d *differ) setup(f *differFunc) []uint32 {
	s := make([]uint32, 10)
	side := s[4*d.rand.IntN(2):]
	switch d.rand.IntN(5) {
	case 0:
	case 1:
		side[0], side[1] = 1+uint32(d.rand.IntN(8)), 1+uint32(d.rand.IntN(3))
	case 2, 3:
		side[2], side[3] = differHeap+uint32(d.rand.IntN(120)), []uint32{0, 1, 3, 4, 64, 0x80, 0xc3, 0xff}[d.rand.IntN(8)]
	case 4:
		s[8], s[9] = uint32(d.rand.IntN(8)), []uint32{1, 2, 4, 0x80, 0x100, 0xd800, 0x80000000, 0xffffffff}[d.rand.IntN(8)]
	}
	return s
}

// wit returns the package with the worlds of the caller and the callee.
func (d *differ) wit() string {
	var funcs strings.Builder
	for _, f := range d.funcs {
		var params []string
		for _, p := range f.typ.Params {
			params = append(params, p.Name+": "+d.typ(p.Type))
		}
		fmt.Fprintf(&funcs, "\t%s: func(%s) -> %s;\n", f.name, strings.Join(params, ", "), d.typ(f.typ.Result))
	}
	u32s := func(n int) string {
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf("a%d: u32", i))
		}
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf(`package t:t;
interface api {
%s%s}
interface control { setup: func(%s); }
interface relay {
%s%s	setup: func(%s);
}
world callee { export api; export control; }
world caller { import api; import control; export relay; }
`, d.defs.String(), funcs.String(), u32s(4), d.defs.String(), funcs.String(), u32s(10))
}

// typ returns a type in WIT and defines what needs a name.
func (d *differ) typ(t types.ValType) string {
	t = types.UnnameVal(t)
	list := func(ts ...types.ValType) string {
		var out []string
		for _, t := range ts {
			if t == nil {
				out = append(out, "_")
			} else {
				out = append(out, d.typ(t))
			}
		}
		return strings.Join(out, ", ")
	}
	switch t := t.(type) {
	case types.Prim:
		return t.String()
	case *types.List:
		return "list<" + d.typ(t.Elem) + ">"
	case *types.FixedList:
		return fmt.Sprintf("list<%s, %d>", d.typ(t.Elem), t.Len)
	case *types.Map:
		return "map<" + list(t.Key, t.Value) + ">"
	case *types.Tuple:
		return "tuple<" + list(t.Elems...) + ">"
	case *types.Option:
		return "option<" + d.typ(t.Elem) + ">"
	case *types.Result:
		switch {
		case t.OK == nil && t.Err == nil:
			return "result"
		case t.Err == nil:
			return "result<" + d.typ(t.OK) + ">"
		}
		return "result<" + list(t.OK, t.Err) + ">"
	}
	if name := d.names[t]; name != "" {
		return name
	}
	var def string
	switch t := t.(type) {
	case *types.Record:
		for i, f := range t.Fields {
			def += fmt.Sprintf(" f%d: %s,", i, d.typ(f.Type))
		}
		def = "record % {" + def
	case *types.Variant:
		for i, c := range t.Cases {
			if def += fmt.Sprintf(" c%d", i); c.Type != nil {
				def += "(" + d.typ(c.Type) + ")"
			}
			def += ","
		}
		def = "variant % {" + def
	case *types.Enum:
		for i := range t.Names {
			def += fmt.Sprintf(" e%d,", i)
		}
		def = "enum % {" + def
	case *types.Flags:
		for i := range t.Names {
			def += fmt.Sprintf(" b%d,", i)
		}
		def = "flags % {" + def
	default:
		panic(fmt.Sprintf("unreachable: %T", t))
	}
	d.names[t] = fmt.Sprintf("t%d", len(d.names))
	fmt.Fprintf(&d.defs, "\t%s }\n", strings.Replace(def, "%", d.names[t], 1))
	return d.names[t]
}

// differHeap is where the memory that realloc hands out starts.
const differHeap = 4096

// differCommon is in both core modules, after a function $out that realloc calls. The number is the
// size of the memory.
const differCommon = `
	(memory (export "memory") %d)
	(global $top (mut i32) (i32.const 4096))
	(global $calls (mut i32) (i32.const 0))
	(global $mode (mut i32) (i32.const 0)) (global $at (mut i32) (i32.const 0))
	(global $addr (mut i32) (i32.const 0)) (global $byte (mut i32) (i32.const 0))
	(func (export "cabi_realloc") (param i32 i32) (param $align i32) (param $size i32) (result i32) (local $r i32)
		(local.set $r (i32.and (i32.add (global.get $top) (i32.sub (local.get $align) (i32.const 1))) (i32.sub (i32.const 0) (local.get $align))))
		(global.set $top (i32.add (local.get $r) (local.get $size)))
		(global.set $calls (i32.add (global.get $calls) (i32.const 1)))
		(block $fits (loop $grow
			(br_if $fits (i32.le_u (global.get $top) (i32.shl (memory.size) (i32.const 16))))
			(br_if $grow (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))))
		(if (i32.eq (global.get $calls) (global.get $at)) (then
			(if (i32.eq (global.get $mode) (i32.const 1)) (then (return (i32.add (local.get $r) (i32.const 1)))))
			(if (i32.eq (global.get $mode) (i32.const 2)) (then (return (i32.const 0xfffffff8))))
			(if (i32.eq (global.get $mode) (i32.const 3)) (then unreachable))
			(if (i32.eq (global.get $mode) (i32.const 4)) (then (call $out)))))
		(local.get $r))
	(func $setup (param i32 i32 i32 i32)
		(global.set $top (i32.const 4096)) (global.set $calls (i32.const 0))
		(global.set $mode (local.get 0)) (global.set $at (local.get 1)) (global.set $addr (local.get 2)) (global.set $byte (local.get 3)))
	(func $poke (if (global.get $addr) (then (i32.store8 (global.get $addr) (global.get $byte)))))
	(func $post (param i32)
		(if (i32.eq (global.get $mode) (i32.const 5)) (then unreachable))
		(if (i32.eq (global.get $mode) (i32.const 8)) (then (call $out))))
`

func watParams(ts []types.CoreVal) string {
	out := ""
	for _, t := range ts {
		out += fmt.Sprintf(" (param %s)", t)
	}
	return out
}

// callee returns the core module of the callee.
func (d *differ) callee() string {
	var b strings.Builder
	b.WriteString("(module $callee (func $out)" + fmt.Sprintf(differCommon, 4))
	b.WriteString(`(func (export "t:t/control#setup") (param i32 i32 i32 i32)
		(call $setup (local.get 0) (local.get 1) (local.get 2) (local.get 3)))`)
	for _, f := range d.funcs {
		sig := abi.FlattenFunc(f.typ, abi.Options{}, abi.Lift)
		fmt.Fprintf(&b, "\n(func $%s (export \"t:t/api#%s\")%s (result %s) (call $poke)\n", f.name, f.name, watParams(sig.Params), sig.Results[0])
		if !f.words {
			b.WriteString("(local.get 0))")
		} else {
			for i, t := range sig.Params {
				word := fmt.Sprintf("(local.get %d)", i)
				switch t {
				case types.I32:
					word = "(i64.extend_i32_u " + word + ")"
				case types.F32Core:
					word = "(i64.extend_i32_u (i32.reinterpret_f32 " + word + "))"
				case types.F64Core:
					word = "(i64.reinterpret_f64 " + word + ")"
				}
				fmt.Fprintf(&b, "(i64.store (i32.const %d) %s)\n", 1024+8*i, word)
			}
			fmt.Fprintf(&b, "(i32.store (i32.const 512) (i32.const 1024)) (i32.store (i32.const 516) (i32.const %d)) (i32.const 512))", len(sig.Params))
		}
		if abi.ResultInMemory(f.typ, abi.Options{}, abi.Lift) {
			fmt.Fprintf(&b, "\n(export \"cabi_post_t:t/api#%s\" (func $post))", f.name)
		}
	}
	return b.String() + ")"
}

// caller returns the core module of the caller. It passes its parameters on.
func (d *differ) caller() string {
	var b strings.Builder
	b.WriteString("(module $caller\n(import \"t:t/control\" \"setup\" (func $control (param i32 i32 i32 i32)))\n")
	for _, f := range d.funcs {
		sig := abi.FlattenFunc(f.typ, abi.Options{}, abi.Lower)
		result := ""
		if len(sig.Results) > 0 {
			result = fmt.Sprintf(" (result %s)", sig.Results[0])
		}
		fmt.Fprintf(&b, "(import \"t:t/api\" \"%s\" (func $%s%s%s))\n", f.name, f.name, watParams(sig.Params), result)
	}
	b.WriteString(`(global $param (mut i32) (i32.const 0)) (global $xor (mut i32) (i32.const 0))
	(func $out (call $control (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))` + fmt.Sprintf(differCommon, 32) + `
	(func (export "t:t/relay#setup") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)
		(call $control (local.get 0) (local.get 1) (local.get 2) (local.get 3))
		(call $setup (local.get 4) (local.get 5) (local.get 6) (local.get 7))
		(global.set $param (local.get 8)) (global.set $xor (local.get 9)))
	;; The caller's result area, which it can misplace. No string of the callee's reaches it.
	(func $area (result i32)
		(if (i32.eq (global.get $mode) (i32.const 6)) (then (return (i32.const 1966081))))
		(if (i32.eq (global.get $mode) (i32.const 7)) (then (return (i32.const 2097144))))
		(i32.const 1966080))`)
	for _, f := range d.funcs {
		lift, lower := abi.FlattenFunc(f.typ, abi.Options{}, abi.Lift), abi.FlattenFunc(f.typ, abi.Options{}, abi.Lower)
		fmt.Fprintf(&b, "\n(func (export \"t:t/relay#%s\")%s (result %s) (call $poke)\n(call $%s", f.name, watParams(lift.Params), lift.Results[0], f.name)
		for i, t := range lift.Params {
			word := fmt.Sprintf("(select (global.get $xor) (i32.const 0) (i32.eq (global.get $param) (i32.const %d)))", i)
			switch t {
			case types.I32:
				fmt.Fprintf(&b, " (i32.xor (local.get %d) %s)", i, word)
			case types.I64:
				fmt.Fprintf(&b, " (i64.xor (local.get %d) (i64.extend_i32_u %s))", i, word)
			default:
				fmt.Fprintf(&b, " (local.get %d)", i)
			}
		}
		if len(lower.Results) == 0 {
			b.WriteString(" (call $area)) (call $area))")
		} else {
			b.WriteString("))")
		}
	}
	return b.String() + ")"
}

// component returns the composition of the two.
func (d *differ) component(t *testing.T) []byte {
	t.Helper()
	for _, f := range d.funcs { // names the types
		d.typ(f.typ.Result)
		for _, p := range f.typ.Params {
			d.typ(p.Type)
		}
	}
	model, list := wit.Parse(diag.NewFile("t.wit", []byte(d.wit())), wit.Options{Gates: feature.All()})
	if list.HasErrors() {
		t.Fatalf("%v\n%s", list, d.wit())
	}
	pack := func(name, source string) *compose.Package {
		f, err := wat.Assemble(diag.NewFile(name+".wat", []byte(source)))
		if err != nil {
			t.Fatalf("%v\n%s", err, source)
		}
		world, err := model.World(name)
		if err != nil {
			t.Fatal(err)
		}
		c, err := componentize.New(f, componentize.Options{Model: model, World: world})
		if err != nil {
			t.Fatalf("%v\n%s", err, d.wit())
		}
		p, err := compose.NewPackage(name, diag.NewBinary(name+".wasm", c.Append(nil)), feature.All())
		if err != nil {
			t.Fatalf("%v\n%s", err, d.wit())
		}
		return p
	}
	graph, _, err := compose.Plug(pack("caller", d.caller()), []*compose.Package{pack("callee", d.callee())})
	if err != nil {
		t.Fatal(err)
	}
	c, err := graph.Encode(compose.EncodeOptions{Features: feature.All()})
	if err != nil {
		t.Fatal(err)
	}
	return c.Append(nil)
}
