package diag

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A mark is a span to underline: the primary span or a label.
type mark struct {
	span    Span
	text    string
	primary bool
}

// A row is a source line, or some bytes of a binary, with the marks that start
// in it.
type row struct {
	key    int    // line number, or offset of the first byte
	number string // the number in the margin
	bytes  int    // the maximum number of bytes of a binary in the row
	marks  []mark
}

// snippets writes the places of d: for each file, the primary one first, a line with
// the position, and the rows with marks.
//
// The margin has the same width in all of them:
//
//	 --> timer.wit:7:18
//	  |
//	7 |   now: func() -> clok;
//	  |                  ^^^^ not found in this scope
func (p *printer) snippets(d *Diagnostic) {
	if !d.Primary.IsValid() {
		if len(d.ItemPath) > 0 {
			p.styled(styleFrame, " --> ")
			p.WriteString(p.wrap(oneLine(d.Path()), 5, 5) + "\n")
		}
		if len(d.Labels) == 0 {
			return
		}
	}
	var files []*File
	marks := map[*File][]mark{}
	add := func(m mark) {
		m.span = m.span.Shown()
		f := m.span.File
		if f == nil {
			return
		}
		if marks[f] == nil {
			files = append(files, f)
		}
		m.span = f.Span(m.span.Start, m.span.End)
		marks[f] = append(marks[f], m)
	}
	add(mark{d.Primary, oneLine(d.Caption), true})
	for _, l := range d.Labels {
		add(mark{l.Span, oneLine(l.Text), false})
	}

	rows := make([][]row, len(files))
	margin := 0
	for i, f := range files {
		rows[i] = rowsOf(f, marks[f], p.rowBytes())
		for _, r := range rows[i] {
			margin = max(margin, len(r.number))
		}
	}
	for i, f := range files {
		arrow, where := "--> ", marks[f][0].span.String()
		if i > 0 {
			arrow = "::: "
		}
		if i == 0 && d.Primary.IsValid() {
			// The reported offset, even if it is outside the file.
			where = d.Primary.String()
			if len(d.ItemPath) > 0 {
				where += " (" + d.Path() + ")"
			}
		}
		p.styled(styleFrame, strings.Repeat(" ", margin+1)+arrow)
		p.WriteString(p.wrap(oneLine(where), margin+5, margin+5) + "\n")
		if len(f.Data) == 0 {
			continue // there is no text to show
		}
		p.margin(margin, "", " |")
		p.WriteString("\n")
		p.rows(f, rows[i], margin, severityStyle(d.Severity))
	}
}

// margin writes the margin to the left of a row.
func (p *printer) margin(width int, number, bar string) {
	p.styled(styleFrame, fmt.Sprintf(" %*s%s", width, number, bar))
}

// rowsOf returns the rows of f in which marks start, in file order.
func rowsOf(f *File, marks []mark, bytesPerRow int) []row {
	var rows []row
	for _, m := range marks {
		r := row{bytes: bytesPerRow}
		if f.Binary {
			r.key = m.span.Start / bytesPerRow * bytesPerRow
			if m.span.Start == len(f.Data) && r.key == m.span.Start && r.key > 0 {
				r.key -= bytesPerRow // the end of the file is shown after the last byte
			}
			r.number = "0x" + strconv.FormatInt(int64(r.key), 16)
		} else {
			r.key = f.Position(m.span.Start).Line
			r.number = strconv.Itoa(r.key)
		}
		i := slices.IndexFunc(rows, func(x row) bool { return x.key == r.key })
		if i < 0 {
			i = len(rows)
			rows = append(rows, r)
		}
		rows[i].marks = append(rows[i].marks, m)
	}
	slices.SortStableFunc(rows, func(a, b row) int { return a.key - b.key })
	return rows
}

// rows writes rows and the marks below them. If there is a single line between two
// rows, it is shown too; more lines are replaced by an ellipsis.
func (p *printer) rows(f *File, rows []row, margin int, primary style) {
	step := 1
	if f.Binary {
		step = p.rowBytes()
	}
	for i, r := range rows {
		if i > 0 {
			switch gap := (r.key - rows[i-1].key) / step; {
			case gap == 2 && !f.Binary:
				line := r.key - 1
				p.source(newStrip(f, row{key: line, number: strconv.Itoa(line)}, p.lineWidth(margin)), margin)
			case gap > 1:
				p.margin(margin, "...", "")
				p.WriteString("\n")
			}
		}
		s := newStrip(f, r, p.lineWidth(margin))
		p.source(s, margin)
		p.marks(s.columns(r.marks), margin, primary)
	}
}

