package wit

import (
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/types"
)

const (
	// maxParts limits the parts of a type, each counted as often as it occurs. A few lines of WIT can describe a type of millions of
	// parts. Validators refuse a million parts in all types of a world together, and a component repeats the types of its world several
	// times: a tenth of that leaves room for them. The types of real interfaces have some hundred.
	maxParts = 100_000
	// maxTypeDepth limits how deeply types nest: lifting and lowering recurse. The limit equals that of encoding/validate.
	maxTypeDepth = 100
)

// extent is the size of a type.
type extent struct {
	parts int // including the type itself; never much above maxParts
	depth int // levels of types below this one
	// reported is set for a type that is too large, and for the types made of it, so that only the first is reported.
	reported bool
}

// add makes part a part of e.
func (e *extent) add(part extent) {
	e.parts = min(e.parts+part.parts, maxParts+1)
	e.depth = max(e.depth, part.depth+1)
	e.reported = e.reported || part.reported
}

// sizes measures types, each once.
type sizes struct {
	memo   map[types.Type]extent
	layout *abi.Layout
}

func newSizes() *sizes {
	return &sizes{memo: map[types.Type]extent{}, layout: abi.NewLayout(abi.Ptr64)}
}

// of returns the extent of a type, which may be nil. It recurses into types that were not measured before.
func (s *sizes) of(t types.Type) extent {
	if t == nil {
		return extent{}
	}
	if e, ok := s.memo[t]; ok {
		return e
	}
	e := extent{parts: 1}
	if n, ok := t.(*types.Named); ok {
		e = s.of(n.Of)
	} else {
		eachPart(t, func(part types.ValType) { e.add(s.of(part)) })
	}
	s.memo[t] = e
	return e
}

// markReported records that a type, which is too large, was reported.
func (s *sizes) markReported(t types.Type) { s.memo[t] = extent{parts: 1, reported: true} }

// eachPart calls f for each type that t is made of directly. Names and handles are made of nothing.
func eachPart(t types.Type, f func(types.ValType)) {
	opt := func(t types.ValType) {
		if t != nil {
			f(t)
		}
	}
	switch t := t.(type) {
	case *types.Record:
		for _, x := range t.Fields {
			f(x.Type)
		}
	case *types.Variant:
		for _, x := range t.Cases {
			opt(x.Type)
		}
	case *types.Tuple:
		for _, x := range t.Elems {
			f(x)
		}
	case *types.List:
		f(t.Elem)
	case *types.FixedList:
		f(t.Elem)
	case *types.Option:
		f(t.Elem)
	case *types.Result:
		opt(t.OK)
		opt(t.Err)
	case *types.Map:
		f(t.Key)
		f(t.Value)
	case *types.Stream:
		opt(t.Elem)
	case *types.Future:
		opt(t.Elem)
	}
}
