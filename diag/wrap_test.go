package diag

import (
	"strings"
	"testing"
	"unicode"
)

// TestColumns checks both ends of each range of wide characters, and their neighbours.
func TestColumns(t *testing.T) {
	check := func(r rune, want int) {
		t.Helper()
		if got := Columns(string(r)); got != want {
			t.Errorf("U+%04X takes %d columns, want %d", r, got, want)
		}
	}
	for _, r := range []struct{ lo, hi rune }{
		{0x1100, 0x115f}, {0x231a, 0x231b}, {0x23e9, 0x23ec}, {0x25fd, 0x25fe}, {0x2614, 0x2615}, {0x2648, 0x2653},
		{0x26a1, 0x26a1}, {0x26bd, 0x26be}, {0x26d4, 0x26d4}, {0x2705, 0x2705}, {0x2728, 0x2728}, {0x274c, 0x274c},
		{0x2753, 0x2755}, {0x2795, 0x2797}, {0x2b1b, 0x2b1c}, {0x2b50, 0x2b50}, {0x1f18e, 0x1f18e}, {0x1f191, 0x1f19a},
		{0x1f004, 0x1f004}, {0x1f0cf, 0x1f0cf}, {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f7e0, 0x1f7eb}, {0x1f900, 0x1f9ff},
		{0xff01, 0xff60}, {0xffe0, 0xffe6},
	} {
		for r, want := range map[rune]int{r.lo - 1: 1, r.lo: 2, r.hi: 2} {
			if unicode.IsPrint(r) { // unassigned characters are escaped
				check(r, want)
			}
		}
	}
	for _, r := range []rune{0x1160, 0x231c, 0x23ed, 0x25ff, 0x2616, 0x2654, 0x26a2, 0x26bf, 0x26d5, 0x2706, 0x2756, 0x2798, 0x2b1d, 0x2b51, 0xff61} {
		check(r, 1)
	}
	// The inside of blocks, odd and even.
	for _, r := range []rune{0x2e80, 0x2e81, 0x303e, 0x3041, 0x4e00, 0x4e01, 0xa4c6, 0xac00, 0xac01, 0xd7a3, 0xf900, 0xf901, 0x17000, 0x17001, 0x20000, 0x20001, 0x20002, 0x30000, 0x30001} {
		check(r, 2)
	}
	for text, want := range map[string]int{"": 0, "abc": 3, "e\u0301": 1, "名前": 4, "\x1b": 4, "\xff": 4, "a\tb": 6, "é": 1, "\u200d": 0, "\u202e": 8} {
		if got := Columns(text); got != want {
			t.Errorf("%q takes %d columns, want %d", text, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, test := range []struct {
		text  string
		width int
		want  string
	}{
		{"abcdef", 6, "abcdef"},
		{"abcdef", 5, "abcd…"},
		{"abcdef", 1, "…"},
		{"abcdef", 0, "…"},
		{"", 0, ""},
		{"名前名前", 8, "名前名前"},
		{"名前名前", 7, "名前名…"},
		{"名前名前", 6, "名前…"},
		{"e\u0301e\u0301e\u0301", 2, "e\u0301…"},
	} {
		if got := Cut(test.text, test.width); got != test.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", test.text, test.width, got, test.want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		text                string
		used, indent, width int
		want                string
	}{
		{"one two three", 0, 0, 13, "one two three"},
		{"one two three", 0, 0, 12, "one two\nthree"},
		{"one two three", 1, 2, 13, "one two\n  three"},
		{"one two three", 0, 2, 7, "one two\n  three"},
		{"one two three", 0, 2, 6, "one\n  two\n  three"},
		{"unbreakable two", 0, 2, 6, "unbreakable\n  two"},
		{"unbreakable two", 4, 2, 6, "\n  unbreakable\n  two"},
		{"one two", 4, 2, 6, "\n  one\n  two"},
		{"one two three", 0, 0, 0, "one two three"},
		{"one two\nthree four", 0, 1, 8, "one two\n three\n four"},
		{"list:\n  a line of code that is long", 0, 1, 10, "list:\n   a line of code that is long"},
		{"two  blanks", 0, 0, 7, "two \nblanks"},
		{"名前 名前", 0, 0, 8, "名前\n名前"},
		{"", 3, 3, 10, ""},
	} {
		if got := Wrap(test.text, test.used, test.indent, test.width); got != test.want {
			t.Errorf("Wrap(%q, %d, %d, %d)\n got %q\nwant %q", test.text, test.used, test.indent, test.width, got, test.want)
		}
	}
	if long := strings.Repeat("word ", 100000); len(Wrap(long, 0, 0, 80)) != len(long) {
		t.Error("a long text changes its length")
	}
}
