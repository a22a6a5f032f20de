package name

import "fmt"

// Error describes an error in a name and its position.
type Error struct {
	// Text is the whole text that was parsed.
	Text string
	// Offset is the byte offset of the error in Text. It is len(Text) if something is missing at the
	// end.
	Offset int
	// Msg is the message without the position.
	Msg string
}

// Error returns the message without the position. A caller that knows where the name is can print a
// better position.
func (e *Error) Error() string { return e.Msg }

func errorf(text string, offset int, format string, args ...any) *Error {
	return &Error{Text: text, Offset: offset, Msg: fmt.Sprintf(format, args...)}
}
