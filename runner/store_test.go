package runner

import (
	"context"
	"errors"
	"os"
	"slices"
	"sync"
	"testing"
)

// A waiter that gives up passes on the wake-up that it may have taken.
func TestGateWithImpatientWaiters(t *testing.T) {
	var g gate
	outside := func(context.Context) bool { return false }
	entered := 0 // guarded by the gate
	var patient, impatient sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		impatient.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				ctx, cancel := context.WithCancel(t.Context())
				go cancel()
				if g.enter(ctx, outside) == nil {
					entered++
					g.leave()
				}
			}
		})
		patient.Go(func() {
			for range 2000 {
				if err := g.enter(t.Context(), outside); err != nil {
					t.Error(err)
					return
				}
				entered++
				if g.leave() {
					t.Error("an open gate asks for the release")
				}
			}
		})
	}
	patient.Wait()
	close(stop)
	impatient.Wait()
	if entered < 8000 || g.state.Load() != 0 {
		t.Errorf("entered %d times, state %#x", entered, g.state.Load())
	}
}

// Closing ends the waiting of every waiter.
func TestGateCloses(t *testing.T) {
	outside := func(context.Context) bool { return false }
	for range 50 {
		var g gate
		if err := g.enter(t.Context(), outside); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() {
				if err := g.enter(t.Context(), outside); err != ErrClosed {
					t.Errorf("got %v", err)
				}
			})
		}
		if release, err := g.close(); release || !errors.Is(err, ErrBusy) {
			t.Errorf("close: %t, %v", release, err)
		}
		wg.Wait()
		if !g.leave() {
			t.Error("nobody releases")
		}
		g.released()
		if release, err := g.close(); release || err != nil {
			t.Errorf("close again: %t, %v", release, err)
		}
	}
}

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
