package wat

import (
	"encoding/binary"

	"github.com/mortise-wasm/mortise/encoding/core"
)

// nameMap is an encoded list of indices with names.
type nameMap struct {
	count uint64
	data  []byte
}

func (m *nameMap) add(index uint32, name string) {
	m.count++
	m.data = appendString(binary.AppendUvarint(m.data, uint64(index)), name)
}

// addMap appends an index with its own map.
func (m *nameMap) addMap(index uint32, inner *nameMap) {
	if inner.count == 0 {
		return
	}
	m.count++
	m.data = inner.append(binary.AppendUvarint(m.data, uint64(index)))
}

func (m *nameMap) append(dst []byte) []byte {
	return append(binary.AppendUvarint(dst, m.count), m.data...)
}

// coreNames collects the names inside functions.
type coreNames struct{ locals, labels nameMap }

// function adds the names of the local variables and labels of a function. It omits the local
// variables unless the number of parameters is known.
func (n *coreNames) function(f *funcField, params uint32, known bool) {
	var locals, labels nameMap
	add := func(i uint32, x *param) {
		if x.name.ok {
			locals.add(i, x.name.text)
		} else if x.id != "" {
			locals.add(i, x.id)
		}
	}
	if known {
		if f.use.inline != nil {
			for i := range f.use.inline.params {
				add(uint32(i), &f.use.inline.params[i])
			}
		}
		for i := range f.locals {
			add(params+uint32(i), &f.locals[i])
		}
	}
	label := uint32(0)
	for i := range f.body.instrs {
		in := &f.body.instrs[i]
		if imm := in.op.Info().Imm; imm != core.ImmBlock && imm != core.ImmTryTable {
			continue
		}
		if in.ext.name.ok {
			labels.add(label, in.ext.name.text)
		} else if in.ext.label != "" {
			labels.add(label, in.ext.label)
		}
		label++
	}
	n.locals.addMap(f.index, &locals)
	n.labels.addMap(f.index, &labels)
}

// nameSection returns the payload of the name section, or nil if there are no names.
func (r *coreResolver) nameSection() []byte {
	var maps [core.NameTag + 1]nameMap
	maps[core.NameLocal], maps[core.NameLabel] = r.names.locals, r.names.labels
	add := func(sub int, h *head) {
		if s, ok := h.debugName(); ok {
			maps[sub].add(h.index, s)
		}
	}
	for _, f := range r.all {
		switch f := f.(type) {
		case *typeField:
			for _, d := range f.types {
				add(core.NameType, &d.head)
			}
			if !f.rec {
				addFieldNames(&maps[core.NameField], f.types[0])
			}
		case *importField:
			for _, item := range f.items {
				add(externNames[item.typ.kind], &item.head)
			}
		case *funcField:
			add(core.NameFunc, &f.head)
		case *tableField:
			add(core.NameTable, &f.head)
		case *memoryField:
			add(core.NameMemory, &f.head)
		case *globalField:
			add(core.NameGlobal, &f.head)
		case *tagField:
			add(core.NameTag, &f.head)
		case *elemField:
			add(core.NameElem, &f.head)
		case *dataField:
			add(core.NameData, &f.head)
		}
	}
	var out []byte
	if s, ok := (&head{id: r.m.id, name: r.m.name}).debugName(); ok {
		out = appendSubsection(out, core.NameModule, appendString(nil, s))
	}
	for sub := core.NameFunc; sub < len(maps); sub++ {
		if maps[sub].count > 0 {
			out = appendSubsection(out, byte(sub), maps[sub].append(nil))
		}
	}
	return out
}

// externNames are the name subsections for the kinds of imports.
var externNames = [...]int{
	core.ExternFunc: core.NameFunc, core.ExternTable: core.NameTable, core.ExternMemory: core.NameMemory, core.ExternGlobal: core.NameGlobal,
	core.ExternTag: core.NameTag,
}

func addFieldNames(m *nameMap, d *typeDef) {
	var fields nameMap
	for i, f := range d.structure {
		if f.id != "" {
			fields.add(uint32(i), f.id)
		}
	}
	m.addMap(d.index, &fields)
}

func appendSubsection(dst []byte, id byte, payload []byte) []byte {
	dst = binary.AppendUvarint(append(dst, id), uint64(len(payload)))
	return append(dst, payload...)
}
