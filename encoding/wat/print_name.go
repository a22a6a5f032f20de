package wat

import (
	"encoding/binary"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
)

// nameSpace is an index space for names.
type nameSpace uint8

const (
	spaceFunc nameSpace = iota
	spaceTable
	spaceMemory
	spaceGlobal
	spaceTag
	spaceType
	spaceElem
	spaceData
	spaceModule
	spaceCoreInstance
	spaceComponentFunc
	spaceValue
	spaceComponentType
	spaceComponent
	spaceInstance

	numSpaces
)

// spaceWords are the words in the names of unnamed definitions.
var spaceWords = [numSpaces]string{
	"func", "table", "memory", "global", "tag", "type", "elem", "data", "module", "instance", "func", "value", "type", "component",
	"instance",
}

// sortSpaces are the index spaces of the sorts.
var sortSpaces = [...]nameSpace{
	encoding.SortCoreFunc: spaceFunc, encoding.SortCoreTable: spaceTable, encoding.SortCoreMemory: spaceMemory,
	encoding.SortCoreGlobal: spaceGlobal, encoding.SortCoreTag: spaceTag, encoding.SortCoreType: spaceType,
	encoding.SortCoreModule: spaceModule, encoding.SortCoreInstance: spaceCoreInstance, encoding.SortFunc: spaceComponentFunc,
	encoding.SortValue: spaceValue, encoding.SortType: spaceComponentType, encoding.SortComponent: spaceComponent,
	encoding.SortInstance: spaceInstance,
}

// externSpaces are the index spaces of core imports and exports.
var externSpaces = [...]nameSpace{
	core.ExternFunc: spaceFunc, core.ExternTable: spaceTable, core.ExternMemory: spaceMemory, core.ExternGlobal: spaceGlobal,
	core.ExternTag: spaceTag,
}

// naming is the name of a definition. References use id. The definition itself uses def, which may
// have the name as an annotation after the id.
type naming struct {
	text    string
	id, def string
}

// newNaming returns the naming for a name. A name that is not unique, or that is not a valid id,
// gets an id made from group and index.
func newNaming(text, group string, index uint32, used map[string]bool) naming {
	plain := true
	for i := 0; i < len(text); i++ {
		plain = plain && isIDChar(text[i])
	}
	n := naming{text: text}
	switch {
	case text == "" || text[0] == '#' || used[text]:
		b := fmt.Appendf(nil, "$\"#%s%d ", group, index)
		b = append(appendEscaped(b, text), '"')
		n.id = string(b)
		n.def = string(append(appendEscaped(append(b, " (@name \""...), text), "\")"...))
	case plain:
		n.id = "$" + text
		n.def = n.id
	default:
		n.id = string(append(appendEscaped([]byte("$\""), text), '"'))
		n.def = n.id
	}
	if used != nil {
		used[text] = true
	}
	return n
}

// printScope holds the state of the printer for a module, component or type.
type printScope struct {
	isComponent bool
	name        *naming
	names       [numSpaces]map[uint32]naming
	counts      [numSpaces]uint32
	// locals, labels and fields hold names by function or type.
	locals, labels, fields map[uint32]map[uint32]naming
	// types are the core types that the scope itself defines.
	types []*core.SubType
	// place is the place of the next custom section.
	place string
	hints map[uint32][]codeHint
	// stacks are the operand stacks after instructions, in the order of the instructions. The text of
	// each starts at the end of the previous one.
	stacks    []operandStack
	stackText []byte
}

// operandStack is the operand stack after the instruction at an offset of the module.
type operandStack struct{ offset, end int }

// readOperands gets the operand stacks in the functions of a module from the validator. A function
// has no stacks from its first invalid instruction on.
func (s *printScope) readOperands(m *core.Module) {
	add := func(offset int, stack []string, below int) {
		s.stackText = append(s.stackText, ";; ["...)
		if below > 0 {
			s.stackText = fmt.Appendf(s.stackText, "... %d more ... ", below)
		}
		for i, t := range stack {
			if i > 0 {
				s.stackText = append(s.stackText, ' ')
			}
			s.stackText = append(s.stackText, t...)
		}
		s.stackText = append(s.stackText, ']')
		s.stacks = append(s.stacks, operandStack{offset, len(s.stackText)})
	}
	core.OperandStacks(m, add)
}

// operandsAt returns the operand stack after the instruction at an offset of the module, if known.
func (s *printScope) operandsAt(offset int) (text []byte, ok bool) {
	i, ok := slices.BinarySearchFunc(s.stacks, offset, func(o operandStack, at int) int { return o.offset - at })
	if !ok {
		return nil, false
	}
	start := 0
	if i > 0 {
		start = s.stacks[i-1].end
	}
	return s.stackText[start:s.stacks[i].end], true
}

// codeHint is a branch hint at an offset in a function body.
type codeHint struct {
	offset uint32
	taken  bool
}

// payloadReader reads custom sections without detailed errors. It sets ok to false if it reads past
// the end.
type payloadReader struct {
	b  []byte
	ok bool
}

