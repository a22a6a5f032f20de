package wat

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/golden"
)

// sourcesOf returns the sources of directives.
func sourcesOf(list []Directive) []*Source {
	var out []*Source
	action := func(a Action) {
		if s, ok := a.(*Source); ok {
			out = append(out, s)
		}
	}
	for _, d := range list {
		switch d := d.(type) {
		case *Module:
			out = append(out, d.Source)
		case *Definition:
			out = append(out, d.Source)
		case *AssertTrap:
			action(d.Action)
		case *AssertReturn:
			action(d.Action)
		case *AssertInvalid:
			out = append(out, d.Source)
		case *AssertUnlinkable:
			out = append(out, d.Source)
		}
	}
	return out
}

// Every script of the corpus can be read, and its sources can be parsed unless the script asserts
// that they are malformed.
func TestCorpusScripts(t *testing.T) {
	expected := expectationsOf("script")
	sources, malformed, listed := 0, 0, 0
	for _, path := range corpusFiles(t, ".wast") {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		rel, _ := filepath.Rel(corpus(t), path)
		s, err := ParseScript(diag.NewFile(rel, data))
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		for _, src := range sourcesOf(s.Directives) {
			sources++
			if _, err := src.Unit(); err != nil {
				if expected.allow(rel) {
					listed++
				} else {
					t.Errorf("%s: %v", rel, err)
				}
			}
		}
		for _, d := range s.Directives {
			// Validation detects components that are malformed because of their meaning.
			m, ok := d.(*AssertMalformed)
			if !ok || m.Source.Form == Binary || strings.Contains(m.Message, "start function") {
				continue
			}
			malformed++
			line := m.Span.File.Position(m.Span.Start).Line
			if _, err := m.Source.Unit(); err == nil {
				t.Errorf("%s:%d: no error, want %q", rel, line, m.Message)
			} else if !strings.Contains(err.Error(), m.Message) {
				t.Errorf("%s:%d: %v, want %q", rel, line, err, m.Message)
			}
		}
	}
	t.Logf("sources: %d, with old syntax: %d, malformed texts: %d", sources, listed, malformed)
	expected.done(t)
}

// summary describes each directive in a line.
func summary(list []Directive) string {
	var b strings.Builder
	for _, d := range list {
		fmt.Fprintf(&b, "%T", d)
		switch d := d.(type) {
		case *Module:
			summarySource(&b, d.Source)
		case *Definition:
			summarySource(&b, d.Source)
		case *Instance:
			fmt.Fprintf(&b, " %v %q of %q", d.IsComponent, d.Name, d.Of)
		case *Register:
			fmt.Fprintf(&b, " %q of %q", d.Name, d.Of)
		case *Invoke:
			summaryAction(&b, d)
		case *AssertReturn:
			summaryAction(&b, d.Action)
			fmt.Fprintf(&b, " =>")
			summaryValues(&b, d.Results)
		case *AssertTrap:
			summaryAction(&b, d.Action)
			fmt.Fprintf(&b, " %q", d.Message)
		case *AssertExhaustion:
			summaryAction(&b, d.Call)
			fmt.Fprintf(&b, " %q", d.Message)
		case *AssertException:
			summaryAction(&b, d.Action)
		case *AssertSuspension:
			summaryAction(&b, d.Action)
			fmt.Fprintf(&b, " %q", d.Message)
		case *AssertInvalid:
			summarySource(&b, d.Source)
			fmt.Fprintf(&b, " %q %v", d.Message, d.Custom)
		case *AssertMalformed:
			summarySource(&b, d.Source)
			fmt.Fprintf(&b, " %q %v", d.Message, d.Custom)
		case *AssertUnlinkable:
			summarySource(&b, d.Source)
			fmt.Fprintf(&b, " %q", d.Message)
		case *Thread:
			fmt.Fprintf(&b, " %q shares %q {\n%s}", d.Name, d.Shared, summary(d.Directives))
		case *Wait:
			fmt.Fprintf(&b, " %q", d.Thread)
		}
		fmt.Fprintf(&b, " @%d\n", d.Pos().File.Position(d.Pos().Start).Line)
	}
	return b.String()
}

