package diag

import (
	"fmt"
	"strings"
)

// A Code names a kind of diagnostic, as in "wit/unknown-type": the package that
// reports it, a slash, and words joined by hyphens. Codes are stable; messages may
// change.
type Code string

// A CodeInfo is a row of a package's table of codes. Each package that reports
// diagnostics has such a table, named Codes, in its codes.go.
type CodeInfo struct {
	Code Code
	// Doc describes the error and its remedy in one or more sentences.
	Doc string
	// Example is an input that yields the code. For a binary format it is text
	// that the package's tests turn into bytes.
	Example string
}

// Check returns an error if the code does not have the form of codes, or if the
// doc or the example is missing.
func (c CodeInfo) Check() error {
	pkg, words, ok := strings.Cut(string(c.Code), "/")
	if !ok || !isKebab(pkg) || !isKebab(words) {
		return fmt.Errorf("code `%s` does not have the form package/some-words", c.Code)
	}
	if c.Doc == "" {
		return fmt.Errorf("code `%s` has no doc", c.Code)
	}
	if c.Example == "" {
		return fmt.Errorf("code `%s` has no example", c.Code)
	}
	return nil
}

func isKebab(s string) bool {
	if s == "" || s[0] < 'a' || s[0] > 'z' || s[len(s)-1] == '-' || strings.Contains(s, "--") {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c != '-' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}
