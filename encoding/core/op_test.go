package core

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/model/types"
)

// sample returns an instruction with immediates that are easy to distinguish.
func sample(op Op) Instr {
	in := Instr{Op: op}
	heap := HeapType{Type: 300}
	switch imm := op.Info().Imm; imm {
	case ImmBlock:
		in.Block = BlockType{Index: 200, HasIndex: true}
	case ImmTryTable:
		in.Block = BlockType{Type: Ref(RefType{Heap: heap})}
		in.Catches = []Catch{{CatchTag, 1, 2}, {CatchTagRef, 200, 3}, {Kind: CatchAll, Label: 4}, {Kind: CatchAllRef, Label: 500}}
	case ImmLabels:
		in.Labels = []uint32{1, 200, 3}
	case ImmI32, ImmF32:
		in.Value = 0xffff_ff80
	case ImmI64, ImmF64:
		in.Value = 0x8000_0000_0000_0001
	case ImmV128, ImmShuffle:
		in.Bytes = [16]byte{0: 1, 7: 8, 15: 31}
	case ImmHeap:
		in.Ref.Heap = heap
	case ImmTypes:
		in.Types = []ValType{I64, ExternRef}
	case ImmCast:
		in.X, in.Ref, in.To = 7, RefType{Nullable: true, Heap: HeapType{Abs: types.HeapAny}}, RefType{Heap: heap}
	case ImmResume, ImmResumeThrow:
		in.X, in.Handlers = 5, []Handler{{Tag: 1, Label: 2}, {Tag: 3, Switch: true}}
		if imm == ImmResumeThrow {
			in.Y = 6
		}
	case ImmLane:
		in.Lane = 3
	case ImmMemArg, ImmMemArgLane:
		in.X, in.Align, in.Offset = 2, op.Info().Align, 1<<40
		if imm == ImmMemArgLane {
			in.Lane = 1
		}
	default:
		x, y := imm.Spaces()
		if x != SpaceNone {
			in.X = 130
		}
		if y != SpaceNone {
			in.Y = 4
		}
		if strings.Contains(in.Op.String(), ".atomic.") {
			in.Order = AcqRel
		}
	}
	return in
}

// Every instruction is the same after writing and reading it, and every prefix of it is an error.
func TestInstr(t *testing.T) {
	n := 0
	for op := range Ops() {
		n++
		want := sample(op)
		code := want.Append(nil)
		r := NewInstrReader(code, 100)
		var got Instr
		if !r.Next(&got) || r.Pos() != 100+len(code) || r.Offset() != 100 {
			t.Errorf("%v: % x: %v", op, code, r.Err())
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", op, diff)
		}
		if r.Next(&got) || r.Err() != nil {
			t.Errorf("%v: after the end: %v", op, r.Err())
		}
		for cut := 1; cut < len(code); cut++ {
			if r := NewInstrReader(code[:cut], 0); r.Next(&got) || r.Err() == nil {
				t.Errorf("%v: no error for % x", op, code[:cut])
			}
		}
	}
	if n < 600 {
		t.Errorf("only %d instructions", n)
	}
}

// The table is consistent.
func TestOpTable(t *testing.T) {
	byName := map[string]Op{}
	shared := map[string]bool{"select": true, "ref.test": true, "ref.cast": true}
	for op, info := range Ops() {
		if first, ok := byName[info.Name]; ok {
			if !shared[info.Name] {
				t.Errorf("%s is both %#x and %#x", info.Name, first, op)
			}
		} else {
			byName[info.Name] = op
		}
		if got, ok := OpByName(info.Name); !ok || got != byName[info.Name] {
			t.Errorf("OpByName(%q) = %v, %v", info.Name, got, ok)
		}
		prefix, code := op.Prefix()
		if prefix == 0 {
			if Op(code) != op {
				t.Errorf("%v: opcode %#x", op, code)
			}
		} else if got, ok := prefixed(prefix, code); !ok || got != op {
			t.Errorf("%v: %#x %#x leads to %v, %v", op, prefix, code, got, ok)
		}
		params, results, ok := strings.Cut(info.Sig, ":")
		if info.Sig != "" && (!ok || strings.Trim(params+results, "iIfFva") != "") {
			t.Errorf("%v: signature %q", op, info.Sig)
		}
		access := info.Imm == ImmMemArg || info.Imm == ImmMemArgLane
		if access != (strings.HasPrefix(info.Sig, "a") && info.Imm != ImmMemory && info.Imm != ImmDataMemory) {
			t.Errorf("%v: an access without address, or the other way round", op)
		}
		if info.Align != 0 && !access || info.Align > 4 {
			t.Errorf("%v: alignment %d", op, info.Align)
		}
	}
	if _, ok := OpByName("i32.nonsense"); ok {
		t.Error("i32.nonsense exists")
	}
	for _, op := range []Op{0xff, 0x1ff, opLimit, 0xffff} {
		if op.Valid() || op.Info().Name != "" {
			t.Errorf("%v is valid", op)
		}
	}
}

func TestInstrErrors(t *testing.T) {
	for _, r := range []struct{ pos, code, want string }{
		{here0(), `27`, `illegal opcode: 0x27 (at offset 0x0, code section)`},
		{here0(), `fb 1f`, `unknown 0xfb subopcode: 0x1f (at offset 0x0, code section)`},
		{here0(), `fd ff ff 03`, `unknown 0xfd subopcode: 0xffff (at offset 0x0, code section)`},
		{here0(), `fe 80 80 80 80 10`, `integer too large for a u32 (at offset 0x5, code section)`},
		{here0(), `28 80 01 00`, `malformed memop alignment: alignment too large (at offset 0x1, code section)`},
		{here0(), `fb 18 04 00 6e 6e`, `invalid cast flags: 00000100 (at offset 0x2, code section)`},
		{here0(), `fe 03 01`, "nonzero byte after `atomic.fence` (at offset 0x2, code section)"},
		{here0(), `fe 4f 02 00`, `invalid atomic consistency ordering 2 (at offset 0x2, code section)`},
		{here0(), `1f 40 01 04 00`, `invalid leading byte (0x4) for catch (at offset 0x3, code section)`},
		{here0(), `0e 80 80 80 80 01 00`, `br_table size is out of bounds (at offset 0x1, code section)`},
		{here0(), `0e 05 00`, `unexpected end-of-file (at offset 0x3, code section)`},
		{here0(), `1c 0b`, `select types size is out of bounds (at offset 0x1, code section)`},
		{here0(), `02 7a 0b`, `invalid value type (at offset 0x1, code section)`},
		{here0(), `02 80 7f`, `invalid function type (at offset 0x3, code section)`},
	} {
		rd := NewInstrReader(bytesOf(r.code), 0)
		var in Instr
		for rd.Next(&in) {
		}
		if err := rd.Err(); err == nil || err.Error() != r.want {
			t.Errorf("%s:\ngot:  %v\nwant: %s", r.pos, err, r.want)
		}
	}
}

// Reading does not allocate for each instruction.
func TestReadAllocs(t *testing.T) {
	var code []byte
	for op := range Ops() {
		in := sample(op)
		code = in.Append(code)
	}
	r := NewInstrReader(code, 0)
	var in Instr
	for r.Next(&in) { // allocates the lists
	}
	allocs := testing.AllocsPerRun(10, func() {
		r.reset(code, 0, SectionCode)
		for r.Next(&in) {
		}
	})
	if allocs > 0 {
		t.Errorf("%v allocations", allocs)
	}
}
