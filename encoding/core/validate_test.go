package core

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
)

// The types of the module in which instructions are tested.
const (
	tyNone   = iota // func
	tyI2            // func (param i32 i32) (result i32)
	tyRefs          // func (result funcref externref)
	tyPoint         // struct (mut i32) i64 i8, open
	tyPoint3        // struct (mut i32) i64 i8 f32, subtype of tyPoint
	tyI32s          // array (mut i32)
	tyBytes         // array (mut i8)
	tyRefArr        // array (mut anyref)
	tyFixed         // array i64, immutable
	tyNode          // struct (ref null tyNode) (ref tyNone)
	tyExn           // func (param i32)
	tyCont          // cont tyI2
	tyIn            // func (param i32)
	tyContIn        // cont tyIn
)

func structOf(fields ...FieldType) CompType { return &StructType{Fields: fields} }

// env returns a module with a function with the given code and results: function 2, with three
// locals (i32, i64, (ref 0)), after functions of types 0 and 1.
func env(code []byte, results []ValType) *Builder {
	b := &Builder{DataCount: true}
	def := func(t CompType) { b.Types = append(b.Types, RecType{Types: []SubType{{Final: true, Type: t}}}) }
	def(&FuncType{})
	def(&FuncType{Params: []ValType{I32, I32}, Results: []ValType{I32}})
	def(&FuncType{Results: []ValType{FuncRef, ExternRef}})
	point := []FieldType{{Type: I32, Mutable: true}, {Type: I64}, {Packed: 8}}
	b.Types = append(b.Types,
		RecType{Types: []SubType{{Type: structOf(point...)}}},
		RecType{Types: []SubType{{Supers: []TypeIdx{tyPoint}, Type: structOf(append(point, FieldType{Type: F32})...)}}})
	def(&ArrayType{FieldType{Type: I32, Mutable: true}})
	def(&ArrayType{FieldType{Packed: 8, Mutable: true}})
	def(&ArrayType{FieldType{Type: nullAbs(types.HeapAny), Mutable: true}})
	def(&ArrayType{FieldType{Type: I64}})
	def(structOf(FieldType{Type: Ref(RefType{Nullable: true, Heap: HeapType{Type: tyNode}})}, FieldType{Type: Ref(RefType{})}))
	def(&FuncType{Params: []ValType{I32}})
	def(&ContType{tyI2})
	def(&FuncType{Params: []ValType{I32}})
	def(&ContType{tyIn})
	self := b.FuncType(nil, results)

	b.Memories = []MemoryType{{}, {Limits: types.Limits{Is64: true}}}
	b.Tables = []Table{{Type: TableType{Elem: FuncRef.Ref}}, {Type: TableType{Elem: ExternRef.Ref, Limits: types.Limits{Is64: true}}}}
	b.Tags = []TypeIdx{tyExn}
	b.Globals = []Global{
		{Type: GlobalType{Type: I32}, Init: ConstExpr(I32Const(1))},
		{Type: GlobalType{Type: I64, Mutable: true}, Init: ConstExpr(I64Const(1))},
	}
	b.Elems = []Elem{{Mode: Declared, Funcs: []FuncIdx{0}}, {Mode: Passive, UseExprs: true, Type: nullAbs(types.HeapAny).Ref}}
	b.Data = []Data{{Mode: Passive}}
	plain := []byte{byte(OpUnreachable), byte(OpEnd)}
	b.Funcs = []Function{
		{Type: tyNone, Code: plain}, {Type: tyI2, Code: plain},
		{Type: self, Locals: []Local{{1, I32}, {1, I64}, {1, Ref(RefType{})}}, Code: code},
	}
	return b
}

func nullAbs(h types.Heap) ValType { return Ref(RefType{Nullable: true, Heap: HeapType{Abs: h}}) }

// valType returns the type for a word of the tests' assembler. A number stands for a nullable
// reference to the type with that index, and a number with ! for a reference that is not nullable.
func valType(t *testing.T, word string) ValType {
	t.Helper()
	for _, v := range []ValType{
		I32, I64, F32, F64, V128, FuncRef, ExternRef, nullAbs(types.HeapAny), nullAbs(types.HeapEq), nullAbs(types.HeapI31),
		nullAbs(types.HeapExn), nullAbs(types.HeapStruct), nullAbs(types.HeapArray), nullAbs(types.HeapNone),
	} {
		if v.String() == word {
			return v
		}
	}
	digits, bang := strings.CutSuffix(word, "!")
	if v, err := strconv.Atoi(digits); err == nil {
		return Ref(RefType{Nullable: !bang, Heap: HeapType{Type: TypeIdx(v)}})
	}
	if bang {
		v := valType(t, digits)
		v.Ref.Nullable = false
		return v
	}
	t.Fatalf("no type %q", word)
	return ValType{}
}

