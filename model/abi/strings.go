package abi

import "fmt"

// StringEncoding is how a core module stores strings in its memory (CanonicalABI.md, "Canonical ABI
// Options"). The zero value is none of them; where an encoding is optional, it stands for UTF-8.
type StringEncoding uint8

// The encodings.
const (
	UTF8 StringEncoding = iota + 1
	UTF16
	// Latin1UTF16 is Latin-1 or UTF-16, whichever a tag in the length says.
	Latin1UTF16
)

var stringEncodings = [...]string{UTF8: "utf8", UTF16: "utf16", Latin1UTF16: "latin1+utf16"}

// String returns the name of the specification, such as "latin1+utf16".
func (e StringEncoding) String() string {
	if e == 0 || int(e) >= len(stringEncodings) {
		return fmt.Sprintf("StringEncoding(%d)", uint8(e))
	}
	return stringEncodings[e]
}
