package validate_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
)

type (
	b  = encoding.Builder
	tb = encoding.TypeBuilder
)

// provider is a core module, assembled with wasm-tools 0.259:
//
//	(module
//	  (func (export "f"))
//	  (func (export "i") (result i32) i32.const 0)
//	  (func (export "p") (param i32))
//	  (func (export "ii") (param i32 i32))
//	  (func (export "realloc") (param i32 i32 i32 i32) (result i32) i32.const 0)
//	  (memory (export "mem") 1)
//	  (table (export "tab") 1 funcref)
//	  (global (export "g") i32 i32.const 0))
var provider = unhex(`0061736d010000000119056000006000017f60017f0060027f7f0060047f7f7f7f017f030605000102030404040170000105030100010606017f0041
	000b072c080166000001690001017000020269690003077265616c6c6f630004036d656d0200037461620100016703000a140502000b040041000b02000b02000b040041000b`)

// consumer is (module (import "a" "f" (func)) (import "a" "m" (memory 2))).
var consumer = unhex(`0061736d01000000010401600000020e020161016600000161016d020002`)

// tagged is (module (tag (export "t"))).
var tagged = unhex(`0061736d01000000010401600000 0d03010000 07050101740400`)

func unhex(s string) []byte {
	out, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		panic(err)
	}
	return out
}

// build encodes the component that f builds and decodes it again, so that its definitions have
// offsets.
func build(t testing.TB, f func(*b)) (*diag.File, *encoding.Component) {
	t.Helper()
	var x b
	f(&x)
	file := diag.NewBinary("c", x.Component().Append(nil))
	c, err := encoding.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	return file, c
}

// check validates the component that f builds and returns the errors as "code path: message", one
// on each line.
func check(t testing.TB, o validate.Options, f func(*b)) (*validate.Info, string) {
	t.Helper()
	file, c := build(t, f)
	info, err := validate.Component(file, c, o)
	if err == nil {
		return info, ""
	}
	var out []string
	for _, d := range listOf(t, err) {
		out = append(out, fmt.Sprintf("%s %s: %s", d.Code, d.Path(), d.Message))
	}
	return nil, strings.Join(out, "\n")
}

func listOf(t testing.TB, err error) diag.List {
	t.Helper()
	var list diag.List
	if !errors.As(err, &list) {
		t.Fatalf("%T: %v", err, err)
	}
	return list
}

// valid validates the component that f builds, with all features enabled.
func valid(t testing.TB, f func(*b)) *validate.Info {
	t.Helper()
	info, got := check(t, validate.Options{Features: feature.All()}, f)
	if got != "" {
		t.Fatalf("invalid:\n%s", got)
	}
	return info
}

// parts are the definitions that provider exports.
type parts struct {
	f, i, p, ii, realloc encoding.CoreFuncIdx
	mem                  encoding.CoreMemoryIdx
}

func provide(x *b) parts {
	m := x.CoreInstantiate(x.CoreModule(provider))
	return parts{f: x.AliasCoreFunc(m, "f"), i: x.AliasCoreFunc(m, "i"), p: x.AliasCoreFunc(m, "p"), ii: x.AliasCoreFunc(m, "ii"),
		realloc: x.AliasCoreFunc(m, "realloc"), mem: x.AliasCoreMemory(m, "mem")}
}

var (
	u8    = encoding.Prim(types.U8)
	u32   = encoding.Prim(types.U32)
	str   = encoding.Prim(types.String)
	plain = encoding.Plain
)

func result(v encoding.ValType) *encoding.ValType { return &v }

func takes(v encoding.ValType) *encoding.Func {
	return &encoding.Func{Params: []encoding.Field{{Name: "x", Type: v}}}
}

func gives(v encoding.ValType) *encoding.Func { return &encoding.Func{Result: &v} }

func resource(x *b) encoding.TypeIdx { return x.Type(&encoding.Resource{Rep: core.I32}) }

// nested builds a component inside x.
func nested(x *b, f func(*b)) encoding.ComponentIdx {
	var in b
	f(&in)
	return x.Nested(in.Component())
}

func instanceType(f func(*tb)) *encoding.InstanceType {
	var t tb
	f(&t)
	return t.InstanceType()
}

func componentType(f func(*tb)) *encoding.ComponentType {
	var t tb
	f(&t)
	return t.ComponentType()
}
