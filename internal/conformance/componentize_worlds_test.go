package conformance

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/reftool"
	wasiwit "github.com/mortise-wasm/mortise/wasi/wit"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/binary"
)

// dummyCase is a dummy module for a world of the suites.
type dummyCase struct {
	id    string
	model *wit.Model
	world *wit.World
	data  []byte
}

// dummyOptions has all kinds of dummies.
var dummyOptions = map[string]componentize.DummyOptions{
	"standard": {},
	"legacy":   {Names: componentize.LegacyNames},
	"callback": {Names: componentize.LegacyNames, ABI: componentize.DummyCallback},
	"stackful": {Names: componentize.LegacyNames, ABI: componentize.DummyStackful},
}

// dummies returns dummies of all kinds for all worlds of the suites.
func dummies(t *testing.T) []dummyCase {
	t.Helper()
	var list []dummyCase
	add := func(suite, path string, m *wit.Model) {
		if m.Check(false).HasErrors() {
			return // no component can have the world, and Embed refuses it
		}
		for _, w := range m.Worlds {
			for kind, o := range dummyOptions {
				core, err := componentize.Dummy(w, o)
				if err != nil {
					t.Fatal(err)
				}
				data, err := binary.Embed(diag.NewBinary("dummy.wasm", core), m, w, binary.WorldOptions{})
				if err != nil {
					t.Errorf("%s: %s: %v", path, w.ID(), err)
					continue
				}
				list = append(list, dummyCase{fmt.Sprintf("%s/%s/%s/%s", suite, filepath.Base(path), w.ID(), kind), m, w, data})
			}
		}
	}
	for _, suite := range []string{"bindgen", "wit-parser", "wit-component/interfaces"} {
		for _, e := range witEntries(t, Folder(t, suite)) {
			path := filepath.Join(Folder(t, suite), e.Name())
			if m, errs := loadWIT(path, wit.Options{AllFeatures: true}); !errs.HasErrors() {
				add(suite, path, m)
			}
		}
	}
	for _, release := range []string{"0.2.10", "0.2.12", "0.3.0"} {
		path := filepath.Join(Folder(t, "wasi"), release)
		m, errs := loadAll(t, path)
		if errs.HasErrors() {
			t.Fatal(errs)
		}
		add("wasi", path, m)
	}
	if len(list) < 100 {
		t.Fatalf("only %d dummies", len(list))
	}
	return list
}

// TestComponentizeWorlds makes components of dummy modules for all worlds of the suites. The world
// decoded from a component imports and exports no more than the original, and exports everything
// that the original does.
func TestComponentizeWorlds(t *testing.T) {
	s := NewSuite(t, "componentize-worlds")
	for _, d := range dummies(t) {
		s.Check(t, d.id, func() error {
			c, err := componentize.New(diag.NewBinary("core.wasm", d.data), componentize.Options{})
			if err != nil {
				return err
			}
			m, err := binary.DecodeWIT(diag.NewBinary("component.wasm", c.Append(nil)))
			if err != nil {
				return err
			}
			return sameWorld(d.world, m.Worlds[0])
		}())
	}
	s.Done(t)
}

// sameWorld compares the names of imports and exports. Unused interfaces are not imported.
func sameWorld(want, got *wit.World) error {
	for _, i := range got.Imports {
		if want.Import(i.ExternName()) == nil {
			return fmt.Errorf("import `%s` is not in the world", i.ExternName())
		}
	}
	for _, i := range want.Imports {
		if got.Import(i.ExternName()) == nil && (i.Interface == nil || len(i.Interface.Funcs) > 0) {
			return fmt.Errorf("import `%s` is missing", i.ExternName())
		}
	}
	if len(want.Exports) != len(got.Exports) {
		return fmt.Errorf("want %d exports, got %d", len(want.Exports), len(got.Exports))
	}
	for _, i := range want.Exports {
		if got.Export(i.ExternName()) == nil {
			return fmt.Errorf("export `%s` is missing", i.ExternName())
		}
	}
	return nil
}

// TestComponentizeLikeWasmTools compares these components with those of wasm-tools 0.259.
func TestComponentizeLikeWasmTools(t *testing.T) {
	jco := reftool.NewJCO(t)
	dir := t.TempDir()
	list := dummies(t)
	file := func(i int, ext string) string { return filepath.Join(dir, fmt.Sprintf("%04d%s", i, ext)) }
	for i, d := range list {
		if err := os.WriteFile(file(i, ".core.wasm"), d.data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	jco.NewComponents(dir, "")
	s := NewSuite(t, "componentize-like-wasm-tools")
	for i, d := range list {
		s.Check(t, d.id, func() error {
			c, err := componentize.New(diag.NewBinary("core.wasm", d.data), componentize.Options{})
			if reason, e := os.ReadFile(file(i, ".error")); e == nil {
				if err == nil {
					return fmt.Errorf("wasm-tools fails: %s", reason)
				}
				return nil
			}
			if err != nil {
				return err
			}
			want, err := os.ReadFile(file(i, ".component.wasm"))
			if err != nil {
				return err
			}
			return differ(anonymous(diag.NewBinary("want.wasm", want)), anonymous(diag.NewBinary("got.wasm", c.Append(nil))))
		}())
	}
	s.Done(t)
}

// BenchmarkNew makes components of dummies: for all of wasi:cli/command, and for roughly the form
// that it had before it included all of the sockets.
func BenchmarkNew(b *testing.B) {
	m, errs := loadAll(b, filepath.Join(Folder(b, "wasi"), "0.2.12"))
	if errs.HasErrors() {
		b.Fatal(errs)
	}
	b.Run("command", func(b *testing.B) { benchmarkNew(b, m, "wasi:cli/command") })
	const small = `package bench:small;
world small {
  include mortise:wasi/preview1-command@0.2.12;
  import wasi:random/insecure@0.2.12;
  import wasi:random/insecure-seed@0.2.12;
  import wasi:sockets/ip-name-lookup@0.2.12;
}
`
	fsys := fstest.MapFS{"main.wit": {Data: []byte(small)}}
	for _, name := range []string{"worlds", "deps/cli", "deps/clocks", "deps/filesystem", "deps/io", "deps/random", "deps/sockets"} {
		data, err := wasiwit.FS.ReadFile("0.2.12/" + name + ".wit")
		if err != nil {
			b.Fatal(err)
		}
		fsys["deps/"+path.Base(name)+".wit"] = &fstest.MapFile{Data: data}
	}
	if m, errs = wit.Load(fsys, ".", wit.Options{}); errs.HasErrors() {
		b.Fatal(errs)
	}
	b.Run("small", func(b *testing.B) { benchmarkNew(b, m, "small") })
}

func benchmarkNew(b *testing.B, m *wit.Model, world string) {
	w, err := m.World(world)
	if err != nil {
		b.Fatal(err)
	}
	core, err := componentize.Dummy(w, componentize.DummyOptions{Names: componentize.LegacyNames})
	if err != nil {
		b.Fatal(err)
	}
	data, err := binary.Embed(diag.NewBinary("dummy.wasm", core), m, w, binary.WorldOptions{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := componentize.New(diag.NewBinary("core.wasm", data), componentize.Options{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(data)), "B-module")
}
