package runner_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/model/value/valuetest"
	"github.com/mortise-wasm/mortise/runner"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/binary"
)

func TestScalars(t *testing.T) {
	i := fixture(t, "scalars", nil)
	for _, args := range []struct{ name, values string }{
		{"bool", "true false"}, {"s8", "-128 -1 0 127"}, {"u8", "0 255"}, {"s16", "-32768 32767"}, {"u16", "65535"},
		{"s32", "-2147483648 2147483647"}, {"u32", "4294967295"}, {"s64", "-9223372036854775808 9223372036854775807"},
		{"u64", "18446744073709551615"}, {"f32", "0 -0 1.5 inf -inf nan 3.4028235e38 1e-45"}, {"f64", "0 -0 1.5 inf -inf nan 5e-324"},
		{"char", `'a' '\u{0}' '☃' '\u{d7ff}' '\u{e000}' '\u{10ffff}'`},
	} {
		for _, v := range strings.Fields(args.values) {
			// Both sides are parsed and printed again, so that notation does not matter.
			f := fn(t, i, args.name)
			c, err := value.ParseCall(args.name + "(" + v + ")")
			if err != nil {
				t.Fatal(err)
			}
			vs, err := c.Args(f.Type().Params)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := invoke(t, i, args.name+"("+v+")"), wave(vs[0], f.Type().Result); got != want {
				t.Errorf("%s(%s) = %s", args.name, v, got)
			}
		}
	}
}

// Core values have more bits than their types: lowering extends the sign, lifting wraps, and NaNs
// become canonical.
func TestScalarBits(t *testing.T) {
	i := fixture(t, "scalars", nil)
	for _, r := range []struct{ call, want string }{
		{"raw-s8(-3)", "-3"}, {"dirty-s8", "-127"}, {"dirty-u8", "129"}, {"dirty-bool", "true"},
		{"bits32(nan)", fmt.Sprint(0x7fc00000)}, {"sum17(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17)", "1785"},
	} {
		if got := invoke(t, i, r.call); got != r.want {
			t.Errorf("%s = %s, want %s", r.call, got, r.want)
		}
	}
	if v := call(t, i, "nan32"); math.Float32bits(v.F32()) != 0x7fc00000 {
		t.Errorf("nan32 = %#x", math.Float32bits(v.F32()))
	}
	if v := call(t, i, "nan64"); math.Float64bits(v.F64()) != 0x7ff8000000000000 {
		t.Errorf("nan64 = %#x", math.Float64bits(v.F64()))
	}
	trap(t, i, "dirty-char", "invalid `char` bit pattern")
}

func TestWrongArguments(t *testing.T) {
	i := fixture(t, "scalars", nil)
	for _, r := range []struct {
		args []value.Value
		want string
	}{
		{nil, "call of `u8`: it takes 1 argument, not 0"},
		{[]value.Value{value.U8(1), value.U8(2)}, "call of `u8`: it takes 1 argument, not 2"},
		{[]value.Value{value.String("1")}, "call of `u8`: argument `x`: want u8, have string"},
	} {
		if _, err := fn(t, i, "u8").Call(context.Background(), r.args...); err == nil || err.Error() != r.want {
			t.Errorf("got %v, want %s", err, r.want)
		}
	}
	// Nothing was called, so the instance still works.
	if got := invoke(t, i, "u8(3)"); got != "3" {
		t.Errorf("u8(3) = %s", got)
	}
	for _, path := range [][]string{{}, {"no"}, {"u8", "x"}} {
		if i.Func(path...) != nil {
			t.Errorf("Func(%q) is a function", path)
		}
	}
}

func TestCompound(t *testing.T) {
	i := fixture(t, "compound", nil)
	for _, args := range []struct{ name, arg string }{
		{"string", `""`}, {"string", `"héllo ☃ 🌊"`},
		{"list-rec", "[]"}, {"list-rec", `[{x: 1, y: 2, z: "three"}, {x: 255, y: 4294967295, z: ""}]`},
		{"list-var", "[a(1), b(-0), b(inf), c(18446744073709551615), d]"},
		{"list-list", `[[], [none, some("x")], [some("")]]`},
		{"list-flags", "[{}, {r}, {r, w, x, s, t, u, v, w2, w3}, {w3}]"},
		{"list-f64", "[0.1, inf, -inf, nan, 1]"},
		{"map", `[("a", 1), ("b", 2)]`},
		{"enum", "red"}, {"enum", "blue"}, {"flags", "{}"}, {"flags", "{w, w3}"},
		{"variant", "a(255)"}, {"variant", "b(1.5)"}, {"variant", "c(18446744073709551615)"}, {"variant", "d"},
		{"result", "ok(4294967295)"}, {"result", `err("no")`},
		{"record", `{x: 1, y: 2, z: "three"}`},
		{"echo-big", `{name: "n", r: {x: 1, y: 2, z: "z"}, v: b(2.5), c: green, p: {x, u}, o: some([1, 2, 65535]), ` +
			`t: (-1, -2, 'c', true, 0.5), m: [("k", 7)], e: err("e")}`},
		{"echo-big", `{name: "", r: {x: 0, y: 0, z: ""}, v: d, c: red, p: {}, o: none, t: (0, 0, '\u{0}', false, 0), m: [], e: ok}`},
	} {
		f := fn(t, i, args.name)
		c, err := value.ParseCall(args.name + "(" + args.arg + ")")
		if err != nil {
			t.Fatal(err)
		}
		vs, err := c.Args(f.Type().Params)
		if err != nil {
			t.Fatalf("%s(%s): %v", args.name, args.arg, err)
		}
		want := wave(vs[0], f.Type().Params[0].Type)
		if got := invoke(t, i, args.name+"("+args.arg+")"); got != want {
			t.Errorf("%s(%s)\n got %s\nwant %s", args.name, args.arg, got, want)
		}
	}
}

