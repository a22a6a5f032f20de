package runner

import (
	"os"
	"slices"
	"testing"
)

// Closing an instance closes all of its core instances, including the first.
func TestCloseClosesCoreInstances(t *testing.T) {
	ctx := t.Context()
	data, err := os.ReadFile("testdata/bags.wasm")
	if err != nil {
		t.Fatal(err)
	}
	eng, err := NewEngine(ctx, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer eng.Close(ctx)
	p, err := eng.Compile(ctx, "bags.wasm", data)
	if err != nil {
		t.Fatal(err)
	}
	if p.Type() == nil || p.Type().Exports.Len() == 0 {
		t.Errorf("type %v", p.Type())
	}
	l := NewLinker()
	l.TrapUnknown()
	i, err := l.Instantiate(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	cores := slices.Clone(i.store.cores)
	if len(cores) < 2 || len(eng.stores) != 1 {
		t.Fatalf("%d core instances, %d stores", len(cores), len(eng.stores))
	}
	if err := i.Close(ctx); err != nil {
		t.Fatal(err)
	}
	for n, m := range cores {
		if !m.IsClosed() {
			t.Errorf("core instance %d is open", n)
		}
	}
	if err := p.Close(ctx); err != nil {
		t.Fatal(err)
	}
	if len(eng.stores) != 0 || len(eng.modules) != 0 {
		t.Errorf("the engine holds %d stores and %d modules", len(eng.stores), len(eng.modules))
	}
}
