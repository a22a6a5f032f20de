package syntax

import (
	"bytes"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
)

// role describes to the formatter how a token affects the layout. The parser sets it.
type role uint8

const (
	roleLine      role = 1 << iota // starts a line
	roleTop                        // starts an item at the top of a file or nested package
	roleOpen                       // opens a block with one element per line
	roleClose                      // closes the block; with roleElem, a comma belongs before it
	roleSoftOpen                   // opens a list that stays on one line if it fits
	roleSoftClose                  // closes that list
	roleElem                       // starts an element of such a list
	roleGlue                       // has no space before it
)

// maxLine is the line length in bytes beyond which each parameter, or each name of a use, gets its
// own line.
const maxLine = 100

// indentBy is one step of indentation.
const indentBy = "  "

// Format returns the text of src in the style of docs/wit-style.md. It changes only white space and
// trailing commas, and keeps every comment. Formatting the result again changes nothing. If the
// text cannot be parsed, Format returns nil bytes and the list has the errors.
func Format(src *diag.File, opts Options) ([]byte, diag.List) {
	p := NewParser(src, 0, opts)
	p.file()
	if p.diags.HasErrors() {
		return nil, p.diags
	}
	f := &formatter{p: p, text: p.lex.text}
	f.file()
	return f.out.Bytes(), p.diags
}

// formatter writes the tokens of a file in order. The white space between two tokens depends on
// their roles and kinds and on the comments and blank lines between them in the source.
type formatter struct {
	p    *Parser
	text string
	out  bytes.Buffer
	// depth is the indentation in steps. col is the length of the current line so far, or 0 at the
	// start of a line.
	depth, col int
	// blank asks for an empty line before the next one.
	blank bool
	// broken records, for each open soft list, whether each of its elements has its own line.
	broken []bool
	// comment is the next comment to write.
	comment int32
	// last is the source offset of the end of the last token or comment written.
	last int32
	// mustBreak is set after a comment that extends to the end of its line.
	mustBreak bool
	// opened is set directly after the brace that opens a block.
	opened bool
}

func (f *formatter) file() {
	toks := f.p.toks
	for i := range toks {
		t := &toks[i]
		if t.kind == EOF {
			f.comments(t, nil)
			break
		}
		var prev *token
		if i > 0 {
			prev = &toks[i-1]
		}
		f.token(toks, i, prev, t)
	}
	f.newline()
}

// newline ends the current line unless it is empty.
func (f *formatter) newline() {
	if f.col > 0 {
		f.out.WriteByte('\n')
		f.col = 0
	}
	f.mustBreak = false
}

// write writes s. If s starts a line, write indents it by depth+extra steps.
func (f *formatter) write(s string, extra int) {
	if f.col == 0 {
		if f.blank && f.out.Len() > 0 {
			f.out.WriteByte('\n')
		}
		f.blank = false
		for range f.depth + extra {
			f.out.WriteString(indentBy)
			f.col += len(indentBy)
		}
	}
	f.out.WriteString(s)
	if i := strings.LastIndexByte(s, '\n'); i >= 0 {
		f.col = len(s) - i - 1
	} else {
		f.col += len(s)
	}
	f.opened = false
}

// gap records whether the source has an empty line between the last text written and offset to.
func (f *formatter) gap(to int32) {
	if f.out.Len() == 0 || f.opened {
		f.blank = false
		return
	}
	if strings.Count(f.text[f.last:to], "\n") > 1 {
		f.blank = true
	}
}

// token writes t, preceded by the white space, comma and comments that belong before it.
func (f *formatter) token(toks []token, i int, prev, t *token) {
	closing := t.role&roleClose != 0
	if closing && t.role&roleElem != 0 || t.role&roleSoftClose != 0 && f.isBroken() {
		f.trailingComma(prev)
	}
	next := &toks[i+1]
	if t.kind == Comma && (next.role&roleSoftClose != 0 && !f.isBroken() || next.kind == GreaterThan && next.comments == t.comments) {
		// The list is on one line, so it has no comma before its end.
		f.last = t.end
		return
	}
	f.comments(t, prev)
	lineStart := t.role&roleLine != 0 || closing && !(prev != nil && prev.role&roleOpen != 0 && !f.mustBreak && f.col > 0)
	switch {
	case closing:
		f.depth--
		f.blank = false
	case t.role&roleSoftClose != 0:
		broken := f.isBroken()
		f.broken = f.broken[:len(f.broken)-1]
		if broken {
			f.depth--
			f.blank = false
			lineStart = true
		}
	case t.role&roleElem != 0 && f.isBroken():
		lineStart = true
		f.gap(t.start)
	case lineStart:
		f.gap(t.start)
		if t.role&roleTop != 0 && f.needsBlank(toks, i, prev) {
			f.blank = true
		}
	}
	extra := 0
	switch {
	case lineStart:
		f.newline()
	case f.mustBreak:
		f.newline()
		extra = 2
	case prev != nil && f.col > 0 && spaced(prev, t):
		f.write(" ", 0)
	}
	f.write(f.text[t.start:t.end], extra)
	f.last = t.end
	switch {
	case t.role&roleOpen != 0:
		f.depth++
		f.opened = true
	case t.role&roleSoftOpen != 0:
		broken := f.breaks(toks, i)
		f.broken = append(f.broken, broken)
		if broken {
			f.depth++
			f.opened = true
		}
	}
}

