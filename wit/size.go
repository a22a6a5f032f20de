package wit

import (
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/types"
)

const (
	// maxParts limits the number of parts of a type. A part counts as often as it occurs, and a few
	// lines of WIT can describe a type of millions of parts. Validators refuse a million parts in all
	// types of a world together. A component repeats the types of its world several times, so the
	// limit is a tenth of that. The types of real interfaces have some hundred.
	maxParts = 100_000
	// maxTypeDepth limits the nesting of types, because lifting and lowering recurse. The limit equals
	// that of encoding/validate.
	maxTypeDepth = 100
)

// extent is the size of a type.
type extent struct {
	parts int // including the type itself; capped at maxParts+1
	depth int // levels of types below this one
	// reported is set for a type that is too large and for types that contain it, so that only the
	// first is reported.
	reported bool
}

// add adds the extent of a part to e.
func (e *extent) add(part extent) {
	e.parts = min(e.parts+part.parts, maxParts+1)
	e.depth = max(e.depth, part.depth+1)
	e.reported = e.reported || part.reported
}

// sizes measures types and caches the results.
type sizes struct {
	memo   map[types.Type]extent
	layout *abi.Layout
}

func newSizes() *sizes {
	return &sizes{memo: map[types.Type]extent{}, layout: abi.NewLayout(abi.Ptr64)}
}

// of returns the extent of a type, which may be nil. It recurses into types that have not been
// measured.
func (s *sizes) of(t types.Type) extent {
	if t == nil {
		return extent{}
	}
	if e, ok := s.memo[t]; ok {
		return e
	}
	e := extent{parts: 1}
	switch t := t.(type) {
	case *types.Named:
		e = s.of(t.Of)
	case *types.Own, *types.Borrow:
	default:
		for part := range types.Parts(t) {
			e.add(s.of(part))
		}
	}
	s.memo[t] = e
	return e
}

// markReported records that a type was reported as too large.
func (s *sizes) markReported(t types.Type) { s.memo[t] = extent{parts: 1, reported: true} }