// asm assembles code for tests: keywords followed by their immediates in the order of [Instr],
// separated by blanks. The type of a block follows a colon: "block:i32", or "loop:#1" for type
// index 1. The end of the function is added.
func asm(t *testing.T, text string) []byte {
	t.Helper()
	var code []byte
	words := strings.Fields(text)
	next := func() uint64 {
		if len(words) == 0 {
			t.Fatalf("%s: a number is missing", text)
		}
		n, err := strconv.ParseInt(words[0], 0, 64)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		words = words[1:]
		return uint64(n)
	}
	word := func() string {
		w := words[0]
		words = words[1:]
		return w
	}
	for len(words) > 0 {
		name, typ, hasType := strings.Cut(word(), ":")
		op, ok := OpByName(name)
		if !ok {
			t.Fatalf("%s: no instruction %q", text, name)
		}
		if hasType && op == OpSelect {
			op = OpSelectT
		}
		in := Instr{Op: op}
		if index, ok := strings.CutPrefix(typ, "#"); ok {
			n, _ := strconv.ParseUint(index, 10, 32)
			in.Block = BlockType{Index: TypeIdx(n), HasIndex: true}
		} else if hasType {
			in.Types = []ValType{valType(t, typ)}
			in.Block.Type = in.Types[0]
		}
		asmImm(t, &in, next, func() ValType { return valType(t, word()) })
		code = in.Append(code)
	}
	return append(code, byte(OpEnd))
}

// asmImm reads the immediates of an instruction.
func asmImm(t *testing.T, in *Instr, next func() uint64, typ func() ValType) {
	t.Helper()
	switch imm := in.Op.Info().Imm; imm {
	case ImmNone, ImmBlock, ImmTypes, ImmFence:
	case ImmI32, ImmI64, ImmF32, ImmF64:
		in.Value = next()
	case ImmLane:
		in.Lane = uint8(next())
	case ImmMemArg, ImmMemArgLane:
		in.X, in.Align, in.Offset = uint32(next()), uint8(next()), next()
		if imm == ImmMemArgLane {
			in.Lane = uint8(next())
		}
	case ImmV128, ImmShuffle:
		for i := range in.Bytes {
			in.Bytes[i] = byte(next())
		}
	case ImmHeap:
		v := typ()
		in.Ref = v.Ref
		if v.Ref.Nullable && in.Op == OpRefTest {
			in.Op = OpRefTestNull
		}
		if v.Ref.Nullable && in.Op == OpRefCast {
			in.Op = OpRefCastNull
		}
	case ImmCast:
		in.X, in.Ref, in.To = uint32(next()), typ().Ref, typ().Ref
	case ImmLabels:
		for range next() {
			in.Labels = append(in.Labels, uint32(next()))
		}
	case ImmTryTable:
		for range next() {
			c := Catch{Kind: CatchKind(next())}
			if c.Kind.HasTag() {
				c.Tag = TagIdx(next())
			}
			c.Label = uint32(next())
			in.Catches = append(in.Catches, c)
		}
	case ImmResume, ImmResumeThrow:
		in.X = uint32(next())
	default:
		x, y := imm.Spaces()
		if x != SpaceNone {
			in.X = uint32(next())
		}
		if y != SpaceNone {
			in.Y = uint32(next())
		}
	}
}

// validate validates a module with the given features, or with all features if none are given.
func validate(t *testing.T, b *Builder, sets ...feature.Set) error {
	t.Helper()
	m, err := Decode(b.Append(nil))
	if err != nil {
		t.Fatal(err)
	}
	set := feature.All()
	if len(sets) > 0 {
		set = sets[0]
	}
	return Validate(m, set, ValidateOptions{Workers: 1})
}

// message returns the message of an error without its position.
func message(err error) string {
	if err == nil {
		return ""
	}
	return err.(*Error).Message
}

type codeRow struct{ pos, code, results, want string }

func checkCode(t *testing.T, rows []codeRow) {
	t.Helper()
	for _, r := range rows {
		var results []ValType
		for _, w := range strings.Fields(r.results) {
			results = append(results, valType(t, w))
		}
		err := validate(t, env(asm(t, r.code), results))
		if got := message(err); got != r.want {
			t.Errorf("%s: %s\ngot:  %s\nwant: %s", r.pos, r.code, got, r.want)
		}
		if e, ok := err.(*Error); ok && (!e.Invalid || e.Section != SectionCode || e.Item != "func 2") {
			t.Errorf("%s: place of the error is wrong: %+v", r.pos, e)
		}
	}
}

func TestValidateNumeric(t *testing.T) {
	checkCode(t, []codeRow{
		{here0(), "i32.const 1 i32.const 2 i32.add", "i32", ""},
		{here0(), "i32.const 1 i64.const 2 i32.add", "i32", "type mismatch: expected i32, found i64"},
		{here0(), "i32.const 1 i32.add", "i32", "type mismatch: expected i32 but nothing on stack"},
		{here0(), "i32.const 1", "", "type mismatch: values remaining on stack at end of block"},
		{here0(), "", "i32", "type mismatch: expected i32 but nothing on stack"},
		{here0(), "i64.const 1 f64.convert_i64_u f32.demote_f64 i32.trunc_sat_f32_s", "i32", ""},
		{here0(), "i64.const 1 i64.const 1 i64.const 1 i64.const 1 i64.add128", "i64 i64", ""},
		{here0(), "i64.const 1 i64.const 1 i64.mul_wide_u drop", "i64", ""},
		{here0(), "i32.const 1 i8x16.splat i8x16.extract_lane_s 15", "i32", ""},
		{here0(), "i32.const 1 i8x16.splat i8x16.extract_lane_s 16", "i32", "SIMD index out of bounds"},
		{here0(), "i32.const 1 i32x4.splat f64.const 0 f64x2.replace_lane 1 i32.const 3 i64x2.shl i8x16.all_true", "i32", ""},
		{here0(), "i32.const 1 i32x4.splat i32.const 3 f64x2.replace_lane 1", "v128", "type mismatch: expected f64, found i32"},
		{here0(), "unreachable i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31", "v128", ""},
		{here0(), "unreachable i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 32", "v128", "SIMD index out of bounds"},
		{here0(), "unreachable i16x8.relaxed_dot_i8x16_i7x16_s", "v128", ""},
	})
}

