package canon

import (
	"fmt"
	"testing"

	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/model/value/valuetest"
)

var encodings = map[string]StringEncoding{"utf8": UTF8, "utf16": UTF16, "latin1+utf16": Latin1UTF16}

// For random values of random types, load returns what store wrote, and liftFlat what lowerFlat
// wrote.
func TestRoundTrips(t *testing.T) {
	for name, e := range encodings {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(60) {
				g := newGuest(t)
				gen := valuetest.New(seed, valuetest.Options{Depth: 4})
				for range 10 {
					g.fill()
					g.top = 4096
					roundTrip(t, g, e, gen.Type(), gen)
				}
			}
		})
	}
}

func roundTrip(t *testing.T, g *guest, e StringEncoding, vt types.ValType, gen *valuetest.Gen) {
	t.Helper()
	v := gen.Value(vt)
	ct := compiler().Type(vt)
	fail := func(way string, got any) {
		t.Fatalf("%s of %s: %s became %v", way, types.TypeString(vt), value.Append(nil, v, vt), got)
	}
	if message := catch(func() {
		c := g.context(e)
		c.View()
		c.store(ct, v, 1024)
		if got := c.load(ct, 1024); !value.Equal(got, v) {
			fail("store and load", string(value.Append(nil, got, vt)))
		}
		if ct.flat <= abi.MaxFlatParams {
			var stack [abi.MaxFlatParams]uint64
			for i := range stack {
				stack[i] = 0xdeadbeefdeadbeef
			}
			c.lowerFlat(ct, v, stack[:])
			if got := c.liftFlat(ct, stack[:]); !value.Equal(got, v) {
				fail("lowering and lifting", string(value.Append(nil, got, vt)))
			}
		}
	}); message != "" {
		fail("round trip", message)
	}
}

// Arguments are lowered into an instance's memory and lifted from there, as the core function would
// see them. Results go the other way.
func TestSignatures(t *testing.T) {
	spilled := 0
	for seed := range uint64(150) {
		gen := valuetest.New(seed, valuetest.Options{})
		ft := gen.Func(8)
		s := compiler().Sig(ft)
		g := newGuest(t)
		g.fill()
		g.top = 1 << 16 // the result goes below
		c := g.context(UTF8)
		args := gen.Args(ft)
		var stack [abi.MaxFlatParams + 1]uint64
		if message := catch(func() {
			c.LowerParams(s, args, stack[:])
			got, used := c.LiftParams(s, stack[:], abi.MaxFlatParams)
			if want := len(abi.FlattenFunc(ft, abi.Options{}, abi.Lift).Params); used != want {
				t.Errorf("%s: %d words used, want %d", types.TypeString(ft), used, want)
			}
			if s.ParamsInMemory(abi.MaxFlatParams) {
				spilled++
			}
			for i := range args {
				if !value.Equal(got[i], args[i]) {
					t.Errorf("%s: parameter %d was not the same", types.TypeString(ft), i)
				}
			}
			if ft.Result == nil {
				return
			}
			v := gen.Value(ft.Result)
			c.LowerResult(s, v, stack[:], 8)
			if s.ResultInMemory() {
				stack[0] = 8
			}
			if got := c.LiftResult(s, stack[:]); !value.Equal(got, v) {
				t.Errorf("%s: the result was not the same", types.TypeString(ft))
			}
		}); message != "" {
			t.Errorf("%s: %s", types.TypeString(ft), message)
		}
		if n := s.StackSize(); n < 1 || n > len(stack) {
			t.Errorf("%s: stack of %d words", types.TypeString(ft), n)
		}
	}
	if spilled < 20 {
		t.Errorf("only %d of the signatures pass parameters in memory", spilled)
	}
}

