package encoding

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/types"
)

func TestBuilder(t *testing.T) {
	var iface TypeBuilder
	iface.Export(Plain("f"), ExternFunc{iface.Type(&Func{})})

	var b Builder
	i := b.ImportInstance("a:b/c", b.Type(iface.InstanceType()))
	f := b.AliasFunc(i, "f")
	lowered := b.Lower(f)
	m := b.CoreModule(bytesOf(emptyModule))
	args := b.CoreInlineExports(CoreInlineExport{"f", lowered.SortIndex()})
	inst := b.CoreInstantiate(m, CoreInstantiateArg{"env", args})
	run := b.AliasCoreFunc(inst, "run")
	mem := b.AliasCoreMemory(inst, "memory")
	lifted := b.Lift(run, b.Type(&Func{}), MemoryOpt(mem))
	exported := b.Export(Plain("run"), lifted, nil)
	drop := b.Builtin(Builtin{Op: OpResourceDrop, Type: b.ImportResource("r")})
	c := b.Component()

	if f != 0 || lowered != 0 || run != 1 || lifted != 1 || exported.Func() != 2 || drop != 2 || inst != 1 || b.Len(SortType) != 3 {
		t.Errorf("indices: f %d, lowered %d, run %d, lifted %d, exported %v, drop %d, inst %d, types %d",
			f, lowered, run, lifted, exported, drop, inst, b.Len(SortType))
	}
	want := component(
		`07 { 01 42 02 01 40 00 01 00 04 00 01 'f' 01 00 }`, `0a { 01 00 05 'a:b/c' 05 00 }`, `06 { 01 01 00 00 01 'f' }`, `08 { 01 01 00 00 00 }`,
		`01 { `+emptyModule+` }`, `02 { 02 01 01 01 'f' 00 00  00 00 01 03 'env' 12 00 }`, `06 { 02 00 00 01 01 03 'run' 00 02 01 01 06 'memory' }`,
		`07 { 01 40 00 01 00 }`, `08 { 01 00 00 01 01 03 00 01 }`, `0b { 01 00 03 'run' 01 01 00 }`, `0a { 01 00 01 'r' 03 01 }`, `08 { 01 03 02 }`)
	if diff := cmp.Diff(want, c.Append(nil)); diff != "" {
		t.Errorf("bytes (-want +got):\n%s", diff)
	}
	checkLaw(t, want)

	b.Type(&PrimType{types.Bool})
	if len(c.Defs) == len(b.Component().Defs) {
		t.Error("the component grew with its builder")
	}
}

// A group of several types takes one index for each type.
func TestBuilderCoreTypes(t *testing.T) {
	var b Builder
	group := core.RecType{Explicit: true, Types: append(core.Func(nil, nil).Types, core.Func(nil, nil).Types...)}
	if i := b.CoreType(&CoreRec{group}); i != 0 {
		t.Errorf("first group at %d", i)
	}
	if i := b.CoreType(&CoreModuleType{}); i != 2 {
		t.Errorf("module type at %d, want 2", i)
	}
	if i := b.Start(0, 3); i != 0 || b.Len(SortValue) != 3 {
		t.Errorf("results from %d, %d values", i, b.Len(SortValue))
	}
}

// A decoded component is written as it was read, even inside another component.
func TestNestedKeepsLayout(t *testing.T) {
	inner := component(`07 81 80 80 80 00 00`, `07 { 81 00 73 }`)
	c, err := decode(inner)
	if err != nil {
		t.Fatal(err)
	}
	var b Builder
	b.Nested(c)
	b.Type(&PrimType{types.U8})
	got := b.Component().Append(nil)
	want := append(component(), 0x04, byte(len(inner)))
	want = append(append(want, inner...), 0x07, 0x02, 0x01, 0x7d)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("bytes (-want +got):\n%s", diff)
	}
}

// Changing Defs after decoding loses the layout but not the definitions, wherever definitions are
// added or removed.
func TestChangedDefs(t *testing.T) {
	more := []Def{&Canon{Def: &Builtin{Op: OpTaskCancel}}, &Custom{Name: "x"}}
	for way, change := range map[string]func([]Def) []Def{
		"added in front":   func(d []Def) []Def { return append(more[:2:2], d...) },
		"added at the end": func(d []Def) []Def { return append(d[:len(d):len(d)], more...) },
		"last removed":     func(d []Def) []Def { return d[:max(len(d)-1, 0)] },
		"first removed":    func(d []Def) []Def { return d[min(1, len(d)):] },
		"all removed":      func([]Def) []Def { return nil },
	} {
		for _, r := range layoutRows() {
			c, err := decode(component(r.sections))
			if err != nil {
				t.Fatal(err)
			}
			c.Defs = change(c.Defs)
			again, err := decode(c.Append(nil))
			if err != nil {
				t.Fatalf("%s: %s: %v", r.pos, way, err)
			}
			if diff := cmp.Diff(c.Defs, again.Defs, ignoreLayout); diff != "" {
				t.Errorf("%s: %s: definitions (-want +got):\n%s", r.pos, way, diff)
			}
		}
	}
}

