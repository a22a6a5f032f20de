package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestFixturesAreRead wants each folder testdata to be checked for files that no test reads: by
// the function TestMain of its package, or, if its package has no tests, by that of another. What
// TestMain leaves out must be named in a test. The files beside a package of test support must be
// named there.
func TestFixturesAreRead(t *testing.T) {
	checked := map[string]bool{} // folders
	goFiles(t, func(file string) {
		if strings.HasSuffix(file, "_test.go") {
			for _, dir := range checkedFolders(t, file) {
				checked[filepath.Join(filepath.Dir(file), dir)] = true
			}
		}
	})
	n := 0
	err := filepath.WalkDir("../..", func(dir string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && e.Name() == "testdata":
			if n++; !checked[dir] {
				checkNamed(t, dir)
			}
			return fs.SkipDir
		case e.IsDir() && skipDir(dir, e.Name()):
			return fs.SkipDir
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n < 10 {
		t.Errorf("only %d folders found", n)
	}
}

// checkedFolders returns the folders that the function TestMain in a file checks.
func checkedFolders(t *testing.T, file string) (dirs []string) {
	ast.Inspect(parse(t, file), func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		var args []string
		for _, a := range call.Args {
			if s, ok := literal(a); ok {
				args = append(args, s)
			}
		}
		switch calledName(call) {
		case "clitest.Main":
			dirs = append(dirs, "testdata")
		case "fixtures.CheckDir":
			dirs = append(dirs, args[0])
			checkOutside(t, file, args[1:])
		case "fixtures.Check":
			dirs = append(dirs, "testdata")
			checkOutside(t, file, args)
		}
		return true
	})
	return dirs
}

// calledName returns the name of a called function of a package, such as "fixtures.Check".
func calledName(call *ast.CallExpr) string {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	x, ok := sel.X.(*ast.Ident)
	if !ok {
		return ""
	}
	return x.Name + "." + sel.Sel.Name
}

// checkOutside reports files that TestMain leaves out and that no test beside it names.
func checkOutside(t *testing.T, main string, outside []string) {
	tests, err := filepath.Glob(filepath.Join(filepath.Dir(main), "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, file := range tests {
		if file != main {
			words = append(words, literals(t, file)...)
		}
	}
	for _, o := range outside {
		if !named(words, o) {
			t.Errorf("%s leaves out %s, which no test names", main, o)
		}
	}
}

// named reports whether one of the words names a file: it is the file, its path or the path's end,
// or the file's name without its extension.
func named(words []string, file string) bool {
	base := filepath.Base(file)
	stem := strings.TrimSuffix(base, filepath.Ext(base))
	for _, w := range words {
		if w == stem || w == base || strings.HasSuffix(w, "/"+base) {
			return true
		}
	}
	return false
}

// checkNamed reports the files in a folder that the package beside it does not name.
func checkNamed(t *testing.T, dir string) {
	sources, err := filepath.Glob(filepath.Join(filepath.Dir(dir), "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	tests := false
	var words []string
	for _, file := range sources {
		tests = tests || strings.HasSuffix(file, "_test.go")
		words = append(words, literals(t, file)...)
	}
	if tests || len(sources) == 0 {
		t.Errorf("%s is not checked for files that no test reads: call fixtures.Check in TestMain", dir)
		return
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !named(words, f.Name()) {
			t.Errorf("%s: the package beside it does not name %s", dir, f.Name())
		}
	}
}

func parse(t *testing.T, file string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// literals returns the strings that a file has as literals.
func literals(t *testing.T, file string) (list []string) {
	ast.Inspect(parse(t, file), func(n ast.Node) bool {
		if e, ok := n.(ast.Expr); ok {
			if s, ok := literal(e); ok {
				list = append(list, s)
			}
		}
		return true
	})
	return list
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}
