package encoding

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/types"
)

// row is a component: the text form of its sections, and the definitions they hold.
type row struct {
	pos      string
	sections string
	want     []Def
}

func is(sections string, want ...Def) row { return row{here(), sections, want} }

func prim(p types.Prim) *ValType { return &ValType{Prim: p} }

func ty(def DefType) *Type { return &Type{Def: def} }

func builtin(b Builtin) *Canon { return &Canon{Def: &b} }

func opt[T any](x T) *T { return &x }

const emptyModule = `00 'asm' 01 00 00 00`

// The bytes of these rows were written by hand from Binary.md.
func structureRows() []row {
	return []row{
		is(``),
		// custom sections
		is(`00 { 02 'hi' }`, &Custom{Name: "hi"}),
		is(`00 { 02 'hi' ff fe }`, &Custom{Name: "hi", Data: []byte{0xff, 0xfe}}),
		is(`00 01 00 00 01 00`, &Custom{}, &Custom{}),
		// core modules and nested components
		is(`01 { `+emptyModule+` }`, &CoreModule{Bytes: bytesOf(emptyModule)}),
		is(`04 08 00 'asm' 0d 00 01 00`, &NestedComponent{Component: &Component{}}),
		is(`04 16 00 'asm' 0d 00 01 00  04 0c 00 'asm' 0d 00 01 00  07 02 01 73`,
			&NestedComponent{Component: &Component{Defs: []Def{
				&NestedComponent{Component: &Component{Defs: []Def{ty(&PrimType{types.String})}}},
			}}}),
		// core instances
		is(`02 { 02  00 01 01 01 'i' 12 03  01 00 }`,
			&CoreInstance{Expr: &CoreInstantiate{Module: 1, Args: []CoreInstantiateArg{{"i", 3}}}},
			&CoreInstance{Expr: &CoreInlineExports{}}),
		is(`02 { 01  01 07  01 'f' 00 00  01 't' 01 01  01 'm' 02 02  01 'g' 03 03  01 'e' 04 04  01 'm' 11 05  01 'i' 12 06 }`,
			&CoreInstance{Expr: &CoreInlineExports{Exports: []CoreInlineExport{
				{"f", CoreFuncIdx(0).SortIndex()}, {"t", CoreTableIdx(1).SortIndex()}, {"m", CoreMemoryIdx(2).SortIndex()},
				{"g", CoreGlobalIdx(3).SortIndex()}, {"e", CoreTagIdx(4).SortIndex()}, {"m", CoreModuleIdx(5).SortIndex()},
				{"i", CoreInstanceIdx(6).SortIndex()},
			}}}),
		// instances
		is(`05 { 01  00 02 05  01 'f' 01 00  01 'v' 02 01  01 't' 03 02  01 'c' 04 03  01 'i' 05 04 }`,
			&Instance{Expr: &Instantiate{Component: 2, Args: []InstantiateArg{
				{"f", FuncIdx(0).SortIndex()}, {"v", ValueIdx(1).SortIndex()}, {"t", TypeIdx(2).SortIndex()},
				{"c", ComponentIdx(3).SortIndex()}, {"i", InstanceIdx(4).SortIndex()},
			}}}),
		is(`05 { 01  01 02  00 01 'm' 00 11 07  02 01 'f' 00 01 08 }`,
			&Instance{Expr: &InlineExports{Exports: []InlineExport{
				{Plain("m"), CoreModuleIdx(7).SortIndex()}, {ExternName{Name: "f", Form: 2}, FuncIdx(8).SortIndex()},
			}}}),
		// aliases
		is(`06 { 06  01 00 02 01 'g'  00 11 00 00 01 'm'  03 00 00 01 't'  00 00 01 04 01 'f'  00 02 01 05 01 'm'  00 04 01 00 01 'e' }`,
			&Alias{Sort: SortFunc, Target: ExportAlias{2, "g"}},
			&Alias{Sort: SortCoreModule, Target: ExportAlias{0, "m"}},
			&Alias{Sort: SortType, Target: ExportAlias{0, "t"}},
			&Alias{Sort: SortCoreFunc, Target: CoreExportAlias{4, "f"}},
			&Alias{Sort: SortCoreMemory, Target: CoreExportAlias{5, "m"}},
			&Alias{Sort: SortCoreTag, Target: CoreExportAlias{0, "e"}}),
		is(`06 { 04  00 11 02 00 00  00 10 02 01 02  03 02 00 00  04 02 00 00 }`,
			&Alias{Sort: SortCoreModule, Target: OuterAlias{0, 0}},
			&Alias{Sort: SortCoreType, Target: OuterAlias{1, 2}},
			&Alias{Sort: SortType, Target: OuterAlias{0, 0}},
			&Alias{Sort: SortComponent, Target: OuterAlias{0, 0}}),
		// start functions and values
		is(`09 { 01 02 03 04 01 }`, &Start{Func: 1, Args: []ValueIdx{3, 4}, Results: 1}),
		is(`0c { 02  7d 01 2a  73 02 01 'x' }`,
			&Value{Type: ValType{Prim: types.U8}, Bytes: []byte{42}}, &Value{Type: ValType{Prim: types.String}, Bytes: []byte("\x01x")}),
		// imports and exports
		is(`0a { 08  00 01 'm' 00 11 00  00 01 'f' 01 01  01 01 't' 03 00 02  00 01 'r' 03 01  00 01 'c' 04 03  00 01 'i' 05 04  00 00 02 00 05  00 00 02 01 7f }`,
			&Import{Name: Plain("m"), Type: ExternCoreModule{0}},
			&Import{Name: Plain("f"), Type: ExternFunc{1}},
			&Import{Name: ExternName{Name: "t", Form: 1}, Type: ExternTypeEq{2}},
			&Import{Name: Plain("r"), Type: ExternSubResource{}},
			&Import{Name: Plain("c"), Type: ExternComponent{3}},
			&Import{Name: Plain("i"), Type: ExternInstance{4}},
			&Import{Type: ExternValueEq{5}},
			&Import{Type: ExternValue{ValType{Prim: types.Bool}}}),
		is(`0a { 02  02 01 'i' 03 00 03 'a:b' 01 01 '1' 02 01 'x' 05 00  02 01 'j' 00 05 01 }`,
			&Import{
				Name: ExternName{Name: "i", Form: 2, Attrs: []Attr{{AttrImplements, "a:b"}, {AttrVersionSuffix, "1"}, {AttrExternalID, "x"}}},
				Type: ExternInstance{0},
			},
			&Import{Name: ExternName{Name: "j", Form: 2}, Type: ExternInstance{1}}),
		is(`0b { 02  00 02 'e1' 01 00 00  00 02 'e2' 01 00 01 01 00 }`,
			&Export{Name: Plain("e1"), Item: FuncIdx(0).SortIndex()},
			&Export{Name: Plain("e2"), Item: FuncIdx(0).SortIndex(), Type: ExternFunc{0}}),
	}
}

