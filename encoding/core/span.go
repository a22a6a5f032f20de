package core

// Span is a range of byte offsets, from Start up to but not including End. In this package offsets count from the start of the module.
type Span struct{ Start, End int }

// Offsets returns the span itself; it makes everything that embeds a Span tell where it stands.
func (s Span) Offsets() Span { return s }
