package edit

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/internal/hextext"
)

// nestedExample has a custom section at each level. The size of the nested module is one byte
// longer than needed.
var nestedExample = []string{
	"00 {04'top1' '1'}",
	"04 {00'asm'0d000100 00 {05'inner' 'xx'} 01 9000 00'asm'01000000 00 {04'name' ff} }",
	"07 {02 73 7f}",
	"00 {04'top2'}",
}

// A section that cannot be read is an error, also inside a nested component.
func TestBadSections(t *testing.T) {
	for _, test := range []struct {
		data []byte
		want string
	}{
		{[]byte("\x00asm"), "f:0x4: unexpected end-of-file"},
		{hextext.Component("0d 00"), "f:0x8: malformed section id: 0xd"},
		{hextext.Component("00 {04'a'}"), "f:0xc: unexpected end-of-file"},
		{hextext.Component("01 {00'asm'01000000 0e 00}"), "f:0x12: malformed section id: 0xe"},
		{hextext.Component("01 {00'asm'}"), "f:0xe: unexpected end-of-file"},
	} {
		data, err := Customs(diag.NewBinary("f", test.data), keep)
		var d *diag.Diagnostic
		if data != nil || !errors.As(err, &d) || err.Error() != test.want {
			t.Errorf("%x\n got %v\nwant %s", test.data, err, test.want)
		}
	}
}

func keep(_ int, c *encoding.Custom) *encoding.Custom { return c }

func TestCustoms(t *testing.T) {
	only := func(name string, to *encoding.Custom) func(int, *encoding.Custom) *encoding.Custom {
		return func(_ int, c *encoding.Custom) *encoding.Custom {
			if c.Name == name {
				return to
			}
			return c
		}
	}
	with := func(i int, text string) []byte {
		sections := append([]string(nil), nestedExample...)
		sections[i] = text
		return hextext.Component(sections...)
	}
	for _, test := range []struct {
		name string
		edit func(int, *encoding.Custom) *encoding.Custom
		add  []*encoding.Custom
		want []byte
	}{
		{"nothing", keep, nil, hextext.Component(nestedExample...)},
		{"remove", only("top1", nil), nil, hextext.Component(nestedExample[1:]...)},
		{"replace", only("top2", &encoding.Custom{Name: "other", Data: []byte("data")}), nil, with(3, "00 {05'other' 'data'}")},
		{"add", keep, []*encoding.Custom{{Name: "new", Data: []byte{1}}}, hextext.Component(append(nestedExample[:4:4], "00 {03'new' 01}")...)},
		{"nested", only("inner", nil), nil, with(1, "04 {00'asm'0d000100 01 9000 00'asm'01000000 00 {04'name' ff} }")},
		{"nested module", only("name", nil), nil, with(1, "04 {00'asm'0d000100 00 {05'inner' 'xx'} 01 {00'asm'01000000} }")},
		{"top only", func(depth int, c *encoding.Custom) *encoding.Custom {
			if depth == 0 {
				return nil
			}
			return c
		}, nil, hextext.Component(nestedExample[1:3]...)},
		{"grown", only("inner", &encoding.Custom{Name: "x", Data: make([]byte, 200)}), nil,
			with(1, "04 {00'asm'0d000100 00 {01'x'"+fmt.Sprintf("%0400d", 0)+"} 01 9000 00'asm'01000000 00 {04'name' ff} }")},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := Customs(diag.NewBinary("f", hextext.Component(nestedExample...)), test.edit, test.add...)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != string(test.want) {
				t.Errorf("\n got %x\nwant %x", got, test.want)
			}
		})
	}
}

func TestSetName(t *testing.T) {
	for _, test := range []struct{ payload, name, want string }{
		{"", "new", "00 {03'new'}"},
		{"00 {03'old'} 01 {01 00 01'f'}", "new", "00 {03'new'} 01 {01 00 01'f'}"},
		{"00 {03'old'} 01 {01 00 01'f'}", "", "01 {01 00 01'f'}"},
		{"01 8100 00", "new", "00 {03'new'} 01 8100 00"},
		{"00 {03'old'}", "", ""},
		{"01 05 00", "new", "00 {03'new'} 01 05 00"}, // cut off
	} {
		got := SetName(hextext.Bytes(test.payload), test.name)
		if want := hextext.Bytes(test.want); string(got) != string(want) {
			t.Errorf("SetName(%s, %q)\n got %x\nwant %x", test.payload, test.name, got, want)
		}
	}
}

// FuzzCustoms checks that an edit without changes preserves the bytes, and that a component can
// still be read without its custom sections.
func FuzzCustoms(f *testing.F) {
	f.Add(hextext.Component(nestedExample...))
	f.Add(hextext.Component(nestedComponents(encoding.MaxNesting)))
	files, err := filepath.Glob("../../*/testdata/*.wasm")
	if err != nil || len(files) == 0 {
		f.Fatalf("no components to start from: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := decode(data); err != nil {
			return
		}
		file := diag.NewBinary("f", data)
		if same, err := Customs(file, keep); err == nil && string(same) != string(data) {
			t.Errorf("editing nothing changes\n%x\nto\n%x", data, same)
		}
		bare, err := Customs(file, func(int, *encoding.Custom) *encoding.Custom { return nil })
		if err != nil {
			return
		}
		if c, err := decode(bare); err != nil {
			t.Errorf("without its custom sections: %v", err)
		} else if string(c.Append(nil)) != string(bare) {
			t.Error("without its custom sections a component is written otherwise than it is read")
		}
	})
}

func decode(data []byte) (*encoding.Component, error) {
	return encoding.Decode(diag.NewBinary("f", data))
}

// nestedComponents returns n components nested in each other.
func nestedComponents(n int) string {
	return strings.Repeat("04 { 00 'asm' 0d 00 01 00 ", n) + strings.Repeat("} ", n)
}

// Custom sections can be edited as deep as components can be decoded.
func TestNesting(t *testing.T) {
	for n, want := range map[int]bool{encoding.MaxNesting: true, encoding.MaxNesting + 1: false} {
		data := hextext.Component(nestedComponents(n))
		got, err := Customs(diag.NewBinary("f", data), keep)
		var d *diag.Diagnostic
		switch {
		case want && (err != nil || string(got) != string(data)):
			t.Errorf("%d levels: %v", n, err)
		case !want && (!errors.As(err, &d) || d.Code != encoding.CodeNesting):
			t.Errorf("%d levels: error %v", n, err)
		}
		if _, err := decode(data); (err == nil) != want {
			t.Errorf("%d levels are decoded otherwise: %v", n, err)
		}
	}
}
