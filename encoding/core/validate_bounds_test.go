package core

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
)

// bound is a limit. An input at the limit is valid, and the error for an input just above it starts
// with want.
type bound struct {
	name  string
	limit uint64
	make  func(n uint64) *Builder
	want  string
}

func checkBounds(t *testing.T, list []bound) {
	t.Helper()
	for _, b := range list {
		if got := message(validate(t, b.make(b.limit))); got != "" {
			t.Errorf("%s: %d: %s", b.name, b.limit, got)
		}
		if b.limit == math.MaxUint64 {
			continue
		}
		if got := message(validate(t, b.make(b.limit+1))); b.want == "" || !strings.HasPrefix(got, b.want) {
			t.Errorf("%s: %d:\ngot:  %s\nwant: %s", b.name, b.limit+1, got, b.want)
		}
	}
}

// Tables and memories may be as large as their address space. A maximum of 65,536 pages is what
// compilers write for 4 GiB.
func TestValidateSizeBounds(t *testing.T) {
	memory := func(m MemoryType) func(uint64) *Builder {
		return func(n uint64) *Builder {
			m := m
			if m.Limits.Max = n; m.Limits.Min != 0 {
				m.Limits.Min = n
			}
			return &Builder{Memories: []MemoryType{m}}
		}
	}
	least := func(m MemoryType) func(uint64) *Builder {
		return func(n uint64) *Builder {
			m := m
			m.Limits.Min = n
			return &Builder{Memories: []MemoryType{m}}
		}
	}
	table := func(l types.Limits) func(uint64) *Builder {
		return func(n uint64) *Builder {
			l := l
			if l.Min = n; l.HasMax {
				l.Min, l.Max = 0, n
			}
			return &Builder{Tables: []Table{{Type: TableType{Elem: FuncRef.Ref, Limits: l}}}}
		}
	}
	max32, max64 := types.Limits{HasMax: true}, types.Limits{HasMax: true, Is64: true}
	both := types.Limits{Min: 1, HasMax: true}
	checkBounds(t, []bound{
		{"maximum of a memory", 1 << 16, memory(MemoryType{Limits: max32}), "memory size must be at most 0x10000 65536-byte pages"},
		{"minimum of a memory", 1 << 16, least(MemoryType{}), "memory size must be at most 0x10000"},
		{"both", 1 << 16, memory(MemoryType{Limits: both}), "memory size must be at most 0x10000"},
		{"shared memory", 1 << 16, memory(MemoryType{Limits: types.Limits{HasMax: true, Shared: true}}), "memory size must be at most 0x10000"},
		{"maximum of a 64-bit memory", 1 << 48, memory(MemoryType{Limits: max64}), "memory size must be at most 0x1000000000000 65536-byte pages"},
		{"minimum of a 64-bit memory", 1 << 48, least(MemoryType{Limits: types.Limits{Is64: true}}), "memory size must be at most 0x1000000000000"},
		{"bytes of a memory", 1<<32 - 1, memory(MemoryType{Limits: max32, HasPageSize: true}), "memory size must be at most 0xffffffff 1-byte pages"},
		{"bytes of a 64-bit memory", math.MaxUint64, memory(MemoryType{Limits: max64, HasPageSize: true}), ""},
		{"large pages by their size", 1 << 16, memory(MemoryType{Limits: max32, HasPageSize: true, PageSizeLog2: 16}), "memory size must be at most 0x10000 65536-byte pages"},
		{"maximum of a table", 1<<32 - 1, table(max32), "table size must be at most 0xffffffff entries"},
		{"minimum of a table", 1<<32 - 1, table(types.Limits{}), "table size must be at most 0xffffffff entries"},
		{"maximum of a 64-bit table", math.MaxUint64, table(max64), ""},
	})
	equal := types.Limits{Min: 7, Max: 7, HasMax: true}
	b := &Builder{Memories: []MemoryType{{Limits: equal}}, Tables: []Table{{Type: TableType{Elem: FuncRef.Ref, Limits: equal}}}}
	if err := validate(t, b); err != nil {
		t.Errorf("minimum and maximum are equal: %v", err)
	}
	b.Tables[0].Type.Limits.Min = 8
	if got, want := message(validate(t, b)), "size minimum must not be greater than maximum"; got != want {
		t.Errorf("a table's minimum above its maximum: %s", got)
	}
}

