package name

import "fmt"

// Error tells what is wrong with a name, and where.
type Error struct {
	// Text is the whole text that was parsed.
	Text string
	// Offset is the byte offset in Text of what is wrong; it is len(Text) if something is missing at the end.
	Offset int
	// Msg says what is wrong, without the position.
	Msg string
}

// Error returns the message without the position: who knows where the name stands prints a better one.
func (e *Error) Error() string { return e.Msg }

func errorf(text string, offset int, format string, args ...any) *Error {
	return &Error{Text: text, Offset: offset, Msg: fmt.Sprintf(format, args...)}
}
