package inspect

import (
	"bytes"
	"debug/dwarf"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/mortise-wasm/mortise/encoding"
)

// A debugInfo is the DWARF of a core module. Its addresses count from the start of the contents of
// the code section (WebAssembly tool conventions, "Code addresses").
type debugInfo struct {
	data *dwarf.Data
	code encoding.Span // the code section in the file
	size int           // of .debug_info
}

var errNoDwarf = errors.New("no DWARF")

// readDwarf reads the debugging information of a core module. It returns errNoDwarf if there is
// none.
func readDwarf(n *node) (*debugInfo, error) {
	d := &debugInfo{}
	sections := map[string][]byte{}
	for i := range n.sections {
		s := &n.sections[i]
		if name, ok := strings.CutPrefix(s.Name, ".debug_"); ok && s.IsCustom() && sections[name] == nil {
			sections[name] = s.Payload
		}
		if !s.IsCustom() && s.Kind == "code" {
			d.code = s.Contents
		}
	}
	if sections["info"] == nil || sections["abbrev"] == nil {
		return nil, errNoDwarf
	}
	if err := checkLines(sections["line"]); err != nil {
		return nil, err
	}
	d.size = len(sections["info"])
	data, err := dwarf.New(sections["abbrev"], sections["aranges"], sections["frame"], sections["info"], sections["line"],
		sections["pubnames"], sections["ranges"], sections["str"])
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"addr", "line_str", "str_offsets", "rnglists", "types"} {
		if payload := sections[name]; payload != nil {
			if err := data.AddSection(".debug_"+name, payload); err != nil {
				return nil, err
			}
		}
	}
	d.data = data
	return d, nil
}

// A codeFrame is a function that contains an address, with the position in the source: that of the
// address, or of the call if the next function inwards is inlined.
type codeFrame struct {
	Function string `json:"function,omitempty"`
	File     string `json:"file,omitempty"`
	Line     int    `json:"line,omitempty"`
	Column   int    `json:"column,omitempty"`
}

// lookUp returns the functions that contain an address, inlined ones first.
func (d *debugInfo) lookUp(pc uint64) (frames []codeFrame, err error) {
	defer func() {
		// The library may panic on a damaged file. Return that as an error.
		if r := recover(); r != nil {
			frames, err = nil, fmt.Errorf("%v", r)
		}
	}()
	// Reader.SkipChildren follows references, which may lead back in a damaged file.
	r := &entryReader{d.data.Reader(), d.size}
	for {
		unit, err := r.next()
		if unit == nil || err != nil {
			return nil, err
		}
		if unit.Tag != dwarf.TagCompileUnit {
			continue // an entry of a unit without the address, or padding between units
		}
		if outside, err := d.outside(unit, pc); outside || err != nil {
			if err != nil {
				return nil, err
			}
			continue
		}
		place, files, err := d.line(unit, pc)
		if err != nil {
			return nil, err
		}
		var scopes []*dwarf.Entry
		if unit.Children {
			if scopes, err = d.scopes(r, pc); err != nil {
				return nil, err
			}
		}
		if place == nil && scopes == nil {
			continue
		}
		return d.frames(place, files, scopes), nil
	}
}

// An entryReader reads at most left entries, one for each byte: the library does not advance at an
// unterminated number, and would return entries without end.
type entryReader struct {
	*dwarf.Reader
	left int
}

func (r *entryReader) next() (*dwarf.Entry, error) {
	if r.left--; r.left < 0 {
		e, err := r.Next()
		if e != nil {
			err = errors.New("an entry does not end")
		}
		return nil, err
	}
	return r.Next()
}

// checkLines returns an error for line tables of DWARF 5 whose lists of directories or files claim
// more entries than they have bytes. The library would allocate them.
func checkLines(lines []byte) error {
	bad := errors.New("the header of a line table is malformed")
	for len(lines) >= 4 {
		size := binary.LittleEndian.Uint32(lines)
		if uint64(size) > uint64(len(lines)-4) {
			return nil // the library reports it
		}
		unit := lines[4 : 4+size]
		lines = lines[4+size:]
		if len(unit) < 2 || binary.LittleEndian.Uint16(unit) != 5 {
			continue
		}
		if len(unit) < 14 || len(unit) < 14+int(unit[13])-1 || unit[13] == 0 {
			return bad
		}
		unit = unit[14+int(unit[13])-1:]
		for range 2 { // directories, files
			rest, ok := skipList(unit)
			if !ok {
				return bad
			}
			unit = rest
		}
	}
	return nil
}

