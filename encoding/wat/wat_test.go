package wat

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/internal/golden"
)

// parse parses a text of a test.
func parse(text string) (*Unit, error) { return Parse(diag.NewFile("test.wat", []byte(text))) }

// Abbreviations of all kinds are expanded. Next to each text is its printed form.
func TestSugar(t *testing.T) {
	golden.Corpus{
		Dir: "testdata/sugar", Exts: []string{".wat"}, Outputs: []string{".out"},
		Test: func(t *testing.T, name string, input []byte) []string {
			u, err := Parse(diag.NewFile(name, input))
			if err != nil {
				t.Fatal(err)
			}
			out, again := reprint(t, name, u)
			if again != nil && !bytes.Equal(u.Append(nil), again.Append(nil)) {
				t.Errorf("the printed text assembles to different bytes:\n%x\n%x", u.Append(nil), again.Append(nil))
			}
			return []string{out}
		},
	}.Run(t)
}

// Errors for bad texts have a place and advice.
func TestErrors(t *testing.T) {
	golden.Corpus{
		Dir: "testdata/error", Exts: []string{".wat"}, Outputs: []string{".err"},
		Test: func(t *testing.T, name string, input []byte) []string {
			_, err := Parse(diag.NewFile(name, input))
			if err == nil {
				t.Fatal("no error")
			}
			var b strings.Builder
			if err := diag.Render(&b, diag.FromError(err), diag.RenderOptions{}); err != nil {
				t.Fatal(err)
			}
			return []string{b.String()}
		},
	}.Run(t)
}

// A folded if rejects text that does not belong to it: before, between and after its parts.
func TestFoldedIf(t *testing.T) {
	for body, want := range map[string]string{
		"(if (i32.const 1) (then))":                        "",
		"(if (i32.const 1) (then) (else))":                 "",
		"(if (nop) (i32.const 1) (then (nop)) (else nop))": "",
		"i32.const 1 (if (then))":                          "",
		"(if i32.const 1 (then))":                          "test.wat:1:19: expected `(`, found `i32.const`",
		"(if (i32.const 1) nop (then))":                    "test.wat:1:33: expected `(`, found `nop`",
		"(if (i32.const 1) (then) nop)":                    "test.wat:1:40: expected `(`, found `nop`",
		"(if (i32.const 1) (then) (else) nop)":             "test.wat:1:47: expected `(`, found `nop`",
		"(if (i32.const 1) (then) (nop))":                  "test.wat:1:41: unexpected token, expected `else`",
		"(if (i32.const 1) (then) (else) (nop))":           "test.wat:1:47: unexpected token: a folded `if` ends after its `else`",
		"(if (i32.const 1))":                               "test.wat:1:32: previous `if` had no `then`",
	} {
		got := ""
		if _, err := parse("(module (func " + body + "))"); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: error %q, want %q", body, got, want)
		}
	}
}

func TestCodes(t *testing.T) {
	golden.Codes(t, Codes, func(example string) error {
		_, err := parse(example)
		return err
	})
}