// TestLayout checks the bytes of values in memory, for types whose layout CanonicalABI.md specifies
// explicitly.
func TestLayout(t *testing.T) {
	str := value.String("ab")
	for _, r := range []struct {
		t    types.ValType
		v    value.Value
		want string
	}{
		{types.Bool, value.Bool(true), "01"},
		{types.S16, value.S16(-2), "fe ff"},
		{types.U32, value.U32(0x01020304), "04 03 02 01"},
		{types.Char, value.Char('☃'), "03 26 00 00"},
		{types.F32, value.F32(1), "00 00 80 3f"},
		{types.String, str, "10 00 00 00 02 00 00 00"},
		{&types.Record{Fields: []types.Field{{Name: "a", Type: types.U8}, {Name: "b", Type: types.U32}, {Name: "c", Type: types.U8}}},
			value.Record([]value.Value{value.U8(1), value.U32(2), value.U8(3)}), "01 __ __ __ 02 00 00 00 03 __ __ __"},
		{&types.Option{Elem: types.U16}, value.Some(value.U16(7)), "01 __ 07 00"},
		{&types.Option{Elem: types.U16}, value.None(), "00 __ __ __"},
		{&types.Result{OK: types.U64, Err: types.U8}, value.Err(value.U8(9)), "01 __ __ __ __ __ __ __ 09 __ __ __ __ __ __ __"},
		{&types.Flags{Names: make([]string, 9)}, value.Flags(0x103), "03 01"},
		{&types.Flags{Names: make([]string, 17)}, value.Flags(0x10001), "01 00 01 00"},
		{&types.Enum{Names: make([]string, 257)}, value.Enum(256), "00 01"},
		{&types.Tuple{Elems: []types.ValType{types.U8, types.U8}}, value.Tuple([]value.Value{value.U8(1), value.U8(2)}), "01 02"},
		{&types.FixedList{Elem: types.U16, Len: 2}, value.List([]value.Value{value.U16(1), value.U16(2)}), "01 00 02 00"},
	} {
		g := newGuest(t)
		b, _ := g.mem.Read(256, 32)
		for i := range b {
			b[i] = 0xee
		}
		ct := compiler().Type(r.t)
		if message := catch(func() { c := g.context(UTF8); c.View(); c.store(ct, r.v, 256) }); message != "" {
			t.Errorf("%s: %s", types.TypeString(r.t), message)
			continue
		}
		got := ""
		for i := range ct.size {
			if got != "" {
				got += " "
			}
			if x := b[i]; x == 0xee {
				got += "__"
			} else {
				got += fmt.Sprintf("%02x", x)
			}
		}
		if got != r.want {
			t.Errorf("%s:\n got %s\nwant %s", types.TypeString(r.t), got, r.want)
		}
	}
}

// Storing a string makes the same calls of realloc as store_string_into_range does for a UTF-8
// source.
func TestStringReallocs(t *testing.T) {
	for _, r := range []struct {
		encoding, s string
		calls       int
		units       uint32
	}{
		{"utf8", "", 1, 0}, {"utf8", "héllo", 1, 6},
		{"utf16", "", 1, 0}, {"utf16", "abc", 1, 3}, {"utf16", "é", 2, 1}, {"utf16", "🌊", 2, 2},
		{"latin1+utf16", "", 1, 0}, {"latin1+utf16", "abc", 1, 3}, {"latin1+utf16", "é", 2, 1},
		{"latin1+utf16", "☃", 3, 1 | utf16Tag}, {"latin1+utf16", "abé☃🌊", 3, 6 | utf16Tag},
	} {
		g := newGuest(t)
		c := g.context(encodings[r.encoding])
		c.View()
		ptr, n := c.storeString(r.s)
		if g.calls != r.calls || n != r.units {
			t.Errorf("%s %q: %d calls of realloc and %#x units, want %d and %#x", r.encoding, r.s, g.calls, n, r.calls, r.units)
		}
		if got := c.loadString(ptr, n); got != r.s {
			t.Errorf("%s %q came back as %q", r.encoding, r.s, got)
		}
	}
}
