package arch

import (
	"bufio"
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

// maxComment is the width at which comments wrap. A tab counts as one column.
const maxComment = 100

// TestCommentsWrap looks at the comments that have a line of their own. A single word that is too
// long, such as the address of a page, may stand on a line by itself.
func TestCommentsWrap(t *testing.T) {
	goFiles(t, func(file string) {
		if err := checkComments(t, file); err != nil {
			t.Error(err)
		}
	})
}

func checkComments(t *testing.T, file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		text, ok := strings.CutPrefix(strings.TrimLeft(lines.Text(), "\t"), "// ")
		if ok && strings.Contains(text, " ") && utf8.RuneCountInString(lines.Text()) > maxComment {
			t.Errorf("%s:%d: the comment is wider than %d columns", file, n, maxComment)
		}
	}
	return lines.Err()
}
