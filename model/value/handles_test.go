package value_test

import (
	"fmt"
	"testing"

	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
)

// Handles are found in values of every type.
func TestMapHandles(t *testing.T) {
	file := &types.Resource{Name: "file"}
	own, lent := &types.Own{Of: file}, &types.Borrow{Of: file}
	list := func(t types.ValType) types.ValType { return &types.List{Elem: t} }
	variant := &types.Variant{Cases: []types.Case{{Name: "none-at-all"}, {Name: "some-file", Type: own}}}
	for _, tt := range []struct {
		t         types.ValType
		in, after string
	}{
		{own, "file#1", "file#11"},
		{tuple(lent, types.U8, own), "(file#1, 7, file#2)", "(file#11, 7, file#12)"},
		{list(&types.Option{Elem: own}), "[some(file#1), none]", "[some(file#11), none]"},
		{list(variant), "[none-at-all, some-file(file#3)]", "[none-at-all, some-file(file#13)]"},
		{list(&types.Result{OK: own}), "[ok(file#1), err]", "[ok(file#11), err]"},
		{&types.Result{Err: own}, "err(file#1)", "err(file#11)"},
		{&types.Record{Fields: []types.Field{{Name: "a", Type: types.String}, {Name: "b", Type: own}}}, `{a: "file#5", b: file#5}`, `{a: "file#5", b: file#15}`},
		{&types.Map{Key: types.U8, Value: own}, "[(1, file#1)]", "[(1, file#11)]"},
		{&types.FixedList{Elem: own, Len: 2}, "[file#1, file#2]", "[file#11, file#12]"},
		{list(types.U8), "[1, 2]", "[1, 2]"},
	} {
		v, err := value.ParseHandles(tt.in, tt.t, func(s string) (any, error) {
			var n int
			_, err := fmt.Sscanf(s, "file#%d", &n)
			return ticket(n), err
		})
		if err != nil {
			t.Errorf("%s: %v", tt.in, err)
			continue
		}
		v = value.MapHandles(v, tt.t, func(h any, r *types.Resource) any {
			if r != file {
				t.Errorf("%s: resource %v", tt.in, r)
			}
			return h.(ticket) + 10
		})
		if got := string(value.Append(nil, v, tt.t)); got != tt.after {
			t.Errorf("got %s, want %s", got, tt.after)
		}
	}
}
