package inspect

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/model/feature"
)

// TestVerbOptions checks how command lines are read.
func TestVerbOptions(t *testing.T) {
	std := &cli.IO{}
	text := func(s string) *string { return &s }
	for _, test := range []struct {
		args string
		want any
	}{
		{"sections a --format json", sectionsOptions{reportOptions: reportOptions{input: "a", format: "json"}}},
		{"size a", sizeOptions{reportOptions: reportOptions{input: "a", format: "text"}, top: 20}},
		{"size a --top 3 -o b", sizeOptions{reportOptions: reportOptions{input: "a", format: "text", output: cli.Output{Path: "b"}}, top: 3}},
		{"validate a --features map", validateOptions{input: "a", format: "text", feats: cli.FeatureFlags{Lists: []string{"map"}}}},
		{"show -", showOptions{reportOptions: reportOptions{input: "-", format: "text"}}},
		{"strip a -a", stripOptions{input: "a", all: true}},
		{"strip a -d x --delete y", stripOptions{input: "a", deletes: []string{"x", "y"}}},
		{"unbundle a --module-dir d", unbundleOptions{input: "a", moduleDir: "d", threshold: 10240}},
		{"unbundle a --module-dir d --threshold 0 -v", unbundleOptions{input: "a", moduleDir: "d", verbose: true}},
		{"add a --name n --clear-source --sdk x=1 --language y=", addOptions{input: "a",
			changes:   map[string]*string{"name": text("n"), "source": nil},
			producers: []Producer{{"language", "y", ""}, {"sdk", "x", "1"}}}},
	} {
		var got any
		verb, rest, _ := strings.Cut(test.args, " ")
		cmd := map[string]*cobra.Command{
			"sections": newSections(std, func(_ context.Context, o *sectionsOptions) error { got = *o; return nil }),
			"size":     newSize(std, func(_ context.Context, o *sizeOptions) error { got = *o; return nil }),
			"validate": newValidate(std, func(_ context.Context, o *validateOptions) error { got = *o; return nil }),
			"show":     newMetadataShow(std, func(_ context.Context, o *showOptions) error { got = *o; return nil }),
			"strip":    newStrip(std, func(_ context.Context, o *stripOptions) error { got = *o; return nil }),
			"unbundle": newUnbundle(std, func(_ context.Context, o *unbundleOptions) error { got = *o; return nil }),
			"add":      newMetadataAdd(std, func(_ context.Context, o *addOptions) error { got = *o; return nil }),
		}[verb]
		cmd.SetArgs(strings.Fields(rest))
		if err := cmd.Execute(); err != nil {
			t.Errorf("inspect %s: %v", test.args, err)
			continue
		}
		opts := cmp.Options{
			cmp.AllowUnexported(reportOptions{}, sectionsOptions{}, sizeOptions{}, validateOptions{}, showOptions{}, stripOptions{}, unbundleOptions{}, addOptions{}),
			cmpopts.IgnoreUnexported(cli.Output{}), cmpopts.IgnoreFields(stripOptions{}, "patterns"), cmpopts.IgnoreTypes(&cli.IO{}),
		}
		if diff := cmp.Diff(test.want, got, opts); diff != "" {
			t.Errorf("inspect %s (-want +got):\n%s", test.args, diff)
		}
	}
}

// TestSizesAddUp checks that both tables of sizes account for each byte of every example.
func TestSizesAddUp(t *testing.T) {
	files, err := filepath.Glob("testdata/examples/*.wasm")
	if err != nil || len(files) == 0 {
		t.Fatal("no examples")
	}
	broken := componentStart + section(1, moduleStart+"\x01\x05") + section(0, "\x01x")
	examples := map[string][]byte{"broken": []byte(broken)}
	for _, name := range files {
		if examples[name], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	for name, data := range examples {
		tree, err := newTree(diag.NewFile(name, data))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		r := newSizeReport(name, tree, 1)
		parts, sections := 0, 0
		for _, p := range r.Parts {
			parts += p.Own
		}
		for _, s := range r.Sections {
			sections += s.Size
		}
		if parts != len(data) || sections != len(data) {
			t.Errorf("%s has %d bytes, its parts %d, its sections %d", name, len(data), parts, sections)
		}
	}
}

// TestUnreadablePart checks that an unreadable nested module is shown, and that it is an error for
// verbs that would change it.
func TestUnreadablePart(t *testing.T) {
	f := diag.NewFile("f", []byte(componentStart+section(1, moduleStart+"\x01\x05")+section(1, moduleStart)))
	tree, err := newTree(f)
	if err != nil {
		t.Fatal(err)
	}
	const want = "f:0x14: unexpected end-of-file (core module 0)"
	if err := tree.checkReadable(); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	s := &screen{}
	newSizeReport("f", tree, 0).render(s)
	(&SectionsReport{File: "f", Kind: tree.kind, Size: tree.size(), Sections: sectionEntries(tree, tree.size())}).render(s)
	(&MetadataReport{File: "f", Contents: metadataOf(tree)}).render(s)
	for _, want := range []string{"unreadable", "core module 1", "3 parts have no metadata"} {
		if !strings.Contains(s.b.String(), want) {
			t.Errorf("no %q in\n%s", want, &s.b)
		}
	}
}

// TestValidateFile checks the offset and the path of errors, also in nested modules.
func TestValidateFile(t *testing.T) {
	funcs := "\x01\x04\x01\x60\x00\x00" + "\x03\x02\x01\x00"
	longBody := moduleStart + funcs + section(10, "\x01\x7f\x00\x0b")
	for _, test := range []struct{ name, data, want string }{
		{"fine", moduleStart, ""},
		{"nested fine", componentStart + section(1, moduleStart), ""},
		{"not a module", moduleStart + "\x0f\x00", "f:0x8: malformed section id: 0xf"},
		{"no type", moduleStart + "\x03\x02\x01\x09" + section(10, "\x01\x02\x00\x0b"),
			"f:0xb: unknown type 9: type index out of bounds (func 0)"},
		{"body too long", longBody, "f:0x18: unexpected end-of-file (code section)"},
		{"nested body too long", componentStart + section(1, moduleStart) + section(1, longBody),
			"f:0x2c: unexpected end-of-file (core module 1)"},
		{"nested", componentStart + section(1, moduleStart+"\x01\x05"), "f:0x14: unexpected end-of-file (core module 0)"},
	} {
		err := validateFile(diag.NewFile("f", []byte(test.data)), feature.Default())
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.name, got, test.want)
		}
	}
}

