package preview1_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/componentize/preview1"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/internal/reftool"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
	"github.com/mortise-wasm/mortise/wasi"
	"github.com/mortise-wasm/mortise/wit"
)

// reactor makes a component of a module for a world, and returns an instance of it that writes to
// out.
func reactor(t *testing.T, f *diag.File, world string, out io.Writer, adapter func(*core.Module, string) (componentize.Adapter, bool)) *runner.Instance {
	t.Helper()
	model, list := wit.Load(fstest.MapFS{"w.wit": {Data: []byte("package a:b;\nworld w {\n" + world + "\n}\n")}}, "w.wit", wit.Options{})
	if list.HasErrors() {
		t.Fatal(list)
	}
	w, err := model.World("w")
	if err != nil {
		t.Fatal(err)
	}
	c := component(t, f, componentize.Options{Model: model, World: w, DefaultAdapter: adapter})
	ctx := context.Background()
	eng, err := runner.NewEngine(ctx, runner.Options{})
	if err != nil {
		t.Fatal(err)
	}
	closeAfter := func(f func() error) {
		t.Cleanup(func() {
			if err := f(); err != nil {
				t.Error(err)
			}
		})
	}
	closeAfter(func() error { return eng.Close(ctx) })
	prog, err := eng.Compile(ctx, f.Name, c.Append(nil))
	if err != nil {
		t.Fatal(err)
	}
	l := runner.NewLinker()
	host, err := wasi.Config{Stdout: out, Stderr: out, Env: []string{"HOME=/here"}}.AddTo(l)
	if err != nil {
		t.Fatal(err)
	}
	closeAfter(host.Close)
	i, err := l.Instantiate(ctx, prog)
	if err != nil {
		t.Fatal(err)
	}
	closeAfter(func() error { return i.Close(ctx) })
	return i
}

func call(t *testing.T, i *runner.Instance, name string, args ...value.Value) value.Value {
	t.Helper()
	v, err := i.Func(name).Call(t.Context(), args...)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return v
}

// allocating is a library whose allocator calls the functions that a garbage collector starting
// there would call, and more.
const allocating = `(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\10\00\00\00\06\00\00\00")
  (data (i32.const 16) "hello\n")
  (data (i32.const 256) "\07") ;; a subscription to the clock, which gives event 7
  (global $errors (mut i64) (i64.const -1))
  (global $seen (mut i64) (i64.const -1))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (global.set $errors (i64.extend_i32_u (call $clock (i32.const 1) (i64.const 0) (i32.const 64))))
    (call $note (call $random (i32.const 128) (i32.const 16)))
    (call $note (call $poll (i32.const 256) (i32.const 512) (i32.const 1) (i32.const 72)))
    (call $note (i32.load (i32.const 72)))
    (call $note (i32.load (i32.const 512)))
    (call $note (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 80)))
    (global.set $seen (i64.load (i32.const 64)))
    (i32.const 1024))
  (func $note (param i32)
    (global.set $errors (i64.or (i64.shl (global.get $errors) (i64.const 8)) (i64.extend_i32_u (local.get 0)))))
  (func (export "time") (result i64)
    (drop (call $clock (i32.const 1) (i64.const 0) (i32.const 64)))
    (i64.load (i32.const 64)))
  (func (export "print") (result i32) (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 80)))
  (func (export "random") (result i64) (i64.load (i32.const 128)))
  (func (export "errors") (param i32 i32) (result i64) (global.get $errors))
  (func (export "seen") (result i64) (global.get $seen)))`

const allocatingWorld = `export time: func() -> u64; export seen: func() -> u64; export print: func() -> u32; export random: func() -> u64;
export errors: func(s: string) -> u64;`

// While an allocator runs, the component must not call its imports, and the runner enforces this.
// Clocks stand still, pauses end at once, random numbers are only as random as necessary, and
// writes have to wait.
func TestAllocator(t *testing.T) {
	var out bytes.Buffer
	i := reactor(t, module(t, allocating), allocatingWorld, &out, nil)
	// Nothing has read the clock yet.
	const errnos = 0<<40 | 0<<32 | 0<<24 | 1<<16 | 7<<8 | 6
	for _, c := range []func() uint64{func() uint64 { return 1 }, func() uint64 { return call(t, i, "time").Uint() }} {
		want := c()
		if got := call(t, i, "errors", value.String("x")).Uint(); got != errnos {
			t.Errorf("in the allocator: errors %#x, want %#x", got, uint64(errnos))
		}
		if got := call(t, i, "seen").Uint(); got != want {
			t.Errorf("in the allocator: the clock shows %d, want %d, as it did last", got, want)
		}
	}
	first := call(t, i, "random").Uint()
	call(t, i, "errors", value.String("x"))
	if second := call(t, i, "random").Uint(); first == second || first == 0 {
		t.Errorf("random numbers %#x and %#x", first, second)
	}
	if out.Len() > 0 {
		t.Errorf("the allocator wrote %q", out.String())
	}
	// The allocation is over: the host can be called again.
	a, b := call(t, i, "time").Uint(), call(t, i, "time").Uint()
	if a >= b {
		t.Errorf("the clock stands still: %d, %d", a, b)
	}
	if got := call(t, i, "print").Uint(); got != 0 || out.String() != "hello\n" {
		t.Errorf("print: errno %d, output %q", got, out.String())
	}
}

// An adapter that is not notified of allocations calls the host, which is a trap.
func TestAllocatorUnguarded(t *testing.T) {
	unguarded := func(m *core.Module, name string) (componentize.Adapter, bool) {
		a, ok := preview1.Adapter(m, name)
		data := bytes.ReplaceAll(a.File.Data, []byte("realloc_begin"), []byte("realloc_other"))
		a.File = diag.NewBinary(a.File.Name, data)
		return a, ok
	}
	i := reactor(t, module(t, allocating), allocatingWorld, nil, unguarded)
	call(t, i, "time")
	_, err := i.Func("errors").Call(t.Context(), value.String("x"))
	var trap *runner.Trap
	if !errors.As(err, &trap) || !strings.Contains(err.Error(), "cannot leave component instance") {
		t.Errorf("error %v, want a trap", err)
	}
}

// A library compiled with stock Go. It is initialized before its first call, and its goroutines,
// clock and collector work between calls.
func TestGoLibrary(t *testing.T) {
	f := read(t, reftool.GoWASI(t, "componentize/preview1/testdata/reactor", "-buildmode=c-shared"))
	i := reactor(t, f, `export add: func(a: u32, b: u32) -> u32; export calls: func(n: u32) -> u32; export goroutine: func(n: u32) -> u64;
export half: func(x: f64) -> f64; export elapsed: func() -> bool; export home: func() -> s32;`, nil, nil)
	if got := call(t, i, "add", value.U32(40), value.U32(2)).Uint(); got != 42 {
		t.Errorf("add: %d", got)
	}
	if got := call(t, i, "half", value.F64(5)).F64(); got != 2.5 {
		t.Errorf("half: %v", got)
	}
	for n := range uint64(2000) {
		if got := call(t, i, "calls", value.U32(uint32(n))).Uint(); got != n+1 {
			t.Fatalf("call %d: %d", n, got)
		}
	}
	if got := call(t, i, "goroutine", value.U32(200000)).Uint(); got != 200000/1000*499500+200000 {
		t.Errorf("goroutine: %d", got)
	}
	if !call(t, i, "elapsed").Bool() {
		t.Error("the clock stands still")
	}
	if got := call(t, i, "home").Int(); got != 5 {
		t.Errorf("home: %d", got)
	}
}
