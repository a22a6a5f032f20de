package conformance

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/binary"
)

// binaryWIT reads the encoded packages of the suites, which may be text.
func binaryWIT(f *diag.File) (*wit.Model, error) {
	bin, err := assembled(f)
	if err != nil {
		return nil, err
	}
	return binary.DecodeWIT(bin)
}

func assembled(f *diag.File) (*diag.File, error) {
	if f.Binary {
		return f, nil
	}
	return wat.Assemble(f)
}

// goldenProducer is the producer that the suite has instead of a version.
var goldenProducer = binary.PackageOptions{Producer: core.ProducersValue{Name: "wit-component", Version: "$CARGO_PKG_VERSION"}}

// TestWITEncode encodes the packages of wit-component 0.257. The text of the result is the same,
// the decoded package prints like the original, and it encodes to the same bytes again.
func TestWITEncode(t *testing.T) {
	dir := Folder(t, "wit-component/interfaces")
	s := NewSuite(t, "wit-encode")
	for _, e := range witEntries(t, dir) {
		s.Check(t, e.Name(), checkWITEncode(filepath.Join(dir, e.Name()), e.IsDir()))
	}
	s.Done(t)
}

func checkWITEncode(path string, isDir bool) error {
	m, list := loadWIT(path, wit.Options{})
	if list.HasErrors() {
		return list
	}
	want, err := os.ReadFile(strings.TrimSuffix(path, ".wit") + ".wat")
	if err != nil {
		return err
	}
	c, err := binary.EncodePackage(m, nil, goldenProducer)
	if err != nil {
		return err
	}
	text, err := wat.Print(nil, c, wat.PrintOptions{})
	if err != nil {
		return err
	}
	if err := differ(string(want), string(text)); err != nil {
		return err
	}
	print := path + ".print"
	if isDir {
		print = filepath.Join(path, m.Main.Name.Name+".wit.print")
	}
	if want, err = os.ReadFile(print); err != nil {
		return err
	}
	return backAndForth(c, string(want), goldenProducer)
}

// backAndForth decodes an encoded package, whose text is known, and encodes it again. Only the
// order of functions can change: in binaries, functions of resources come first, and the
// documentation lists them in this order. The second time, all bytes are the same.
func backAndForth(c *encoding.Component, text string, o binary.PackageOptions) error {
	again, err := onceMore(c, text, o)
	if err != nil {
		return err
	}
	if !bytes.Equal(withoutDocs(c), withoutDocs(again)) {
		return fmt.Errorf("encoded again: %w", differComponents(c, again))
	}
	third, err := onceMore(again, text, o)
	if err != nil {
		return err
	}
	if !bytes.Equal(again.Append(nil), third.Append(nil)) {
		return fmt.Errorf("encoded a third time: %w", differComponents(again, third))
	}
	return nil
}

func onceMore(c *encoding.Component, text string, o binary.PackageOptions) (*encoding.Component, error) {
	m, err := binary.DecodePackage(diag.NewFile("encoded.wasm", c.Append(nil)))
	if err != nil {
		return nil, err
	}
	if err := differ(text, wit.Print(m, m.Main, wit.PrintOptions{})); err != nil {
		return nil, fmt.Errorf("decoded: %w", err)
	}
	return binary.EncodePackage(m, nil, o)
}

func withoutDocs(c *encoding.Component) []byte {
	var b encoding.Builder
	for _, d := range c.Defs {
		if s, ok := d.(*encoding.Custom); !ok || s.Name != "package-docs" && s.Name != "dependency-docs" {
			b.Add(d)
		}
	}
	return b.Component().Append(nil)
}

func differComponents(a, b *encoding.Component) error {
	before, err := wat.Print(nil, a, wat.PrintOptions{})
	if err != nil {
		return err
	}
	after, err := wat.Print(nil, b, wat.PrintOptions{})
	if err != nil {
		return err
	}
	return differ(string(before), string(after))
}

// TestWITBinaryWASI converts the packages of WASI, and their dependencies, to binary and back.
func TestWITBinaryWASI(t *testing.T) {
	dir := Folder(t, "wasi")
	s := NewSuite(t, "wit-binary-wasi")
	found, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(found) == 0 {
		t.Fatal("no cases", err)
	}
	for _, c := range found {
		m, list := loadWIT(c, wit.Options{AllFeatures: true})
		if !exists(filepath.Join(c, "world.wit")) && !exists(filepath.Join(c, "wasi-nn.wit")) {
			m, list = loadAll(t, c)
		}
		if list.HasErrors() {
			t.Fatal(list)
		}
		for _, p := range m.Packages {
			if len(p.Interfaces)+len(p.Worlds) == 0 {
				continue // a binary cannot distinguish it from a component without imports and exports
			}
			s.Check(t, filepath.Base(c)+"/"+p.Name.String(), func() error {
				e, err := binary.EncodePackage(m, p, goldenProducer)
				if err != nil {
					return err
				}
				return backAndForth(e, wit.Print(m, p, wit.PrintOptions{}), goldenProducer)
			}())
		}
	}
	s.Done(t)
}

// loadAll reads a folder of packages that use each other.
func loadAll(t testing.TB, dir string) (*wit.Model, diag.List) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "*", "*.wit"))
	if err != nil || len(found) == 0 {
		t.Fatal("no packages", dir, err)
	}
	fsys := fstest.MapFS{"main/main.wit": {Data: []byte("package all:packages;\n")}}
	for _, f := range found {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		fsys["main/deps/"+filepath.Base(filepath.Dir(f))+"/"+filepath.Base(f)] = &fstest.MapFile{Data: data}
	}
	return wit.Load(fsys, "main", wit.Options{AllFeatures: true})
}

// TestWITOfComponents reads the WIT of the components of wit-component 0.257.
func TestWITOfComponents(t *testing.T) {
	dir := Folder(t, "wit-component/components")
	s := NewSuite(t, "wit-of-components")
	found, err := filepath.Glob(filepath.Join(dir, "*", "component.wat"))
	if err != nil || len(found) == 0 {
		t.Fatal("no cases", err)
	}
	for _, c := range found {
		s.Check(t, filepath.Base(filepath.Dir(c)), func() error {
			data, err := os.ReadFile(c)
			if err != nil {
				return err
			}
			want, err := os.ReadFile(filepath.Join(filepath.Dir(c), "component.wit.print"))
			if err != nil {
				return err
			}
			m, err := binaryWIT(diag.NewFile(c, data))
			if err != nil {
				return err
			}
			return differ(string(want), wit.Print(m, m.Main, wit.PrintOptions{}))
		}())
	}
	s.Done(t)
}
