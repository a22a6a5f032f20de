package arch

import (
	"fmt"
	"os"
	"slices"
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
}

// testSupportHeading starts the comment above the rows of test support.
const testSupportHeading = "# test support"

// readLaw reads the blocks ```imports and ```modules of ARCHITECTURE.md.
func readLaw(page string) (*law, error) {
	l := &law{modules: map[string][]string{}}
	block, testSupport := "", false
	for line := range strings.Lines(page) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "```"):
			block = strings.TrimPrefix(line, "```")
		case line == "" || block != "imports" && block != "modules":
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
		}
	}
	if len(l.rows) == 0 || len(l.modules) == 0 {
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

// processPackages are the packages of the standard library that access the process, and
// processUsers are the folders that may use them, besides test support.
var (
	processPackages = []string{"os", "os/exec", "os/signal", "flag", "log", "log/slog", "syscall", "net"}
	processUsers    = []string{"cmd", "examples", "internal/cli", "internal/conformance", "runner/internal/codecache", "wasi/internal/sysfs"}
)

func (l *law) allowsStd(pkg string, test bool, imp string) string {
	if imp == "unsafe" || imp == "C" {
		return "it is used nowhere"
	}
	r, _ := l.row(pkg)
	if !test && !r.testSupport && slices.Contains(processPackages, imp) && !under(pkg, processUsers) {
		return "libraries do not see the process"
	}
	return ""
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
