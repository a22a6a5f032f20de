package types

import (
	"fmt"
	"strconv"
	"strings"
)

// CoreKind is the kind of a core value type. The zero value is invalid.
type CoreKind uint8

// The kinds of core value types.
const (
	I32Kind CoreKind = iota + 1
	I64Kind
	F32Kind
	F64Kind
	V128Kind
	RefKind
)

// Heap is an abstract heap type of WebAssembly 3.0. The zero value means that the heap type is a
// defined type.
type Heap uint8

// The abstract heap types.
const (
	HeapFunc Heap = iota + 1
	HeapExtern
	HeapAny
	HeapEq
	HeapI31
	HeapStruct
	HeapArray
	HeapExn
	HeapNoFunc
	HeapNoExtern
	HeapNone
	HeapNoExn
	HeapCont
	HeapNoCont
)

var heapNames = [...]string{
	HeapFunc: "func", HeapExtern: "extern", HeapAny: "any", HeapEq: "eq", HeapI31: "i31", HeapStruct: "struct",
	HeapArray: "array", HeapExn: "exn", HeapNoFunc: "nofunc", HeapNoExtern: "noextern", HeapNone: "none", HeapNoExn: "noexn",
	HeapCont: "cont", HeapNoCont: "nocont",
}

// String returns the name in the text format.
func (h Heap) String() string {
	if h == 0 || int(h) >= len(heapNames) {
		return fmt.Sprintf("Heap(%d)", uint8(h))
	}
	return heapNames[h]
}

// CoreVal is a core value type. It is comparable: two core value types are the same type if they
// are ==, provided that defined types are canonical (see [CoreDef]). The zero value is invalid.
type CoreVal struct {
	Kind CoreKind
	// The remaining fields are for RefKind. Exactly one of Heap and Def is set.
	Nullable bool
	Shared   bool
	Heap     Heap
	Def      *CoreDef
}

// The number types and the two reference types of WebAssembly 2.0.
var (
	I32       = CoreVal{Kind: I32Kind}
	I64       = CoreVal{Kind: I64Kind}
	F32Core   = CoreVal{Kind: F32Kind}
	F64Core   = CoreVal{Kind: F64Kind}
	V128      = CoreVal{Kind: V128Kind}
	FuncRef   = CoreVal{Kind: RefKind, Nullable: true, Heap: HeapFunc}
	ExternRef = CoreVal{Kind: RefKind, Nullable: true, Heap: HeapExtern}
)

// String returns the type in the text format. It abbreviates nullable abstract references.
func (v CoreVal) String() string {
	switch v.Kind {
	case I32Kind:
		return "i32"
	case I64Kind:
		return "i64"
	case F32Kind:
		return "f32"
	case F64Kind:
		return "f64"
	case V128Kind:
		return "v128"
	case RefKind:
		return v.refString()
	default:
		return fmt.Sprintf("CoreVal(%d)", uint8(v.Kind))
	}
}

func (v CoreVal) refString() string {
	heap := v.Heap.String()
	if v.Def != nil {
		heap = "(type)"
	}
	if v.Shared {
		heap = "(shared " + heap + ")"
	} else if v.Nullable && v.Def == nil {
		switch v.Heap {
		case HeapNone:
			return "nullref"
		case HeapNoFunc, HeapNoExtern, HeapNoExn, HeapNoCont:
			return "null" + strings.TrimPrefix(heap, "no") + "ref"
		}
		return heap + "ref"
	}
	if v.Nullable {
		return "(ref null " + heap + ")"
	}
	return "(ref " + heap + ")"
}

// CoreDef is a defined core type: a member of a recursion group. The creator of CoreDefs must make
// them canonical, so that within one validation equal definitions share one pointer.
type CoreDef struct {
	// Group is the recursion group, and Index is the position of the type in the group.
	Group *CoreRec
	Index int
	// Final, Supers and Shared are the parts of a sub type.
	Final  bool
	Shared bool
	Supers []*CoreDef
	// Exactly one of Func, Struct, Array and Cont is set.
	Func   *CoreFunc
	Struct *CoreStruct
	Array  *CoreField
	Cont   *CoreDef
}

// CoreRec is a recursion group.
type CoreRec struct{ Types []*CoreDef }

