package crosscheck

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"unicode/utf16"

	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/types"
)

// image is a part of a memory with random values in it, from headerSize up to heapStart.
type image struct {
	rng      *rand.Rand
	encoding abi.StringEncoding
	bytes    []byte
	layout   *abi.Layout
	damage   int // how many values may still be damaged
}

func newImage(rng *rand.Rand) *image {
	return &image{rng: rng, encoding: stringEncodings[rng.IntN(3)], layout: abi.NewLayout(abi.Ptr32)}
}

// text returns the bytes as a string of the text format.
func (im *image) text() string {
	var b strings.Builder
	for _, c := range im.bytes {
		fmt.Fprintf(&b, "\\%02x", c)
	}
	return b.String()
}

// alloc adds size bytes and returns their address.
func (im *image) alloc(size, align uint64) uint64 {
	for uint64(len(im.bytes))%align != 0 {
		im.bytes = append(im.bytes, 0xaa)
	}
	at := len(im.bytes)
	for range size {
		im.bytes = append(im.bytes, 0xbb)
	}
	return headerSize + uint64(at)
}

// put writes size bytes of x at an address.
func (im *image) put(at, size, x uint64) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], x)
	copy(im.bytes[at-headerSize:], b[:size])
}

// broken reports whether the next value should be damaged.
func (im *image) broken() bool {
	if im.damage == 0 || im.rng.IntN(4) > 0 {
		return false
	}
	im.damage--
	return true
}

// params returns the words that pass random arguments of f.
func (im *image) params(f *types.Func) []uint64 {
	ts := abi.ParamTypes(f)
	if len(abi.FlattenTypes(ts, abi.Ptr32, abi.MaxFlatParams+1)) > abi.MaxFlatParams {
		return []uint64{im.stored(&types.Tuple{Elems: ts})}
	}
	var words []uint64
	for _, t := range ts {
		words = im.flat(words, t)
	}
	return words
}

// result returns the word that returns a random value of type t: the value or its address.
func (im *image) result(t types.ValType, inMemory bool) uint64 {
	if inMemory {
		return im.stored(t)
	}
	return im.flat(nil, t)[0]
}

// stored stores a random value and returns its address.
func (im *image) stored(t types.ValType) uint64 {
	at := im.alloc(im.layout.ElemSize(t), im.layout.Alignment(t))
	im.store(t, at)
	if im.broken() {
		at += []uint64{1, 1 << 31, heapStart * 8}[im.rng.IntN(3)]
	}
	return at
}

// store writes a random value of type t at an address.
func (im *image) store(t types.ValType, at uint64) {
	t = types.UnnameVal(t)
	if fields, ok := fields(t); ok {
		offsets, _, _ := im.layout.Record(fields)
		for i, f := range fields {
			im.store(f, at+offsets[i])
		}
		return
	}
	if cases, ok := cases(t); ok {
		i := im.discriminant(len(cases))
		im.put(at, abi.DiscriminantSize(len(cases)), i)
		if i < uint64(len(cases)) && cases[i] != nil {
			im.store(cases[i], at+im.layout.PayloadOffset(cases))
		}
		return
	}
	if ptr, n, ok := im.pointer(t); ok {
		im.put(at, 4, ptr)
		im.put(at+4, 4, n)
		return
	}
	im.put(at, im.layout.ElemSize(t), im.scalar(t))
}

// flat appends the words of a random value of type t.
func (im *image) flat(words []uint64, t types.ValType) []uint64 {
	t = types.UnnameVal(t)
	if fields, ok := fields(t); ok {
		for _, f := range fields {
			words = im.flat(words, f)
		}
		return words
	}
	if cases, ok := cases(t); ok {
		size := len(words) + len(abi.FlattenType(t, abi.Ptr32, 1<<16))
		i := im.discriminant(len(cases))
		words = append(words, i)
		if i < uint64(len(cases)) && cases[i] != nil {
			words = im.flat(words, cases[i])
		}
		for len(words) < size {
			words = append(words, im.rng.Uint64())
		}
		return words
	}
	if ptr, n, ok := im.pointer(t); ok {
		return append(words, ptr, n)
	}
	return append(words, im.scalar(t))
}

func (im *image) discriminant(n int) uint64 {
	if im.broken() {
		return uint64(n)
	}
	return uint64(im.rng.IntN(n))
}

