package validate_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/internal/golden"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
)

// errorRows are invalid components and their errors: code, path of the item, message.
var errorRows = []struct {
	name string
	f    func(*b)
	want string
}{
	// index
	{"func", func(x *b) { x.Export(plain("f"), encoding.FuncIdx(3), nil) },
		"validate/index func 0: unknown function 3: function index out of bounds"},
	{"later type", func(x *b) { x.Type(&encoding.List{Elem: encoding.Ref(0)}) },
		"validate/index type 0: unknown type 0: type index out of bounds"},
	{"instance export", func(x *b) { x.AliasFunc(x.InlineExports(), "f") },
		"validate/index func 0: instance 0 has no export named `f`"},
	{"core instance export", func(x *b) { x.AliasCoreFunc(x.CoreInlineExports(), "f") },
		"validate/index core func 0: core instance 0 has no export named `f`"},
	{"outer count", func(x *b) { x.AliasOuter(2, encoding.TypeIdx(0)) },
		"validate/index type 0: invalid outer alias count of 2"},
	{"in a nested component", func(x *b) { nested(x, func(*b) {}); nested(x, func(x *b) { x.Instantiate(9) }) },
		"validate/index component 1 > instance 0: unknown component 9: component index out of bounds"},

	// values
	{"unused", func(x *b) { x.Import(plain("v"), encoding.ExternValue{Type: u8}) },
		"validate/value : value index 0 was not used as part of an instantiation, start function, or export"},
	{"used twice", func(x *b) {
		v := x.Import(plain("v"), encoding.ExternValue{Type: u8})
		x.Export(plain("w"), v, nil)
		x.Export(plain("x"), v, nil)
	}, "validate/value value 2: value 0 cannot be used more than once"},

	// kind
	{"not a function type", func(x *b) { x.ImportFunc("f", x.Type(&encoding.PrimType{Prim: types.U8})) },
		"validate/kind func 0: type index 0 is not a function type"},
	{"not a value type", func(x *b) { x.Type(&encoding.List{Elem: encoding.Ref(x.Type(&encoding.Func{}))}) },
		"validate/kind type 1: type index 0 is not a defined type"},
	{"not an instance type", func(x *b) { x.ImportInstance("i", x.Type(&encoding.Func{})) },
		"validate/kind instance 0: type index 0 is not an instance type"},
	{"not a component type", func(x *b) { x.ImportComponent("i", x.Type(&encoding.Func{})) },
		"validate/kind component 0: type index 0 is not a component type"},
	{"not a resource", func(x *b) { x.Type(&encoding.Own{Type: x.Type(&encoding.Func{})}) },
		"validate/kind type 1: type index 0 is not a resource type"},
	{"alias of the wrong sort", func(x *b) {
		x.AliasFunc(x.InlineExports(encoding.InlineExport{Name: plain("a"), Item: x.Type(&encoding.Func{}).SortIndex()}), "a")
	}, "validate/kind func 0: export `a` for instance 0 is not a func"},
	{"core alias of the wrong sort", func(x *b) { x.AliasCoreMemory(x.CoreInstantiate(x.CoreModule(provider)), "f") },
		"validate/kind core memory 0: export `f` for core instance 0 is not a memory"},

	// name
	{"not kebab", func(x *b) { x.ImportFunc("a_b", x.Type(&encoding.Func{})) },
		"validate/name func 0: import name `a_b` is not a valid extern name: `a_b` is not in kebab case: unexpected `_`"},
	{"twice", func(x *b) { f := x.Type(&encoding.Func{}); x.ImportFunc("a", f); x.ImportFunc("A", f) },
		"validate/name func 1: import name `A` conflicts with previous name `a`"},
	{"fields", func(x *b) {
		x.Type(&encoding.Record{Fields: []encoding.Field{{Name: "a", Type: u8}, {Name: "A", Type: u8}}})
	},
		"validate/name type 0: record field name `A` conflicts with previous field name `a`"},
	{"export of a hash", func(x *b) { x.Export(plain("integrity=<sha256-AA==>"), x.InlineExports(), nil) },
		"validate/name instance 1: name `integrity=<sha256-AA==>` is not a valid export name"},
	{"constructor", func(x *b) { x.ImportResource("r"); x.ImportFunc("[constructor]r", x.Type(gives(u8))) },
		"validate/name func 0: import name `[constructor]r` is not valid: function should return `(own $T)` or `(result (own $T))`"},
	{"method of another resource", func(x *b) {
		x.ImportResource("r")
		q := x.Type(&encoding.Borrow{Type: x.ImportResource("q")})
		x.ImportFunc("[method]r.f", x.Type(&encoding.Func{Params: []encoding.Field{{Name: "self", Type: encoding.Ref(q)}}}))
	}, "validate/name func 0: import name `[method]r.f` is not valid: function does not match expected resource name `q`"},
	{"static of no resource", func(x *b) { x.ImportFunc("[static]r.f", x.Type(&encoding.Func{})) },
		"validate/name func 0: import name `[static]r.f` is not valid: static resource name is not known in this context"},

	// type
	{"empty record", func(x *b) { x.Type(&encoding.Record{}) }, "validate/type type 0: record type must have at least one field"},
	{"empty variant", func(x *b) { x.Type(&encoding.Variant{}) }, "validate/type type 0: variant type must have at least one case"},
	{"empty tuple", func(x *b) { x.Type(&encoding.Tuple{}) }, "validate/type type 0: tuple type must have at least one type"},
	{"empty enum", func(x *b) { x.Type(&encoding.Enum{}) }, "validate/type type 0: enum type must have at least one variant"},
	{"empty flags", func(x *b) { x.Type(&encoding.Flags{}) }, "validate/type type 0: flags must have at least one entry"},
	{"borrow as a result", func(x *b) {
		x.Type(gives(encoding.Ref(x.Type(&encoding.Borrow{Type: x.ImportResource("r")}))))
	}, "validate/type type 2: function result cannot contain a `borrow` type"},
	{"borrow in a stream", func(x *b) {
		x.Type(&encoding.Stream{Elem: result(encoding.Ref(x.Type(&encoding.Borrow{Type: x.ImportResource("r")})))})
	}, "validate/type type 2: stream payload type cannot contain a `borrow` type"},
	{"map key", func(x *b) { x.Type(&encoding.Map{Key: encoding.Prim(types.F32), Value: u8}) },
		"validate/type type 0: invalid map key type `f32`: keys are bool, integers, char or string"},
	{"memory of a module type", func(x *b) {
		x.CoreType(&encoding.CoreModuleType{Decls: []encoding.CoreModuleDecl{&encoding.CoreExportDecl{Name: "m",
			Type: core.ExternType{Kind: core.ExternMemory, Memory: core.MemoryType{Limits: types.Limits{Min: 70000}}}}}})
	}, "validate/type core type 0: memory size must be at most 0x10000 65536-byte pages"},

	// mismatch
	{"ascription", func(x *b) {
		x.Export(plain("g"), x.ImportFunc("f", x.Type(&encoding.Func{})), encoding.ExternFunc{Type: x.Type(gives(u8))})
	},
		"validate/mismatch func 1: ascribed type of export is not compatible with item's type: type mismatch for export `g`: " +
			"expected a result of type `u8`, found none"},
	{"start", func(x *b) { x.Start(x.ImportFunc("f", x.Type(takes(u8))), 0) },
		"validate/mismatch value 0: component start function requires 1 arguments but was given 0"},

	// resource
	{"resource in a type", func(x *b) {
		x.Type(componentType(func(x *tb) { x.Type(&encoding.Resource{Rep: core.I32}) }))
	}, "validate/resource type 0: resources can only be defined within a concrete component"},
	{"destructor", func(x *b) { f := provide(x).f; x.Type(&encoding.Resource{Rep: core.I32, Dtor: &f}) },
		"validate/resource type 0: core function 0 has wrong signature for a destructor"},
	{"resource.new of an import", func(x *b) { x.Builtin(encoding.Builtin{Op: encoding.OpResourceNew, Type: x.ImportResource("r")}) },
		"validate/resource core func 0: type 0 is not a local resource"},
	{"outer resource", func(x *b) { resource(x); nested(x, func(x *b) { x.AliasOuter(1, encoding.TypeIdx(0)) }) },
		"validate/resource component 0 > type 0: cannot alias outer type which transitively refers to resources not defined in the current component"},

	// canon
	{"no memory", func(x *b) { x.Lower(x.ImportFunc("f", x.Type(takes(str)))) },
		"validate/canon core func 0: canonical option `memory` is required"},
	{"no realloc", func(x *b) { p := provide(x); x.Lift(p.ii, x.Type(takes(str)), encoding.MemoryOpt(p.mem)) },
		"validate/canon func 0: canonical option `realloc` is required"},
	{"realloc without memory", func(x *b) { p := provide(x); x.Lift(p.f, x.Type(&encoding.Func{}), encoding.ReallocOpt(p.realloc)) },
		"validate/canon func 0: canonical option `realloc` requires `memory` to also be specified: canonical option `memory` is required"},
	{"realloc of the wrong type", func(x *b) {
		p := provide(x)
		x.Lift(p.f, x.Type(&encoding.Func{}), encoding.MemoryOpt(p.mem), encoding.ReallocOpt(p.f))
	}, "validate/canon func 0: canonical option `realloc` uses a core function with an incorrect signature"},
	{"params", func(x *b) { x.Lift(provide(x).f, x.Type(takes(u8))) },
		"validate/canon func 0: lowered parameter types `[I32]` do not match parameter types `[]` of core function 0"},
	{"results", func(x *b) { x.Lift(provide(x).f, x.Type(gives(u8))) },
		"validate/canon func 0: lowered result types `[I32]` do not match result types `[]` of core function 0"},
	{"post-return", func(x *b) { p := provide(x); x.Lift(p.i, x.Type(gives(u8)), encoding.PostReturnOpt(p.f)) },
		"validate/canon func 0: canonical option `post-return` uses a core function with an incorrect signature"},
	{"two encodings", func(x *b) {
		x.Lift(provide(x).f, x.Type(&encoding.Func{}), encoding.CanonOpt{Kind: encoding.OptUTF8}, encoding.CanonOpt{Kind: encoding.OptUTF16})
	}, "validate/canon func 0: canonical encoding option `utf8` conflicts with option `utf16`"},

	// instantiate
	{"missing argument", func(x *b) { x.Instantiate(nested(x, func(x *b) { x.ImportFunc("f", x.Type(&encoding.Func{})) })) },
		"validate/instantiate instance 0: missing import named `f`"},
	{"wrong argument", func(x *b) {
		c := nested(x, func(x *b) { x.ImportFunc("f", x.Type(takes(u8))) })
		x.Instantiate(c, encoding.InstantiateArg{Name: "f", Item: x.ImportFunc("g", x.Type(takes(str))).SortIndex()})
	}, "validate/instantiate instance 0: type mismatch for import `f`: type mismatch in function parameter `x`: expected primitive `u8` found primitive `string`"},
	{"argument of another kind", func(x *b) {
		c := nested(x, func(x *b) { x.ImportFunc("f", x.Type(&encoding.Func{})) })
		x.Instantiate(c, encoding.InstantiateArg{Name: "f", Item: x.InlineExports().SortIndex()})
	}, "validate/instantiate instance 1: type mismatch for import `f`: expected func, found instance"},
	{"argument twice", func(x *b) {
		f := x.ImportFunc("f", x.Type(&encoding.Func{})).SortIndex()
		x.Instantiate(nested(x, func(*b) {}), encoding.InstantiateArg{Name: "f", Item: f}, encoding.InstantiateArg{Name: "f", Item: f})
	}, "validate/instantiate instance 0: instantiation argument `f` conflicts with previous argument `f`"},
	{"core argument", func(x *b) { x.CoreInstantiate(x.CoreModule(consumer)) },
		"validate/instantiate core instance 0: missing module instantiation argument named `a`"},
	{"core argument's export", func(x *b) {
		x.CoreInstantiate(x.CoreModule(consumer), encoding.CoreInstantiateArg{Name: "a", Instance: x.CoreInlineExports()})
	}, "validate/instantiate core instance 1: module instantiation argument `a` does not export an item named `f`"},
	{"core argument's type", func(x *b) {
		p := provide(x)
		bag := x.CoreInlineExports(encoding.CoreInlineExport{Name: "f", Item: p.i.SortIndex()}, encoding.CoreInlineExport{Name: "m", Item: p.mem.SortIndex()})
		x.CoreInstantiate(x.CoreModule(consumer), encoding.CoreInstantiateArg{Name: "a", Instance: bag})
	}, "validate/instantiate core instance 2: type mismatch for export `f` of module instantiation argument `a`: expected: (func)\nfound:    (func (result i32))"},
	{"core memory too small", func(x *b) {
		p := provide(x)
		bag := x.CoreInlineExports(encoding.CoreInlineExport{Name: "f", Item: p.f.SortIndex()}, encoding.CoreInlineExport{Name: "m", Item: p.mem.SortIndex()})
		x.CoreInstantiate(x.CoreModule(consumer), encoding.CoreInstantiateArg{Name: "a", Instance: bag})
	}, "validate/instantiate core instance 2: type mismatch for export `m` of module instantiation argument `a`: mismatch in memory limits"},

	// visibility
	{"enum of a function", func(x *b) {
		x.ImportFunc("f", x.Type(takes(encoding.Ref(x.Type(&encoding.Enum{Names: []string{"a"}})))))
	},
		"validate/visibility func 0: func not valid to be used as import"},
	{"record in a list of an instance", func(x *b) {
		x.ImportInstance("i", x.Type(instanceType(func(x *tb) {
			r := x.Type(&encoding.Record{Fields: []encoding.Field{{Name: "a", Type: u8}}})
			x.Export(plain("f"), encoding.ExternFunc{Type: x.Type(takes(encoding.Ref(x.Type(&encoding.List{Elem: encoding.Ref(r)}))))})
		})))
	}, "validate/visibility instance 0: instance not valid to be used as import"},
	{"resource by its definition", func(x *b) {
		own := x.Type(&encoding.Own{Type: resource(x)})
		f := x.Lift(provide(x).i, x.Type(gives(encoding.Ref(own))))
		x.Export(plain("r"), encoding.TypeIdx(0), nil)
		x.Export(plain("f"), f, nil)
	}, "validate/visibility func 1: func not valid to be used as export"},

	// module
	{"core module", func(x *b) { x.CoreModule([]byte("\x00asm\x01\x00\x00\x00\x01\x05")) },
		"validate/module core module 0: unexpected end-of-file"},
	{"core imports", func(x *b) {
		x.CoreModule([]byte("\x00asm\x01\x00\x00\x00\x01\x04\x01\x60\x00\x00\x02\x09\x02\x00\x00\x00\x00\x00\x00\x00\x00"))
	}, "validate/name core module 0: duplicate import name `:` already defined"},

	// limit
	{"too many bytes", func(x *b) { x.Type(&encoding.FixedList{Elem: u8, Len: 1 << 28}) },
		"validate/limit type 0: type exceeds maximum byte size of 268435455"},
	{"too many parts", func(x *b) { doubling(x, 22) },
		"validate/limit type 36: effective type size exceeds the limit of 1000000"},
	{"too deep", func(x *b) {
		for i := range encoding.TypeIdx(102) {
			if i == 0 {
				x.Type(&encoding.List{Elem: u8})
			} else {
				x.Type(&encoding.List{Elem: encoding.Ref(i - 1)})
			}
		}
	}, "validate/limit type 100: type nesting is too deep: at most 100 levels are allowed"},
}

