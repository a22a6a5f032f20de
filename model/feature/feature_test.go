package feature

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	seen := map[string]Feature{}
	for i := range List() {
		if i.Name == "" || i.Doc == "" || strings.HasSuffix(i.Doc, ".") {
			t.Errorf("feature %d: name %q, doc %q", i.Feature, i.Name, i.Doc)
		}
		if (i.Gate == "") != (i.Core() || i.Feature == ComponentModel) {
			t.Errorf("%s: gate %q", i.Name, i.Gate)
		}
		for _, n := range append([]string{i.Name}, i.Aliases...) {
			if old, ok := seen[n]; ok {
				t.Errorf("%q names both %s and %s", n, old, i.Feature)
			}
			seen[n] = i.Feature
			if n != normal(n) {
				t.Errorf("%q cannot be looked up", n)
			}
		}
		if i.Default && !Default().HasAll(Of(i.Feature)) {
			t.Errorf("%s is on by default and implies a feature that is not", i.Name)
		}
	}
	for g := range Groups() {
		if f, ok := seen[g.Name]; ok {
			t.Errorf("group %q is also feature %s", g.Name, f)
		}
		if (g.Set & gates()).Len() != 0 {
			t.Errorf("group %q has gates of the component model", g.Name)
		}
	}
}

// TestDefaultGates checks the default against the list of shipped features in Explainer.md.
func TestDefaultGates(t *testing.T) {
	if got, want := (Default() & gates()).String(), "async,map,implements,component-model"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if WasmTools().Has(Map) || !WasmTools().Has(Async) {
		t.Errorf("wasm-tools: got %s", WasmTools())
	}
	if got, want := All().Len(), int(limit)-1; got != want {
		t.Errorf("All has %d features, want %d", got, want)
	}
}

// TestAliases checks names of wasm-tools (-f), wasmtime (-W) and the settings in the test files of
// wasmtime.
func TestAliases(t *testing.T) {
	for name, want := range map[string]Feature{
		"cm-map": Map, "component-model-map": Map, "component_model_map": Map, "CM_MAP": Map, "cm64": ComponentMemory64,
		"component-model-memory64": ComponentMemory64, "memory64": Memory64, "cm-gc": ComponentGC, "gc": GC,
		"component_model_async_stackful": AsyncStackful, "cm-more-async-builtins": MoreAsyncBuiltins,
		"component_model_implements": Implements, "cm-canon-names": CanonNames, "multi_memory": MultiMemory,
		"shared_everything_threads": SharedEverythingThreads, "cm-fixed-length-lists": FixedLengthLists,
		"cm-error-context": ErrorContext, "cm-threading": Threading, "cm-values": Values, "cm-nested-names": NestedNames,
	} {
		if got, ok := Lookup(name); !ok || got != want {
			t.Errorf("%s: got %s", name, got)
		}
	}
}

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		base Set
		list string
		want Set
	}{
		{0, "", 0},
		{0, "map, cm-values", Of(Map, Values)},
		{Of(Map, SIMD), "-map", Of(SIMD)},
		{0, "all", All()},
		{Default(), "-all,simd", Of(SIMD)},
		{Default(), "-all", None()},
		{Of(Map), "-map", None()},
		{0, "all,-threads", All().Without(Threads)},
		{0, "async-stackful", Of(Async, AsyncStackful)},
		{0, "gc", Of(GC, FunctionReferences, ReferenceTypes, CallIndirectOverlong)},
		{Of(Map, SIMD), "wasm1", Of(Map, Floats, GCTypes, MutableGlobal)},
	} {
		if got, err := Parse(tt.base, tt.list); got != tt.want || err != nil {
			t.Errorf("%q: got %s, %v; want %s", tt.list, got, err, tt.want)
		}
	}
}

func TestParseUnknown(t *testing.T) {
	got, err := Parse(0, "mapp,simd,-xyzzy,-wasm2")
	var e *UnknownError
	if !errors.As(err, &e) || strings.Join(e.Names, " ") != "mapp -xyzzy -wasm2" || got != Of(SIMD) {
		t.Fatalf("got %s, %v", got, err)
	}
	const want = "unknown feature `mapp`; did you mean `map`?; known are async, map, implements, "
	if !strings.HasPrefix(err.Error(), want) || !strings.HasSuffix(err.Error(), "wasm3, all") {
		t.Errorf("got %s", err)
	}
	for in, want := range map[string]string{
		"-tailcall": "-tail-call", "cm-mapp": "map", "fixed-size-lists": "fixed-length-lists", "xyzzy": "", "wasm4": "wasm1",
	} {
		if got, ok := Suggest(in); got != want && ok || ok != (want != "") {
			t.Errorf("Suggest(%s) = %s, %v; want %s", in, got, ok, want)
		}
	}
}

// An empty set made on purpose differs from the unset Set, which options replace by the default.
func TestEmptyIsNotUnset(t *testing.T) {
	parsed, err := Parse(Default(), "-all")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []Set{None(), Of(), All().Without(slices.Collect(All().Features())...), parsed} {
		if s != None() || s.OrDefault() != None() || s.Len() != 0 || s.String() != "" || s.HasAll(Of(Map)) || !s.HasAll(None()) {
			t.Errorf("got %#x", uint64(s))
		}
	}
	var unset Set
	if unset.OrDefault() != Default() || unset.Len() != 0 || !unset.HasAll(None()) || unset.With() != None() {
		t.Errorf("unset: got %s", unset.OrDefault())
	}
	if Of(Map).OrDefault() != Of(Map) {
		t.Error("a set that is not empty is replaced")
	}
}

// The component model is not a proposal of core WebAssembly, but the next feature is.
func TestCore(t *testing.T) {
	if ComponentModel.Info().Core() || !(ComponentModel + 1).Info().Core() {
		t.Error("the proposals of core WebAssembly do not begin after the component model")
	}
}

// The last feature is valid, and the number after it is not.
func TestLastFeature(t *testing.T) {
	last := limit - 1
	if got := last.Info().Name; got == "" || got != last.String() {
		t.Errorf("the last feature: %q, %s", got, last)
	}
	if got, want := limit.String(), "Feature("+strconv.Itoa(int(limit))+")"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := Feature(0).String(), "Feature(0)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, f := range []Feature{0, limit} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s has an Info", f)
				}
			}()
			f.Info()
		}()
		if All().Has(f) {
			t.Errorf("%s is in All", f)
		}
	}
	n := 0
	for i := range List() {
		if n++; i.Feature != Feature(n) {
			t.Errorf("feature %d of the list is %s", n, i.Feature)
		}
	}
	if n != int(last) || !All().Has(last) {
		t.Errorf("%d features, want %d", n, last)
	}
}
