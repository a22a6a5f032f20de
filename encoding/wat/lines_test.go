package wat

import (
	"debug/dwarf"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
)

// lineTable returns the line entries of a module with debug information, by their address.
func lineTable(t *testing.T, m *core.Module) map[uint64]dwarf.LineEntry {
	t.Helper()
	section := func(name string) []byte {
		data, ok := m.Custom(name)
		if !ok {
			t.Fatalf("no section %s", name)
		}
		return data
	}
	d, err := dwarf.New(section(".debug_abbrev"), nil, nil, section(".debug_info"), section(".debug_line"), nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	unit, err := d.Reader().Next()
	if err != nil {
		t.Fatal(err)
	}
	code, _ := m.Section(core.SectionCode)
	if r, err := d.Ranges(unit); err != nil || len(r) != 1 || r[0][0] == 0 || int(r[0][1]) < len(code.Data) {
		t.Errorf("ranges %v of a code section of %d bytes, %v", r, len(code.Data), err)
	}
	r, err := d.LineReader(unit)
	if err != nil {
		t.Fatal(err)
	}
	list := map[uint64]dwarf.LineEntry{}
	for {
		var e dwarf.LineEntry
		if err := r.Next(&e); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		if !e.EndSequence {
			list[e.Address] = e
		}
	}
}

// checkLines checks that the debug information of a module at base has the place of each
// instruction. It returns the number of instructions.
func checkLines(t *testing.T, f *diag.File, data []byte, base int) int {
	t.Helper()
	m, err := core.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	code, ok := m.Section(core.SectionCode)
	if !ok {
		return 0
	}
	list := lineTable(t, m)
	b, err := m.Edit()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for i, s := range m.Spans(core.SectionCode) {
		body := b.Funcs[i].Code
		instrPlaces(t, core.Expr{Span: core.Span{Start: s.End - len(body)}, Bytes: body}, func(at encoding.Span, _ string, starts ...string) {
			place := f.Span(base+at.Start, base+at.End).Shown()
			want := place.File.Position(place.Start)
			e, ok := list[uint64(at.Start-code.Start)]
			if !ok || e.Line != want.Line || e.Column != want.Column || e.File.Name != f.Name {
				t.Errorf("%s: `%s` at %#x is at line %d, column %d, want %d, %d", f.Name, starts[0], at.Start, e.Line, e.Column, want.Line, want.Column)
			}
			n++
		})
	}
	return n
}

// Debug information and diagnostics agree on the place of each instruction, in all texts of the
// repository.
func TestLinesAreThePlaces(t *testing.T) {
	n := 0
	err := filepath.WalkDir(filepath.Join("..", ".."), func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".wat" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		f, err := AssembleWithLines(diag.NewFile(path, data))
		if err != nil {
			return nil // texts that are wrong on purpose
		}
		if encoding.IsCoreModule(f.Data) {
			n += checkLines(t, f, f.Data, 0)
			return nil
		}
		c, err := encoding.Decode(f)
		if err != nil {
			return err
		}
		for node := range c.All() {
			if node.Module != nil {
				n += checkLines(t, f, node.Module.Bytes, node.Module.Start)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n < 500 {
		t.Errorf("only %d instructions were found", n)
	}
}

// Without code, there is no debug information, and the bytes are those of Assemble.
func TestLinesWithoutCode(t *testing.T) {
	src := diag.NewFile("test.wat", []byte(`(component (core module (memory 1)) (core module binary))`))
	if _, err := AssembleWithLines(src); err == nil {
		t.Error("no error for a bad text")
	}
	src = diag.NewFile("test.wat", []byte(`(component (core module (memory 1)))`))
	plain, err := Assemble(src)
	if err != nil {
		t.Fatal(err)
	}
	with, err := AssembleWithLines(src)
	if err != nil || string(with.Data) != string(plain.Data) {
		t.Errorf("got % x, %v", with.Data, err)
	}
}
