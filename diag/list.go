package diag

import (
	"errors"
	"slices"
	"strings"
)

// A List is what one run of a stage has to say, in the order it was found. The
// zero List is empty and ready to use. A List that holds an error is itself an
// error; return it through [List.Err], since a List that holds none is not nil.
type List []*Diagnostic

// Add appends diagnostics.
func (l *List) Add(ds ...*Diagnostic) { *l = append(*l, ds...) }

// Errorf appends a diagnostic made by [Errorf] and returns it for additions.
func (l *List) Errorf(at Span, code Code, format string, args ...any) *Diagnostic {
	d := Errorf(at, code, format, args...)
	l.Add(d)
	return d
}

// Warningf appends a diagnostic made by [Warningf] and returns it for additions.
func (l *List) Warningf(at Span, code Code, format string, args ...any) *Diagnostic {
	d := Warningf(at, code, format, args...)
	l.Add(d)
	return d
}

// AddError appends what [FromError] makes of err: nothing for a nil error.
func (l *List) AddError(err error) { l.Add(FromError(err)...) }

// HasErrors reports whether a diagnostic of severity [Error] is in l.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(d *Diagnostic) bool { return d.Severity == Error })
}

// Err returns l, warnings and notes included, if it holds an error, and nil if not.
func (l List) Err() error {
	if !l.HasErrors() {
		return nil
	}
	return l
}

// Sort orders l by file name and offset, as they are shown, and drops repetitions: of diagnostics
// with the same place, severity, code, message and item path only the first stays.
func (l *List) Sort() {
	slices.SortStableFunc(*l, (*Diagnostic).compare)
	*l = slices.CompactFunc(*l, func(a, b *Diagnostic) bool { return a.compare(b) == 0 })
}

// Error returns one line per diagnostic, as [Diagnostic.Error] prints it.
func (l List) Error() string {
	lines := make([]string, len(l))
	for i, d := range l {
		lines[i] = d.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the diagnostics as errors.
func (l List) Unwrap() []error {
	errs := make([]error, len(l))
	for i, d := range l {
		errs[i] = d
	}
	return errs
}

// FromError returns the diagnostics in err: itself if it is a List or a
// Diagnostic, those of all its parts if it joins several errors, and what it
// wraps if its text says nothing more. Any other error becomes one Diagnostic
// without code and place whose Cause is err. A nil error is the empty List.
func FromError(err error) List {
	switch err := err.(type) {
	case nil:
		return nil
	case List:
		return err
	case *Diagnostic:
		return List{err}
	case interface{ Unwrap() []error }:
		if parts := err.Unwrap(); err.(error).Error() == errors.Join(parts...).Error() {
			var l List
			for _, part := range parts {
				l.AddError(part)
			}
			return l
		}
	case interface{ Unwrap() error }:
		if inner := err.Unwrap(); inner != nil && inner.Error() == err.(error).Error() {
			return FromError(inner)
		}
	}
	return List{{Severity: Error, Message: err.Error(), Cause: err}}
}
