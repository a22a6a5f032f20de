package wat

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
)

// These are boundary cases: the largest and smallest values, the values just beyond them, and texts
// that end in the middle of a token. The result is the payload of a custom section or an error.
func TestTokenBoundaries(t *testing.T) {
	str := func(s string) string { return `(module (@custom "" "` + s + `"))` }
	num := func(s string) string { return "(module (func " + s + "))" }
	for _, test := range []struct{ text, want string }{
		// Escapes of characters.
		{str(`\u{d7ff}`), "ed9fbf"},
		{str(`\u{d800}`), "1:22: invalid unicode scalar value 0xd800"},
		{str(`\u{dfff}`), "1:22: invalid unicode scalar value 0xdfff"},
		{str(`\u{e000}`), "ee8080"},
		{str(`\u{10ffff}`), "f48fbfbf"},
		{str(`\u{110000}`), "1:22: invalid unicode scalar value 0x110000"},
		{str(`\u{ffffffff}`), "1:22: invalid unicode scalar value 0xffffffff"},
		{str(`\u{100000000}`), "1:22: number is too big to parse"},
		{str(`\u{1_0}`), "10"},
		{str(`\u{_1}`), "1:22: invalid hex digit '_'"},
		{str(`\u{1_}`), "1:22: bare underscore in numeric literal"},
		{str(`\u{ }`), "1:22: invalid hex digit ' '"},
		{str(`\aa\af\AA\AF\00\99`), "aaafaaaf0099"},
		{str(`\ag`), "1:22: invalid hex digit 'g'"},
		{str(`\ `), "1:22: invalid string escape ' '"},
		{str(" ~"), "207e"},
		{str("\x1f"), `1:22: invalid character in string '\u{1f}'`},
		{str("\x7f"), `1:22: invalid character in string '\u{7f}'`},

		// Texts that end too early.
		{`"\`, "1:2: unexpected end-of-file"},
		{`"\a`, "1:2: unexpected end-of-file"},
		{`"\u`, "1:2: unexpected end-of-file"},
		{`"\u{`, "1:2: unexpected end-of-file"},
		{`"\u{1`, "1:2: unexpected end-of-file"},
		{`"`, "1:1: unexpected end-of-file: unclosed string"},
		{`$"a`, "1:2: unexpected end-of-file: unclosed string"},
		{"(;", "1:1: unterminated block comment"},
		{"(; ;", "1:1: unterminated block comment"},
		{"(; (; ;)", "1:1: unterminated block comment"},
		{"(;;)", "1:5: expected at least one module field"},
		{"(module (@x", "1:9: unclosed annotation"},
		{"(module (func nop", "1:18: expected `)`, found the end of the text"},
		{"(module (func i32.const 1", "1:26: expected `)`, found the end of the text"},

		// Characters that are not part of the grammar.
		{"(module ; )", "1:9: expected `(`, found `;`"},
		{"(module zoo)", "1:9: expected `(`, found `zoo`"},
		{"(module ;;\u202a\n)", `1:11: likely-confusing unicode character found '\u{202a}'`},
		{"(module (;\u2069;))", `1:11: likely-confusing unicode character found '\u{2069}'`},
		{"(module (;\u2069", "1:9: unterminated block comment"},

		// Numbers.
		{num("i32.const 4294967295"), ""},
		{num("i32.const 4294967296"), "1:25: invalid i32 number: constant out of range"},
		{num("i32.const -2147483648"), ""},
		{num("i32.const -2147483649"), "1:25: invalid i32 number: constant out of range"},
		{num("i64.const 18446744073709551615"), ""},
		{num("i64.const 18446744073709551616"), "1:25: invalid i64 number: constant out of range"},
		{num("i64.const -9223372036854775808"), ""},
		{num("i64.const -9223372036854775809"), "1:25: invalid i64 number: constant out of range"},
		{num("local.get 4294967295"), ""},
		{num("local.get 4294967296"), "1:25: invalid u32 number: constant out of range"},
		{num("f32.const nan:0x1"), ""},
		{num("f32.const nan:0x7fffff"), ""},
		{num("f32.const nan:0x800000"), "1:25: constant out of range: the payload of a NaN ranges from 0x1 to 0x7fffff"},
		{num("f64.const nan:0x0"), "1:25: constant out of range: the payload of a NaN ranges from 0x1 to 0xfffffffffffff"},
		{num("f64.const nan:0xfffffffffffff"), ""},
		{num("f64.const nan:0x10000000000000"), "1:25: constant out of range: the payload of a NaN ranges from 0x1 to 0xfffffffffffff"},
		{num("f32.const nan:0x"), "1:25: expected a float, found `nan:0x`"},
		{num("f32.const 3.4028234e38"), ""},
		{num("f32.const 3.4028236e38"), "1:25: constant out of range: the number exceeds the largest float of this width"},
		{num("f32.const 1.5_5"), ""},
		{num("f32.const 1.5_"), "1:25: expected a float, found `1.5_`"},
		{num("f32.const 1e"), "1:25: expected a float, found `1e`"},
		{num("f32.const 1e1_"), "1:25: expected a float, found `1e1_`"},
		{num("f32.const 1.e1"), ""},
	} {
		got := ""
		u, err := parse(test.text)
		switch {
		case err != nil:
			got = err.Error()[len("test.wat:"):]
		case test.text[:min(len(test.text), 17)] == "(module (@custom ":
			got = fmt.Sprintf("%x", u.Append(nil)[8+3:])
		}
		if got != test.want {
			t.Errorf("%q: got %s, want %s", test.text, got, test.want)
		}
	}
}

// The lexer stops early in a text that cannot be parsed any further, and the nesting of parentheses
// is limited, so that the cost of a text is bounded.
func TestTokensAreLimited(t *testing.T) {
	lexed := func(src string) *lexer {
		l := &lexer{file: diag.NewFile("test.wat", []byte(src)), src: src}
		l.lex()
		return l
	}
	const n = 1000
	for src, want := range map[string]int{
		strings.Repeat(")", n):                       2, // it and the end
		"(module)" + strings.Repeat(")", n):          5,
		"(module)" + strings.Repeat("x ", n):         5,
		"(module)" + strings.Repeat("(x)", n):        4 + 3*n,
		"(module " + strings.Repeat("x ", n) + ")":   4 + n,
		"(module)" + strings.Repeat("\"\" ", n):      5,
		"(@name \"x\")" + strings.Repeat(") (x)", n): 6,
	} {
		if got := len(lexed(src).toks); got != want {
			t.Errorf("%.20s…: %d tokens, want %d", src, got, want)
		}
	}
	if l := lexed(strings.Repeat("(", maxDepth) + strings.Repeat(")", maxDepth)); l.err != nil {
		t.Errorf("%d parentheses: %v", maxDepth, l.err)
	}
	if l := lexed(strings.Repeat("(", maxDepth+n)); l.err == nil || l.err.Code != CodeNestingTooDeep || len(l.toks) != maxDepth+2 {
		t.Errorf("%d parentheses: %d tokens, %v", maxDepth+n, len(l.toks), l.err)
	}
}

// The first and last elements of enumerations and lists: each clause of try_table, subsections in
// any order, and empty lists.
func TestFirstAndLast(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{`(module (tag) (func (try_table (catch 0 0) (catch_ref 0 0) (catch_all 0) (catch_all_ref 0))))`,
			"1f4004" + "000000" + "010000" + "0200" + "0300" + "0b0b"},
		{`(module (@dylink.0 (export-info "a" tls) (export-info "b" tls) (mem-info)))`,
			"0864796c696e6b2e30" + "030902" + "01618002" + "01628002" + "010400000000"},
		{`(module (@dylink.0 (import-info "m" "a" absolute)))`, "0864796c696e6b2e30" + "040701" + "016d" + "0161" + "8004"},
		{`(module (@producers))`, "000b" + "0970726f647563657273" + "00"},
		{`(module (@producers (sdk "a" "b")))`, "0970726f647563657273" + "01" + "0373646b" + "01" + "0161" + "0162"},
	} {
		u, err := parse(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if got := fmt.Sprintf("%x", u.Append(nil)); !strings.Contains(got, test.want) {
			t.Errorf("%s: got %s, want %s in it", test.text, got, test.want)
		}
	}
}
