package syntax

import "strings"

// DocText returns the documentation of an item as text: the comments without their marks and without the indentation that all of them
// share, joined by newlines. It reports false if there is no comment.
func (f *File) DocText(d Docs) (string, bool) {
	if d.From >= d.To {
		return "", false
	}
	if d.To == d.From+1 {
		if s := f.comment(d.From); !strings.Contains(s, "\n") {
			n := 0
			for n < len(s) && isSpace(s[n]) {
				n++
			}
			return strings.TrimPrefix(s, strings.Repeat(" ", n)), true
		}
	}
	texts := make([]string, 0, d.To-d.From)
	indent := -1
	for i := d.From; i < d.To; i++ {
		s := f.comment(i)
		if s != "" {
			n := 0
			for n < len(s) && isSpace(s[n]) {
				n++
			}
			if indent < 0 || n < indent {
				indent = n
			}
		}
		texts = append(texts, s)
	}
	var b strings.Builder
	prefix := strings.Repeat(" ", max(indent, 0))
	for _, s := range texts {
		s = strings.TrimPrefix(s, prefix)
		if s == "" {
			b.WriteByte('\n')
		}
		for line := range strings.Lines(s) {
			b.WriteString(strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"))
			b.WriteByte('\n')
		}
	}
	return strings.TrimRight(b.String(), "\n"), true
}

// comment returns what a comment says, without the marks that make it one and without space at its end.
func (f *File) comment(i int32) string {
	r := f.Comments[i]
	s := f.text[r.Start:r.End]
	if rest, ok := strings.CutPrefix(s, "/**"); ok {
		rest, _ = strings.CutSuffix(rest, "*/")
		return strings.TrimRight(rest, " \t\r\n\v\f")
	}
	return strings.TrimRight(strings.TrimLeft(s, "/"), " \t\r\n\v\f")
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }
