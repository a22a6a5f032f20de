package conformance

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/feature"
)

// sourcesOf returns the modules in directives other than those that assert malformed modules.
func sourcesOf(list []wat.Directive) []*wat.Source {
	var out []*wat.Source
	for _, d := range list {
		switch d := d.(type) {
		case *wat.Module:
			out = append(out, d.Source)
		case *wat.Definition:
			out = append(out, d.Source)
		case *wat.AssertTrap:
			if s, ok := d.Action.(*wat.Source); ok {
				out = append(out, s)
			}
		case *wat.AssertInvalid:
			out = append(out, d.Source)
		case *wat.AssertUnlinkable:
			out = append(out, d.Source)
		}
	}
	return out
}

// Every module of the core specification's suite prints as a text that parses as the same module:
// the result prints as the same text again, and is valid if the original is.
func TestCoreSuiteText(t *testing.T) {
	n := 0
	for _, f := range scriptFolders(t, CoreSuite(t)) {
		for _, path := range f.paths {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			s, err := wat.ParseScript(diag.NewFile(filepath.Base(path), data))
			if err != nil {
				t.Fatal(err)
			}
			for _, src := range sourcesOf(s.Directives) {
				u, err := src.Unit()
				if err != nil {
					t.Errorf("%v", err)
					continue
				}
				n++
				if msg := reprint(u.Append(nil)); msg != "" {
					t.Errorf("%s:%d: %s", filepath.Base(path), src.Span.File.Position(src.Span.Start).Line, msg)
				}
			}
		}
	}
	t.Logf("%d modules printed and parsed", n)
}

// reprint prints a module, parses the text, and describes the difference, if any.
func reprint(data []byte) string {
	m, err := core.Decode(data)
	if err != nil {
		return ""
	}
	text, err := wat.PrintBinary(nil, diag.NewBinary("m.wasm", data), wat.PrintOptions{})
	if err != nil {
		return "it is not printed: " + err.Error()
	}
	u, err := wat.Parse(diag.NewFile("m.wat", text))
	if err != nil {
		return "the text is not parsed: " + err.Error() + "\n" + string(text)
	}
	again := u.Append(nil)
	m2, err := core.Decode(again)
	if err != nil {
		return "the parsed text is not decoded: " + err.Error()
	}
	first, second := core.Validate(m, feature.All(), core.ValidateOptions{}), core.Validate(m2, feature.All(), core.ValidateOptions{})
	if (first == nil) != (second == nil) {
		return "validation differs"
	}
	again2, err := wat.PrintBinary(nil, diag.NewBinary("m.wasm", again), wat.PrintOptions{})
	if err != nil {
		return "the parsed text is not printed: " + err.Error()
	}
	if !bytes.Equal(text, again2) {
		return "the text of the text differs:\n" + string(text) + "\n" + string(again2)
	}
	return ""
}
