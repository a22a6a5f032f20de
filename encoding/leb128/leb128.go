// Package leb128 reads and writes the variable-length integers of the
// WebAssembly binary format (core specification, "Values / Integers").
//
// Decoding follows the specification exactly: an N-bit integer takes at most ceil(N/7) bytes. The
// bits of the last possible byte beyond bit N must be zero, or copies of the sign bit. Encodings
// that are longer than necessary but within the limit are accepted.
package leb128

import "errors"

// The errors of the decoding functions. Their texts are those that the test suite of the
// specification expects from a decoder.
var (
	// ErrUnexpectedEnd reports that the bytes end inside an integer.
	ErrUnexpectedEnd = errors.New("unexpected end")
	// ErrTooLong reports that the last possible byte has its continuation bit set.
	ErrTooLong = errors.New("integer representation too long")
	// ErrTooLarge reports that bits beyond the width of the integer are set.
	ErrTooLarge = errors.New("integer too large")
)

// The largest number of bytes in one integer, by width.
const (
	MaxLen32 = 5
	MaxLen33 = 5
	MaxLen64 = 10
)

// Uint32 returns the unsigned 32-bit integer at the start of b and the number of bytes that it
// takes. On an error, n is the offset in b of the bad byte, or len(b) if bytes are missing.
func Uint32(b []byte) (v uint32, n int, err error) {
	if len(b) > 0 && b[0] < 0x80 {
		return uint32(b[0]), 1, nil
	}
	u, n, err := decodeUint(b, 32)
	return uint32(u), n, err
}

// Uint64 is [Uint32] for 64 bits.
func Uint64(b []byte) (v uint64, n int, err error) {
	if len(b) > 0 && b[0] < 0x80 {
		return uint64(b[0]), 1, nil
	}
	return decodeUint(b, 64)
}

// Int32 returns the signed 32-bit integer at the start of b and the number of bytes that it takes.
// On an error, n has the same meaning as in [Uint32].
func Int32(b []byte) (v int32, n int, err error) {
	i, n, err := decodeInt(b, 32)
	return int32(i), n, err
}

// Int33 returns the signed 33-bit integer at the start of b and the number of bytes that it takes.
// Block types and heap types have this encoding: negative numbers are type codes, and the others
// are 32-bit type indices.
func Int33(b []byte) (v int64, n int, err error) {
	return decodeInt(b, 33)
}

// Int64 is [Int32] for 64 bits.
func Int64(b []byte) (v int64, n int, err error) {
	return decodeInt(b, 64)
}

func decodeUint(b []byte, width uint) (uint64, int, error) {
	var v uint64
	maxLen := int(width+6) / 7
	for i := 0; i < maxLen; i++ {
		if i == len(b) {
			return 0, i, ErrUnexpectedEnd
		}
		c, shift := b[i], uint(i)*7
		if i == maxLen-1 {
			if c&0x80 != 0 {
				return 0, i, ErrTooLong
			}
			if c>>(width-shift) != 0 {
				return 0, i, ErrTooLarge
			}
		}
		v |= uint64(c&0x7f) << shift
		if c&0x80 == 0 {
			return v, i + 1, nil
		}
	}
	panic("unreachable: the last byte either ends the integer or is an error")
}

func decodeInt(b []byte, width uint) (int64, int, error) {
	var v int64
	maxLen := int(width+6) / 7
	for i := 0; i < maxLen; i++ {
		if i == len(b) {
			return 0, i, ErrUnexpectedEnd
		}
		c, shift := b[i], uint(i)*7
		if i == maxLen-1 {
			if c&0x80 != 0 {
				return 0, i, ErrTooLong
			}
			// The sign bit is bit width-shift-1 of c. All bits above it, up to bit 6, must equal it. An
			// arithmetic shift of the signed 7-bit number leaves 0 or -1 if they do.
			if s := int8(c<<1) >> 1 >> (width - shift - 1); s != 0 && s != -1 {
				return 0, i, ErrTooLarge
			}
		}
		v |= int64(c&0x7f) << shift
		if c&0x80 == 0 {
			if c&0x40 != 0 && shift+7 < 64 {
				v |= -1 << (shift + 7)
			}
			return v, i + 1, nil
		}
	}
	panic("unreachable: the last byte either ends the integer or is an error")
}

// AppendUint appends the shortest encoding of v. The encoding is the same for every unsigned width.
func AppendUint(dst []byte, v uint64) []byte {
	for v >= 0x80 {
		dst = append(dst, byte(v)|0x80)
		v >>= 7
	}
	return append(dst, byte(v))
}

// AppendInt appends the shortest encoding of v. The encoding is the same for every signed width.
func AppendInt(dst []byte, v int64) []byte {
	for v < -0x40 || v > 0x3f {
		dst = append(dst, byte(v)|0x80)
		v >>= 7
	}
	return append(dst, byte(v)&0x7f)
}

// AppendUintPadded appends v in exactly width bytes, for a size that is filled in later or for a
// relocation slot. It panics unless width is at least [UintLen] of v and at most [MaxLen64].
func AppendUintPadded(dst []byte, v uint64, width int) []byte {
	if width < UintLen(v) || width > MaxLen64 {
		panic("leb128: width does not fit the value")
	}
	for i := 1; i < width; i++ {
		dst = append(dst, byte(v)|0x80)
		v >>= 7
	}
	return append(dst, byte(v))
}

// AppendIntPadded is [AppendUintPadded] for signed integers.
func AppendIntPadded(dst []byte, v int64, width int) []byte {
	if width < IntLen(v) || width > MaxLen64 {
		panic("leb128: width does not fit the value")
	}
	for i := 1; i < width; i++ {
		dst = append(dst, byte(v)|0x80)
		v >>= 7
	}
	return append(dst, byte(v)&0x7f)
}

// UintLen returns the number of bytes that [AppendUint] appends for v.
func UintLen(v uint64) int {
	n := 1
	for ; v >= 0x80; v >>= 7 {
		n++
	}
	return n
}

// IntLen returns the number of bytes that [AppendInt] appends for v.
func IntLen(v int64) int {
	n := 1
	for ; v < -0x40 || v > 0x3f; v >>= 7 {
		n++
	}
	return n
}
