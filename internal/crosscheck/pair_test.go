package crosscheck

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/compose"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value/valuetest"
	"github.com/mortise-wasm/mortise/wit"
)

// A pair is two components, composed. The caller exports `run`, which calls the callee's `f` with
// arguments that are prepared in the caller's memory. The callee notes what it received and returns
// a result that is prepared in its memory. `run` returns the memories of both.
type pair struct {
	rng       *rand.Rand
	fn        *types.Func
	caller    *image
	callee    *image
	component []byte
}

// maxDamage is the number of values in a pair that may be damaged.
const maxDamage = 2

// newPair makes the pair of a seed. Every third pair has damaged values, which should trap or be
// brought into canonical form.
func newPair(t *testing.T, seed uint64) *pair {
	t.Helper()
	p := &pair{rng: rand.New(rand.NewPCG(seed, 7))}
	gen := valuetest.New(seed, valuetest.Options{Depth: 1 + p.rng.IntN(4), NoMaps: true, NoFixedLists: true})
	p.fn = gen.Func(1 + p.rng.IntN(8))
	p.caller, p.callee = newImage(p.rng), newImage(p.rng)
	if seed%3 == 0 {
		// Damage the arguments or the result.
		[]*image{p.caller, p.callee}[p.rng.IntN(2)].damage = maxDamage
	}
	text := p.wit()
	caller := p.componentize(t, text, "caller", p.caller, p.callerText())
	callee := p.componentize(t, text, "callee", p.callee, p.calleeText())
	p.component = plug(t, caller, callee)
	return p
}

// wit returns the WIT of both components.
func (p *pair) wit() string {
	var w witWriter
	var params []string
	for _, x := range p.fn.Params {
		params = append(params, x.Name+": "+w.ref(x.Type))
	}
	result := ""
	if p.fn.Result != nil {
		result = " -> " + w.ref(p.fn.Result)
	}
	return fmt.Sprintf(`package cross:check;
interface api {
%s  f: func(%s)%s;
  memory: func() -> list<u8>;
}
world caller { import api; export run: func() -> list<u8>; }
world callee { export api; }
`, w.defs.String(), strings.Join(params, ", "), result)
}

func (p *pair) componentize(t *testing.T, text, world string, im *image, module string) []byte {
	t.Helper()
	m, list := wit.Parse(diag.NewFile("api.wit", []byte(text)), wit.Options{})
	if err := list.Err(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	unit, err := wat.Parse(diag.NewFile(world+".wat", []byte(module)))
	if err != nil {
		t.Fatalf("%v\n%s", err, module)
	}
	c, err := componentize.New(diag.NewBinary(world+".wasm", unit.Append(nil)), componentize.Options{Model: m,
		World: m.Packages[0].World(world), Strings: im.encoding})
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, text, module)
	}
	return c.Append(nil)
}