func TestValidateMemory(t *testing.T) {
	checkCode(t, []codeRow{
		{here0(), "i32.const 0 i32.load 0 2 0", "i32", ""},
		{here0(), "i32.const 0 i32.load 0 3 0", "i32", "invalid memop alignment: alignment must not be larger than natural"},
		{here0(), "i32.const 0 i32.load 1 2 0", "i32", "type mismatch: expected i64, found i32"},
		{here0(), "i64.const 0 i64.load8_s 1 0 0x1000000000", "i64", ""},
		{here0(), "i32.const 0 i32.load8_s 0 0 0x1000000000", "i32", "offset out of range: must be <= 2**32"},
		{here0(), "i32.const 0 i32.load 2 2 0", "i32", "unknown memory 2"},
		{here0(), "i32.const 0 f64.const 0 f64.store 0 3 8", "", ""},
		{here0(), "memory.size 0 memory.grow 0 drop memory.size 1 memory.grow 1", "i64", ""},
		{here0(), "i32.const 0 i32.const 0 i32.const 0 memory.fill 0", "", ""},
		{here0(), "i64.const 0 i32.const 0 i64.const 0 memory.fill 1", "", ""},
		{here0(), "i64.const 0 i32.const 0 i32.const 0 memory.copy 1 0", "", ""},
		{here0(), "i64.const 0 i64.const 0 i64.const 0 memory.copy 1 1", "", ""},
		{here0(), "i32.const 0 i32.const 0 i32.const 0 memory.init 0 0", "", ""},
		{here0(), "i32.const 0 i32.const 0 i32.const 0 memory.init 1 0", "", "unknown data segment 1"},
		{here0(), "data.drop 0", "", ""},
		{here0(), "data.drop 1", "", "unknown data segment 1"},
		{here0(), "i32.const 0 i32.const 1 i8x16.splat v128.load32_lane 0 2 0 3", "v128", ""},
		{here0(), "i32.const 0 i32.const 1 i8x16.splat v128.store32_lane 0 2 0 4", "", "SIMD index out of bounds"},
		{here0(), "i32.const 0 i64.const 1 i64.atomic.rmw16.add_u 0 1 0", "i64", ""},
		{here0(), "i32.const 0 i64.const 1 i64.atomic.rmw16.add_u 0 0 0", "i64", "atomic instructions must always specify maximum alignment"},
		{here0(), "i64.const 0 i32.const 1 i32.const 1 i32.atomic.rmw.cmpxchg 1 2 0", "i32", ""},
		{here0(), "i32.const 0 i64.const 1 i64.const 1 memory.atomic.wait64 0 3 0 atomic.fence", "i32", ""},
	})
}

func TestValidateControl(t *testing.T) {
	checkCode(t, []codeRow{
		{here0(), "block:i32 i32.const 1 end", "i32", ""},
		{here0(), "block:i32 end", "i32", "type mismatch: expected i32 but nothing on stack"},
		{here0(), "i32.const 1 i32.const 2 block:#1 i32.add end", "i32", ""},
		{here0(), "i32.const 1 block:#1 end", "i32", "type mismatch: expected i32 but nothing on stack"},
		{here0(), "block:#99 end", "", "unknown type: type index out of bounds: 99"},
		{here0(), "block:#3 end", "", "expected func type at index 3, found (struct (field (mut i32)) (field i64) (field i8))"},
		{here0(), "loop br 0 end", "", ""},
		{here0(), "i32.const 1 i32.const 2 loop:#1 drop br 0 end", "i32", "type mismatch: expected i32 but nothing on stack"},
		{here0(), "i32.const 1 if:i32 i32.const 2 else i32.const 3 end", "i32", ""},
		{here0(), "i32.const 1 if:i32 i32.const 2 end", "i32", "type mismatch: expected i32 but nothing on stack"},
		{here0(), "else", "", "`else` found outside `If` block"},
		{here0(), "block else end", "", "`else` found outside `If` block"},
		{here0(), "block", "", "control frames remain at end of function body or expression"},
		{here0(), "end nop", "", "operators remaining after end of function body or expression"},
		{here0(), "br 0", "i32", "type mismatch: expected i32 but nothing on stack"},
		{here0(), "br 1", "", "unknown label: branch depth too large"},
		{here0(), "i32.const 1 i32.const 0 br_if 0", "i32", ""},
		{here0(), "block:i32 i32.const 1 i32.const 0 br_table 3 0 1 0 end", "i32", ""},
		{here0(), "block i32.const 1 i32.const 0 br_table 2 0 1 end i32.const 1", "i32", "type mismatch: br_table target labels have different number of types"},
		{here0(), "unreachable i32.add", "i32", ""},
		{here0(), "unreachable i64.const 1 i32.add", "i32", "type mismatch: expected i32, found i64"},
		{here0(), "unreachable select", "i64", ""},
		{here0(), "i32.const 0 i32.const 0 i32.const 0 select", "i32", ""},
		{here0(), "i32.const 0 i64.const 0 i32.const 0 select drop", "", "type mismatch: select operands have different types"},
		{here0(), "ref.null funcref ref.null funcref i32.const 0 select drop", "", "type mismatch: select only takes integral types"},
		{here0(), "ref.null funcref ref.null funcref i32.const 0 select:funcref", "funcref", ""},
		{here0(), "drop", "", "type mismatch: expected a type but nothing on stack"},
		{here0(), "return", "i32", "type mismatch: expected i32 but nothing on stack"},
		{here0(), "i32.const 7 return", "i32", ""},
	})
}

