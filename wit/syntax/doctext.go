package syntax

import "strings"

// DocText returns the text of an item's documentation: its comments without their markers and
// without their common indentation, joined by newlines. It reports false if the item has no
// comments.
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

// comment returns the text of comment i without its markers and without trailing white space.
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
