package diag

import (
	"cmp"
	"fmt"
	"strings"
)

// Severity says what a diagnostic means for the outcome.
type Severity uint8

const (
	// Error means that the input is wrong. Its string representation is "error".
	Error Severity = iota + 1
	// Warning means that the input is accepted, but hardly as it was meant.
	// Its string representation is "warning".
	Warning
	// Note is information without a judgement. Its string representation is "note".
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

// A Diagnostic says one thing about one place of an input. It is an error. It is
// built by one goroutine and read-only once it is part of a returned error.
type Diagnostic struct {
	Severity Severity
	Code     Code   // may be empty, as for a file that cannot be read
	Message  string // see "Form of messages" in the package comment
	Primary  Span   // the smallest text that is wrong; may be no place
	Caption  string // a few words beside the primary span; may be empty

	Labels   []Label  // further places, at most two as a rule
	ItemPath []string // the item of a binary, outermost first: "component 0", "func 3"
	Notes    []string // facts
	Help     []string // actions
	Edits    []Edit   // changes that mend the input, all together; spans do not overlap

	Cause error // what errors.Is and errors.As find behind it; not printed
}

// A Label says something about a place other than the primary one, such as
// "first defined here".
type Label struct {
	Span Span
	Text string
}

// An Edit replaces the text of Span by New.
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

// At is [Errorf] for readers of binaries, which know an offset and no more.
func At(f *File, offset int, code Code, format string, args ...any) *Diagnostic {
	return Errorf(Span{File: f, Start: offset, End: offset}, code, format, args...)
}

// Captionf sets the few words beside the primary span and returns d.
func (d *Diagnostic) Captionf(format string, args ...any) *Diagnostic {
	d.Caption = fmt.Sprintf(format, args...)
	return d
}

// Labelf adds a label at a further span and returns d. It adds nothing if the
// span is no place.
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

// Helpf adds an action the user can take and returns d.
func (d *Diagnostic) Helpf(format string, args ...any) *Diagnostic {
	d.Help = append(d.Help, fmt.Sprintf(format, args...))
	return d
}

// Replace adds the edit that replaces the text of a span and returns d.
func (d *Diagnostic) Replace(at Span, text string) *Diagnostic {
	d.Edits = append(d.Edits, Edit{Span: at, New: text})
	return d
}

// In puts an item in front of the item path and returns d: a reader of nested
// items calls it on the way out, innermost first.
func (d *Diagnostic) In(format string, args ...any) *Diagnostic {
	d.ItemPath = append([]string{fmt.Sprintf(format, args...)}, d.ItemPath...)
	return d
}

// Path returns the item path as one string, "component 0 > func 3".
func (d *Diagnostic) Path() string { return strings.Join(d.ItemPath, " > ") }

// Error returns d in one line: "name:line:column: message", for a binary
// "name:0x1a: message (component 0 > func 3)". The severity is named unless it
// is [Error].
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

// compare orders diagnostics by file name, offset in what is shown, severity, code and message;
// those without a place come first.
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
