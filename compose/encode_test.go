package compose_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/compose"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/types"
)

// assemble returns the package of a component in the text format.
func assemble(t *testing.T, name, text string) *compose.Package {
	t.Helper()
	u, err := wat.Parse(diag.NewFile(name+".wat", []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	p, err := compose.NewPackage(name, diag.NewBinary(name+".wasm", u.Append(nil)), 0)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// An open import cannot use the resource of a satisfied import: nobody outside knows the resource.
func TestOpenImportOfInnerResource(t *testing.T) {
	maker := assemble(t, "maker", `(component
  (type $r (resource (rep i32)))
  (component $c (import "r" (type $r (sub resource))) (export "r" (type $r)))
  (instance $i (instantiate $c (with "r" (type $r))))
  (export "a:b/i" (instance $i)))`)
	user := assemble(t, "user", `(component
  (import "a:b/i" (instance $i (export "r" (type (sub resource)))))
  (alias export $i "r" (type $r))
  (import "a:b/j" (instance (export "f" (func (param "x" (own $r)))))))`)
	g := &compose.Graph{}
	m, u := g.Instantiate(maker, "m"), g.Instantiate(user, "u")
	if err := g.Connect(compose.Source{Instance: m, Export: "a:b/i"}, u, "a:b/i"); err != nil {
		t.Fatal(err)
	}
	_, err := g.Encode(compose.EncodeOptions{})
	list := diag.FromError(err)
	if len(list) != 1 || list[0].Code != compose.CodeOpen {
		t.Fatalf("got %v", err)
	}
	want := []string{"plug in a component that exports `a:b/j` together with the interfaces that it uses"}
	if d := cmp.Diff(want, list[0].Help); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// Types that components import directly are imported once, together with the functions that use
// them.
func TestOpenImportsOfTypes(t *testing.T) {
	user := func(name string) *compose.Package {
		return assemble(t, name, `(component
  (import "r" (type $r (sub resource)))
  (type $rec (record (field "a" u32)))
  (import "p" (type $p (eq $rec)))
  (import "`+name+`" (func (param "x" (own $r)) (param "y" $p))))`)
	}
	g := &compose.Graph{}
	g.Instantiate(user("one"), "one")
	g.Instantiate(user("two"), "two")
	_, typ := encode(t, g)
	if d := cmp.Diff([]string{"r", "p", "one", "two"}, typ.Imports.Names()); d != "" {
		t.Fatalf("imports (-want +got)\n%s", d)
	}
	r := typ.Imports.Get("r").(*types.Bound).Type
	for _, f := range []string{"one", "two"} {
		if own := typ.Imports.Get(f).(*types.Func).Params[0].Type.(*types.Own); own.Of != r {
			t.Errorf("%s takes %s, not the resource that is imported", f, types.TypeString(own))
		}
	}
}

// A package that is instantiated twice is embedded once, under its name.
func TestNamesOfPackages(t *testing.T) {
	g := &compose.Graph{}
	p := assemble(t, "pack", "(component)")
	g.Instantiate(p, "a")
	g.Instantiate(p, "b")
	c, err := g.Encode(compose.EncodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, s := range c.Component.Names().Sorts {
		for _, n := range s.Names {
			got[s.Sort.String()+" "+n.Name]++
		}
	}
	want := map[string]int{encoding.SortComponent.String() + " pack": 1, encoding.SortInstance.String() + " a": 1, encoding.SortInstance.String() + " b": 1}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// A core module of one package fits another package, although the two were validated apart.
func TestConnectedModules(t *testing.T) {
	maker := assemble(t, "maker", `(component
  (core module $m (import "" "g" (func (param i64))) (func (export "f") (result i32) (i32.const 7)))
  (export "m" (core module $m)))`)
	user := assemble(t, "user", `(component (import "m" (core module (import "" "g" (func (param i64))) (export "f" (func (result i32))))))`)
	g := &compose.Graph{}
	m, u := g.Instantiate(maker, "m"), g.Instantiate(user, "u")
	if err := g.Connect(compose.Source{Instance: m, Export: "m"}, u, "m"); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Encode(compose.EncodeOptions{}); err != nil {
		t.Error(err)
	}
}
