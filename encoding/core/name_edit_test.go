package core

import (
	"strings"
	"testing"
)

func TestMapFuncNames(t *testing.T) {
	upper := strings.ToUpper
	double := func(s string) string { return s + s }
	module, locals := "\x00\x02\x01m", "\x02\x06\x01\x00\x01\x00\x01x"
	for _, test := range []struct {
		name, payload string
		rename        func(string) string
		want          string
	}{
		{"nothing", "", upper, ""},
		{"no functions", module + locals, upper, module + locals},
		{"two", module + "\x01\x07\x02\x00\x01a\x05\x01b" + locals, upper, module + "\x01\x07\x02\x00\x01A\x05\x01B" + locals},
		{"longer", "\x01\x07\x02\x00\x01a\x05\x01b", double, "\x01\x09\x02\x00\x02aa\x05\x02bb"},
		{"unchanged keeps its bytes", "\x01\x85\x00\x01\x00\x81\x00A", upper, "\x01\x85\x00\x01\x00\x81\x00A"},
		{"cut off", "\x01\x07\x02\x00\x01a\x05", upper, "\x01\x07\x02\x00\x01a\x05"},
		{"fewer than counted", "\x01\x04\x02\x00\x01a", upper, "\x01\x04\x02\x00\x01a"},
		{"bytes left over", "\x01\x05\x01\x00\x01a\x00", upper, "\x01\x05\x01\x00\x01a\x00"},
		{"not UTF-8", "\x01\x07\x02\x00\x01a\x05\x01\xff", upper, "\x01\x07\x02\x00\x01a\x05\x01\xff"},
	} {
		if got := MapFuncNames([]byte(test.payload), test.rename); string(got) != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}
