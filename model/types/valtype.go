package types

import "fmt"

// Type is a type that can be in the type index space of a component. It is one of [Prim],
// [*Record], [*Variant], [*List], [*FixedList], [*Tuple], [*Flags], [*Enum], [*Option], [*Result],
// [*Map], [*Own], [*Borrow], [*Stream], [*Future], [*Named], [*Resource], [*Func], [*Instance] and
// [*Component].
type Type interface{ isType() }

// ValType is a type of values: the valtype of Explainer.md with its index resolved. It is one of
// [Prim], [*Record], [*Variant], [*List], [*FixedList], [*Tuple], [*Flags], [*Enum], [*Option],
// [*Result], [*Map], [*Own], [*Borrow], [*Stream], [*Future] and a [*Named] of one of these. If a
// type is optional, a nil ValType means that there is no type.
type ValType interface {
	Type
	isVal()
}

// Prim is a primitive value type. The zero value is invalid.
type Prim uint8

// The primitive value types, in the order of Binary.md's primvaltype.
const (
	Bool Prim = iota + 1
	S8
	U8
	S16
	U16
	S32
	U32
	S64
	U64
	F32
	F64
	Char
	String
	ErrorContext
)

var primNames = [...]string{
	Bool: "bool", S8: "s8", U8: "u8", S16: "s16", U16: "u16", S32: "s32", U32: "u32", S64: "s64", U64: "u64",
	F32: "f32", F64: "f64", Char: "char", String: "string", ErrorContext: "error-context",
}

// String returns the name of the type in WIT.
func (p Prim) String() string {
	if p == 0 || int(p) >= len(primNames) {
		return fmt.Sprintf("Prim(%d)", uint8(p))
	}
	return primNames[p]
}

// Field is one field of a record.
type Field struct {
	Name string
	Type ValType
}

// Record is a record type. A valid record has at least one field.
type Record struct{ Fields []Field }

// Case is one case of a variant. Type is nil if the case has no payload.
type Case struct {
	Name string
	Type ValType
}

// Variant is a variant type. A valid variant has at least one case.
type Variant struct{ Cases []Case }

// List is the type of lists of any length.
type List struct{ Elem ValType }

// FixedList is the type of lists of exactly Len elements. A valid FixedList has Len > 0.
type FixedList struct {
	Elem ValType
	Len  uint32
}

// Tuple is a tuple type. A valid tuple has at least one element.
type Tuple struct{ Elems []ValType }

// Flags is the type of sets of named bits. Bit i has the name Names[i]. A valid Flags has 1 to 32
// names.
type Flags struct{ Names []string }

// Enum is an enumeration type. Case i has the name Names[i]. A valid Enum has at least one name.
type Enum struct{ Names []string }

// Option is option<Elem>.
type Option struct{ Elem ValType }

// Result is result<OK, Err>. Either type may be nil.
type Result struct{ OK, Err ValType }

// Map is map<Key, Value>. A valid key type is bool, char, string or an integer type.
type Map struct{ Key, Value ValType }

// Own is an owning handle. Of is a [*Resource], or a [*Named] of one, which is the name in the
// source of the handle type.
type Own struct{ Of Type }

// Borrow is a borrowed handle. Of has the same meaning as in [Own].
type Borrow struct{ Of Type }

// Stream is the readable end of a stream. Elem is nil if the stream has no payload.
type Stream struct{ Elem ValType }

// Future is the readable end of a future. Elem is nil if the future has no payload.
type Future struct{ Elem ValType }

// Named is a type that was imported or exported with an (eq) bound. It is equal to Of and has
// another name. The names are kept so that `type a = b` and `use i.{t}` can be printed again.
type Named struct {
	// Name is the label of the import or export.
	Name string
	// Of is the equal type. It may itself be a Named.
	Of Type
	// Home is the interface that exports the type (`ns:pkg/iface@1.2.3`), or "" at the level of a
	// component or world.
	Home string
}

// Resource is a resource type. It is identified by its pointer.
type Resource struct {
	// Name is the label of its first import or export, or "" if it has no label yet.
	Name string
	// Home is the interface that exports the resource, or "".
	Home string
	// Local reports whether a component defines the resource with a resource type definition.
	// Otherwise the resource is an abstract type that an import or a type export declares.
	Local bool
	// Rep is the core type of the representation if Local is set.
	Rep CoreVal
	// HasDtor reports whether the definition names a destructor.
	HasDtor bool
}

func (Prim) isType()       {}
func (*Record) isType()    {}
func (*Variant) isType()   {}
func (*List) isType()      {}
func (*FixedList) isType() {}
func (*Tuple) isType()     {}
func (*Flags) isType()     {}
func (*Enum) isType()      {}
func (*Option) isType()    {}
func (*Result) isType()    {}
func (*Map) isType()       {}
func (*Own) isType()       {}
func (*Borrow) isType()    {}
func (*Stream) isType()    {}
func (*Future) isType()    {}
func (*Named) isType()     {}
func (*Resource) isType()  {}
func (*Func) isType()      {}
func (*Instance) isType()  {}
func (*Component) isType() {}

func (Prim) isVal()       {}
func (*Record) isVal()    {}
func (*Variant) isVal()   {}
func (*List) isVal()      {}
func (*FixedList) isVal() {}
func (*Tuple) isVal()     {}
func (*Flags) isVal()     {}
func (*Enum) isVal()      {}
func (*Option) isVal()    {}
func (*Result) isVal()    {}
func (*Map) isVal()       {}
func (*Own) isVal()       {}
func (*Borrow) isVal()    {}
func (*Stream) isVal()    {}
func (*Future) isVal()    {}
func (*Named) isVal()     {}

// Unname returns t without its names. The result is not a [*Named].
func Unname(t Type) Type {
	for {
		n, ok := t.(*Named)
		if !ok {
			return t
		}
		t = n.Of
	}
}

// UnnameVal is [Unname] for a value type. It returns nil for nil. It panics if t names a type that
// is not a value type.
func UnnameVal(t ValType) ValType {
	n, ok := t.(*Named)
	if !ok {
		return t
	}
	return Unname(n).(ValType)
}

// AsVal returns t as a value type. It returns false if t, without its names, is a resource,
// function, instance or component type.
func AsVal(t Type) (ValType, bool) {
	if _, ok := Unname(t).(ValType); !ok {
		return nil, false
	}
	return t.(ValType), true
}

// Resource returns the resource type of the handle.
func (o *Own) Resource() *Resource { return Unname(o.Of).(*Resource) }

// Resource returns the resource type of the handle.
func (b *Borrow) Resource() *Resource { return Unname(b.Of).(*Resource) }

// Label returns the name of the i-th element in WAVE and in the specification's despecialization:
// "0", "1", ….
func (t *Tuple) Label(i int) string { return fmt.Sprint(i) }
