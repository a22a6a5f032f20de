package wat

import (
	"encoding/binary"
	"fmt"
	"unicode/utf8"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
)

// nameSpace is an index space as far as names go.
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

// spaceWords are what unnamed definitions are called after.
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

// naming is the name of a definition: id refers to it, and def, which may have the name as an annotation behind the id, defines it.
type naming struct {
	text    string
	id, def string
}

// newNaming returns the naming for a name. A name that was used already, or that cannot be an id, gets one made of group and index.
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

// printScope is what the printer knows of a module, component or type while it prints it.
type printScope struct {
	isComponent bool
	name        *naming
	names       [numSpaces]map[uint32]naming
	counts      [numSpaces]uint32
	// locals, labels and fields are names by function or type.
	locals, labels, fields map[uint32]map[uint32]naming
	// types are the core types as far as they are definitions of the scope's own.
	types []*core.SubType
	// place is where a custom section stands that is printed next.
	place string
	hints map[uint32][]codeHint
}

// codeHint is a branch hint at an offset in a function body.
type codeHint struct {
	offset uint32
	taken  bool
}

// nameReader reads a name section without much ado: what cannot be read is left out.
type nameReader struct {
	b  []byte
	ok bool
}

func (r *nameReader) u32() uint32 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 || v > 0xffffffff {
		r.ok = false
		r.b = nil
		return 0
	}
	r.b = r.b[n:]
	return uint32(v)
}

func (r *nameReader) take(n uint32) []byte {
	if uint64(n) > uint64(len(r.b)) {
		r.ok = false
		n = uint32(len(r.b))
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *nameReader) str() string {
	b := r.take(r.u32())
	if !utf8.Valid(b) {
		r.ok = false
		r.b = nil
	}
	return string(b)
}

// names reads a map of indices to names.
func (r *nameReader) names(group string, unique bool) map[uint32]naming {
	out := map[uint32]naming{}
	var used map[string]bool
	if unique {
		used = map[string]bool{}
	}
	for n := r.u32(); n > 0 && r.ok; n-- {
		i := r.u32()
		text := r.str()
		if r.ok {
			out[i] = newNaming(text, group, i, used)
		}
	}
	return out
}

// indirect reads a map of indices to such maps.
func (r *nameReader) indirect(group string, unique bool) map[uint32]map[uint32]naming {
	out := map[uint32]map[uint32]naming{}
	for n := r.u32(); n > 0 && r.ok; n-- {
		i := r.u32()
		out[i] = r.names(group, unique)
	}
	return out
}

// readCoreNames reads the name section of a module.
func (s *printScope) readCoreNames(payload []byte) {
	spaces := map[byte]nameSpace{
		nameFunc: spaceFunc, nameType: spaceType, nameTable: spaceTable, nameMemory: spaceMemory, nameGlobal: spaceGlobal,
		nameElem: spaceElem, nameData: spaceData, nameTag: spaceTag,
	}
	r := &nameReader{payload, true}
	for len(r.b) > 0 && r.ok {
		id := r.b[0]
		r.b = r.b[1:]
		sub := &nameReader{r.take(r.u32()), true}
		switch id {
		case nameModule:
			if text := sub.str(); sub.ok {
				n := newNaming(text, "module", 0, nil)
				s.name = &n
			}
		case nameLocal:
			s.locals = sub.indirect("local", true)
		case nameLabel:
			s.labels = sub.indirect("label", false)
		case nameField:
			s.fields = sub.indirect("field", true)
		default:
			if space, ok := spaces[id]; ok {
				s.names[space] = sub.names(spaceWords[space], true)
			}
		}
		r.ok = r.ok && sub.ok
	}
}

// readHints reads a section of branch hints.
func (s *printScope) readHints(payload []byte) {
	s.hints = map[uint32][]codeHint{}
	r := &nameReader{payload, true}
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

// sortGroups are the words that made-up ids of a component's definitions have.
var sortGroups = map[encoding.Sort]string{
	encoding.SortCoreFunc: "core-func", encoding.SortCoreTable: "core-table", encoding.SortCoreMemory: "core-memory",
	encoding.SortCoreGlobal: "core-global", encoding.SortCoreTag: "core-tag", encoding.SortCoreType: "core-type",
	encoding.SortCoreModule: "core-module", encoding.SortCoreInstance: "core-instance", encoding.SortFunc: "func",
	encoding.SortValue: "value", encoding.SortType: "type", encoding.SortComponent: "component", encoding.SortInstance: "instance",
}

// readComponentNames takes the names of a component's name section.
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

// define prints the name and index of the next definition, and counts it.
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
