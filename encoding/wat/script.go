package wat

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
)

// Script is a .wast file: modules and components, and assertions about them.
type Script struct {
	Directives []Directive
}

// Directive is one form of a script. It is one of [*Module], [*Definition], [*Instance],
// [*Register], [*Invoke], [*AssertReturn], [*AssertTrap], [*AssertExhaustion], [*AssertException],
// [*AssertSuspension], [*AssertInvalid], [*AssertMalformed], [*AssertUnlinkable], [*Thread] and
// [*Wait].
type Directive interface {
	// Pos returns the place of the directive keyword.
	Pos() diag.Span
	isDirective()
}

// At is the place of the keyword of a directive.
type At struct{ Span diag.Span }

// Pos returns the place.
func (a At) Pos() diag.Span { return a.Span }

func (At) isDirective() {}

// SourceForm is the form of a module or component in a script. The zero value is invalid.
type SourceForm uint8

// The forms of sources.
const (
	// Text is a module or component in the text format.
	Text SourceForm = iota + 1
	// Binary is (module binary "…").
	Binary
	// Quote is (module quote "…"): strings that contain a text.
	Quote
)

// Source is a module or component in a script. It is not parsed until [Source.Unit] is called,
// because a script may assert that it is malformed.
type Source struct {
	// Span is the whole form.
	Span        diag.Span
	IsComponent bool
	Form        SourceForm
	// Name is the id without the dollar sign, or "".
	Name string

	p          *parser
	start, end int // the tokens inside the parentheses
	bare       bool
}

// Module is a module or component that is instantiated.
type Module struct {
	At
	Source *Source
}

// Definition is (module definition …) or (component definition …), which is not instantiated.
type Definition struct {
	At
	Source *Source
}

// Instance is (component instance $instance $component), or the same for modules.
type Instance struct {
	At
	IsComponent bool
	// Name is the id of the instance, and Of is the id of the definition. "" means the last
	// definition.
	Name, Of string
}

// Register makes the exports of an instance importable under a name.
type Register struct {
	At
	Name string
	// Of is the id of the instance, or "" for the last instance.
	Of string
}

// Action is the action of an assertion: an [*Invoke], a [*Get], or the instantiation of a
// [*Source].
type Action interface{ isAction() }

// Invoke is a call of an exported function.
type Invoke struct {
	At
	// Of is the id of the instance, or "" for the last instance.
	Of   string
	Name string
	Args []Value
}

// Get reads an exported global.
type Get struct {
	At
	Of   string
	Name string
}

func (*Invoke) isAction() {}
func (*Get) isAction()    {}
func (*Source) isAction() {}

// AssertReturn asserts the results of an action.
type AssertReturn struct {
	At
	Action  Action
	Results []Value
}

// AssertTrap asserts that an action traps with a message that starts with Message.
type AssertTrap struct {
	At
	Action  Action
	Message string
}

// AssertExhaustion asserts that a call exhausts a resource, such as the stack.
type AssertExhaustion struct {
	At
	Call    *Invoke
	Message string
}

// AssertException asserts that an action throws an exception.
type AssertException struct {
	At
	Action Action
}

// AssertSuspension asserts that an action suspends without a handler.
type AssertSuspension struct {
	At
	Action  Action
	Message string
}

// AssertInvalid asserts that a module or component is not valid. Custom is set for
// assert_invalid_custom.
type AssertInvalid struct {
	At
	Source  *Source
	Message string
	Custom  bool
}

// AssertMalformed asserts that a module or component is malformed. Custom is set for
// assert_malformed_custom.
type AssertMalformed struct {
	At
	Source  *Source
	Message string
	Custom  bool
}

// AssertUnlinkable asserts that a module or component cannot be instantiated with the registered
// instances.
type AssertUnlinkable struct {
	At
	Source  *Source
	Message string
}

// Thread runs directives in a thread.
type Thread struct {
	At
	Name string
	// Shared is the id of an instance that the thread can also use, or "".
	Shared     string
	Directives []Directive
}

// Wait waits for a thread.
type Wait struct {
	At
	Thread string
}

// ValueKind is the kind of a value in a script. The zero value is invalid.
type ValueKind uint8

// The kinds of values. Those of core functions come first, then those of component functions, which
// can also use KindF32 and KindF64.
const (
	KindI32 ValueKind = iota + 1
	KindI64
	KindF32
	KindF64
	KindV128
	KindRefNull
	KindRefExtern
	KindRefHost
	KindRefFunc
	KindRefAny
	KindRefEq
	KindRefArray
	KindRefStruct
	KindRefI31
	KindRefI31Shared
	KindEither

	KindBool
	KindU8
	KindS8
	KindU16
	KindS16
	KindU32
	KindS32
	KindU64
	KindS64
	KindChar
	KindString
	KindList
	KindRecord
	KindTuple
	KindVariant
	KindEnum
	KindNone
	KindSome
	KindOK
	KindErr
	KindFlags
)

// String returns the keyword, such as "u8.const".
func (k ValueKind) String() string {
	if int(k) < len(valueWords) && k > 0 {
		return valueWords[k]
	}
	return "value"
}

var valueWords = [...]string{
	KindI32: "i32.const", KindI64: "i64.const", KindF32: "f32.const", KindF64: "f64.const", KindV128: "v128.const",
	KindRefNull: "ref.null", KindRefExtern: "ref.extern", KindRefHost: "ref.host", KindRefFunc: "ref.func", KindRefAny: "ref.any",
	KindRefEq: "ref.eq", KindRefArray: "ref.array", KindRefStruct: "ref.struct", KindRefI31: "ref.i31",
	KindRefI31Shared: "ref.i31_shared", KindEither: "either",
	KindBool: "bool.const", KindU8: "u8.const", KindS8: "s8.const", KindU16: "u16.const", KindS16: "s16.const", KindU32: "u32.const",
	KindS32: "s32.const", KindU64: "u64.const", KindS64: "s64.const", KindChar: "char.const", KindString: "str.const",
	KindList: "list.const", KindRecord: "record.const", KindTuple: "tuple.const", KindVariant: "variant.const", KindEnum: "enum.const",
	KindNone: "option.none", KindSome: "option.some", KindOK: "result.ok", KindErr: "result.err", KindFlags: "flags.const",
}

// NaN is a pattern for several NaN values. The zero value means that Value is not a pattern.
type NaN uint8

// The patterns.
const (
	CanonicalNaN NaN = iota + 1
	ArithmeticNaN
)

// Value is a value. As a result, it can also be a pattern of values. Kind determines which of the
// other fields are used.
type Value struct {
	Span diag.Span
	Kind ValueKind
	// Bits holds the bits of a number, boolean or character, or the number of a reference. Signed
	// numbers of less than 64 bits are sign-extended, except for KindI32 and KindI64.
	Bits uint64
	// NaN is the pattern in place of the bits of a float.
	NaN NaN
	// Any is set if the script does not specify a reference, or the heap type of a null reference.
	// Every one then matches.
	Any bool
	// Heap is the type of a null reference. Ref is nil for a type index.
	Heap *core.HeapType
	// Vector holds the lanes of a vector as values of kinds KindI32, KindI64, KindF32 and KindF64.
	// LaneBits is the width of a lane.
	Vector   []Value
	LaneBits int
	// Text is a string, or the name of the case of a variant or enum.
	Text string
	// Names are the labels of fields or flags.
	Names []string
	// Elems holds the elements of a list or tuple, the values of fields, the payload of a variant,
	// option or result if it has one, or the alternatives of an either.
	Elems []Value
}
