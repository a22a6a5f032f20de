package core

import (
	"fmt"

	"github.com/mortise-wasm/mortise/model/types"
)

// The index spaces of a core module. Each has its own type, so code that mixes two of them does not
// compile.
type (
	TypeIdx   uint32
	FuncIdx   uint32
	TableIdx  uint32
	MemoryIdx uint32
	GlobalIdx uint32
	TagIdx    uint32
)

// ValType is a core value type as written: a reference in it may name a type by index. It is
// comparable. The zero value is invalid.
type ValType struct {
	Kind types.CoreKind
	// Ref is set if Kind is [types.RefKind].
	Ref RefType
}

// The number types, and the reference types of WebAssembly 2.0.
var (
	I32       = ValType{Kind: types.I32Kind}
	I64       = ValType{Kind: types.I64Kind}
	F32       = ValType{Kind: types.F32Kind}
	F64       = ValType{Kind: types.F64Kind}
	V128      = ValType{Kind: types.V128Kind}
	FuncRef   = Ref(RefType{Nullable: true, Heap: HeapType{Abs: types.HeapFunc}})
	ExternRef = Ref(RefType{Nullable: true, Heap: HeapType{Abs: types.HeapExtern}})
)

// Ref returns the value type of references of type r.
func Ref(r RefType) ValType { return ValType{Kind: types.RefKind, Ref: r} }

// RefType is a reference type (core specification, "Reference Types").
type RefType struct {
	Nullable bool
	Heap     HeapType
}

// HeapType is an abstract heap type or, if Abs is zero, the type defined at index Type.
type HeapType struct {
	Abs types.Heap
	// Shared marks a shared abstract heap type (the shared-everything-threads proposal).
	Shared bool
	Type   TypeIdx
}

// String returns the type in the text format, with type indices as numbers.
func (v ValType) String() string {
	if v.Kind != types.RefKind {
		return types.CoreVal{Kind: v.Kind}.String()
	}
	return v.Ref.String()
}

// String returns the type in the text format, abbreviated if the text format has an abbreviation
// for it.
func (r RefType) String() string {
	if r.Heap.Abs != 0 {
		return types.CoreVal{Kind: types.RefKind, Nullable: r.Nullable, Shared: r.Heap.Shared, Heap: r.Heap.Abs}.String()
	}
	if r.Nullable {
		return fmt.Sprintf("(ref null %d)", r.Heap.Type)
	}
	return fmt.Sprintf("(ref %d)", r.Heap.Type)
}

// RecType is a recursion group: one or more definitions, each of which takes one type index.
// Explicit means that it is written as a group. A group that is not explicit has exactly one type.
type RecType struct {
	Explicit bool
	Types    []SubType
}

// SubType is one definition of a recursion group.
type SubType struct {
	Final  bool
	Supers []TypeIdx
	// Shared marks a type of the shared-everything-threads proposal.
	Shared bool
	// Type is a [*FuncType], [*StructType], [*ArrayType] or [*ContType].
	Type CompType
}

// CompType is a composite type: [*FuncType], [*StructType], [*ArrayType] or [*ContType].
type CompType interface{ isCompType() }

// FuncType is a core function type.
type FuncType struct{ Params, Results []ValType }

// StructType is a struct type.
type StructType struct{ Fields []FieldType }

// ArrayType is an array type.
type ArrayType struct{ Elem FieldType }

// ContType is a continuation type over the function type at index Type (the stack-switching
// proposal).
type ContType struct{ Type TypeIdx }

func (*FuncType) isCompType()   {}
func (*StructType) isCompType() {}
func (*ArrayType) isCompType()  {}
func (*ContType) isCompType()   {}

// FieldType is the type of a field of a struct or of the elements of an array. Packed is 8 or 16
// for packed storage, in which case Type is unset.
type FieldType struct {
	Type    ValType
	Packed  uint8
	Mutable bool
}

// Func returns the recursion group of a plain function type: final, without supertypes, not written
// as a group.
func Func(params, results []ValType) RecType {
	return RecType{Types: []SubType{{Final: true, Type: &FuncType{Params: params, Results: results}}}}
}

// ExternKind is the kind of a core import or export. The zero value is invalid.
type ExternKind uint8

// The kinds of core imports and exports.
const (
	ExternFunc ExternKind = iota + 1
	ExternTable
	ExternMemory
	ExternGlobal
	ExternTag
)

var externNames = [...]string{
	ExternFunc: "func", ExternTable: "table", ExternMemory: "memory", ExternGlobal: "global", ExternTag: "tag",
}

// String returns "func", "table", "memory", "global" or "tag".
func (k ExternKind) String() string {
	if k == 0 || int(k) >= len(externNames) {
		return fmt.Sprintf("ExternKind(%d)", uint8(k))
	}
	return externNames[k]
}

// ExternType is the type of a core import as written. Kind determines which field is set. All
// others are zero.
type ExternType struct {
	Kind ExternKind
	// Func is the index of the type of a function.
	Func   TypeIdx
	Table  TableType
	Memory MemoryType
	Global GlobalType
	// Tag is the index of the function type of a tag.
	Tag TypeIdx
}

// TableType is a table type.
type TableType struct {
	Elem   RefType
	Limits types.Limits
}

// MemoryType is a memory type. PageSizeLog2 is used only if HasPageSize is set (the
// custom-page-sizes proposal). Otherwise a page has 64 KiB.
type MemoryType struct {
	Limits       types.Limits
	HasPageSize  bool
	PageSizeLog2 uint8
}

// GlobalType is a global type.
type GlobalType struct {
	Type    ValType
	Mutable bool
	Shared  bool
}

// Import is one import.
type Import struct {
	Module, Name string
	Type         ExternType
}

// Export is one export. Index is in the index space of Kind.
type Export struct {
	Name  string
	Kind  ExternKind
	Index uint32
}
