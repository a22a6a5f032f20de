package core

import (
	"github.com/mortise-wasm/mortise/encoding/internal/raw"
)

// maxConstNesting limits the nesting of blocks in a constant expression, where blocks are never
// valid. It only has to keep the count from overflowing.
const maxConstNesting = 1000

// readExpr reads up to the end of a constant expression. Validation checks that the instructions
// are constant.
func readExpr(r *raw.Reader) Expr {
	start := r.Pos()
	if !r.OK() {
		return Expr{}
	}
	var ir InstrReader
	ir.reset(r.Slice(start, r.End()), start, 0)
	var in Instr
	for depth := 0; ir.Next(&in); {
		switch in.Op {
		case OpBlock, OpLoop, OpIf, OpTry, OpTryTable:
			if depth++; depth > maxConstNesting {
				r.Fail(raw.Nesting, ir.Offset(), "constant expression required: blocks are nested too deeply")
				return Expr{}
			}
		case OpEnd:
			if depth--; depth < 0 {
				b := r.Skip(ir.r.Pos())
				return Expr{Span{start, r.Pos()}, b}
			}
		}
	}
	if err := ir.r.Err(); err != nil {
		r.Fail(err.Kind, start+err.Offset, err.Message)
	} else {
		r.Fail(raw.Truncated, r.End(), "unexpected end-of-file: control frames remain at end of function body or expression")
	}
	return Expr{}
}

// Instrs returns a reader of the instructions, including the end.
func (e Expr) Instrs() *InstrReader {
	r := &InstrReader{}
	r.reset(e.Bytes, e.Start, SectionCustom)
	return r
}

// ConstExpr returns a constant expression of the given instructions, followed by an end
// instruction.
func ConstExpr(code ...Instr) Expr {
	var b []byte
	for i := range code {
		b = code[i].Append(b)
	}
	return Expr{Bytes: append(b, byte(OpEnd))}
}