func typeRows() []row {
	return []row{
		is(`07 { 0e  7f 7e 7d 7c 7b 7a 79 78 77 76 75 74 73 64 }`,
			ty(&PrimType{types.Bool}), ty(&PrimType{types.S8}), ty(&PrimType{types.U8}), ty(&PrimType{types.S16}), ty(&PrimType{types.U16}),
			ty(&PrimType{types.S32}), ty(&PrimType{types.U32}), ty(&PrimType{types.S64}), ty(&PrimType{types.U64}), ty(&PrimType{types.F32}),
			ty(&PrimType{types.F64}), ty(&PrimType{types.Char}), ty(&PrimType{types.String}), ty(&PrimType{types.ErrorContext})),
		is(`07 { 01  72 02 01 'a' 7f 01 'b' 00 }`,
			ty(&Record{[]Field{{"a", ValType{Prim: types.Bool}}, {"b", Ref(0)}}})),
		is(`07 { 01  71 02 01 'x' 01 7e 00 01 'y' 00 00 }`,
			ty(&Variant{[]Case{{"x", prim(types.S8)}, {"y", nil}}})),
		is(`07 { 06  70 7b  67 7d 03  6f 02 7c 79  6f 00  6b 7a  63 73 79 }`,
			ty(&List{ValType{Prim: types.U16}}), ty(&FixedList{ValType{Prim: types.U8}, 3}),
			ty(&Tuple{[]ValType{{Prim: types.S16}, {Prim: types.U32}}}), ty(&Tuple{}), ty(&Option{ValType{Prim: types.S32}}),
			ty(&Map{ValType{Prim: types.String}, ValType{Prim: types.U32}})),
		is(`07 { 02  6e 02 02 'f1' 02 'f2'  6d 01 01 'e' }`,
			ty(&Flags{[]string{"f1", "f2"}}), ty(&Enum{[]string{"e"}})),
		is(`07 { 04  6a 00 00  6a 01 77 00  6a 00 01 78  6a 01 76 01 75 }`,
			ty(&Result{}), ty(&Result{OK: prim(types.U64)}), ty(&Result{Err: prim(types.S64)}),
			ty(&Result{prim(types.F32), prim(types.F64)})),
		is(`07 { 06  69 00  68 01  66 01 7d  66 00  65 01 73  65 00 }`,
			ty(&Own{0}), ty(&Borrow{1}), ty(&Stream{prim(types.U8)}), ty(&Stream{}), ty(&Future{prim(types.String)}), ty(&Future{})),
		is(`07 { 03  70 02  70 ff 00  70 3f }`, // indices are signed: 127 takes two bytes
			ty(&List{Ref(2)}), ty(&List{Ref(127)}), ty(&List{Ref(63)})),
		is(`07 { 03  40 00 01 00  40 01 01 'p' 7f 00 79  43 00 01 00 }`,
			ty(&Func{}), ty(&Func{Params: []Field{{"p", ValType{Prim: types.Bool}}}, Result: prim(types.U32)}), ty(&Func{Async: true})),
		is(`07 { 03  3f 7f 00  3f 7f 01 01  3f 7e 00 }`,
			ty(&Resource{Rep: core.I32}), ty(&Resource{Rep: core.I32, Dtor: opt(CoreFuncIdx(1))}), ty(&Resource{Rep: core.I64})),
		is(`07 { 01  41 04  01 73  03 00 01 'a' 03 00 00  01 40 00 01 00  04 00 01 'b' 01 02 }`,
			ty(&ComponentType{[]Decl{
				ty(&PrimType{types.String}),
				&Import{Name: Plain("a"), Type: ExternTypeEq{0}},
				ty(&Func{}),
				&ExportDecl{Name: Plain("b"), Type: ExternFunc{2}},
			}})),
		is(`07 { 01  42 04  00 60 00 00  02 03 02 01 00  04 00 01 't' 03 00 00  01 42 01 01 41 00 }`,
			ty(&InstanceType{[]Decl{
				&CoreType{Def: &CoreRec{core.Func(nil, nil)}},
				&Alias{Sort: SortType, Target: OuterAlias{1, 0}},
				&ExportDecl{Name: Plain("t"), Type: ExternTypeEq{0}},
				ty(&InstanceType{[]Decl{ty(&ComponentType{})}}),
			}})),
	}
}

