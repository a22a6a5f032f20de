package name

import (
	"strings"
	"unicode/utf8"
)

// IsLabel reports whether s is a label: words of digits and letters joined by single hyphens. Each
// word has a single case, and the first word starts with a letter.
func IsLabel(s string) bool { return labelEnd(s, true) < 0 }

// IsWords reports whether s is a label without upper-case letters. Namespaces and package names
// have this form.
func IsWords(s string) bool { return labelEnd(s, false) < 0 }

// CheckLabel returns an error unless s is a label.
func CheckLabel(s string) error {
	if err := checkLabel(s, 0, s); err != nil {
		return err
	}
	return nil
}

// LabelKey returns the text by which labels in one scope are compared: two labels conflict if their
// keys are equal. The comparison ignores case.
func LabelKey(label string) string { return lower(label) }

// checkLabel checks label, which is at offset in text.
func checkLabel(text string, offset int, label string) *Error {
	bad := labelEnd(label, true)
	if bad < 0 {
		return nil
	}
	err := errorf(text, offset+bad, "`%s` is not in kebab case", label)
	switch {
	case label == "":
	case bad == len(label):
		err.Msg += ": it ends with a hyphen"
	case label[bad] >= '0' && label[bad] <= '9':
		err.Msg += ": it starts with a digit"
	case isUpper(label[bad]) || isLower(label[bad]):
		err.Msg += ": a word mixes upper and lower case"
	default:
		r, _ := utf8.DecodeRuneInString(label[bad:])
		err.Msg += ": unexpected `" + string(r) + "`"
	}
	return err
}

// checkWords is checkLabel for a namespace or package name.
func checkWords(text string, offset int, words string) *Error {
	if err := checkLabel(text, offset, words); err != nil {
		return err
	}
	if bad := labelEnd(words, false); bad >= 0 {
		return errorf(text, offset+bad, "character `%c` is not lowercase in package name/namespace", words[bad])
	}
	return nil
}

// labelEnd returns -1 if s is a label, or the offset of the first byte that makes it invalid.
func labelEnd(s string, upperAllowed bool) int {
	const (
		start = iota // at the start of a word
		digits
		lowers
		uppers
	)
	state, first := start, true
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case isLower(c) && state != uppers:
			state = lowers
		case isUpper(c) && upperAllowed && state != lowers:
			state = uppers
		case c >= '0' && c <= '9' && !(first && state == start):
			if state == start {
				state = digits
			}
		case c == '-' && state != start:
			state, first = start, false
		default:
			return i
		}
	}
	if state == start {
		return len(s)
	}
	return -1
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

// lower converts to lower case. Labels are ASCII.
func lower(s string) string { return strings.ToLower(s) }
