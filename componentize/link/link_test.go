package link_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/componentize/link"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/internal/golden"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/binary"
)

func assembled(tb testing.TB, text string) *diag.File {
	tb.Helper()
	u, err := wat.Parse(diag.NewFile("test.wat", []byte(text)))
	if err != nil {
		tb.Fatal(err)
	}
	return diag.NewBinary("test.wasm", u.Append(nil))
}

// embedded returns a module that carries a world that exports `run`.
func embedded(tb testing.TB, f *diag.File) *diag.File {
	tb.Helper()
	m, list := wit.Parse(diag.NewFile("test.wit", []byte("package a:b; world w { export run: func(); }")), wit.Options{})
	if list.HasErrors() {
		tb.Fatal(list)
	}
	data, err := binary.Embed(f, m, m.Main.World("w"), binary.WorldOptions{})
	if err != nil {
		tb.Fatal(err)
	}
	return diag.NewBinary("core.wasm", data)
}

func printed(t *testing.T, c *encoding.Component) string {
	t.Helper()
	out, err := wat.Print(nil, c, wat.PrintOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func wantText(t *testing.T, c *encoding.Component, parts ...string) {
	t.Helper()
	got := printed(t, c)
	for _, p := range parts {
		if !strings.Contains(got, p) {
			t.Errorf("%s is missing in\n%s", p, got)
		}
	}
}

func TestCodes(t *testing.T) {
	golden.Codes(t, link.Codes, func(example string) error {
		_, err := link.New([]link.SharedLibrary{{Name: "lib", File: assembled(t, example)}}, link.Options{})
		return err
	})
}

// The binary of the built-in library is its assembled text.
func TestBuiltinDL(t *testing.T) {
	src, err := os.ReadFile("libdl.wat")
	if err != nil {
		t.Fatal(err)
	}
	u, err := wat.Parse(diag.NewFile("libdl.wat", src))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(u.Append(nil), link.BuiltinDL().File.Data) {
		t.Error("libdl.wasm is not made of libdl.wat: run go generate")
	}
}

// runLibrary returns a library that exports a function for the world, with further text before it.
func runLibrary(t *testing.T, text string) link.SharedLibrary {
	t.Helper()
	return link.SharedLibrary{Name: "main", File: embedded(t, assembled(t, `(module `+text+` (func (export "run")))`))}
}

func TestLinkMistakes(t *testing.T) {
	other := func(text string) link.SharedLibrary {
		return link.SharedLibrary{Name: "other", File: assembled(t, `(module `+text+`)`)}
	}
	for _, c := range []struct {
		name, main, other, msg string
	}{
		{"library", `(@dylink.0 (needed "x" "y"))`, ``, "missing libraries: main needs x, y"},
		{"function", `(import "env" "f" (func (param i64)))`, ``, "unresolved symbol(s): main needs f (function [I64] -> [])"},
		{"other type", `(import "env" "f" (func))`, `(func (export "f") (param i32))`, "main needs f (function [] -> [])"},
		{"address", `(import "GOT.mem" "a" (global (mut i32)))`, ``, "main needs a (global i32)"},
		{"address of a function beside another import", `(import "env" "run" (func)) (import "GOT.func" "f" (global (mut i32)))`, ``, "main needs f (function [] -> [])"},
		{"address of a function", `(import "GOT.func" "f" (global (mut i32)))`, ``, "main needs f (function [] -> [])"},
		{"address that is a function", `(import "GOT.mem" "a" (func))`, ``, "unexpected type for GOT.mem:a: a func"},
		{"address of a function that is one", `(import "GOT.func" "f" (func))`, ``, "unexpected type for GOT.func:f: a func"},
		{"address of 64 bits", `(import "GOT.mem" "a" (global (mut i64)))`, ``, "unexpected type for GOT.mem:a: a global"},
		{"tag", `(import "env" "t" (tag (param i32)))`, ``, "main needs t (tag [I32] -> [])"},
		{"tag of a circle", `(@dylink.0 (needed "other")) (import "env" "t" (tag (param i32)))`,
			`(import "env" "run" (func)) (tag (export "t") (param i32))`, "circular dependency prevents direct tag import from `other`"},
		{"two types", `(@dylink.0 (needed "other")) (import "env" "f" (func)) (func (export "f"))`, `(func (export "f") (param i32))`, "function `f` is exported as"},
		{"memory", `(import "env" "memory" (func))`, ``, "unexpected type for env:memory: a func"},
		{"table", `(import "env" "__indirect_function_table" (table 1 2 funcref))`, ``, "unexpected type for env:__indirect_function_table"},
		{"base", `(import "env" "__memory_base" (global i64))`, ``, "unexpected type for env:__memory_base"},
		{"exported memory", `(@dylink.0 (needed "other"))`, `(@dylink.0 (mem-info (memory 0 0))) (memory (export "m") 1)`, "unsupported export kind for m: memory"},
		{"plain program", ``, `(memory (export "memory") 1)`, "`other` has no `dylink.0` section and exports a memory, so it is not a shared library"},
		{"plain program with a table", ``, `(table (export "t") 1 funcref)`, "`other` has no `dylink.0` section and exports a table, so it is not a shared library"},
		{"vectors", `(import "env" "f" (func (param v128)))`, ``, "cannot be linked yet"},
		{"both", `(func (export "_initialize")) (func (export "__wasm_call_ctors"))`, ``, "expected at most one of the two"},
		{"section", `(@custom "dylink.0" "\09\00")`, ``, "unrecognized `dylink.0` subsection: 9"},
		{"memory with a maximum", `(import "env" "memory" (memory 1 2))`, ``, "has a maximum"},
		{"memory of 64 bits", `(import "env" "memory" (memory i64 1))`, ``, "a 64-bit or shared memory"},
		{"memory import", `(import "env" "memory" (memory 65536))`, ``, "exceeds the limit"},
		{"table import", `(import "env" "__indirect_function_table" (table 4294967295 funcref))`, ``, "exceeds the limit"},
		{"memory size", `(@dylink.0 (mem-info (memory 4294967295 0)))`, ``, "exceeds the limit"},
		{"table size", `(@dylink.0 (mem-info (table 4294967295 0)))`, ``, "exceeds the limit"},
		{"alignment", `(@custom "dylink.0" "\01\04\00\40\00\00")`, ``, "alignment"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := link.New([]link.SharedLibrary{runLibrary(t, c.main), other(c.other)}, link.Options{})
			switch {
			case c.msg == "" && err != nil:
				t.Error(err)
			case c.msg != "" && (err == nil || !strings.Contains(err.Error(), c.msg)):
				t.Errorf("want %q, got %v", c.msg, err)
			}
		})
	}
}

// A missing function is reported once, even if its address is missing too.
func TestLinkReportsFunctionsOnce(t *testing.T) {
	lib := runLibrary(t, `(import "env" "run" (func)) (import "env" "f" (func)) (import "env" "g" (func)) (import "GOT.func" "g" (global (mut i32)))`)
	_, err := link.New([]link.SharedLibrary{lib}, link.Options{})
	if err == nil || strings.Count(err.Error(), "needs f ") != 1 || strings.Count(err.Error(), "needs g ") != 1 {
		t.Errorf("got %v", err)
	}
}

// Missing weak symbols are not an error, and libraries that nothing needs are left out.
func TestLinkLeavesOut(t *testing.T) {
	main := runLibrary(t, `(@dylink.0 (import-info "env" "maybe" binding-weak)) (import "env" "maybe" (func))`)
	unused := link.SharedLibrary{Name: "unused", File: assembled(t, `(module (import "env" "nowhere" (func)))`)}
	c, err := link.New([]link.SharedLibrary{main}, link.Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantText(t, c.Component, "wit-component:stubs")
	c, err = link.New([]link.SharedLibrary{runLibrary(t, ""), unused}, link.Options{StubMissing: true, StackSize: 65536})
	if err != nil {
		t.Fatal(err)
	}
	if got := printed(t, c.Component); strings.Contains(got, "unused") || !strings.Contains(got, "i32.const 65544") {
		t.Errorf("the unused library is there, or the stack has another size:\n%s", got)
	}
}

// The memory and the table are as large as the most demanding library requires.
func TestLinkSizes(t *testing.T) {
	c, err := link.New([]link.SharedLibrary{runLibrary(t, `(import "env" "memory" (memory 48)) (import "GOT.mem" "__heap_end" (global (mut i32)))
		(import "env" "__indirect_function_table" (table 7 funcref))`)}, link.Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantText(t, c.Component, `(memory (;0;) 48)`, `(table (;0;) 7 funcref)`, `(global (;2;) (mut i32) i32.const 3145728)`)
}

// New never panics, and its output is valid.
func FuzzNew(f *testing.F) {
	for _, text := range []string{
		`(module (@dylink.0 (mem-info (memory 16 2) (table 1 0)) (needed "other") (import-info "env" "f" binding-weak))
			(import "env" "memory" (memory 1)) (import "env" "__memory_base" (global i32)) (import "env" "f" (func (param i32)))
			(import "GOT.mem" "a" (global (mut i32))) (import "GOT.func" "f" (global (mut i32))) (import "GOT.mem" "__heap_base" (global (mut i32)))
			(import "env" "__wasm_get_tls_base" (func (result i32))) (import "env" "__stack_pointer" (global (mut i32)))
			(global (export "a") i32 (i32.const 4)) (func (export "g")) (func (export "run")) (func (export "__wasm_call_ctors")))`,
		`(module (@dylink.0) (func (export "f") (param i32)) (func (export "__wasm_task_hook") (param i32)) (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)
			(global (export "__wasm_library_tls_info") i32 (i32.const 0)) (func (export "_start")))`,
	} {
		f.Add(embedded(f, assembled(f, text)).Data, assembled(f, text).Data, true)
	}
	f.Fuzz(func(t *testing.T, main, other []byte, open bool) {
		libs := []link.SharedLibrary{
			{Name: "main", File: diag.NewBinary("main.wasm", main)},
			{Name: "other", File: diag.NewBinary("other.wasm", other), Openable: open},
			link.BuiltinDL(),
		}
		_, err := link.New(libs, link.Options{StubMissing: open})
		if err != nil && strings.Contains(err.Error(), "failed to validate component output") {
			t.Fatal(err)
		}
	})
}