func (p *printer) source(s *strip, margin int) {
	p.margin(margin, s.number, " |")
	if text := strings.TrimRight(s.text(), " "); text != "" {
		p.WriteString(" " + text)
	}
	p.WriteString("\n")
}

// A placed is a mark with its columns in the displayed row, end exclusive.
type placed struct {
	mark
	start, end int
}

// marks underlines all marks of a row on one line, which also has the text of the
// rightmost mark. The other texts hang below, from right to left:
//
//	use a.{t, t};
//	       -  ^ defined twice
//	       |
//	       first defined here
func (p *printer) marks(marks []placed, margin int, primary style) {
	slices.SortStableFunc(marks, func(a, b placed) int { return a.start - b.start })
	styleOf := func(m placed) style {
		if m.primary {
			return primary
		}
		return styleFrame
	}

	width := 0
	for _, m := range marks {
		width = max(width, m.end)
	}
	owner := make([]int, width) // the mark, counted from 1, that is drawn in each column
	for _, wantPrimary := range []bool{false, true} {
		for i, m := range marks {
			if m.primary == wantPrimary {
				for c := m.start; c < m.end; c++ {
					owner[c] = i + 1
				}
			}
		}
	}
	p.margin(margin, "", " | ")
	for c := 0; c < width; {
		from, o := c, owner[c]
		for c < width && owner[c] == o {
			c++
		}
		switch {
		case o == 0:
			p.WriteString(strings.Repeat(" ", c-from))
		case marks[o-1].primary:
			p.styled(styleOf(marks[o-1]), strings.Repeat("^", c-from))
		default:
			p.styled(styleOf(marks[o-1]), strings.Repeat("-", c-from))
		}
	}
	// The rightmost text fits beside the underlines if nothing is drawn after its mark.
	hanging := marks
	if last := marks[len(marks)-1]; last.end == width {
		if at := margin + 4 + last.end + 1; p.fits(last.text, at) {
			if last.text != "" {
				p.styled(styleOf(last), " "+last.text)
			}
			hanging = marks[:len(marks)-1]
		}
	}
	p.WriteString("\n")

	hanging = slices.DeleteFunc(slices.Clone(hanging), func(m placed) bool { return m.text == "" })
	p.hanging(hanging, margin, styleOf)
}

// fits reports whether text that starts at a column fits the screen.
func (p *printer) fits(text string, column int) bool {
	return p.width == 0 || column+Columns(text) <= p.width
}

// hanging writes the texts that are not beside the underlines, each below the start of its mark, or
// as far to the left as needed to have room for words.
func (p *printer) hanging(marks []placed, margin int, styleOf func(placed) style) {
	bars := func(marks []placed) (column int) {
		p.margin(margin, "", " | ")
		for i, m := range marks {
			if i > 0 && m.start == marks[i-1].start {
				continue
			}
			p.WriteString(strings.Repeat(" ", m.start-column))
			p.styled(styleOf(m), "|")
			column = m.start + 1
		}
		return column
	}
	if len(marks) > 0 {
		bars(marks)
		p.WriteString("\n")
	}
	for n := len(marks) - 1; n >= 0; n-- {
		m := marks[n]
		left := slices.DeleteFunc(slices.Clone(marks[:n]), func(o placed) bool { return o.start == m.start })
		at, room := m.start, 0
		if p.width > 0 {
			line := p.lineWidth(margin)
			at = max(min(at, line-min(Columns(m.text), minCaption)), 0)
			room = line - at
		}
		if slices.ContainsFunc(left, func(o placed) bool { return o.start >= at }) {
			bars(left)
			p.WriteString("\n")
			left = nil
		}
		for line := range strings.SplitSeq(Wrap(m.text, 0, 0, room), "\n") {
			column := bars(left)
			p.WriteString(strings.Repeat(" ", at-column))
			p.styled(styleOf(m), line)
			p.WriteString("\n")
		}
	}
}
