package conformance

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// loadWIT reads a case of a suite: a file or a folder.
func loadWIT(path string, opts wit.Options) (*wit.Model, diag.List) {
	return wit.Load(os.DirFS(filepath.Dir(path)), filepath.Base(path), opts)
}

// witCases returns the paths in dir that have a counterpart with the suffix partner.
func witCases(tb testing.TB, dir, partner string) []string {
	tb.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "*"+partner))
	if err != nil || len(found) == 0 {
		tb.Fatalf("no cases in %s: %v", dir, err)
	}
	var out []string
	for _, f := range found {
		base := strings.TrimSuffix(f, partner)
		for _, c := range []string{base + ".wit", base + ".wat", base} {
			if _, err := os.Stat(c); err == nil {
				out = append(out, c)
				break
			}
		}
	}
	return out
}

// TestWITJSON compares the JSON view with that of wit-parser 0.257.
func TestWITJSON(t *testing.T) {
	dir := Folder(t, "wit-parser")
	s := NewSuite(t, "wit-json")
	for _, c := range witCases(t, dir, ".wit.json") {
		id := filepath.Base(c)
		want, err := os.ReadFile(strings.TrimSuffix(strings.TrimSuffix(c, ".wit"), ".wat") + ".wit.json")
		if err != nil {
			t.Fatal(err)
		}
		s.Check(t, id, func() error {
			m, list := loadWIT(c, wit.Options{Features: []string{"active"}, Decode: binaryWIT})
			if list.HasErrors() {
				return list
			}
			got := string(wit.AppendJSON(nil, m, wit.JSONOptions{}))
			return differ(strings.TrimSpace(string(want)), got)
		}())
	}
	s.Done(t)
}

func differ(want, got string) error {
	if d := cmp.Diff(strings.Split(strings.ReplaceAll(want, "\r\n", "\n"), "\n"), strings.Split(got, "\n")); d != "" {
		return fmt.Errorf("(-want +got)\n%s", d)
	}
	return nil
}

var (
	resultPlace = regexp.MustCompile(`(?m)^ *--> .*?:(\d+:\d+)$`)
	longLine    = regexp.MustCompile(`^\S+?:(\d+:\d+): (.*)$`)
	context     = regexp.MustCompile(`^(failed to [^:\[]*(\[[^\]]*\])?: ([^ :]+: )?)+`)
)

// TestWITErrors compares the first error with that of wit-parser 0.257: its first line, and its
// line and column.
func TestWITErrors(t *testing.T) {
	dir := Folder(t, "wit-parser/parse-fail")
	s := NewSuite(t, "wit-errors")
	results, err := filepath.Glob(filepath.Join(dir, "*.wit.result"))
	if err != nil || len(results) == 0 {
		t.Fatal("no cases", err)
	}
	for _, r := range results {
		c := strings.TrimSuffix(r, ".result")
		if _, err := os.Stat(c); err != nil {
			if c = strings.TrimSuffix(c, ".wit"); !exists(c) {
				continue // a result without a case
			}
		}
		data, err := os.ReadFile(r)
		if err != nil {
			t.Fatal(err)
		}
		s.Check(t, filepath.Base(c), checkWITError(c, string(data)))
	}
	s.Done(t)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func checkWITError(path, result string) error {
	headline, _, _ := strings.Cut(result, "\n")
	headline = context.ReplaceAllString(headline, "")
	place := ""
	if m := longLine.FindStringSubmatch(headline); m != nil {
		place, headline = m[1], m[2]
	} else if m := resultPlace.FindStringSubmatch(result); m != nil {
		place = m[1]
	}
	m, list := loadWIT(path, wit.Options{Features: []string{"active"}, Decode: binaryWIT})
	if !list.HasErrors() {
		return errors.New("accepted")
	}
	if m != nil {
		return errors.New("there is a model in spite of errors")
	}
	first := list[0]
	if !strings.HasPrefix(first.Message, headline) {
		return fmt.Errorf("want: %s\ngot:  %v", headline, list)
	}
	if place == "" {
		return nil
	}
	p := first.Primary.File.Position(first.Primary.Start)
	if got := fmt.Sprintf("%d:%d", p.Line, p.Column); got != place {
		return fmt.Errorf("%s\nwant at %s, got %v", headline, place, list)
	}
	if len(list) > 2 {
		return fmt.Errorf("%d errors for one mistake:\n%v", len(list), list)
	}
	return nil
}

// witEntries lists the packages in a folder: its subfolders and its WIT files.
func witEntries(t *testing.T, dir string) []fs.DirEntry {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return !e.IsDir() && !strings.HasSuffix(e.Name(), ".wit") })
}

