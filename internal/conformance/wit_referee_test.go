package conformance

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	referee "go.bytecodealliance.org/wit"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/wit"
)

// TestWITReferee gives the JSON view to another implementation, go.bytecodealliance.org/wit, and
// reads the WIT that it prints. The packages stay the same.
func TestWITReferee(t *testing.T) {
	s := NewSuite(t, "wit-referee")
	for _, dir := range []string{"wit-parser", "wit-component/interfaces", "wasi"} {
		for _, c := range refereeCases(t, dir) {
			m, list := loadWIT(c, wit.Options{AllFeatures: true, Decode: binaryWIT})
			if list.HasErrors() {
				continue // a folder of packages, or a case that is listed elsewhere
			}
			s.Check(t, dir+"/"+filepath.Base(c), refereed(m))
		}
	}
	s.Done(t)
}

// refereeCases returns the files and folders of a suite that may hold WIT.
func refereeCases(t *testing.T, dir string) []string {
	found, err := os.ReadDir(Folder(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range found {
		if path := filepath.Join(Folder(t, dir), e.Name()); e.IsDir() || strings.HasSuffix(path, ".wit") {
			out = append(out, path)
		}
	}
	return out
}

func refereed(m *wit.Model) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the referee panics: %v", r)
		}
	}()
	r, err := referee.DecodeJSON(bytes.NewReader(wit.AppendJSON(nil, m, wit.JSONOptions{})))
	if err != nil {
		return fmt.Errorf("the referee does not read the JSON: %w", err)
	}
	text := r.WIT(nil, "")
	again, list := wit.Parse(diag.NewFile("referee.wit", []byte(text)), wit.Options{AllFeatures: true})
	if list.HasErrors() {
		return fmt.Errorf("the text that the referee prints is not WIT: %w", list)
	}
	for _, p := range m.Packages {
		q := again.Package(p.Name)
		if q == nil {
			return fmt.Errorf("the referee does not print package %s", p.Name)
		}
		if err := differ(sortedFuncs(wit.Print(m, p, wit.PrintOptions{NoDocs: true})), sortedFuncs(wit.Print(again, q, wit.PrintOptions{NoDocs: true}))); err != nil {
			return fmt.Errorf("package %s: %w", p.Name, err)
		}
		if err := differ(words(wit.Print(m, p, wit.PrintOptions{})), words(wit.Print(again, q, wit.PrintOptions{}))); err != nil {
			return fmt.Errorf("documentation of package %s: %w", p.Name, err)
		}
	}
	return nil
}

// sortedFuncs sorts consecutive functions of a text by name, which is how the referee prints them.
func sortedFuncs(text string) string {
	var out, run []string
	flush := func() {
		slices.Sort(run)
		out = append(out, run...)
		run = nil
	}
	gate := ""
	for line := range strings.SplitSeq(text, "\n") {
		switch {
		case strings.HasPrefix(strings.TrimSpace(line), "@"):
			gate += " " + strings.TrimSpace(line)
		case strings.Contains(line, "func(") || strings.Contains(line, "constructor("):
			run = append(run, line+gate)
			gate = ""
		case line == "" && gate == "":
			// Functions with gates have empty lines between.
		default:
			flush()
			out = append(out, line+gate)
			gate = ""
		}
	}
	flush()
	return strings.Join(out, "\n")
}

// words returns the words of all documentation in alphabetical order, because the referee rewraps
// lines.
func words(text string) string {
	var all []string
	for line := range strings.SplitSeq(text, "\n") {
		if doc, ok := strings.CutPrefix(strings.TrimSpace(line), "///"); ok {
			all = append(all, strings.Fields(doc)...)
		}
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// TestWITRefereeLoads makes the referee load packages itself, with wasm-tools 1.230 in WebAssembly,
// and compares the result with what it reads from our JSON.
func TestWITRefereeLoads(t *testing.T) {
	s := NewSuite(t, "wit-referee-loads")
	cases := slices.Concat(refereeCases(t, "wasi"), refereeCases(t, "wit-parser"), refereeCases(t, "wit-component/interfaces"))
	for _, c := range cases {
		m, list := loadWIT(c, wit.Options{AllFeatures: true, Decode: binaryWIT})
		if list.HasErrors() {
			continue
		}
		id := filepath.Base(filepath.Dir(c)) + "/" + filepath.Base(c)
		s.Check(t, id, func() (err error) {
			defer func() {
				if r := recover(); r != nil {
					err = fmt.Errorf("the referee panics: %v", r)
				}
			}()
			want, err := referee.LoadWIT(c)
			if err != nil {
				return err
			}
			got, err := referee.DecodeJSON(bytes.NewReader(wit.AppendJSON(nil, m, wit.JSONOptions{})))
			if err != nil {
				return err
			}
			return differ(want.WIT(nil, ""), got.WIT(nil, ""))
		}())
	}
	s.Done(t)
}
