package core

import (
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/internal/hextext"
	"github.com/mortise-wasm/mortise/internal/golden"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
)

// here returns the file and line of its caller's caller, so that a failing row of a table points to
// itself.
func here() string {
	_, file, line, _ := runtime.Caller(2)
	return fmt.Sprintf("%s:%d", filepath.Base(file), line)
}

var (
	bytesOf = hextext.Bytes
	module  = hextext.Module
)

type row struct {
	pos      string
	sections string
	want     Module
}

func is(sections string, want Module) row { return row{here(), sections, want} }

// everything is a module with one section of each kind. Several tests use its sections.
const (
	typeSec   = `01 { 02 60 01 7f 01 7e 60 00 00 } `
	importSec = `02 { 05 01 'a' 01 'f' 00 00  01 'a' 01 't' 01 70 00 01  01 'b' 01 'm' 02 01 01 02  01 'b' 01 'g' 03 7f 01  01 'c' 01 'e' 04 00 01 } `
	funcSec   = `03 { 02 01 00 } `
	tableSec  = `04 { 02 6f 01 00 05  40 00 70 00 01 d0 70 0b } `
	memorySec = `05 { 01 04 01 } `
	tagSec    = `0d { 01 00 01 } `
	globalSec = `06 { 02 7f 00 41 80 01 0b  7b 01 fd 0c 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 0b } `
	exportSec = `07 { 05 01 'f' 00 01  01 't' 01 02  01 'm' 02 00  01 'g' 03 01  01 'e' 04 01 } `
	startSec  = `08 { 01 } `
	elemSec   = `09 { 01 00 41 00 0b 01 00 } `
	countSec  = `0c { 01 } `
	codeSec   = `0a { 02 { 00 0b } { 00 42 00 0b } } `
	dataSec   = `0b { 01 01 01 2a } `
	nameSec   = `00 { 04 'name' 00 { 02 'mo' } 01 { 02 01 01 'x' 02 01 'y' } } `

	everything = typeSec + importSec + funcSec + tableSec + memorySec + tagSec + globalSec + exportSec + startSec + elemSec + countSec + codeSec +
		dataSec + nameSec
)

func everythingModule() Module {
	start, count := FuncIdx(1), uint32(1)
	return Module{
		Types: []RecType{Func([]ValType{I32}, []ValType{I64}), Func(nil, nil)},
		Imports: []Import{
			{"a", "f", ExternType{Kind: ExternFunc}},
			{"a", "t", ExternType{Kind: ExternTable, Table: TableType{Elem: FuncRef.Ref, Limits: types.Limits{Min: 1}}}},
			{"b", "m", ExternType{Kind: ExternMemory, Memory: MemoryType{Limits: types.Limits{Min: 1, Max: 2, HasMax: true}}}},
			{"b", "g", ExternType{Kind: ExternGlobal, Global: GlobalType{Type: I32, Mutable: true}}},
			{"c", "e", ExternType{Kind: ExternTag, Tag: 1}},
		},
		Funcs: []TypeIdx{1, 0},
		Tables: []Table{
			{Type: TableType{Elem: ExternRef.Ref, Limits: types.Limits{Max: 5, HasMax: true}}},
			{Type: TableType{Elem: FuncRef.Ref, Limits: types.Limits{Min: 1}}, Init: Expr{Bytes: bytesOf(`d0 70 0b`)}},
		},
		Memories: []MemoryType{{Limits: types.Limits{Min: 1, Is64: true}}},
		Tags:     []TypeIdx{1},
		Globals: []Global{
			{GlobalType{Type: I32}, Expr{Bytes: bytesOf(`41 80 01 0b`)}},
			{GlobalType{Type: V128, Mutable: true}, Expr{Bytes: bytesOf(`fd 0c 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 0b`)}},
		},
		Exports: []Export{{"f", ExternFunc, 1}, {"t", ExternTable, 2}, {"m", ExternMemory, 0}, {"g", ExternGlobal, 1}, {"e", ExternTag, 1}},
		Start:   &start, NumElems: 1, NumBodies: 2, NumData: 1, DataCount: &count,
	}
}