// TestWITPrint compares printed packages with those of wit-component 0.257, and reads them back.
func TestWITPrint(t *testing.T) {
	dir := Folder(t, "wit-component/interfaces")
	s := NewSuite(t, "wit-print")
	for _, e := range witEntries(t, dir) {
		c := filepath.Join(dir, e.Name())
		s.Check(t, e.Name(), func() error {
			m, list := loadWIT(c, wit.Options{})
			if list.HasErrors() {
				return list
			}
			expect := c + ".print"
			if e.IsDir() {
				expect = filepath.Join(c, m.Main.Name.Name+".wit.print")
			}
			want, err := os.ReadFile(expect)
			if err != nil {
				return err
			}
			got := wit.Print(m, m.Main, wit.PrintOptions{})
			if err := differ(string(want), got); err != nil {
				return err
			}
			if _, list := syntax.Parse(diag.NewFile("printed.wit", []byte(got)), syntax.Options{}); list.HasErrors() {
				return list
			}
			return nil
		}())
	}
	s.Done(t)
}

// TestWITMerge merges packages as wit-parser 0.257 does.
func TestWITMerge(t *testing.T) {
	dir := Folder(t, "wit-component/merge")
	s := NewSuite(t, "wit-merge")
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() {
			s.Check(t, e.Name(), checkMerge(filepath.Join(dir, e.Name())))
		}
	}
	s.Done(t)
}

func checkMerge(dir string) error {
	from, list := loadWIT(filepath.Join(dir, "from"), wit.Options{})
	if list.HasErrors() {
		return list
	}
	into, list := loadWIT(filepath.Join(dir, "into"), wit.Options{})
	if list.HasErrors() {
		return list
	}
	before := string(wit.AppendJSON(nil, into, wit.JSONOptions{}))
	m, err := wit.Merge(into, from)
	if after := string(wit.AppendJSON(nil, into, wit.JSONOptions{})); after != before {
		return errors.New("merging changed a model")
	}
	if want, readErr := os.ReadFile(filepath.Join(dir, "error.txt")); readErr == nil {
		if err == nil {
			return errors.New("merged, but should not")
		}
		return differ(string(want), err.Error())
	}
	if err != nil {
		return err
	}
	for _, p := range m.Packages {
		want, err := os.ReadFile(filepath.Join(dir, "merge", p.Name.Name+".wit"))
		if err != nil {
			return err
		}
		if err := differ(string(want), wit.Print(m, p, wit.PrintOptions{})); err != nil {
			return fmt.Errorf("%s %w", p.Name, err)
		}
	}
	if _, err := wit.Merge(from, into); err != nil {
		return fmt.Errorf("the other way round: %w", err)
	}
	return nil
}

// TestWITFormat formats every file of the packages. Their meaning stays the same.
func TestWITFormat(t *testing.T) {
	dir := Folder(t, "wit-parser")
	s := NewSuite(t, "wit-format")
	for _, c := range append(witCases(t, dir, ".wit.json"), witCases(t, Folder(t, "wasi"), "")...) {
		if filepath.Ext(c) == ".wat" {
			continue
		}
		opts := wit.Options{AllFeatures: true, Decode: binaryWIT}
		before, list := loadWIT(c, opts)
		if list.HasErrors() {
			continue
		}
		s.Check(t, filepath.Base(c), func() error {
			fsys, err := formatted(c)
			if err != nil {
				return err
			}
			after, list := wit.Load(fsys, filepath.Base(c), opts)
			if list.HasErrors() {
				return list
			}
			return differ(string(wit.AppendJSON(nil, before, wit.JSONOptions{})), string(wit.AppendJSON(nil, after, wit.JSONOptions{})))
		}())
	}
	s.Done(t)
}

// formatted returns the files of a package, formatted.
func formatted(path string) (fs.FS, error) {
	out := fstest.MapFS{}
	base := filepath.Dir(path)
	err := filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(p) != ".wit" {
			return err
		}
		data, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		text, list := syntax.Format(diag.NewFile(p, data), syntax.Options{})
		rel, err := filepath.Rel(base, p)
		if err == nil {
			err = list.Err()
		}
		out[filepath.ToSlash(rel)] = &fstest.MapFile{Data: text}
		return err
	})
	return out, err
}
