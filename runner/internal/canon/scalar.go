package canon

import "encoding/binary"

// CheckUTF8 traps unless m is valid UTF-8.
func CheckUTF8(m []byte) { source{bytes: m}.checkUTF8() }

// Scalar is a kind of values that must be checked when they are copied.
type Scalar uint8

// The kinds of scalars.
const (
	ScalarBool Scalar = iota + 1
	ScalarChar
	ScalarEnum
	ScalarFlags
)

// CopyScalars copies scalars of 1, 2 or 4 bytes from src to dst, which has the same length. bound
// is the number of cases of an enum, and the mask of flags. It traps if a value is invalid.
func CopyScalars(dst, src []byte, size uint32, kind Scalar, bound uint32) {
	for i := 0; i+int(size) <= len(src); i += int(size) {
		x := loadInt(src[i:], size)
		switch kind {
		case ScalarBool:
			x = min(x, 1)
		case ScalarChar:
			charOf(x)
		case ScalarEnum:
			if x >= bound {
				Trapf("invalid variant discriminant")
			}
		case ScalarFlags:
			x &= bound
		}
		switch size {
		case 1:
			dst[i] = byte(x)
		case 2:
			binary.LittleEndian.PutUint16(dst[i:], uint16(x))
		default:
			binary.LittleEndian.PutUint32(dst[i:], x)
		}
	}
}
