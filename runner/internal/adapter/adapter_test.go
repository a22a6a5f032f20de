package adapter

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value/valuetest"
)

// link names every source after itself.
func link(_ Part, s Source) (string, string) { return fmt.Sprint(s.Kind, " ", s.Slot), "f" + s.Name }

func edge(funcs ...*types.Func) *Edge {
	e := &Edge{Caller: 1, Callee: 2, CallerMemory: 0, CalleeMemory: 1, CheckLeave: true, LockCallee: true, Entering: []int{2, 0}}
	for i, t := range funcs {
		e.Funcs = append(e.Funcs, Func{Type: t, Core: i, Realloc: 100, PostReturn: 200 + i, CallerRealloc: 101})
	}
	return e
}

func check(t *testing.T, e *Edge) Modules {
	t.Helper()
	out := Make(e, link)
	for i, data := range out {
		if data == nil {
			continue
		}
		m, err := core.Decode(data)
		if err != nil {
			t.Fatalf("part %d: %v", i, err)
		}
		if err := core.Validate(m, feature.Default(), core.ValidateOptions{}); err != nil {
			t.Fatalf("part %d: %v", i, err)
		}
	}
	return out
}

// Every function that the generator accepts yields valid modules, the same each time.
func TestModulesAreValid(t *testing.T) {
	for seed := range uint64(300) {
		g := valuetest.New(seed, valuetest.Options{})
		var funcs []*types.Func
		for range 3 {
			f := g.Func(5)
			if !Serves(f) {
				t.Errorf("seed %d: %s is not served", seed, f)
				continue
			}
			funcs = append(funcs, f)
		}
		a, b := check(t, edge(funcs...)), check(t, edge(funcs...))
		for i := range a {
			if !bytes.Equal(a[i], b[i]) {
				t.Fatalf("seed %d: part %d differs the second time", seed, i)
			}
		}
	}
}

// Functions of scalars need neither memories nor the other parts.
func TestScalarsNeedOnePart(t *testing.T) {
	out := check(t, edge(&types.Func{Params: []types.Param{{Name: "a", Type: types.U8}, {Name: "b", Type: types.F64}}, Result: types.S16}))
	if out[CallerMemory] != nil || out[CalleeMemory] != nil {
		t.Error("a function of scalars has more than one part")
	}
	m, err := core.Decode(out[Entry])
	if err != nil {
		t.Fatal(err)
	}
	for _, im := range m.Imports {
		if im.Type.Kind == core.ExternMemory {
			t.Error("a function of scalars imports a memory")
		}
	}
}

// What cannot fail is not checked.
func TestOnlyNecessaryImports(t *testing.T) {
	str := &types.Func{Params: []types.Param{{Name: "s", Type: types.String}}}
	for _, r := range []struct {
		name    string
		edge    Edge
		globals [NumParts]int
	}{
		{"nothing", Edge{}, [NumParts]int{}},
		{"leaving the caller", Edge{CheckLeave: true}, [NumParts]int{Entry: 1}},
		{"realloc and post-return", Edge{LockCallee: true}, [NumParts]int{CalleeMemory: 1, Entry: 1}},
		{"entering", Edge{Entering: []int{1, 2}}, [NumParts]int{Entry: 2}},
	} {
		e := edge(str)
		e.CheckLeave, e.LockCallee, e.Entering = r.edge.CheckLeave, r.edge.LockCallee, r.edge.Entering
		for i, data := range check(t, e) {
			if data == nil {
				if r.globals[i] > 0 {
					t.Errorf("%s: part %d is missing", r.name, i)
				}
				continue
			}
			m, err := core.Decode(data)
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, im := range m.Imports {
				if im.Type.Kind == core.ExternGlobal {
					n++
				}
			}
			if n != r.globals[i] {
				t.Errorf("%s: part %d imports %d flags, want %d", r.name, i, n, r.globals[i])
			}
		}
	}
}

func TestServes(t *testing.T) {
	r := &types.Resource{Name: "r"}
	deep := types.ValType(types.U8)
	for range 12 {
		deep = &types.Variant{Cases: []types.Case{{Name: "a", Type: deep}, {Name: "b", Type: deep}}}
	}
	wide := &types.Flags{Names: []string{"a"}}
	large := &types.Tuple{}
	for range 6000 {
		large.Elems = append(large.Elems, wide)
	}
	many := &types.Variant{}
	for range 500 {
		many.Cases = append(many.Cases, types.Case{Type: types.String})
	}
	for _, c := range []struct {
		name          string
		t             types.ValType
		param, result bool
	}{
		{"string", types.String, true, true}, {"record", &types.Record{Fields: []types.Field{{Name: "a", Type: types.U8}}}, true, true},
		{"own", &types.Own{Of: r}, false, false}, {"list of borrows", &types.List{Elem: &types.Borrow{Of: r}}, false, false},
		{"stream", &types.Stream{Elem: types.U8}, false, false}, {"future", &types.List{Elem: &types.Future{}}, false, false},
		{"error-context", &types.Option{Elem: types.ErrorContext}, false, false},
		{"variants that multiply", deep, false, true}, {"record with very many fields", large, false, false},
		{"variant with very many payloads", many, false, false}, {"list of such variants", &types.List{Elem: deep}, true, true},
	} {
		if got := Serves(&types.Func{Result: c.t}); got != c.result {
			t.Errorf("%s as result: %t", c.name, got)
		}
		if got := Serves(&types.Func{Params: []types.Param{{Name: "x", Type: c.t}}}); got != c.param {
			t.Errorf("%s as parameter: %t", c.name, got)
		}
	}
	check(t, edge(&types.Func{Params: []types.Param{{Name: "x", Type: &types.List{Elem: deep}}}}))
}
