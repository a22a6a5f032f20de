package encoding

import (
	"fmt"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
)

func TestCutOff(t *testing.T) {
	component, module := "\x00asm\x0d\x00\x01\x00", "\x00asm\x01\x00\x00\x00"
	for _, test := range []struct{ name, data, want string }{
		{"nothing", "", "none"},
		{"preamble", component, "none"},
		{"half a preamble", component[:5], "none"},
		{"whole", component + "\x00\x02\x01x", "none"},
		{"one byte less", component + "\x00\x02\x01", "custom section 0x8: 2 at 0xa"},
		{"no byte of it", component + "\x0b\x05", "export 0x8: 5 at 0xa"},
		{"after another", component + "\x00\x02\x01x" + "\x01\x80\x01\x00asm", "core module 0xc: 128 at 0xf"},
		{"of a core module", module + "\x0a\x7f\x01", "code 0x8: 127 at 0xa"},
		{"four gigabytes", module + "\x0a\xff\xff\xff\xff\x0f\x01", "code 0x8: 4294967295 at 0xe"},
		{"within the size", component + "\x00\x80", "none"},
		{"no such section", component + "\x7f\x20", "none"},
	} {
		got := "none"
		if s, promised, ok := CutOff(diag.NewFile("f", []byte(test.data))); ok {
			got = fmt.Sprintf("%s %#x: %d at %#x", s.Kind, s.Start, promised, s.Contents.Start)
			if s.End != len(test.data) || s.Contents.End != s.End {
				t.Errorf("%s: the section ends at %#x and %#x", test.name, s.End, s.Contents.End)
			}
		}
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}
