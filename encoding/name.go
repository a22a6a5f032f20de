package encoding

import (
	"slices"

	"github.com/mortise-wasm/mortise/encoding/internal/raw"
)

// NameSection is the name of the custom section that holds the names of definitions.
const NameSection = "component-name"

// Names is the contents of a name section (Binary.md, "Name Section"): the names of definitions in
// the source text.
type Names struct {
	// Component is the name of the component itself, or "" if it has none.
	Component string
	// Sorts are the names by sort, in the order of the section.
	Sorts []SortNames
}

// SortNames are the names of definitions of one sort.
type SortNames struct {
	Sort  Sort
	Names []IndexName
}

// IndexName is the name of the definition at an index.
type IndexName struct {
	Index uint32
	Name  string
}

// The subsections of the name section.
const (
	nameComponent = 0
	nameSort      = 1
)

// Names reads the first name section of c. Because the section need not be valid, Names is lenient
// and leaves out what it cannot read. The result is never nil.
func (c *Component) Names() *Names {
	for _, d := range c.Defs {
		if x, ok := d.(*Custom); ok && x.Name == NameSection {
			return DecodeNames(x.Data)
		}
	}
	return &Names{}
}

// DecodeNames reads the payload of a name section. It is as lenient as [Component.Names].
func DecodeNames(payload []byte) *Names {
	n := &Names{}
	r := raw.NewReader(payload, 0, len(payload))
	for r.Len() > 0 {
		id := r.Byte()
		sub := r.Sub(r.U32())
		switch id {
		case nameComponent:
			n.Component = sub.Name()
		case nameSort:
			core := sub.Peek() == 0x00
			if core {
				sub.Byte()
			}
			s := SortNames{Sort: sortByCode(core, sub.Byte())}
			s.Names = raw.Vec(sub, func(r *raw.Reader) IndexName { return IndexName{Index: r.U32(), Name: r.Name()} })
			if !sub.OK() && len(s.Names) > 0 {
				s.Names = s.Names[:len(s.Names)-1]
			}
			if s.Sort != 0 {
				n.Sorts = append(n.Sorts, s)
			}
		}
	}
	return n
}

// Append appends the payload of a name section to dst.
func (n *Names) Append(dst []byte) []byte {
	if n.Component == "" && len(n.Sorts) == 0 {
		return dst // may be nil: nothing to write
	}
	size := len(n.Component) + 16
	for _, s := range n.Sorts {
		size += 16
		for _, x := range s.Names {
			size += len(x.Name) + 6 // an index and a length
		}
	}
	w := &raw.Writer{Buf: slices.Grow(dst, size)}
	if n.Component != "" {
		w.Byte(nameComponent)
		size := w.Begin(len(n.Component))
		w.Name(n.Component)
		w.End(size)
	}
	for _, s := range n.Sorts {
		w.Byte(nameSort)
		size := w.Begin(0)
		appendSort(w, s.Sort)
		appendVec(w, s.Names, func(w *raw.Writer, x IndexName) {
			w.U32(x.Index)
			w.Name(x.Name)
		})
		w.End(size)
	}
	return w.Buf
}

// Of returns the names of a sort by index. If an index has several names, the last one counts.
func (n *Names) Of(s Sort) map[uint32]string {
	m := map[uint32]string{}
	for _, list := range n.Sorts {
		if list.Sort == s {
			for _, x := range list.Names {
				m[x.Index] = x.Name
			}
		}
	}
	return m
}