func TestValidateCalls(t *testing.T) {
	checkCode(t, []codeRow{
		{here0(), "call 0 i32.const 1 i32.const 2 call 1", "i32", ""},
		{here0(), "call 9", "", "unknown function 9: function index out of bounds"},
		{here0(), "i32.const 1 i32.const 2 i32.const 0 call_indirect 1 0", "i32", ""},
		{here0(), "i64.const 0 call_indirect 0 1", "", "type mismatch: indirect calls must go through a table with type <= funcref"},
		{here0(), "i32.const 1 i32.const 2 return_call 1", "i32", ""},
		{here0(), "return_call 0", "i32", "type mismatch: current function requires result type [i32] but callee returns []"},
		{here0(), "i32.const 1 i32.const 2 ref.null 1 call_ref 1", "i32", ""},
		{here0(), "ref.func 0 call_ref 0", "", ""},
		{here0(), "ref.func 0 return_call_ref 0", "", ""},
		{here0(), "ref.func 1 drop", "", "undeclared function reference"},
		{here0(), "ref.null 0 call_ref 1", "i32", "type mismatch: expected (ref null $type), found (ref null $type): types 1 and 0"},
		{here0(), "local.get 0 local.set 0 local.get 1 local.tee 1", "i64", ""},
		{here0(), "local.get 3 drop", "", "unknown local 3: local index out of bounds"},
		{here0(), "local.get 2 drop", "", "uninitialized local: 2"},
		{here0(), "ref.func 0 local.set 2 local.get 2 drop", "", ""},
		{here0(), "block ref.func 0 local.set 2 end local.get 2 drop", "", "uninitialized local: 2"},
		{here0(), "global.get 1 global.set 1", "", ""},
		{here0(), "global.get 0 global.set 0", "", "global is immutable: cannot modify it with `global.set`"},
		{here0(), "global.get 2 drop", "", "unknown global: global index out of bounds: 2"},
	})
}

func TestValidateExceptions(t *testing.T) {
	checkCode(t, []codeRow{
		{here0(), "i32.const 1 throw 0", "i32", ""},
		{here0(), "throw 0", "", "type mismatch: expected i32 but nothing on stack"},
		{here0(), "throw 1", "", "unknown tag 1: tag index out of bounds"},
		{here0(), "block:i32 try_table 1 0 0 0 call 0 end i32.const 1 end", "i32", ""},
		{here0(), "block try_table 1 0 0 0 end end", "", "type mismatch: catch label must have same number of types as tag"},
		{here0(), "block:i32 try_table 1 1 0 0 end i32.const 0 end", "i32", "type mismatch: catch_ref label must have one more type than tag types"},
		{here0(), "block:exnref try_table 1 3 0 end ref.null exnref end throw_ref", "", ""},
		{here0(), "block try_table 1 2 0 end end", "", ""},
		{here0(), "block:i32 try_table 1 2 0 end i32.const 0 end", "i32", "type mismatch: catch_all label must have no result types"},
		{here0(), "try call 0 catch 0 drop rethrow 0 catch_all end", "", ""},
		{here0(), "try rethrow 0 end", "", "invalid rethrow label: target was not a `catch` block"},
		{here0(), "try call 0 delegate 0", "", ""},
		{here0(), "catch_all", "", "`catch_all` found outside `LegacyTry` block"},
	})
}

func TestValidateTables(t *testing.T) {
	checkCode(t, []codeRow{
		{here0(), "i32.const 0 i32.const 1 table.get 0 table.set 0", "", ""},
		{here0(), "i64.const 0 ref.null externref table.set 1", "", ""},
		{here0(), "i32.const 0 ref.null externref table.set 0", "", "type mismatch: expected funcref, found externref"},
		{here0(), "ref.null externref table.size 1 table.grow 1", "i64", ""},
		{here0(), "i32.const 0 ref.func 0 i32.const 0 table.fill 0", "", ""},
		{here0(), "i32.const 0 i32.const 0 i32.const 0 table.copy 0 0 elem.drop 0", "", ""},
		{here0(), "i32.const 0 i64.const 0 i32.const 0 table.copy 0 1", "", "type mismatch: table of externref copied to one of funcref"},
		{here0(), "i32.const 0 i32.const 0 i32.const 0 table.init 0 0", "", ""},
		{here0(), "i32.const 0 i32.const 0 i32.const 0 table.init 1 0", "", "type mismatch: segment of anyref copied to a table of funcref"},
		{here0(), "elem.drop 5", "", "unknown elem segment 5: segment index out of bounds"},
		{here0(), "table.size 7 drop", "", "unknown table 7: table index out of bounds"},
	})
}