// An index is valid if it is below the number of definitions, including imports.
func TestValidateIndexBounds(t *testing.T) {
	imp := func(t ExternType) []Import { return []Import{{"m", "n", t}} }
	one := []RecType{Func(nil, nil)}
	end := []byte{byte(OpEnd)}
	ref := func(n uint64) Expr { return ConstExpr(Instr{Op: OpRefFunc, X: uint32(n)}) }
	// Each module has one import and one definition, so the last valid index is 1.
	funcs := func(n uint64) *Builder {
		return &Builder{Types: one, Imports: imp(ExternType{Kind: ExternFunc}), Funcs: []Function{{Code: end}}}
	}
	with := func(base func(uint64) *Builder, change func(*Builder, uint64)) func(uint64) *Builder {
		return func(n uint64) *Builder {
			b := base(n)
			change(b, n)
			return b
		}
	}
	table := TableType{Elem: FuncRef.Ref}
	tables := func(uint64) *Builder {
		return &Builder{Imports: imp(ExternType{Kind: ExternTable, Table: table}), Tables: []Table{{Type: table}}}
	}
	memories := func(uint64) *Builder {
		return &Builder{Imports: imp(ExternType{Kind: ExternMemory}), Memories: make([]MemoryType, 1)}
	}
	constant := Global{GlobalType{Type: I32}, ConstExpr(I32Const(0))}
	globals := func(uint64) *Builder {
		return &Builder{Imports: imp(ExternType{Kind: ExternGlobal, Global: GlobalType{Type: I32}}), Globals: []Global{constant}}
	}
	tags := func(uint64) *Builder {
		return &Builder{Types: one, Imports: imp(ExternType{Kind: ExternTag}), Tags: []TypeIdx{0}}
	}
	export := func(k ExternKind) func(*Builder, uint64) {
		return func(b *Builder, n uint64) { b.Export("e", k, uint32(n)) }
	}
	zero := ConstExpr(I32Const(0))
	checkBounds(t, []bound{
		{"start", 1, with(funcs, func(b *Builder, n uint64) { f := FuncIdx(n); b.Start = &f }), "unknown function 2"},
		{"export of a function", 1, with(funcs, export(ExternFunc)), "unknown function 2"},
		{"export of a table", 1, with(tables, export(ExternTable)), "unknown table 2"},
		{"export of a memory", 1, with(memories, export(ExternMemory)), "unknown memory 2"},
		{"export of a global", 1, with(globals, export(ExternGlobal)), "unknown global 2"},
		{"export of a tag", 1, with(tags, export(ExternTag)), "unknown tag 2"},
		{"ref.func of a global", 1, with(funcs, func(b *Builder, n uint64) {
			b.Globals = []Global{{GlobalType{Type: FuncRef}, ref(n)}}
		}), "unknown function 2"},
		{"ref.func of an element", 1, with(funcs, func(b *Builder, n uint64) {
			b.Elems = []Elem{{Mode: Passive, UseExprs: true, Type: FuncRef.Ref, Exprs: []Expr{ref(n)}}}
		}), "unknown function 2"},
		{"ref.func of a table", 1, with(funcs, func(b *Builder, n uint64) { b.Tables = []Table{{Type: table, Init: ref(n)}} }), "unknown function 2"},
		{"function of a segment", 1, with(funcs, func(b *Builder, n uint64) { b.Elems = []Elem{{Mode: Passive, Funcs: []FuncIdx{FuncIdx(n)}}} }), "unknown function 2"},
		{"table of a segment", 1, with(tables, func(b *Builder, n uint64) { b.Elems = []Elem{{Mode: Active, Table: TableIdx(n), Offset: zero}} }), "unknown table 2"},
		{"memory of a segment", 1, with(memories, func(b *Builder, n uint64) { b.Data = []Data{{Mode: Active, Memory: MemoryIdx(n), Offset: zero}} }), "unknown memory 2"},
		{"global.get of a global", 1, with(globals, func(b *Builder, n uint64) {
			b.Globals = append(b.Globals, Global{GlobalType{Type: I32}, ConstExpr(Instr{Op: OpGlobalGet, X: uint32(n)})})
		}), "unknown global 2"},
		{"type of a function", 0, func(n uint64) *Builder { return &Builder{Types: one, Funcs: []Function{{Type: TypeIdx(n), Code: end}}} }, "unknown type 1"},
		{"type of a tag", 0, func(n uint64) *Builder { return &Builder{Types: one, Tags: []TypeIdx{TypeIdx(n)}} }, "unknown type 1"},
		{"type of a value", 0, func(n uint64) *Builder {
			return &Builder{Types: one, Globals: []Global{{GlobalType{Type: Ref(RefType{Nullable: true, Heap: HeapType{Type: TypeIdx(n)}})},
				ConstExpr(Instr{Op: OpRefNull, Ref: RefType{Heap: HeapType{Abs: types.HeapNoFunc}}})}}}
		}, "unknown type 1"},
	})
	for _, r := range []struct{ op, operand, want string }{
		// The module that env makes has three functions, two globals, tables, memories and element
		// segments, a data segment and a tag.
		{"call", "3", "unknown function 3"}, {"ref.func", "3", "unknown function 3"},
		{"global.get", "2", "unknown global: global index out of bounds: 2"}, {"global.set", "2", "unknown global: global index out of bounds: 2"},
		{"local.get", "3", "unknown local 3"}, {"table.size", "2", "unknown table 2"}, {"memory.size", "2", "unknown memory 2"},
		{"elem.drop", "2", "unknown elem segment 2"}, {"data.drop", "1", "unknown data segment 1"}, {"throw", "1", "unknown tag 1"}, {"br", "1", "unknown label"},
	} {
		err := validate(t, env(asm(t, "unreachable "+r.op+" "+r.operand), nil))
		if !strings.HasPrefix(message(err), r.want) {
			t.Errorf("%s %s: %s, want %s", r.op, r.operand, message(err), r.want)
		}
	}
}

