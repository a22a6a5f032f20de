package arch

import (
	"fmt"
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
	imports, std := map[string]map[string]bool{}, map[string][]string{}
	goFiles(t, func(file string) {
		files++
		rel, err := filepath.Rel("../..", file)
		if err != nil {
			t.Fatal(err)
		}
		checkFile(t, l, filepath.ToSlash(rel), imports, std)
	})
	for _, s := range append(l.stale(imports), l.staleStd(std)...) {
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

// checkFile reports the imports of a file that the law does not allow, and its uses of the process
// and the clock. It adds the file's imports to those of its package, and its package to the users
// of the process and the clock.
func checkFile(t *testing.T, l *law, file string, imports map[string]map[string]bool, std map[string][]string) {
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
	f, err := parser.ParseFile(fset, file, src, parser.SkipObjectResolution)
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
		case imp == "unsafe" || imp == "C":
			why = "it is used nowhere"
		}
		if why != "" {
			t.Errorf("%s: %s imports %s: %s", fset.Position(spec.Pos()), pkg, imp, why)
		}
	}
	if test {
		return
	}
	for _, use := range stdUses(f) {
		std[use.kind] = append(std[use.kind], pkg)
		if why := l.allowsStd(pkg, use.kind); why != "" {
			t.Errorf("%s: %s uses %s: %s", fset.Position(use.pos), pkg, use.what, why)
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
	const modules = "```modules\ngithub.com/a/b  top\ngithub.com/c/d  tests\n```\n```std\nprocess  all tests\nclock  top\n```\n"
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
		pkg, kind string
		ok        bool
	}{
		{"mid", "process", false},
		{"all", "process", true},
		{"all/deep", "process", true},
		{"help", "process", true},
		{"help", "clock", false},
		{"all", "clock", false},
		{"top", "clock", true},
		{"top/internal/x", "clock", true},
	} {
		if why := l.allowsStd(test.pkg, test.kind); (why == "") != test.ok {
			t.Errorf("%s uses the %s: %q, want ok %v", test.pkg, test.kind, why, test.ok)
		}
	}
	stale = []string{"top <- clock: no file uses it, so it need not be allowed"}
	if diff := cmp.Diff(stale, l.staleStd(map[string][]string{"process": {"all/deep"}, "clock": {"help"}})); diff != "" {
		t.Errorf("stale rows for the standard library (-want +got):\n%s", diff)
	}
	for _, bad := range []string{
		"",
		"```imports\na <- b\nb\n```\n" + modules,
		"```imports\na <- a\n```\n" + modules,
		"```imports\na\na\n```\n" + modules,
		"```imports\na\n```\n",
		strings.Replace(page, "clock", "cloak", 1),
	} {
		if _, err := readLaw(bad); err == nil {
			t.Errorf("a law that allows cycles or says nothing passes: %q", bad)
		}
	}
}

// TestStdUses finds the uses of the process and the clock in a small file.
func TestStdUses(t *testing.T) {
	const src = `package p
import (
	"context"
	"os"
	clock "time"
)
type T struct{ Now func() clock.Time }
func f(ctx context.Context, d clock.Duration) {
	_ = T{Now: clock.Now}
	t := T{}
	t.Now()
	clock.Sleep(d)
	context.WithTimeout(ctx, d)
	os.Exit(int(clock.Second))
}`
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, use := range stdUses(f) {
		got = append(got, fmt.Sprintf("%d %s %s", fset.Position(use.pos).Line, use.kind, use.what))
	}
	want := []string{"4 process os", "9 clock time.Now", "12 clock time.Sleep", "13 clock context.WithTimeout"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("uses (-want +got):\n%s", diff)
	}
	f, err = parser.ParseFile(fset, "q.go", `package p; import . "time"; var now = Now()`, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	if list := stdUses(f); len(list) != 1 || list[0].kind != "clock" {
		t.Errorf("import . of package time: %v", list)
	}
}