// instrText returns an instruction with immediates that fit the module of opModule.
func instrText(op core.Op, info *core.OpInfo) string {
	operands := map[core.Imm]string{
		core.ImmLabel: "0", core.ImmLabels: "0 0", core.ImmFunc: "0", core.ImmTypeTable: "1 (type 0)", core.ImmLocal: "0", core.ImmGlobal: "0",
		core.ImmTable: "0", core.ImmTable2: "1 0", core.ImmElem: "0", core.ImmElemTable: "1 0", core.ImmMemory: "1", core.ImmMemory2: "1 0",
		core.ImmData: "0", core.ImmDataMemory: "1 0", core.ImmMemArg: "1 offset=16 align=1", core.ImmMemArgLane: "offset=16 align=1 0",
		core.ImmLane: "1", core.ImmI32: "-7", core.ImmI64: "-7", core.ImmF32: "0x1.8p-3", core.ImmF64: "0x1.8p-3",
		core.ImmV128: "i32x4 1 2 3 4", core.ImmShuffle: "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15", core.ImmHeap: "func", core.ImmTypes: "(result i32)",
		core.ImmTag: "0", core.ImmType: "0", core.ImmType2: "0 1", core.ImmTypeField: "1 0", core.ImmTypeCount: "2 3", core.ImmTypeData: "2 0",
		core.ImmTypeElem: "2 0", core.ImmTypeTag: "3 0", core.ImmCast: "0 anyref i31ref", core.ImmResume: "3 (on 0 0) (on 0 switch)",
		core.ImmResumeThrow: "3 0 (on 0 0)", core.ImmOrderGlobal: "acq_rel 0", core.ImmOrderTable: "seq_cst 1", core.ImmOrderType: "acq_rel 2",
		core.ImmOrderTypeField: "seq_cst 1 0", core.ImmTryTable: "(catch 0 0)",
	}
	text := info.Name + " " + operands[info.Imm]
	switch op {
	case core.OpRefTest, core.OpRefCast:
		text = info.Name + " (ref func)"
	case core.OpRefTestNull, core.OpRefCastNull:
		text = info.Name + " (ref null func)"
	case core.OpBlock, core.OpLoop, core.OpIf, core.OpTry, core.OpTryTable:
		text += " end"
	case core.OpElse:
		text = "if else end"
	case core.OpCatch, core.OpCatchAll:
		text = "try " + text + " end"
	case core.OpDelegate:
		text = "try " + text
	case core.OpEnd:
		text = "block end"
	}
	return text
}

// opModule returns a module that contains an instruction. The module need not be valid.
func opModule(instr string) string {
	return "(module (type (func)) (type (struct (field i32))) (type (array i8)) (type (cont 0)) (tag) (table 1 funcref) (table 1 funcref) (memory 1) " +
		"(memory 1) (global (mut i32) i32.const 0) (elem func) (data \"\") (func (local i32) " + instr + "))"
}

// Every instruction can be parsed, encoded, decoded and printed.
func TestInstructions(t *testing.T) {
	n := 0
	for op, info := range core.Ops() {
		src := opModule(instrText(op, info))
		u, err := parse(src)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		text, again := reprint(t, info.Name, u)
		if again == nil {
			continue
		}
		if !bytes.Equal(u.Append(nil), again.Append(nil)) {
			t.Errorf("%s: the printed text assembles to different bytes:\n%s", info.Name, text)
		}
		m, err := core.Decode(u.Binary)
		if err != nil {
			t.Errorf("%s: %v", info.Name, err)
			continue
		}
		if !hasOp(t, m, op) {
			t.Errorf("%s: the code lacks %#x", info.Name, uint16(op))
		}
		n++
	}
	t.Logf("%d instructions", n)
	if n < 500 {
		t.Error("too few instructions")
	}
}

func hasOp(t *testing.T, m *core.Module, op core.Op) bool {
	t.Helper()
	for b, err := range m.Bodies() {
		if err != nil {
			t.Fatal(err)
		}
		_, r, err := b.Read()
		if err != nil {
			t.Fatal(err)
		}
		var in core.Instr
		for r.Next(&in) {
			if in.Op == op {
				return true
			}
		}
		if err := r.Err(); err != nil {
			t.Error(err)
		}
	}
	return false
}

// The expectations of TestSugar and of the instructions are those of wasm-tools 0.259 (jco 1.35).
func TestOwnTextsAsReference(t *testing.T) {
	var texts []text
	files, err := filepath.Glob("testdata/sugar/*.wat")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text{name: f, src: string(data)})
	}
	for op, info := range core.Ops() {
		texts = append(texts, text{name: info.Name, src: opModule(instrText(op, info))})
	}
	var queries []map[string]any
	for _, x := range texts {
		queries = append(queries, map[string]any{"text": x.src})
	}
	equal := 0
	for i, ref := range jco(t, queries) {
		x := texts[i]
		if strings.Contains(x.name, "component-values") {
			continue // the reference has an older form of values
		}
		if ref.Error != "" {
			t.Errorf("%s: the reference says %s", x.name, ref.Error)
			continue
		}
		u, err := parse(x.src)
		if err != nil {
			t.Errorf("%s: %v", x.name, err)
			continue
		}
		data := u.Append(nil)
		if !bytes.Equal(data, ref.Wasm) {
			t.Errorf("%s: the bytes differ from the reference:\n% x\n% x", x.name, data, ref.Wasm)
			continue
		}
		out, err := PrintBinary(nil, diag.NewBinary(x.name, data), PrintOptions{})
		if err != nil {
			t.Errorf("%s: %v", x.name, err)
			continue
		}
		if n, a, b := firstDiff(string(out), ref.Print); n != 0 {
			t.Errorf("%s: line %d:\n got %s\nwant %s", x.name, n, a, b)
			continue
		}
		equal++
	}
	t.Logf("equal: %d of %d", equal, len(texts))
	if equal < len(texts)-1 {
		t.Error("some texts were left out")
	}
}