func rows() []row {
	return []row{
		is(``, Module{}),
		is(everything, everythingModule()),
		is(`01 81 80 80 80 00 00`, Module{}), // a size in five bytes
		is(`00 { 01 'x' 'payload' } 00 { 00 }`, Module{}),
		is(`01 { 02 4e 02 50 00 5f 01 77 01 4f 01 00 5f 00  5e 7f 00 }`, Module{Types: []RecType{
			{Explicit: true, Types: []SubType{
				{Type: &StructType{Fields: []FieldType{{Packed: 16, Mutable: true}}}},
				{Final: true, Supers: []TypeIdx{0}, Type: &StructType{}},
			}},
			{Types: []SubType{{Final: true, Type: &ArrayType{Elem: FieldType{Type: I32}}}}},
		}}),
		is(`02 { 01 01 'm' 00 7f 02 01 'a' 00 00 01 'b' 00 01 }`, Module{Imports: []Import{ // compact imports
			{"m", "a", ExternType{Kind: ExternFunc}}, {"m", "b", ExternType{Kind: ExternFunc, Func: 1}},
		}}),
		is(`02 { 01 01 'm' 00 7e 00 02 02 01 'a' 01 'b' }`, Module{Imports: []Import{
			{"m", "a", ExternType{Kind: ExternFunc, Func: 2}}, {"m", "b", ExternType{Kind: ExternFunc, Func: 2}},
		}}),
		is(`05 { 01 0d 01 02 00 }`, Module{Memories: []MemoryType{
			{Limits: types.Limits{Min: 1, Max: 2, HasMax: true, Is64: true}, HasPageSize: true},
		}}),
		is(`06 { 01 63 00 00 41 01 fb 1c fb 08 00 02 d2 03 23 01 43 00 00 00 00 44 00 00 00 00 00 00 00 00 6a 0b }`, Module{Globals: []Global{{
			GlobalType{Type: Ref(RefType{Nullable: true})},
			Expr{Bytes: bytesOf(`41 01 fb 1c fb 08 00 02 d2 03 23 01 43 00 00 00 00 44 00 00 00 00 00 00 00 00 6a 0b`)},
		}}}),
	}
}

func TestDecode(t *testing.T) {
	opts := cmp.Options{cmpopts.IgnoreTypes(Span{}), cmpopts.IgnoreUnexported(Module{}), cmpopts.IgnoreFields(Module{}, "Sections"), cmpopts.EquateEmpty()}
	for _, r := range rows() {
		data := module(r.sections)
		m, err := Decode(data)
		if err != nil {
			t.Errorf("%s: %v", r.pos, err)
			continue
		}
		if diff := cmp.Diff(r.want, *m, opts); diff != "" {
			t.Errorf("%s: module (-want +got):\n%s", r.pos, diff)
		}
		if got := m.Append([]byte("x")); string(got) != "x"+string(data) {
			t.Errorf("%s: Append(Decode(x)) differs from x\ngot:  %x\nwant: %x", r.pos, got, data)
		}
		for _, s := range m.Sections {
			if string(data[s.Start:s.End]) != string(s.Data) {
				t.Errorf("%s: span of the %v section does not cover it", r.pos, s.ID)
			}
		}
		for _, g := range m.Globals {
			if string(data[g.Init.Start:g.Init.End]) != string(g.Init.Bytes) {
				t.Errorf("%s: span of an expression does not cover it", r.pos)
			}
		}
	}
}

// Recursion groups are written in the form in which they were read.
func TestTypesRoundTrip(t *testing.T) {
	for _, r := range rows() {
		m, err := Decode(module(r.sections))
		if err != nil {
			t.Fatal(err)
		}
		for _, rec := range m.Types {
			checkRec(t, r.pos, rec)
		}
	}
}