func TestValidateReferences(t *testing.T) {
	checkCode(t, []codeRow{
		{here0(), "ref.null 0 ref.is_null", "i32", ""},
		{here0(), "i32.const 0 ref.is_null", "i32", "type mismatch: expected ref but found i32"},
		{here0(), "ref.null 0 ref.as_non_null", "0!", ""},
		{here0(), "ref.null 0", "0!", "type mismatch: expected (ref $type), found (ref null $type): types 0 and 0"},
		{here0(), "block ref.null 0 br_on_null 0 call_ref 0 end", "", ""},
		{here0(), "block:0! ref.null 0 br_on_non_null 0 unreachable end call_ref 0", "", ""},
		{here0(), "block ref.null 0 br_on_non_null 0 end", "", "type mismatch: br_on_non_null target has no label types"},
		{here0(), "unreachable br_on_null 0 drop", "funcref", ""},
		{here0(), "unreachable ref.as_non_null ref.is_null", "i32", ""},
		{here0(), "i32.const 1 ref.i31 i31.get_u", "i32", ""},
		{here0(), "ref.null funcref i31.get_u", "i32", "type mismatch: expected subtype of i31ref, found funcref"},
		{here0(), "ref.null eqref i32.const 1 ref.i31 ref.eq", "i32", ""},
		{here0(), "ref.null externref any.convert_extern extern.convert_any", "externref", ""},
		{here0(), "ref.null anyref ref.test 3", "i32", ""},
		{here0(), "ref.null anyref ref.cast 4!", "3!", ""},
		{here0(), "ref.null anyref ref.cast funcref", "funcref", "type mismatch: expected funcref, found anyref"},
		{here0(), "block:3 ref.null anyref br_on_cast 0 anyref 3! drop ref.null 3 end", "3", ""},
		{here0(), "block:anyref ref.null anyref br_on_cast_fail 0 anyref 3 end", "anyref", ""},
		{here0(), "block:i32 ref.null anyref br_on_cast 0 anyref 3 end", "i32", "type mismatch: the label takes i32, which (ref null 3) is not"},
		{here0(), "block:anyref ref.null eqref br_on_cast 0 eqref anyref end", "anyref", "type mismatch: expected eqref, found anyref"},
	})
}

func TestValidateAggregates(t *testing.T) {
	checkCode(t, []codeRow{
		{here0(), "i32.const 1 i64.const 2 i32.const 3 struct.new 3 struct.get_u 3 2", "i32", ""},
		{here0(), "struct.new_default 4 struct.get 3 1", "i64", ""},
		{here0(), "struct.new_default 3 struct.get 4 1", "i64", "type mismatch: expected (ref null $type), found (ref $type): types 4 and 3"},
		{here0(), "struct.new_default 9 drop", "", "invalid `struct.new_default`: (ref 0) field is not defaultable"},
		{here0(), "struct.new_default 3 struct.get 3 2", "i32", "can only use struct `get` with non-packed storage types"},
		{here0(), "struct.new_default 3 struct.get_s 3 1", "i32", "cannot use struct.get_s with non-packed storage types"},
		{here0(), "struct.new_default 3 struct.get 3 3", "i32", "unknown field: field index out of bounds: 3"},
		{here0(), "struct.new_default 3 i32.const 1 struct.set 3 0", "", ""},
		{here0(), "struct.new_default 3 i64.const 1 struct.set 3 1", "", "invalid struct modification: struct field is immutable"},
		{here0(), "struct.new_default 5", "3", "expected struct type at index 5, found (array (mut i32))"},
		{here0(), "i32.const 1 i32.const 2 array.new 5 i32.const 0 array.get 5", "i32", ""},
		{here0(), "i32.const 1 i32.const 2 array.new_fixed 6 2 array.len", "i32", ""},
		{here0(), "unreachable i32.const 2 array.new_fixed 6 4000000000 array.len", "i32", ""},
		{here0(), "i32.const 1 array.new_default 6 i32.const 0 array.get_s 6", "i32", ""},
		{here0(), "i32.const 1 array.new_default 6 i32.const 0 array.get 6", "i32", "cannot use array.get with packed storage types"},
		{here0(), "i32.const 1 array.new_default 8 i32.const 0 i64.const 0 array.set 8", "", "invalid array modification: array is immutable"},
		{here0(), "i32.const 0 i32.const 0 array.new_data 5 0", "5!", ""},
		{here0(), "i32.const 0 i32.const 0 array.new_data 7 0", "7", "type mismatch: array.new_data can only create arrays with numeric and vector elements"},
		{here0(), "i32.const 0 i32.const 0 array.new_elem 7 1", "7!", ""},
		{here0(), "i32.const 0 i32.const 0 array.new_elem 7 0", "7", "invalid array.new_elem instruction: element segment 0 type mismatch: expected anyref, found (ref func)"},
		{here0(), "ref.null 5 i32.const 0 i32.const 7 i32.const 9 array.fill 5", "", ""},
		{here0(), "ref.null 5 i32.const 0 ref.null 5 i32.const 0 i32.const 9 array.copy 5 5", "", ""},
		{here0(), "unreachable array.copy 5 6", "", "array types do not match: expected i32, found i8"},
		{here0(), "ref.null 6 i32.const 0 i32.const 7 i32.const 9 array.init_data 6 0", "", ""},
		{here0(), "ref.null 7 i32.const 0 i32.const 7 i32.const 9 array.init_elem 7 1", "", ""},
		{here0(), "ref.null 7 i32.const 0 i32.const 7 i32.const 9 array.init_data 7 0", "", "invalid array.init_data: array type is not numeric or vector"},
	})
}

