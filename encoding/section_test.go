package encoding

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
)

// nestedExample has a custom section at each level. The size of the nested module is one byte
// longer than needed.
var nestedExample = []string{
	"00 {04'top1' '1'}",
	"04 {00'asm'0d000100 00 {05'inner' 'xx'} 01 9000 00'asm'01000000 00 {04'name' ff} }",
	"07 {02 73 7f}",
	"00 {04'top2'}",
}

func TestSections(t *testing.T) {
	var lines []string
	f := diag.NewBinary("f", component(nestedExample...))
	var walk func(at Span, indent string)
	walk = func(at Span, indent string) {
		for s, err := range Sections(f, at) {
			if err != nil {
				t.Fatal(err)
			}
			lines = append(lines, fmt.Sprintf("%s%d %s %q %q: %d in %v, contents %v", indent, s.ID, s.Kind, s.Name, s.Payload, s.Count, s.Span, s.Contents))
			if s.IsNested() {
				walk(s.Contents, indent+"  ")
			}
		}
	}
	walk(Span{End: len(f.Data)}, "")
	want := []string{
		`0 custom section "top1" "1": 1 in {8 16}, contents {10 16}`,
		`4 component "" "": 1 in {16 55}, contents {18 55}`,
		`  0 custom section "inner" "xx": 1 in {26 36}, contents {28 36}`,
		`  1 core module "" "": 1 in {36 55}, contents {39 55}`,
		`    0 custom section "name" "\xff": 1 in {47 55}, contents {49 55}`,
		`7 type "" "": 2 in {55 60}, contents {57 60}`,
		`0 custom section "top2" "": 1 in {60 67}, contents {62 67}`,
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("sections (-want +got):\n%s", diff)
	}
}

func TestBadSections(t *testing.T) {
	for _, test := range []struct {
		data []byte
		want string
	}{
		{[]byte("\x00asm"), "f:0x4: unexpected end-of-file"},
		{bytesOf("00'asm'07000000"), "f:0x4: unknown binary version and layer: 0x07000000"},
		{component("0d 00"), "f:0x8: malformed section id: 0xd"},
		{component("00 {04'a'}"), "f:0xc: unexpected end-of-file"},
		{component("07 05 01"), "f:0xb: unexpected end-of-file"},
		{component("07 {ffffffff}"), "f:0xe: unexpected end-of-file"},
		{component("01 {00'asm'01000000 0e 00}"), "f:0x12: malformed section id: 0xe"},
		{component("01 {00'asm'}"), "f:0xe: unexpected end-of-file"},
	} {
		f := diag.NewBinary("f", test.data)
		err := lastError(f)
		var d *diag.Diagnostic
		if !errors.As(err, &d) || err.Error() != test.want {
			t.Errorf("%x\n got %v\nwant %s", test.data, err, test.want)
		}
	}
}

// lastError returns the error that Sections yields for f or, failing that, for a nested part of f.
func lastError(f *diag.File) error {
	var walk func(at Span) error
	walk = func(at Span) error {
		for s, err := range Sections(f, at) {
			if err == nil && s.IsNested() {
				err = walk(s.Contents)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	return walk(Span{End: len(f.Data)})
}

// The number of custom and empty sections in a file is limited, including those of nested
// components, because each costs more memory than its bytes.
func TestSectionsAreLimited(t *testing.T) {
	const empty = "\x00\x01\x00"
	file := func(n int) []byte { return append(component(), strings.Repeat(empty, n)...) }
	if _, err := decode(file(core.MaxEmptySections)); err != nil {
		t.Errorf("%d sections: %v", core.MaxEmptySections, err)
	}
	want := fmt.Sprintf("test.wasm:0x%x: the number of custom and empty sections exceeds the limit of %d", len(file(core.MaxEmptySections)), core.MaxEmptySections)
	if _, err := decode(file(core.MaxEmptySections + 1)); err == nil || err.Error() != want {
		t.Errorf("%d sections: got %v, want %s", core.MaxEmptySections+1, err, want)
	}
	f := diag.NewBinary("test.wasm", file(core.MaxEmptySections+1))
	var last error
	for _, err := range Sections(f, Span{End: len(f.Data)}) {
		last = err
	}
	if last == nil || last.Error() != want {
		t.Errorf("sections: got %v, want %s", last, want)
	}
	if _, err := decode(append(component(), strings.Repeat("\x07\x01\x00", core.MaxEmptySections+1)...)); err == nil {
		t.Error("empty sections of types: no error")
	}
	if _, err := decode(append(component(), strings.Repeat("\x07\x02\x01\x7f", core.MaxEmptySections+1)...)); err != nil {
		t.Errorf("sections of one type: %v", err)
	}
	// Two nested components each hold half of the allowed sections.
	inner := file(core.MaxEmptySections / 2)
	outer := component()
	for range 2 {
		outer = append(outer, byte(secComponent))
		outer = binary.AppendUvarint(outer, uint64(len(inner)))
		outer = append(outer, inner...)
	}
	if _, err := decode(outer); err != nil {
		t.Errorf("nested components: %v", err)
	}
	if _, err := decode(append(outer, empty...)); err == nil {
		t.Error("nested components and a section more: no error")
	}
}
