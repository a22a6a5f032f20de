package conformance

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/wast"
	"github.com/mortise-wasm/mortise/model/feature"
)

// TestWast runs the scripts of the specification and of wasm-tools, with a suite for each folder.
func TestWast(t *testing.T) {
	for _, top := range []string{"component-model", "wasm-tools-wast"} {
		for _, f := range scriptFolders(t, Folder(t, top)) {
			name := strings.TrimSuffix(top+"-"+f.name, "-.")
			t.Run(name, func(t *testing.T) { runScripts(t, NewSuite(t, name), f.paths, wast.Options{}) })
		}
	}
}

// coreFeatures maps folders of the core specification's suite to features other than those of
// WebAssembly 3.0. Folders that build on an older version need later features off, because they
// assert that these are invalid.
var coreFeatures = map[string]string{
	"proposals-threads":           "-all,wasm1,mutable-global,sign-extension,saturating-float-to-int,multi-value,bulk-memory,threads",
	"proposals-custom-page-sizes": "-all,wasm3,custom-page-sizes",
	"proposals-wide-arithmetic":   "-all,wasm3,wide-arithmetic",
}

// coreSkips matches the reasons for which a case of the core specification's suite may be skipped.
// All are limits of the engine.
var coreSkips = regexp.MustCompile("^(the module needs .*, which the engine does not have" +
	"|the engine passes over element segments that do not fit" +
	"|it imports from `spectest`, which does not run)$")

// TestCoreSuite runs all scripts of the core specification. It takes a few seconds.
func TestCoreSuite(t *testing.T) {
	for _, f := range scriptFolders(t, CoreSuite(t)) {
		name := strings.TrimSuffix("core-suite-"+f.name, "-.")
		t.Run(name, func(t *testing.T) {
			set, err := feature.Parse(0, cmp.Or(coreFeatures[f.name], "wasm3"))
			if err != nil {
				t.Fatal(err)
			}
			s := NewSuite(t, name)
			runScripts(t, s, f.paths, wast.Options{Features: set})
			for reason := range s.skipped {
				if !coreSkips.MatchString(reason) {
					t.Errorf("cases are skipped for no reason of the engine's: %s", reason)
				}
			}
		})
	}
}

// scriptFolder is a folder with scripts. Its name is its path with dashes instead of slashes.
type scriptFolder struct {
	name  string
	paths []string
}

// scriptFolders returns the folders below root that have scripts.
func scriptFolders(t *testing.T, root string) []scriptFolder {
	t.Helper()
	var list []scriptFolder
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".wast" {
			return err
		}
		rel, err := filepath.Rel(root, filepath.Dir(path))
		name := strings.ReplaceAll(filepath.ToSlash(rel), "/", "-")
		i := slices.IndexFunc(list, func(f scriptFolder) bool { return f.name == name })
		if i < 0 {
			i = len(list)
			list = append(list, scriptFolder{name: name})
		}
		list[i].paths = append(list[i].paths, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// particulars match the parts of skip reasons that are specific to one case: names of functions and
// numbers of modules.
var particulars = []*regexp.Regexp{
	regexp.MustCompile("^call of `[^`]*`: ()"),
	regexp.MustCompile("(function) `[^`]*`"),
	regexp.MustCompile("(core module) [0-9]+"),
	regexp.MustCompile("(canonical built-in) `[^`]*`"),
}

// runScripts runs the scripts of a folder. Directives are skipped if they need features that the
// engine or the runner lacks.
func runScripts(t *testing.T, s *Suite, paths []string, o wast.Options) {
	t.Helper()
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		base := filepath.Base(path)
		err = wast.Run(t.Context(), diag.NewFile(base, data), o, func(r wast.Result) {
			if r.Outcome == wast.Skip {
				for _, p := range particulars {
					r.Message = p.ReplaceAllString(r.Message, "$1")
				}
				s.Skip(r.Message)
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
	s.Done(t)
}
