package core

import (
	"slices"

	"github.com/mortise-wasm/mortise/encoding/internal/raw"
)

// Names is the contents of the name section of a module (core specification, "Name Section"). The
// subsections beyond functions and local variables are those of the extended-name-section proposal.
type Names struct {
	// Module is the name of the module, which may be empty. HasModule reports whether the module has a
	// name.
	Module    string
	HasModule bool
	// All lists are in the order of the section, which should be the order of the indices.
	Funcs []FuncName
	// Locals and Labels are grouped by function, and Fields by type. Labels count the blocks of a
	// function in order.
	Locals, Labels, Fields                              []IndirectName
	Types, Tables, Memories, Globals, Elems, Data, Tags []IndexName
}

// FuncName is the name of one function.
type FuncName struct {
	Index FuncIdx
	Name  string
}

// IndexName is the name of one item.
type IndexName struct {
	Index uint32
	Name  string
}

// IndirectName holds the names of the items that belong to another item.
type IndirectName struct {
	Index uint32
	Names []IndexName
}

// The subsections of the name section, in order.
const (
	NameModule = iota
	NameFunc
	NameLocal
	NameLabel
	NameType
	NameTable
	NameMemory
	NameGlobal
	NameElem
	NameData
	NameField
	NameTag
)

// Names reads the first name section. Because that section is only for people, Names is lenient and
// leaves out what it cannot read.
func (m *Module) Names() Names {
	payload, _ := m.Custom("name")
	return DecodeNames(payload)
}

// DecodeNames reads the payload of a name section, as leniently as [Module.Names].
func DecodeNames(payload []byte) Names {
	var n Names
	r := raw.NewReader(payload, 0, len(payload))
	for r.Len() > 0 {
		id := r.Byte()
		n.read(id, r.Sub(r.U32()))
	}
	return n
}

func (n *Names) read(id byte, r *raw.Reader) {
	lists := map[byte]*[]IndexName{
		NameType: &n.Types, NameTable: &n.Tables, NameMemory: &n.Memories, NameGlobal: &n.Globals, NameElem: &n.Elems, NameData: &n.Data,
		NameTag: &n.Tags,
	}
	indirect := map[byte]*[]IndirectName{NameLocal: &n.Locals, NameLabel: &n.Labels, NameField: &n.Fields}
	switch {
	case id == NameModule:
		n.Module = r.Name()
		n.HasModule = r.OK()
	case id == NameFunc:
		for _, x := range readNames(r) {
			n.Funcs = append(n.Funcs, FuncName{FuncIdx(x.Index), x.Name})
		}
	case lists[id] != nil:
		*lists[id] = append(*lists[id], readNames(r)...)
	case indirect[id] != nil:
		for range r.Count() {
			x := IndirectName{Index: r.U32(), Names: readNames(r)}
			if len(x.Names) > 0 {
				*indirect[id] = append(*indirect[id], x)
			}
			if !r.OK() {
				break
			}
		}
	}
}

// readNames reads a name map up to the first bad entry.
func readNames(r *raw.Reader) []IndexName {
	var list []IndexName
	for range r.Count() {
		x := IndexName{r.U32(), r.Name()}
		if !r.OK() {
			break
		}
		list = append(list, x)
	}
	return list
}

// TargetFeature is an entry of a target_features section (tool conventions, "Target Features
// Section"). Prefix is '+' for a used feature, '-' for a forbidden one and '=' for a required one.
type TargetFeature struct {
	Prefix byte
	Name   string
}

// TargetFeatures reads the first target_features section, as leniently as [Module.Names]. It
// returns nil if the module has none.
func (m *Module) TargetFeatures() []TargetFeature {
	payload, ok := m.Custom("target_features")
	if !ok {
		return nil
	}
	r := raw.NewReader(payload, 0, len(payload))
	var list []TargetFeature
	for range r.Count() {
		f := TargetFeature{Prefix: r.Byte(), Name: r.Name()}
		if !r.OK() {
			break
		}
		list = append(list, f)
	}
	return list
}

// Append appends the payload of a name section to dst.
func (n *Names) Append(dst []byte) []byte {
	if len(n.Funcs) > 0 {
		size := len(n.Module) + 64
		for _, f := range n.Funcs {
			size += len(f.Name) + 6 // an index and a length
		}
		dst = slices.Grow(dst, size)
	}
	w := &raw.Writer{Buf: dst}
	sub := func(id byte, present bool, write func()) {
		if present {
			w.Byte(id)
			size := w.Begin(0)
			write()
			w.End(size)
		}
	}
	names := func(list []IndexName) {
		w.U32(uint32(len(list)))
		for _, x := range list {
			w.U32(x.Index)
			w.Name(x.Name)
		}
	}
	direct := func(id byte, list []IndexName) {
		sub(id, len(list) > 0, func() { names(list) })
	}
	indirect := func(id byte, list []IndirectName) {
		sub(id, len(list) > 0, func() {
			w.U32(uint32(len(list)))
			for _, x := range list {
				w.U32(x.Index)
				names(x.Names)
			}
		})
	}
	sub(NameModule, n.HasModule, func() { w.Name(n.Module) })
	funcs := make([]IndexName, len(n.Funcs))
	for i, f := range n.Funcs {
		funcs[i] = IndexName{uint32(f.Index), f.Name}
	}
	direct(NameFunc, funcs)
	indirect(NameLocal, n.Locals)
	indirect(NameLabel, n.Labels)
	direct(NameType, n.Types)
	direct(NameTable, n.Tables)
	direct(NameMemory, n.Memories)
	direct(NameGlobal, n.Globals)
	direct(NameElem, n.Elems)
	direct(NameData, n.Data)
	indirect(NameField, n.Fields)
	direct(NameTag, n.Tags)
	return w.Buf
}
