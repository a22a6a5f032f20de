package abi

import (
	"math"
	"math/bits"

	"github.com/mortise-wasm/mortise/model/types"
)

// Alignment returns the alignment in bytes of values of type t in memory: 1, 2, 4 or 8
// (CanonicalABI.md, "Alignment").
func Alignment(t types.ValType, p PtrType) uint64 { return NewLayout(p).Alignment(t) }

// ElemSize returns the size in bytes of values of type t in memory (CanonicalABI.md, "Element
// Size"), or math.MaxUint64 if the size is that large or larger.
func ElemSize(t types.ValType, p PtrType) uint64 { return NewLayout(p).ElemSize(t) }

// AlignTo returns the smallest multiple of alignment, a power of two, that is not less than ptr
// (`align_to`). It returns math.MaxUint64 if no such multiple exists.
func AlignTo(ptr, alignment uint64) uint64 {
	up, carry := bits.Add64(ptr, alignment-1, 0)
	if carry != 0 {
		return math.MaxUint64
	}
	return up &^ (alignment - 1)
}

// Layout computes sizes and alignments for one width of addresses and remembers the results. Use
// one Layout for many types that have types in common. It is not safe for concurrent use.
type Layout struct {
	ptr  PtrType
	memo map[types.ValType]sizeAlign
}

type sizeAlign struct{ size, align uint64 }

// NewLayout returns a Layout for addresses of width p.
func NewLayout(p PtrType) *Layout { return &Layout{ptr: p} }

// PtrType returns the width of addresses.
func (l *Layout) PtrType() PtrType { return l.ptr }

// Alignment is [Alignment].
func (l *Layout) Alignment(t types.ValType) uint64 { return l.of(t).align }

// ElemSize is [ElemSize].
func (l *Layout) ElemSize(t types.ValType) uint64 { return l.of(t).size }

// Record returns the offset of each field of a record or tuple with field types ts, and the size
// and alignment of the record (`elem_size_record`).
func (l *Layout) Record(ts []types.ValType) (offsets []uint64, size, align uint64) {
	offsets = make([]uint64, len(ts))
	sa := sizeAlign{0, 1}
	for i, t := range ts {
		offsets[i] = sa.place(l.of(t))
	}
	sa = sa.end()
	return offsets, sa.size, sa.align
}

// MaxCaseAlignment returns the alignment of the payload of a variant with case types ts
// (`max_case_alignment`). The type of a case without payload is nil.
func (l *Layout) MaxCaseAlignment(ts []types.ValType) uint64 {
	align := uint64(1)
	for _, t := range ts {
		if t != nil {
			align = max(align, l.Alignment(t))
		}
	}
	return align
}

// PayloadOffset returns the offset of the payload of a variant with case types ts: the size of the
// discriminant, rounded up to the alignment of the payload.
func (l *Layout) PayloadOffset(ts []types.ValType) uint64 {
	return AlignTo(DiscriminantSize(len(ts)), l.MaxCaseAlignment(ts))
}

func (l *Layout) of(t types.ValType) sizeAlign {
	t = types.UnnameVal(t)
	switch t := t.(type) {
	case types.Prim:
		return sizeAlign{primSize(t, l.ptr), primAlign(t, l.ptr)}
	case *types.List, *types.Map:
		return sizeAlign{2 * l.ptr.Size(), l.ptr.Size()}
	case *types.Flags:
		n := FlagsSize(len(t.Names))
		return sizeAlign{n, n}
	case *types.Enum:
		n := DiscriminantSize(len(t.Names))
		return sizeAlign{n, n}
	case *types.Own, *types.Borrow, *types.Stream, *types.Future:
		return sizeAlign{4, 4}
	}
	sa, ok := l.memo[t]
	if !ok {
		sa = l.compute(t)
		if l.memo == nil {
			l.memo = make(map[types.ValType]sizeAlign)
		}
		l.memo[t] = sa
	}
	return sa
}

func (l *Layout) compute(t types.ValType) sizeAlign {
	switch t := t.(type) {
	case *types.Record, *types.Tuple:
		sa := sizeAlign{0, 1}
		for field := range types.Parts(t) {
			sa.place(l.of(field.(types.ValType)))
		}
		return sa.end()
	case *types.Variant:
		return l.variant(t, len(t.Cases))
	case *types.Option, *types.Result:
		return l.variant(t, 2)
	case *types.FixedList:
		elem := l.of(t.Elem)
		hi, size := bits.Mul64(elem.size, uint64(t.Len))
		if hi != 0 {
			size = math.MaxUint64
		}
		return sizeAlign{size, elem.align}
	default:
		panic(unreachable(t))
	}
}

// place adds a field to a record and returns its offset.
func (sa *sizeAlign) place(field sizeAlign) (offset uint64) {
	offset = AlignTo(sa.size, field.align)
	sa.size = addSize(offset, field.size)
	sa.align = max(sa.align, field.align)
	return offset
}

// end returns the size and alignment of a record after its last field.
func (sa *sizeAlign) end() sizeAlign { return sizeAlign{AlignTo(sa.size, sa.align), sa.align} }

// variant returns the size and alignment of a variant, option or result with n cases.
func (l *Layout) variant(t types.ValType, n int) sizeAlign {
	payload := sizeAlign{0, 1}
	for part := range types.Parts(t) {
		p := l.of(part.(types.ValType))
		payload.size = max(payload.size, p.size)
		payload.align = max(payload.align, p.align)
	}
	tag := DiscriminantSize(n)
	align := max(tag, payload.align)
	return sizeAlign{AlignTo(addSize(AlignTo(tag, payload.align), payload.size), align), align}
}

func addSize(a, b uint64) uint64 {
	sum, carry := bits.Add64(a, b, 0)
	if carry != 0 {
		return math.MaxUint64
	}
	return sum
}

func primSize(t types.Prim, p PtrType) uint64 {
	if t == types.String {
		return 2 * p.Size()
	}
	return primAlign(t, p)
}

func primAlign(t types.Prim, p PtrType) uint64 {
	switch t {
	case types.Bool, types.S8, types.U8:
		return 1
	case types.S16, types.U16:
		return 2
	case types.S32, types.U32, types.F32, types.Char, types.ErrorContext:
		return 4
	case types.S64, types.U64, types.F64:
		return 8
	case types.String:
		return p.Size()
	default:
		panic(unreachable(t))
	}
}
