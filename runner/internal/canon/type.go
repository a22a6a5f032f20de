package canon

import (
	"fmt"

	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/types"
)

type kind uint8

const (
	kBool kind = iota + 1
	kS8
	kU8
	kS16
	kU16
	kS32
	kU32
	kS64
	kU64
	kF32
	kF64
	kChar
	kString
	kList
	kFixedList
	kMap
	kRecord
	kTuple
	kVariant
	kEnum
	kOption
	kResult
	kFlags
	kOwn
	kBorrow
	kUnsupported
)

// Type is a value type compiled for lifting and lowering with 32-bit addresses. It is immutable.
type Type struct {
	kind  kind
	size  uint32
	align uint32
	flat  int  // number of core values it flattens to; counting stops above maxFlat
	plain bool // any bytes are a value, and there is no padding: values can be copied in bulk

	elem   *Type   // of a list, fixed-length list or map (a record of key and value)
	n      uint32  // length of a fixed-length list; number of cases or flags
	fields []field // of a record or tuple
	cases  []*Type // of a variant, option or result; nil for no payload

	discSize uint32 // of a variant or enum
	payload  uint32 // offset of a variant's payload
	slot     int    // of a resource type
	typ      types.ValType
}

type field struct {
	offset uint32
	typ    *Type
}

// maxFlat limits the counting of core values. Above it, values pass through memory and the number
// does not matter.
const maxFlat = abi.MaxFlatParams + 1

// Compiler compiles the types of one component instance. It is not safe for concurrent use.
type Compiler struct {
	// Slot maps a resource type to its slot.
	Slot   func(*types.Resource) int
	layout *abi.Layout
	memo   map[types.ValType]*Type
}

// NewCompiler returns a compiler that uses slot to map resource types to slots.
func NewCompiler(slot func(*types.Resource) int) *Compiler {
	return &Compiler{Slot: slot, layout: abi.NewLayout(abi.Ptr32), memo: make(map[types.ValType]*Type)}
}

// Type compiles t, which must be valid. It returns nil for nil.
func (c *Compiler) Type(t types.ValType) *Type {
	if t == nil {
		return nil
	}
	t = types.UnnameVal(t)
	if got := c.memo[t]; got != nil {
		return got
	}
	out := &Type{size: uint32(c.layout.ElemSize(t)), align: uint32(c.layout.Alignment(t)), typ: t,
		flat: len(abi.FlattenType(t, abi.Ptr32, maxFlat))}
	c.memo[t] = out
	c.fill(out, t)
	out.plain = out.isPlain()
	return out
}

// isPlain computes plain from the parts of a type. Padding matters because it may hold bytes that
// the source did not mean to pass.
func (t *Type) isPlain() bool {
	switch t.kind {
	case kS8, kU8, kS16, kU16, kS32, kU32, kS64, kU64, kF32, kF64:
		return true
	case kFixedList:
		return t.elem.plain
	case kRecord, kTuple:
		size := uint32(0)
		for _, f := range t.fields {
			if !f.typ.plain {
				return false
			}
			size += f.typ.size
		}
		return size == t.size
	default:
		return false
	}
}

func (c *Compiler) fill(out *Type, t types.ValType) {
	switch t := t.(type) {
	case types.Prim:
		if t == types.ErrorContext {
			out.kind = kUnsupported
			return
		}
		out.kind = kind(t-types.Bool) + kBool
	case *types.Record:
		ts := make([]types.ValType, len(t.Fields))
		for i, f := range t.Fields {
			ts[i] = f.Type
		}
		out.kind, out.fields = kRecord, c.record(ts)
	case *types.Tuple:
		out.kind, out.fields = kTuple, c.record(t.Elems)
	case *types.Variant:
		ts := make([]types.ValType, len(t.Cases))
		for i, x := range t.Cases {
			ts[i] = x.Type
		}
		out.kind = kVariant
		c.variant(out, ts)
	case *types.Option:
		out.kind = kOption
		c.variant(out, []types.ValType{nil, t.Elem})
	case *types.Result:
		out.kind = kResult
		c.variant(out, []types.ValType{t.OK, t.Err})
	case *types.Enum:
		out.kind = kEnum
		c.variant(out, make([]types.ValType, len(t.Names)))
	case *types.Flags:
		out.kind, out.n = kFlags, uint32(len(t.Names))
	case *types.List:
		out.kind, out.elem = kList, c.Type(t.Elem)
	case *types.FixedList:
		out.kind, out.elem, out.n = kFixedList, c.Type(t.Elem), t.Len
	case *types.Map:
		out.kind, out.elem = kMap, c.Type(&types.Tuple{Elems: []types.ValType{t.Key, t.Value}})
	case *types.Own:
		out.kind, out.slot = kOwn, c.Slot(t.Resource())
	case *types.Borrow:
		out.kind, out.slot = kBorrow, c.Slot(t.Resource())
	case *types.Stream, *types.Future:
		out.kind = kUnsupported
	default:
		panic(fmt.Sprintf("unreachable: %T", t))
	}
}

func (c *Compiler) record(ts []types.ValType) []field {
	offsets, _, _ := c.layout.Record(ts)
	out := make([]field, len(ts))
	for i, t := range ts {
		out[i] = field{uint32(offsets[i]), c.Type(t)}
	}
	return out
}

func (c *Compiler) variant(out *Type, ts []types.ValType) {
	out.n = uint32(len(ts))
	out.discSize = uint32(abi.DiscriminantSize(len(ts)))
	out.payload = uint32(c.layout.PayloadOffset(ts))
	out.cases = make([]*Type, len(ts))
	for i, t := range ts {
		out.cases[i] = c.Type(t)
	}
}

// Sig is a component function type compiled for lifting and lowering.
type Sig struct {
	Type *types.Func
	// Params are the parameters. Result is the result, or nil.
	Params []*Type
	Result *Type
	// tuple is the record of all parameters when they pass through memory.
	tuple *Type
	flat  int // core values of all parameters
	// pointers reports whether a parameter is or contains an address.
	pointers bool
}

// Sig compiles a function type.
func (c *Compiler) Sig(ft *types.Func) *Sig {
	s := &Sig{Type: ft, Result: c.Type(ft.Result)}
	ts := abi.ParamTypes(ft)
	for _, t := range ts {
		p := c.Type(t)
		s.Params = append(s.Params, p)
		s.flat += p.flat
		s.pointers = s.pointers || abi.ContainsPointer(t)
	}
	if s.flat > abi.MaxFlatAsyncParams {
		s.tuple = c.Type(&types.Tuple{Elems: ts})
	}
	return s
}

// ParamsInMemory reports whether the parameters pass through memory if at most limit core values
// may be passed directly.
func (s *Sig) ParamsInMemory(limit int) bool { return s.flat > limit }

// ResultInMemory reports whether the result passes through memory in a synchronous call.
func (s *Sig) ResultInMemory() bool { return s.Result != nil && s.Result.flat > abi.MaxFlatResults }

// StackSize returns how many words a synchronous call needs for its core parameters and results. It
// includes a word for a pointer to the result.
func (s *Sig) StackSize() int {
	n := s.flat
	if n > abi.MaxFlatParams {
		n = 1
	}
	return max(n+1, 1)
}
