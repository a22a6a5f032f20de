package canon

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
)

const end = 16 << 16 // of the memory

func TestLiftTraps(t *testing.T) {
	strings := &types.List{Elem: types.String}
	u64s := &types.List{Elem: types.U64}
	variant := &types.Variant{Cases: []types.Case{{Name: "a"}, {Name: "b", Type: types.Char}}}
	for _, r := range []struct {
		name  string
		enc   StringEncoding
		t     types.ValType
		stack []uint64
		mem   string // at 64
		want  string
	}{
		{"char beyond", UTF8, types.Char, []uint64{0x110000}, "", "invalid `char` bit pattern"},
		{"surrogate", UTF8, types.Char, []uint64{0xd800}, "", "invalid `char` bit pattern"},
		{"last surrogate", UTF8, types.Char, []uint64{0xdfff}, "", "invalid `char` bit pattern"},
		{"discriminant", UTF8, variant, []uint64{2, 0}, "", "invalid variant discriminant"},
		{"char in a variant", UTF8, variant, []uint64{1, 0xdabc}, "", "invalid `char` bit pattern"},
		{"enum", UTF8, &types.Enum{Names: []string{"a"}}, []uint64{1}, "", "invalid variant discriminant"},
		{"option", UTF8, &types.Option{Elem: types.U8}, []uint64{2, 0}, "", "invalid variant discriminant"},
		{"bad byte", UTF8, types.String, []uint64{64, 3}, "a\xffb", "invalid utf-8 encoding at index 1"},
		{"cut character", UTF8, types.String, []uint64{64, 3}, "a\xe2\x98", "incomplete utf-8 byte sequence from index 1"},
		{"surrogate in UTF-8", UTF8, types.String, []uint64{64, 3}, "\xed\xa0\x80", "invalid utf-8 encoding at index 0"},
		{"overlong", UTF8, types.String, []uint64{64, 2}, "\xc0\x80", "invalid utf-8 encoding at index 0"},
		{"string out of bounds", UTF8, types.String, []uint64{end - 1, 2}, "", "string content out-of-bounds: string pointer/length out of bounds of memory"},
		{"empty string out of bounds", UTF8, types.String, []uint64{end + 1, 0}, "", "string content out-of-bounds: string pointer/length out of bounds of memory"},
		{"string wraps around", UTF8, types.String, []uint64{math.MaxUint32, 2}, "", "string content out-of-bounds: string pointer/length out of bounds of memory"},
		{"string too long", UTF8, types.String, []uint64{0, abi.MaxStringByteLength + 1}, "", "string is too long: it takes 268435456 bytes, and 268435455 is the limit"},
		{"UTF-16 too long", UTF16, types.String, []uint64{0, 1 << 27}, "", "string is too long: it takes 268435456 bytes, and 268435455 is the limit"},
		{"odd UTF-16", UTF16, types.String, []uint64{65, 0}, "", "unaligned pointer"},
		{"odd Latin-1", Latin1UTF16, types.String, []uint64{65, 0}, "", "unaligned pointer"},
		{"lone high surrogate", UTF16, types.String, []uint64{64, 1}, "\x00\xd8", "invalid utf-16 encoding"},
		{"high and no low surrogate", UTF16, types.String, []uint64{64, 2}, "\x00\xd8a\x00", "invalid utf-16 encoding"},
		{"low surrogate first", UTF16, types.String, []uint64{64, 2}, "\x00\xdc\x00\xd8", "invalid utf-16 encoding"},
		{"tagged lone surrogate", Latin1UTF16, types.String, []uint64{64, utf16Tag | 1}, "\x00\xdc", "invalid utf-16 encoding"},
		{"tagged out of bounds", Latin1UTF16, types.String, []uint64{end - 2, utf16Tag | 2}, "", "string content out-of-bounds: string pointer/length out of bounds of memory"},
		{"list out of bounds", UTF8, u64s, []uint64{end - 8, 2}, "", "list content out-of-bounds"},
		{"empty list out of bounds", UTF8, u64s, []uint64{end + 8, 0}, "", "list content out-of-bounds"},
		{"list wraps around", UTF8, u64s, []uint64{math.MaxUint32 - 7, 1}, "", "list content out-of-bounds"},
		{"list unaligned", UTF8, u64s, []uint64{68, 0}, "", "unaligned pointer"},
		{"list too long", UTF8, u64s, []uint64{0, 1 << 25}, "", "list is too long: its elements take 268435456 bytes, and 268435455 is the limit"},
		{"length times size wraps", UTF8, u64s, []uint64{0, 1 << 29}, "", "list is too long: its elements take 4294967296 bytes, and 268435455 is the limit"},
		{"string in a list", UTF8, strings, []uint64{64, 1}, "\xff\xff\xff\xff\x01\x00\x00\x00", "string content out-of-bounds: string pointer/length out of bounds of memory"},
		{"discriminant in a list", UTF8, &types.List{Elem: variant}, []uint64{64, 1}, "\x02\x00\x00\x00\x00\x00\x00\x00", "invalid variant discriminant"},
		{"enum in a list", UTF8, &types.List{Elem: &types.Enum{Names: []string{"a", "b"}}}, []uint64{64, 3}, "\x00\x01\x02\x00\x00\x00\x00\x00", "invalid variant discriminant"},
		{"char in a list", UTF8, &types.List{Elem: types.Char}, []uint64{64, 2}, "a\x00\x00\x00\x00\xd8\x00\x00", "invalid `char` bit pattern"},
		{"map out of bounds", UTF8, &types.Map{Key: types.U8, Value: types.U64}, []uint64{end - 8, 1}, "", "list content out-of-bounds"},
		{"no handle", UTF8, &types.Own{Of: &types.Resource{}}, []uint64{0}, "", "unknown handle index 0"},
		{"no such handle", UTF8, &types.Borrow{Of: &types.Resource{}}, []uint64{5}, "", "unknown handle index 5"},
		{"stream", UTF8, &types.Stream{}, []uint64{0}, "",
			"values of this type cannot be passed yet: streams, futures and error contexts need asynchronous calls"},
	} {
		g := newGuest(t)
		g.mem.Write(64, []byte(r.mem))
		g.Store.Resources = []*ResourceType{{Name: "r"}}
		c := g.context(r.enc)
		c.View()
		ct := compiler().Type(r.t)
		if got := catch(func() { c.liftFlat(ct, r.stack) }); got != r.want {
			t.Errorf("%s: flat: trap %q, want %q", r.name, got, r.want)
		}
		// The same through memory.
		if len(r.stack) == 2 && ct.kind != kVariant && ct.kind != kOption {
			b, _ := g.mem.Read(512, 8)
			binary.LittleEndian.PutUint32(b, uint32(r.stack[0]))
			binary.LittleEndian.PutUint32(b[4:], uint32(r.stack[1]))
			if got := catch(func() { c.load(ct, 512) }); got != r.want {
				t.Errorf("%s: in memory: trap %q, want %q", r.name, got, r.want)
			}
		}
	}
}