// The limits of the implementation are the last valid numbers.
func TestValidateCountBounds(t *testing.T) {
	repeat := func(v ValType, n uint64) []ValType {
		list := make([]ValType, n)
		for i := range list {
			list[i] = v
		}
		return list
	}
	fields := func(n uint64) []FieldType {
		list := make([]FieldType, n)
		for i := range list {
			list[i].Packed = 8
		}
		return list
	}
	one := []RecType{Func(nil, nil)}
	end := []byte{byte(OpEnd)}
	name := func(n uint64) string { return strings.Repeat("n", int(n)) }
	memory := ExternType{Kind: ExternMemory}
	table := TableType{Elem: FuncRef.Ref}
	checkBounds(t, []bound{
		{"memories", maxMemories, func(n uint64) *Builder { return &Builder{Memories: make([]MemoryType, n)} }, "memories count exceeds limit of 100"},
		{"memories with an import", maxMemories, func(n uint64) *Builder {
			return &Builder{Imports: []Import{{"a", "b", memory}}, Memories: make([]MemoryType, n-1)}
		}, "memories count exceeds limit of 100"},
		{"imported memories", maxMemories, func(n uint64) *Builder {
			b := &Builder{}
			for range n {
				b.Imports = append(b.Imports, Import{"a", "b", memory})
			}
			return b
		}, "memories count exceeds limit of 100"},
		{"tables", maxTables, func(n uint64) *Builder {
			b := &Builder{}
			for range n {
				b.Tables = append(b.Tables, Table{Type: table})
			}
			return b
		}, "tables count exceeds limit of 100"},
		{"parameters", maxParams, func(n uint64) *Builder { return &Builder{Types: []RecType{Func(repeat(I32, n), nil)}} }, "function params size is out of bounds"},
		{"results", maxResults, func(n uint64) *Builder { return &Builder{Types: []RecType{Func(nil, repeat(I32, n))}} }, "function returns size is out of bounds"},
		{"fields", maxStructFields, func(n uint64) *Builder {
			return &Builder{Types: []RecType{{Types: []SubType{{Final: true, Type: structOf(fields(n)...)}}}}}
		}, "struct fields size is out of bounds"},
		{"supertypes above each other", maxSubtypingDepth, func(n uint64) *Builder {
			b := &Builder{}
			for i := range n + 1 {
				s := SubType{Type: structOf()}
				if i > 0 {
					s.Supers = []TypeIdx{TypeIdx(i - 1)}
				}
				b.Types = append(b.Types, RecType{Types: []SubType{s}})
			}
			return b
		}, "sub type hierarchy too deep: found depth 64, cannot exceed depth 63"},
		{"module of an import", maxString, func(n uint64) *Builder { return &Builder{Imports: []Import{{name(n), "b", memory}}} }, "string size out of bounds"},
		{"name of an import", maxString, func(n uint64) *Builder { return &Builder{Imports: []Import{{"a", name(n), memory}}} }, "string size out of bounds"},
		{"name of an export", maxString, func(n uint64) *Builder {
			return &Builder{Memories: make([]MemoryType, 1), Exports: []Export{{name(n), ExternMemory, 0}}}
		}, "string size out of bounds"},
		{"locals", maxLocals, func(n uint64) *Builder {
			return &Builder{Types: one, Funcs: []Function{{Locals: []Local{{uint32(n), I32}}, Code: end}}}
		}, "too many locals"},
		{"locals with a parameter", maxLocals - 1, func(n uint64) *Builder {
			return &Builder{Types: []RecType{Func([]ValType{I32}, nil)}, Funcs: []Function{{Locals: []Local{{uint32(n), I32}}, Code: end}}}
		}, "too many locals"},
		// A function without locals has one byte for their count.
		{"bytes of a function", maxFunctionSize, func(n uint64) *Builder {
			code := make([]byte, n-1)
			for i := range code {
				code[i] = byte(OpNop)
			}
			code[len(code)-1] = byte(OpEnd)
			return &Builder{Types: one, Funcs: []Function{{Code: code}}}
		}, fmt.Sprintf("function body size count exceeds limit of %d", maxFunctionSize)},
		{"element segments", maxElemSegments, func(n uint64) *Builder {
			b := &Builder{Elems: make([]Elem, n)}
			for i := range b.Elems {
				b.Elems[i].Mode = Passive
			}
			return b
		}, "element segments count exceeds limit of 100000"},
		{"data segments", maxDataSegments, func(n uint64) *Builder {
			b := &Builder{Data: make([]Data, n)}
			for i := range b.Data {
				b.Data[i].Mode = Passive
			}
			return b
		}, "data segments count exceeds limit of 100000"},
		{"data count", maxDataSegments, func(n uint64) *Builder {
			b := &Builder{Data: make([]Data, n), DataCount: true}
			for i := range b.Data {
				b.Data[i].Mode = Passive
			}
			return b
		}, "data count section specifies too many data segments"},
		{"elements of a segment", maxTableEntries, func(n uint64) *Builder {
			return &Builder{Types: one, Funcs: []Function{{Code: end}}, Elems: []Elem{{Mode: Passive, Funcs: make([]FuncIdx, n)}}}
		}, "number of elements is out of bounds"},
		{"types", maxTypes, func(n uint64) *Builder {
			b := &Builder{Types: make([]RecType, n)}
			for i := range b.Types {
				b.Types[i] = one[0]
			}
			return b
		}, "types count exceeds limit of 1000000"},
		// The import of a function counts 2 plus its parameters, and that of a memory 1: 997 * 1,002 +
		// 998 + 8.
		{"sizes of imported types", 996, func(n uint64) *Builder {
			b := &Builder{Types: []RecType{Func(repeat(I32, maxParams), nil), Func(repeat(I32, n), nil)}}
			for range 997 {
				b.Imports = append(b.Imports, Import{"a", "b", ExternType{Kind: ExternFunc}})
			}
			b.Imports = append(b.Imports, Import{"a", "b", ExternType{Kind: ExternFunc, Func: 1}}, Import{"a", "b", memory}, Import{"a", "b", memory},
				Import{"a", "b", memory}, Import{"a", "b", memory}, Import{"a", "b", memory}, Import{"a", "b", memory}, Import{"a", "b", memory}, Import{"a", "b", memory})
			return b
		}, "effective type size exceeds the limit of 1000000"},
	})
}