func (r *payloadReader) u32() uint32 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 || v > 0xffffffff {
		r.ok = false
		r.b = nil
		return 0
	}
	r.b = r.b[n:]
	return uint32(v)
}

func (r *payloadReader) take(n uint32) []byte {
	if uint64(n) > uint64(len(r.b)) {
		r.ok = false
		n = uint32(len(r.b))
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *payloadReader) str() string {
	b := r.take(r.u32())
	if !utf8.Valid(b) {
		r.ok = false
		r.b = nil
	}
	return string(b)
}

// readCoreNames reads the name section of a module.
func (s *printScope) readCoreNames(payload []byte) {
	names := core.DecodeNames(payload)
	if names.HasModule {
		n := newNaming(names.Module, "module", 0, nil)
		s.name = &n
	}
	funcs := make([]core.IndexName, len(names.Funcs))
	for i, f := range names.Funcs {
		funcs[i] = core.IndexName{Index: uint32(f.Index), Name: f.Name}
	}
	for space, list := range map[nameSpace][]core.IndexName{
		spaceFunc: funcs, spaceType: names.Types, spaceTable: names.Tables, spaceMemory: names.Memories, spaceGlobal: names.Globals,
		spaceElem: names.Elems, spaceData: names.Data, spaceTag: names.Tags,
	} {
		s.names[space] = namings(list, spaceWords[space], true)
	}
	s.locals = innerNamings(names.Locals, "local", true)
	s.labels = innerNamings(names.Labels, "label", false)
	s.fields = innerNamings(names.Fields, "field", true)
}

// namings returns the namings of names, by index.
func namings(list []core.IndexName, group string, unique bool) map[uint32]naming {
	out := make(map[uint32]naming, len(list))
	var used map[string]bool
	if unique {
		used = make(map[string]bool, len(list))
	}
	for _, x := range list {
		out[x.Index] = newNaming(x.Name, group, x.Index, used)
	}
	return out
}

func innerNamings(list []core.IndirectName, group string, unique bool) map[uint32]map[uint32]naming {
	out := make(map[uint32]map[uint32]naming, len(list))
	for _, x := range list {
		out[x.Index] = namings(x.Names, group, unique)
	}
	return out
}

// readHints reads a section of branch hints.
func (s *printScope) readHints(payload []byte) {
	s.hints = map[uint32][]codeHint{}
	r := &payloadReader{payload, true}
	for n := r.u32(); n > 0 && r.ok; n-- {
		fn := r.u32()
		for k := r.u32(); k > 0 && r.ok; k-- {
			offset := r.u32()
			b := r.take(r.u32())
			if r.ok && len(b) == 1 && b[0] <= 1 {
				s.hints[fn] = append(s.hints[fn], codeHint{offset, b[0] == 1})
			}
		}
	}
}

// sortGroups are the words in made-up ids for the definitions of a component.
var sortGroups = map[encoding.Sort]string{
	encoding.SortCoreFunc: "core-func", encoding.SortCoreTable: "core-table", encoding.SortCoreMemory: "core-memory",
	encoding.SortCoreGlobal: "core-global", encoding.SortCoreTag: "core-tag", encoding.SortCoreType: "core-type",
	encoding.SortCoreModule: "core-module", encoding.SortCoreInstance: "core-instance", encoding.SortFunc: "func",
	encoding.SortValue: "value", encoding.SortType: "type", encoding.SortComponent: "component", encoding.SortInstance: "instance",
}

// readComponentNames reads the name section of a component.
func (s *printScope) readComponentNames(names *encoding.Names) {
	if names.Component != "" {
		n := newNaming(names.Component, "component", 0, nil)
		s.name = &n
	}
	for _, list := range names.Sorts {
		space := sortSpaces[list.Sort]
		if s.names[space] == nil {
			s.names[space] = map[uint32]naming{}
		}
		used := map[string]bool{}
		for _, x := range list.Names {
			s.names[space][x.Index] = newNaming(x.Name, sortGroups[list.Sort], x.Index, used)
		}
	}
}

// index prints a reference.
func (p *printer) index(s *printScope, space nameSpace, i uint32) {
	if n, ok := s.names[space][i]; ok {
		p.str(n.id)
		return
	}
	if p.o.NameUnnamed {
		p.printf("$#%s%d", spaceWords[space], i)
		return
	}
	p.num(uint64(i))
}

// define prints the name and index of the next definition, and increments the count.
func (p *printer) define(s *printScope, space nameSpace) {
	i := s.counts[space]
	s.counts[space]++
	p.defineAt(s, space, i)
}

func (p *printer) defineAt(s *printScope, space nameSpace, i uint32) {
	if n, ok := s.names[space][i]; ok {
		p.str(n.def)
		p.str(" ")
	} else if p.o.NameUnnamed {
		p.printf("$#%s%d ", spaceWords[space], i)
	}
	p.str("(;")
	p.num(uint64(i))
	p.str(";)")
}
