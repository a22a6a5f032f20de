package conformance

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/wast"
)

// TestWast runs the scripts of the specification and of wasm-tools: a suite for each folder.
func TestWast(t *testing.T) {
	for _, top := range []string{"component-model", "wasm-tools-wast"} {
		root := Folder(t, top)
		byDir := make(map[string][]string)
		var dirs []string
		err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".wast" {
				return err
			}
			dir := filepath.Dir(path)
			if byDir[dir] == nil {
				dirs = append(dirs, dir)
			}
			byDir[dir] = append(byDir[dir], path)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, dir := range dirs {
			rel, err := filepath.Rel(root, dir)
			if err != nil {
				t.Fatal(err)
			}
			name := strings.TrimSuffix(top+"-"+filepath.ToSlash(rel), "-.")
			t.Run(name, func(t *testing.T) { runScripts(t, name, byDir[dir]) })
		}
	}
}

// runScripts runs the scripts of a folder. What is skipped counts apart: it needs what the engine or the runner does not have.
func runScripts(t *testing.T, name string, paths []string) {
	s := NewSuite(t, name)
	skipped := 0
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		base := filepath.Base(path)
		err = wast.Run(t.Context(), diag.NewFile(base, data), wast.Options{}, func(r wast.Result) {
			if r.Outcome == wast.Skip {
				skipped++
				return
			}
			var err error
			if r.Outcome == wast.Fail {
				err = errors.New(r.Kind + ": " + r.Message)
			}
			s.Check(t, fmt.Sprintf("%s:%d", base, r.Line), err)
		})
		if err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	t.Logf("%s: %d skipped", name, skipped)
	s.Done(t)
}
