package arch

import (
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestImports reads all Go files of the module, for all platforms.
func TestImports(t *testing.T) {
	l := loadLaw(t)
	files := 0
	imports := map[string]map[string]bool{}
	goFiles(t, func(file string) {
		files++
		rel, err := filepath.Rel("../..", file)
		if err != nil {
			t.Fatal(err)
		}
		checkFile(t, l, filepath.ToSlash(rel), imports)
	})
	for _, s := range l.stale(imports) {
		t.Errorf("ARCHITECTURE.md: %s", s)
	}
	checkTree(t, imports)
	t.Logf("%d files, %d rows", files, len(l.rows))
	if files < 20 {
		t.Errorf("only %d Go files found: is this the root of the module?", files)
	}
}

// goFiles calls f with the path of each Go file of the module.
func goFiles(t *testing.T, f func(file string)) {
	t.Helper()
	err := filepath.WalkDir("../..", func(file string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && skipDir(file, e.Name()):
			return fs.SkipDir
		case !e.IsDir() && filepath.Ext(file) == ".go":
			f(file)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// skipDir reports whether a folder holds no packages of the module.
func skipDir(dir, name string) bool {
	if name == "testdata" || name == "node_modules" || strings.HasPrefix(name, "_") || strings.HasPrefix(name, ".") && name != ".." {
		return true
	}
	// A folder with a go.mod is a module of its own.
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil && filepath.Clean(dir) != filepath.Clean("../..")
}

const module = "github.com/mortise-wasm/mortise"

// checkFile reports the imports of a file that the law does not allow. It adds the file's imports
// to those of its package.
func checkFile(t *testing.T, l *law, file string, imports map[string]map[string]bool) {
	t.Helper()
	src, err := os.ReadFile(filepath.Join("../..", filepath.FromSlash(file)))
	if err != nil {
		t.Error(err)
		return
	}
	if isScript(string(src)) {
		return
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file, src, parser.ImportsOnly)
	if err != nil {
		t.Error(err)
		return
	}
	pkg, test := path.Dir(file), strings.HasSuffix(file, "_test.go")
	if _, ok := l.row(pkg); !ok {
		t.Errorf("%s: package %s has no row in ARCHITECTURE.md", file, pkg)
		return
	}
	if imports[pkg] == nil {
		imports[pkg] = map[string]bool{}
	}
	for _, spec := range f.Imports {
		imp, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Error(err)
			continue
		}
		why := ""
		first, _, _ := strings.Cut(imp, "/")
		switch inner, ok := strings.CutPrefix(imp, module+"/"); {
		case ok && !test:
			imports[pkg][inner] = true
			why = l.allows(pkg, inner)
		case ok, imp == module:
		case strings.Contains(first, "."):
			why = l.allowsModule(pkg, test, imp)
		default:
			why = l.allowsStd(pkg, test, imp)
		}
		if why != "" {
			t.Errorf("%s: %s imports %s: %s", fset.Position(spec.Pos()), pkg, imp, why)
		}
	}
}

// checkTree compares the tree in ARCHITECTURE.md with the packages that exist.
func checkTree(t *testing.T, packages map[string]map[string]bool) {
	t.Helper()
	page, err := os.ReadFile("../../ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	_, tree, _ := strings.Cut(string(page), "## The tree\n")
	tree, _, _ = strings.Cut(tree, "\n## ")
	listed := map[string]bool{}
	for line := range strings.Lines(tree) {
		if !strings.HasPrefix(line, "    ") || strings.HasPrefix(line, "     ") {
			continue
		}
		// Paths come first on a line, separated by two spaces. Their description follows.
		for word := range strings.SplitSeq(strings.TrimSpace(line), "  ") {
			dir, planned := strings.CutPrefix(strings.TrimSpace(word), "[")
			dir = strings.TrimSuffix(dir, "]")
			if dir == "" || strings.Contains(dir, " ") {
				break
			}
			listed[dir] = true
			switch exists := packages[dir] != nil; {
			case planned && exists:
				t.Errorf("ARCHITECTURE.md calls %s planned, but it exists: take off the brackets", dir)
			case !planned && !exists:
				t.Errorf("ARCHITECTURE.md lists %s, which does not exist: put it in brackets if it is planned", dir)
			}
		}
	}
	for pkg := range packages {
		if !listed[pkg] {
			t.Errorf("the tree in ARCHITECTURE.md lacks %s", pkg)
		}
	}
}

// isScript reports whether a file is excluded from every build, like a program that go generate
// runs.
func isScript(src string) bool {
	for line := range strings.Lines(src) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "package ") {
			return false
		}
		if x, err := constraint.Parse(line); err == nil {
			return !x.Eval(func(tag string) bool { return tag != "ignore" })
		}
	}
	return false
}

// TestLaw tests the law on small pages.
func TestLaw(t *testing.T) {
	const modules = "```modules\ngithub.com/a/b  top\ngithub.com/c/d  tests\n```\n"
	const page = "```imports\n# floor 0\nlow\nmid <- low\ntop <- mid low top/internal/...\ntop/internal/x <- mid\n[later] <- low\n[never] <- low\ngone <- low\nall <- *\nall/... <- *\n# test support\nhelp <- low\n```\n" + modules
	l, err := readLaw(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		pkg, imp string
		ok       bool
	}{
		{"mid", "low", true},
		{"low", "mid", false},
		{"mid", "top", false},
		{"top", "top/internal/x", true},
		{"top/internal/x", "mid", true},
		{"top/internal/x", "low", false},
		{"all", "top", true},
		{"all/deep/er", "top", true},
		{"all", "help", false},
		{"help", "low", true},
		{"none", "low", false},
		{"all", "none", false},
	} {
		if why := l.allows(test.pkg, test.imp); (why == "") != test.ok {
			t.Errorf("%s <- %s: %q, want ok %v", test.pkg, test.imp, why, test.ok)
		}
	}
	imports := map[string]map[string]bool{
		"low": {}, "mid": {"low": true}, "top": {"low": true, "top/internal/x": true}, "top/internal/x": {"mid": true}, "all": {},
		"all/deep": {}, "help": {}, "later": {},
	}
	stale := []string{
		"top <- mid: no file has this import, so it need not be allowed",
		"the row of later says that it is planned, but it exists: take off the brackets",
		"there is no package gone: put its row in brackets if it is planned",
		"help <- low: no file has this import, so it need not be allowed",
	}
	if diff := cmp.Diff(stale, l.stale(imports)); diff != "" {
		t.Errorf("stale rows (-want +got):\n%s", diff)
	}
	for _, test := range []struct {
		pkg, imp string
		test, ok bool
	}{
		{"top", "github.com/a/b", false, true},
		{"top/internal/x", "github.com/a/b/c", false, true},
		{"mid", "github.com/a/b", false, false},
		{"mid", "github.com/a/bc", false, false},
		{"mid", "github.com/a/b", true, true},
		{"mid", "github.com/c/d", false, false},
		{"mid", "github.com/c/d", true, true},
		{"help", "github.com/c/d", false, true},
		{"mid", "github.com/x/y", true, false},
	} {
		if why := l.allowsModule(test.pkg, test.test, test.imp); (why == "") != test.ok {
			t.Errorf("%s <- %s (test %v): %q, want ok %v", test.pkg, test.imp, test.test, why, test.ok)
		}
	}
	for _, test := range []struct {
		pkg, imp string
		test, ok bool
	}{
		{"mid", "os", false, false},
		{"mid", "syscall", false, false},
		{"mid", "os", true, true},
		{"internal/cli/x", "os", false, true},
		{"help", "os", false, true},
		{"mid", "unsafe", true, false},
		{"mid", "io", false, true},
	} {
		if why := l.allowsStd(test.pkg, test.test, test.imp); (why == "") != test.ok {
			t.Errorf("%s <- %s (test %v): %q, want ok %v", test.pkg, test.imp, test.test, why, test.ok)
		}
	}
	for _, bad := range []string{
		"",
		"```imports\na <- b\nb\n```\n" + modules,
		"```imports\na <- a\n```\n" + modules,
		"```imports\na\na\n```\n" + modules,
		"```imports\na\n```\n",
	} {
		if _, err := readLaw(bad); err == nil {
			t.Errorf("a law that allows cycles or says nothing passes: %q", bad)
		}
	}
}