func plug(t *testing.T, socket, plug []byte) []byte {
	t.Helper()
	s, err := compose.NewPackage("caller", diag.NewBinary("caller.wasm", socket), 0)
	if err != nil {
		t.Fatal(err)
	}
	x, err := compose.NewPackage("callee", diag.NewBinary("callee.wasm", plug), 0)
	if err != nil {
		t.Fatal(err)
	}
	g, _, err := compose.Plug(s, []*compose.Package{x})
	if err != nil {
		t.Fatal(err)
	}
	c, err := g.Encode(compose.EncodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return c.Append(nil)
}

// The memories have these parts. The pages after them belong to realloc too.
const (
	headerSize = 1 << 13 // results of calls; the words that the callee received
	listAt     = headerSize - 8
	heapStart  = 1 << 15
)

// callerText returns the core module of the caller.
func (p *pair) callerText() string {
	core := abi.FlattenFunc(p.fn, abi.Options{}, abi.Lower)
	words := p.caller.params(p.fn)
	var b strings.Builder
	fmt.Fprintf(&b, "(module\n  (import \"cross:check/api\" \"f\" (func $f %s))\n", coreType(core))
	b.WriteString(`  (import "cross:check/api" "memory" (func $memory (param i32)))
` + memoryText(p.caller) + `
  (func (export "run") (result i32)
`)
	for i, v := range core.Params {
		word := uint64(16) // the pointer to the result
		if i < len(words) {
			word = words[i]
		}
		b.WriteString("    " + constant(v, word) + "\n")
	}
	b.WriteString("    call $f\n")
	if len(core.Results) > 0 {
		// Results are kept as 64 bits.
		b.WriteString("    " + widen(core.Results[0]) + "\n    global.set $word\n    (i64.store (i32.const 0) (global.get $word))\n")
	}
	b.WriteString(`    (call $memory (i32.const 8))
`)
	fmt.Fprintf(&b, "    (i32.store (i32.const %d) (i32.mul (memory.size) (i32.const 65536)))\n    (i32.const %d)))\n", listAt+4, listAt)
	return strings.Replace(b.String(), "@image@", p.caller.text(), 1)
}

// calleeText returns the core module of the callee.
func (p *pair) calleeText() string {
	core := abi.FlattenFunc(p.fn, abi.Options{}, abi.Lift)
	var b strings.Builder
	b.WriteString("(module\n" + memoryText(p.callee) + "\n  (func (export \"cross:check/api#f\") " + coreType(core) + "\n")
	for i, v := range core.Params {
		fmt.Fprintf(&b, "    (i64.store (i32.const %d) %s)\n", 16+8*i, "(local.get "+fmt.Sprint(i)+") "+widen(v))
	}
	if p.fn.Result != nil {
		b.WriteString("    " + constant(core.Results[0], p.callee.result(p.fn.Result, len(abi.FlattenType(p.fn.Result, abi.Ptr32, 2)) > 1)) + "\n")
	}
	b.WriteString(`  )
  (func (export "cross:check/api#memory") (result i32)
    (i32.store (i32.const 4) (i32.const 65536))
    (i32.const 0)))
`)
	// The image is complete only now.
	return strings.Replace(b.String(), "@image@", p.callee.text(), 1)
}

// memoryText declares the memory with its contents, and a realloc that hands out memory from
// heapStart upwards. It clears the memory that it takes back, in which runtimes may leave different
// parts of a string. Some modules have a realloc that breaks the rules.
func memoryText(im *image) string {
	wrong := ""
	if im.damage > 0 && im.rng.IntN(10) == 0 {
		wrong = []string{"(i32.add (i32.const 1))", "(i32.or (i32.const -65536))"}[im.rng.IntN(2)]
	}
	return fmt.Sprintf(`  (memory (export "memory") 4)
  (data (i32.const %d) "@image@")
  (global $heap (mut i32) (i32.const %d))
  (global $word (mut i64) (i64.const 0))
  (func (export "cabi_realloc") (param $old i32) (param $was i32) (param $align i32) (param $size i32) (result i32)
    (local $ptr i32)
    (local.set $ptr (i32.and (i32.add (global.get $heap) (i32.sub (local.get $align) (i32.const 1)))
      (i32.sub (i32.const 0) (local.get $align))))
    (global.set $heap (i32.add (local.get $ptr) (local.get $size)))
    (if (i32.gt_u (global.get $heap) (i32.const 262144)) (then unreachable))
    (memory.copy (local.get $ptr) (local.get $old)
      (select (local.get $was) (local.get $size) (i32.lt_u (local.get $was) (local.get $size))))
    (memory.fill (local.get $old) (i32.const 0) (local.get $was))
    (local.get $ptr) %s)`, headerSize, heapStart, wrong)
}

func coreType(ft *types.CoreFunc) string {
	var b strings.Builder
	for _, v := range ft.Params {
		fmt.Fprintf(&b, "(param %v) ", v)
	}
	for _, v := range ft.Results {
		fmt.Fprintf(&b, "(result %v) ", v)
	}
	return b.String()
}

// constant returns the instruction for a constant of type v with the given bits.
func constant(v types.CoreVal, bits uint64) string {
	switch v {
	case types.I32:
		return fmt.Sprintf("i32.const %d", int32(bits))
	case types.I64:
		return fmt.Sprintf("i64.const %d", int64(bits))
	case types.F32Core:
		return fmt.Sprintf("i32.const %d f32.reinterpret_i32", int32(bits))
	default:
		return fmt.Sprintf("i64.const %d f64.reinterpret_i64", int64(bits))
	}
}

// widen returns the instructions that make 64 bits of a value of type v.
func widen(v types.CoreVal) string {
	switch v {
	case types.I32:
		return "i64.extend_i32_u"
	case types.F32Core:
		return "i32.reinterpret_f32 i64.extend_i32_u"
	case types.F64Core:
		return "i64.reinterpret_f64"
	default:
		return ""
	}
}

// witWriter writes types as WIT. Types that WIT requires to have a name get one.
type witWriter struct {
	defs  strings.Builder
	count int
}

func (w *witWriter) define(format string, args ...any) string {
	w.count++
	name := fmt.Sprintf("t%d", w.count)
	fmt.Fprintf(&w.defs, "  "+format+"\n", append([]any{name}, args...)...)
	return name
}

func (w *witWriter) list(n int, item func(i int) string) string {
	items := make([]string, n)
	for i := range items {
		items[i] = item(i)
	}
	return strings.Join(items, ", ")
}

// ref returns the text of a type where it is used.
func (w *witWriter) ref(t types.ValType) string {
	switch t := types.UnnameVal(t).(type) {
	case types.Prim:
		return t.String()
	case *types.Record:
		return w.define("record %s { %s }", w.list(len(t.Fields), func(i int) string { return fmt.Sprintf("f%d: %s", i, w.ref(t.Fields[i].Type)) }))
	case *types.Variant:
		return w.define("variant %s { %s }", w.list(len(t.Cases), func(i int) string {
			if t.Cases[i].Type == nil {
				return fmt.Sprintf("c%d", i)
			}
			return fmt.Sprintf("c%d(%s)", i, w.ref(t.Cases[i].Type))
		}))
	case *types.Tuple:
		return "tuple<" + w.list(len(t.Elems), func(i int) string { return w.ref(t.Elems[i]) }) + ">"
	case *types.Flags:
		return w.define("flags %s { %s }", w.list(len(t.Names), func(i int) string { return fmt.Sprintf("b%d", i) }))
	case *types.Enum:
		return w.define("enum %s { %s }", w.list(len(t.Names), func(i int) string { return fmt.Sprintf("c%d", i) }))
	case *types.Option:
		return "option<" + w.ref(t.Elem) + ">"
	case *types.Result:
		switch {
		case t.OK == nil && t.Err == nil:
			return "result"
		case t.OK == nil:
			return "result<_, " + w.ref(t.Err) + ">"
		case t.Err == nil:
			return "result<" + w.ref(t.OK) + ">"
		}
		return "result<" + w.ref(t.OK) + ", " + w.ref(t.Err) + ">"
	case *types.List:
		return "list<" + w.ref(t.Elem) + ">"
	default:
		panic(fmt.Sprintf("unreachable: %T", t))
	}
}

var stringEncodings = []abi.StringEncoding{abi.UTF8, abi.UTF16, abi.Latin1UTF16}
