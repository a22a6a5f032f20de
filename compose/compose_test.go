package compose_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/compose"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

func load(t *testing.T, name string) *compose.Package {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name+".wat"))
	if err != nil {
		t.Fatal(err)
	}
	u, err := wat.Parse(diag.NewFile(name+".wat", data))
	if err != nil {
		t.Fatal(err)
	}
	p, err := compose.NewPackage(name, diag.NewBinary(name+".wasm", u.Append(nil)), 0)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPackageWithoutFeatures(t *testing.T) {
	f := diag.NewBinary("empty.wasm", []byte("\x00asm\x0d\x00\x01\x00"))
	if _, err := compose.NewPackage("empty", f, 0); err != nil {
		t.Errorf("default: %v", err)
	}
	_, err := compose.NewPackage("empty", f, feature.None())
	const want = "empty.wasm:0x0: a component requires the component-model feature"
	if err == nil || err.Error() != want {
		t.Errorf("none: got %v, want %s", err, want)
	}
}

// encode encodes a graph, checks that it validates, and returns its bytes and type.
func encode(t *testing.T, g *compose.Graph) ([]byte, *types.Component) {
	t.Helper()
	encoded, err := g.Encode(compose.EncodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	data := encoded.Append(nil)
	f := diag.NewBinary("out.wasm", data)
	c, err := encoding.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	info, err := validate.Component(f, c, validate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return data, info.Type
}

// Both components leave the same interface open, at two versions. The composition imports it once,
// at the later version, with the items that both need. A resource that one component makes can be
// used by the other.
func TestMergedImports(t *testing.T) {
	g, report, err := compose.Plug(load(t, "user"), []*compose.Package{load(t, "maker")})
	if err != nil {
		t.Fatal(err)
	}
	want := &compose.PlugReport{Connections: []compose.Connection{{Plug: "maker", Export: "t:maker/out", Import: "t:maker/out"}},
		Open: []string{"t:res/api@1.1.0"}}
	if diff := cmp.Diff(want, report); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	data, typ := encode(t, g)
	if got := typ.Imports.Names(); !cmp.Equal(got, []string{"t:res/api@1.1.0"}) {
		t.Errorf("imports %q", got)
	}
	if got := typ.Imports.At(0).Type.(*types.Instance).Exports.Names(); !cmp.Equal(got, []string{"r", "[method]r.value", "[static]r.make"}) {
		t.Errorf("the merged import has %q", got)
	}

	ctx := context.Background()
	eng, err := runner.NewEngine(ctx, runner.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer eng.Close(ctx)
	prog, err := eng.Compile(ctx, "out.wasm", data)
	if err != nil {
		t.Fatal(err)
	}
	l := runner.NewLinker()
	api := l.Instance("t:res/api@1.1.3")
	dropped := 0
	api.Resource("r", func(context.Context, any) error { dropped++; return nil })
	api.Func("[static]r.make", func(_ context.Context, args []value.Value) (value.Value, error) {
		return value.Own(args[0].U32()), nil
	})
	api.Func("[method]r.value", func(_ context.Context, args []value.Value) (value.Value, error) {
		return value.U32(args[0].Handle().(uint32) + 1), nil
	})
	inst, err := l.Instantiate(ctx, prog)
	if err != nil {
		t.Fatal(err)
	}
	defer inst.Close(ctx)
	if v, err := inst.Func("run").Call(ctx); err != nil || v.U32() != 43 {
		t.Errorf("run() = %v, %v, want 43", v, err)
	}
	if dropped != 1 {
		t.Errorf("the resource was dropped %d times", dropped)
	}
}

// Each component imports only the items of an interface that it uses. Together they need all of it,
// with one record type.
func TestPartialImports(t *testing.T) {
	g, _, err := compose.Plug(load(t, "partial-b"), []*compose.Package{load(t, "partial-a")})
	if err != nil {
		t.Fatal(err)
	}
	_, typ := encode(t, g)
	if got := typ.Imports.At(0).Type.(*types.Instance).Exports.Names(); typ.Imports.Len() != 1 || !cmp.Equal(got, []string{"rec", "f", "g"}) {
		t.Errorf("imports %q, the first with %q", typ.Imports.Names(), got)
	}
}

func TestDeterministic(t *testing.T) {
	var first []byte
	for range 20 {
		g, _, err := compose.Plug(load(t, "user"), []*compose.Package{load(t, "maker")})
		if err != nil {
			t.Fatal(err)
		}
		data, _ := encode(t, g)
		if first == nil {
			first = data
		} else if !bytes.Equal(first, data) {
			t.Fatal("two encodings of one graph differ")
		}
	}
}

func TestErrors(t *testing.T) {
	plug := func(names ...string) error {
		var plugs []*compose.Package
		for _, n := range names[1:] {
			plugs = append(plugs, load(t, n))
		}
		g, _, err := compose.Plug(load(t, names[0]), plugs)
		if err == nil {
			_, err = g.Encode(compose.EncodeOptions{})
		}
		return err
	}
	connect := func(export, imp string) error {
		g := &compose.Graph{}
		m, u := g.Instantiate(load(t, "maker"), "m"), g.Instantiate(load(t, "user"), "u")
		return g.Connect(compose.Source{Instance: m, Export: export}, u, imp)
	}
	twice := func() error {
		g := &compose.Graph{}
		m, u := g.Instantiate(load(t, "maker"), "m"), g.Instantiate(load(t, "user"), "u")
		from := compose.Source{Instance: m, Export: "t:maker/out"}
		if err := g.Connect(from, u, "t:maker/out"); err != nil {
			t.Fatal(err)
		}
		return g.Connect(from, u, "t:maker/out")
	}
	merge := func() error {
		g := &compose.Graph{}
		g.Instantiate(load(t, "maker"), "m")
		g.Instantiate(load(t, "other"), "o")
		_, err := g.Encode(compose.EncodeOptions{})
		return err
	}
	for _, c := range []struct {
		name string
		err  error
		code diag.Code
		want string
	}{
		{"type", plug("user", "wrong"), compose.CodeMismatch, "user cannot be instantiated: type mismatch for import `t:maker/out`: " +
			"type mismatch in instance export `r`: resource types are not the same (`r` vs. `t:res/api@1.1.0.r`)"},
		{"nothing", plug("user", "other"), compose.CodeNothing, "no export of other satisfies an import of user"},
		{"merge", merge(), compose.CodeMerge, "import `t:res/api@1.0.0` of m does not agree with import `t:res/api@1.0.5` of o: " +
			"type mismatch in instance export `[static]r.make`: type mismatch in function parameter `n`: " +
			"expected primitive `string` found primitive `u32`"},
		{"export", connect("t:maker/ou", "t:maker/out"), compose.CodeName, "m has no export `t:maker/ou`"},
		{"import", connect("t:maker/out", "nothing"), compose.CodeName, "u has no import `nothing`"},
		{"twice", twice(), compose.CodeName, "import `t:maker/out` of u is already connected to `t:maker/out` of m"},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := diag.FromError(c.err)
			if len(list) != 1 || list[0].Code != c.code || list[0].Message != c.want {
				t.Errorf("got  %v\nwant %s: %s", c.err, c.code, c.want)
			}
		})
	}
}

func TestCycle(t *testing.T) {
	g := &compose.Graph{}
	a, b := g.Instantiate(load(t, "user"), "a"), g.Instantiate(load(t, "user"), "b")
	// The user exports run and imports t:maker/out. Connecting these is a type error too, but the
	// cycle is found first.
	for _, c := range [][2]compose.Instance{{a, b}, {b, a}} {
		if err := g.Connect(compose.Source{Instance: c[0], Export: "run"}, c[1], "t:maker/out"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := g.Encode(compose.EncodeOptions{}); err == nil || !strings.Contains(err.Error(), "needs an export of an instance that needs it") {
		t.Errorf("error %v", err)
	}
}