// The stacks hold exactly as much as their limits allow.
func TestValidateStackBounds(t *testing.T) {
	many := make([]ValType, 1000)
	for i := range many {
		many[i] = I32
	}
	b := &Builder{Types: []RecType{Func(nil, many), Func(nil, nil)}}
	b.Funcs = []Function{{Code: asm(t, "unreachable")}, {Type: 1, Code: asm(t, strings.Repeat("call 0 ", maxOperands/1000)+"unreachable")}}
	if err := validate(t, b); err != nil {
		t.Errorf("as many operands as may be: %v", err)
	}
	var blocks, ends []byte
	for range maxFrames - 1 {
		blocks, ends = append(blocks, byte(OpBlock), codeEmptyBlock), append(ends, byte(OpEnd))
	}
	b.Funcs = []Function{{Type: 1, Code: append(append(blocks, ends...), byte(OpEnd))}}
	if err := validate(t, b); err != nil {
		t.Errorf("as many blocks as may be: %v", err)
	}
}

// An error at an import has its number and its offset in the file, in the compact forms too.
func TestValidateImportPlace(t *testing.T) {
	for _, r := range []struct{ pos, sections, want string }{
		{here0(), `02 { 02 01 'a' 01 'b' 02 00 01 01 'c' 01 'd' 00 05 }`, "unknown type 5: type index out of bounds (at offset 0x12, import 1)"},
		{here0(), `02 { 02 00 00 02 00 01 00 00 00 05 }`, "unknown type 5: type index out of bounds (at offset 0x10, import 1)"},
		{here0(), `02 { 03 00 01 'b' 02 00 01 01 'c' 00 02 00 01 00 01 'e' 00 05 }`, "unknown type 5: type index out of bounds (at offset 0x17, import 2)"},
		{here0(), `02 { 01 01 'a' 00 7f 02 01 'b' 02 00 01 01 'c' 00 05 }`, "unknown type 5: type index out of bounds (at offset 0x15, import 1)"},
		{here0(), `02 { 01 01 'a' 00 7e 00 05 02 01 'b' 01 'c' }`, "unknown type 5: type index out of bounds (at offset 0x12, import 0)"},
		{here0(), `02 { 02 01 'a' 01 'b' 02 00 01 01 'c' 00 7f 02 01 'd' 02 00 01 01 'e' 00 05 }`, "unknown type 5: type index out of bounds (at offset 0x1c, import 2)"},
	} {
		m, err := Decode(module(r.sections))
		if err != nil {
			t.Errorf("%s: %v", r.pos, err)
			continue
		}
		if err := Validate(m, feature.All(), ValidateOptions{}); err == nil || err.Error() != r.want {
			t.Errorf("%s:\ngot:  %v\nwant: %s", r.pos, err, r.want)
		}
	}
}