// Pointers to parameters and results are checked.
func TestPointerTraps(t *testing.T) {
	big := &types.Tuple{Elems: []types.ValType{types.U64, types.String}}
	ft := &types.Func{Result: big}
	for range 17 {
		ft.Params = append(ft.Params, types.Param{Name: "p", Type: types.U64})
	}
	for _, r := range []struct {
		ptr  uint64
		want string
	}{{4, "unaligned pointer"}, {end - 8, "pointer out-of-bounds"}, {math.MaxUint32 - 7, "pointer out-of-bounds"}} {
		g := newGuest(t)
		c := g.context(UTF8)
		s := compiler().Sig(ft)
		v := value.Tuple([]value.Value{value.U64(1), value.String("")})
		for name, f := range map[string]func(){
			"lift parameters": func() { c.LiftParams(s, []uint64{r.ptr}, abi.MaxFlatParams) },
			"lift result":     func() { c.LiftResult(s, []uint64{r.ptr}) },
			"lower result":    func() { c.LowerResult(s, v, nil, uint32(r.ptr)) },
		} {
			if got := catch(f); got != r.want {
				t.Errorf("%s from %#x: trap %q, want %q", name, r.ptr, got, r.want)
			}
		}
	}
}

// The result of realloc is checked. Without realloc, an instance cannot receive values that need
// memory.
func TestReallocTraps(t *testing.T) {
	list := value.List([]value.Value{value.U64(1)})
	for _, r := range []struct {
		name   string
		t      types.ValType
		v      value.Value
		answer uint32
		want   string
	}{
		{"misaligned list", &types.List{Elem: types.U64}, list, 4, "unaligned pointer: realloc return: result not aligned"},
		{"list beyond", &types.List{Elem: types.U64}, list, end, "list content out-of-bounds: realloc return: beyond end of memory"},
		{"empty list beyond", &types.List{Elem: types.U8}, value.List(nil), end + 1, "list content out-of-bounds: realloc return: beyond end of memory"},
		{"list at the end", &types.List{Elem: types.U8}, value.List(nil), end, ""},
		{"string beyond", types.String, value.String("ab"), end - 1, "string content out-of-bounds: realloc return: beyond end of memory"},
		{"string at the end", types.String, value.String("ab"), end - 2, ""},
	} {
		g := newGuest(t)
		g.answer = func(uint32) uint32 { return r.answer }
		c := g.context(UTF8)
		c.View()
		var stack [2]uint64
		if got := catch(func() { c.lowerFlat(compiler().Type(r.t), r.v, stack[:]) }); got != r.want {
			t.Errorf("%s: trap %q, want %q", r.name, got, r.want)
		}
	}
	g := newGuest(t)
	c := g.context(UTF16)
	c.Opts.Realloc = nil
	c.View()
	if got := catch(func() { c.lowerFlat(compiler().Type(types.String), value.String(""), make([]uint64, 2)) }); got != "canonical option `realloc` is missing" {
		t.Errorf("no realloc: trap %q", got)
	}
}
