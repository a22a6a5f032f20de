package value

import (
	"fmt"

	"github.com/mortise-wasm/mortise/model/types"
)

// Kind is the form of a value. The zero value is invalid.
type Kind uint8

// The forms of values. A list of fixed length is a KindList.
const (
	KindBool Kind = iota + 1
	KindS8
	KindU8
	KindS16
	KindU16
	KindS32
	KindU32
	KindS64
	KindU64
	KindF32
	KindF64
	KindChar
	KindString
	KindList
	KindRecord
	KindTuple
	KindVariant
	KindEnum
	KindFlags
	KindOption
	KindResult
	KindMap
	KindOwn
	KindBorrow
	KindStream
	KindFuture
	KindErrorContext
)

var kindNames = [...]string{
	0: "no value", KindBool: "bool", KindS8: "s8", KindU8: "u8", KindS16: "s16", KindU16: "u16", KindS32: "s32",
	KindU32: "u32", KindS64: "s64", KindU64: "u64", KindF32: "f32", KindF64: "f64", KindChar: "char",
	KindString: "string", KindList: "list", KindRecord: "record", KindTuple: "tuple", KindVariant: "variant",
	KindEnum: "enum", KindFlags: "flags", KindOption: "option", KindResult: "result", KindMap: "map", KindOwn: "own",
	KindBorrow: "borrow", KindStream: "stream", KindFuture: "future", KindErrorContext: "error-context",
}

// String returns the WIT word for the form.
func (k Kind) String() string {
	if int(k) >= len(kindNames) {
		return fmt.Sprintf("Kind(%d)", uint8(k))
	}
	return kindNames[k]
}

var primKinds = [...]Kind{
	types.Bool: KindBool, types.S8: KindS8, types.U8: KindU8, types.S16: KindS16, types.U16: KindU16,
	types.S32: KindS32, types.U32: KindU32, types.S64: KindS64, types.U64: KindU64, types.F32: KindF32,
	types.F64: KindF64, types.Char: KindChar, types.String: KindString, types.ErrorContext: KindErrorContext,
}

// KindOf returns the form of the values of type t. It looks through names.
func KindOf(t types.ValType) Kind {
	switch t := types.UnnameVal(t).(type) {
	case types.Prim:
		return primKinds[t]
	case *types.List, *types.FixedList:
		return KindList
	case *types.Record:
		return KindRecord
	case *types.Tuple:
		return KindTuple
	case *types.Variant:
		return KindVariant
	case *types.Enum:
		return KindEnum
	case *types.Flags:
		return KindFlags
	case *types.Option:
		return KindOption
	case *types.Result:
		return KindResult
	case *types.Map:
		return KindMap
	case *types.Own:
		return KindOwn
	case *types.Borrow:
		return KindBorrow
	case *types.Stream:
		return KindStream
	case *types.Future:
		return KindFuture
	default:
		panic(fmt.Sprintf("unreachable: %T", t))
	}
}
