package validate_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
)

// imports builds a component with a module type that imports t.
func imports(t core.ExternType) func(*b) {
	return func(x *b) {
		x.CoreType(&encoding.CoreModuleType{Decls: []encoding.CoreModuleDecl{
			&encoding.CoreImportDecl{Import: core.Import{Module: "m", Name: "n", Type: t}}}})
	}
}

// exports builds a component with a module type that exports t.
func exports(t core.ExternType) func(*b) {
	return func(x *b) {
		x.CoreType(&encoding.CoreModuleType{Decls: []encoding.CoreModuleDecl{&encoding.CoreExportDecl{Name: "n", Type: t}}})
	}
}

// Tables and memories in module types have the same limits as in modules.
func TestModuleTypeBounds(t *testing.T) {
	memory := func(m core.MemoryType) core.ExternType { return core.ExternType{Kind: core.ExternMemory, Memory: m} }
	table := func(l types.Limits) core.ExternType {
		return core.ExternType{Kind: core.ExternTable, Table: core.TableType{Elem: core.FuncRef.Ref, Limits: l}}
	}
	for _, r := range []struct {
		name  string
		limit uint64
		make  func(types.Limits) core.ExternType
		is64  bool
		want  string
	}{
		{"memory", 1 << 16, func(l types.Limits) core.ExternType { return memory(core.MemoryType{Limits: l}) }, false,
			"memory size must be at most 0x10000 65536-byte pages"},
		{"64-bit memory", 1 << 48, func(l types.Limits) core.ExternType { return memory(core.MemoryType{Limits: l}) }, true,
			"memory size must be at most 0x1000000000000 65536-byte pages"},
		{"memory in bytes", 1<<32 - 1, func(l types.Limits) core.ExternType { return memory(core.MemoryType{Limits: l, HasPageSize: true}) }, false,
			"memory size must be at most 0xffffffff 1-byte pages"},
		{"64-bit memory in bytes", math.MaxUint64, func(l types.Limits) core.ExternType { return memory(core.MemoryType{Limits: l, HasPageSize: true}) }, true, ""},
		{"table", 1<<32 - 1, table, false, "table size must be at most 0xffffffff entries"},
		{"64-bit table", math.MaxUint64, table, true, ""},
	} {
		for _, l := range []types.Limits{{Min: r.limit}, {Max: r.limit, HasMax: true}, {Min: r.limit, Max: r.limit, HasMax: true}} {
			l.Is64 = r.is64
			for way, wrap := range map[string]func(core.ExternType) func(*b){"import": imports, "export": exports} {
				if _, got := check(t, validate.Options{Features: feature.All()}, wrap(r.make(l))); got != "" {
					t.Errorf("%s of a %s, %v: %s", way, r.name, l, got)
				}
				over := l
				if over.Max++; l.Min != 0 {
					over.Min++
				}
				want := "validate/type core type 0: " + r.want
				if _, got := check(t, validate.Options{Features: feature.All()}, wrap(r.make(over))); r.want != "" && got != want {
					t.Errorf("%s of a %s, %v:\ngot  %s\nwant %s", way, r.name, over, got, want)
				}
			}
		}
	}
	for want, m := range map[string]core.MemoryType{
		"size minimum must not be greater than maximum": {Limits: types.Limits{Min: 2, Max: 1, HasMax: true}},
		"shared memory must have maximum size":          {Limits: types.Limits{Shared: true}},
	} {
		if _, got := check(t, validate.Options{Features: feature.All()}, imports(memory(m))); got != "validate/type core type 0: "+want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// Core types need the same features as in modules, and a disabled feature causes no further errors.
func TestCoreTypeFeatures(t *testing.T) {
	limits := func(l types.Limits) core.ExternType {
		return core.ExternType{Kind: core.ExternMemory, Memory: core.MemoryType{Limits: l}}
	}
	rec := core.RecType{Types: []core.SubType{{Final: true, Type: &core.StructType{}}}}
	for _, r := range []struct {
		off  feature.Feature
		f    func(*b)
		want string
	}{
		{feature.Memory64, imports(limits(types.Limits{Is64: true})), "memory64 must be enabled for 64-bit memories"},
		{feature.Threads, exports(limits(types.Limits{Shared: true, Max: 1, HasMax: true})), "threads must be enabled for shared memories"},
		{feature.SIMD, imports(core.ExternType{Kind: core.ExternGlobal, Global: core.GlobalType{Type: core.V128}}), "SIMD support is not enabled"},
		{feature.GC, func(x *b) { x.CoreType(&encoding.CoreRec{RecType: rec}) }, "struct indexed types not supported without the gc feature"},
		{feature.GC, func(x *b) {
			x.CoreType(&encoding.CoreModuleType{Decls: []encoding.CoreModuleDecl{&encoding.CoreTypeDecl{Rec: rec}}})
		}, "struct indexed types not supported without the gc feature"},
	} {
		want := "validate/feature core type 0: " + r.want
		if _, got := check(t, validate.Options{Features: feature.All().Without(r.off)}, r.f); got != want {
			t.Errorf("without %s: %s\nwant %s", r.off, got, want)
		}
		if _, got := check(t, validate.Options{Features: feature.All()}, r.f); got != "" {
			t.Errorf("with %s: %s", r.off, got)
		}
	}
}

// A feature that several imports of a module type need is reported once, with a help text that
// enables it.
func TestCoreTypeFeatureOnce(t *testing.T) {
	memory := core.ExternType{Kind: core.ExternMemory, Memory: core.MemoryType{Limits: types.Limits{Is64: true}}}
	file, c := build(t, func(x *b) {
		x.CoreType(&encoding.CoreModuleType{Decls: []encoding.CoreModuleDecl{
			&encoding.CoreExportDecl{Name: "a", Type: memory}, &encoding.CoreExportDecl{Name: "b", Type: memory},
		}})
	})
	_, err := validate.Component(file, c, validate.Options{Features: feature.All().Without(feature.Memory64)})
	list := listOf(t, err)
	if len(list) != 1 || strings.Join(list[0].Help, "\n") != "enable it with --features=memory64" {
		t.Errorf("got %v, help %q", err, list[0].Help)
	}
}

// Task-local storage has two slots.
func TestContextSlots(t *testing.T) {
	for _, op := range []encoding.CanonOp{encoding.OpContextGet, encoding.OpContextSet} {
		for slot, want := range []string{"", "", fmt.Sprintf("validate/canon core func 0: `%s` immediate must be zero or one: 2", op)} {
			_, got := check(t, validate.Options{Features: feature.All()}, func(x *b) {
				x.Builtin(encoding.Builtin{Op: op, Val: core.I32, Slot: uint32(slot)})
			})
			if got != want {
				t.Errorf("%s %d: %s\nwant %s", op, slot, got, want)
			}
		}
	}
}

// thread.spawn-ref takes a reference that may be null.
func TestSpawnRefType(t *testing.T) {
	info := valid(t, func(x *b) {
		start := x.CoreType(&encoding.CoreRec{RecType: core.RecType{Types: []core.SubType{
			{Final: true, Shared: true, Type: &core.FuncType{Params: []core.ValType{core.I32}}}}}})
		x.Builtin(encoding.Builtin{Op: encoding.OpThreadSpawnRef, Shared: true, CoreType: start})
	})
	if got, want := info.CoreFuncs[0].String(), "[(ref null (type)) i32] -> [i32]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// The help for a name that needs a feature names that feature.
func TestNameHelp(t *testing.T) {
	for _, r := range []struct {
		name string
		gate feature.Feature
	}{{"a:b:c/d", feature.NestedNames}, {"a:b/c@1", feature.CanonNames}} {
		file, c := build(t, func(x *b) { x.ImportInstance(r.name, x.Type(instanceType(func(*tb) {}))) })
		_, err := validate.Component(file, c, validate.Options{Features: feature.All().Without(feature.NestedNames, feature.CanonNames)})
		var help []string
		for _, d := range listOf(t, err) {
			help = append(help, d.Help...)
		}
		if got, want := strings.Join(help, "\n"), "enable it with --features="+r.gate.String(); got != want {
			t.Errorf("%s: %s\nwant %s", r.name, got, want)
		}
		_, err = validate.Component(file, c, validate.Options{Features: feature.All()})
		if err != nil {
			t.Errorf("%s: %v", r.name, err)
		}
	}
}

// tuple defines a tuple of n parts: itself and its elements, which are numbers and tuples of a
// thousand parts.
func tuple(x *b, n int) encoding.ValType {
	inner := make([]encoding.ValType, 999)
	for i := range inner {
		inner[i] = u8
	}
	thousand := encoding.Ref(x.Type(&encoding.Tuple{Elems: inner}))
	outer := []encoding.ValType{}
	for range (n - 1) / 1000 {
		outer = append(outer, thousand)
	}
	for range (n - 1) % 1000 {
		outer = append(outer, u8)
	}
	return encoding.Ref(x.Type(&encoding.Tuple{Elems: outer}))
}

// A type may reach the limits on parts and levels, but not exceed them.
func TestTypeLimits(t *testing.T) {
	deep := func(n int) func(*b) {
		return func(x *b) {
			v := u8
			for range n {
				v = encoding.Ref(x.Type(&encoding.List{Elem: v}))
			}
		}
	}
	wide := func(n int) func(*b) { return func(x *b) { tuple(x, n) } }
	// A function counts itself and its parameters.
	imports := func(sizes ...int) func(*b) {
		return func(x *b) {
			for i, n := range sizes {
				x.ImportFunc(fmt.Sprintf("f%d", i), x.Type(takes(tuple(x, n-1))))
			}
		}
	}
	flags := func(n int) func(*b) {
		return func(x *b) {
			names := make([]string, n)
			for i := range names {
				names[i] = fmt.Sprintf("f%d", i)
			}
			x.Type(&encoding.Flags{Names: names})
		}
	}
	for _, r := range []struct {
		name string
		f    func(*b)
		want string
	}{
		{"32 flags", flags(32), ""},
		{"33 flags", flags(33), "validate/type type 0: cannot have more than 32 flags"},
		{"268435455 bytes", func(x *b) { x.Type(&encoding.FixedList{Elem: u8, Len: 1<<28 - 1}) }, ""},
		{"268435456 bytes", func(x *b) { x.Type(&encoding.FixedList{Elem: u8, Len: 1 << 28}) }, "validate/limit type 0: type exceeds maximum byte size of 268435455"},
		{"100 levels", deep(100), ""},
		{"101 levels", deep(101), "validate/limit type 100: type nesting is too deep: at most 100 levels are allowed"},
		{"imports of 999999 parts", imports(500_000, 499_999), ""},
		{"imports of 1000000 parts", imports(500_000, 500_000), "validate/limit func 1: effective type size exceeds the limit of 1000000"},
		{"999999 parts", wide(999_999), ""},
		{"1000000 parts", wide(1_000_000), "validate/limit type 1: effective type size exceeds the limit of 1000000"},
	} {
		_, got := check(t, validate.Options{Features: feature.All()}, r.f)
		if r.want == "" && got != "" || !strings.HasPrefix(got, r.want) {
			t.Errorf("%s: %s\nwant %s", r.name, got, r.want)
		}
	}
}

// The result of task.return needs memory if it takes more than 16 parameters.
func TestTaskReturnBounds(t *testing.T) {
	for n, want := range map[int]string{16: "", 17: "validate/canon core func 0: canonical option `memory` is required"} {
		_, got := check(t, validate.Options{Features: feature.All()}, func(x *b) {
			elems := make([]encoding.ValType, n)
			for i := range elems {
				elems[i] = u32
			}
			r := encoding.Ref(x.Type(&encoding.Tuple{Elems: elems}))
			x.Builtin(encoding.Builtin{Op: encoding.OpTaskReturn, Result: &r})
		})
		if got != want {
			t.Errorf("%d words: %s\nwant %s", n, got, want)
		}
	}
}

// The outer count of an alias in a module type is 1 for the enclosing component.
func TestModuleTypeOuterAlias(t *testing.T) {
	fn := func(v core.ValType) *encoding.CoreRec {
		return &encoding.CoreRec{RecType: core.Func([]core.ValType{v}, nil)}
	}
	for count, want := range map[uint32]string{
		0: "invalid outer alias count of 0", 1: "[i64] -> []", 2: "[i32] -> []", 3: "invalid outer alias count of 3",
	} {
		var inner *types.Module
		info, got := check(t, validate.Options{Features: feature.All()}, func(x *b) {
			x.CoreType(fn(core.I32))
			nested(x, func(x *b) {
				x.CoreType(fn(core.I64))
				x.CoreType(&encoding.CoreModuleType{Decls: []encoding.CoreModuleDecl{
					&encoding.CoreAliasDecl{Count: count},
					&encoding.CoreExportDecl{Name: "f", Type: core.ExternType{Kind: core.ExternFunc}},
				}})
			})
		})
		if got == "" {
			inner = info.Nested(info.Component.Defs[1].(*encoding.NestedComponent)).CoreTypes[1].Module
			got = inner.Exports[0].Type.(*types.CoreFunc).String()
		}
		if !strings.HasSuffix(got, want) {
			t.Errorf("count %d: %s, want %s", count, got, want)
		}
	}
}