// CoreField is a field of a struct or the element of an array. Packed is 8 or 16 for packed
// storage, else 0.
type CoreField struct {
	Type    CoreVal
	Packed  uint8
	Mutable bool
}

// CoreStruct is a struct type.
type CoreStruct struct{ Fields []CoreField }

// CoreFunc is a core function type.
type CoreFunc struct {
	Params, Results []CoreVal
	// Def is the definition that contains the type. It is nil for a type that no module defines. Such
	// a type equals every other type with the same parameters and results.
	Def *CoreDef
}

// Limits are the limits of a table or memory. HasMax reports whether Max is set.
type Limits struct {
	Min, Max uint64
	HasMax   bool
	Shared   bool
	Is64     bool
}

// CoreTable is a table type.
type CoreTable struct {
	Limits
	Elem CoreVal
}

// CoreMemory is a memory type. PageSizeLog2 is 16 unless the custom-page-sizes proposal is used.
type CoreMemory struct {
	Limits
	PageSizeLog2 uint8
}

// CoreGlobal is a global type.
type CoreGlobal struct {
	Type    CoreVal
	Mutable bool
	Shared  bool
}

// CoreTag is the type of an exception tag.
type CoreTag struct{ Func *CoreFunc }

// CoreExtern is the type of a core import or export: [*CoreFunc], [*CoreTable], [*CoreMemory],
// [*CoreGlobal] or [*CoreTag].
type CoreExtern interface{ isCoreExtern() }

func (*CoreFunc) isCoreExtern()   {}
func (*CoreTable) isCoreExtern()  {}
func (*CoreMemory) isCoreExtern() {}
func (*CoreGlobal) isCoreExtern() {}
func (*CoreTag) isCoreExtern()    {}

// CoreImport is an import of a core module.
type CoreImport struct {
	Module, Name string
	Type         CoreExtern
}

// CoreExport is an export of a core module.
type CoreExport struct {
	Name string
	Type CoreExtern
}

// Export returns the type of the export with the given name, or nil.
func (m *Module) Export(name string) CoreExtern {
	for i := range m.Exports {
		if m.Exports[i].Name == name {
			return m.Exports[i].Type
		}
	}
	return nil
}

// CoreKindOf returns "func", "table", "memory", "global" or "tag".
func CoreKindOf(x CoreExtern) string {
	switch x.(type) {
	case *CoreFunc:
		return "func"
	case *CoreTable:
		return "table"
	case *CoreMemory:
		return "memory"
	case *CoreGlobal:
		return "global"
	case *CoreTag:
		return "tag"
	case nil:
		return "nothing"
	default:
		panic(unreachable(x))
	}
}

// Equal reports whether two core function types have the same parameters and results.
func (f *CoreFunc) Equal(g *CoreFunc) bool {
	return f == g || equalVals(f.Params, g.Params) && equalVals(f.Results, g.Results)
}

func equalVals(a, b []CoreVal) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// String returns the type as `[i32 i32] -> [i32]`.
func (f *CoreFunc) String() string {
	return valsString(f.Params) + " -> " + valsString(f.Results)
}

func valsString(vs []CoreVal) string {
	var b strings.Builder
	b.WriteByte('[')
	for i, v := range vs {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(v.String())
	}
	b.WriteByte(']')
	return b.String()
}

// CoreString returns a core extern type in the text format, without the outer parentheses.
func CoreString(x CoreExtern) string {
	switch x := x.(type) {
	case *CoreFunc:
		return "func " + x.String()
	case *CoreTable:
		return "table " + x.Limits.String() + " " + x.Elem.String()
	case *CoreMemory:
		return "memory " + x.Limits.String()
	case *CoreGlobal:
		if x.Mutable {
			return "global (mut " + x.Type.String() + ")"
		}
		return "global " + x.Type.String()
	case *CoreTag:
		return "tag " + x.Func.String()
	default:
		panic(unreachable(x))
	}
}

// String returns the limits in the form `1`, `1 2` or `i64 1 2 shared`.
func (l Limits) String() string {
	s := strconv.FormatUint(l.Min, 10)
	if l.Is64 {
		s = "i64 " + s
	}
	if l.HasMax {
		s += " " + strconv.FormatUint(l.Max, 10)
	}
	if l.Shared {
		s += " shared"
	}
	return s
}

func unreachable(x any) string { return fmt.Sprintf("unreachable: %T", x) }
