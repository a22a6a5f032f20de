package core

import (
	"fmt"

	"github.com/mortise-wasm/mortise/model/types"
)

// ExternOf returns the type of an import or export as it is written. For a function or tag it also
// returns the type definition, which the caller must define at index next. The error reports a
// reference to a defined type, whose definition would have to come first.
func ExternOf(x types.CoreExtern, next TypeIdx) (ExternType, *RecType, error) {
	switch x := x.(type) {
	case *types.CoreFunc:
		rec, err := funcOf(x)
		return ExternType{Kind: ExternFunc, Func: next}, rec, err
	case *types.CoreTag:
		rec, err := funcOf(x.Func)
		return ExternType{Kind: ExternTag, Tag: next}, rec, err
	case *types.CoreTable:
		v, err := valOf(x.Elem)
		return ExternType{Kind: ExternTable, Table: TableType{Elem: v.Ref, Limits: x.Limits}}, nil, err
	case *types.CoreMemory:
		return ExternType{Kind: ExternMemory, Memory: MemoryType{Limits: x.Limits, HasPageSize: x.PageSizeLog2 != defaultPageSizeLog2,
			PageSizeLog2: x.PageSizeLog2}}, nil, nil
	case *types.CoreGlobal:
		v, err := valOf(x.Type)
		return ExternType{Kind: ExternGlobal, Global: GlobalType{Type: v, Mutable: x.Mutable, Shared: x.Shared}}, nil, err
	default:
		panic(fmt.Sprintf("unreachable: %T", x))
	}
}

func funcOf(f *types.CoreFunc) (*RecType, error) {
	params, err := valsOf(f.Params)
	if err != nil {
		return nil, err
	}
	results, err := valsOf(f.Results)
	rec := Func(params, results)
	return &rec, err
}

func valsOf(vs []types.CoreVal) ([]ValType, error) {
	out := make([]ValType, len(vs))
	for i, v := range vs {
		var err error
		if out[i], err = valOf(v); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func valOf(v types.CoreVal) (ValType, error) {
	if v.Kind != types.RefKind {
		return ValType{Kind: v.Kind}, nil
	}
	if v.Def != nil {
		return ValType{}, fmt.Errorf("a reference to a defined core type cannot be written here")
	}
	return Ref(RefType{Nullable: v.Nullable, Heap: HeapType{Abs: v.Heap, Shared: v.Shared}}), nil
}
