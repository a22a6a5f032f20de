package value

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/model/types"
)

func TestAccessors(t *testing.T) {
	if !Bool(true).Bool() || S8(-1).S8() != -1 || U8(255).U8() != 255 || S16(-2).S16() != -2 || U16(3).U16() != 3 ||
		S32(-4).S32() != -4 || U32(5).U32() != 5 || S64(-6).S64() != -6 || U64(math.MaxUint64).U64() != math.MaxUint64 ||
		F32(1.5).F32() != 1.5 || F64(-2.5).F64() != -2.5 || Char('☃').Char() != '☃' || String("s").Str() != "s" {
		t.Error("a scalar differs from its source")
	}
	if S16(-7).Int() != -7 || U16(7).Uint() != 7 || S8(-1).Bits() != math.MaxUint64 || Enum(3).Bits() != 3 {
		t.Error("Int, Uint or Bits")
	}
	l := List([]Value{U8(1), U8(2)})
	if l.Len() != 2 || l.Index(1).U8() != 2 || string(l.Bytes()) != "\x01\x02" {
		t.Error("list")
	}
	p := Packed([]float32{1, 2})
	if p.Len() != 2 || p.Index(1).F32() != 2 || len(slices.Collect(p.Elems())) != 2 {
		t.Error("packed list")
	}
	if s, ok := PackedOf[float32](p); !ok || s[0] != 1 {
		t.Error("PackedOf")
	}
	if _, ok := PackedOf[uint8](l); ok {
		t.Error("PackedOf a list that is not packed")
	}
	v := Variant(2, U8(1))
	if v.Case() != 2 || v.Payload().U8() != 1 || !Variant(0, Value{}).Payload().IsZero() {
		t.Error("variant")
	}
	if Some(U8(1)).Payload().U8() != 1 || None().IsSome() || !OK(Value{}).IsOK() || Err(U8(1)).IsOK() {
		t.Error("option or result")
	}
	if Own("h").Handle() != "h" || Flags(5).Flags() != 5 || Map([]Entry{{U8(1), U8(2)}}).Entries()[0].Value.U8() != 2 {
		t.Error("handle, flags or map")
	}
}

// ticket is an element of a list of handles.
type ticket string

func (t ticket) Handle() any { return string(t) }

// A packed list equals the list of its elements, for every element type.
func TestPackedLists(t *testing.T) {
	for _, tt := range []struct {
		packed Value
		elem   types.ValType
		list   []Value
	}{
		{Packed([]bool{true, false}), types.Bool, []Value{Bool(true), Bool(false)}},
		{Packed([]int16{-1, 2}), types.S16, []Value{S16(-1), S16(2)}},
		{Packed([]uint64{math.MaxUint64}), types.U64, []Value{U64(math.MaxUint64)}},
		{PackedChars([]rune{'a', '☃'}), types.Char, []Value{Char('a'), Char('☃')}},
		{PackedEnums([]uint8{0, 2}), &types.Enum{Names: []string{"a", "b", "c"}}, []Value{Enum(0), Enum(2)}},
		{PackedEnums([]uint16{1}), &types.Enum{Names: []string{"a", "b"}}, []Value{Enum(1)}},
		{PackedFlags([]uint32{5}), &types.Flags{Names: []string{"a", "b", "c"}}, []Value{Flags(5)}},
		{Packed([]bool{}), types.Bool, nil},
		{PackedOwns([]ticket{"a", "b"}), &types.Own{Of: &types.Resource{}}, []Value{Own("a"), Own("b")}},
		{PackedBorrows([]ticket{"a"}), &types.Borrow{Of: &types.Resource{}}, []Value{Borrow("a")}},
		{PackedOwns([]ticket{"a"}), &types.Borrow{Of: &types.Resource{}}, []Value{Own("a")}},
	} {
		l := List(tt.list)
		if !Equal(tt.packed, l) || !Equal(l, tt.packed) || tt.packed.String() != l.String() {
			t.Errorf("%s is not %s", tt.packed, l)
		}
		if got := slices.Collect(tt.packed.Elems()); len(got) != len(tt.list) {
			t.Errorf("%s has %d elements", tt.packed, len(got))
		}
		if err := Check(tt.packed, &types.List{Elem: tt.elem}); err != nil {
			t.Errorf("%s: %v", tt.packed, err)
		}
	}
	for _, tt := range []struct {
		packed Value
		elem   types.ValType
		want   string
	}{
		{Packed([]bool{true}), types.U8, "element 0: want u8, have bool"},
		{PackedChars([]rune{'a', 0xd800}), types.Char, "element 1: 0xd800 is not a Unicode scalar value"},
		{PackedEnums([]uint8{1, 2}), &types.Enum{Names: []string{"a", "b"}}, "element 1: want one of 2 cases, have case 2"},
		{PackedFlags([]uint8{4}), &types.Flags{Names: []string{"a", "b"}}, "element 0: want 2 flags, have flag 2"},
	} {
		if err := Check(tt.packed, &types.List{Elem: tt.elem}); err == nil || err.Error() != tt.want {
			t.Errorf("%s: got %v, want %s", tt.packed, err, tt.want)
		}
	}
}

