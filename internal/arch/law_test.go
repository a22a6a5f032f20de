package arch

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A row is a row of the import law.
type row struct {
	pkg         string // "encoding", or "internal/cli/..." for all packages below a folder
	imports     []string
	testSupport bool
	planned     bool // in [brackets]
}

// A law is the content of the tables in ARCHITECTURE.md.
type law struct {
	rows    []row
	modules map[string][]string // module path to folders, or "tests"
	std     map[string][]string // "process" or "clock" to folders
}

// testSupportHeading starts the comment above the rows of test support.
const testSupportHeading = "# test support"

// readLaw reads the blocks ```imports, ```modules and ```std of ARCHITECTURE.md.
func readLaw(page string) (*law, error) {
	l := &law{modules: map[string][]string{}, std: map[string][]string{}}
	block, testSupport := "", false
	for line := range strings.Lines(page) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "```"):
			block = strings.TrimPrefix(line, "```")
		case line == "" || block != "imports" && block != "modules" && block != "std":
		case strings.HasPrefix(line, "#"):
			testSupport = strings.HasPrefix(line, testSupportHeading)
		case block == "imports":
			pkg, imports, _ := strings.Cut(line, "<-")
			r := row{pkg: strings.TrimSpace(pkg), imports: strings.Fields(imports), testSupport: testSupport}
			if name, ok := strings.CutPrefix(r.pkg, "["); ok {
				r.pkg, r.planned = strings.TrimSuffix(name, "]"), true
			}
			if strings.Contains(r.pkg, " ") {
				return nil, fmt.Errorf("not a row: %s", line)
			}
			l.rows = append(l.rows, r)
		case block == "modules":
			words := strings.Fields(line)
			l.modules[words[0]] = words[1:]
		case block == "std":
			words := strings.Fields(line)
			l.std[words[0]] = words[1:]
		}
	}
	if len(l.rows) == 0 || len(l.modules) == 0 || len(l.std["process"]) == 0 || len(l.std["clock"]) == 0 {
		return nil, fmt.Errorf("the tables are missing")
	}
	return l, l.check()
}

// check reports imports that point sideways or up, to a row below. Without them the law allows no
// cycle.
func (l *law) check() error {
	seen := []string{}
	for i, r := range l.rows {
		if slices.ContainsFunc(l.rows[:i], func(o row) bool { return o.pkg == r.pkg }) {
			return fmt.Errorf("%s has two rows", r.pkg)
		}
		for _, imp := range r.imports {
			inside := strings.HasPrefix(imp, r.pkg+"/internal/")
			if imp != "*" && !inside && !slices.ContainsFunc(seen, func(p string) bool { return matches(imp, p) || p == imp }) {
				return fmt.Errorf("%s <- %s: there is no such row above it", r.pkg, imp)
			}
		}
		seen = append(seen, r.pkg)
	}
	return nil
}

// row returns the row for a package: the package's own row, or that of the nearest folder.
func (l *law) row(pkg string) (row, bool) {
	best := -1
	for i, r := range l.rows {
		if matches(r.pkg, pkg) && (best < 0 || len(r.pkg) > len(l.rows[best].pkg) || r.pkg == pkg) {
			best = i
			if r.pkg == pkg {
				break
			}
		}
	}
	if best < 0 {
		return row{}, false
	}
	return l.rows[best], true
}

// matches reports whether a pattern, which may end in "/...", matches pkg.
func matches(pattern, pkg string) bool {
	if folder, ok := strings.CutSuffix(pattern, "/..."); ok {
		return strings.HasPrefix(pkg, folder+"/")
	}
	return pattern == pkg
}

// allows returns the reason why pkg must not import another package of the module, or "" if it may.
func (l *law) allows(pkg, imp string) string {
	r, ok := l.row(pkg)
	if !ok {
		return "it has no row in ARCHITECTURE.md"
	}
	target, ok := l.row(imp)
	if !ok {
		return "the imported package has no row in ARCHITECTURE.md"
	}
	for _, p := range r.imports {
		if p == "*" && !target.testSupport || matches(p, imp) {
			return ""
		}
	}
	if target.testSupport {
		return "the imported package is for tests"
	}
	return "its row in ARCHITECTURE.md does not allow it"
}

