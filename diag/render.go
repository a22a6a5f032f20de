package diag

import (
	"fmt"
	"io"
	"strings"
)

// Format is a way to write diagnostics.
type Format uint8

const (
	// Text is for people: message, place, source line, notes and help.
	Text Format = iota + 1
	// JSON is for programs: see [RenderOptions].
	JSON
)

// RenderOptions says how [Render] writes. The zero value writes everything as
// text without colour.
//
// As [JSON] it writes one object per diagnostic and line:
//
//	severity  "error", "warning" or "note"
//	code      "wit/unknown-type"; absent if there is none
//	message   the message
//	span      the primary place; absent if there is none
//	caption   words beside it
//	labels    [{"span", "text"}]
//	item      ["component 0", "func 3"]
//	notes     [text]
//	help      [text]
//	edits     [{"span", "text"}]
//
// with empty fields left out. A span is {"file", "start", "end"}, in byte
// offsets with end exclusive, and for a text file also "line", "column",
// "endLine" and "endColumn", counted from 1, columns in bytes.
type RenderOptions struct {
	Format Format // zero means Text
	Color  bool   // ANSI colours, for Text
	Limit  int    // write so many diagnostics and count the others; zero means all; for Text
	Width  int    // columns for a source line, more is cut off around the span; zero means 100
}

// defaultWidth is the width of source lines if nothing is said about it.
const defaultWidth = 100

// minWidth is the narrowest window that still shows a span with its surroundings.
const minWidth = 20

// Render writes the diagnostics of l in their order. Text holds no control
// characters other than newlines and, if asked for, colours: see [Escape].
func Render(w io.Writer, l List, o RenderOptions) error {
	if o.Format == JSON {
		return renderJSON(w, l)
	}
	if o.Width == 0 {
		o.Width = defaultWidth
	}
	o.Width = max(o.Width, minWidth)
	p := &printer{color: o.Color, width: o.Width}
	shown := l
	if o.Limit > 0 && len(l) > o.Limit {
		shown = l[:o.Limit]
	}
	for i, d := range shown {
		if i > 0 {
			p.WriteString("\n")
		}
		p.diagnostic(d)
	}
	if rest := len(l) - len(shown); rest > 0 {
		fmt.Fprintf(p, "\n… and %d more\n", rest)
	}
	_, err := io.WriteString(w, p.String())
	return err
}

// style is what a piece of output is, and so which colour it takes.
type style string

const (
	styleNone    style = ""
	styleError   style = "\x1b[1;31m"
	styleWarning style = "\x1b[1;33m"
	styleNote    style = "\x1b[1;36m"
	styleFrame   style = "\x1b[34m"
	styleBold    style = "\x1b[1m"
	styleReset         = "\x1b[0m"
)

func severityStyle(s Severity) style {
	switch s {
	case Error:
		return styleError
	case Warning:
		return styleWarning
	default:
		return styleNote
	}
}

type printer struct {
	strings.Builder
	color bool
	width int
}

// styled writes text, which must be escaped already.
func (p *printer) styled(s style, text string) {
	if !p.color || s == styleNone || text == "" {
		p.WriteString(text)
		return
	}
	p.WriteString(string(s))
	p.WriteString(text)
	p.WriteString(styleReset)
}

func (p *printer) diagnostic(d *Diagnostic) {
	head := d.Severity.String()
	if d.Code != "" {
		head += "[" + oneLine(string(d.Code)) + "]"
	}
	p.styled(severityStyle(d.Severity), head)
	p.styled(styleBold, ": "+indentRest(Escape(d.Message), "  "))
	p.WriteString("\n")

	p.snippets(d)

	for _, n := range d.Notes {
		p.remark("note", n)
	}
	for _, h := range d.Help {
		p.remark("help", h)
	}
	if len(d.Help) == 0 {
		for _, e := range d.Edits {
			p.remark("help", editHelp(e))
		}
	}
}

func (p *printer) remark(kind, text string) {
	p.WriteString(" ")
	p.styled(styleBold, kind+":")
	p.WriteString(" " + indentRest(Escape(text), "       ") + "\n")
}

// editHelp says an edit in words.
func editHelp(e Edit) string {
	old := e.Span.Text()
	switch {
	case old == "":
		return fmt.Sprintf("insert `%s` at %s", e.New, e.Span)
	case e.New == "":
		return fmt.Sprintf("remove `%s`", old)
	default:
		return fmt.Sprintf("replace `%s` with `%s`", old, e.New)
	}
}

// indentRest puts indent in front of every line but the first.
func indentRest(s, indent string) string {
	return strings.ReplaceAll(strings.TrimRight(s, "\n"), "\n", "\n"+indent)
}