func TestWrongAccessorPanics(t *testing.T) {
	for name, f := range map[string]func(){
		"bool as u8":     func() { Bool(true).U8() },
		"u8 as int":      func() { U8(1).Int() },
		"string as list": func() { String("").Len() },
		"payload of u8":  func() { U8(1).Payload() },
		"none":           func() { _ = Value{}.Bits() },
	} {
		func() {
			defer func() {
				if r, _ := recover().(string); !strings.HasPrefix(r, "value: ") {
					t.Errorf("%s: got %v", name, r)
				}
			}()
			f()
		}()
	}
}

func TestScalarsDoNotAllocate(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() {
		_ = U64(5).U64() + uint64(S8(-1).S8()) + uint64(F64(1).F64()) + uint64(Enum(3).Case())
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestCheck(t *testing.T) {
	person := &types.Named{Name: "person", Of: &types.Record{Fields: []types.Field{
		{Name: "name", Type: types.String}, {Name: "age", Type: types.U32},
	}}}
	shape := &types.Variant{Cases: []types.Case{{Name: "dot"}, {Name: "circle", Type: types.F64}}}
	flags := &types.Flags{Names: []string{"r", "w"}}
	thing := &types.Resource{Name: "thing"}
	list := func(t types.ValType) types.ValType { return &types.List{Elem: t} }
	for _, tt := range []struct {
		v    Value
		t    types.ValType
		want string
	}{
		{U8(1), types.U8, ""},
		{U8(1), types.U16, "want u16, have u8"},
		{Value{}, types.U8, "want u8, have no value"},
		{Char(0xd800), types.Char, "0xd800 is not a Unicode scalar value"},
		{Char(-1), types.Char, "0xffffffff is not a Unicode scalar value"},
		{String("\xff"), types.String, "the string is not UTF-8"},
		{Bytes([]byte{1}), list(types.U8), ""},
		{Bytes([]byte{1}), list(types.S8), "element 0: want s8, have u8"},
		{Bytes(nil), list(types.String), ""},
		{Bytes([]byte{1}), &types.FixedList{Elem: types.U8, Len: 2}, "want 2 elements, have 1"},
		{List([]Value{Record([]Value{String("a"), String("b")})}), list(person), "field `age` of element 0: want u32, have string"},
		{Record([]Value{String("a")}), person, "want 2 fields, have 1"},
		{String("a"), person, "want person, have string"},
		{Tuple([]Value{U8(1), U8(2)}), &types.Tuple{Elems: []types.ValType{types.U8}}, "want 1 element, have 2"},
		{Own("x"), &types.Own{Of: thing}, ""},
		{Own("x"), &types.Borrow{Of: thing}, ""},
		{Borrow("x"), &types.Borrow{Of: thing}, ""},
		{Borrow("x"), &types.Own{Of: thing}, "want thing, have borrow"},
		{U8(1), &types.Borrow{Of: thing}, "want borrow<thing>, have u8"},
		{List([]Value{Own("x")}), list(&types.Borrow{Of: thing}), ""},
		{Tuple([]Value{U16(1)}), &types.Tuple{Elems: []types.ValType{types.U8}}, "element 0: want u8, have u16"},
		{Variant(1, F64(1)), shape, ""},
		{Variant(0, F64(1)), shape, "case `dot` has no payload, have f64"},
		{Variant(1, Value{}), shape, "case `circle` wants a payload of type f64"},
		{Variant(1, U8(1)), shape, "case `circle`: want f64, have u8"},
		{Variant(2, Value{}), shape, "want one of 2 cases, have case 2"},
		{Enum(2), &types.Enum{Names: []string{"a", "b"}}, "want one of 2 cases, have case 2"},
		{Flags(3), flags, ""},
		{Flags(4), flags, "want 2 flags, have flag 2"},
		{Some(Some(U8(1))), &types.Option{Elem: &types.Option{Elem: types.Bool}}, "case `some` of case `some`: want bool, have u8"},
		{None(), &types.Option{Elem: types.Bool}, ""},
		{Some(Value{}), &types.Option{Elem: types.Bool}, "case `some` wants a payload of type bool"},
		{OK(Value{}), &types.Result{Err: types.Bool}, ""},
		{Err(Value{}), &types.Result{Err: types.Bool}, "case `err` wants a payload of type bool"},
		{Map([]Entry{{U8(1), U8(1)}}), &types.Map{Key: types.U8, Value: types.Bool}, "value of entry 0: want bool, have u8"},
		{Map([]Entry{{U8(1), U8(1)}}), &types.Map{Key: types.Bool, Value: types.U8}, "key of entry 0: want bool, have u8"},
		{Own(1), &types.Own{Of: &types.Resource{Name: "r"}}, ""},
		{ErrorContext(1), types.ErrorContext, ""},
		{Stream(1), &types.Future{}, "want future, have stream"},
	} {
		got := ""
		err := Check(tt.v, tt.t)
		var e *CheckError
		if errors.As(err, &e) {
			got = e.Error()
		}
		if got != tt.want {
			t.Errorf("Check(%v, %s):\n got %s\nwant %s", tt.v, types.TypeString(tt.t), got, tt.want)
		}
	}
}

func TestEqual(t *testing.T) {
	nan := math.Float64frombits(0xfff8 << 48)
	same := [][2]Value{
		{F64(math.NaN()), F64(nan)},
		{F32(float32(math.NaN())), F32(math.Float32frombits(0xffc00001))},
		{Bytes([]byte{1}), List([]Value{U8(1)})},
		{Bytes([]byte("ab")), Bytes([]byte("ab"))},
		{Some(F64(nan)), Some(F64(math.NaN()))},
		{Map([]Entry{{U8(1), None()}}), Map([]Entry{{U8(1), None()}})},
		{Own(1), Own(1)},
	}
	for _, p := range same {
		if !Equal(p[0], p[1]) {
			t.Errorf("%v and %v differ", p[0], p[1])
		}
	}
	different := [][2]Value{
		{F64(0), F64(math.Copysign(0, -1))},
		{U8(1), U16(1)},
		{F32(1), F32(float32(math.NaN()))},
		{Some(None()), None()},
		{OK(Value{}), Err(Value{})},
		{Bytes([]byte{1}), Bytes([]byte{2})},
		{Bytes([]byte{1}), Packed([]int8{1})},
		{Tuple([]Value{U8(1)}), Record([]Value{U8(1)})},
		{String("a"), String("b")},
		{Own(1), Own(2)},
	}
	for _, p := range different {
		if Equal(p[0], p[1]) {
			t.Errorf("%v and %v are equal", p[0], p[1])
		}
	}
}

func TestString(t *testing.T) {
	v := Record([]Value{
		U8(1), String("a\n"), Bytes([]byte{1, 2}), Variant(3, Some(Bool(true))), Flags(5), Own(1),
		Map([]Entry{{U8(1), Enum(2)}}), None(), Err(Value{}), Tuple([]Value{F32(1.5), Char('x')}),
	})
	const want = `{1, "a\n", [1, 2], case 3(some(true)), flags 0b101, <own>, [(1, case 2)], none, err, (1.5, 'x')}`
	if got := v.String(); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if got := len(Bytes(make([]byte, 1<<20)).String()); got > 2*maxDescription {
		t.Errorf("the description of a large value has %d bytes", got)
	}
}