func TestDecodeErrors(t *testing.T) {
	list := []struct{ pos, sections, want string }{
		{here0(), `0e 00`, `malformed section id: 0xe (at offset 0x8)`},
		{here0(), `01 00 0b 00 01 00`, `unexpected end-of-file (at offset 0xa, type section)`},
		{here0(), `01 01 00 0b 01 00 01 01 00`, `section out of order (at offset 0xe)`},
		{here0(), `01 01 00 01 01 00`, `section out of order (at offset 0xb)`},
		{here0(), `01 02 00 00`, `section size mismatch: unexpected data at the end of the section (at offset 0xb, type section)`},
		{here0(), `01 04 01 60 00 01`, `unexpected end-of-file (at offset 0xe, type section)`},
		{here0(), `01 { 01 60 01 00 00 }`, `invalid value type (at offset 0xd, type section)`},
		{here0(), `01 { 01 60 01 7a 00 }`, `invalid value type (at offset 0xd, type section)`},
		{here0(), `01 03 01 40 00`, `invalid leading byte (0x40) for type (at offset 0xb, type section)`},
		{here0(), `02 { 01 01 'a' 01 'b' 05 00 }`, `invalid leading byte (0x5) for external kind (at offset 0xf, import section)`},
		{here0(), `02 { 01 01 ff 01 'b' 00 00 }`, `malformed UTF-8 encoding (at offset 0xc, import section)`},
		{here0(), `03 { 01 00 }`, `function section has non-zero count but code section is absent: function and code section have inconsistent lengths (at offset 0xc)`},
		{here0(), `0a { 01 { 00 0b } }`, `function section is absent but code section has non-zero count: function and code section have inconsistent lengths (at offset 0xa, code section)`},
		{here0(), `0c 01 01`, `data count is non-zero but data section is absent: data count and data section have inconsistent lengths (at offset 0xb)`},
		{here0(), `0c 01 01 0b { 00 }`, `data count and data section have inconsistent lengths (at offset 0xe)`},
		{here0(), `06 { 01 7f 00 ff 00 0b }`, `illegal opcode: 0xff (at offset 0xd, global section)`},
		{here0(), `06 { 01 7f 04 41 00 0b }`, `malformed global flags (at offset 0xc, global section)`},
		{here0(), `06 { 01 7f 00 41 00 }`, `unexpected end-of-file: control frames remain at end of function body or expression (at offset 0xf, global section)`},
		{here0(), `06 { 01 7f 00 41 }`, `unexpected end-of-file (at offset 0xe, global section)`},
		{here0(), `05 { 01 10 01 }`, `invalid memory limits flags (at offset 0xb, memory section)`},
		{here0(), `05 { 01 08 01 40 }`, `invalid custom page size (at offset 0xb, memory section)`},
		{here0(), `0d { 01 01 00 }`, `invalid tag attributes (at offset 0xb, tag section)`},
	}
	for _, r := range list {
		if _, err := Decode(module(r.sections)); err == nil || err.Error() != r.want {
			t.Errorf("%s:\ngot:  %v\nwant: %s", r.pos, err, r.want)
		}
	}
	for data, want := range map[string]string{
		``: `unexpected end-of-file (at offset 0x0)`, `00 'asm' 01 00`: `unexpected end-of-file (at offset 0x6)`,
		`00 'asm' 02 00 00 00`: `unknown binary version: 0x02000000 (at offset 0x4)`, `00 'asn' 01 00 00 00`: `magic header not detected: bad magic number (at offset 0x0)`,
		`00 'asm' 0d 00 01 00`: `expected a version header for a module, found a component's (at offset 0x0)`,
	} {
		if _, err := Decode(bytesOf(data)); err == nil || err.Error() != want {
			t.Errorf("%s:\ngot:  %v\nwant: %s", data, err, want)
		}
	}
}

func here0() string {
	_, file, line, _ := runtime.Caller(1)
	return fmt.Sprintf("%s:%d", filepath.Base(file), line)
}

