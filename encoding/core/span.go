package core

// Span is a range of byte offsets, from Start up to but not including End. In this package, offsets
// count from the start of the module.
type Span struct{ Start, End int }

// Offsets returns the span itself. It gives every type that embeds a Span a method that returns its
// position.
func (s Span) Offsets() Span { return s }