// TestBadProducers checks that metadata is not added to an unreadable section, and that the error
// has its position.
func TestBadProducers(t *testing.T) {
	f := diag.NewFile("f", []byte(moduleStart+section(0, "\x09producers\x01\x05")))
	o := &addOptions{producers: []Producer{{"sdk", "a", "1"}}}
	const want = "f:0x16: unexpected end-of-file (custom section `producers`)"
	if _, err := o.edit(f); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestRepeatedFields checks that the first of several sections is replaced and the others are
// removed.
func TestRepeatedFields(t *testing.T) {
	text := "new"
	o := &addOptions{changes: map[string]*string{"authors": &text}}
	authors := func(who string) string { return section(0, "\x07authors"+who) }
	f := diag.NewFile("f", []byte(moduleStart+authors("a")+section(0, "\x01x")+authors("b")))
	got, err := o.edit(f)
	if want := moduleStart + authors("new") + section(0, "\x01x"); err != nil || string(got) != want {
		t.Errorf("got %x, %v\nwant %x", got, err, want)
	}
}

func TestLicenses(t *testing.T) {
	for text, want := range map[string]string{
		"MIT":                                 "",
		"Apache-2.0 WITH LLVM-exception":      "",
		"(MIT OR GPL-2.0+) AND BSD-3-Clause":  "",
		"DocumentRef-x:LicenseRef-y":          "",
		"":                                    "it ends early",
		"MIT AND":                             "it ends early",
		"(MIT":                                "a parenthesis is not closed",
		"MIT)":                                "unexpected `)`",
		"MIT Apache-2.0":                      "unexpected `Apache-2.0`",
		"OR MIT":                              "unexpected `OR`",
		"(MIT OR ISC) WITH LLVM-exception":    "unexpected `WITH`",
		"Apache-2.0 WITH (Classpath)":         "unexpected `(`",
		"Public Domain, more or less":         "unexpected `Domain,`",
		strings.Repeat("(", 1000000) + "MIT":  "a parenthesis is not closed",
		"https://example.com/licenses/custom": "unexpected `https://example.com/licenses/custom`",
	} {
		got := ""
		if err := checkLicenses(text); err != nil {
			_, got, _ = strings.Cut(err.Error(), "license expression: ")
		}
		if got != want {
			t.Errorf("%.50s\n got %s\nwant %s", text, got, want)
		}
	}
}

// TestHostileNames checks that text in a binary stays on its line.
func TestHostileNames(t *testing.T) {
	evil := "\x1b[31mred\nline"
	name := string([]byte{byte(len(evil))}) + evil
	data := moduleStart + section(0, name) + section(0, "\x07authors"+evil) +
		section(0, "\x09producers\x01"+name+"\x01"+name+name) + section(0, "\x04name\x00"+string([]byte{byte(len(name))})+name)
	f := diag.NewFile("a\nb", []byte(data))
	tree, err := newTree(f)
	if err != nil {
		t.Fatal(err)
	}
	s := &screen{}
	newSizeReport(f.Name, tree, 0).render(s)
	(&SectionsReport{File: f.Name, Kind: tree.kind, Size: tree.size(), Sections: sectionEntries(tree, tree.size())}).render(s)
	(&MetadataReport{File: f.Name, Contents: metadataOf(tree)}).render(s)
	if text := s.b.String(); strings.Contains(text, "\x1b") || strings.Contains(text, "red\nline") {
		t.Errorf("not escaped:\n%q", text)
	}
}
