package runner_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// The code of a closed program lives as long as its instances.
func TestCloseProgramBeforeInstances(t *testing.T) {
	ctx := t.Context()
	p := program(t, runner.Options{}, "calls")
	i := instantiate(t, p, host(echo))
	for range 2 {
		if err := p.Close(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if got := call(t, i, "run", value.U32(1)); got.Bits() != 2 {
		t.Errorf("run = %d", got.Bits())
	}
	_, err := host(echo).Instantiate(ctx, p)
	if !errors.Is(err, runner.ErrClosed) || err.Error() != "instantiating: the program is closed" {
		t.Errorf("instantiating: %v", err)
	}
	if err := i.Close(ctx); err != nil {
		t.Error(err)
	}
}

// Closing an engine closes its instances. Nothing made by the engine can be used afterwards, and no
// error is in wazero's words.
func TestCloseEngineBeforeInstances(t *testing.T) {
	ctx := t.Context()
	eng := engine(t, runner.Options{})
	data := assemble(t, writer)
	p := compile(t, eng, data)
	l := runner.NewLinker()
	l.TrapUnknown()
	i := instantiate(t, p, l)
	for range 2 {
		if err := eng.Close(ctx); err != nil {
			t.Fatal(err)
		}
	}
	_, compileErr := eng.Compile(ctx, "x", data)
	_, instErr := l.Instantiate(ctx, p)
	_, callErr := i.Func("peek").Call(ctx)
	for _, r := range []struct {
		err  error
		want string
	}{
		{compileErr, "the engine is closed"},
		{instErr, "instantiating: the engine is closed"},
		{callErr, "call of `peek`: cannot enter component instance: it is closed"},
	} {
		if !errors.Is(r.err, runner.ErrClosed) || r.err.Error() != r.want {
			t.Errorf("got %v, want %s", r.err, r.want)
		}
	}
	if err := errors.Join(i.Close(ctx), p.Close(ctx)); err != nil {
		t.Error(err)
	}
}

// An engine that is closed during a call is released when the call ends.
func TestCloseEngineDuringCall(t *testing.T) {
	ctx := t.Context()
	eng := engine(t, runner.Options{})
	var h items
	l := h.linker()
	l.Instance("ns:h/items@0.2.12").Func("take", func(context.Context, []value.Value) (value.Value, error) {
		err := eng.Close(ctx)
		want := "the engine is in use by 1 call: it is released when the last one ends"
		if !errors.Is(err, runner.ErrBusy) || err.Error() != want {
			t.Errorf("close: %v", err)
		}
		if _, err := eng.Compile(ctx, "x", nil); !errors.Is(err, runner.ErrClosed) {
			t.Errorf("compile: %v", err)
		}
		return value.U32(0), nil
	})
	p := compileFile(t, eng, "host")
	i := instantiate(t, p, l)
	idle := instantiate(t, p, l)
	call(t, idle, "leak", value.U32(7))
	if _, err := i.Func("give").Call(ctx, value.U32(6)); !errors.Is(err, runner.ErrClosed) {
		t.Errorf("the call: %v", err)
	}
	if len(h.dropped) != 1 {
		t.Errorf("dropped %v: the idle instance was not closed", h.dropped)
	}
}

// Compiling a large module does not block others from compiling and closing.
func TestCompilingDoesNotBlock(t *testing.T) {
	for name, dir := range cacheDirs(t) {
		t.Run(name, func(t *testing.T) { compilingDoesNotBlock(t, engine(t, runner.Options{Workers: 1, CacheDir: dir})) })
	}
}

// cacheDirs returns values of [runner.Options.CacheDir] by name.
func cacheDirs(t *testing.T) map[string]string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return map[string]string{"no cache": "", "cache": dir}
}

func compilingDoesNotBlock(t *testing.T, eng *runner.Engine) {
	t.Helper()
	ctx := t.Context()
	large := slow(t, 2_000)
	done := make(chan error, 1)
	go func() {
		_, err := eng.Compile(ctx, "large", large)
		done <- err
	}()
	n := 0
	for running := true; running; n++ {
		p := compile(t, eng, assemble(t, fmt.Sprintf("(component (core module $m (func (drop (i32.const %d)))) (core instance (instantiate $m)))", n)))
		if err := p.Close(ctx); err != nil {
			t.Error(err)
		}
		select {
		case err := <-done:
			running = false
			if err != nil {
				t.Error(err)
			}
		default:
		}
	}
	if n < 5 {
		t.Errorf("%d small components were compiled during a large one", n)
	}
}

// A goroutine that waits for another's compilation of the same code does not give up when the other
// does.
func TestCompilationIsTakenOver(t *testing.T) {
	eng := engine(t, runner.Options{})
	data := slow(t, 500)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if _, err := eng.Compile(ctx, "x", data); err != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("interrupted: %v", err)
			}
		})
		wg.Go(func() {
			p, err := eng.Compile(t.Context(), "x", data)
			if err == nil {
				err = p.Close(t.Context())
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	time.AfterFunc(20*time.Millisecond, cancel)
	wg.Wait()
	cancel()
}

// Many goroutines compile, run and close programs of one engine at once, some of them the same
// program.
func TestConcurrentPrograms(t *testing.T) {
	for name, dir := range cacheDirs(t) {
		t.Run(name, func(t *testing.T) { concurrentPrograms(t, engine(t, runner.Options{CacheDir: dir})) })
	}
}

func concurrentPrograms(t *testing.T, eng *runner.Engine) {
	t.Helper()
	source := func(n uint32) []byte {
		return assemble(t, fmt.Sprintf(`(component
			(import "host" (func $host (param "n" u32) (result u32)))
			(core func $host (canon lower (func $host)))
			(core module $m
				(import "" "host" (func $host (param i32) (result i32)))
				(func (export "f") (result i32) (call $host (i32.const %d))))
			(core instance $m (instantiate $m (with "" (instance (export "host" (func $host))))))
			(func (export "f") (result u32) (canon lift (core func $m "f"))))`, n))
	}
	sources := [][]byte{source(0), source(1), source(2)}
	l := host(echo)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for round := range 20 {
				n := (g + round) % len(sources)
				ctx, cancel := context.WithCancel(t.Context())
				if (g+round)%5 == 0 {
					go cancel()
				}
				err := func() error {
					p, err := eng.Compile(ctx, "x", sources[n])
					if err != nil {
						return err
					}
					i, err := l.Instantiate(ctx, p)
					if err != nil {
						return errors.Join(err, p.Close(t.Context()))
					}
					v, err := i.Func("f").Call(ctx)
					if err == nil && v.Bits() != uint64(n) {
						err = fmt.Errorf("got %d, want %d", v.Bits(), n)
					}
					// Close in either order.
					if round%2 == 0 {
						return errors.Join(err, i.Close(t.Context()), p.Close(t.Context()))
					}
					return errors.Join(err, p.Close(t.Context()), i.Close(t.Context()))
				}()
				cancel()
				if err != nil && !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}
