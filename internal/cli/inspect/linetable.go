package inspect

import (
	"encoding/binary"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/leb128"
	"github.com/mortise-wasm/mortise/internal/cli"
)

// addDwarf adds debugging information to each core module of a binary that was made from text: its
// functions and, for each instruction, the line and column in the text. Modules that already have
// debugging information keep it.
func addDwarf(f *diag.File) ([]byte, error) {
	tree, err := newTree(f)
	if err != nil {
		return nil, err
	}
	return withSections(f, tree, func(n *node) []encoding.Custom {
		if n.module == nil {
			return nil
		}
		for i := range n.sections {
			if n.sections[i].Name == ".debug_info" {
				return nil
			}
		}
		return newLineTable(f, n).sections()
	})
}

// withSections returns the bytes of a part, with the custom sections that add returns at the end of
// the part and of each nested part.
func withSections(f *diag.File, n *node, add func(*node) []encoding.Custom) ([]byte, error) {
	if n.err != nil {
		return nil, n.err
	}
	out := append([]byte{}, f.Data[n.span.Start:min(n.span.Start+8, n.span.End)]...)
	for i := range n.sections {
		s := &n.sections[i]
		part := n.parts[s.Contents.Start]
		if part == nil || !s.IsNested() {
			out = append(out, f.Data[s.Start:s.End]...)
			continue
		}
		body, err := withSections(f, part, add)
		if err != nil {
			return nil, err
		}
		out = leb128.AppendUint(append(out, s.ID), uint64(len(body)))
		out = append(out, body...)
	}
	for _, c := range add(n) {
		size := leb128.UintLen(uint64(len(c.Name))) + len(c.Name) + len(c.Data)
		out = leb128.AppendUint(append(out, 0), uint64(size))
		out = leb128.AppendUint(out, uint64(len(c.Name)))
		out = append(append(out, c.Name...), c.Data...)
	}
	return out, nil
}

// A lineTable is the debugging information of a core module.
type lineTable struct {
	source string
	funcs  []lineFunc
}

// A lineFunc is a function: its name, its line, its addresses from low to high, counted from the
// start of the contents of the code section, and the positions of its instructions.
type lineFunc struct {
	name      string
	low, high uint32
	line      int
	rows      []lineRow
}

type lineRow struct {
	addr         uint32
	line, column int
}

// newLineTable returns the line table of a module, with the position of each instruction.
func newLineTable(f *diag.File, n *node) *lineTable {
	t := &lineTable{source: f.Name}
	if t.source == cli.StdinName {
		t.source = "stdin.wat"
	}
	code := 0
	for i := range n.sections {
		if s := &n.sections[i]; !s.IsCustom() && s.Kind == "code" {
			code = s.Contents.Start
		}
	}
	names := map[int]string{}
	for _, x := range n.module.Names().Funcs {
		names[int(x.Index)] = x.Name
	}
	index := n.module.NumImports(core.ExternFunc)
	for b, err := range n.module.Bodies() {
		if err != nil {
			break
		}
		at := func(offset int) uint32 { return uint32(n.span.Start + offset - code) }
		fn := lineFunc{name: names[index], low: at(b.Start), high: at(b.End)}
		if fn.line, _ = placeOf(f, n.span.Start+b.Start, n.span.Start+b.End); fn.line > 0 {
			_, r, err := b.Read()
			if err != nil {
				break
			}
			for in := new(core.Instr); r.Next(in); {
				line, column := placeOf(f, n.span.Start+r.Offset(), n.span.Start+r.Pos())
				if line > 0 {
					fn.rows = append(fn.rows, lineRow{at(r.Offset()), line, column})
				}
			}
			t.funcs = append(t.funcs, fn)
		}
		index++
	}
	return t
}

// placeOf returns the line and column in the text that bytes were made from, or zeros if unknown.
func placeOf(f *diag.File, start, end int) (line, column int) {
	if f.Origin == nil {
		return 0, 0
	}
	s := f.Origin(f.Span(start, end))
	if !s.IsValid() {
		return 0, 0
	}
	p := s.File.Position(s.Start)
	return p.Line, p.Column
}