// The number of a definition in an error counts the imports of its kind.
func TestValidateItemNumber(t *testing.T) {
	b := &Builder{
		Types: []RecType{Func(nil, nil)},
		Imports: []Import{
			{"a", "f", ExternType{Kind: ExternFunc}}, {"a", "t", ExternType{Kind: ExternTable, Table: TableType{Elem: FuncRef.Ref}}},
			{"a", "u", ExternType{Kind: ExternTable, Table: TableType{Elem: FuncRef.Ref}}},
		},
		Tables: []Table{{Type: TableType{Elem: FuncRef.Ref}}, {Type: TableType{Elem: FuncRef.Ref, Limits: types.Limits{Min: 2, Max: 1, HasMax: true}}}},
	}
	if err := validate(t, b); err == nil || !strings.HasSuffix(err.Error(), ", table 3)") {
		t.Errorf("got %v", err)
	}
	b.Tables = nil
	b.Funcs = []Function{{Type: 9, Code: []byte{byte(OpEnd)}}}
	if err := validate(t, b); err == nil || !strings.HasSuffix(err.Error(), ", func 1)") {
		t.Errorf("got %v", err)
	}
}

// A tag has results only with stack switching. A tag without results needs only exceptions.
func TestValidateTagResults(t *testing.T) {
	b := &Builder{Types: []RecType{Func([]ValType{I32}, nil), Func(nil, []ValType{I32})}, Tags: []TypeIdx{0}}
	plain := feature.All().Without(feature.StackSwitching)
	if err := validate(t, b, plain); err != nil {
		t.Error(err)
	}
	if got := message(validate(t, b, plain.Without(feature.Exceptions))); got != "exceptions proposal not enabled" {
		t.Errorf("without exceptions: %s", got)
	}
	b.Tags[0] = 1
	if err := validate(t, b); err != nil {
		t.Error(err)
	}
	if got := message(validate(t, b, plain)); got != "invalid exception type: non-empty tag result type" {
		t.Errorf("results without stack switching: %s", got)
	}
}

// Locals are found where one run of a type ends and the next begins, however many locals there are.
func TestValidateLocalBounds(t *testing.T) {
	for _, n := range []uint32{1, 127, 128, 129, 1000} {
		for index, want := range map[uint32]string{
			0: "i32.eqz", n - 1: "i32.eqz", n: "i64.eqz", 2*n - 1: "i64.eqz", 2 * n: "f32.abs drop i32.const 0 i32.eqz", 2*n + 1: "",
		} {
			code := asm(t, fmt.Sprintf("local.get %d %s drop", index, want))
			b := &Builder{Types: []RecType{Func(nil, nil)}, Funcs: []Function{{Locals: []Local{{n, I32}, {n, I64}, {1, F32}}, Code: code}}}
			got := message(validate(t, b))
			if unknown := fmt.Sprintf("unknown local %d: local index out of bounds", index); want == "" && got != unknown || want != "" && got != "" {
				t.Errorf("%d locals of each type: local %d: %s", n, index, got)
			}
		}
	}
}

