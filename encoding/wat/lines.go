package wat

import (
	"encoding/binary"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
)

// AssembleWithLines is [Assemble] with debug information: engines that read DWARF report the place
// in the text where a trap happened. Each core module gets a table of lines and columns in custom
// sections at its end.
func AssembleWithLines(f *diag.File) (*diag.File, error) {
	u, err := parseUnit(func() *parser {
		p := newParser(f)
		p.lines = true
		return p
	})
	if err != nil {
		return nil, err
	}
	return u.File(f.Name), nil
}

// addLines appends the debug information of a module to its bytes.
func (p *parser) addLines(data []byte, r *coreResolver) []byte {
	m, err := core.Decode(data)
	if err != nil {
		return data
	}
	code, ok := m.Section(core.SectionCode)
	if !ok {
		return data
	}
	if p.placer == nil {
		p.placer = &placer{parser: p}
		p.placer.match()
	}
	w := p.placer
	w.list = w.list[:0]
	// Addresses are relative to the start of the code section.
	x := placedModule{placer: w, base: -code.Start}
	fields := fieldsOf(r)
	for i, s := range pairs(m.Spans(core.SectionCode), fields.funcs) {
		f := fields.funcs[i]
		x.code(tail(data, s, r.b.Funcs[i].Code), &f.body, w.closing(f.tok))
	}
	size := code.End - code.Start
	data = appendCustom(data, ".debug_abbrev", debugAbbrev)
	data = appendCustom(data, ".debug_info", debugInfo(p.file.Name, size))
	return appendCustom(data, ".debug_line", debugLine(p.file, w.list, size))
}

func appendCustom(dst []byte, name string, payload []byte) []byte {
	body := append(appendString(nil, name), payload...)
	dst = binary.AppendUvarint(append(dst, byte(core.SectionCustom)), uint64(len(body)))
	return append(dst, body...)
}

// debugAbbrev declares the only kind of entry: a compilation unit with a name, lines, and the
// lowest and highest address (DWARF 4, section 7.5).
var debugAbbrev = []byte{
	1, 0x11, 0, // code, DW_TAG_compile_unit, no children
	0x03, 0x08, // DW_AT_name, DW_FORM_string
	0x10, 0x17, // DW_AT_stmt_list, DW_FORM_sec_offset
	0x11, 0x01, // DW_AT_low_pc, DW_FORM_addr
	0x12, 0x06, // DW_AT_high_pc, DW_FORM_data4
	0, 0, 0,
}

const dwarfVersion = 4

// debugInfo returns the entry of a module whose code section has the given size.
func debugInfo(name string, size int) []byte {
	le := binary.LittleEndian
	b := le.AppendUint16(nil, dwarfVersion)
	b = le.AppendUint32(b, 0)            // start of the abbreviations
	b = append(b, 4)                     // bytes per address
	b = append(b, 1)                     // the abbreviation
	b = append(append(b, name...), 0)    // name
	b = le.AppendUint32(b, 0)            // lines
	b = le.AppendUint32(b, 1)            // low: 0 would mean that the code was removed
	b = le.AppendUint32(b, uint32(size)) // high, as an offset from low
	return append(le.AppendUint32(nil, uint32(len(b))), b...)
}

// The opcodes of line number programs (DWARF 4, section 6.2.5).
const (
	lineCopy        = 1
	lineAdvancePC   = 2
	lineAdvanceLine = 3
	lineSetColumn   = 5
	lineEndSequence = 1 // after 0 and a length
	lineOpcodeBase  = 13
)

// debugLine returns a line number program for the places of instructions, which must be in address
// order.
func debugLine(f *diag.File, list []place, size int) []byte {
	le := binary.LittleEndian
	// minimum instruction length 1, statements, no special opcodes
	head := []byte{1, 1, 1, 0, 1, lineOpcodeBase}
	// numbers of operands of the standard opcodes
	head = append(head, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1)
	head = append(head, 0)                                        // no folders
	head = append(append(append(head, f.Name...), 0, 0, 0, 0), 0) // one file
	var code []byte
	addr, line := 0, 1
	for _, p := range list {
		at := f.Position(int(p.text.off))
		code = binary.AppendUvarint(append(code, lineAdvancePC), uint64(p.start-addr))
		code = appendSLEB(append(code, lineAdvanceLine), at.Line-line)
		code = binary.AppendUvarint(append(code, lineSetColumn), uint64(at.Column))
		code = append(code, lineCopy)
		addr, line = p.start, at.Line
	}
	code = binary.AppendUvarint(append(code, lineAdvancePC), uint64(size-addr))
	code = append(code, 0, 1, lineEndSequence)
	b := le.AppendUint16(nil, dwarfVersion)
	b = le.AppendUint32(b, uint32(len(head)))
	b = append(append(b, head...), code...)
	return append(le.AppendUint32(nil, uint32(len(b))), b...)
}

// appendSLEB appends a signed LEB128 number.
func appendSLEB(dst []byte, v int) []byte {
	for {
		c := byte(v & 0x7f)
		v >>= 7
		if v == 0 && c&0x40 == 0 || v == -1 && c&0x40 != 0 {
			return append(dst, c)
		}
		dst = append(dst, c|0x80)
	}
}
