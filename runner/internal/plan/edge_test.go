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

// text plans a component in the text format.
func text(t *testing.T, source string) *Program {
	t.Helper()
	u, err := wat.Parse(diag.NewFile("c.wat", []byte(source)))
	if err != nil {
		t.Fatal(err)
	}
	file := diag.NewBinary("c", u.Append(nil))
	c, err := encoding.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	info, err := validate.Component(file, c, validate.Options{Features: feature.All()})
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(info, 0)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// leaf exports a function without parameters.
const leaf = `(component $leaf
	(core module $m (func (export "f")))
	(core instance $i (instantiate $m))
	(func (export "f") (canon lift (core func $i "f"))))`

// middle imports such a function and exports another. A %s stands for more definitions, and for
// more canonical options of its export.
const middle = `(component $middle
	(import "f" (func $f))
	(core func $g (canon lower (func $f)))
	(core module $m (import "" "g" (func)) (func (export "f")) (func (export "free")))
	(core instance $i (instantiate $m (with "" (instance (export "g" (func $g))))))
	%s
	(func (export "f") (canon lift (core func $i "f") %s)))`

// describe writes edges on one line each.
func describe(p *Program) string {
	var b strings.Builder
	for _, e := range p.Edges(func(*types.Func) bool { return true }) {
		fmt.Fprintf(&b, "%d>%d before %d", e.Caller, e.Callee, e.Before)
		if e.CheckLeave {
			b.WriteString(" check-leave")
		}
		if e.LockCallee {
			b.WriteString(" lock")
		}
		if len(e.Entering) > 0 {
			fmt.Fprintf(&b, " enter %v", e.Entering)
		}
		fmt.Fprintf(&b, " funcs %d memories %d %d\n", len(e.Trampolines), e.CallerMemory, e.CalleeMemory)
	}
	return b.String()
}

func TestEdges(t *testing.T) {
	plain := fmt.Sprintf(middle, "", "")
	for _, r := range []struct{ name, text, want string }{
		{"siblings cannot enter each other again", `(component ` + leaf + plain + `
			(instance $a (instantiate $leaf))
			(instance $b (instantiate $middle (with "f" (func $a "f"))))
			(instance $c (instantiate $middle (with "f" (func $b "f")))))`,
			"2>1 before 1 funcs 1 memories -1 -1\n3>2 before 2 lock funcs 1 memories -1 -1\n"},
		{"post-return must not leave", `(component ` + leaf + fmt.Sprintf(middle, "", `(post-return (core func $i "free"))`) + `
			(instance $a (instantiate $leaf))
			(instance $b (instantiate $middle (with "f" (func $a "f")))))`,
			"2>1 before 1 check-leave funcs 1 memories -1 -1\n"},
		{"a parent that calls its child can be in between", `(component
			(core module $m (func (export "f")))
			(core instance $i (instantiate $m))
			(func $f (canon lift (core func $i "f"))) ` + plain + `
			(instance $a (instantiate $middle (with "f" (func $f))))
			(core func $g (canon lower (func $a "f")))
			(core module $n (import "" "g" (func)))
			(core instance (instantiate $n (with "" (instance (export "g" (func $g)))))))`,
			// The child calls its parent, which it is inside: nothing is entered.
			"1>0 before 1 lock funcs 1 memories -1 -1\n0>1 before 2 lock enter [1] funcs 1 memories -1 -1\n"},
		{"a call enters the instances around the callee", `(component ` + leaf + plain + `
			(component $outer ` + leaf + `
				(instance $x (instantiate $leaf))
				(export "f" (func $x "f")))
			(instance $a (instantiate $outer))
			(instance $b (instantiate $middle (with "f" (func $a "f"))))
			(core func $g (canon lower (func $b "f")))
			(core module $n (import "" "g" (func)))
			(core instance (instantiate $n (with "" (instance (export "g" (func $g)))))))`,
			"3>2 before 1 enter [2 1] funcs 1 memories -1 -1\n0>3 before 2 lock enter [3] funcs 1 memories -1 -1\n"},
		{"dropping a resource calls the instance that defines it", `(component ` + leaf + plain + `
			(component $r (type $r' (resource (rep i32))) (export "r" (type $r')))
			(instance $x (instantiate $r))
			(alias export $x "r" (type $r'))
			(core func (canon resource.drop $r'))
			(instance $a (instantiate $leaf))
			(instance $b (instantiate $middle (with "f" (func $a "f")))))`,
			"3>2 before 1 enter [2] funcs 1 memories -1 -1\n"},
		{"a callee with tasks", `(component ` + leaf + fmt.Sprintf(middle, "(core func (canon context.get i32 0))", "") + `
			(instance $a (instantiate $leaf))
			(instance $b (instantiate $leaf))
			(instance $c (instantiate $middle (with "f" (func $a "f"))))
			(component $other ` + plain + leaf + `
				(instance $a (instantiate $leaf))
				(instance $b (instantiate $middle (with "f" (func $a "f")))))
			(instance (instantiate $other)))`,
			// The instance with tasks is on no edge, and the others keep their flags.
			"6>5 before 4 enter [5] funcs 1 memories -1 -1\n"},
		{"strings of another encoding", `(component ` + leaf + `
			(component $middle
				(import "f" (func $f))
				(core func $g (canon lower (func $f) string-encoding=utf16))
				(core module $m (import "" "g" (func)))
				(core instance $i (instantiate $m (with "" (instance (export "g" (func $g)))))))
			(instance $a (instantiate $leaf))
			(instance $b (instantiate $middle (with "f" (func $a "f")))))`, ""},
		{"a function of the host", `(component (import "f" (func $f)) ` + plain + `
			(instance (instantiate $middle (with "f" (func $f)))))`, ""},
		{"an instance that calls itself", `(component
			(core module $m (func (export "f")))
			(core instance $i (instantiate $m))
			(func $f (canon lift (core func $i "f")))
			(core func $g (canon lower (func $f)))
			(core module $n (import "" "g" (func)))
			(core instance (instantiate $n (with "" (instance (export "g" (func $g)))))))`, ""},
		{"a lifted trampoline", `(component ` + leaf + `
			(component $again (import "f" (func $f))
				(core func $g (canon lower (func $f)))
				(func (export "f") (canon lift (core func $g))))
			` + plain + `
			(instance $a (instantiate $leaf))
			(instance $b (instantiate $again (with "f" (func $a "f"))))
			(instance $c (instantiate $middle (with "f" (func $b "f")))))`, ""},
	} {
		if got := describe(text(t, r.text)); got != r.want {
			t.Errorf("%s:\n%swant\n%s", r.name, got, r.want)
		}
	}
}

// A function is on an edge before the first core instance that imports it. Functions that use
// different memories of one instance are on different edges.
func TestEdgesByPlace(t *testing.T) {
	p := text(t, `(component
		(component $leaf
			(core module $m (memory (export "m") 1) (func (export "r") (param i32 i32 i32 i32) (result i32) unreachable)
				(func (export "f")) (func (export "g") (param i32 i32)))
			(core instance $i (instantiate $m))
			(func (export "f") (canon lift (core func $i "f")))
			(func (export "g") (param "s" string)
				(canon lift (core func $i "g") (memory (core memory $i "m")) (realloc (core func $i "r")))))
		(component $user
			(import "f" (func $f))
			(import "g" (func $g (param "s" string)))
			(core module $libc (memory (export "m") 1))
			(core func $f' (canon lower (func $f)))
			(core module $one (import "" "f" (func)))
			(core instance (instantiate $one (with "" (instance (export "f" (func $f'))))))
			(core instance $x (instantiate $libc))
			(core instance $y (instantiate $libc))
			(core func $gx (canon lower (func $g) (memory (core memory $x "m"))))
			(core func $gy (canon lower (func $g) (memory (core memory $y "m"))))
			(core func $f2 (canon lower (func $f)))
			(core module $many (import "" "f" (func)) (import "" "f2" (func)) (import "" "x" (func (param i32 i32)))
				(import "" "y" (func (param i32 i32))))
			(core instance (instantiate $many (with "" (instance (export "f" (func $f')) (export "f2" (func $f2))
				(export "x" (func $gx)) (export "y" (func $gy)))))))
		(instance $a (instantiate $leaf))
		(instance $b (instantiate $user (with "f" (func $a "f")) (with "g" (func $a "g")))))`)
	want := "2>1 before 1 funcs 1 memories -1 -1\n2>1 before 4 funcs 2 memories 1 0\n2>1 before 4 funcs 1 memories 2 0\n"
	if got := describe(p); got != want {
		t.Errorf("%swant\n%s", got, want)
	}
}
