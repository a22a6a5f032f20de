package meter

import (
	"encoding/binary"
	"strconv"
	"strings"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/leb128"
)

// An engine that finds debug information adds the source position of each frame to its stack
// traces, as text: the offset in the code section, the file and the line. Rewriting moves the code.
// Instead of rewriting the debug information, which has many forms, the copy gets a line table of
// its own, in which the line is the distance that the code at an offset has moved. [Original] then
// finds the original offset from the text.

// bias is added to the distances so that none is negative.
const bias = 1 << 28

// filePrefix starts the name of the file in the line table, before the module's [Options.Source].
const filePrefix = "[moved] "

// Original returns the module and the offset in its code section that a source position in a stack
// trace of the engine means. It returns false if the position is not from a table made by
// [Rewrite].
func Original(position string) (source string, offset uint64, ok bool) {
	to, rest, ok := strings.Cut(position, ": "+filePrefix)
	if !ok {
		return "", 0, false
	}
	source, line, ok := strings.Cut(rest, ":")
	if !ok {
		return "", 0, false
	}
	at, err := strconv.ParseUint(strings.TrimPrefix(to, "0x"), 16, 32)
	if err != nil {
		return "", 0, false
	}
	n, err := strconv.ParseUint(line, 10, 32)
	if err != nil || at+bias < n {
		return "", 0, false
	}
	return source, at + bias - n, true
}

// HasDebugInfo reports whether the module has debug information with a line table.
func HasDebugInfo(m *core.Module) bool {
	info, line := false, false
	for s := range m.Customs() {
		info = info || s.Name == ".debug_info"
		line = line || s.Name == ".debug_line"
	}
	return info && line
}

// move says that the code from an offset on comes from another offset.
type move struct{ to, from int }

// moves collects the moves of all code. Offsets are those in the contents of the code section. A
// nil *moves collects nothing.
type moves struct {
	source  string
	section int // start of the contents of the original's section
	list    []move
	length  int // of the copy's section
}

func (m *moves) add(to, from int) {
	// Only changes of the distance matter.
	if n := len(m.list); n > 0 && m.list[n-1].to-m.list[n-1].from == to-from {
		return
	}
	m.list = append(m.list, move{to, from})
}

// shift moves all code.
func (m *moves) shift(n int) {
	if m == nil {
		return
	}
	for i := range m.list {
		m.list[i].to += n
	}
}

func (m *moves) end(length int) {
	if m != nil {
		m.length = length
	}
}

// size returns about how many bytes the sections take.
func (m *moves) size() int {
	if m == nil {
		return 0
	}
	return 256 + 8*len(m.list)
}

// The codes of DWARF version 4 that the sections use.
const (
	dwarfVersion = 4

	tagCompileUnit = 0x11
	atStmtList     = 0x10
	atLowPC        = 0x11
	atHighPC       = 0x12
	formAddr       = 0x01
	formData4      = 0x06
	formSecOffset  = 0x17

	lnsCopy        = 1
	lnsAdvancePC   = 2
	lnsAdvanceLine = 3
	lneEndSequence = 1
	lneSetAddress  = 2
	opcodeBase     = 13
)

// appendSections appends the sections of the debug information.
func (m *moves) appendSections(out []byte) []byte {
	if m == nil {
		return out
	}
	out = appendCustom(out, ".debug_abbrev", []byte{
		1, tagCompileUnit, 0, atLowPC, formAddr, atHighPC, formData4, atStmtList, formSecOffset, 0, 0, 0,
	})
	unit := []byte{dwarfVersion, 0, 0, 0, 0, 0, 4, 1} // version, offset of the abbreviations, size of addresses, abbreviation
	unit = binary.LittleEndian.AppendUint32(unit, 1)  // the engine takes 0 for code that the linker removed
	unit = binary.LittleEndian.AppendUint32(unit, uint32(m.length))
	unit = binary.LittleEndian.AppendUint32(unit, 0) // offset of the line table
	out = appendCustom(out, ".debug_info", sized(unit))
	return appendCustom(out, ".debug_line", m.lineTable())
}

// sized returns b after its length in 32 bits.
func sized(b []byte) []byte {
	return append(binary.LittleEndian.AppendUint32(nil, uint32(len(b))), b...)
}

func (m *moves) lineTable() []byte {
	head := []byte{
		1, 1, 1, // smallest instruction, operations in one, default of is_stmt
		0, 1, // line base and range, for opcodes that are not used
		opcodeBase, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1,
		0, // no folders
	}
	head = append(append(head, filePrefix...), m.source...)
	head = append(head, 0, 0, 0, 0, 0) // end of the name, folder, time, length, end of the files
	table := append([]byte{dwarfVersion, 0}, sized(head)...)
	table = append(table, 0, 5, lneSetAddress, 0, 0, 0, 0)
	address, line := 0, 1
	for _, x := range m.list {
		to := x.to - x.from + bias
		table = append(table, lnsAdvanceLine)
		table = leb128.AppendInt(table, int64(to-line))
		table = append(table, lnsAdvancePC)
		table = leb128.AppendUint(table, uint64(x.to-address))
		table = append(table, lnsCopy)
		address, line = x.to, to
	}
	table = append(table, lnsAdvancePC)
	table = leb128.AppendUint(table, uint64(m.length-address))
	return sized(append(table, 0, 1, lneEndSequence))
}
