// Package hextext is a notation for bytes in the tests of the binary formats.
package hextext

import (
	"encoding/binary"
	"encoding/hex"
	"strings"
)

// Bytes converts text to bytes. The text consists of pairs of hexadecimal digits and 'quoted text',
// separated by blanks. { … } stands for the enclosed bytes preceded by their size. Bytes panics if
// the text is malformed.
func Bytes(text string) []byte {
	out, rest := bytesUntil(text, "")
	if rest != "" {
		panic("unexpected }")
	}
	return out
}

func bytesUntil(text, end string) (out []byte, rest string) {
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		switch {
		case end != "" && strings.HasPrefix(text, end):
			return out, text[len(end):]
		case text[0] == '{':
			var sized []byte
			sized, text = bytesUntil(text[1:], "}")
			out = append(binary.AppendUvarint(out, uint64(len(sized))), sized...)
		case text[0] == '\'':
			n := strings.IndexByte(text[1:], '\'')
			out = append(out, text[1:1+n]...)
			text = text[2+n:]
		default:
			b, err := hex.DecodeString(text[:2])
			if err != nil {
				panic(err)
			}
			out = append(out, b...)
			text = text[2:]
		}
	}
	if end != "" {
		panic("missing }")
	}
	return out, ""
}

// Component returns the bytes of a component with the given sections.
func Component(sections ...string) []byte { return join("\x00asm\x0d\x00\x01\x00", sections) }

// Module returns the bytes of a core module with the given sections.
func Module(sections ...string) []byte { return join("\x00asm\x01\x00\x00\x00", sections) }

func join(preamble string, sections []string) []byte {
	out := []byte(preamble)
	for _, s := range sections {
		out = append(out, Bytes(s)...)
	}
	return out
}
