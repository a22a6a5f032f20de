// Package sig has the types of core functions in short notation.
package sig

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/types"
)

// The types of functions that canonical options refer to, and of functions that are called without
// arguments.
var (
	Realloc  = Of("iiii:i")
	Callback = Of("iii:i")
	Dtor     = Of("i:")
	TaskHook = Of("i:")
	Thunk    = core.FuncType{}
)

// Of returns a function type from letters: "ii:i" takes two i32 and returns one. "I" is i64.
func Of(s string) core.FuncType {
	params, results, _ := strings.Cut(s, ":")
	vals := func(s string) []core.ValType {
		var out []core.ValType
		for _, c := range s {
			switch c {
			case 'i':
				out = append(out, core.I32)
			case 'I':
				out = append(out, core.I64)
			default:
				panic(fmt.Sprintf("unreachable: %q", c))
			}
		}
		return out
	}
	return core.FuncType{Params: vals(params), Results: vals(results)}
}

// Same reports whether two function types are equal.
func Same(a, b core.FuncType) bool {
	return slices.Equal(a.Params, b.Params) && slices.Equal(a.Results, b.Results)
}

// Describe returns a function type in the form that messages use: `[I32, I32] -> [I64]`.
func Describe(t core.FuncType) string {
	list := func(vals []core.ValType) string {
		words := make([]string, len(vals))
		for i, v := range vals {
			words[i] = v.String()
			if v.Kind != types.RefKind {
				words[i] = strings.ToUpper(words[i])
			}
		}
		return "[" + strings.Join(words, ", ") + "]"
	}
	return list(t.Params) + " -> " + list(t.Results)
}