func TestValidateContinuations(t *testing.T) {
	checkCode(t, []codeRow{
		{here0(), "ref.null 1 cont.new 11", "11!", ""},
		{here0(), "ref.null 0 cont.new 11 drop", "", "type mismatch: expected (ref null $type), found (ref null $type): types 1 and 0"},
		{here0(), "i32.const 1 i32.const 2 ref.null 11 resume 11", "i32", ""},
		{here0(), "i32.const 1 ref.null 11 resume_throw 11", "i32", ""},
		{here0(), "ref.null exnref ref.null 11 resume_throw_ref 11", "i32", ""},
		{here0(), "i32.const 1 suspend 0", "", ""},
		{here0(), "i32.const 1 cont.new 0", "", "non-continuation type 0"},
		{here0(), "ref.null 13 cont.bind 13 11", "11", "type mismatch in continuation arguments"},
		{here0(), "i32.const 1 ref.null 13 switch 13 0", "", "type mismatch: non-empty tag parameter type"},
	})
}

func TestValidateShared(t *testing.T) {
	checkCode(t, []codeRow{
		{here0(), "global.atomic.get 0", "i32", ""},
		{here0(), "i64.const 1 global.atomic.rmw.add 1", "i64", ""},
		{here0(), "i32.const 1 global.atomic.rmw.add 0", "i32", "global is immutable: cannot modify it with `global.atomic.rmw.add`"},
		{here0(), "i32.const 1 i32.const 0 table.atomic.get 0 drop", "", "invalid type: `table.atomic.get` only allows subtypes of `anyref`"},
		{here0(), "ref.null 3 i32.const 1 struct.atomic.rmw.sub 3 0", "i32", ""},
		{here0(), "ref.null 3 struct.atomic.get_s 3 2", "i32", ""},
		{here0(), "ref.null 3 struct.atomic.get 3 2", "i32", "can only use struct `get` with non-packed storage types"},
		{here0(), "ref.null 5 i32.const 0 i32.const 1 i32.const 2 array.atomic.rmw.cmpxchg 5", "i32", ""},
		{here0(), "ref.null 7 i32.const 0 array.atomic.get 7", "anyref", "invalid type: `array.atomic.get` only allows `i32`, `i64` and subtypes of `anyref`"},
		{here0(), "i32.const 1 ref.i31_shared i31.get_s", "i32", ""},
	})
}

// Each instruction is refused if the proposal that introduced it is disabled.
func TestValidateFeatures(t *testing.T) {
	for op, info := range Ops() {
		if info.Feature == 0 {
			continue
		}
		in := sample(op)
		code := append(in.Append([]byte{byte(OpUnreachable)}), byte(OpEnd))
		set := feature.All().Without(info.Feature)
		m := &Builder{Types: []RecType{Func(nil, nil)}, Funcs: []Function{{Code: code}}}
		err := validate(t, m, set)
		if err == nil || !strings.HasSuffix(message(err), info.Feature.Needed()) && op != OpCatch && op != OpCatchAll {
			t.Errorf("%v without %v: %v", op, info.Feature, err)
		}
	}
}