// scalar returns a random value of a type that takes one word. Floats are never NaN, whose bits may
// change when they are passed.
func (im *image) scalar(t types.ValType) uint64 {
	switch t {
	case types.Bool:
		if im.broken() {
			return uint64(im.rng.IntN(256))
		}
		return uint64(im.rng.IntN(2))
	case types.Char:
		if im.broken() {
			return []uint64{0xd800, 0xdfff, 0x110000, 1 << 31}[im.rng.IntN(4)]
		}
		return uint64(im.char())
	case types.F32:
		return uint64(im.rng.Uint32() &^ 0x40000000)
	case types.F64:
		return im.rng.Uint64() &^ 0x4000000000000000
	default:
		return im.rng.Uint64()
	}
}

func (im *image) char() rune {
	for {
		limit := []rune{0x80, 0x100, 0x800, 0x10000, 0x110000}[im.rng.IntN(5)]
		if r := im.rng.Int32N(limit); r < 0xd800 || r > 0xdfff {
			return r
		}
	}
}

// pointer returns the address and the length of a random string or list. It reports whether t is
// one of these types.
func (im *image) pointer(t types.ValType) (ptr, n uint64, ok bool) {
	switch t := t.(type) {
	case *types.List:
		ptr, n = im.list(t)
	default:
		if t != types.String {
			return 0, 0, false
		}
		ptr, n = im.string()
	}
	if im.broken() {
		switch im.rng.IntN(3) {
		case 0:
			ptr++
		case 1:
			n += 1 << 20
		default:
			ptr += 1 << 31
		}
	}
	return ptr, n, true
}

func (im *image) list(t *types.List) (ptr, n uint64) {
	size := im.layout.ElemSize(t.Elem)
	n = uint64(im.rng.IntN(4))
	if _, ok := types.UnnameVal(t.Elem).(types.Prim); ok && im.rng.IntN(4) == 0 {
		n = uint64(im.rng.IntN(400))
	}
	if uint64(len(im.bytes))+n*size > heapStart/4 {
		n = 0
	}
	ptr = im.alloc(n*size, im.layout.Alignment(t.Elem))
	for i := range n {
		im.store(t.Elem, ptr+i*size)
	}
	return ptr, n
}

// string returns a random string: short or long, of narrow or of all characters.
func (im *image) string() (ptr, n uint64) {
	length := im.rng.IntN(12)
	if im.rng.IntN(6) == 0 {
		length = im.rng.IntN(900)
	}
	if len(im.bytes) > heapStart/4 {
		length = 0
	}
	limit := []rune{0x80, 0x80, 0x100, 0x110000}[im.rng.IntN(4)]
	runes := make([]rune, length)
	for i := range runes {
		runes[i] = im.char() % limit
		if im.rng.IntN(8) > 0 {
			runes[i] &= 0x7f
		}
		if runes[i] >= 0xd800 && runes[i] <= 0xdfff {
			runes[i] = 'x'
		}
	}
	wide := im.encoding == abi.UTF16
	tag := uint64(0)
	if im.encoding == abi.Latin1UTF16 && (limit > 0x100 || im.rng.IntN(3) == 0) {
		wide, tag = true, 1<<31
	}
	var b []byte
	switch {
	case wide:
		for _, u := range utf16.Encode(runes) {
			b = binary.LittleEndian.AppendUint16(b, u)
		}
		n = uint64(len(b)/2) | tag
	case im.encoding == abi.Latin1UTF16:
		for _, r := range runes {
			b = append(b, byte(r))
		}
		n = uint64(len(b))
	default:
		b = []byte(string(runes))
		n = uint64(len(b))
	}
	if len(b) > 0 && im.broken() {
		b[im.rng.IntN(len(b))] ^= 0x80 | byte(im.rng.IntN(128))
	}
	ptr = im.alloc(uint64(len(b)), 2)
	copy(im.bytes[ptr-headerSize:], b)
	return ptr, n
}

// fields returns the types of the fields of a record or tuple.
func fields(t types.ValType) (ts []types.ValType, ok bool) {
	switch t := t.(type) {
	case *types.Record:
		for _, f := range t.Fields {
			ts = append(ts, f.Type)
		}
		return ts, true
	case *types.Tuple:
		return t.Elems, true
	}
	return nil, false
}

// cases returns the types of the cases of a variant, enum, option or result.
func cases(t types.ValType) (ts []types.ValType, ok bool) {
	switch t := t.(type) {
	case *types.Variant:
		for _, c := range t.Cases {
			ts = append(ts, c.Type)
		}
		return ts, true
	case *types.Enum:
		return make([]types.ValType, len(t.Names)), true
	case *types.Option:
		return []types.ValType{nil, t.Elem}, true
	case *types.Result:
		return []types.ValType{t.OK, t.Err}, true
	}
	return nil, false
}
