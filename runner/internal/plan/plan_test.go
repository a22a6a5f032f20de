package plan

import (
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/validate"
)

// program plans the component that f builds.
func program(t *testing.T, f func(*encoding.Builder)) (*Program, error) {
	t.Helper()
	var b encoding.Builder
	f(&b)
	file := diag.NewBinary("c", b.Component().Append(nil))
	c, err := encoding.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	info, err := validate.Component(file, c, validate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return New(info, 0)
}

func nested(x *encoding.Builder, f func(*encoding.Builder)) encoding.ComponentIdx {
	var in encoding.Builder
	f(&in)
	return x.Nested(in.Component())
}

// A component instantiated twice has its own instances, resources and scope each time.
func TestInstances(t *testing.T) {
	p, err := program(t, func(x *encoding.Builder) {
		c := nested(x, func(x *encoding.Builder) {
			r := x.Type(&encoding.Resource{Rep: core.I32})
			x.Builtin(encoding.Builtin{Op: encoding.OpResourceNew, Type: r})
			x.Export(encoding.Plain("r"), r, nil)
		})
		for _, n := range []string{"a", "b"} {
			x.Export(encoding.Plain(n), x.Instantiate(c), nil)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Instances) != 3 || len(p.Resources) != 2 || len(p.Trampolines) != 2 {
		t.Fatalf("%d instances, %d resources, %d trampolines", len(p.Instances), len(p.Resources), len(p.Trampolines))
	}
	for i, in := range p.Instances[1:] {
		if in.Parent != 0 || in.Path != "component 0" || p.Resources[i].Instance != i+1 {
			t.Errorf("instance %d: %+v", i+1, in)
		}
		if got := p.Trampolines[i].Def.(*Builtin).Resource; got != i {
			t.Errorf("trampoline %d is for resource %d", i, got)
		}
		e := p.Exports.Items[p.Exports.Names[i]]
		if got := e.Instance.Items["r"].Resource; got != i {
			t.Errorf("export %d has resource %d", i, got)
		}
	}
}

// An interface that refers to another's resource with an (eq) bound has the same slot for it.
func TestHostTypes(t *testing.T) {
	p, err := program(t, func(x *encoding.Builder) {
		r := x.ImportResource("r")
		var it encoding.TypeBuilder
		it.Export(encoding.Plain("again"), encoding.ExternTypeEq{Type: it.AliasOuter(1, r).Type()})
		i := x.ImportInstance("i", x.Type(it.InstanceType()))
		c := nested(x, func(x *encoding.Builder) {
			var it encoding.TypeBuilder
			it.Export(encoding.Plain("again"), encoding.ExternSubResource{})
			i := x.ImportInstance("i", x.Type(it.InstanceType()))
			x.Builtin(encoding.Builtin{Op: encoding.OpResourceDrop, Type: x.AliasType(i, "again")})
		})
		x.Instantiate(c, encoding.InstantiateArg{Name: "i", Item: i.SortIndex()})
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Resources) != 1 || p.Resources[0].Instance != -1 || p.Trampolines[0].Def.(*Builtin).Resource != 0 {
		t.Errorf("resources %+v, trampoline %+v", p.Resources, p.Trampolines[0].Def)
	}
}

func TestErrors(t *testing.T) {
	double := func(x *encoding.Builder, c encoding.ComponentIdx, n, times int) {
		for range n {
			before := c
			c = nested(x, func(x *encoding.Builder) {
				c := x.AliasOuter(1, before).Component()
				for range times {
					x.Instantiate(c)
				}
			})
		}
		x.Instantiate(c)
	}
	for _, r := range []struct {
		name string
		f    func(*encoding.Builder)
		want string
	}{
		{"component import", func(x *encoding.Builder) { x.ImportComponent("c", x.Type(&encoding.ComponentType{})) },
			"import `c` is a component: only functions, instances, types and core modules can be supplied when a component is run; " +
				"compose the component with one that exports it first"},
		{"instances", func(x *encoding.Builder) { double(x, nested(x, func(*encoding.Builder) {}), 90, 2) },
			"the component instantiates more than 10000 components"},
		{"definitions", func(x *encoding.Builder) {
			double(x, nested(x, func(x *encoding.Builder) {
				for range 10000 {
					x.Type(&encoding.Func{})
				}
			}), 2, 60)
		}, "the component has more than 5000000 definitions, counted once for each instantiation"},
	} {
		_, err := program(t, r.f)
		if err == nil || !strings.HasPrefix(err.Error(), r.want) {
			t.Errorf("%s: %v", r.name, err)
		}
	}
}