func coreTypeRows() []row {
	return []row{
		is(`03 { 01  60 00 00 }`, &CoreType{Def: &CoreRec{core.Func(nil, nil)}}),
		is(`03 { 01  60 05 7f 7e 7d 7c 7b 02 70 6f }`, &CoreType{Def: &CoreRec{core.Func(
			[]core.ValType{core.I32, core.I64, core.F32, core.F64, core.V128}, []core.ValType{core.FuncRef, core.ExternRef})}}),
		is(`03 { 01  00 50 00  60 00 00 }`,
			&CoreType{Def: &CoreRec{core.RecType{Types: []core.SubType{{Type: &core.FuncType{}}}}}}),
		is(`03 { 01  4e 03  50 00 5f 02 7f 00 78 01  4f 01 00 5f 00  5e 64 00 01 }`,
			&CoreType{Def: &CoreRec{core.RecType{Explicit: true, Types: []core.SubType{
				{Type: &core.StructType{Fields: []core.FieldType{{Type: core.I32}, {Packed: 8, Mutable: true}}}},
				{Final: true, Supers: []core.TypeIdx{0}, Type: &core.StructType{}},
				{Final: true, Type: &core.ArrayType{Elem: core.FieldType{Type: core.Ref(core.RefType{}), Mutable: true}}},
			}}}}),
		is(`03 { 02  65 60 01 65 70 00  5e 65 6e 00 }`,
			&CoreType{Def: &CoreRec{core.RecType{Types: []core.SubType{{Final: true, Shared: true, Type: &core.FuncType{
				Params: []core.ValType{core.Ref(core.RefType{Nullable: true, Heap: core.HeapType{Abs: types.HeapFunc, Shared: true}})},
			}}}}}},
			&CoreType{Def: &CoreRec{core.RecType{Types: []core.SubType{{Final: true, Type: &core.ArrayType{Elem: core.FieldType{
				Type: core.Ref(core.RefType{Nullable: true, Heap: core.HeapType{Abs: types.HeapAny, Shared: true}}),
			}}}}}}}),
		is(`03 { 01  50 04  01 60 00 00  00 01 'a' 01 'b' 00 00  02 10 01 01 00  03 01 'e' 00 00 }`,
			&CoreType{Def: &CoreModuleType{[]CoreModuleDecl{
				&CoreTypeDecl{Rec: core.Func(nil, nil)},
				&CoreImportDecl{Import: core.Import{Module: "a", Name: "b", Type: core.ExternType{Kind: core.ExternFunc}}},
				&CoreAliasDecl{Count: 1, Index: 0},
				&CoreExportDecl{Name: "e", Type: core.ExternType{Kind: core.ExternFunc}},
			}}}),
		is(`03 { 01  50 06  03 01 't' 01 70 01 01 02  03 01 'm' 02 00 01  03 01 'n' 02 0c 01 00  03 01 'g' 03 7f 01  03 01 'x' 04 00 03  03 00 02 03 01 02 }`,
			&CoreType{Def: &CoreModuleType{[]CoreModuleDecl{
				&CoreExportDecl{Name: "t", Type: core.ExternType{Kind: core.ExternTable, Table: core.TableType{
					Elem: core.FuncRef.Ref, Limits: types.Limits{Min: 1, Max: 2, HasMax: true},
				}}},
				&CoreExportDecl{Name: "m", Type: core.ExternType{Kind: core.ExternMemory, Memory: core.MemoryType{Limits: types.Limits{Min: 1}}}},
				&CoreExportDecl{Name: "n", Type: core.ExternType{Kind: core.ExternMemory, Memory: core.MemoryType{
					Limits: types.Limits{Min: 1, Is64: true}, HasPageSize: true,
				}}},
				&CoreExportDecl{Name: "g", Type: core.ExternType{Kind: core.ExternGlobal, Global: core.GlobalType{Type: core.I32, Mutable: true}}},
				&CoreExportDecl{Name: "x", Type: core.ExternType{Kind: core.ExternTag, Tag: 3}},
				&CoreExportDecl{Type: core.ExternType{Kind: core.ExternMemory, Memory: core.MemoryType{
					Limits: types.Limits{Min: 1, Max: 2, HasMax: true, Shared: true},
				}}},
			}}}),
	}
}