// The constants of DWARF 4 (sections 7.5 and 7.21) that are used here.
const (
	dwTagCompileUnit, dwTagSubprogram = 0x11, 0x2e

	dwAtName, dwAtStmtList, dwAtLowPC, dwAtHighPC = 0x03, 0x10, 0x11, 0x12
	dwAtLanguage, dwAtProducer                    = 0x13, 0x25
	dwAtDeclFile, dwAtDeclLine                    = 0x3a, 0x3b

	dwFormAddr, dwFormData2, dwFormData4, dwFormString = 0x01, 0x05, 0x06, 0x08
	dwFormData1, dwFormUdata, dwFormSecOffset          = 0x0b, 0x0f, 0x17

	dwLangAssembler = 0x8001

	dwLnsCopy, dwLnsAdvancePC, dwLnsAdvanceLine, dwLnsSetColumn = 1, 2, 3, 5
	dwLneEndSequence, dwLneSetAddress                           = 1, 2
)

// sections returns the custom sections, or none if no function has a position.
func (t *lineTable) sections() []encoding.Custom {
	if len(t.funcs) == 0 {
		return nil
	}
	abbrev := []byte{
		1, dwTagCompileUnit, 1, dwAtProducer, dwFormString, dwAtLanguage, dwFormData2, dwAtName, dwFormString,
		dwAtStmtList, dwFormSecOffset, dwAtLowPC, dwFormAddr, dwAtHighPC, dwFormData4, 0, 0,
		2, dwTagSubprogram, 0, dwAtName, dwFormString, dwAtDeclFile, dwFormData1, dwAtDeclLine, dwFormUdata,
		dwAtLowPC, dwFormAddr, dwAtHighPC, dwFormData4, 0, 0,
		3, dwTagSubprogram, 0, dwAtDeclFile, dwFormData1, dwAtDeclLine, dwFormUdata, dwAtLowPC, dwFormAddr, dwAtHighPC, dwFormData4, 0, 0,
		0,
	}
	return []encoding.Custom{
		{Name: ".debug_abbrev", Data: abbrev}, {Name: ".debug_info", Data: t.info()}, {Name: ".debug_line", Data: t.lines()},
	}
}

func (t *lineTable) info() []byte {
	b := []byte{4, 0, 0, 0, 0, 0, 4} // version, offset of the abbreviations, size of an address
	str := func(s string) { b = append(append(b, s...), 0) }
	u32 := func(v uint32) { b = binary.LittleEndian.AppendUint32(b, v) }
	b = append(b, 1)
	str("mortise")
	b = binary.LittleEndian.AppendUint16(b, dwLangAssembler)
	str(t.source)
	u32(0) // offset of the line table
	// An address of 0 would mean code that a linker removed.
	u32(t.funcs[0].low)
	u32(t.funcs[len(t.funcs)-1].high - t.funcs[0].low)
	for _, f := range t.funcs {
		if f.name != "" {
			b = append(b, 2)
			str(f.name)
		} else {
			b = append(b, 3)
		}
		b = append(b, 1)
		b = leb128.AppendUint(b, uint64(f.line))
		u32(f.low)
		u32(f.high - f.low)
	}
	return sized(append(b, 0))
}

// sized returns a unit with its length in front.
func sized(unit []byte) []byte {
	return append(binary.LittleEndian.AppendUint32(nil, uint32(len(unit))), unit...)
}

func (t *lineTable) lines() []byte {
	// The header declares the twelve standard opcodes. The program uses no special opcodes.
	header := []byte{1, 1, 1, 0xfb, 14, 13, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1, 0}
	header = append(append(header, t.source...), 0, 0, 0, 0, 0)
	b := []byte{4, 0}
	b = binary.LittleEndian.AppendUint32(b, uint32(len(header)))
	b = append(b, header...)
	for _, f := range t.funcs {
		addr, line := f.low, 1
		b = binary.LittleEndian.AppendUint32(append(b, 0, 5, dwLneSetAddress), addr)
		row := func(r lineRow) {
			if r.addr != addr {
				b = leb128.AppendUint(append(b, dwLnsAdvancePC), uint64(r.addr-addr))
				addr = r.addr
			}
			if r.line != line {
				b = leb128.AppendInt(append(b, dwLnsAdvanceLine), int64(r.line-line))
				line = r.line
			}
			b = append(leb128.AppendUint(append(b, dwLnsSetColumn), uint64(r.column)), dwLnsCopy)
		}
		row(lineRow{f.low, f.line, 0})
		for _, r := range f.rows {
			row(r)
		}
		b = leb128.AppendUint(append(b, dwLnsAdvancePC), uint64(f.high-addr))
		b = append(b, 0, 1, dwLneEndSequence)
	}
	return sized(b)
}
