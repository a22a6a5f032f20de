package wast

import (
	"fmt"
	"math"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/types"
)

// coreValue is a core value: its type, and one word, or two for a vector. A reference has the form
// that [runner.CoreInstance.Call] uses.
type coreValue struct {
	bits, high uint64
	typ        types.CoreVal
}

// coreKinds maps core types other than references to kinds of script values.
var coreKinds = map[types.CoreVal]wat.ValueKind{
	types.I32: wat.KindI32, types.I64: wat.KindI64, types.F32Core: wat.KindF32, types.F64Core: wat.KindF64, types.V128: wat.KindV128,
}

// hostRef returns the word for a reference to the host value number n. The word 0 is null.
func hostRef(n uint64) uint64 { return n + 1 }

// heapOf returns the top of the hierarchy of a reference type.
func heapOf(t types.CoreVal) types.Heap {
	if t.Def != nil {
		return t.Def.Heap().Top()
	}
	return t.Heap.Top()
}

// coreWords returns the words of an argument of type t.
func coreWords(v wat.Value, t types.CoreVal) ([]uint64, error) {
	wrong := func() ([]uint64, error) { return nil, fmt.Errorf("%v is not a value of type %s", v.Kind, t) }
	if kind, ok := coreKinds[t]; ok {
		switch {
		case v.Kind != kind:
			return wrong()
		case t == types.V128:
			low, high := vectorWords(v)
			return []uint64{low, high}, nil
		}
		return []uint64{v.Bits}, nil
	}
	switch v.Kind {
	case wat.KindRefNull:
		if !t.Nullable || v.Heap != nil && v.Heap.Abs.Top() != heapOf(t) {
			return wrong()
		}
		return []uint64{0}, nil
	case wat.KindRefExtern:
		if heapOf(t) != types.HeapExtern {
			return wrong()
		}
		return []uint64{hostRef(v.Bits)}, nil
	case wat.KindRefHost:
		return nil, &skipError{"values of type " + t.String() + " are not passed"}
	}
	return wrong()
}

// vectorWords returns the halves of a vector.
func vectorWords(v wat.Value) (low, high uint64) {
	words := [2]uint64{}
	for i, lane := range v.Vector {
		at := i * v.LaneBits
		words[at/64] |= lane.Bits & (math.MaxUint64 >> (64 - v.LaneBits)) << (at % 64)
	}
	return words[0], words[1]
}

// matchCore compares core values with patterns.
func matchCore(want []wat.Value, got []coreValue) error {
	if len(want) != len(got) {
		return fmt.Errorf("want %s, have %d", diag.Count(len(want), "result"), len(got))
	}
	for i, w := range want {
		if err := matchCoreValue(w, got[i]); err != nil {
			return fmt.Errorf("result %d: %w", i, err)
		}
	}
	return nil
}

func matchCoreValue(w wat.Value, got coreValue) error {
	kind, ok := coreKinds[got.typ]
	switch {
	case w.Kind == wat.KindEither:
		var err error
		for _, alternative := range w.Elems {
			if err = matchCoreValue(alternative, got); err == nil {
				return nil
			}
		}
		return err
	case !ok:
		return matchRef(w, got)
	case w.Kind != kind:
		return fmt.Errorf("it is of type %s, want %v", got.typ, w.Kind)
	case got.typ == types.V128:
		return matchVector(w, got)
	case w.NaN != 0:
		return matchNaN(w, got.bits)
	}
	width := 64
	if got.typ == types.I32 || got.typ == types.F32Core {
		width = 32
	}
	return matchBits(w.Bits, got.bits, width)
}

func matchBits(want, got uint64, width int) error {
	mask := uint64(math.MaxUint64) >> (64 - width)
	if got&mask != want&mask {
		return fmt.Errorf("it is %#x, want %#x", got&mask, want&mask)
	}
	return nil
}

// matchVector compares a vector lane by lane.
func matchVector(w wat.Value, got coreValue) error {
	words := [2]uint64{got.bits, got.high}
	for i, lane := range w.Vector {
		at := i * w.LaneBits
		bits := words[at/64] >> (at % 64)
		var err error
		if lane.NaN != 0 {
			err = matchNaN(lane, bits)
		} else {
			err = matchBits(lane.Bits, bits, w.LaneBits)
		}
		if err != nil {
			return fmt.Errorf("lane %d: %w", i, err)
		}
	}
	return nil
}

// refTops maps the kinds of reference patterns to the hierarchies of the references.
var refTops = map[wat.ValueKind]types.Heap{
	wat.KindRefExtern: types.HeapExtern, wat.KindRefFunc: types.HeapFunc, wat.KindRefAny: types.HeapAny, wat.KindRefEq: types.HeapAny,
	wat.KindRefArray: types.HeapAny, wat.KindRefStruct: types.HeapAny, wat.KindRefI31: types.HeapAny, wat.KindRefI31Shared: types.HeapAny,
	wat.KindRefHost: types.HeapAny,
}

// matchRef compares a reference with a pattern.
func matchRef(w wat.Value, got coreValue) error {
	if w.Kind == wat.KindRefNull {
		switch {
		case got.bits != 0:
			return fmt.Errorf("it is not null")
		case w.Heap != nil && w.Heap.Abs != 0 && w.Heap.Abs.Top() != heapOf(got.typ):
			return fmt.Errorf("it is a null of type %s, want %s", got.typ, w.Heap.Abs)
		}
		return nil
	}
	top, ok := refTops[w.Kind]
	switch {
	case !ok || top != heapOf(got.typ):
		return fmt.Errorf("it is of type %s, want %v", got.typ, w.Kind)
	case got.bits == 0:
		return fmt.Errorf("it is null, want %v", w.Kind)
	case w.Any:
		return nil
	case w.Kind == wat.KindRefExtern:
		return matchBits(hostRef(w.Bits), got.bits, 64)
	default:
		return &skipError{"values of type " + got.typ.String() + " are not compared"}
	}
}
