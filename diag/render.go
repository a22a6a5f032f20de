package diag

import (
	"fmt"
	"io"
	"strings"
)

// A Format is a way to write diagnostics.
type Format uint8

const (
	// Text is for people: message, place, source line, notes and help.
	Text Format = iota + 1
	// JSON is for programs. [RenderOptions] describes it.
	JSON
)

// RenderOptions configures [Render]. The zero value writes everything as text
// without colour.
//
// As [JSON], Render writes one object per diagnostic and line:
//
//	severity  "error", "warning" or "note"
//	code      "wit/unknown-type"; absent if there is none
//	message   the message
//	span      the primary place; absent if there is none
//	caption   words beside the primary place
//	labels    [{"span", "text"}]
//	item      ["component 0", "func 3"]
//	notes     [text]
//	help      [text]
//	edits     [{"span", "text"}]
//
// Empty fields are omitted. A span is {"file", "start", "end"}, in byte offsets
// with end exclusive. For a text file it also has "line", "column", "endLine" and
// "endColumn", which count from 1; columns count bytes. For a binary that was
// assembled from text, the span is the one in the text.
type RenderOptions struct {
	Format Format // zero means Text
	Color  bool   // ANSI colours, for Text
	Limit  int    // number of diagnostics to write, for Text; the others are counted; zero means all
	// Width is the number of columns of the screen, for Text. Source lines are cut around the span,
	// binaries are shown in shorter rows, and messages, notes and helps are wrapped. If Width is
	// zero, source lines take at most 100 columns and nothing else is limited.
	Width int
	// WholeMessages keeps each message on one line whatever the width, for programs that search
	// the output line by line.
	WholeMessages bool
}

// defaultWidth is the width of source lines if no width is given.
const defaultWidth = 100

// minWidth is the smallest width that still shows a span with some text around it. minCaption is
// the smallest width to which text beside or below a mark is wrapped.
const (
	minWidth   = 20
	minCaption = 24
)

// Render writes the diagnostics of l in order. Text has no control characters
// other than newlines and, if o.Color is set, colours: see [Escape].
func Render(w io.Writer, l List, o RenderOptions) error {
	if o.Format == JSON {
		return renderJSON(w, l)
	}
	p := &printer{color: o.Color, wholeMessages: o.WholeMessages}
	if o.Width > 0 {
		p.width = max(o.Width, minWidth)
	}
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

// A style is the ANSI sequence for a kind of text.
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
	width int // columns, or zero if not limited

	wholeMessages bool
}

// lineWidth returns the number of columns for source lines beside a margin.
func (p *printer) lineWidth(margin int) int {
	if p.width == 0 {
		return defaultWidth
	}
	return max(p.width-margin-len("  | "), minWidth)
}

// rowBytes returns the number of bytes of a binary in a row.
func (p *printer) rowBytes() int {
	// A row of sixteen bytes takes "00 " for each, a gap, and "|................|". On a screen of
	// eighty columns, this leaves twelve for the margin.
	if p.width == 0 || p.width >= 80 {
		return 16
	}
	return 8
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
	width := p.width
	if p.wholeMessages {
		width = 0
	}
	message := Wrap(strings.TrimRight(Escape(d.Message), "\n"), Columns(head)+2, 2, width)
	if !strings.HasPrefix(message, "\n") {
		message = " " + message
	}
	p.styled(styleBold, ":"+message)
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
	p.WriteString(" " + p.wrap(Escape(text), 7, 7) + "\n")
}

// wrap is [Wrap] with the width of the screen.
func (p *printer) wrap(text string, used, indent int) string {
	return Wrap(strings.TrimRight(text, "\n"), used, indent, p.width)
}

// editHelp describes an edit in words.
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
