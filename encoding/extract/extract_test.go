package extract_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/extract"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
)

const coreStart = "\x00asm\x01\x00\x00\x00"

// oneFunc is a module that exports f: func(i32). Its memory, table and global have exports too.
const oneFunc = coreStart + "\x01\x05\x01\x60\x01\x7f\x00" + "\x03\x02\x01\x00" + "\x04\x04\x01\x70\x00\x01" + "\x05\x03\x01\x00\x01" +
	"\x06\x06\x01\x7f\x00\x41\x00\x0b" + "\x07\x11\x04\x01f\x00\x00\x01t\x01\x00\x01m\x02\x00\x01g\x03\x00" + "\x0a\x04\x01\x02\x00\x0b"

// twoFuncs is a module that imports a.f: func(i32) and exports it, and g: func().
const twoFuncs = coreStart + "\x01\x08\x02\x60\x01\x7f\x00\x60\x00\x00" + "\x02\x07\x01\x01a\x01f\x00\x00" + "\x03\x02\x01\x01" +
	"\x07\x09\x02\x01f\x00\x00\x01g\x00\x01" + "\x0a\x04\x01\x02\x00\x0b"

// everyReference builds a component that refers to its core types and core modules in every
// possible way. It holds two modules: one of its own, and one in a nested component.
func everyReference() *encoding.Component {
	var b encoding.Builder
	funcType := b.CoreType(&encoding.CoreRec{RecType: core.Func([]core.ValType{core.I32}, nil)})
	moduleType := b.CoreType(&encoding.CoreModuleType{Decls: []encoding.CoreModuleDecl{
		&encoding.CoreAliasDecl{Count: 1, Index: funcType},
		&encoding.CoreExportDecl{Name: "f", Type: core.ExternType{Kind: core.ExternFunc, Func: 0}},
	}})
	imported := b.Import(encoding.Plain("given"), encoding.ExternCoreModule{Type: moduleType}).CoreModule()
	held := b.CoreModule([]byte(oneFunc))
	instance := b.CoreInstantiate(held)
	b.AliasCoreFunc(instance, "f")
	b.AliasOuter(0, held)
	b.AliasOuter(0, moduleType)

	var inner encoding.Builder
	inner.AliasOuter(1, moduleType)
	inner.AliasOuter(1, funcType)
	param := inner.Import(encoding.Plain("arg"), encoding.ExternCoreModule{Type: 0}).CoreModule()
	outer := inner.AliasOuter(1, imported).CoreModule()
	own := inner.CoreModule([]byte(twoFuncs))
	a := inner.CoreInstantiate(outer)
	inner.CoreInstantiate(own, encoding.CoreInstantiateArg{Name: "a", Instance: a})
	inner.Export(encoding.Plain("out"), param, nil)
	nested := b.Nested(inner.Component())

	var decls encoding.TypeBuilder
	decls.AliasOuter(1, moduleType)
	local := decls.CoreType(&encoding.CoreModuleType{Decls: []encoding.CoreModuleDecl{
		&encoding.CoreAliasDecl{Count: 2, Index: funcType},
		&encoding.CoreExportDecl{Name: "g", Type: core.ExternType{Kind: core.ExternFunc, Func: 0}},
	}})
	decls.Import(encoding.Plain("a"), encoding.ExternCoreModule{Type: 0})
	decls.Export(encoding.Plain("b"), encoding.ExternCoreModule{Type: local})
	b.Export(encoding.Plain("shape"), b.Type(decls.ComponentType()), nil)

	made := b.Instantiate(nested, encoding.InstantiateArg{Name: "arg", Item: held.SortIndex()})
	b.InlineExports(encoding.InlineExport{Name: encoding.Plain("x"), Item: held.SortIndex()})
	b.AliasExport(made, encoding.SortCoreModule, "out")
	b.Export(encoding.Plain("plain"), held, nil)
	b.Export(encoding.Plain("ascribed"), imported, encoding.ExternCoreModule{Type: moduleType})
	names := encoding.Names{Component: "all", Sorts: []encoding.SortNames{
		{Sort: encoding.SortCoreType, Names: []encoding.IndexName{{Index: uint32(moduleType), Name: "shape"}}},
		{Sort: encoding.SortCoreModule, Names: []encoding.IndexName{{Index: uint32(held), Name: "held"}}},
		{Sort: encoding.SortComponent, Names: []encoding.IndexName{{Index: 0, Name: "nested"}}},
	}}
	b.Custom(encoding.NameSection, names.Append(nil))
	return b.Component()
}

