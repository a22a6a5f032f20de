package validate_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
)

// spaces counts the entries of each index space in an Info.
func spaces(i *validate.Info) map[encoding.Sort]uint32 {
	return map[encoding.Sort]uint32{
		encoding.SortCoreFunc: uint32(len(i.CoreFuncs)), encoding.SortCoreTable: uint32(len(i.CoreTables)),
		encoding.SortCoreMemory: uint32(len(i.CoreMemories)), encoding.SortCoreGlobal: uint32(len(i.CoreGlobals)),
		encoding.SortCoreTag: uint32(len(i.CoreTags)), encoding.SortCoreType: uint32(len(i.CoreTypes)),
		encoding.SortCoreModule: uint32(len(i.CoreModules)), encoding.SortCoreInstance: uint32(len(i.CoreInstances)),
		encoding.SortFunc: uint32(len(i.Funcs)), encoding.SortValue: uint32(len(i.Values)), encoding.SortType: uint32(len(i.Types)),
		encoding.SortComponent: uint32(len(i.Components)), encoding.SortInstance: uint32(len(i.Instances)),
	}
}

// Every definition has a type: the index spaces are as long as those of the tree, even in nested
// components.
func TestSpaces(t *testing.T) {
	files, err := filepath.Glob("../../runner/testdata/*.wasm")
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f := diag.NewBinary(name, data)
		c, err := encoding.Decode(f)
		if err != nil {
			t.Fatal(err)
		}
		info, err := validate.Component(f, c, validate.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		checkSpaces(t, name, info)
	}
}

func checkSpaces(t *testing.T, name string, info *validate.Info) {
	var want encoding.Spaces
	for _, d := range info.Component.Defs {
		want.Add(d)
		switch d := d.(type) {
		case *encoding.NestedComponent:
			in := info.Nested(d)
			if in == nil || in.Parent != info || in.Component != d.Component {
				t.Errorf("%s: nested component without its Info", name)
				continue
			}
			checkSpaces(t, name, in)
		case *encoding.CoreModule:
			if info.Module(d) == nil {
				t.Errorf("%s: core module without its sections", name)
			}
		}
	}
	for sort, n := range spaces(info) {
		if n != want.Len(sort) {
			t.Errorf("%s: %d entries of sort %v, want %d", name, n, sort, want.Len(sort))
		}
	}
	if info.Type == nil {
		t.Errorf("%s: no type", name)
	}
}

// The indices that aliases, exports and instantiations add have the types of their targets.
func TestIndexTypes(t *testing.T) {
	var alias, export, inner encoding.FuncIdx
	var inst encoding.InstanceIdx
	info := valid(t, func(x *b) {
		c := nested(x, func(x *b) {
			f := x.ImportFunc("in", x.Type(takes(u32)))
			x.Export(plain("out"), f, nil)
		})
		f := x.ImportFunc("f", x.Type(takes(u32)))
		inst = x.Instantiate(c, encoding.InstantiateArg{Name: "in", Item: f.SortIndex()})
		inner = x.AliasFunc(inst, "out")
		bag := x.InlineExports(encoding.InlineExport{Name: plain("a"), Item: inner.SortIndex()})
		alias = x.AliasFunc(bag, "a")
		export = x.Export(plain("g"), alias, nil).Func()
		x.Lower(export)
	})
	for _, i := range []encoding.FuncIdx{inner, alias, export} {
		if got := types.TypeString(info.Funcs[i]); got != "func(x: u32)" {
			t.Errorf("function %d: %s", i, got)
		}
	}
	if got := types.TypeString(info.Instances[inst]); got != "interface { out: func(x: u32); }" {
		t.Errorf("instance: %s", got)
	}
	if got := types.TypeString(info.Type); got != "world { import f: func(x: u32); export g: func(x: u32); }" {
		t.Errorf("component: %s", got)
	}
	if got := info.CoreFuncs[0].String(); got != "[i32] -> []" {
		t.Errorf("lowered: %s", got)
	}
}

// Each instantiation has its own resource types, except for those that are passed in.
func TestFreshResources(t *testing.T) {
	var r [4]encoding.TypeIdx
	var imported encoding.TypeIdx
	info := valid(t, func(x *b) {
		imported = x.ImportResource("r")
		c := nested(x, func(x *b) {
			x.Export(plain("again"), x.ImportResource("r"), nil)
			x.Export(plain("own"), resource(x), nil)
		})
		for n := range 2 {
			i := x.Instantiate(c, encoding.InstantiateArg{Name: "r", Item: imported.SortIndex()})
			r[2*n], r[2*n+1] = x.AliasType(i, "again"), x.AliasType(i, "own")
		}
	})
	of := func(i encoding.TypeIdx) types.Type { return types.Unname(info.Types[i]) }
	if of(r[0]) != of(imported) || of(r[2]) != of(imported) {
		t.Error("an imported resource became another one")
	}
	if of(r[1]) == of(r[3]) || of(r[1]) == of(imported) {
		t.Error("two instances share a resource type")
	}
	if n := len(info.Type.ImportedResources); n != 1 {
		t.Errorf("%d imported resources", n)
	}
}

