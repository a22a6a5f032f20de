package plan

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
)

// immediates writes the immediates of a planned built-in that it has.
func immediates(p *Program, b *Builtin) string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if b.Resource >= 0 {
		add("resource %s", p.Resources[b.Resource].Name)
	}
	if b.Type != nil {
		add("type %s", types.TypeString(b.Type))
	}
	if b.Async {
		add("async")
	}
	if b.Shared {
		add("shared")
	}
	if b.Val != (encoding.Builtin{}).Val {
		add("%v %d", b.Val, b.Slot)
	}
	if b.Table >= 0 {
		add("table %s", p.Tables[b.Table].Name)
	}
	if b.CoreType != nil {
		add("core type %d", len(b.CoreType.Func.Params))
	}
	if o := b.Options; o != nil {
		if o.Encoding != encoding.OptUTF8 {
			add("%v", o.Encoding)
		}
		if o.Memory >= 0 {
			add("memory %s", p.Memories[o.Memory].Name)
		}
		if o.Realloc >= 0 {
			add("realloc %s", p.Funcs[o.Realloc].(CoreExport).Name)
		}
		if o.Async {
			add("option async")
		}
	}
	return strings.Join(out, ", ")
}

// Every immediate of every built-in reaches the plan.
func TestImmediates(t *testing.T) {
	type row struct{ text, want string }
	rows := []row{
		{"resource.new $second", "resource second"},
		{"resource.drop $first", "resource first"},
		{"resource.rep $second", "resource second"},
		{"backpressure.inc", ""},
		{"backpressure.dec", ""},
		{"task.return (result $list) string-encoding=utf16 (memory (core memory $two))", "type list<u8>, string-encoding=utf16, memory two"},
		{"task.return (result u16)", "type u16"},
		{"task.return", ""},
		{"task.cancel", ""},
		{"context.get i32 1", "i32 1"},
		{"context.set i32 1", "i32 1"},
		{"subtask.cancel", ""},
		{"subtask.cancel async", "async"},
		{"subtask.drop", ""},
		{"stream.new $s", "type stream<u8>"},
		{"stream.read $s async (memory (core memory $two)) (realloc (core func $b))", "type stream<u8>, memory two, realloc b, option async"},
		{"stream.write $s (memory (core memory $one))", "type stream<u8>, memory one"},
		{"stream.cancel-read $s async", "type stream<u8>, async"},
		{"stream.cancel-write $s", "type stream<u8>"},
		{"stream.drop-readable $s", "type stream<u8>"},
		{"stream.drop-writable $s", "type stream<u8>"},
		{"future.new $f", "type future<u16>"},
		{"future.read $f (memory (core memory $one))", "type future<u16>, memory one"},
		{"future.write $f async (memory (core memory $two))", "type future<u16>, memory two, option async"},
		{"future.cancel-read $f", "type future<u16>"},
		{"future.cancel-write $f async", "type future<u16>, async"},
		{"future.drop-readable $f", "type future<u16>"},
		{"future.drop-writable $f", "type future<u16>"},
		{"error-context.new string-encoding=latin1+utf16 (memory (core memory $two))", "string-encoding=latin1+utf16, memory two"},
		{"error-context.debug-message (memory (core memory $two)) (realloc (core func $a))", "memory two, realloc a"},
		{"error-context.drop", ""},
		{"waitable-set.new", ""},
		{"waitable-set.wait (memory (core memory $two))", "memory two"},
		{"waitable-set.poll (memory (core memory $one))", "memory one"},
		{"waitable-set.drop", ""},
		{"waitable.join", ""},
		{"thread.index", ""},
		{"thread.new-indirect $start (core table $t2)", "table t2, core type 1"},
		{"thread.resume-later", ""},
		{"thread.suspend", ""},
		{"thread.yield", ""},
		{"thread.suspend-then-resume", ""},
		{"thread.yield-then-resume", ""},
		{"thread.suspend-then-promote", ""},
		{"thread.yield-then-promote", ""},
		{"thread.spawn-ref shared $sharedstart", "shared, core type 1"},
		{"thread.spawn-indirect shared $sharedstart (core table $t1)", "shared, table t1, core type 1"},
		{"thread.available-parallelism", ""},
		{"thread.available-parallelism shared", "shared"},
	}
	var source strings.Builder
	source.WriteString(`(component
		(core module $m
			(memory (export "one") 1) (memory (export "two") 1)
			(table (export "t1") shared 1 (ref null (shared func))) (table (export "t2") 1 funcref)
			(func (export "a") (param i32 i32 i32 i32) (result i32) unreachable)
			(func (export "b") (param i32 i32 i32 i32) (result i32) unreachable))
		(core instance $m (instantiate $m))
		(alias core export $m "one" (core memory $one)) (alias core export $m "two" (core memory $two))
		(alias core export $m "t1" (core table $t1)) (alias core export $m "t2" (core table $t2))
		(alias core export $m "a" (core func $a)) (alias core export $m "b" (core func $b))
		(core type $start (func (param i32)))
		(core type $sharedstart (shared (func (param i32))))
		(type $first (resource (rep i32))) (export "first" (type $first))
		(type $second (resource (rep i32))) (export "second" (type $second))
		(type $list (list u8)) (type $s (stream u8)) (type $f (future u16))` + "\n")
	for _, r := range rows {
		fmt.Fprintf(&source, "(core func (canon %s))\n", r.text)
	}
	f := diag.NewFile("c.wat", []byte(source.String()+")"))
	u, err := wat.Parse(f)
	if err != nil {
		t.Fatal(err)
	}
	bin := diag.NewBinary("c", u.Append(nil))
	c, err := encoding.Decode(bin)
	if err != nil {
		t.Fatal(err)
	}
	info, err := validate.Component(bin, c, validate.Options{Features: feature.All()})
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(info, 0)
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[encoding.CanonOp]bool)
	for i, r := range rows {
		b := p.Trampolines[i].Def.(*Builtin)
		seen[b.Op] = true
		if name, _, _ := strings.Cut(r.text, " "); b.Op.String() != name {
			t.Errorf("%s is planned as %v", r.text, b.Op)
		}
		if got := immediates(p, b); got != r.want {
			t.Errorf("%s: %q, want %q", r.text, got, r.want)
		}
	}
	for _, op := range encoding.CanonOps() {
		if !seen[op.Op] {
			t.Errorf("%s is not tested", op.Name)
		}
	}
}
