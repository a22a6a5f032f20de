package wat

import (
	"math"
	"strconv"
	"strings"
)

// parseInt returns the value of an integer token in two's complement. The value must be in the
// range of the unsigned type of the given width or, if signed is set, of the signed type.
func parseInt(text string, width int, signed bool) (uint64, bool) {
	negative := false
	switch text[0] {
	case '+':
		text = text[1:]
	case '-':
		negative = true
		text = text[1:]
	}
	base := 10
	if rest, ok := strings.CutPrefix(text, "0x"); ok {
		text, base = rest, 16
	}
	if strings.IndexByte(text, '_') >= 0 {
		text = strings.ReplaceAll(text, "_", "")
	}
	v, err := strconv.ParseUint(text, base, width)
	if err != nil {
		return 0, false
	}
	if !negative {
		return v, true
	}
	if !signed || v > 1<<(width-1) {
		return 0, false
	}
	return -v & (math.MaxUint64 >> (64 - width)), true
}

// mantissaBits returns the number of mantissa bits of a floating-point number of 32 or 64 bits.
func mantissaBits(width int) int {
	if width == 32 {
		return 23
	}
	return 52
}

// parseFloat returns the bits of a number token as a floating-point number of 32 or 64 bits.
func parseFloat(text string, width int) (uint64, bool) {
	sign := uint64(0)
	switch text[0] {
	case '+':
		text = text[1:]
	case '-':
		sign = 1 << (width - 1)
		text = text[1:]
	}
	mantissa, infinity := mantissaBits(width), uint64(0x7ff)<<52
	if width == 32 {
		infinity = 0xff << 23
	}
	switch {
	case text == "inf":
		return sign | infinity, true
	case text == "nan":
		return sign | infinity | 1<<(mantissa-1), true
	case strings.HasPrefix(text, "nan:0x"):
		v, err := strconv.ParseUint(strings.ReplaceAll(text[6:], "_", ""), 16, 64)
		if err != nil || v == 0 || v >= 1<<mantissa {
			return 0, false
		}
		return sign | infinity | v, true
	}
	text = strings.ReplaceAll(text, "_", "")
	if strings.HasPrefix(text, "0x") && !strings.ContainsAny(text, "pP") {
		text += "p0"
	}
	v, err := strconv.ParseFloat(text, width)
	if err != nil {
		return 0, false
	}
	if width == 32 {
		return sign | uint64(math.Float32bits(float32(v))), true
	}
	return sign | math.Float64bits(v), true
}
