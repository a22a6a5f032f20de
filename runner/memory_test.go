package runner_test

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// memory returns a component that has a memory with the given limits and exports its size and
// memory.grow.
func memory(limits string) string {
	return `(component
		(core module $m
			(memory ` + limits + `)
			(func (export "size") (result i32) memory.size)
			(func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
			(func (export "poke") (param i32) (result i32) (i32.store8 (local.get 0) (i32.const 7)) (i32.load8_u (local.get 0))))
		(core instance $m (instantiate $m))
		(func (export "size") (result u32) (canon lift (core func $m "size")))
		(func (export "grow") (param "n" u32) (result s32) (canon lift (core func $m "grow")))
		(func (export "poke") (param "at" u32) (result u32) (canon lift (core func $m "poke"))))`
}

// long reports whether tests may use memories of 4 GiB. Go clears each one before reuse.
func long() bool { return os.Getenv("MORTISE_LONG") != "" && strconv.IntSize == 64 }

// A memory is usable up to its last byte, or it is refused because of its size.
func TestMemoryLimits(t *testing.T) {
	unlimited := runner.Options{Limits: runner.Limits{MaxMemory: runner.NoLimit}}
	const huge = "core module 0 has a memory of 65536 pages (4 GiB), and compiled code can use 65535 pages (4194240 KiB) at most"
	for _, r := range []struct {
		o       runner.Options
		limits  string
		size    uint32 // at the start
		most    uint32 // that it can grow to
		refused string
		code    diag.Code
	}{
		{unlimited, "1 65536", 1, 65535, "", ""},
		{unlimited, "1", 1, 65535, "", ""},
		{unlimited, "65535", 65535, 65535, "", ""},
		{unlimited, "65536", 0, 0, huge, runner.CodeEngine},
		{runner.Options{Limits: runner.Limits{MaxMemory: 1 << 40}}, "65536 65536", 0, 0, huge, runner.CodeEngine},
		{runner.Options{Interpreter: true, Limits: unlimited.Limits}, "65536", 65536, 65536, "", ""},
		{runner.Options{Interpreter: true, Limits: unlimited.Limits}, "1 65536", 1, 65536, "", ""},
		{runner.Options{}, "1", 1, 1 << 14, "", ""},
		{runner.Options{}, "16385", 0, 0, "core module 0 has a memory of 16385 pages (1048640 KiB), and the limit is 16384 pages (1 GiB)", runner.CodeMemory},
		{runner.Options{Limits: runner.Limits{MaxMemory: 100}}, "1", 1, 1, "", ""},
		{runner.Options{Limits: runner.Limits{MaxMemory: 100}}, "2", 0, 0, "core module 0 has a memory of 2 pages (128 KiB), and the limit is 1 page (64 KiB)", runner.CodeMemory},
		{runner.Options{Limits: runner.Limits{MaxMemory: 3<<16 - 1}}, "2 3", 2, 2, "", ""},
		{runner.Options{Limits: runner.Limits{MaxMemory: 3<<16 - 1}}, "3", 0, 0, "core module 0 has a memory of 3 pages (192 KiB), and the limit is 2 pages (128 KiB)",
			runner.CodeMemory},
		{runner.Options{Limits: runner.Limits{MaxMemory: 3 << 16}}, "3", 3, 3, "", ""},
		{runner.Options{Limits: runner.Limits{MaxMemory: 1 << 20}, Interpreter: true}, "65536", 0, 0,
			"core module 0 has a memory of 65536 pages (4 GiB), and the limit is 16 pages (1 MiB)", runner.CodeMemory},
	} {
		if r.size > 1000 && !long() {
			continue
		}
		name := fmt.Sprintf("memory %s with %+v", r.limits, r.o)
		eng := engine(t, r.o)
		p, err := eng.Compile(t.Context(), "test.wasm", assemble(t, memory(r.limits)))
		if r.refused != "" {
			list := diag.FromError(err)
			if len(list) != 1 || list[0].Message != r.refused || list[0].Code != r.code {
				t.Errorf("%s: got %v, want %s", name, err, r.refused)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		i := instantiate(t, p, nil)
		if got := call(t, i, "size").U32(); got != r.size {
			t.Errorf("%s: size %d", name, got)
		}
		if got := call(t, i, "grow", value.U32(r.most+1-r.size)).S32(); got != -1 {
			t.Errorf("%s: growing to %d pages: %d", name, r.most+1, got)
		}
		if r.most > 1000 && !long() {
			continue
		}
		if got := call(t, i, "grow", value.U32(r.most-r.size)).S32(); got != int32(r.size) {
			t.Errorf("%s: growing to %d pages: %d", name, r.most, got)
		}
		if got := call(t, i, "grow", value.U32(1)).S32(); got != -1 {
			t.Errorf("%s: growing further: %d", name, got)
		}
		if got := call(t, i, "size").U32(); got != r.most {
			t.Errorf("%s: size after growing %d", name, got)
		}
		if got := call(t, i, "poke", value.U32(r.most<<16-1)).U32(); got != 7 {
			t.Errorf("%s: the last byte: %d", name, got)
		}
		if r.most < 65536 {
			trap(t, i, "poke", "out of bounds memory access", value.U32(r.most<<16))
		}
	}
}

// The size of a core module that runs by itself is checked too.
func TestCoreMemoryLimits(t *testing.T) {
	m, err := core.Decode(assemble(t, "(module (memory 65536))"))
	if err != nil {
		t.Fatal(err)
	}
	none := func(string) *runner.CoreInstance { return nil }
	unlimited := runner.Limits{MaxMemory: runner.NoLimit}
	_, err = engine(t, runner.Options{Limits: unlimited}).InstantiateCore(t.Context(), m, none)
	if !errors.Is(err, runner.ErrUnsupported) {
		t.Errorf("got %v", err)
	}
	_, err = engine(t, runner.Options{Limits: runner.Limits{MaxMemory: 1 << 20}}).InstantiateCore(t.Context(), m, none)
	want := "the module has a memory of 65536 pages (4 GiB), and the limit is 16 pages (1 MiB)"
	if list := diag.FromError(err); len(list) != 1 || list[0].Message != want || errors.Is(err, runner.ErrUnsupported) {
		t.Errorf("got %v, want %s", err, want)
	}
	if !long() {
		return
	}
	i, err := engine(t, runner.Options{Interpreter: true, Limits: unlimited}).InstantiateCore(t.Context(), m, none)
	if err != nil {
		t.Fatal(err)
	}
	if err := i.Close(t.Context()); err != nil {
		t.Error(err)
	}
}