func canonRows() []row {
	return []row{
		is(`08 { 03  00 00 00 00 00  00 00 01 03 00 03 00 04 05 01  00 00 02 03 06 07 03 05 04 02 }`,
			&Canon{Def: &Lift{Func: 0, Type: 0}},
			&Canon{Def: &Lift{Func: 1, Opts: []CanonOpt{{Kind: OptUTF8}, MemoryOpt(0), ReallocOpt(5)}, Type: 1}},
			&Canon{Def: &Lift{Func: 2, Opts: []CanonOpt{{Kind: OptAsync}, CallbackOpt(3), PostReturnOpt(4)}, Type: 2}}),
		is(`08 { 03  01 00 00 01 01  01 00 01 01 02  01 00 02 02 08 07 09 }`,
			&Canon{Def: &Lower{Func: 0, Opts: []CanonOpt{{Kind: OptUTF16}}}},
			&Canon{Def: &Lower{Func: 1, Opts: []CanonOpt{{Kind: OptLatin1UTF16}}}},
			&Canon{Def: &Lower{Func: 2, Opts: []CanonOpt{CoreTypeOpt(7), {Kind: OptGC}}}}),
		is(`08 { 03  02 05  03 06  04 07 }`,
			builtin(Builtin{Op: OpResourceNew, Type: 5}), builtin(Builtin{Op: OpResourceDrop, Type: 6}), builtin(Builtin{Op: OpResourceRep, Type: 7})),
		is(`08 { 05  24  25  09 01 00 00  09 00 79 01 06  05 }`,
			builtin(Builtin{Op: OpBackpressureInc}), builtin(Builtin{Op: OpBackpressureDec}), builtin(Builtin{Op: OpTaskReturn}),
			builtin(Builtin{Op: OpTaskReturn, Result: prim(types.U32), Opts: []CanonOpt{{Kind: OptAsync}}}), builtin(Builtin{Op: OpTaskCancel})),
		is(`08 { 05  0a 7f 00  0b 7e 01  06 00  06 01  0d }`,
			builtin(Builtin{Op: OpContextGet, Val: core.I32}), builtin(Builtin{Op: OpContextSet, Val: core.I64, Slot: 1}),
			builtin(Builtin{Op: OpSubtaskCancel}), builtin(Builtin{Op: OpSubtaskCancel, Async: true}), builtin(Builtin{Op: OpSubtaskDrop})),
		is(`08 { 07  0e 03  0f 03 02 03 00 04 05  10 03 00  11 03 00  12 03 01  13 03  14 03 }`,
			builtin(Builtin{Op: OpStreamNew, Type: 3}), builtin(Builtin{Op: OpStreamRead, Type: 3, Opts: []CanonOpt{MemoryOpt(0), ReallocOpt(5)}}),
			builtin(Builtin{Op: OpStreamWrite, Type: 3}), builtin(Builtin{Op: OpStreamCancelRead, Type: 3}),
			builtin(Builtin{Op: OpStreamCancelWrite, Type: 3, Async: true}), builtin(Builtin{Op: OpStreamDropReadable, Type: 3}),
			builtin(Builtin{Op: OpStreamDropWritable, Type: 3})),
		is(`08 { 07  15 04  16 04 02 03 00 04 05  17 04 00  18 04 00  19 04 01  1a 04  1b 04 }`,
			builtin(Builtin{Op: OpFutureNew, Type: 4}), builtin(Builtin{Op: OpFutureRead, Type: 4, Opts: []CanonOpt{MemoryOpt(0), ReallocOpt(5)}}),
			builtin(Builtin{Op: OpFutureWrite, Type: 4}), builtin(Builtin{Op: OpFutureCancelRead, Type: 4}),
			builtin(Builtin{Op: OpFutureCancelWrite, Type: 4, Async: true}), builtin(Builtin{Op: OpFutureDropReadable, Type: 4}),
			builtin(Builtin{Op: OpFutureDropWritable, Type: 4})),
		is(`08 { 03  1c 01 00  1d 00  1e }`, builtin(Builtin{Op: OpErrorContextNew, Opts: []CanonOpt{{Kind: OptUTF8}}}),
			builtin(Builtin{Op: OpErrorContextDebugMessage}), builtin(Builtin{Op: OpErrorContextDrop})),
		is(`08 { 05  1f  20 00 01  21 00 02  22  23 }`, builtin(Builtin{Op: OpWaitableSetNew}), builtin(Builtin{Op: OpWaitableSetWait, Memory: 1}),
			builtin(Builtin{Op: OpWaitableSetPoll, Memory: 2}), builtin(Builtin{Op: OpWaitableSetDrop}), builtin(Builtin{Op: OpWaitableJoin})),
		is(`08 { 09  26  27 01 02  28  29 00  0c 00  2a 00  2b 00  2c 00  2d 00 }`,
			builtin(Builtin{Op: OpThreadIndex}), builtin(Builtin{Op: OpThreadNewIndirect, CoreType: 1, Table: 2}),
			builtin(Builtin{Op: OpThreadResumeLater}), builtin(Builtin{Op: OpThreadSuspend}), builtin(Builtin{Op: OpThreadYield}),
			builtin(Builtin{Op: OpThreadSuspendThenResume}), builtin(Builtin{Op: OpThreadYieldThenResume}),
			builtin(Builtin{Op: OpThreadSuspendThenPromote}), builtin(Builtin{Op: OpThreadYieldThenPromote})),
		is(`08 { 03  40 01 02  41 00 03 04  42 01 }`,
			builtin(Builtin{Op: OpThreadSpawnRef, Shared: true, CoreType: 2}), builtin(Builtin{Op: OpThreadSpawnIndirect, CoreType: 3, Table: 4}),
			builtin(Builtin{Op: OpThreadAvailableParallelism, Shared: true})),
	}
}

