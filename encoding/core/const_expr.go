package core

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding/internal/raw"
)

// constImm is the immediate of a constant instruction.
type constImm uint8

const (
	immNone constImm = iota
	immS32
	immS64
	immBytes4
	immBytes8
	immBytes16
	immIndex
	immIndex2
	immHeap
)

// constOps are the immediates of the instructions that constant expressions consist of (core specification, "Constant Expressions").
var constOps = map[byte]constImm{
	0x23: immIndex,               // global.get
	0x41: immS32,                 // i32.const
	0x42: immS64,                 // i64.const
	0x43: immBytes4,              // f32.const
	0x44: immBytes8,              // f64.const
	0x6a: immNone, 0x6b: immNone, // i32.add, i32.sub
	0x6c: immNone,                // i32.mul
	0x7c: immNone, 0x7d: immNone, // i64.add, i64.sub
	0x7e: immNone,  // i64.mul
	0xd0: immHeap,  // ref.null
	0xd2: immIndex, // ref.func
}

// gcConstOps are those behind the prefix 0xfb.
var gcConstOps = map[uint32]constImm{
	0:  immIndex,  // struct.new
	1:  immIndex,  // struct.new_default
	6:  immIndex,  // array.new
	7:  immIndex,  // array.new_default
	8:  immIndex2, // array.new_fixed
	26: immNone,   // any.convert_extern
	27: immNone,   // extern.convert_any
	28: immNone,   // ref.i31
}

const (
	opEnd      = 0x0b
	prefixGC   = 0xfb
	prefixSIMD = 0xfd
	v128Const  = 12
)

// readExpr finds the end of a constant expression.
func readExpr(r *raw.Reader) Expr {
	start := r.Pos()
	for r.OK() {
		at := r.Pos()
		b := r.Byte()
		if b == opEnd {
			break
		}
		imm, ok := constOps[b]
		switch b {
		case prefixGC:
			imm, ok = gcConstOps[r.U32()]
		case prefixSIMD:
			imm, ok = immBytes16, r.U32() == v128Const
		}
		if !ok {
			r.Fail(raw.BadByte, at, fmt.Sprintf("constant expression required: opcode %#02x is not constant", b))
		}
		skipConstImm(r, imm)
	}
	if !r.OK() {
		return Expr{}
	}
	return Expr{Span{start, r.Pos()}, r.Slice(start, r.Pos())}
}

func skipConstImm(r *raw.Reader, imm constImm) {
	switch imm {
	case immNone:
	case immS32:
		r.S32()
	case immS64:
		r.S64()
	case immBytes4:
		r.Skip(4)
	case immBytes8:
		r.Skip(8)
	case immBytes16:
		r.Skip(16)
	case immIndex:
		r.U32()
	case immIndex2:
		r.U32()
		r.U32()
	case immHeap:
		readHeapType(r)
	default:
		panic(fmt.Sprintf("unreachable: immediate %d", imm))
	}
}
