package wat

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
)

// firstDiff returns the first line in which two texts differ.
func firstDiff(got, want string) (line int, a, b string) {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := 0; i < len(g) || i < len(w); i++ {
		a, b = "", ""
		if i < len(g) {
			a = g[i]
		}
		if i < len(w) {
			b = w[i]
		}
		if a != b {
			return i + 1, a, b
		}
	}
	return 0, "", ""
}

// The output is that of wasm-tools.
func TestPrintAsReference(t *testing.T) {
	texts := allTexts(t)
	var queries []map[string]any
	for _, x := range texts {
		queries = append(queries, map[string]any{"text": x.src})
	}
	refs := jco(t, queries)
	expected := expectationsOf("print")
	equal, both, listed, total := 0, 0, 0, 0
	for i, x := range texts {
		if refs[i].Error != "" {
			continue
		}
		total++
		got, err := PrintBinary(nil, diag.NewFile(x.name, refs[i].Wasm), PrintOptions{})
		same := err == nil && refs[i].PrintError == "" && string(got) == refs[i].Print
		if !same && (err == nil || refs[i].PrintError == "") && expected.allow(x.name) {
			listed++
			continue
		}
		switch {
		case err != nil && refs[i].PrintError != "":
			both++
		case err != nil:
			t.Errorf("%s: %v, but the reference prints it", x.name, err)
		case refs[i].PrintError != "":
			t.Errorf("%s: no error, but the reference says %s", x.name, refs[i].PrintError)
		case string(got) != refs[i].Print:
			n, a, b := firstDiff(string(got), refs[i].Print)
			t.Errorf("%s: line %d:\n got %s\nwant %s", x.name, n, a, b)
		default:
			equal++
		}
	}
	expected.done(t)
	t.Logf("equal: %d, both refuse: %d, differ on purpose: %d, total: %d", equal, both, listed, total)
}

// Files that wasm-tools has printed print the same after parsing.
func TestPrintedFiles(t *testing.T) {
	equal := 0
	for _, path := range corpusFiles(t, ".wat") {
		dir := filepath.Base(filepath.Dir(path))
		if dir != "interfaces" && filepath.Base(path) != "component.wat" || strings.Contains(path, "multi-package") {
			continue // written by hand
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f := diag.NewFile(path, data)
		u, err := Parse(f)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		got, err := Print(nil, u.Component, PrintOptions{})
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if n, a, b := firstDiff(string(got), string(data)); n != 0 {
			t.Errorf("%s:%d:\n got %s\nwant %s", path, n, a, b)
			continue
		}
		equal++
	}
	t.Logf("equal: %d", equal)
}

// reprint prints a unit and parses it.
func reprint(t *testing.T, name string, u *Unit) (string, *Unit) {
	t.Helper()
	out, err := PrintBinary(nil, diag.NewBinary(name, u.Append(nil)), PrintOptions{})
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return "", nil
	}
	again, err := Parse(diag.NewFile(name+" (printed)", out))
	if err != nil {
		t.Errorf("%v", err)
		return "", nil
	}
	return string(out), again
}

// Printed texts can be parsed, and then print the same.
func TestPrintFixpoint(t *testing.T) {
	same, total := 0, 0
	for _, x := range allTexts(t) {
		u, err := Parse(diag.NewFile(x.name, []byte(x.src)))
		if err != nil || strings.HasPrefix(x.assertion, "assert_") || u.IsComponent && u.Component == nil {
			continue
		}
		first, again := reprint(t, x.name, u)
		if again == nil {
			continue
		}
		total++
		if bytes.Equal(u.Append(nil), again.Append(nil)) {
			same++
		}
		second, _ := reprint(t, x.name, again)
		if n, a, b := firstDiff(second, first); n != 0 {
			t.Errorf("%s: line %d:\nfirst  %s\nsecond %s", x.name, n, b, a)
		}
	}
	t.Logf("same bytes: %d, total: %d", same, total)
}