// doubling defines n types. Each is a tuple that contains the previous one twice.
func doubling(x *b, n int) {
	t := x.Type(&encoding.Tuple{Elems: []encoding.ValType{u8, u8}})
	for range n - 1 {
		list := x.Type(&encoding.List{Elem: encoding.Ref(t)})
		t = x.Type(&encoding.Tuple{Elems: []encoding.ValType{encoding.Ref(list), encoding.Ref(list)}})
	}
}

func TestErrors(t *testing.T) {
	for _, r := range errorRows {
		t.Run(r.name, func(t *testing.T) {
			_, got := check(t, validate.Options{Features: feature.All()}, r.f)
			if diff := cmp.Diff(r.want, got); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
		})
	}
}

// An error about a disabled feature names the feature.
func TestFeatures(t *testing.T) {
	for _, r := range []struct {
		off  feature.Feature
		f    func(*b)
		want string
	}{
		{feature.FixedLengthLists, func(x *b) { x.Type(&encoding.FixedList{Elem: u8, Len: 4}) },
			"validate/feature type 0: a fixed-length list requires the component model fixed-length-lists feature"},
		{feature.Map, func(x *b) { x.Type(&encoding.Map{Key: u8, Value: u8}) },
			"validate/feature type 0: `map` requires the component model map feature"},
		{feature.Async, func(x *b) { x.Type(&encoding.Stream{}) },
			"validate/feature type 0: `stream` requires the component model async feature"},
		{feature.Async, func(x *b) { x.Type(&encoding.Func{Async: true}) },
			"validate/feature type 0: an `async` function type requires the component model async feature"},
		{feature.Values, func(x *b) { x.Export(plain("w"), x.Import(plain("v"), encoding.ExternValue{Type: u8}), nil) },
			"validate/feature value 0: a value import or export requires the component model values feature"},
		{feature.ErrorContext, func(x *b) { x.Type(&encoding.PrimType{Prim: types.ErrorContext}) },
			"validate/feature type 0: `error-context` requires the component model error-context feature"},
		{feature.Exceptions, func(x *b) { x.AliasCoreExport(x.CoreInstantiate(x.CoreModule(tagged)), encoding.SortCoreTag, "t") },
			"validate/feature core tag 0: exceptions proposal not enabled"},
		{feature.ComponentMemory64, func(x *b) { x.Type(&encoding.Resource{Rep: core.I64}) },
			"validate/feature type 0: resources with `i64` require the `cm64` feature to be enabled"},
		{feature.Threading, func(x *b) { x.Builtin(encoding.Builtin{Op: encoding.OpThreadIndex}) },
			"validate/feature core func 0: `thread.index` requires the component model threading feature"},
	} {
		if _, got := check(t, validate.Options{Features: feature.All().Without(r.off)}, r.f); got != r.want {
			t.Errorf("without %s: got %s\nwant %s", r.off, got, r.want)
		}
		if _, got := check(t, validate.Options{Features: feature.All()}, r.f); got != "" {
			t.Errorf("with %s: %s", r.off, got)
		}
	}
}

