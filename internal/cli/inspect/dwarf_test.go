package inspect

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/edit"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/internal/cli"
)

const linesWat = `(module
  (func $outer
    nop nop nop
    nop
    unreachable)
  (func $other (drop (i32.const 1))))`

// assembleWithLines assembles a module with debugging information, and returns it with its tree.
func assembleWithLines(t *testing.T, text string) ([]byte, *node) {
	t.Helper()
	f, err := wat.Assemble(diag.NewFile("lines.wat", []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	data, err := addDwarf(f)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := newTree(diag.NewBinary("lines.wasm", data))
	if err != nil {
		t.Fatal(err)
	}
	return data, tree
}

// TestInlinedFunctions checks that the frame of the inlined function comes before that of the call,
// and that a function that the linker removed, at address 0, is ignored.
func TestInlinedFunctions(t *testing.T) {
	_, tree := assembleWithLines(t, linesWat)
	u32 := func(v uint32) string { return string(binary.LittleEndian.AppendUint32(nil, v)) }
	const str, addr, data1, ref4, high, decl, stmt = "\x08", "\x01", "\x0b", "\x13", "\x12\x06", "\x3a\x0b\x3b\x0b", "\x10\x17"
	abbrev := "\x01\x11\x01" + "\x03" + str + stmt + "\x11" + addr + high + "\x00\x00" + // the unit
		"\x02\x2e\x00" + "\x03" + str + "\x20" + data1 + "\x00\x00" + // an inlined function
		"\x03\x2e\x01" + "\x03" + str + "\x11" + addr + high + "\x00\x00" + // a function
		"\x04\x1d\x00" + "\x31" + ref4 + "\x11" + addr + high + "\x58" + data1 + "\x59" + data1 + "\x57" + data1 + "\x00\x00" + // a call of an inlined one
		"\x00"
	unit := "\x04\x00" + u32(0) + "\x04" + "\x01lines.wat\x00" + u32(0) + u32(2) + u32(14)
	inlined := u32(uint32(4 + len(unit)))
	unit += "\x02inlined\x00\x01" +
		"\x03removed\x00" + u32(0) + u32(100) + "\x00" +
		"\x03outer\x00" + u32(2) + u32(7) + "\x04" + inlined + u32(4) + u32(2) + "\x01\x21\x05" + "\x00" +
		"\x00"
	for i := range tree.sections {
		switch s := &tree.sections[i]; s.Name {
		case ".debug_abbrev":
			s.Payload = []byte(abbrev)
		case ".debug_info":
			s.Payload = []byte(u32(uint32(len(unit))) + unit)
		}
	}
	d, err := readDwarf(tree)
	if err != nil {
		t.Fatal(err)
	}
	for pc, want := range map[uint64]string{
		0: "[]", 1: "[]", 2: "[{outer lines.wat 2 0}]", 3: "[{outer lines.wat 3 5}]",
		4: "[{inlined lines.wat 3 9} {outer lines.wat 33 5}]", 5: "[{inlined lines.wat 3 13} {outer lines.wat 33 5}]",
		6: "[{outer lines.wat 4 5}]", 7: "[{outer lines.wat 5 5}]", 8: "[{outer lines.wat 5 16}]",
		9: "[]", 10: "[{ lines.wat 6 0}]", 16: "[]", 99: "[]",
	} {
		frames, err := d.lookUp(pc)
		if got := fmt.Sprint(frames); err != nil || got != want {
			t.Errorf("%d: got %s, %v, want %s", pc, got, err, want)
		}
	}
	s := &screen{}
	(&addressReport{Addresses: []addressRecord{{Offset: 0x1a, Frames: []codeFrame{{"c", "c.c", 3, 4}, {"b", "b.c", 2, 0}, {"a", "", 0, 0}}}, {Offset: 2}}}).render(s)
	if want := "0x1a: c at c.c:3:4\n      inlined into b at b.c:2\n      inlined into a\n0x2: unknown\n"; s.b.String() != want {
		t.Errorf("got\n%swant\n%s", &s.b, want)
	}
}

// TestDamagedDwarf checks that any contents of the sections give an answer or an error.
func TestDamagedDwarf(t *testing.T) {
	data, tree := assembleWithLines(t, linesWat)
	dir := t.TempDir()
	errors := 0
	for i := range tree.sections {
		s := &tree.sections[i]
		if !strings.HasPrefix(s.Name, ".debug_") {
			continue
		}
		for at := s.Contents.End - len(s.Payload); at < s.Contents.End; at++ {
			for _, b := range []byte{0, 1, 0x7f, 0xff} {
				damaged := slices.Clone(data)
				damaged[at] = b
				path := filepath.Join(dir, "f.wasm")
				if err := os.WriteFile(path, damaged, 0o666); err != nil {
					t.Fatal(err)
				}
				var out bytes.Buffer
				switch code := Main(t.Context(), []string{"addr2line", path, "1c", "1e", "22", "28"}, &cli.IO{Out: &out, Err: &out}); code {
				case cli.ExitOK:
				case cli.ExitInput:
					errors++
				default:
					t.Fatalf("%s, byte %#x = %#x: exit code %d\n%s", s.Name, at, b, code, &out)
				}
			}
		}
	}
	if errors == 0 {
		t.Error("nothing is wrong with any of the files")
	}
}

// TestLineTableClaims checks that lists of DWARF 5 that claim more entries than they have bytes are
// rejected before anything is allocated for them.
func TestLineTableClaims(t *testing.T) {
	const head = "\x05\x00" + "\x04\x00" + "\x00\x00\x00\x00" + "\x01\x01\x01\xfb\x0e" + "\x01"
	for lists, ok := range map[string]bool{
		"\x00\x00\x00\x00": true,
		"\x01\x01\x08\x01d\x00\x02\x01\x08\x02\x0b\x01f\x00\x00": true,
		"\x00\x01\x00\x00":                 false, // a directory without fields
		"\x00\x00\x00\xff\xff\xff\xff\x0f": false, // files without fields
		"\x01\x01\x08\x7fd\x00":            false, // fewer bytes than directories
		"\x01\x01\x1f\x01\x00":             false, // half an offset
		"\x01\x01\x55\x01\x00":             false, // a form that is not used here
		"\x01\x01\x08\x01d":                false, // an unterminated string
		"":                                 false,
	} {
		unit := head + lists
		lines := string(binary.LittleEndian.AppendUint32(nil, uint32(len(unit)))) + unit
		if err := checkLines([]byte(lines)); (err == nil) != ok {
			t.Errorf("%q: %v", lists, err)
		}
	}
}

// TestDwarfStays checks that debugging information in a text is kept, and that a part without
// functions gets none.
func TestDwarfStays(t *testing.T) {
	for text, want := range map[string]int{
		`(module (func) (@custom ".debug_info" "x"))`: 1,
		`(module (memory 1))`:                         0,
		`(component (core module (memory 1)) (core module (func)) (component (core module (func))))`: 6,
	} {
		f, err := wat.Assemble(diag.NewFile("f.wat", []byte(text)))
		if err != nil {
			t.Fatal(err)
		}
		data, err := addDwarf(f)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		stripped, err := edit.Customs(diag.NewBinary("f", data), func(_ int, c *encoding.Custom) *encoding.Custom {
			if !strings.HasPrefix(c.Name, ".debug_") {
				return c
			}
			n++
			if want == 1 {
				return c
			}
			return nil
		})
		if err != nil || n != want || !bytes.Equal(stripped, f.Data) {
			t.Errorf("%s: %d sections, want %d; %v; without them %x, want %x", text, n, want, err, stripped, f.Data)
		}
	}
}
