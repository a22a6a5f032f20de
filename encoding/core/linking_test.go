package core

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDecodeDylink(t *testing.T) {
	got, err := DecodeDylink(bytesOf(`01 { 10 02 03 00 } 02 { 02 {'a'} {'bc'} } 03 { 01 {'x'} 04 } 04 { 01 {'env'} {'y'} 01 } 05 { 01 {'/lib'} }`))
	if err != nil {
		t.Fatal(err)
	}
	want := &Dylink{
		HasMemInfo: true, MemorySize: 16, MemoryAlign: 2, TableSize: 3, Needed: []string{"a", "bc"}, RuntimePath: []string{"/lib"},
		Exports: []DylinkExport{{"x", 4}}, Imports: []DylinkImport{{"env", "y", DylinkWeak}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	for _, bad := range []string{`01 { 10 }`, `02 { 05 }`, `07 { }`, `01`, `02 05`} {
		if _, err := DecodeDylink(bytesOf(bad)); err == nil {
			t.Errorf("%s: want an error", bad)
		}
	}
}

// Names can be read back after they are written.
func TestAppendNames(t *testing.T) {
	want := Names{
		Module: "m", HasModule: true, Funcs: []FuncName{{0, "f"}, {3, ""}}, Locals: []IndirectName{{1, []IndexName{{0, "x"}}}},
		Globals: []IndexName{{2, "g"}}, Fields: []IndirectName{{0, []IndexName{{1, "y"}}}}, Tags: []IndexName{{0, "t"}},
	}
	if d := cmp.Diff(want, DecodeNames(want.Append(nil))); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// A kind of names that a module does not have takes no bytes.
func TestAppendFewNames(t *testing.T) {
	one := []IndexName{{0, "n"}}
	for _, r := range []struct {
		n    Names
		want string
	}{
		{Names{}, ""},
		{Names{HasModule: true}, "00 { 00 }"},
		{Names{Funcs: []FuncName{{1, "f"}}}, "01 { 01 01 01 'f' }"},
		{Names{Locals: []IndirectName{{2, one}}}, "02 { 01 02 01 00 01 'n' }"},
		{Names{Types: one}, "04 { 01 00 01 'n' }"},
		{Names{Tags: one}, "0b { 01 00 01 'n' }"},
	} {
		if got, want := r.n.Append(nil), bytesOf(r.want); string(got) != string(want) {
			t.Errorf("%+v: % x, want % x", r.n, got, want)
		}
	}
	// A function whose locals have no names is not in the list.
	if got := DecodeNames(bytesOf("02 { 02 01 00 02 01 00 01 'n' }")).Locals; len(got) != 1 || got[0].Index != 2 {
		t.Errorf("got %+v", got)
	}
}

// The spans of the items of a section cover their bytes, and exports have the types of the exported
// items.
func TestSpansAndExportType(t *testing.T) {
	b := &Builder{}
	f := b.ImportFunc("a", "b", b.FuncType([]ValType{I32}, nil))
	b.Imports = append(b.Imports, Import{Module: "a", Name: "g", Type: ExternType{Kind: ExternGlobal, Global: GlobalType{Type: I64}}})
	b.Func(NewAsm(0).Function(b.FuncType(nil, nil)))
	b.Memories = []MemoryType{{}}
	b.Export("f", ExternFunc, uint32(f))
	b.Export("own", ExternFunc, 1)
	b.Export("g", ExternGlobal, 0)
	b.Export("m", ExternMemory, 0)
	start := FuncIdx(1)
	b.Start = &start
	b.Tables = []Table{{Type: TableType{Elem: FuncRef.Ref}}}
	b.Globals = []Global{{Type: GlobalType{Type: I32}, Init: Expr{Bytes: []byte{byte(OpI32Const), 5, byte(OpEnd)}}}}
	b.Tags = []TypeIdx{1}
	b.Elems = []Elem{{Mode: Passive, Funcs: []FuncIdx{1}}, {Mode: Declared, Funcs: []FuncIdx{0}}}
	b.Data = []Data{{Mode: Passive, Bytes: []byte("x")}, {Mode: Passive, Bytes: []byte("yz")}}
	b.DataCount = true
	data := b.Append(nil)
	m, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for id := SectionCustom; id < numSections; id++ {
		for _, s := range m.Spans(id) {
			got = append(got, string(data[s.Start:s.End]))
		}
	}
	want := []string{
		"\x60\x01\x7f\x00", "\x60\x00\x00", // types
		"\x01a\x01b\x00\x00", "\x01a\x01g\x03\x7e\x00", // imports
		"\x01", "\x70\x00\x00", "\x00\x00", "\x7f\x00\x41\x05\x0b", // function, table, memory, global
		"\x01f\x00\x00", "\x03own\x00\x01", "\x01g\x03\x00", "\x01m\x02\x00", // exports
		"\x01\x00\x01\x01", "\x03\x00\x01\x00", // elements
		"\x00\x0b", "\x01\x01x", "\x01\x02yz", "\x00\x01", // body, data, tag
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	for i, want := range []ExternType{{Kind: ExternFunc}, {Kind: ExternFunc, Func: 1}, {Kind: ExternGlobal, Global: GlobalType{Type: I64}}, {Kind: ExternMemory}} {
		if got, err := m.ExportType(m.Exports[i]); err != nil || got != want {
			t.Errorf("%s: got %v, %v", m.Exports[i].Name, got, err)
		}
	}
	if _, err := m.ExportType(Export{Name: "x", Kind: ExternTable, Index: 1}); err == nil {
		t.Error("an export of nothing: want an error")
	}
}