func summarySource(b *strings.Builder, s *Source) {
	u, err := s.Unit()
	if err != nil {
		fmt.Fprintf(b, " form %d %q: %v", s.Form, s.Name, err)
		return
	}
	fmt.Fprintf(b, " form %d %q component %v %q", s.Form, s.Name, u.IsComponent, u.Append(nil)[:4])
}

func summaryAction(b *strings.Builder, a Action) {
	switch a := a.(type) {
	case *Invoke:
		fmt.Fprintf(b, " invoke %q %q", a.Of, a.Name)
		summaryValues(b, a.Args)
	case *Get:
		fmt.Fprintf(b, " get %q %q", a.Of, a.Name)
	case *Source:
		summarySource(b, a)
	}
}

func summaryValues(b *strings.Builder, list []Value) {
	for _, v := range list {
		fmt.Fprintf(b, " (%s", v.Kind)
		switch v.Kind {
		case KindString, KindEnum, KindVariant:
			fmt.Fprintf(b, " %q", v.Text)
		case KindRecord, KindFlags:
			fmt.Fprintf(b, " %q", v.Names)
		case KindRefNull:
			if v.Heap != nil {
				fmt.Fprintf(b, " %v", v.Heap.Abs)
			}
		case KindV128:
			fmt.Fprintf(b, " %d bits", v.LaneBits)
			summaryValues(b, v.Vector)
		case KindList, KindTuple, KindNone, KindSome, KindOK, KindErr, KindEither:
		default:
			fmt.Fprintf(b, " %#x", v.Bits)
		}
		if v.NaN != 0 {
			fmt.Fprintf(b, " nan pattern %d", v.NaN)
		}
		if v.Any {
			b.WriteString(" any")
		}
		summaryValues(b, v.Elems)
		b.WriteString(")")
	}
}

// The summaries of scripts match their expectations.
func TestScripts(t *testing.T) {
	golden.Corpus{
		Dir: "testdata/script", Exts: []string{".wast"}, Outputs: []string{".out", ".err"},
		Test: func(_ *testing.T, name string, input []byte) []string {
			s, err := ParseScript(diag.NewFile(name, input))
			if err != nil {
				return []string{"", err.Error() + "\n"}
			}
			return []string{summary(s.Directives), ""}
		},
	}.Run(t)
}

// Scripts test names with characters that Parse rejects because they show readers a different text.
// Both check comments.
func TestScriptNamesOfAllCharacters(t *testing.T) {
	const module = "(module (memory 0) (export \"\u202e\u2066\" (memory 0)))"
	s, err := ParseScript(diag.NewFile("names.wast", []byte(module+" (assert_return (invoke \"\u202d\"))")))
	if err != nil {
		t.Fatal(err)
	}
	u, err := s.Directives[0].(*Module).Source.Unit()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(u.Append(nil), []byte("\u202e\u2066")) {
		t.Errorf("the module lacks the name: %q", u.Append(nil))
	}
	if _, err := parse(module); err == nil || !strings.Contains(err.Error(), "likely-confusing") {
		t.Errorf("the text by itself: %v", err)
	}
	if _, err := ParseScript(diag.NewFile("comment.wast", []byte(";; \u202e\n(module)"))); err == nil {
		t.Error("a comment in a script is not checked")
	}
}

// A text with only annotations is a module without fields, but an empty text is an error.
func TestAnnotationsAlone(t *testing.T) {
	for src, want := range map[string]string{
		"(@a)":                 "",
		" (@a x (y) \"z\") ;;": "",
		"(@a)(@b)":             "",
		"":                     "expected at least one module field",
		";; (@a)":              "expected at least one module field",
		"(@a))":                "extra tokens remaining after parse",
		"(@a":                  "unclosed annotation",
	} {
		u, err := parse(src)
		switch {
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%q: %v, want %s", src, err, want)
		case want == "" && err != nil:
			t.Errorf("%q: %v", src, err)
		case want == "" && string(u.Append(nil)) != "\x00asm\x01\x00\x00\x00":
			t.Errorf("%q: %q", src, u.Append(nil))
		}
	}
}