// layoutRows are components whose bytes hold more information than their trees.
func layoutRows() []row {
	return []row{
		is(`07 01 00`), // an empty section
		is(`05 01 00 08 01 00`),
		is(`07 02 01 73 07 02 01 73`, ty(&PrimType{types.String}), ty(&PrimType{types.String})), // two sections of one kind
		is(`07 02 01 73 07 01 00 07 02 01 73`, ty(&PrimType{types.String}), ty(&PrimType{types.String})),
		is(`07 81 80 80 80 00 00`),                               // the size in five bytes
		is(`07 { 81 80 80 00 73 }`, ty(&PrimType{types.String})), // the count in four
		is(`07 86 00 02  70 80 80 00  73`, ty(&List{Ref(0)}), ty(&PrimType{types.String})),
		is(`00 85 80 80 00 82 00 'hi' 00`, &Custom{Name: "hi", Data: []byte{0}}),
		is(`01 88 80 80 80 00 `+emptyModule, &CoreModule{Bytes: bytesOf(emptyModule)}),
		is(`04 94 80 80 00 00 'asm' 0d 00 01 00  07 88 80 00 82 80 80 00 68 80 00 73`,
			&NestedComponent{Component: &Component{Defs: []Def{ty(&Borrow{0}), ty(&PrimType{types.String})}}}),
		// a group of one
		is(`03 06 01  4e 01 60 00 00`, &CoreType{Def: &CoreRec{core.RecType{Explicit: true, Types: core.Func(nil, nil).Types}}}),
		// explicit final
		is(`03 06 01  4f 00 60 00 00`, &CoreType{Def: &CoreRec{core.Func(nil, nil)}}),
		is(`03 07 01  4f 80 00 60 00 00`, &CoreType{Def: &CoreRec{core.Func(nil, nil)}}),
		is(`03 06 01  60 01 63 70 00`, // a reference type in its long form
			&CoreType{Def: &CoreRec{core.Func([]core.ValType{core.FuncRef}, nil)}}),
		is(`03 { 01  60 00 02 63 65 6f 64 6f }`, &CoreType{Def: &CoreRec{core.Func(nil, []core.ValType{
			core.Ref(core.RefType{Nullable: true, Heap: core.HeapType{Abs: types.HeapExtern, Shared: true}}),
			core.Ref(core.RefType{Heap: core.HeapType{Abs: types.HeapExtern}}),
		})}}),
		is(`03 0c 01  50 01 03 01 'm' 02 01 81 00 82 00`, &CoreType{Def: &CoreModuleType{[]CoreModuleDecl{
			&CoreExportDecl{Name: "m", Type: core.ExternType{Kind: core.ExternMemory, Memory: core.MemoryType{Limits: types.Limits{Min: 1, Max: 2, HasMax: true}}}},
		}}}),
	}
}