func TestModuleType(t *testing.T) {
	m, err := Decode(module(everything))
	if err != nil {
		t.Fatal(err)
	}
	mt, err := m.Type(nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, i := range mt.Imports {
		got = append(got, i.Module+" "+i.Name+": "+types.CoreString(i.Type))
	}
	for _, e := range mt.Exports {
		got = append(got, e.Name+": "+types.CoreString(e.Type))
	}
	want := []string{
		"a f: func [i32] -> [i64]", "a t: table 1 funcref", "b m: memory 1 2", "b g: global (mut i32)", "c e: tag [] -> []",
		"f: func [] -> []", "t: table 1 funcref", "m: memory 1 2", "g: global i32", "e: tag [] -> []",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("type (-want +got):\n%s", diff)
	}
	if ty, ok := m.FuncTypeIdx(2); !ok || ty != 0 || m.NumImports(ExternFunc) != 1 {
		t.Errorf("function 2 has type %d, %v", ty, ok)
	}
	if _, ok := m.FuncTypeIdx(3); ok {
		t.Error("function 3 exists")
	}
	for sections, want := range map[string]string{
		`02 { 01 00 00 00 00 }`:                       "unknown type 0: type index out of bounds (at offset 0xb, import section)",
		`01 { 01 60 01 64 01 00 }`:                    "unknown type 1: type index out of bounds (at offset 0xb, type section)",
		`01 { 01 5f 00 } 02 { 01 00 00 00 00 }`:       "type index 0 is not a function type (at offset 0x10, import section)",
		`07 { 01 00 02 00 }`:                          "unknown memory 0: exported memory index out of bounds (at offset 0xb, export section)",
		`01 { 01 60 00 00 } 02 { 01 00 00 04 00 05 }`: "unknown type 5: type index out of bounds (at offset 0x11, import section)",
	} {
		m, err := Decode(module(sections))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Type(nil); err == nil || err.Error() != want {
			t.Errorf("%s: error %v, want %s", sections, err, want)
		}
	}
}

// Equal groups become one group, even across modules. Groups that differ in any way do not.
func TestInterner(t *testing.T) {
	var in Interner
	var space []*types.CoreDef
	define := func(text string) []*types.CoreDef {
		t.Helper()
		m, err := Decode(module("01 { 01 " + text + " }"))
		if err != nil {
			t.Fatal(err)
		}
		from := len(space)
		if space, err = in.Define(space, m.Types[0]); err != nil {
			t.Fatal(err)
		}
		return space[from:]
	}
	a := define(`60 01 7f 00`)[0]                   // type 0
	b := define(`60 01 7f 00`)[0]                   // type 1
	c := define(`60 00 01 7f`)[0]                   // type 2
	list := define(`5f 01 63 03 01`)[0]             // type 3: a list of itself
	same := define(`5f 01 63 04 01`)[0]             // type 4: the same type at another index
	other := define(`5f 01 63 03 01`)[0]            // type 5: not recursive
	pair := define(`4e 02 60 00 00 5f 01 64 06 00`) // types 6 and 7
	if a != b || a == c || list != same || list == other || len(pair) != 2 {
		t.Errorf("canonical types: %v %v %v %v %v %v %v", a == b, a == c, list == same, list == other, a, b, pair)
	}
	if list.Struct.Fields[0].Type.Def != list || other.Struct.Fields[0].Type.Def != list || pair[1].Struct.Fields[0].Type.Def != pair[0] {
		t.Error("references lead to the wrong types")
	}
	if pair[1].Group != pair[0].Group || pair[1].Index != 1 || a.Group == c.Group {
		t.Error("groups are wrong")
	}
}

func TestRewriteImports(t *testing.T) {
	data := module(everything)
	got, err := RewriteImports(data, func(i int, imp Import) (string, string) {
		return fmt.Sprintf("p%d", i), imp.Module + "." + imp.Name
	})
	if err != nil {
		t.Fatal(err)
	}
	imports := `02 { 05 02 'p0' 03 'a.f' 00 00  02 'p1' 03 'a.t' 01 70 00 01  02 'p2' 03 'b.m' 02 01 01 02  02 'p3' 03 'b.g' 03 7f 01  02 'p4' 03 'c.e' 04 00 01 } `
	want := module(strings.Replace(everything, importSec, imports, 1))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("module (-want +got):\n%s", diff)
	}
	same, err := RewriteImports(data, func(_ int, imp Import) (string, string) { return imp.Module, imp.Name })
	if err != nil || string(same) != string(data) {
		t.Errorf("renaming nothing changes the module: %v", err)
	}
	if _, err := RewriteImports([]byte("no module"), nil); err == nil {
		t.Error("no error for bytes that are not a module")
	}
}

func TestBodies(t *testing.T) {
	m, err := Decode(module(everything))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for b, err := range m.Bodies() {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, hex.EncodeToString(b.Bytes))
	}
	if diff := cmp.Diff([]string{"000b", "0042000b"}, got); diff != "" {
		t.Errorf("bodies (-want +got):\n%s", diff)
	}
	m, err = Decode(module(`03 { 01 00 } 0a { 01 05 00 0b }`))
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range m.Bodies() {
		if err == nil || err.Error() != "unexpected end-of-file (at offset 0x12, code section)" {
			t.Errorf("body that is too long: %v", err)
		}
	}
}