// Random values of the fixture's types come back unchanged.
func TestRandomEchoes(t *testing.T) {
	i := fixture(t, "compound", nil)
	for _, name := range []string{"string", "list-rec", "list-var", "list-list", "list-flags", "list-f64", "map", "variant", "result", "record", "echo-big"} {
		f := fn(t, i, name)
		g := valuetest.New(uint64(len(name)), valuetest.Options{})
		for range 200 {
			args := g.Args(f.Type())
			v, err := f.Call(context.Background(), args...)
			if err != nil {
				t.Fatalf("%s(%s): %v", name, wave(args[0], f.Type().Params[0].Type), err)
			}
			if !value.Equal(v, args[0]) {
				t.Fatalf("%s(%s) = %s", name, wave(args[0], f.Type().Params[0].Type), wave(v, f.Type().Result))
			}
		}
	}
}

// Arguments larger than a page arrive intact even though memory grows while they are lowered.
func TestLargeValues(t *testing.T) {
	i := fixture(t, "compound", nil)
	long := strings.Repeat("0123456789abcdef", 20000)
	if got := call(t, i, "string", value.String(long)).Str(); got != long {
		t.Errorf("a string of %d bytes came back with %d", len(long), len(got))
	}
	recs := make([]value.Value, 5000)
	for n := range recs {
		recs[n] = value.Record([]value.Value{value.U8(uint8(n)), value.U32(uint32(n)), value.String(fmt.Sprint("name ", n))})
	}
	if want := value.List(recs); !value.Equal(call(t, i, "list-rec", want), want) {
		t.Error("a list of 5000 records did not come back")
	}
}

// post-return runs once for each call. In the fixture it frees everything.
func TestPostReturnFrees(t *testing.T) {
	i := fixture(t, "compound", nil)
	for range 3 {
		call(t, i, "string", value.String("some text"))
		if got := invoke(t, i, "top"); got != "1024" {
			t.Fatalf("top of the heap is %s after a call", got)
		}
	}
}

func TestStrings(t *testing.T) {
	i := fixture(t, "strings", nil)
	texts := []string{"", "a", "plain ASCII", "Ünïcödé in Latin-1: ÿ", "Ā just beyond", "☃ and 🌊", "aÿ🌊", "\x00", "\U0010ffff",
		strings.Repeat("é", 70000), strings.Repeat("x", 70000) + "☃"}
	for _, a := range []string{"utf8", "utf16", "latin"} {
		for _, b := range []string{"utf8", "utf16", "latin"} {
			for _, s := range texts {
				if got := call(t, i, "relay-"+a+"-"+b, value.String(s)).Str(); got != s {
					t.Errorf("%s to %s: %.40q (%d bytes) came back as %.40q (%d bytes)", a, b, s, len(s), got, len(got))
				}
			}
		}
	}
}

func TestBags(t *testing.T) {
	i := fixture(t, "bags", nil)
	call(t, i, "poke", value.U32(42))
	for _, r := range []struct{ call, want string }{{"peek", "42"}, {"through(0)", "42"}, {"through(1)", "3"}} {
		if got := invoke(t, i, r.call); got != r.want {
			t.Errorf("%s = %s, want %s", r.call, got, r.want)
		}
	}
	trap(t, i, "through", "undefined element", value.U32(2))
}

// shim returns the component made from shim.core.wat for the world of shim.wit.
func shim(t *testing.T) []byte {
	t.Helper()
	read := func(name string) *diag.File {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		return diag.NewFile(name, data)
	}
	f, err := wat.Assemble(read("shim.core.wat"))
	if err != nil {
		t.Fatal(err)
	}
	model, list := wit.Parse(read("shim.wit"), wit.Options{})
	if list.HasErrors() {
		t.Fatal(list)
	}
	world, err := model.World("greeter")
	if err != nil {
		t.Fatal(err)
	}
	data, err := binary.Embed(f, model, world, binary.WorldOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := componentize.New(diag.NewBinary("shim.wasm", data), componentize.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c.Append(nil)
}

// Lowering needs the memory of a module that itself imports the lowered functions. A table breaks
// the cycle.
func TestShim(t *testing.T) {
	var logged []string
	l := runner.NewLinker()
	log := l.Instance("ns:g/log")
	log.Func("log", func(_ context.Context, args []value.Value) (value.Value, error) {
		logged = append(logged, args[0].Str())
		return value.Value{}, nil
	})
	log.Func("join", func(_ context.Context, args []value.Value) (value.Value, error) {
		return value.String(args[0].Str() + args[1].Str()), nil
	})
	i := instantiate(t, compile(t, engine(t, runner.Options{}), shim(t)), l)
	if got := call(t, i, "greet", value.String("wörld")).Str(); got != "hello, wörld" {
		t.Errorf("greet = %q", got)
	}
	if got := strings.Join(logged, ","); got != "wörld" {
		t.Errorf("logged %q", got)
	}
}

// Both engines give the same results.
func TestInterpreter(t *testing.T) {
	i := instantiate(t, program(t, runner.Options{Interpreter: true}, "compound"), nil)
	if got := invoke(t, i, `list-list([[some("x")], []])`); got != `[[some("x")], []]` {
		t.Errorf("got %s", got)
	}
}

func TestTypes(t *testing.T) {
	i := fixture(t, "compound", nil)
	if got, want := types.TypeString(fn(t, i, "result").Type()), "func(x: result<u32, string>) -> result<u32, string>"; got != want {
		t.Errorf("type of result: %s", got)
	}
	if n := i.Type().Exports.Len(); n != 19 {
		t.Errorf("%d exports", n)
	}
}