func TestDecode(t *testing.T) {
	for _, rows := range [][]row{structureRows(), typeRows(), coreTypeRows(), canonRows(), layoutRows()} {
		for _, r := range rows {
			t.Run(r.pos, func(t *testing.T) {
				data := component(r.sections)
				c, err := decode(data)
				if err != nil {
					t.Fatalf("%s: %v", r.pos, err)
				}
				if diff := cmp.Diff(r.want, c.Defs, ignoreLayout); diff != "" {
					t.Errorf("%s: definitions (-want +got):\n%s", r.pos, diff)
				}
				checkLaw(t, data)
			})
		}
	}
}

// A built tree is written in the canonical form. All tables of rows except layoutRows are in that
// form.
func TestAppendBuilt(t *testing.T) {
	for _, rows := range [][]row{structureRows(), typeRows(), coreTypeRows(), canonRows()} {
		for _, r := range rows {
			got := (&Component{Defs: r.want}).Append(nil)
			if diff := cmp.Diff(component(r.sections), got); diff != "" {
				t.Errorf("%s: bytes (-want +got):\n%s", r.pos, diff)
			}
		}
	}
}

func TestCanonOpsTable(t *testing.T) {
	seen := map[CanonOp]bool{}
	for _, info := range CanonOps() {
		if seen[info.Op] {
			t.Errorf("%v is in the table twice", info.Op)
		}
		seen[info.Op] = true
		got, ok := info.Op.Info()
		if !ok || got.Name != info.Name || info.Op.String() != info.Name {
			t.Errorf("Info(%#x) = %v, %v", uint8(info.Op), got, ok)
		}
	}
	rows := map[CanonOp]bool{}
	for _, r := range canonRows() {
		for _, d := range r.want {
			if b, ok := d.(*Canon).Def.(*Builtin); ok {
				rows[b.Op] = true
			}
		}
	}
	if diff := cmp.Diff(seen, rows); diff != "" {
		t.Errorf("built-ins in the table, and in the test's rows (-table +rows):\n%s", diff)
	}
}
