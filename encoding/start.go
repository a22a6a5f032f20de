package encoding

import (
	"github.com/mortise-wasm/mortise/encoding/internal/raw"
)

// Start calls a function when the component is instantiated (Binary.md, "Start Definitions"). Its
// results are added to the value index space.
type Start struct {
	Span
	Func    FuncIdx
	Args    []ValueIdx
	Results uint32
}

// maxStartResults limits the number of results of a start function. The results take no bytes of
// their own, so the size of the input does not limit them.
const maxStartResults = 1000

func readStart(r *raw.Reader) *Start {
	start := r.Pos()
	s := &Start{Func: raw.Index[FuncIdx](r), Args: raw.Vec(r, raw.Index[ValueIdx])}
	at := r.Pos()
	s.Results = r.U32()
	if s.Results > maxStartResults {
		r.Fail(raw.Limit, at, "start function results size is out of bounds")
	}
	s.Span = spanFrom(r, start)
	return s
}

func appendStart(w *raw.Writer, s *Start) {
	appendIndex(w, s.Func)
	appendVec(w, s.Args, appendIndex[ValueIdx])
	w.U32(s.Results)
}
