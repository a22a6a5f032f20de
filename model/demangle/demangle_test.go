package demangle

import (
	"strings"
	"testing"
)

func TestName(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		// Rust, legacy: the hash is left out.
		{"_ZN5hello4main17h0123456789abcdefE", "hello::main"},
		{"_ZN4core3ptr13drop_in_place17h0123456789abcdefE.llvm.123", "core::ptr::drop_in_place"},
		{"_ZN48_$LT$app..Wish$u20$as$u20$core..clone..Clone$GT$5clone17h0123456789abcdefE", "<app::Wish as core::clone::Clone>::clone"},
		// Rust, v0.
		{"_RNvCs1234_5hello4main", "hello::main"},
		{"_RNvMCs1234_5helloNtB2_4Wish5greet", "<hello::Wish>::greet"},
		{"_RINvCs1234_5hello3maxmE", "hello::max::<u32>"},
		// C++.
		{"_Z4drawRK5shape", "draw(shape const&)"},
		{"_ZN3app4Wish5greetEi", "app::Wish::greet(int)"},
		{"_ZNSt6vectorIiSaIiEE9push_backEOi", "std::vector<int, std::allocator<int> >::push_back(int&&)"},
	} {
		if got, ok := Name(test.in); got != test.want || !ok {
			t.Errorf("%s: %q, %v, want %q", test.in, got, ok, test.want)
		}
	}
}

// Names that are not mangled, or are mangled badly, stay as they are.
func TestNameKeeps(t *testing.T) {
	// Each level doubles the name that the previous level stands for.
	var doubling strings.Builder
	doubling.WriteString("_Z1fI1aE")
	for range 60 {
		doubling.WriteString("SaI")
	}
	for _, in := range []string{
		"", "main", "main.(*T).Method", "__wasm_call_ctors", "_start", "_", "_Z", "_R", "_ZN", "_RNv", "_ZN5hello4main17h0123456789abcdef",
		"_Z99999999999999999999f", "_ZN1aE" + strings.Repeat("E", 40), doubling.String(),
		"_Z" + strings.Repeat("P", 20_000) + "i",
	} {
		if got, ok := Name(in); got != in || ok {
			t.Errorf("%.60s: %.60q, %v", in, got, ok)
		}
	}
}

// TestNameLimit uses back references to double a name until it is far longer than anybody reads.
func TestNameLimit(t *testing.T) {
	in := "_Z1f1aSt4pairIS_S_E"
	for _, n := range "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" {
		in += "St4pairIS" + string(n) + "_S" + string(n) + "_E"
	}
	if got, _ := Name(in); len(got) > 1<<maxPower {
		t.Errorf("%d bytes of input gave %d", len(in), len(got))
	}
}

func FuzzName(f *testing.F) {
	for _, s := range []string{"_ZN5hello4main17h0123456789abcdefE", "_RINvCs1234_5hello3maxmE", "_Z4drawRK5shape"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, ok := Name(s); !ok && got != s || len(got) > 1<<maxPower && ok {
			t.Errorf("%q: %q, %v", s, got, ok)
		}
	})
}