func (f *formatter) isBroken() bool { return len(f.broken) > 0 && f.broken[len(f.broken)-1] }

// trailingComma writes the comma after the last element of a list, before the comments that follow
// it.
func (f *formatter) trailingComma(prev *token) {
	if prev.kind != Comma && prev.role&(roleOpen|roleSoftOpen) == 0 {
		f.write(",", 0)
	}
}

// needsBlank reports whether an empty line belongs before an item at the top. One belongs between
// any two items unless both are uses. If comments precede the item, the empty line goes before them
// instead.
func (f *formatter) needsBlank(toks []token, i int, prev *token) bool {
	if prev == nil || prev.role&roleOpen != 0 || toks[i].comments > prev.comments {
		return false
	}
	if toks[i].kind != kwUse {
		return true
	}
	for j := i - 1; j >= 0; j-- {
		if toks[j].role&roleTop != 0 {
			return toks[j].kind != kwUse
		}
	}
	return true
}

// comments writes the comments before t.
func (f *formatter) comments(t, prev *token) {
	for first := true; f.comment < t.comments; first = false {
		r := f.p.lex.comments[f.comment]
		f.comment++
		s := strings.TrimRight(f.text[r.Start:r.End], " \t\r")
		line := strings.HasPrefix(s, "//")
		between := f.text[f.last:r.Start]
		ownLine := f.out.Len() == 0 || strings.Contains(between, "\n")
		switch {
		case !ownLine && f.col > 0:
			f.write(" ", 0)
			f.write(s, 0)
		default:
			f.gap(r.Start)
			if first && t.role&roleTop != 0 && prev != nil && prev.role&roleOpen == 0 && f.out.Len() > 0 {
				f.blank = true
			}
			extra := 0
			if f.col > 0 && t.role&(roleLine|roleClose|roleElem) == 0 && t.kind != EOF {
				extra = 2
			}
			f.newline()
			f.write(s, extra)
		}
		f.last = r.End
		if line || strings.Contains(f.text[r.End:min(int(r.End)+nextLine(f.text[r.End:]), len(f.text))], "\n") {
			f.mustBreak = true
		}
	}
}

// nextLine returns the number of white-space bytes at the start of s, up to and including the first
// newline.
func nextLine(s string) int {
	for i := range len(s) {
		switch s[i] {
		case ' ', '\t', '\r':
		case '\n':
			return i + 1
		default:
			return i
		}
	}
	return len(s)
}

// breaks reports whether each element of the list that token i opens gets its own line: if the list
// contains comments, or if the rest of the statement does not fit on the line.
func (f *formatter) breaks(toks []token, i int) bool {
	width := f.col
	closed := false
	for j := i + 1; j < len(toks); j++ {
		t := &toks[j]
		if !closed && t.comments > toks[i].comments {
			return true
		}
		if t.kind == EOF || closed && t.role&(roleLine|roleClose) != 0 {
			break
		}
		if t.role&roleSoftClose != 0 {
			if j == i+1 {
				return false
			}
			closed = true
		}
		if t.kind == Comma && toks[j+1].role&roleSoftClose != 0 {
			continue
		}
		if spaced(&toks[j-1], t) {
			width++
		}
		width += int(t.end - t.start)
	}
	return width > maxLine
}

// spaced reports whether a space separates two tokens on a line.
func spaced(prev, t *token) bool {
	if t.role&roleGlue != 0 {
		return false
	}
	switch t.kind {
	case Comma, Semicolon, RightParen, GreaterThan, LeftParen, LessThan, Colon, Period:
		return false
	case RightBrace:
		return false
	}
	switch prev.kind {
	case LeftParen, LessThan, At:
		return false
	case LeftBrace:
		return false
	}
	return true
}
