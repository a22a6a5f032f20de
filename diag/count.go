package diag

import (
	"strconv"
	"strings"
)

// Count returns a number with a noun in the right form: "1 import", "2 imports", "0 entries".
func Count[N ~int | ~int64 | ~uint32 | ~uint64](n N, noun string) string {
	return strconv.FormatInt(int64(n), 10) + " " + Plural(n, noun)
}

// Plural returns the form of an English noun for a number.
func Plural[N ~int | ~int64 | ~uint32 | ~uint64](n N, noun string) string {
	switch stem, y := strings.CutSuffix(noun, "y"); {
	case n == 1:
		return noun
	case y && !strings.ContainsAny(stem[max(len(stem)-1, 0):], "aeiou"):
		return stem + "ies"
	default:
		return noun + "s"
	}
}