// Parsing takes time linear in the length of the text, also with deep nesting and distant
// references.
func TestLongTexts(t *testing.T) {
	const n = 100_000
	for name, src := range map[string]string{
		"folded":  "(module (func " + strings.Repeat("(i32.eqz ", n) + strings.Repeat(")", n) + "))",
		"blocks":  "(module (func " + strings.Repeat("block $a ", n) + strings.Repeat("br $a end ", n) + "))",
		"labels":  "(module (func block $out " + strings.Repeat("block br $out ", n) + strings.Repeat("end ", n) + "end))",
		"table":   "(module (func br_table " + strings.Repeat("0 ", n) + "))",
		"comment": strings.Repeat("(;", n) + strings.Repeat(";)", n) + "(module)",
		"annos":   "(module " + strings.Repeat("(@x (y))", n) + ")",
		"imports": "(component " + strings.Repeat(`(import "a" (func))`, n) + ")",
		"outer":   "(component (type $t u8) (component " + strings.Repeat(`(import "a" (func (param "x" $t)))`, n) + "))",
		"exports": "(module (func " + strings.Repeat(`(export "a")`, n) + "))",
		"attrs":   "(component (func " + strings.Repeat(`(export "a" (implements "b"))`, n) + ` (import "f")))`,
		"parens":  strings.Repeat("(", n),
	} {
		start := time.Now()
		u, err := parse(src)
		if err == nil {
			_, err = PrintBinary(nil, diag.NewBinary(name, u.Append(nil)), PrintOptions{})
		}
		if (err != nil) != (name == "parens") {
			t.Errorf("%s: %v", name, err)
		}
		if d := time.Since(start); d > 10*time.Second {
			t.Errorf("%s takes %v", name, d)
		} else {
			t.Logf("%s: %v", name, d)
		}
	}
}

// TestPrintOptions checks the options of the printer.
func TestPrintOptions(t *testing.T) {
	src, err := os.ReadFile("testdata/options.wat")
	if err != nil {
		t.Fatal(err)
	}
	u, err := parse(string(src))
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]PrintOptions{
		"skeleton": {Skeleton: true}, "offsets": {Offsets: true}, "name-unnamed": {NameUnnamed: true}, "indent": {Indent: "\t"}, "operands": {Operands: true},
	} {
		out, err := PrintBinary(nil, diag.NewBinary("options.wasm", u.Append(nil)), o)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		golden.File(t, "testdata/options."+name, string(out))
	}
}

// Function bodies that refer to data segments need the number of segments. Constant expressions
// must not refer to any. If one does so anyway, the binary is that of wasm-tools 0.259.
func TestDataCount(t *testing.T) {
	const array, init = `(module (type $a (array i8)) (data "x") `, `(array.new_data $a 0 (i32.const 0) (i32.const 1))`
	for src, want := range map[string]bool{
		array + "(global (ref $a) " + init + "))":                            false,
		array + "(func (drop " + init + ")))":                                true,
		array + "(func (drop " + init + ")) (global (ref $a) " + init + "))": true,
		array + "(func))": false,
	} {
		u, err := parse(src)
		if err != nil {
			t.Fatal(err)
		}
		m, err := core.Decode(u.Binary)
		if err != nil {
			t.Fatal(err)
		}
		if got := m.DataCount != nil; got != want {
			t.Errorf("%s: data count section %v, want %v", src, got, want)
		}
	}
}
