package diag

import (
	"errors"
	"slices"
	"strings"
)

// A List holds the diagnostics of one run of a stage, in the order in which they
// were found. The zero List is empty and ready to use. A List implements
// error; return it through [List.Err], because even a List without errors is not a
// nil error.
type List []*Diagnostic

// Add appends diagnostics.
func (l *List) Add(ds ...*Diagnostic) { *l = append(*l, ds...) }

// Errorf appends a diagnostic made by [Errorf] and returns it, so that the caller can add to it.
func (l *List) Errorf(at Span, code Code, format string, args ...any) *Diagnostic {
	d := Errorf(at, code, format, args...)
	l.Add(d)
	return d
}

// Warningf appends a diagnostic made by [Warningf] and returns it, so that the caller can add to
// it.
func (l *List) Warningf(at Span, code Code, format string, args ...any) *Diagnostic {
	d := Warningf(at, code, format, args...)
	l.Add(d)
	return d
}

// AddError appends the result of [FromError], which is empty for a nil error.
func (l *List) AddError(err error) { l.Add(FromError(err)...) }

// HasErrors reports whether l has a diagnostic of severity [Error].
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(d *Diagnostic) bool { return d.Severity == Error })
}

// Err returns l, including warnings and notes, if it has an error, and nil otherwise.
func (l List) Err() error {
	if !l.HasErrors() {
		return nil
	}
	return l
}

// Sort orders l by file name and offset, as shown to users, and drops duplicates: of diagnostics
// with the same place, severity, code, message and item path it keeps only the first.
func (l *List) Sort() {
	slices.SortStableFunc(*l, (*Diagnostic).compare)
	*l = slices.CompactFunc(*l, func(a, b *Diagnostic) bool { return a.compare(b) == 0 })
}

// Error returns one line for each diagnostic, in the form of [Diagnostic.Error].
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

// FromError returns the diagnostics in err. If err is a List or a Diagnostic, it
// returns err itself. If err joins several errors, it returns the diagnostics of
// all of them. If err wraps an error and has the same text, it returns those of the
// wrapped error. It turns any other error into one Diagnostic without a code or
// place, with err as its Cause. For a nil error it returns the empty List.
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
