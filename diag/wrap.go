package diag

import (
	"strings"
	"unicode/utf8"
)

// Columns returns the number of columns that a line takes on a terminal. Control characters count
// as their text from [Escape].
func Columns(line string) int {
	if isPlain(line) {
		return len(line)
	}
	n := 0
	for len(line) > 0 {
		r, size := utf8.DecodeRuneInString(line)
		_, w := glyph(r, line[:size])
		n += w
		line = line[size:]
	}
	return n
}

// Cut cuts a line to at most width columns. A line that fits is returned unchanged. Any other line
// ends with an ellipsis, which is always kept.
func Cut(line string, width int) string {
	if Columns(line) <= width {
		return line
	}
	used := 0
	for i := 0; i < len(line); {
		r, size := utf8.DecodeRuneInString(line[i:])
		_, w := glyph(r, line[i:i+size])
		if used+w > width-1 {
			return line[:i] + ellipsis
		}
		used += w
		i += size
	}
	return line
}

// Wrap breaks text at blanks into lines of at most width columns. The first line starts after used
// columns; the others start with indent blanks, which Wrap writes. Words that are longer than a
// line are not broken, and lines that start with blanks, such as code, are kept unchanged. If width
// is zero, no line is broken.
func Wrap(text string, used, indent, width int) string {
	var b strings.Builder
	margin := "\n" + strings.Repeat(" ", indent)
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			b.WriteString(margin)
			used = indent
		}
		if width <= 0 || strings.HasPrefix(line, " ") || used+Columns(line) <= width {
			b.WriteString(line)
			continue
		}
		start := true
		for word := range strings.SplitSeq(line, " ") {
			n := Columns(word)
			blank := 1
			if start {
				blank, start = 0, false
			}
			if used+blank+n > width && used > indent {
				b.WriteString(margin)
				used, blank = indent, 0
			}
			b.WriteString(strings.Repeat(" ", blank) + word)
			used += blank + n
		}
	}
	return b.String()
}