// The offset of an access may be the last of a 32-bit memory.
func TestValidateOffsetBounds(t *testing.T) {
	for offset, want := range map[string]string{"0xffffffff": "", "0x100000000": "offset out of range: must be <= 2**32"} {
		if got := message(validate(t, env(asm(t, "i32.const 0 i32.load8_u 0 0 "+offset+" drop"), nil))); got != want {
			t.Errorf("%s: %s, want %s", offset, got, want)
		}
	}
}

// A single result does not need multi-value.
func TestValidateResultCount(t *testing.T) {
	set := feature.All().Without(feature.MultiValue)
	for n, want := range []string{"", "", "func type returns multiple values but the multi-value feature is not enabled"} {
		b := &Builder{Types: []RecType{Func(nil, []ValType{I32, I32}[:n])}}
		if got := message(validate(t, b, set)); got != want {
			t.Errorf("%d results: %s, want %s", n, got, want)
		}
	}
}

// Each label of a br_table takes its own operands, from the first label to the last.
func TestValidateTableLabels(t *testing.T) {
	const code = "block:i64 block:i32 %s i32.const 0 br_table %s end drop i64.const 0 end drop"
	checkCode(t, []codeRow{
		{here0(), fmt.Sprintf(code, "i32.const 1", "2 0 0"), "", ""},
		{here0(), fmt.Sprintf(code, "i32.const 1", "2 1 0"), "", "type mismatch: expected i64, found i32"},
		{here0(), fmt.Sprintf(code, "i64.const 1", "2 1 0"), "", "type mismatch: expected i32, found i64"},
		{here0(), fmt.Sprintf(code, "", "2 0 0"), "", "type mismatch: expected i32 but nothing on stack"},
		{here0(), "block:#1 i32.const 1 end drop", "", "type mismatch: expected i32 but nothing on stack"},
		{here0(), "i32.const 1 i32.const 2 loop:#1 i64.const 3 i32.const 0 br_table 2 0 0 end drop", "", "type mismatch: expected i32, found i64"},
		{here0(), "i32.const 1 i32.const 2 loop:#1 i32.const 0 br_table 2 0 0 end drop", "", ""},
		{here0(), "i64.const 1 drop i32.const 1 i32.const 2 loop:#1 drop drop i64.const 1 i32.const 2 i32.const 0 br_table 2 0 0 end drop", "",
			"type mismatch: expected i32, found i64"},
	})
}

// A type index is known if it is below the number of types, which is 14 in the module that env
// makes.
func TestValidateTypeIndexBounds(t *testing.T) {
	for _, op := range []string{"struct.new %d", "array.new %d", "call_ref %d", "cont.new %d", "struct.get %d 0", "call_indirect %d 0", "ref.null %d drop", "block:#%d end"} {
		const unknown = "unknown type"
		if got := message(validate(t, env(asm(t, "unreachable "+fmt.Sprintf(op, 14)), nil))); !strings.HasPrefix(got, unknown) {
			t.Errorf("%s: %s", op, got)
		}
		if got := message(validate(t, env(asm(t, "unreachable "+fmt.Sprintf(op, 13)), nil))); strings.HasPrefix(got, unknown) {
			t.Errorf("the last type, %s: %s", op, got)
		}
	}
}

// Without garbage collection, constant expressions can name only imported globals.
func TestValidateGlobalOfGlobal(t *testing.T) {
	get := func(i uint32) Global { return Global{GlobalType{Type: I32}, ConstExpr(Instr{Op: OpGlobalGet, X: i})} }
	b := &Builder{Imports: []Import{{"a", "b", ExternType{Kind: ExternGlobal, Global: GlobalType{Type: I32}}}}, Globals: []Global{get(0)}}
	set := feature.All().Without(feature.GC, feature.CustomDescriptors, feature.StackSwitching, feature.SharedEverythingThreads)
	if err := validate(t, b, set); err != nil {
		t.Error(err)
	}
	b.Globals = append(b.Globals, get(1))
	if got, want := message(validate(t, b, set)), "constant expression required: global.get of locally defined global"; got != want {
		t.Errorf("got %s", got)
	}
	if err := validate(t, b); err != nil {
		t.Errorf("with garbage collection: %v", err)
	}
}

