package validate

import (
	"github.com/mortise-wasm/mortise/model/types"
)

// Types share their parts, so a few bytes can describe a type that is gigabytes long when written
// out. Work that visits every part of a type must therefore be limited by the size of the type as
// written out. The first two limits have the values that other validators use, so that all accept
// the same components.
const (
	// maxTypeSize limits the number of parts of one type. A part counts as often as it is reached.
	maxTypeSize = 1_000_000
	// maxTypeDepth limits how deeply value types nest, because lifting and lowering recurse.
	maxTypeDepth = 100
	// maxWork limits the number of parts of types that one validation copies or compares. Each type is
	// within maxTypeSize, but a few bytes are enough to request another copy. The limit takes a few
	// seconds to reach. The components of a whole system reach some ten thousand.
	maxWork = 1 << 21
)

// facts are the properties of a type that the limits depend on.
type facts struct {
	size  uint32 // number of parts including the type itself; saturates
	depth uint32 // levels of value types below this one
	// borrow reports whether one of the parts is a borrow.
	borrow bool
}

func (f *facts) add(part facts) {
	f.size = min(f.size+part.size, maxTypeSize+1)
	f.depth = max(f.depth, part.depth+1)
	f.borrow = f.borrow || part.borrow
}

// factsOf returns the facts of a type, which may be nil. It caches them. Recursion stays shallow
// because the parts of a type were looked up when they were defined.
func (v *validator) factsOf(t types.Type) facts {
	t = types.Unname(t)
	switch t.(type) {
	case nil:
		return facts{}
	case types.Prim, *types.Flags, *types.Enum, *types.Resource, *types.Own:
		return facts{size: 1}
	case *types.Borrow:
		return facts{size: 1, borrow: true}
	}
	if f, ok := v.facts[t]; ok {
		return f
	}
	f := facts{size: 1}
	switch t := t.(type) {
	case *types.Instance:
		v.addItems(&f, t.Exports)
	case *types.Component:
		v.addItems(&f, t.Imports)
		v.addItems(&f, t.Exports)
	default:
		for part := range types.Parts(t) {
			f.add(v.factsOf(part))
		}
	}
	v.facts[t] = f
	return f
}

func (v *validator) addItems(f *facts, it types.Items) {
	for _, x := range it.All() {
		f.add(v.externFacts(x.Type))
	}
}

func (v *validator) externFacts(x types.Extern) facts {
	switch x := x.(type) {
	case *types.Func:
		return v.factsOf(x)
	case *types.Instance:
		return v.factsOf(x)
	case *types.Component:
		return v.factsOf(x)
	case *types.Module:
		return facts{size: 1 + uint32(min(len(x.Imports)+len(x.Exports), maxTypeSize))}
	case *types.Value:
		return v.factsOf(x.Type)
	case *types.Bound:
		return v.factsOf(x.Type)
	default:
		return facts{}
	}
}

// checkSize checks the size and depth of a new type.
func (v *validator) checkSize(t types.Type) error {
	f := v.factsOf(t)
	if f.size >= maxTypeSize {
		return errorf(CodeLimit, "effective type size exceeds the limit of %d", maxTypeSize)
	}
	if _, ok := t.(types.ValType); ok && f.depth > maxTypeDepth {
		return errorf(CodeLimit, "type nesting is too deep: at most %d levels are allowed", maxTypeDepth)
	}
	return nil
}

// charge counts parts of types that are about to be copied or compared.
func (v *validator) charge(parts uint32) error {
	if v.work > maxWork {
		return errPoisoned // already reported
	}
	if v.work += int(parts); v.work > maxWork {
		return errorf(CodeLimit, "effective type size exceeds the limit of %d for all types together that are copied or compared", maxWork)
	}
	return nil
}

// hasFreeResource is a cached [types.HasFreeResource].
func (v *validator) hasFreeResource(t types.Type) bool {
	got, ok := v.free[t]
	if !ok {
		got = types.HasFreeResource(t)
		v.free[t] = got
	}
	return got
}