func TestNames(t *testing.T) {
	m, err := Decode(module(everything + `00 { 0f 'target_features' 02 '+' 04 'simd' '-' 01 'x' }`))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Names{Module: "mo", HasModule: true, Funcs: []FuncName{{1, "x"}, {2, "y"}}}, m.Names()); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	all := `00 { 04 'name'  02 { 01 01 01 00 01 'l' }  03 { 01 01 01 00 01 'b' }  04 { 01 00 01 't' }  05 { 01 00 01 'u' }  06 { 01 00 01 'm' }
		07 { 02 00 01 'g' 01 01 'h' }  08 { 01 00 01 'e' }  09 { 01 00 01 'd' }  0a { 01 03 01 00 01 'f' }  0b { 01 00 01 'x' }  0c { 00 } 07 { 05 00 01 }`
	n, err := Decode(module(all + " }"))
	if err != nil {
		t.Fatal(err)
	}
	one := func(s string) []IndexName { return []IndexName{{0, s}} }
	want := Names{
		Locals: []IndirectName{{1, one("l")}}, Labels: []IndirectName{{1, one("b")}}, Fields: []IndirectName{{3, one("f")}},
		Types: one("t"), Tables: one("u"), Memories: one("m"), Globals: []IndexName{{0, "g"}, {1, "h"}}, Elems: one("e"), Data: one("d"), Tags: one("x"),
	}
	if diff := cmp.Diff(want, n.Names()); diff != "" {
		t.Errorf("all names (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]TargetFeature{{'+', "simd"}, {'-', "x"}}, m.TargetFeatures()); diff != "" {
		t.Errorf("target features (-want +got):\n%s", diff)
	}
}

func TestProducers(t *testing.T) {
	data := bytesOf(`02 08 'language' 01 02 'Go' 04 '1.26' 0c 'processed-by' 00`)
	p, err := DecodeProducers(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(data, p.Append(nil)); diff != "" {
		t.Errorf("payload (-want +got):\n%s", diff)
	}
	q := p.Add("processed-by", ProducersValue{"mortise", "1"}).Add("processed-by", ProducersValue{"mortise", "2"}).Add("sdk", ProducersValue{"x", ""})
	want := &Producers{Fields: []ProducersField{
		{"language", []ProducersValue{{"Go", "1.26"}}}, {"processed-by", []ProducersValue{{"mortise", "2"}}}, {"sdk", []ProducersValue{{"x", ""}}},
	}}
	if diff := cmp.Diff(want, q); diff != "" {
		t.Errorf("after Add (-want +got):\n%s", diff)
	}
	none := (*Producers)(nil)
	merged := none.Merge(p).Merge(ProcessedBy(ProducersValue{"mortise", "2"})).Merge(&Producers{Fields: []ProducersField{{"sdk", []ProducersValue{{"x", ""}}}}}).Merge(nil)
	if diff := cmp.Diff(want, merged); diff != "" {
		t.Errorf("after Merge (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(ProcessedBy(ProducersValue{"mortise", ""}), ProcessedBy(ProducersValue{})); diff != "" {
		t.Errorf("without a tool (-want +got):\n%s", diff)
	}
	if len(p.Fields) != 2 || len(p.Fields[1].Values) != 0 {
		t.Errorf("Add changes what it is called on: %+v", p)
	}
	if _, err := DecodeProducers(data[:5]); err == nil {
		t.Error("no error for a cut payload")
	}
}

func TestCodes(t *testing.T) {
	golden.Codes(t, Codes, func(example string) error {
		data := module(example)
		m, err := Decode(data)
		if err == nil {
			err = Validate(m, feature.Default(), ValidateOptions{})
		}
		var e *Error
		if !errors.As(err, &e) {
			return err
		}
		return e.Diagnostic(diag.NewBinary("m.wasm", data), 0)
	})
}

// The offset of a diagnostic counts from the start of the file. Its path is the item or the
// section.
func TestDiagnostic(t *testing.T) {
	f := diag.NewBinary("m.wasm", module("08 01 00"))
	for want, e := range map[string]*Error{
		"m.wasm:0xa: malformed section id: 0xe":          {Offset: 8, Message: "malformed section id: 0xe"},
		"m.wasm:0xc: unknown function 0 (start section)": {Offset: 10, Message: "unknown function 0", Section: SectionStart, InSection: true, Invalid: true},
		"m.wasm:0x2: type mismatch (func 3)":             {Message: "type mismatch", Item: "func 3", Section: SectionCode, InSection: true},
	} {
		if got := e.Diagnostic(f, 2).Error(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