func validatedInfo(t *testing.T, data []byte) *validate.Info {
	t.Helper()
	f := diag.NewBinary("f", data)
	c, err := encoding.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	info, err := validate.Component(f, c, validate.Options{Features: feature.All()})
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func TestModules(t *testing.T) {
	before := validatedInfo(t, everyReference().Append(nil))
	var taken []string
	c, err := extract.Modules(before.Component, func(n encoding.Node) string {
		taken = append(taken, n.String())
		return fmt.Sprintf("taken%d", len(taken)-1)
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"core module 1", "component 0 > core module 2"}, taken); diff != "" {
		t.Errorf("modules (-want +got):\n%s", diff)
	}
	for n := range c.All() {
		if n.Module != nil {
			t.Errorf("%v is still there", n)
		}
	}
	after := validatedInfo(t, c.Append(nil))

	// The two imports come first. All other imports and exports keep their types.
	var want, got []string
	for _, info := range []*validate.Info{before, after} {
		list := []string{}
		for _, x := range info.Type.Imports.All() {
			list = append(list, "import "+x.Name+": "+types.ExternString(x.Type))
		}
		for _, x := range info.Type.Exports.All() {
			list = append(list, "export "+x.Name+": "+types.ExternString(x.Type))
		}
		want, got = got, list
	}
	for i := range 2 {
		want = append(want[:i:i], append([]string{fmt.Sprintf("import taken%d: %s", i, moduleString(t, before, i))}, want[i:]...)...)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("type (-want +got):\n%s", diff)
	}
	names := after.Component.Names()
	wantNames := encoding.Names{Component: "all", Sorts: []encoding.SortNames{
		{Sort: encoding.SortCoreType, Names: []encoding.IndexName{{Index: 5, Name: "shape"}}},
		{Sort: encoding.SortCoreModule, Names: []encoding.IndexName{{Index: 3, Name: "held"}}},
		{Sort: encoding.SortComponent, Names: []encoding.IndexName{{Index: 0, Name: "nested"}}},
	}}
	if diff := cmp.Diff(&wantNames, names); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

// moduleString returns the type of extracted module i of everyReference, as package types prints
// it.
func moduleString(t *testing.T, info *validate.Info, i int) string {
	t.Helper()
	if i == 0 {
		return types.ExternString(info.CoreModules[1])
	}
	for _, d := range info.Component.Defs {
		if n, ok := d.(*encoding.NestedComponent); ok {
			return types.ExternString(info.Nested(n).CoreModules[2])
		}
	}
	t.Fatal("no nested component")
	return ""
}

func TestNothing(t *testing.T) {
	c := everyReference()
	if out, err := extract.Modules(c, func(encoding.Node) string { return "" }); out != c || err != nil {
		t.Errorf("got %p, %v, want %p", out, err, c)
	}
}

// TestError checks that modules are refused if their types have a different meaning outside
// the module.
func TestError(t *testing.T) {
	export := "\x03\x02\x01\x00" + "\x07\x05\x01\x01f\x00\x00" + "\x0a\x04\x01\x02\x00\x0b"
	for _, test := range []struct{ module, want string }{
		{"\x01\x05", "core module 0: unexpected end-of-file (at offset 0xa)"},
		{"\x01\x08\x01\x4e\x02\x60\x00\x00\x5f\x00" + export,
			"core module 0: export `f`: type 0 is recursive, shared or a subtype, which a module type cannot express"},
		{"\x01\x06\x01\x50\x00\x60\x00\x00" + export,
			"core module 0: export `f`: type 0 is recursive, shared or a subtype, which a module type cannot express"},
		{"\x01\x09\x02\x60\x01\x64\x01\x00\x60\x00\x00" + export,
			"core module 0: export `f`: (ref 1) is a reference to a type that the module defines"},
		{"\x01\x03\x01\x5f\x00" + export, "core module 0: export `f`: type 0 is not a function type"},
		{"\x01\x04\x01\x60\x00\x00" + "\x03\x02\x01\x00" + "\x07\x05\x01\x01f\x00\x01" + "\x0a\x04\x01\x02\x00\x0b",
			"core module 0: export `f`: unknown func 1"},
		{"\x01\x04\x01\x60\x00\x00" + "\x03\x02\x01\x01" + "\x07\x05\x01\x01f\x00\x00" + "\x0a\x04\x01\x02\x00\x0b",
			"core module 0: export `f`: unknown type 1: type index out of bounds"},
		{"\x02\x07\x01\x01a\x01f\x00\x05", "core module 0: import `a` `f`: unknown type 5: type index out of bounds"},
		{"\x07\x05\x01\x01f\x00\x05", "core module 0: export `f`: unknown func 5"},
		{"\x01\x04\x01\x60\x00\x00\x02\x09\x01\x01a\x01g\x03\x64\x00\x00",
			"core module 0: import `a` `g`: (ref 0) is a reference to a type that the module defines"},
	} {
		var b encoding.Builder
		b.CoreModule([]byte(coreStart + test.module))
		c, err := extract.Modules(b.Component(), func(encoding.Node) string { return "m" })
		var e *extract.Error
		if c != nil || !errors.As(err, &e) || err.Error() != test.want {
			t.Errorf("%x\n got %v\nwant %s", test.module, err, test.want)
		}
	}
}

// A nested component that holds none of the modules keeps its bytes, even those that are longer
// than needed.
func TestOthersKeepTheirBytes(t *testing.T) {
	const start = "\x00asm\x0d\x00\x01\x00"
	padded := start + "\x07\x82\x80\x80\x80\x00\x01\x73" // a type section whose size takes five bytes
	module := coreStart
	data := start + "\x01" + string(rune(len(module))) + module + "\x04" + string(rune(len(padded))) + padded
	c, err := encoding.Decode(diag.NewBinary("f", []byte(data)))
	if err != nil {
		t.Fatal(err)
	}
	out, err := extract.Modules(c, func(encoding.Node) string { return "m" })
	if err != nil {
		t.Fatal(err)
	}
	if got := string(out.Append(nil)); !strings.Contains(got, padded) {
		t.Errorf("%x lacks %x", got, padded)
	}
}

// FuzzModules checks that a component without its core modules can still be read.
func FuzzModules(f *testing.F) {
	f.Add(everyReference().Append(nil))
	files, err := filepath.Glob("../../*/testdata/*.wasm")
	if err != nil || len(files) == 0 {
		f.Fatalf("no components to start from: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := encoding.Decode(diag.NewBinary("f", data))
		if err != nil {
			return
		}
		n := 0
		out, err := extract.Modules(c, func(encoding.Node) string {
			n++
			return fmt.Sprintf("m%d", n)
		})
		if err != nil {
			return
		}
		if n == 0 && out != c {
			t.Error("a component without modules changes")
		}
		written := out.Append(nil)
		again, err := encoding.Decode(diag.NewBinary("f", written))
		if err != nil {
			t.Errorf("without its modules: %v", err)
		} else if string(again.Append(nil)) != string(written) {
			t.Error("without its modules a component is written otherwise than it is read")
		}
	})
}