func TestValidateModule(t *testing.T) {
	one := []RecType{Func(nil, nil), Func([]ValType{I32}, nil)}
	null := func(h types.Heap) Expr { return ConstExpr(Instr{Op: OpRefNull, Ref: RefType{Heap: HeapType{Abs: h}}}) }
	sub := func(final bool, supers []TypeIdx, t CompType) RecType {
		return RecType{Types: []SubType{{Final: final, Supers: supers, Type: t}}}
	}
	start := func(f FuncIdx) *FuncIdx { return &f }
	imm := func(op Op, x uint32) Instr { return Instr{Op: op, X: x} }
	end := []byte{byte(OpEnd)}
	limits := func(lo, hi uint64) types.Limits { return types.Limits{Min: lo, Max: hi, HasMax: true} }
	for _, r := range []struct {
		pos  string
		b    *Builder
		want string
	}{
		{here0(), &Builder{}, ""},
		{here0(), &Builder{Types: one, Start: start(0), Funcs: []Function{{Code: end}}}, ""},
		{here0(), &Builder{Types: one, Start: start(0), Funcs: []Function{{Type: 1, Code: end}}}, "invalid start function type"},
		{here0(), &Builder{Start: start(0)}, "unknown function 0: func index out of bounds"},
		{here0(), &Builder{Funcs: []Function{{Code: end}}}, "unknown type 0: type index out of bounds"},
		{here0(), &Builder{Imports: []Import{{"a", "b", ExternType{Kind: ExternFunc, Func: 7}}}}, "unknown type 7: type index out of bounds"},
		{here0(), &Builder{Exports: []Export{{"a", ExternMemory, 0}}}, "unknown memory 0: exported memory index out of bounds"},
		{here0(), &Builder{Memories: make([]MemoryType, 1), Exports: []Export{{"a", ExternMemory, 0}, {"a", ExternMemory, 0}}}, "duplicate export name `a` already defined"},
		{here0(), &Builder{Memories: make([]MemoryType, 101)}, "memories count exceeds limit of 100"},
		{here0(), &Builder{Memories: []MemoryType{{Limits: limits(2, 1)}}}, "size minimum must not be greater than maximum"},
		{here0(), &Builder{Memories: []MemoryType{{Limits: limits(0, 65537)}}}, "memory size must be at most 0x10000 65536-byte pages"},
		{here0(), &Builder{Memories: []MemoryType{{Limits: types.Limits{Shared: true}}}}, "shared memory must have maximum size"},
		{here0(), &Builder{Memories: []MemoryType{{HasPageSize: true, PageSizeLog2: 3}}}, "invalid custom page size"},
		{here0(), &Builder{Tables: []Table{{Type: TableType{Elem: FuncRef.Ref, Limits: limits(0, 1<<32)}}}}, "table size must be at most 0xffffffff entries"},
		{here0(), &Builder{Tables: []Table{{Type: TableType{Elem: RefType{Heap: HeapType{Abs: types.HeapFunc}}}}}}, "type mismatch: non-defaultable element type"},
		{here0(), &Builder{Tables: []Table{{Type: TableType{Elem: FuncRef.Ref}, Init: null(types.HeapFunc)}}}, ""},
		{here0(), &Builder{Tables: []Table{{Type: TableType{Elem: FuncRef.Ref}, Init: null(types.HeapExtern)}}}, "type mismatch: expected funcref, found externref"},
		{here0(), &Builder{Globals: []Global{{GlobalType{Type: I32}, ConstExpr(I32Const(1), I32Const(2), imm(OpI32Mul, 0))}}}, ""},
		{here0(), &Builder{Globals: []Global{{GlobalType{Type: I32}, ConstExpr(I32Const(1), imm(OpI32Eqz, 0))}}}, "constant expression required: non-constant operator: i32.eqz"},
		{here0(), &Builder{Globals: []Global{{GlobalType{Type: I32}, ConstExpr()}}}, "type mismatch: expected i32 but nothing on stack"},
		{here0(), &Builder{Globals: []Global{{GlobalType{Type: I32}, ConstExpr(imm(OpGlobalGet, 0))}}}, "unknown global 0: global index out of bounds"},
		{here0(), &Builder{Globals: []Global{{GlobalType{Type: I32, Mutable: true}, ConstExpr(I32Const(0))}, {GlobalType{Type: I32}, ConstExpr(imm(OpGlobalGet, 0))}}}, "constant expression required: global.get of mutable global"},
		{here0(), &Builder{Types: one, Funcs: []Function{{Code: end}}, Globals: []Global{{GlobalType{Type: FuncRef}, ConstExpr(imm(OpRefFunc, 0))}}}, ""},
		{here0(), &Builder{Tags: []TypeIdx{1}, Types: one}, ""},
		{here0(), &Builder{Tags: []TypeIdx{4}, Types: one}, "unknown type 4: type index out of bounds"},
		{here0(), &Builder{Elems: []Elem{{Mode: Active, Offset: ConstExpr(I32Const(0))}}}, "unknown table 0: table index out of bounds"},
		{here0(), &Builder{Elems: []Elem{{Mode: Passive, Funcs: []FuncIdx{3}}}}, "unknown function 3: func index out of bounds"},
		{here0(), &Builder{Tables: []Table{{Type: TableType{Elem: ExternRef.Ref}}}, Elems: []Elem{{Mode: Active, Offset: ConstExpr(I32Const(0))}}}, "type mismatch: invalid element type `(ref func)` for table type `externref`"},
		{here0(), &Builder{Elems: []Elem{{Mode: Declared, UseExprs: true, Type: FuncRef.Ref, Exprs: []Expr{null(types.HeapExtern)}}}}, "type mismatch: expected funcref, found externref"},
		{here0(), &Builder{Data: []Data{{Mode: Active, Offset: ConstExpr(I32Const(0))}}}, "unknown memory 0: memory index out of bounds"},
		{here0(), &Builder{Memories: make([]MemoryType, 1), Data: []Data{{Mode: Active, Offset: ConstExpr(I64Const(0))}}}, "type mismatch: expected i32, found i64"},
		{here0(), &Builder{Types: one, Funcs: []Function{{Locals: []Local{{50000, I32}, {1, I64}}, Code: end}}}, "too many locals: locals exceed maximum"},
		{here0(), &Builder{Types: one, Funcs: []Function{{Locals: []Local{{49999, I32}, {1, I64}}, Code: asm(t, "local.get 49999 drop local.get 49998 i32.eqz drop")}}}, ""},
		{here0(), &Builder{Types: one, Funcs: []Function{{Code: asm(t, "data.drop 0")}}}, "data count section required"},
		{here0(), &Builder{Types: []RecType{sub(true, nil, structOf()), sub(true, []TypeIdx{0}, structOf())}}, "sub type cannot have a final super type"},
		{here0(), &Builder{Types: []RecType{sub(false, nil, structOf()), sub(true, []TypeIdx{0}, &ArrayType{FieldType{Packed: 8}})}}, "sub type must match super type"},
		{here0(), &Builder{Types: []RecType{sub(false, []TypeIdx{0}, structOf())}}, "supertypes must be defined before subtypes"},
		{here0(), &Builder{Types: []RecType{sub(false, nil, &FuncType{Params: []ValType{nullAbs(types.HeapEq)}}), sub(false, []TypeIdx{0}, &FuncType{Params: []ValType{nullAbs(types.HeapAny)}})}}, ""},
		{here0(), &Builder{Types: []RecType{sub(false, nil, &FuncType{Params: []ValType{nullAbs(types.HeapAny)}}), sub(false, []TypeIdx{0}, &FuncType{Params: []ValType{nullAbs(types.HeapEq)}})}}, "sub type must match super type"},
		{here0(), &Builder{Types: []RecType{sub(true, nil, &ContType{0})}}, "non-function type 0"},
		{here0(), &Builder{Types: []RecType{{Types: []SubType{{Final: true, Shared: true, Type: structOf(FieldType{Type: FuncRef})}}}}}, "shared composite type must contain shared types"},
	} {
		if got := message(validate(t, r.b)); got != r.want {
			t.Errorf("%s:\ngot:  %s\nwant: %s", r.pos, got, r.want)
		}
	}
}

