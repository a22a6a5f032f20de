package value

import (
	"math"
	"math/bits"
	"strconv"
	"unicode"

	"github.com/mortise-wasm/mortise/model/types"
)

// Append appends the WAVE text of v, a value of type t, to dst. It panics if v is not a value of
// type t; see [Check]. A handle with a method `HandleText() string` is printed as that text.
func Append(dst []byte, v Value, t types.ValType) []byte {
	switch t := types.UnnameVal(t).(type) {
	case types.Prim:
		v.must(primKinds[t])
		if t == types.ErrorContext {
			return append(dst, "<error-context>"...)
		}
		return appendPrim(dst, v)
	case *types.List:
		return appendList(dst, v, t.Elem)
	case *types.FixedList:
		return appendList(dst, v, t.Elem)
	case *types.Record:
		return appendRecord(dst, v, t)
	case *types.Tuple:
		v.must(KindTuple)
		dst = append(dst, '(')
		for i, e := range t.Elems {
			dst = Append(appendComma(dst, i), v.Index(i), e)
		}
		return append(dst, ')')
	case *types.Variant:
		c := t.Cases[v.Case()]
		return appendPayload(appendCase(dst, c.Name), v, c.Type)
	case *types.Enum:
		v.must(KindEnum)
		return appendCase(dst, t.Names[v.Case()])
	case *types.Option:
		if !v.IsSome() {
			return append(dst, "none"...)
		}
		return appendPayload(append(dst, "some"...), v, t.Elem)
	case *types.Result:
		if v.IsOK() {
			return appendPayload(append(dst, "ok"...), v, t.OK)
		}
		return appendPayload(append(dst, "err"...), v, t.Err)
	case *types.Flags:
		return appendFlags(dst, v, t)
	case *types.Map:
		return appendMap(dst, v, t)
	default:
		v.must(KindOf(t))
		if h, ok := v.ref.(interface{ HandleText() string }); ok {
			return append(dst, h.HandleText()...)
		}
		dst = append(dst, '<')
		dst = append(dst, types.TypeString(t)...)
		return append(dst, '>')
	}
}

func appendComma(dst []byte, i int) []byte {
	if i > 0 {
		return append(dst, ", "...)
	}
	return dst
}

func appendList(dst []byte, v Value, elem types.ValType) []byte {
	v.must(KindList)
	dst = append(dst, '[')
	for i := range v.Len() {
		dst = Append(appendComma(dst, i), v.Index(i), elem)
	}
	return append(dst, ']')
}

func appendRecord(dst []byte, v Value, t *types.Record) []byte {
	v.must(KindRecord)
	dst = append(dst, '{')
	n := 0
	for i, f := range t.Fields {
		field := v.Index(i)
		if field.kind == KindOption && !field.IsSome() {
			continue
		}
		dst = append(appendComma(dst, n), f.Name...)
		dst = Append(append(dst, ": "...), field, f.Type)
		n++
	}
	if n == 0 {
		dst = append(dst, ':')
	}
	return append(dst, '}')
}

func appendFlags(dst []byte, v Value, t *types.Flags) []byte {
	dst = append(dst, '{')
	n := 0
	for rest := v.Flags(); rest != 0; rest &= rest - 1 {
		dst = append(appendComma(dst, n), t.Names[bits.TrailingZeros32(rest)]...)
		n++
	}
	return append(dst, '}')
}

func appendMap(dst []byte, v Value, t *types.Map) []byte {
	dst = append(dst, '[')
	for i, e := range v.Entries() {
		dst = Append(append(appendComma(dst, i), '('), e.Key, t.Key)
		dst = Append(append(dst, ", "...), e.Value, t.Value)
		dst = append(dst, ')')
	}
	return append(dst, ']')
}

func appendCase(dst []byte, name string) []byte {
	if isKeyword(name) {
		dst = append(dst, '%')
	}
	return append(dst, name...)
}

func appendPayload(dst []byte, v Value, t types.ValType) []byte {
	if t == nil {
		return dst
	}
	return append(Append(append(dst, '('), v.Payload(), t), ')')
}

// isKeyword reports whether a case name s needs a `%`.
func isKeyword(s string) bool {
	switch s {
	case "true", "false", "some", "none", "ok", "err", "inf", "nan":
		return true
	}
	return false
}

// appendPrim appends a bool, number, char or string.
func appendPrim(dst []byte, v Value) []byte {
	switch v.kind {
	case KindBool:
		return strconv.AppendBool(dst, v.num != 0)
	case KindS8, KindS16, KindS32, KindS64:
		return strconv.AppendInt(dst, int64(v.num), 10)
	case KindF32:
		return appendFloat(dst, float64(v.F32()), 32)
	case KindF64:
		return appendFloat(dst, v.F64(), 64)
	case KindChar:
		return append(appendRune(append(dst, '\''), rune(v.num)), '\'')
	case KindString:
		dst = append(dst, '"')
		for _, r := range v.ref.(string) {
			dst = appendRune(dst, r)
		}
		return append(dst, '"')
	default:
		return strconv.AppendUint(dst, v.num, 10)
	}
}

// appendFloat prints the shortest decimal number that reads back as f, without an exponent.
func appendFloat(dst []byte, f float64, bitSize int) []byte {
	switch {
	case f != f:
		return append(dst, "nan"...)
	case math.IsInf(f, 1):
		return append(dst, "inf"...)
	case math.IsInf(f, -1):
		return append(dst, "-inf"...)
	}
	return strconv.AppendFloat(dst, f, 'f', -1, bitSize)
}

// appendRune prints one character of a char or string. It escapes quotes and whitespace with a
// letter. Characters that are not visible on their own, including combining characters, are escaped
// with a number.
func appendRune(dst []byte, r rune) []byte {
	switch r {
	case '\\', '"', '\'':
		return append(dst, '\\', byte(r))
	case '\t':
		return append(dst, `\t`...)
	case '\r':
		return append(dst, `\r`...)
	case '\n':
		return append(dst, `\n`...)
	}
	if r >= ' ' && r < 0x7f || r > 0x7f && unicode.IsPrint(r) && !isGraphemeExtend(r) {
		return append(dst, string(r)...)
	}
	dst = append(dst, `\u{`...)
	dst = strconv.AppendUint(dst, uint64(uint32(r)), 16)
	return append(dst, '}')
}

// isGraphemeExtend reports whether r has the Unicode property Grapheme_Extend.
func isGraphemeExtend(r rune) bool {
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Other_Grapheme_Extend)
}
