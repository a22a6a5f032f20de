// Package conformance runs public test suites against the packages of the project. The suites are
// not part of the project. They are read from the folder that the environment variable CORPUS
// names, or from ../shared/corpus beside the repository. If the suites are missing, the tests are
// skipped, or fail if -require-conformance is given. The core specification's suite has a folder of
// its own, CORE_SUITE.
//
// Cases that do not pass yet are listed in testdata/expect, one file for each suite, with a case
// and a reason on each line. A case that is listed and passes is a failure: the lists only get
// shorter.
package conformance

import (
	"bufio"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var require = flag.Bool("require-conformance", false, "fail if the public test suites are missing")

// root is the folder of the repository, relative to this package.
const root = "../.."

// Folder returns the path of a folder of the suites, such as "wit-parser". If the folder does not
// exist, the test is skipped.
func Folder(tb testing.TB, suite string) string {
	tb.Helper()
	dir := os.Getenv("CORPUS")
	if dir == "" {
		dir = filepath.Join(root, "..", "shared", "corpus")
	}
	dir = filepath.Join(dir, filepath.FromSlash(suite))
	needFolder(tb, dir, "CORPUS")
	return dir
}

// CoreSuite returns the folder of the core specification's own suite, which is separate:
// CORE_SUITE, or ../shared/core-suite beside the repository. If the folder does not exist, the test
// is skipped.
func CoreSuite(tb testing.TB) string {
	tb.Helper()
	dir := os.Getenv("CORE_SUITE")
	if dir == "" {
		dir = filepath.Join(root, "..", "shared", "core-suite")
	}
	needFolder(tb, dir, "CORE_SUITE")
	return dir
}

func needFolder(tb testing.TB, dir, variable string) {
	tb.Helper()
	if _, err := os.Stat(dir); err != nil {
		if *require {
			tb.Fatalf("no public test data: %v (set %s)", err, variable)
		}
		tb.Skipf("SKIPPED, NOTHING IS CHECKED: no public test data at %s (set %s)", dir, variable)
	}
}

// A Suite counts the outcomes of the cases of a suite and compares them with the list of expected
// failures.
type Suite struct {
	name                 string
	expect               map[string]string
	seen                 map[string]bool
	passed, known, total int
	skipped              map[string]int
}

// NewSuite returns the suite with the list testdata/expect/NAME.txt. A missing file is an empty
// list.
func NewSuite(tb testing.TB, name string) *Suite {
	tb.Helper()
	s := &Suite{name: name, expect: map[string]string{}, seen: map[string]bool{}, skipped: map[string]int{}}
	f, err := os.Open(filepath.Join(root, "testdata", "expect", name+".txt"))
	if errors.Is(err, fs.ErrNotExist) {
		return s
	}
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		id, reason, _ := strings.Cut(line, " ")
		reason = strings.TrimSpace(reason)
		if reason == "" || s.expect[id] != "" {
			tb.Fatalf("%s: no reason, or listed twice: %s", f.Name(), line)
		}
		s.expect[id] = reason
	}
	if err := lines.Err(); err != nil {
		tb.Fatal(err)
	}
	return s
}

// Check records the outcome of a case: err is nil if the case passed. The id is the case's path in
// the suite, with `:line` for files that hold many cases.
func (s *Suite) Check(tb testing.TB, id string, err error) {
	tb.Helper()
	s.total++
	s.seen[id] = true
	reason, listed := s.expect[id]
	switch {
	case err == nil && !listed:
		s.passed++
	case err != nil && listed:
		s.known++
	case err == nil:
		s.passed++
		tb.Errorf("%s passes, but is listed as failing: %s\nremove it from testdata/expect/%s.txt", id, reason, s.name)
	default:
		tb.Errorf("%s: %v", id, err)
	}
}

// Skip records a case that is not run, with the reason.
func (s *Suite) Skip(reason string) {
	s.total++
	s.skipped[reason]++
}

// Done reports listed cases that do not exist, and logs the score.
func (s *Suite) Done(tb testing.TB) {
	tb.Helper()
	for id := range s.expect {
		if !s.seen[id] {
			tb.Errorf("testdata/expect/%s.txt lists %s, which does not exist", s.name, id)
		}
	}
	if len(s.skipped) == 0 {
		tb.Logf("%s: %d passed / %d expected to fail / %d total", s.name, s.passed, s.known, s.total)
		return
	}
	reasons := slices.Collect(maps.Keys(s.skipped))
	slices.SortFunc(reasons, func(a, b string) int {
		return cmp.Or(cmp.Compare(s.skipped[b], s.skipped[a]), cmp.Compare(a, b))
	})
	skipped := 0
	var b strings.Builder
	for _, r := range reasons {
		skipped += s.skipped[r]
		fmt.Fprintf(&b, "\n  %6d skipped: %s", s.skipped[r], r)
	}
	tb.Logf("%s: %d passed / %d expected to fail / %d skipped / %d total%s", s.name, s.passed, s.known, skipped, s.total, b.String())
}