// skipList skips a list of directories or files: the format of the entries, their count, and the
// entries.
func skipList(b []byte) (rest []byte, ok bool) {
	number := func() uint64 {
		n, size := binary.Uvarint(b)
		if size <= 0 {
			ok, b = false, nil
			return 0
		}
		b = b[size:]
		return n
	}
	skip := func(n uint64) {
		if n > uint64(len(b)) {
			ok, b = false, nil
			return
		}
		b = b[n:]
	}
	if len(b) == 0 {
		return nil, false
	}
	ok = true
	forms := make([]uint64, b[0])
	b = b[1:]
	for i := range forms {
		number() // the content type
		forms[i] = number()
	}
	count := number()
	if count > uint64(len(b)) || count > 0 && len(forms) == 0 {
		return nil, false
	}
	for range count {
		for _, form := range forms {
			switch form {
			case 0x08: // string
				end := bytes.IndexByte(b, 0)
				if end < 0 {
					return nil, false
				}
				skip(uint64(end) + 1)
			case 0x0f: // udata
				number()
			case 0x1f, 0x0e, 0x06: // line_strp, strp, data4
				skip(4)
			case 0x05: // data2
				skip(2)
			case 0x0b: // data1
				skip(1)
			case 0x07: // data8
				skip(8)
			case 0x1e: // data16
				skip(16)
			case 0x09: // block
				skip(number())
			default:
				return nil, false
			}
		}
	}
	return b, ok
}

// outside reports whether the address ranges of a unit exclude an address.
func (d *debugInfo) outside(unit *dwarf.Entry, pc uint64) (bool, error) {
	ranges, err := d.data.Ranges(unit)
	for _, x := range ranges {
		if x[0] <= pc && pc < x[1] {
			return false, err
		}
	}
	return len(ranges) > 0, err
}

// line returns the row of the line table for an address, or nil if there is none. Functions that
// the linker removed have addresses at 0 or at the end of the address space.
func (d *debugInfo) line(unit *dwarf.Entry, pc uint64) (*codeFrame, []*dwarf.LineFile, error) {
	lr, err := d.data.LineReader(unit)
	if lr == nil || err != nil {
		return nil, nil, err
	}
	var last, row dwarf.LineEntry
	started, dead := false, false
	for {
		if err := lr.Next(&row); errors.Is(err, io.EOF) {
			return nil, lr.Files(), nil
		} else if err != nil {
			return nil, nil, err
		}
		if !started {
			dead = row.Address == 0
		} else if !dead && last.Address <= pc && pc < row.Address {
			f := &codeFrame{Line: last.Line, Column: last.Column}
			if last.File != nil {
				f.File = last.File.Name
			}
			return f, lr.Files(), nil
		}
		last, started = row, !row.EndSequence
	}
}

// scopes returns the function that contains an address and those inlined there, outermost first. r
// must be at the first child of a unit.
func (d *debugInfo) scopes(r *entryReader, pc uint64) ([]*dwarf.Entry, error) {
	var list []*dwarf.Entry
	for depth := 1; depth > 0; {
		e, err := r.next()
		switch {
		case e == nil || err != nil:
			return list, err
		case e.Tag == 0:
			depth--
			continue
		case e.Tag == dwarf.TagSubprogram || e.Tag == dwarf.TagInlinedSubroutine:
			ranges, err := d.data.Ranges(e)
			if err != nil {
				return nil, err
			}
			for _, x := range ranges {
				if x[0] != 0 && x[0] <= pc && pc < x[1] {
					list = append(list, e)
					break
				}
			}
		}
		if e.Children {
			depth++
		}
	}
	return list, nil
}

func (d *debugInfo) frames(place *codeFrame, files []*dwarf.LineFile, scopes []*dwarf.Entry) []codeFrame {
	at := codeFrame{}
	if place != nil {
		at = *place
	}
	if len(scopes) == 0 {
		return []codeFrame{at}
	}
	var list []codeFrame
	for i := len(scopes) - 1; i >= 0; i-- {
		at.Function = d.name(scopes[i])
		list = append(list, at)
		at = codeFrame{}
		if n, ok := scopes[i].Val(dwarf.AttrCallFile).(int64); ok && n >= 0 && n < int64(len(files)) && files[n] != nil {
			at.File = files[n].Name
		}
		if n, ok := scopes[i].Val(dwarf.AttrCallLine).(int64); ok {
			at.Line = int(n)
		}
		if n, ok := scopes[i].Val(dwarf.AttrCallColumn).(int64); ok {
			at.Column = int(n)
		}
	}
	return list
}

// maxOrigins limits the number of references to follow to the name of a function.
const maxOrigins = 8

// name returns the name of a function. The name may be in the entry that e is a copy of.
func (d *debugInfo) name(e *dwarf.Entry) string {
	r := d.data.Reader()
	for range maxOrigins {
		if name, ok := e.Val(dwarf.AttrLinkageName).(string); ok {
			return name
		}
		name, named := e.Val(dwarf.AttrName).(string)
		at, ok := e.Val(dwarf.AttrAbstractOrigin).(dwarf.Offset)
		if !ok {
			at, ok = e.Val(dwarf.AttrSpecification).(dwarf.Offset)
		}
		if !ok || named {
			return name
		}
		r.Seek(at)
		next, err := r.Next()
		if next == nil || err != nil {
			return ""
		}
		e = next
	}
	return ""
}
