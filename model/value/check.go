package value

import (
	"fmt"
	"math/bits"
	"strings"
	"unicode/utf8"

	"github.com/mortise-wasm/mortise/model/types"
)

// CheckError describes why a value does not fit a type.
type CheckError struct {
	// Path leads to the part that does not fit, innermost step first: "field `age`", "element 3".
	Path []string
	// Msg describes the error in that part: "want u32, have string".
	Msg string
}

// Error returns the path and the message: "field `age` of element 3: want u32, have string".
func (e *CheckError) Error() string {
	if len(e.Path) == 0 {
		return e.Msg
	}
	return strings.Join(e.Path, " of ") + ": " + e.Msg
}

// Check returns a [*CheckError] unless v is a value of type t. At every level, the kind and the
// number of fields must match, cases and flags must exist, chars must be Unicode scalar values and
// strings must be UTF-8. Check does not inspect handles. An owned resource is also a value of a
// borrow type, because the owner of a resource can lend it.
func Check(v Value, t types.ValType) error {
	if err := check(v, t); err != nil {
		return err
	}
	return nil
}

func misfit(format string, args ...any) *CheckError {
	return &CheckError{Msg: fmt.Sprintf(format, args...)}
}

// count returns a number with its noun: "1 field", "2 fields".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// in adds a step to the path of an error.
func (e *CheckError) in(format string, args ...any) *CheckError {
	e.Path = append(e.Path, fmt.Sprintf(format, args...))
	return e
}

func check(v Value, named types.ValType) *CheckError {
	t := types.UnnameVal(named)
	if k := KindOf(t); v.kind != k && !(k == KindBorrow && v.kind == KindOwn) {
		return misfit("want %s, have %s", types.TypeString(named), v.kind)
	}
	switch t := t.(type) {
	case types.Prim:
		return checkPrim(v)
	case *types.Record:
		return checkRecord(v, t)
	case *types.Tuple:
		if v.Len() != len(t.Elems) {
			return misfit("want %s, have %d", count(len(t.Elems), "element"), v.Len())
		}
		for i, et := range t.Elems {
			if err := check(v.Index(i), et); err != nil {
				return err.in("element %d", i)
			}
		}
		return nil
	case *types.List:
		return checkList(v, t.Elem)
	case *types.FixedList:
		if v.Len() != int(t.Len) {
			return misfit("want %s, have %d", count(int(t.Len), "element"), v.Len())
		}
		return checkList(v, t.Elem)
	case *types.Map:
		return checkMap(v, t)
	case *types.Enum:
		if v.num >= uint64(len(t.Names)) {
			return misfit("want one of %d cases, have case %d", len(t.Names), v.num)
		}
		return nil
	case *types.Flags:
		if bits.Len64(v.num) > len(t.Names) {
			return misfit("want %s, have flag %d", count(len(t.Names), "flag"), bits.Len64(v.num)-1)
		}
		return nil
	case *types.Variant:
		if v.num >= uint64(len(t.Cases)) {
			return misfit("want one of %d cases, have case %d", len(t.Cases), v.num)
		}
		c := t.Cases[v.num]
		return checkPayload(v, c.Name, c.Type)
	case *types.Option:
		if v.num == 0 {
			return checkPayload(v, "none", nil)
		}
		return checkPayload(v, "some", t.Elem)
	case *types.Result:
		if v.num == 0 {
			return checkPayload(v, "ok", t.OK)
		}
		return checkPayload(v, "err", t.Err)
	default: // handles
		return nil
	}
}

func checkPrim(v Value) *CheckError {
	switch v.kind {
	case KindChar:
		if v.num > utf8.MaxRune || !utf8.ValidRune(rune(v.num)) {
			return misfit("0x%x is not a Unicode scalar value", v.num)
		}
	case KindString:
		if !utf8.ValidString(v.ref.(string)) {
			return misfit("the string is not UTF-8")
		}
	}
	return nil
}

func checkRecord(v Value, t *types.Record) *CheckError {
	if v.Len() != len(t.Fields) {
		return misfit("want %s, have %d", count(len(t.Fields), "field"), v.Len())
	}
	for i, f := range t.Fields {
		if err := check(v.Index(i), f.Type); err != nil {
			return err.in("field `%s`", f.Name)
		}
	}
	return nil
}

func checkList(v Value, elem types.ValType) *CheckError {
	if p, ok := v.ref.(packedList); ok && p.kind() == KindOf(elem) && alwaysValid(p.kind()) {
		return nil
	}
	for i := range v.Len() {
		if err := check(v.Index(i), elem); err != nil {
			return err.in("element %d", i)
		}
	}
	return nil
}

// alwaysValid reports whether every value of the kind is valid.
func alwaysValid(k Kind) bool { return k >= KindBool && k <= KindF64 }

func checkMap(v Value, t *types.Map) *CheckError {
	for i, e := range v.ref.([]Entry) {
		if err := check(e.Key, t.Key); err != nil {
			return err.in("key").in("entry %d", i)
		}
		if err := check(e.Value, t.Value); err != nil {
			return err.in("value").in("entry %d", i)
		}
	}
	return nil
}

func checkPayload(v Value, name string, t types.ValType) *CheckError {
	payload := v.Payload()
	switch {
	case t == nil && payload.IsZero():
		return nil
	case t == nil:
		return misfit("case `%s` has no payload, have %s", name, payload.kind)
	case payload.IsZero():
		return misfit("case `%s` wants a payload of type %s", name, types.TypeString(t))
	}
	if err := check(payload, t); err != nil {
		return err.in("case `%s`", name)
	}
	return nil
}