// stale returns the packages in the rows that do not exist and the imports in the rows that no file
// needs. The argument lists the imports of each package's files, without tests.
func (l *law) stale(imports map[string]map[string]bool) []string {
	var out []string
	for _, r := range l.rows {
		exists := false
		used := map[string]bool{}
		for pkg, list := range imports {
			if own, ok := l.row(pkg); !ok || own.pkg != r.pkg {
				continue
			}
			exists = true
			for _, p := range r.imports {
				for imp := range list {
					used[p] = used[p] || matches(p, imp)
				}
			}
		}
		switch {
		case exists && r.planned:
			out = append(out, fmt.Sprintf("the row of %s says that it is planned, but it exists: take off the brackets", r.pkg))
		case !exists && !r.planned:
			out = append(out, fmt.Sprintf("there is no package %s: put its row in brackets if it is planned", r.pkg))
		case exists:
			for _, p := range r.imports {
				if p != "*" && !used[p] {
					out = append(out, fmt.Sprintf("%s <- %s: no file has this import, so it need not be allowed", r.pkg, p))
				}
			}
		}
	}
	return out
}

// allowsModule is like allows for a package of another module.
func (l *law) allowsModule(pkg string, test bool, imp string) string {
	for module, folders := range l.modules {
		if imp != module && !strings.HasPrefix(imp, module+"/") {
			continue
		}
		r, _ := l.row(pkg)
		if test || r.testSupport && slices.Contains(folders, "tests") || under(pkg, folders) {
			return ""
		}
		return "it may be imported in " + strings.Join(folders, ", ") + " only"
	}
	return "its module is not listed in ARCHITECTURE.md"
}

// under reports whether pkg is one of the folders, or below one.
func under(pkg string, folders []string) bool {
	return slices.ContainsFunc(folders, func(f string) bool { return pkg == f || strings.HasPrefix(pkg, f+"/") })
}

// processPackages are the packages of the standard library that access the process.
var processPackages = []string{"os", "os/exec", "os/signal", "flag", "log", "log/slog", "syscall", "net"}

// clockFuncs are the functions of the standard library that read the clock or wait for it.
var clockFuncs = map[string][]string{
	"time":    {"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "NewTimer", "NewTicker", "Tick"},
	"context": {"WithTimeout", "WithTimeoutCause", "WithDeadline", "WithDeadlineCause"},
}

// A stdUse is a use of what the law for the standard library restricts.
type stdUse struct {
	kind string // "process" or "clock"
	what string // "os" or "time.Now"
	pos  token.Pos
}

// stdUses returns the uses of the process and of the clock in a file. The bodies of functions must
// have been parsed.
func stdUses(f *ast.File) (list []stdUse) {
	clock := map[string]string{} // by the name that the file gives to a package
	for _, spec := range f.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		if slices.Contains(processPackages, path) {
			list = append(list, stdUse{"process", path, spec.Pos()})
		}
		if clockFuncs[path] == nil {
			continue
		}
		name := path
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if clock[name] = path; name == "." {
			list = append(list, stdUse{"clock", path, spec.Pos()})
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && slices.Contains(clockFuncs[clock[x.Name]], sel.Sel.Name) {
				list = append(list, stdUse{"clock", clock[x.Name] + "." + sel.Sel.Name, sel.Pos()})
			}
		}
		return true
	})
	return list
}

// allowsStd is like allows for a use of the process or of the clock outside of tests.
func (l *law) allowsStd(pkg, kind string) string {
	r, _ := l.row(pkg)
	switch {
	case r.testSupport && slices.Contains(l.std[kind], "tests") || under(pkg, l.std[kind]):
		return ""
	case kind == "clock":
		return "only " + strings.Join(l.std[kind], ", ") + " see the clock; libraries get one"
	default:
		return "libraries do not see the process"
	}
}

// staleStd returns the folders that may use the process or the clock and do not. The argument lists
// the packages that use each.
func (l *law) staleStd(users map[string][]string) (out []string) {
	for _, kind := range slices.Sorted(maps.Keys(l.std)) {
		for _, folder := range l.std[kind] {
			used := slices.ContainsFunc(users[kind], func(pkg string) bool { return under(pkg, []string{folder}) })
			if !used && folder != "tests" {
				out = append(out, fmt.Sprintf("%s <- %s: no file uses it, so it need not be allowed", folder, kind))
			}
		}
	}
	return out
}

func loadLaw(t *testing.T) *law {
	t.Helper()
	page, err := os.ReadFile("../../ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	l, err := readLaw(string(page))
	if err != nil {
		t.Fatalf("ARCHITECTURE.md: %v", err)
	}
	return l
}
