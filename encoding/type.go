package encoding

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/types"
)

// Type defines a type (Binary.md, "type").
type Type struct {
	Span
	Def DefType
}

// ValType is a value type as written: a primitive type if Prim is set, otherwise the type at Index.
// It is comparable. An optional value type is a pointer in the tree.
type ValType struct {
	Prim  types.Prim
	Index TypeIdx
}

// Prim returns the value type p.
func Prim(p types.Prim) ValType { return ValType{Prim: p} }

// Ref returns the value type defined at index i.
func Ref(i TypeIdx) ValType { return ValType{Index: i} }

// IsPrim reports whether v is a primitive type.
func (v ValType) IsPrim() bool { return v.Prim != 0 }

// String returns the spelling of the text format, with an index as a number.
func (v ValType) String() string {
	if v.IsPrim() {
		return v.Prim.String()
	}
	return fmt.Sprint(uint32(v.Index))
}

// DefType is a type definition. It is a value type: [*PrimType], [*Record], [*Variant], [*List],
// [*FixedList], [*Tuple], [*Flags], [*Enum], [*Option], [*Result], [*Own], [*Borrow], [*Stream],
// [*Future] or [*Map]; or it is a [*Func], [*ComponentType], [*InstanceType] or [*Resource].
type DefType interface{ isDefType() }

// PrimType is a primitive value type with an index of its own.
type PrimType struct{ Prim types.Prim }

// Field is a label and its type: a field of a record, or a parameter of a function.
type Field struct {
	Name string
	Type ValType
}

// Record is a record type.
type Record struct{ Fields []Field }

// Case is one case of a variant. Type is nil for a case without payload.
type Case struct {
	Name string
	Type *ValType
}

// Variant is a variant type.
type Variant struct{ Cases []Case }

// List is a list type.
type List struct{ Elem ValType }

// FixedList is the type of lists of Len elements.
type FixedList struct {
	Elem ValType
	Len  uint32
}

// Tuple is a tuple type.
type Tuple struct{ Elems []ValType }

// Flags is a flags type.
type Flags struct{ Names []string }

// Enum is an enum type.
type Enum struct{ Names []string }

// Option is an option type.
type Option struct{ Elem ValType }

// Result is a result type. Either field may be nil.
type Result struct{ OK, Err *ValType }

// Own is an owning handle to the resource type at Type.
type Own struct{ Type TypeIdx }

// Borrow is a borrowed handle to the resource type at Type.
type Borrow struct{ Type TypeIdx }

// Stream is a stream type. Elem is nil for a stream without payload.
type Stream struct{ Elem *ValType }

// Future is a future type. Elem is nil for a future without payload.
type Future struct{ Elem *ValType }

// Map is a map type.
type Map struct{ Key, Value ValType }

// Func is a function type. Result is nil if the function has no result.
type Func struct {
	Async  bool
	Params []Field
	Result *ValType
}

// ComponentType is a component type. It has its own index spaces.
type ComponentType struct{ Decls []Decl }

// InstanceType is an instance type. It has its own index spaces, and no [*Import] among its
// declarations.
type InstanceType struct{ Decls []Decl }

// Resource is a resource type. Dtor is nil if the resource has no destructor.
type Resource struct {
	Rep  core.ValType
	Dtor *CoreFuncIdx
}

func (*PrimType) isDefType()      {}
func (*Record) isDefType()        {}
func (*Variant) isDefType()       {}
func (*List) isDefType()          {}
func (*FixedList) isDefType()     {}
func (*Tuple) isDefType()         {}
func (*Flags) isDefType()         {}
func (*Enum) isDefType()          {}
func (*Option) isDefType()        {}
func (*Result) isDefType()        {}
func (*Own) isDefType()           {}
func (*Borrow) isDefType()        {}
func (*Stream) isDefType()        {}
func (*Future) isDefType()        {}
func (*Map) isDefType()           {}
func (*Func) isDefType()          {}
func (*ComponentType) isDefType() {}
func (*InstanceType) isDefType()  {}
func (*Resource) isDefType()      {}