// Every import of an instance type introduces its own resources.
func TestImportedInstances(t *testing.T) {
	info := valid(t, func(x *b) {
		it := x.Type(instanceType(func(x *tb) {
			r := x.Export(plain("r"), encoding.ExternSubResource{}).Type()
			x.Export(plain("f"), encoding.ExternFunc{Type: x.Type(gives(encoding.Ref(x.Type(&encoding.Own{Type: r}))))})
		}))
		x.ImportInstance("a", it)
		x.ImportInstance("b", it)
	})
	a, c := info.Instances[0], info.Instances[1]
	ra, rc := a.Exports.Get("r").(*types.Bound).Type, c.Exports.Get("r").(*types.Bound).Type
	if ra == rc {
		t.Error("two imports share a resource type")
	}
	if types.Subtype(a.Exports.Get("f"), c.Exports.Get("f")) == nil {
		t.Error("functions over different resources are the same")
	}
	if own := a.Exports.Get("f").(*types.Func).Result.(*types.Own); types.Type(own.Resource()) != ra {
		t.Error("the function is not over the instance's resource")
	}
	if got := info.Type.ImportedResources; len(got) != 2 || types.Type(got[0]) != ra || types.Type(got[1]) != rc {
		t.Errorf("imported resources %v", got)
	}
}

// The ascribed type of an export is its type from then on. It may omit exports and hide the
// identity of a resource.
func TestAscription(t *testing.T) {
	var hidden, open encoding.TypeIdx
	info := valid(t, func(x *b) {
		f := x.ImportFunc("f", x.Type(&encoding.Func{}))
		i := x.InlineExports(encoding.InlineExport{Name: plain("a"), Item: f.SortIndex()}, encoding.InlineExport{Name: plain("b"), Item: f.SortIndex()})
		less := x.Type(instanceType(func(x *tb) { x.Export(plain("b"), encoding.ExternFunc{Type: x.Type(&encoding.Func{})}) }))
		x.Export(plain("i"), i, encoding.ExternInstance{Type: less})
		r := resource(x)
		open = x.Export(plain("open"), r, nil).Type()
		hidden = x.Export(plain("hidden"), r, encoding.ExternSubResource{}).Type()
	})
	if got := types.TypeString(info.Instances[1]); got != "interface { b: func(); }" {
		t.Errorf("ascribed instance: %s", got)
	}
	if types.Unname(info.Types[open]) == types.Unname(info.Types[hidden]) {
		t.Error("a hidden resource is known")
	}
	if n := len(info.Type.ExportedResources); n != 2 {
		t.Errorf("%d exported resources", n)
	}
}

// After an instantiation, the types of the arguments replace those of the imports, including their
// names.
func TestRenaming(t *testing.T) {
	var out encoding.TypeIdx
	info := valid(t, func(x *b) {
		rec := x.Type(&encoding.Record{Fields: []encoding.Field{{Name: "a", Type: u8}}})
		mine := x.ImportTypeEq("mine", rec)
		c := nested(x, func(x *b) {
			theirs := x.ImportTypeEq("theirs", x.AliasOuter(1, rec).Type())
			x.Export(plain("list"), x.Type(&encoding.List{Elem: encoding.Ref(theirs)}), nil)
		})
		i := x.Instantiate(c, encoding.InstantiateArg{Name: "theirs", Item: mine.SortIndex()})
		out = x.AliasType(i, "list")
		x.Export(plain("list"), out, nil)
	})
	if got := types.Definition(info.Types[out]); got != "list<mine>" {
		t.Errorf("got %s", got)
	}
}

// Instance types may refer to types of the component by outer aliases only.
func TestOuterAliases(t *testing.T) {
	info := valid(t, func(x *b) {
		r := x.ImportResource("r")
		x.ImportInstance("i", x.Type(instanceType(func(x *tb) {
			same := x.Export(plain("r"), encoding.ExternTypeEq{Type: x.AliasOuter(1, r).Type()}).Type()
			x.Export(plain("f"), encoding.ExternFunc{Type: x.Type(takes(encoding.Ref(x.Type(&encoding.Borrow{Type: same}))))})
		})))
		m := x.CoreModule(provider)
		nested(x, func(x *b) {
			deep := x.AliasOuter(1, m).CoreModule()
			x.CoreInstantiate(deep)
		})
	})
	f := info.Instances[0].Exports.Get("f").(*types.Func)
	if f.Params[0].Type.(*types.Borrow).Resource() != types.Unname(info.Types[0]) {
		t.Error("the instance has another resource")
	}
	if diff := cmp.Diff(0, len(info.Instances[0].Resources)); diff != "" {
		t.Errorf("free resources (-want +got):\n%s", diff)
	}
}

