// Package golden compares test outputs with expectations in files beside the inputs. It is for
// tests only.
//
// A corpus is a directory of input files. The output of the code under test for timer.wit is in
// timer.wit.out, or in files with whatever other suffixes the corpus has. If an output file is
// missing, the output is expected to be empty. Outputs are compared whole. To rewrite the
// expectations of a package, run
//
//	go test ./wit/syntax -update
//
// and read the difference before committing it.
package golden

import (
	"bytes"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the expectations in golden files")

// Update reports whether the test run rewrites expectations instead of
// comparing with them.
func Update() bool { return *update }

// A Corpus is a directory of inputs with expectations beside them.
type Corpus struct {
	Dir     string   // relative to the package under test, "testdata/parse"
	Exts    []string // extensions of input files, ".wit"
	Outputs []string // suffixes appended to an input's name, ".out", ".err"

	// Test returns the outputs for one input, one for each element of Outputs. The name is the input's
	// path below Dir, with slashes.
	Test func(t *testing.T, name string, input []byte) []string
}

// Run runs a subtest for each input file in Dir and its subdirectories. It fails if Dir has no
// input file, or if an output file has no input.
func (c Corpus) Run(t *testing.T) {
	t.Helper()
	inputs := 0
	err := filepath.WalkDir(c.Dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if in := c.inputOf(path); in != "" {
			if _, err := os.Stat(in); err != nil {
				t.Errorf("%s has no input %s", path, in)
			}
			return nil
		}
		if !slices.Contains(c.Exts, filepath.Ext(path)) {
			return nil
		}
		inputs++
		rel, err := filepath.Rel(c.Dir, path)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		t.Run(name, func(t *testing.T) { c.runFile(t, path, name) })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if inputs == 0 {
		t.Fatalf("no inputs %v in %s", c.Exts, c.Dir)
	}
}

// inputOf returns the input that an output file belongs to, or "" for other files.
func (c Corpus) inputOf(path string) string {
	for _, out := range c.Outputs {
		if in, ok := strings.CutSuffix(path, out); ok && slices.Contains(c.Exts, filepath.Ext(in)) {
			return in
		}
	}
	return ""
}

func (c Corpus) runFile(t *testing.T, path, name string) {
	input, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	outputs := c.Test(t, name, input)
	if len(outputs) != len(c.Outputs) {
		t.Fatalf("Test returned %d outputs for the %d of the corpus", len(outputs), len(c.Outputs))
	}
	for i, got := range outputs {
		File(t, path+c.Outputs[i], got)
	}
}

// File compares got with the contents of a file. A missing file counts as empty. In an update run,
// File writes the file instead, or removes it if got is empty.
func File(t testing.TB, path, got string) {
	t.Helper()
	want, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	// A checkout may have converted line endings. No output of this project has CR LF.
	want = bytes.ReplaceAll(want, []byte("\r\n"), []byte("\n"))
	if got == string(want) {
		return
	}
	if !Update() {
		t.Errorf("%s differs (-want +got), run with -update if it should:\n%s\ngot:\n%s", path, cmp.Diff(string(want), got), got)
		return
	}
	if got == "" {
		err = os.Remove(path)
	} else {
		if err = os.MkdirAll(filepath.Dir(path), 0o777); err == nil {
			err = os.WriteFile(path, []byte(got), 0o666)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}