func TestNames(t *testing.T) {
	n := &Names{Component: "c", Sorts: []SortNames{
		{SortCoreFunc, []IndexName{{0, "f"}, {5, "g"}}}, {SortType, []IndexName{{1, "t"}}},
	}}
	data := n.Append(nil)
	want := bytesOf(`00 02 01 'c'  01 { 00 00 02 00 01 'f' 05 01 'g' }  01 { 03 01 01 01 't' }`)
	if diff := cmp.Diff(want, data); diff != "" {
		t.Errorf("bytes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(n, DecodeNames(data)); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[uint32]string{0: "f", 5: "g"}, n.Of(SortCoreFunc)); diff != "" {
		t.Errorf("Of (-want +got):\n%s", diff)
	}
	var b Builder
	b.Custom(NameSection, data)
	if diff := cmp.Diff(n, b.Component().Names()); diff != "" {
		t.Errorf("Component.Names (-want +got):\n%s", diff)
	}
	// Broken sections yield their readable part and never cause a panic.
	for i := range data {
		DecodeNames(data[:i])
		broken := append([]byte(nil), data...)
		broken[i] ^= 0xff
		DecodeNames(broken)
	}
	cut := DecodeNames(data[:len(data)-7])
	if cut.Component != "c" || len(cut.Sorts) > 0 && len(cut.Sorts[0].Names) > 2 {
		t.Errorf("cut section: %+v", cut)
	}
}

func TestAll(t *testing.T) {
	c, err := decode(component(`01 { `+emptyModule+` }`, `04 { 00 'asm' 0d 00 01 00 04 { 00 'asm' 0d 00 01 00 01 { `+emptyModule+` } } 01 { `+emptyModule+` } }`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for n := range c.All() {
		got = append(got, n.String())
	}
	want := []string{
		"", "core module 0", "component 0", "component 0 > component 0", "component 0 > component 0 > core module 0", "component 0 > core module 0",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("nodes (-want +got):\n%s", diff)
	}
	for stop := range want {
		n := 0
		for range c.All() {
			if n++; n > stop {
				break // must not yield again, wherever it stops
			}
		}
	}
	if diff := cmp.Diff([]string{"core module 0", "component 0"}, c.ItemNames()); diff != "" {
		t.Errorf("ItemNames (-want +got):\n%s", diff)
	}
}

// Rewrite keeps the sections as they were written, even where they are not the ones of a built
// component.
func TestRewriteKeepsSections(t *testing.T) {
	const module = `01 { ` + emptyModule + ` }`
	twice := func(d Def) Def {
		if x, ok := d.(*Custom); ok {
			return &Custom{Name: x.Name + x.Name}
		}
		return d
	}
	for _, test := range []struct {
		name, sections, want string
		f                    func(Def) Def
		first                []Def
	}{
		{"two sections of types, one empty", `07 { 01 73 } 07 { 01 73 } 07 { 00 } 00 { 01'a' }`,
			`07 { 01 73 } 07 { 01 73 } 07 { 00 } 00 { 02'aa' }`, twice, nil},
		{"a padded size", `07 828000 01 73 00 { 01'a' }`, `07 02 01 73 00 { 02'aa' }`, twice, nil},
		{"before a section of the same kind", `07 { 01 73 }`, `07 { 01 7f } 07 { 01 73 }`, twice, []Def{ty(&PrimType{types.Bool})}},
		{"another kind", module + `06 { 01 0011 02 00 00 }`, `06 { 01 0011 02 01 05 } 06 { 01 0011 02 00 00 }`, func(d Def) Def {
			if _, ok := d.(*CoreModule); ok {
				return &Alias{Sort: SortCoreModule, Target: OuterAlias{Count: 1, Index: 5}}
			}
			return d
		}, nil},
	} {
		c, err := decode(component(test.sections))
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if got, want := c.Rewrite(test.f, test.first...).Append(nil), component(test.want); string(got) != string(want) {
			t.Errorf("%s:\n got %x\nwant %x", test.name, got, want)
		}
	}
	c, err := decode(component(`07 828000 01 73`))
	if err != nil {
		t.Fatal(err)
	}
	if c.Rewrite(twice) != c {
		t.Error("a component in which nothing changes is not itself")
	}
}

// Each encoding of strings has its option.
func TestStringsOpt(t *testing.T) {
	for e := range abi.Latin1UTF16 {
		e++
		if got, want := StringsOpt(e).Kind.String(), "string-encoding="+e.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
