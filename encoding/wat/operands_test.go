package wat

import (
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
)

// TestOperandStacks checks that very deep stacks are cut, that unreachable code has unknown types,
// and that no stacks are printed from the first invalid instruction on.
func TestOperandStacks(t *testing.T) {
	for _, test := range []struct {
		body string
		want []string // lines that hold stacks
	}{
		{"", nil},
		{"(drop (i32.const 1))", []string{"[i32]", "[]"}},
		{"unreachable i32.add drop", []string{"[]", "[i32]", "[]"}},
		{"unreachable select i64.const 1 drop drop", []string{"[]", "[?]", "[? i64]", "[?]", "[]"}},
		{"i32.const 1 i64.const 2 i32.add drop", []string{"[i32]", "[i32 i64]"}},
		{strings.Repeat("i32.const 0 ", 32) + strings.Repeat("drop ", 32), nil},
		{strings.Repeat("i32.const 0 ", 33) + strings.Repeat("drop ", 33), []string{"[... 1 more ... i32" + strings.Repeat(" i32", 31) + "]"}},
		{"(block (result i32) (i32.const 1) (br 0)) drop", []string{"[]", "[i32]", "[]", "[i32]", "[]"}},
	} {
		u, err := Parse(diag.NewFile("f.wat", []byte("(module (func "+test.body+"))")))
		if err != nil {
			t.Fatal(err)
		}
		text, err := PrintBinary(nil, diag.NewBinary("f", u.Append(nil)), PrintOptions{Operands: true})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for line := range strings.Lines(string(text)) {
			if _, stack, ok := strings.Cut(strings.TrimSpace(line), ";; ["); ok {
				got = append(got, "["+stack)
			}
		}
		if strings.HasPrefix(test.body, "i32.const 0 ") {
			got = nil
			if i := strings.Index(string(text), "[... "); i >= 0 {
				line, _, _ := strings.Cut(string(text[i:]), "\n")
				got = append(got, line)
			}
		}
		if strings.Join(got, "\n") != strings.Join(test.want, "\n") {
			t.Errorf("%s\n got %q\nwant %q", test.body, got, test.want)
		}
	}
}
