package conformance

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/componentize/link"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/edit"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/binary"
)

// fakeBindgen is the producer that the suite gives to its modules.
var fakeBindgen = (&core.Producers{}).Add("processed-by", core.ProducersValue{Name: "my-fake-bindgen", Version: "123.45"})

// TestComponentize makes components of the core modules of wit-component 0.257. Each has the same
// world and, apart from names and producers, the same text, or fails with the same message.
func TestComponentize(t *testing.T) {
	dir := Folder(t, "wit-component/components")
	s := NewSuite(t, "componentize")
	found, err := os.ReadDir(dir)
	if err != nil || len(found) == 0 {
		t.Fatal("no cases", err)
	}
	for _, e := range found {
		if e.IsDir() {
			s.Check(t, e.Name(), checkComponentize(filepath.Join(dir, e.Name())))
		}
	}
	s.Done(t)
}

func checkComponentize(dir string) error {
	c, err := componentizeCase(dir)
	want, readErr := os.ReadFile(filepath.Join(dir, "error.txt"))
	if readErr == nil {
		if err == nil {
			return fmt.Errorf("want an error: %s", want)
		}
		return sameHeadline(strings.TrimSpace(string(want)), err)
	}
	if err != nil {
		return err
	}
	bin := diag.NewBinary("component.wasm", c.Append(nil))
	m, err := binary.DecodeWIT(bin)
	if err != nil {
		return err
	}
	if want, err = os.ReadFile(filepath.Join(dir, "component.wit.print")); err != nil {
		return err
	}
	if err := differ(string(want), wit.Print(m, m.Main, wit.PrintOptions{})); err != nil {
		return fmt.Errorf("the world: %w", err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "component.wat"))
	if err != nil {
		return err
	}
	expected, err := wat.Assemble(diag.NewFile("component.wat", text))
	if err != nil {
		return fmt.Errorf("the expected text cannot be read: %w", err)
	}
	return differ(anonymous(expected), anonymous(bin))
}

// sameHeadline checks that the first diagnostic is the end of a chain of messages.
func sameHeadline(want string, err error) error {
	if got := firstMessage(err); want != got && !strings.HasSuffix(want, ": "+got) {
		return fmt.Errorf("want the message %q, got %q", want, got)
	}
	return nil
}

// firstMessage returns the message of the first diagnostic.
func firstMessage(err error) string {
	var list diag.List
	var d *diag.Diagnostic
	switch {
	case errors.As(err, &list):
		d = list[0]
	case !errors.As(err, &d):
		return "not a diagnostic: " + err.Error()
	}
	return d.Message
}

// anonymous prints a component without names and producers, including those of nested modules.
func anonymous(f *diag.File) string {
	data, err := edit.Customs(f, func(_ int, c *encoding.Custom) *encoding.Custom {
		switch c.Name {
		case "name", encoding.NameSection, core.ProducersName:
			return nil
		}
		return c
	})
	if err != nil {
		return err.Error()
	}
	c, err := encoding.Decode(diag.NewBinary(f.Name, data))
	if err != nil {
		return err.Error()
	}
	text, err := wat.Print(nil, c, wat.PrintOptions{})
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// componentizeCase makes the component of a case.
func componentizeCase(dir string) (*encoding.Component, error) {
	m, list := loadWIT(dir, wit.Options{})
	if list.HasErrors() {
		return nil, list
	}
	modules, err := filepath.Glob(filepath.Join(dir, "*.wat"))
	if err != nil {
		return nil, err
	}
	var main *diag.File
	var o link.Options
	var libs []link.SharedLibrary
	for _, path := range modules {
		stem := strings.TrimSuffix(filepath.Base(path), ".wat")
		if stem == "component" {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		f, err := withWorld(m, stem, text)
		if err != nil {
			return nil, err
		}
		if err := configure(&o, &libs, string(text)); err != nil {
			return nil, err
		}
		switch name, openable := strings.CutPrefix(stem, "dlopen-lib-"); {
		case openable || strings.HasPrefix(stem, "lib-"):
			libs = append(libs, link.SharedLibrary{Name: adapterName(strings.TrimPrefix(name, "lib-"), string(text)), File: f, Openable: openable})
		case stem == "module":
			main = f
		case strings.HasPrefix(stem, "adapt-"):
			o.Component.Adapters = append(o.Component.Adapters, componentize.Adapter{Name: adapterName(stem, string(text)), File: f})
		}
	}
	var info *validate.Info
	if main == nil {
		info, err = link.New(libs, o)
	} else {
		info, err = componentize.New(main, o.Component)
	}
	if err != nil {
		return nil, err
	}
	return info.Component, nil
}

// withWorld assembles a module and embeds the world of its name.
func withWorld(m *wit.Model, stem string, text []byte) (*diag.File, error) {
	f, err := wat.Assemble(diag.NewFile(stem+".wat", text))
	if err != nil {
		return nil, err
	}
	w, err := m.World(stem)
	if err != nil {
		return nil, err
	}
	data, err := binary.Embed(f, m, w, binary.WorldOptions{Producers: fakeBindgen})
	if err != nil {
		return nil, err
	}
	return diag.NewBinary(stem+".wasm", data), nil
}

// configure reads the option lines at the start of a module.
func configure(o *link.Options, libs *[]link.SharedLibrary, text string) error {
	for line := range strings.Lines(text) {
		line, ok := strings.CutPrefix(strings.TrimSpace(line), ";;!")
		if !ok {
			continue
		}
		switch strings.TrimSpace(line) {
		case "realloc-via-memory-grow = true":
			o.Component.ReallocViaMemoryGrow = true
		case "return-call-ref = true":
			o.Component.ReturnCallRef = true
		case "stub-missing-functions = true":
			o.StubMissing = true
		case "use-built-in-libdl = true":
			*libs = append(*libs, link.BuiltinDL())
		default:
			return fmt.Errorf("unknown option %s", line)
		}
	}
	return nil
}

// adapterName returns the name of an adapter. A comment can give the name; by default it is that of
// the file.
func adapterName(stem, text string) string {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, ";; module name: "); ok {
			return name
		}
		if line != "" && !strings.HasPrefix(line, ";;") {
			break
		}
	}
	return strings.TrimPrefix(stem, "adapt-")
}
