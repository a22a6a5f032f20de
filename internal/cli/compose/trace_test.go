package compose

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// The times of a trace count from its first call.
func TestTraceTimes(t *testing.T) {
	var b strings.Builder
	now := time.Unix(1000, 0)
	tr := &tracer{w: &b, width: 80, now: func() time.Time { return now }}
	outer := &runner.Call{Kind: runner.CallExport, To: "component 1", Interface: "a:b/c", Func: "f",
		Type: &types.Func{Params: []types.Param{{Name: "n", Type: types.U32}}}, Args: []value.Value{value.U32(7)}}
	inner := &runner.Call{Kind: runner.CallImport, Parent: outer, Func: "g", Type: &types.Func{Result: types.String}}
	tr.Begin(t.Context(), outer)
	now = now.Add(1500 * time.Microsecond)
	tr.Begin(t.Context(), inner)
	now = now.Add(2 * time.Second)
	tr.End(inner, value.String("x"), nil)
	now = now.Add(345678)
	tr.End(outer, value.Value{}, errors.New("out of luck"))
	want := `     0.000 ms  -> component 1: a:b/c.f(7)
     1.500 ms    -> host: g()
  2001.500 ms    <- "x"  [2 s]
  2001.846 ms  <- trap: out of luck  [2.002 s]
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("trace (-want +got):\n%s", diff)
	}
}

func TestTraceCutsLongValues(t *testing.T) {
	bytes := make([]uint8, 100_000)
	for _, tt := range []struct {
		v    value.Value
		t    types.ValType
		want string
	}{
		{value.String("short"), types.String, `"short"`},
		{value.String(strings.Repeat("é", 500)), types.String, `"` + strings.Repeat("é", 25) + `… (1000 bytes)`},
		{value.Packed(bytes), &types.List{Elem: types.U8}, "[0, 0, 0, 0, 0, 0, 0,… (100000 elements)"},
		{value.Some(value.String(strings.Repeat("x", 50))), &types.Option{Elem: types.String}, "some(\"xxxxxxxxxxxxxxxxxxxxxx… (50 bytes)"},
		{value.OK(value.Packed(bytes)), &types.Result{OK: &types.List{Elem: types.U8}}, "ok([0, 0, 0, 0, 0, 0,… (100000 elements)"},
		{value.Tuple([]value.Value{value.String(strings.Repeat("x", 50))}), &types.Tuple{Elems: []types.ValType{types.String}},
			"(\"xxxxxxxxxxxxx… (54 characters of text)"},
	} {
		if got := brief(tt.v, tt.t, 40); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}