// Equal recursion groups are one type. Different ones are not (core specification, "Type
// Equivalence").
func TestValidateCanonical(t *testing.T) {
	rec := func(types ...CompType) RecType {
		r := RecType{Explicit: true}
		for _, c := range types {
			r.Types = append(r.Types, SubType{Final: true, Type: c})
		}
		return r
	}
	node := func(i TypeIdx) CompType {
		return structOf(FieldType{Type: Ref(RefType{Nullable: true, Heap: HeapType{Type: i}})})
	}
	b := &Builder{Types: []RecType{
		rec(node(1), &FuncType{}), rec(node(3), &FuncType{}), rec(node(4), &FuncType{}),
		Func(nil, []ValType{Ref(RefType{Nullable: true})}),
	}}
	b.Funcs = []Function{{Type: 6, Code: asm(t, "ref.null 2")}}
	if err := validate(t, b); err != nil {
		t.Errorf("equal groups: %v", err)
	}
	b.Funcs[0].Code = asm(t, "ref.null 4")
	if got, want := message(validate(t, b)), "type mismatch: expected (ref null $type), found (ref null $type): types 0 and 4"; got != want {
		t.Errorf("groups that differ: got %s", got)
	}
}

// The error is that of the first invalid function, with its position, for any number of workers.
func TestValidateParallel(t *testing.T) {
	b := &Builder{Types: []RecType{Func(nil, nil)}}
	for i := range 1000 {
		code := asm(t, "i32.const 1 drop")
		if i >= 500 && i%3 == 0 {
			code = asm(t, "i64.const 1 i32.eqz drop")
		}
		b.Funcs = append(b.Funcs, Function{Code: code})
	}
	data := b.Append(nil)
	m, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	for workers := range 9 {
		err := Validate(m, feature.Default(), ValidateOptions{Workers: workers})
		want := fmt.Sprintf("type mismatch: expected i32, found i64 (at offset %#x, func 501)", bodyOffset(m, 501)+3)
		if err == nil || err.Error() != want {
			t.Errorf("%d workers:\ngot:  %v\nwant: %s", workers, err, want)
		}
	}
}

func bodyOffset(m *Module, i int) int {
	for b := range m.Bodies() {
		if i == 0 {
			return b.Start
		}
		i--
	}
	return 0
}

// The stacks have limits, so that a small module cannot exhaust memory.
func TestValidateLimits(t *testing.T) {
	many := make([]ValType, 1000)
	for i := range many {
		many[i] = I32
	}
	calls := strings.Repeat("call 0 ", maxOperands/1000+1)
	b := &Builder{Types: []RecType{Func(nil, many), Func(nil, nil)}}
	b.Funcs = []Function{{Code: asm(t, "unreachable")}, {Type: 1, Code: asm(t, calls)}}
	if got, want := message(validate(t, b)), "operand stack exceeds limit of 10000000"; got != want {
		t.Errorf("got %s", got)
	}
	var blocks []byte
	for range maxFrames {
		blocks = append(blocks, byte(OpBlock), codeEmptyBlock)
	}
	b.Funcs = []Function{{Type: 1, Code: blocks}}
	if got, want := message(validate(t, b)), "nesting of blocks exceeds limit of 1000000"; got != want {
		t.Errorf("got %s", got)
	}
}