// A data count of zero is still a data count.
func TestValidateNoData(t *testing.T) {
	b := &Builder{Types: []RecType{Func(nil, nil)}, Funcs: []Function{{Code: asm(t, "data.drop 0")}}, DataCount: true}
	if got, want := message(validate(t, b)), "unknown data segment 0"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Continuations may be bound to no arguments, and may switch with a tag without parameters.
func TestValidateContinuationBounds(t *testing.T) {
	checkCode(t, []codeRow{
		{here0(), "ref.null 11 cont.bind 11 11", "11!", ""},
		{here0(), "i32.const 1 ref.null 13 cont.bind 13 13 drop drop", "", ""},
	})
	code := func(in Instr) []byte { return append(in.Append(asm(t, "unreachable")[:1]), byte(OpEnd)) }
	resume := Instr{Op: OpResume, X: tyContIn, Handlers: []Handler{{Tag: 1, Switch: true}}}
	for _, r := range []struct {
		tag  TypeIdx
		in   Instr
		want string
	}{
		{tyNone, resume, ""},
		{tyExn, resume, "type mismatch: switch tag does not match continuation"},
		{tyI2, resume, "type mismatch: switch tag does not match continuation"},
		{tyNone, Instr{Op: OpSwitch, X: tyContIn, Y: 1}, "type mismatch: i32 is not a continuation"},
		{tyExn, Instr{Op: OpSwitch, X: tyContIn, Y: 1}, "type mismatch: non-empty tag parameter type"},
	} {
		b := env(code(r.in), nil)
		b.Tags = append(b.Tags, r.tag)
		if got := message(validate(t, b)); got != r.want {
			t.Errorf("%v with a tag of type %d: %s, want %s", r.in.Op, r.tag, got, r.want)
		}
	}
}

// The largest possible type index can be written, but no type has it.
func TestValidateLastTypeIndex(t *testing.T) {
	const last = math.MaxUint32
	const want = "unknown type 4294967295: type index out of bounds"
	for name, b := range map[string]*Builder{
		"reference": {Globals: []Global{{GlobalType{Type: Ref(RefType{Nullable: true, Heap: HeapType{Type: last}})},
			ConstExpr(Instr{Op: OpRefNull, Ref: RefType{Heap: HeapType{Type: last}}})}}},
		"continuation": {Types: []RecType{{Types: []SubType{{Final: true, Type: &ContType{last}}}}}},
		"import":       {Imports: []Import{{"a", "b", ExternType{Kind: ExternFunc, Func: last}}}},
		"function":     {Funcs: []Function{{Type: last, Code: []byte{byte(OpEnd)}}}},
		"supertype":    {Types: []RecType{{Types: []SubType{{Supers: []TypeIdx{last}, Type: structOf()}}}}},
	} {
		got := message(validate(t, b))
		if got != want && !(name == "supertype" && got == "supertypes must be defined before subtypes") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// A global may be both mutable and shared. No other flags exist.
func TestGlobalFlags(t *testing.T) {
	want := GlobalType{Type: I32, Mutable: true, Shared: true}
	m, err := Decode((&Builder{Globals: []Global{{want, ConstExpr(I32Const(0))}}}).Append(nil))
	if err != nil {
		t.Fatal(err)
	}
	if m.Globals[0].Type != want {
		t.Errorf("got %+v", m.Globals[0].Type)
	}
	if err := Validate(m, feature.All(), ValidateOptions{}); err != nil {
		t.Error(err)
	}
}

// Lists in instructions have their own limits.
func TestInstrListBounds(t *testing.T) {
	repeat := func(n int) []ValType {
		list := make([]ValType, n)
		for i := range list {
			list[i] = I32
		}
		return list
	}
	catches := func(n int) []Catch {
		list := make([]Catch, n)
		for i := range list {
			list[i].Kind = CatchAll
		}
		return list
	}
	handlers := func(n int) []Handler {
		list := make([]Handler, n)
		for i := range list {
			list[i] = Handler{Tag: 1, Switch: true}
		}
		return list
	}
	for _, r := range []struct {
		in   Instr
		want string
	}{
		{Instr{Op: OpSelectT, Types: repeat(maxSelectTypes)}, "invalid result arity"},
		{Instr{Op: OpSelectT, Types: repeat(maxSelectTypes + 1)}, "select types size is out of bounds"},
		{Instr{Op: OpTryTable, Catches: catches(maxCatches)}, ""},
		{Instr{Op: OpTryTable, Catches: catches(maxCatches + 1)}, "catches size is out of bounds"},
		{Instr{Op: OpResume, X: tyContIn, Handlers: handlers(maxHandlers)}, ""},
		{Instr{Op: OpResume, X: tyContIn, Handlers: handlers(maxHandlers + 1)}, "resume table size is out of bounds"},
	} {
		code := r.in.Append([]byte{byte(OpUnreachable)})
		if r.in.Op == OpTryTable {
			code = append(code, byte(OpEnd))
		}
		b := env(append(code, byte(OpUnreachable), byte(OpEnd)), nil)
		b.Tags = append(b.Tags, tyNone)
		if got := message(validate(t, b)); !strings.HasPrefix(got, r.want) || r.want == "" && got != "" {
			t.Errorf("%v: %s, want %s", r.in.Op, got, r.want)
		}
	}
}

// The flags of an access have a bit for the memory index only with multi-memory. Flags above the
// valid bits are malformed, and are not an alignment that is too large.
func TestMemArgFlags(t *testing.T) {
	all := feature.All()
	one := all.Without(feature.MultiMemory)
	const malformed, large = "malformed memop alignment: alignment too large", "invalid memop alignment: alignment must not be larger than natural"
	for _, r := range []struct {
		set   feature.Set
		flags byte
		want  string
	}{
		{one, 0x02, ""}, {one, 0x03, large}, {one, 0x1f, large}, {one, 0x20, malformed}, {one, 0x40, malformed},
		{all, 0x02, ""}, {all, 0x1f, large}, {all, 0x3f, large},
	} {
		code := []byte{byte(OpI32Const), 0, byte(OpI32Load), r.flags, 0, byte(OpDrop), byte(OpEnd)}
		b := &Builder{Types: []RecType{Func(nil, nil)}, Memories: make([]MemoryType, 1), Funcs: []Function{{Code: code}}}
		if got := message(validate(t, b, r.set)); got != r.want {
			t.Errorf("flags %#x with multi-memory %v: %s, want %s", r.flags, r.set.Has(feature.MultiMemory), got, r.want)
		}
	}
}

// A block may have the first or the last type index. A negative number of two bytes is not a block
// type.
func TestBlockTypeBounds(t *testing.T) {
	checkCode(t, []codeRow{
		{here0(), "block:#0 end", "", ""},
		{here0(), "block:#4294967295 end", "", "unknown type: type index out of bounds: 4294967295"},
	})
	code := []byte{byte(OpBlock), 0xff, 0x7f, byte(OpEnd), byte(OpEnd)}
	if got, want := message(validate(t, env(code, nil))), "invalid function type"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Validation reports blocks in a constant expression as not constant. Decoding fails if they are
// nested too deeply.
func TestConstExprNesting(t *testing.T) {
	for n, want := range map[int]string{
		maxConstNesting:     "",
		maxConstNesting + 1: "constant expression required: blocks are nested too deeply",
	} {
		var code []Instr
		for range n {
			code = append(code, Instr{Op: OpBlock})
		}
		for range n {
			code = append(code, Instr{Op: OpEnd})
		}
		m, err := Decode((&Builder{Globals: []Global{{GlobalType{Type: I32}, ConstExpr(code...)}}}).Append(nil))
		if got := message(err); got != want {
			t.Errorf("%d blocks: %s, want %s", n, got, want)
		}
		if err == nil {
			const want = "constant expression required: non-constant operator: block"
			if got := message(Validate(m, feature.All(), ValidateOptions{})); got != want {
				t.Errorf("%d blocks are validated: %s, want %s", n, got, want)
			}
		}
	}
}

// Values outside an enumeration print as numbers.
func TestUnknownNumbers(t *testing.T) {
	for got, want := range map[string]string{
		SectionID(numSections).String(): "SectionID(14)",
		SectionTag.String():             "tag",
		ExternKind(0).String():          "ExternKind(0)",
		(ExternTag + 1).String():        "ExternKind(6)",
		types.Heap(0).String():          "Heap(0)",
		(types.HeapNoCont + 1).String(): "Heap(15)",
		types.CoreVal{}.String():        "CoreVal(0)",
		types.CoreVal{Kind: 7}.String(): "CoreVal(7)",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
