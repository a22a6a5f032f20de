package clitest

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/golden"
)

// shownCode matches the start of a diagnostic in text format, with its code.
var shownCode = regexp.MustCompile(`(?m)^(?:error|warning|note)\[([a-z/-]+)\]`)

// Codes checks a table of codes. The examples are command lines, one on each line, which run in a
// folder with the files of testdata/examples and testdata/codes.
func Codes(t *testing.T, c Command, codes []diag.CodeInfo) {
	t.Helper()
	dir := t.TempDir()
	for _, from := range []string{"testdata/examples", "testdata/codes"} {
		if _, err := os.Stat(from); err != nil {
			continue
		}
		if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	golden.Codes(t, codes, func(example string) error {
		var list diag.List
		for line := range strings.Lines(example) {
			words, err := shellWords(strings.TrimSpace(line))
			if err != nil {
				return err
			}
			var args []string
			for _, w := range words[1:] {
				if w.op != "" {
					return fmt.Errorf("an example of a code cannot have `%s`", w.op)
				}
				args = append(args, w.text)
			}
			_, _, stderr := Run(t, c, args...)
			for _, m := range shownCode.FindAllStringSubmatch(stderr, -1) {
				list.Errorf(diag.Span{}, diag.Code(m[1]), "%s", stderr)
			}
		}
		return list.Err()
	})
}
