package abi

import (
	"fmt"

	"github.com/mortise-wasm/mortise/model/types"
)

// Despecialize returns the fundamental type that corresponds to the specialized type t
// (CanonicalABI.md, "Despecialization"). If t is fundamental itself, it returns t without its
// names. A fundamental type in place of a specialized one is new on each call.
func Despecialize(t types.ValType) types.ValType {
	switch t := types.UnnameVal(t).(type) {
	case *types.Tuple:
		fields := make([]types.Field, len(t.Elems))
		for i, e := range t.Elems {
			fields[i] = types.Field{Name: t.Label(i), Type: e}
		}
		return &types.Record{Fields: fields}
	case *types.Enum:
		cases := make([]types.Case, len(t.Names))
		for i, n := range t.Names {
			cases[i].Name = n
		}
		return &types.Variant{Cases: cases}
	case *types.Option:
		return &types.Variant{Cases: []types.Case{{Name: "none"}, {Name: "some", Type: t.Elem}}}
	case *types.Result:
		return &types.Variant{Cases: []types.Case{{Name: "ok", Type: t.OK}, {Name: "error", Type: t.Err}}}
	case *types.Map:
		return &types.List{Elem: Despecialize(&types.Tuple{Elems: []types.ValType{t.Key, t.Value}})}
	default:
		return t
	}
}

// DiscriminantType returns the type of the discriminant of a variant with n cases: u8, u16 or u32
// (`discriminant_type` of CanonicalABI.md, "Alignment").
func DiscriminantType(n int) types.Prim {
	switch {
	case n <= 1<<8:
		return types.U8
	case n <= 1<<16:
		return types.U16
	default:
		return types.U32
	}
}

// DiscriminantSize returns the size in bytes of the discriminant of a variant with n cases: 1, 2 or
// 4.
func DiscriminantSize(n int) uint64 { return primSize(DiscriminantType(n), Ptr32) }

// FlagsSize returns the size in bytes of flags with n labels: 1, 2 or 4 (`elem_size_flags`).
func FlagsSize(n int) uint64 {
	switch {
	case n <= 8:
		return 1
	case n <= 16:
		return 2
	default:
		return 4
	}
}

func unreachable(x any) string { return fmt.Sprintf("unreachable: %T", x) }