// Huge types that take few bytes because they share parts, in every possible way, are refused or
// checked at once.
func TestHostile(t *testing.T) {
	double := func(x *b, n int, start func() encoding.TypeIdx, next func(encoding.TypeIdx) encoding.DefType) {
		t := start()
		for range n {
			t = x.Type(next(t))
		}
	}
	twice := func(t encoding.TypeIdx) encoding.DefType {
		return instanceType(func(x *tb) {
			for _, n := range []string{"a", "b"} {
				x.Export(plain(n), encoding.ExternInstance{Type: x.AliasOuter(1, t).Type()})
			}
		})
	}
	for _, r := range []struct {
		name    string
		f       func(*b)
		refused bool
	}{
		{"tuples of lists", func(x *b) { doubling(x, 90) }, true},
		{"variants", func(x *b) {
			double(x, 90, func() encoding.TypeIdx { return x.Type(&encoding.Option{Elem: u8}) }, func(t encoding.TypeIdx) encoding.DefType {
				return &encoding.Result{OK: result(encoding.Ref(t)), Err: result(encoding.Ref(t))}
			})
		}, true},
		{"instance types", func(x *b) {
			double(x, 60, func() encoding.TypeIdx { return x.Type(instanceType(func(*tb) {})) }, twice)
		}, true},
		{"instance types with resources", func(x *b) {
			double(x, 60, func() encoding.TypeIdx {
				return x.Type(instanceType(func(x *tb) { x.Export(plain("r"), encoding.ExternSubResource{}) }))
			}, twice)
		}, true},
		{"component types", func(x *b) {
			double(x, 60, func() encoding.TypeIdx { return x.Type(componentType(func(*tb) {})) }, func(t encoding.TypeIdx) encoding.DefType {
				return componentType(func(x *tb) {
					for _, n := range []string{"a", "b"} {
						x.Import(plain(n), encoding.ExternComponent{Type: x.AliasOuter(1, t).Type()})
						x.Export(plain(n), encoding.ExternComponent{Type: x.AliasOuter(1, t).Type()})
					}
				})
			})
		}, true},
		{"instantiations", func(x *b) {
			c := nested(x, func(x *b) { x.Export(plain("r"), resource(x), nil) })
			for range 100 {
				before := c
				c = nested(x, func(x *b) {
					c := x.AliasOuter(1, before).Component()
					x.Export(plain("a"), x.Instantiate(c), nil)
					x.Export(plain("b"), x.Instantiate(c), nil)
				})
			}
		}, true},
		{"instantiations without exports", func(x *b) {
			c := nested(x, func(x *b) {})
			for range 100 {
				before := c
				c = nested(x, func(x *b) {
					c := x.AliasOuter(1, before).Component()
					x.Instantiate(c)
					x.Instantiate(c)
				})
			}
		}, false},
		{"imports of a large instance", func(x *b) {
			large := x.Type(instanceType(func(x *tb) {
				r := x.Export(plain("r"), encoding.ExternSubResource{}).Type()
				own := x.Type(&encoding.Own{Type: r})
				f := x.Type(&encoding.Tuple{Elems: slicesRepeat(encoding.Ref(own), 900)})
				for n := range 900 {
					x.Export(plain(fmt.Sprint("f", n)), encoding.ExternFunc{Type: x.Type(takes(encoding.Ref(f)))})
				}
			}))
			for n := range 100 {
				x.Type(componentType(func(x *tb) {
					x.Import(plain(fmt.Sprint("i", n)), encoding.ExternInstance{Type: x.AliasOuter(1, large).Type()})
				}))
			}
		}, true},
		{"aliases of a large type", func(x *b) {
			t := x.Type(&encoding.Tuple{Elems: slicesRepeat(u8, 900)})
			for range 3 {
				t = x.Type(&encoding.Tuple{Elems: slicesRepeat(encoding.Ref(t), 9)})
			}
			nested(x, func(x *b) {
				for range 20000 {
					x.AliasOuter(1, t)
				}
			})
		}, false},
	} {
		t.Run(r.name, func(t *testing.T) {
			_, got := check(t, validate.Options{Features: feature.All()}, r.f)
			if refused := got != ""; refused != r.refused {
				t.Errorf("refused: %v\n%.500s", refused, got)
			}
		})
	}
}

func slicesRepeat(v encoding.ValType, n int) []encoding.ValType {
	out := make([]encoding.ValType, n)
	for i := range out {
		out[i] = v
	}
	return out
}

// FuzzComponent checks that no input causes a panic or endless work.
func FuzzComponent(f *testing.F) {
	files, _ := filepath.Glob("../../runner/testdata/*.wasm")
	for _, name := range files {
		if data, err := os.ReadFile(name); err == nil {
			f.Add(data)
		}
	}
	for _, r := range errorRows {
		var x b
		r.f(&x)
		f.Add(x.Component().Append(nil))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file := diag.NewBinary("f", data)
		c, err := encoding.Decode(file)
		if err != nil {
			return
		}
		info, err := validate.Component(file, c, validate.Options{Features: feature.All()})
		if err != nil {
			if len(listOf(t, err)) == 0 {
				t.Error("an error without diagnostics")
			}
			return
		}
		checkSpaces(t, "f", info)
	})
}
