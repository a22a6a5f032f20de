package validate_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/feature"
)

// An error is at the smallest wrong item: the declaration in a type, or the import or export in a
// core module, not the whole type or module.
func TestErrorsAreAtTheSmallestPlace(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"a declaration of an instance type", `(type (instance (export "a" (func)) (export "b" (func (type 9)))))`, `(export "b" (func (type 9)))`},
		{"a type in an instance type", `(type (instance (type (list 9)) (export "b" (func))))`, `(type (list 9))`},
		{"a declaration in a declaration", `(type (component (import "a" (instance (export "x" (type (eq 7)))))))`, `(export "x" (type (eq 7)))`},
		{"a declaration of a module type", `(core type (module (import "a" "b" (func)) (export "c" (func (type 5)))))`, `(export "c" (func (type 5)))`},
		{"an alias in a module type", `(core type (module (alias outer 3 1 (type))))`, `(alias outer 3 1 (type))`},
		{"an export of a core module", `(core module (func) (export "a" (func 0)) (export "b" (func 1)))`, `(export "b" (func 1))`},
		{"an import of a core module", `(core module (type (func)) (import "a" "a" (func (type 0))) (import "a" "b" (func (type 1))))`, `(import "a" "b" (func (type 1)))`},
		{"an import twice", `(core module (import "a" "a" (func)) (import "b" "c" (memory 1)) (import "a" "a" (func)))`, `(import "a" "a" (func))`},
		{"a function of a core module", `(core module (func) (func (type 7)))`, `(type 7)`},
		{"a global of a core module", `(core module (global i32 (i32.const 0)) (global (ref null 7) (unreachable)))`, `(global (ref null 7) (unreachable))`},
		{"a type of a core module", `(core module (type (func)) (type (func (param (ref 8)))))`, `(type (func (param (ref 8))))`},
	} {
		text := diag.NewFile("test.wat", []byte("(component "+test.text+")"))
		f, err := wat.Assemble(text)
		if err != nil {
			t.Fatal(err)
		}
		c, err := encoding.Decode(f)
		if err != nil {
			t.Fatal(err)
		}
		_, err = validate.Component(f, c, validate.Options{Features: feature.All()})
		var got []string
		for _, d := range listOf(t, err) {
			got = append(got, d.Primary.Shown().Text())
		}
		if diff := cmp.Diff(test.want, strings.Join(got, "\n")); diff != "" {
			t.Errorf("%s: place (-want +got):\n%s", test.name, diff)
		}
	}
	// The second of two equal imports.
	text := "(component (core module (import \"a\" \"a\" (func))\n(import \"a\" \"a\" (func))))"
	f, err := wat.Assemble(diag.NewFile("test.wat", []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	c, err := encoding.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = validate.Component(f, c, validate.Options{}); listOf(t, err)[0].Primary.String() != "test.wat:2:1" {
		t.Errorf("%v", err)
	}
}