// Every code occurs in a row, and the code of every row is documented.
func TestCodes(t *testing.T) {
	seen := map[string]bool{string(validate.CodeFeature): true}
	for _, r := range errorRows {
		code, _, _ := strings.Cut(r.want, " ")
		seen[code] = true
	}
	for _, c := range validate.Codes {
		if !seen[string(c.Code)] {
			t.Errorf("no row has code %s", c.Code)
		}
		delete(seen, string(c.Code))
	}
	for c := range seen {
		t.Errorf("code %s is not documented", c)
	}
	golden.Codes(t, validate.Codes, func(example string) error {
		f, err := wat.Assemble(diag.NewFile("example.wat", []byte(example)))
		if err != nil {
			return err
		}
		c, err := encoding.Decode(f)
		if err != nil {
			return err
		}
		// Some examples are valid with other features, and some only with all of them.
		_, err = validate.Component(f, c, validate.Options{})
		_, gated := validate.Component(f, c, validate.Options{Features: feature.All()})
		return errors.Join(err, gated)
	})
}

// One cause gives one error, however much depends on it. Independent definitions are still checked.
func TestPoison(t *testing.T) {
	_, got := check(t, validate.Options{}, func(x *b) {
		bad := x.Type(&encoding.Record{})
		list := x.Type(&encoding.List{Elem: encoding.Ref(bad)})
		f := x.ImportFunc("f", x.Type(takes(encoding.Ref(list))))
		x.Export(plain("g"), x.Export(plain("h"), f, nil), nil)
		x.Lower(f)
		c := nested(x, func(x *b) { x.ImportFunc("f", x.Type(&encoding.Func{})) })
		i := x.Instantiate(c, encoding.InstantiateArg{Name: "f", Item: f.SortIndex()})
		x.AliasFunc(i, "no")
		x.Type(&encoding.Enum{})
	})
	want := "validate/type type 0: record type must have at least one field\n" +
		"validate/type type 3: enum type must have at least one variant"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

// Errors point to the definition. Errors of a core module point into the module.
func TestOffsets(t *testing.T) {
	file, c := build(t, func(x *b) {
		x.Type(&encoding.Func{})
		nested(x, func(x *b) { x.Type(&encoding.Enum{}) })
		x.CoreModule([]byte("\x00asm\x01\x00\x00\x00\x0f\x00"))
	})
	_, err := validate.Component(file, c, validate.Options{})
	want := "c:0x1c: enum type must have at least one variant (component 0 > type 0)\nc:0x28: malformed section id: 0xf (core module 0)"
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

// Notes distinguish resources by where the component got them from. Here all have the same name.
func TestMismatchOrigin(t *testing.T) {
	file, c := build(t, func(x *b) {
		imports := instanceType(func(x *tb) { x.Export(plain("r"), encoding.ExternSubResource{}) })
		c := nested(x, func(x *b) {
			i := x.ImportInstance("i", x.Type(imports))
			x.ImportFunc("f", x.Type(gives(encoding.Ref(x.Type(&encoding.Own{Type: x.AliasType(i, "r")})))))
		})
		take := func(i encoding.InstanceIdx, r encoding.TypeIdx) {
			f := x.Lift(provide(x).i, x.Type(gives(encoding.Ref(x.Type(&encoding.Own{Type: r})))))
			x.Instantiate(c, encoding.InstantiateArg{Name: "i", Item: i.SortIndex()}, encoding.InstantiateArg{Name: "f", Item: f.SortIndex()})
		}
		one, two := x.ImportInstance("one", x.Type(imports)), x.ImportInstance("two", x.Type(imports))
		take(one, x.AliasType(two, "r"))
		take(two, x.ImportResource("r"))
		take(two, resource(x))
	})
	_, err := validate.Component(file, c, validate.Options{})
	var got []string
	for _, d := range listOf(t, err) {
		got = append(got, d.Notes...)
	}
	want := []string{
		"expected: r, the export `r` of instance 0", "found:    r, the export `r` of instance 1",
		"expected: r, the export `r` of instance 1", "found:    r, the import `r`",
		"expected: r, the export `r` of instance 1", "found:    resource, which this component defines",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

// A mismatch shows both types, and a help text for resources that are not the same.
func TestMismatchNotes(t *testing.T) {
	file, c := build(t, func(x *b) {
		c := nested(x, func(x *b) {
			i := x.ImportInstance("i", x.Type(instanceType(func(x *tb) { x.Export(plain("r"), encoding.ExternSubResource{}) })))
			own := x.Type(&encoding.Own{Type: x.AliasType(i, "r")})
			x.ImportFunc("f", x.Type(gives(encoding.Ref(own))))
		})
		one := x.ImportResource("one")
		f := x.ImportFunc("f", x.Type(gives(encoding.Ref(x.Type(&encoding.Own{Type: one})))))
		i := x.InlineExports(encoding.InlineExport{Name: plain("r"), Item: x.ImportResource("two").SortIndex()})
		x.Instantiate(c, encoding.InstantiateArg{Name: "i", Item: i.SortIndex()}, encoding.InstantiateArg{Name: "f", Item: f.SortIndex()})
	})
	_, err := validate.Component(file, c, validate.Options{})
	got := ""
	for _, d := range listOf(t, err) {
		got += d.Message + "\n" + strings.Join(d.Notes, "\n") + "\n" + strings.Join(d.Help, "\n")
	}
	want := "type mismatch for import `f`: type mismatch with result type: resource types are not the same (`one` vs. `two`)\n" +
		"expected: two, the import `two`\nfound:    one, the import `one`\n" +
		"the two resources come from different instances or definitions: pass both sides the same instance, or import the resource's interface once and share it"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
}
