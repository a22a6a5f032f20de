package diag

import (
	"cmp"
	"fmt"
	"strings"
)

// A Severity says whether a diagnostic is an error, a warning or a note.
type Severity uint8

const (
	// Error means that the input is wrong. Its string representation is "error".
	Error Severity = iota + 1
	// Warning means that the input is accepted, but is probably not what the user meant.
	// Its string representation is "warning".
	Warning
	// Note means that the diagnostic is only information. Its string representation is "note".
	Note
)

func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	case Note:
		return "note"
	default:
		return fmt.Sprintf("Severity(%d)", uint8(s))
	}
}

// A Diagnostic says one thing about one place of an input. It is an error. One
// goroutine builds it; after it is part of a returned error, it is read-only.
type Diagnostic struct {
	Severity Severity
	Code     Code   // may be empty, as for a file that cannot be read
	Message  string // see "Form of messages" in the package comment
	Primary  Span   // the smallest text that is wrong; zero if no place is known
	Caption  string // a few words beside the primary span; may be empty

	Labels   []Label  // further places, usually at most two
	ItemPath []string // the item of a binary, outermost first: "component 0", "func 3"
	Notes    []string // facts
	Help     []string // actions
	Edits    []Edit   // changes that together fix the input; their spans do not overlap

	Cause error // the wrapped error, for errors.Is and errors.As; not printed
}

// A Label is a text about a place other than the primary one, such as "first
// defined here".
type Label struct {
	Span Span
	Text string
}

// An Edit replaces the text of Span with New.
type Edit struct {
	Span Span
	New  string
}

// Errorf returns a Diagnostic of severity [Error] at a span, which may be the
// zero Span if no place is known.
func Errorf(at Span, code Code, format string, args ...any) *Diagnostic {
	return &Diagnostic{Severity: Error, Code: code, Message: fmt.Sprintf(format, args...), Primary: at}
}

// Warningf is [Errorf] with severity [Warning].
func Warningf(at Span, code Code, format string, args ...any) *Diagnostic {
	return &Diagnostic{Severity: Warning, Code: code, Message: fmt.Sprintf(format, args...), Primary: at}
}

// At is [Errorf] for readers of binaries, which only know an offset.
func At(f *File, offset int, code Code, format string, args ...any) *Diagnostic {
	return Errorf(Span{File: f, Start: offset, End: offset}, code, format, args...)
}

// Captionf sets the words beside the primary span and returns d.
func (d *Diagnostic) Captionf(format string, args ...any) *Diagnostic {
	d.Caption = fmt.Sprintf(format, args...)
	return d
}

// Labelf adds a label at another span and returns d. It adds nothing if the span
// is not a place.
func (d *Diagnostic) Labelf(at Span, format string, args ...any) *Diagnostic {
	if at.IsValid() {
		d.Labels = append(d.Labels, Label{Span: at, Text: fmt.Sprintf(format, args...)})
	}
	return d
}

// Notef adds a fact and returns d.
func (d *Diagnostic) Notef(format string, args ...any) *Diagnostic {
	d.Notes = append(d.Notes, fmt.Sprintf(format, args...))
	return d
}

// Helpf adds an action that the user can take and returns d.
func (d *Diagnostic) Helpf(format string, args ...any) *Diagnostic {
	d.Help = append(d.Help, fmt.Sprintf(format, args...))
	return d
}

// Replace adds an edit that replaces the text of a span and returns d.
func (d *Diagnostic) Replace(at Span, text string) *Diagnostic {
	d.Edits = append(d.Edits, Edit{Span: at, New: text})
	return d
}

// In adds an item to the front of the item path and returns d. A reader of nested
// items calls it on the way out, innermost first.
func (d *Diagnostic) In(format string, args ...any) *Diagnostic {
	d.ItemPath = append([]string{fmt.Sprintf(format, args...)}, d.ItemPath...)
	return d
}

// Path returns the item path as one string, as in "component 0 > func 3".
func (d *Diagnostic) Path() string { return strings.Join(d.ItemPath, " > ") }

// Error returns d on one line: "name:line:column: message", or for a binary
// "name:0x1a: message (component 0 > func 3)". The message is preceded by the
// severity unless it is [Error].
func (d *Diagnostic) Error() string {
	var b strings.Builder
	if d.Primary.IsValid() {
		b.WriteString(oneLine(d.Primary.String()))
		b.WriteString(": ")
	}
	if d.Severity != Error {
		b.WriteString(d.Severity.String())
		b.WriteString(": ")
	}
	b.WriteString(oneLine(d.Message))
	if len(d.ItemPath) > 0 {
		b.WriteString(" (")
		b.WriteString(oneLine(d.Path()))
		b.WriteString(")")
	}
	return b.String()
}

// Unwrap returns d.Cause.
func (d *Diagnostic) Unwrap() error { return d.Cause }

// compare orders diagnostics by file name and span, as shown to users, then by severity, code,
// message and item path. Those without a place come first.
func (d *Diagnostic) compare(e *Diagnostic) int {
	at, other := d.Primary.Shown(), e.Primary.Shown()
	return cmp.Or(
		cmp.Compare(at.fileName(), other.fileName()),
		cmp.Compare(at.Start, other.Start),
		cmp.Compare(at.End, other.End),
		cmp.Compare(d.Severity, e.Severity),
		cmp.Compare(d.Code, e.Code),
		cmp.Compare(d.Message, e.Message),
		cmp.Compare(d.Path(), e.Path()),
	)
}

func (s Span) fileName() string {
	if s.File == nil {
		return ""
	}
	return s.File.Name
}
