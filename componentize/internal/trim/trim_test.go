package trim

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/feature"
)

// trimmed returns the text of a module trimmed to the export f.
func trimmed(t *testing.T, text, realloc string, own bool) (string, error) {
	t.Helper()
	u, err := wat.Parse(diag.NewFile("adapter.wat", []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	m, err := core.Decode(u.Append(nil))
	if err != nil {
		t.Fatal(err)
	}
	data, err := Module(m, Options{Keep: []string{"f"}, Realloc: realloc, OwnMemory: own})
	if err != nil {
		return "", err
	}
	if m, err = core.Decode(data); err != nil {
		t.Fatal(err)
	}
	if err := core.Validate(m, feature.All(), core.ValidateOptions{Workers: 1}); err != nil {
		t.Error(err)
	}
	named := -1
	for _, n := range m.Names().Funcs {
		if int(n.Index) <= named {
			t.Errorf("the names of functions %d and %d are out of order", named, n.Index)
		}
		named = int(n.Index)
	}
	out, err := wat.PrintBinary(nil, diag.NewBinary("trimmed.wasm", data), wat.PrintOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return string(out), nil
}

// Unneeded items are removed, and the others keep their meaning under other indices.
func TestTrim(t *testing.T) {
	for _, c := range []struct {
		name, text, realloc string
		own                 bool
		want                string
	}{
		{"globals", `(module
  (import "env" "dead" (global $dead i32))
  (import "env" "base" (global $base i32))
  (global $unused (mut i32) (i32.const 1))
  (global $next (mut i32) (global.get $base))
  (func $f (export "f") (result i32) (global.get $next)))`, "", false, `
(module
  (type (;0;) (func (result i32)))
  (import "env" "base" (global $base (;0;) i32))
  (global $next (;1;) (mut i32) global.get $base)
  (export "f" (func $f))
  (func $f (;0;) (type 0) (result i32)
    global.get $next
  )
)
`},
		{"a name of no global", `(module
  (global (mut i32) (i32.const 1))
  (func (export "f") (result i32) (global.get 0))
  (@custom "name" "\07\12\01\01\0f__stack_pointer"))`, "", false, `
(module
  (type (;0;) (func (result i32)))
  (global (;0;) (mut i32) i32.const 1)
  (export "f" (func 0))
  (func (;0;) (type 0) (result i32)
    global.get 0
  )
)
`},
		{"a stack without an allocator", `(module
  (import "env" "memory" (memory 0))
  (import "env" "dead" (func $dead))
  (import "env" "base" (global $base i32))
  (global $__stack_pointer (mut i32) (i32.const 0))
  (func $unused (result i32) (i32.const 0))
  (func $f (export "f") (result i32) (i32.load (i32.add (global.get $__stack_pointer) (global.get $base)))))`, "cabi_realloc", false, `
(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;2;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;3;) (func))
  (import "env" "memory" (memory (;0;) 0))
  (import "env" "base" (global $base (;0;) i32))
  (import "__main_module__" "cabi_realloc" (func $cabi_realloc (;0;) (type 1)))
  (global $__stack_pointer (;1;) (mut i32) i32.const 0)
  (export "f" (func $f))
  (start $allocate_stack)
  (func $f (;1;) (type 0) (result i32)
    global.get $__stack_pointer
    global.get $base
    i32.add
    i32.load
  )
  (func $realloc_via_memory_grow (;2;) (type 2) (param i32 i32 i32 i32) (result i32)
    (local i32)
    i32.const 0
    local.get 0
    i32.ne
    if ;; label = @1
      unreachable
    end
    i32.const 0
    local.get 1
    i32.ne
    if ;; label = @1
      unreachable
    end
    i32.const 65536
    local.get 3
    i32.ne
    if ;; label = @1
      unreachable
    end
    i32.const 1
    memory.grow
    local.tee 4
    i32.const -1
    i32.eq
    if ;; label = @1
      unreachable
    end
    local.get 4
    i32.const 16
    i32.shl
  )
  (func $allocate_stack (;3;) (type 3)
    i32.const 0
    i32.const 0
    i32.const 8
    i32.const 65536
    call $realloc_via_memory_grow
    i32.const 65536
    i32.add
    global.set $__stack_pointer
  )
)
`},
		{"references to functions of a type", `(module
  (type $dead (func (param i64)))
  (type $t (func (result i32)))
  (type $u (func (param (ref null $t)) (result i32)))
  (func $dead (type $dead))
  (func $f (export "f") (type $u) (local (ref null $t)) (call_ref $t (local.get 0))))`, "", false, `
(module
  (type (;0;) (func (result i32)))
  (type (;1;) (func (param (ref null 0)) (result i32)))
  (export "f" (func $f))
  (func $f (;0;) (type 1) (param (ref null 0)) (result i32)
    (local (ref null 0))
    local.get 0
    call_ref 0
  )
)
`},
		{"a memory of its own", `(module
  (import "env" "dead" (global $dead i32))
  (import "env" "base" (global $base i32))
  (memory $m 1)
  (func $f (export "f") (result i32) (i32.load (i32.const 0)))
  (data (global.get $base) "text"))`, "", true, `
(module
  (type (;0;) (func (result i32)))
  (import "env" "base" (global $base (;0;) i32))
  (memory (;0;) 1)
  (export "f" (func $f))
  (func $f (;0;) (type 0) (result i32)
    i32.const 0
    i32.load
  )
  (data (;0;) (global.get $base) "text")
)
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := trimmed(t, c.text, c.realloc, c.own)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(strings.TrimPrefix(c.want, "\n"), got); d != "" {
				t.Errorf("(-want +got)\n%s\n%s", d, got)
			}
		})
	}
}

func TestTrimMistakes(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"tables, imported and defined", `(module (import "env" "t" (table 1 funcref)) (table $own 1 funcref)
  (func (export "f") (drop (table.size $own)) (drop (table.size 0))))`, "tables should not be present in the final adapter module"},
		{"two memories", `(module (import "env" "memory" (memory 0)) (import "env" "other" (memory $o 0))
  (func (export "f") (drop (memory.size)) (drop (memory.size $o))))`, "the adapter module should not use multi-memory"},
		{"a group of types", `(module (rec (type (func))) (func (export "f") (type 0)))`, "unsupported type in adapter"},
		{"a type with subtypes", `(module (type (sub (func))) (func (export "f") (type 0)))`, "unsupported type in adapter"},
		{"a structure", `(module (type (struct)) (func (export "f")))`, "unsupported type in adapter"},
		{"a tag", `(module (tag) (func (export "f")))`, "unsupported section"},
		{"two stacks", `(module (global $a (mut i32) (i32.const 0)) (global $b (mut i32) (i32.const 0))
  (func (export "f") (global.set $a (global.get $b)))
  (@custom "name" "\07\23\02\00\0f__stack_pointer\01\0f__stack_pointer"))`, "found 2 mutable i32 globals with name __stack_pointer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := trimmed(t, c.text, "", false)
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("want %s, got %v", c.want, err)
			}
		})
	}
}
