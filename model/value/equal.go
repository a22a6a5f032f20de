package value

import (
	"math"
	"strconv"
)

// Equal reports whether a and b are the same value. Floats are the same if their bits are the same,
// so 0 and -0 differ, or if both are NaN. The representation of a list, packed or not, does not
// matter. Values of different kinds differ, even if they are the same integer. Handles are compared
// with == and must be comparable.
func Equal(a, b Value) bool {
	if a.kind != b.kind || a.num != b.num && !bothNaN(a, b) {
		return false
	}
	switch a.kind {
	case KindString:
		return a.ref.(string) == b.ref.(string)
	case KindList, KindRecord, KindTuple:
		return equalElems(a, b)
	case KindVariant, KindOption, KindResult:
		return Equal(a.Payload(), b.Payload())
	case KindMap:
		x, y := a.ref.([]Entry), b.ref.([]Entry)
		if len(x) != len(y) {
			return false
		}
		for i := range x {
			if !Equal(x[i].Key, y[i].Key) || !Equal(x[i].Value, y[i].Value) {
				return false
			}
		}
		return true
	case KindOwn, KindBorrow, KindStream, KindFuture, KindErrorContext:
		return a.ref == b.ref
	default:
		return true
	}
}

func equalElems(a, b Value) bool {
	if a.Len() != b.Len() {
		return false
	}
	if x, ok := a.ref.(scalars[byte]); ok {
		if y, ok := b.ref.(scalars[byte]); ok {
			return string(x) == string(y)
		}
	}
	for i := range a.Len() {
		if !Equal(a.Index(i), b.Index(i)) {
			return false
		}
	}
	return true
}

func bothNaN(a, b Value) bool {
	switch a.kind {
	case KindF32:
		return isNaN32(a.num) && isNaN32(b.num)
	case KindF64:
		return math.IsNaN(math.Float64frombits(a.num)) && math.IsNaN(math.Float64frombits(b.num))
	default:
		return false
	}
}

func isNaN32(bits uint64) bool { f := math.Float32frombits(uint32(bits)); return f != f }

// String describes v without the names that only its type supplies. The text is like WAVE, but has
// numbers for fields, cases and flags, and a long text is cut. It is for debugging; use [Append]
// for text that can be read back.
func (v Value) String() string {
	b := describe(nil, v)
	if len(b) > maxDescription {
		b = append(b[:maxDescription], "…"...)
	}
	return string(b)
}

// maxDescription limits the text of [Value.String], which may end up in a log.
const maxDescription = 1000

func describe(b []byte, v Value) []byte {
	if len(b) > maxDescription {
		return b
	}
	switch v.kind {
	case KindRecord, KindTuple, KindList:
		closing := map[Kind]string{KindRecord: "{}", KindTuple: "()", KindList: "[]"}[v.kind]
		b = append(b, closing[0])
		for i := range v.Len() {
			if i > 0 {
				b = append(b, ", "...)
			}
			if b = describe(b, v.Index(i)); len(b) > maxDescription {
				return b
			}
		}
		return append(b, closing[1])
	case KindMap:
		b = append(b, '[')
		for i, e := range v.ref.([]Entry) {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = append(describe(append(b, '('), e.Key), ", "...)
			if b = append(describe(b, e.Value), ')'); len(b) > maxDescription {
				return b
			}
		}
		return append(b, ']')
	case KindVariant, KindOption, KindResult, KindEnum:
		return describeCase(b, v)
	case KindFlags:
		return strconv.AppendUint(append(b, "flags 0b"...), v.num, 2)
	case KindOwn, KindBorrow, KindStream, KindFuture, KindErrorContext, 0:
		return append(append(append(b, '<'), v.kind.String()...), '>')
	default:
		return appendPrim(b, v)
	}
}

func describeCase(b []byte, v Value) []byte {
	switch {
	case v.kind == KindEnum:
		return strconv.AppendUint(append(b, "case "...), v.num, 10)
	case v.kind == KindVariant:
		b = strconv.AppendUint(append(b, "case "...), v.num, 10)
	case v.kind == KindOption:
		b = append(b, [...]string{"none", "some"}[v.num&1]...)
	default:
		b = append(b, [...]string{"ok", "err"}[v.num&1]...)
	}
	if p := v.Payload(); !p.IsZero() {
		b = append(describe(append(b, '('), p), ')')
	}
	return b
}
