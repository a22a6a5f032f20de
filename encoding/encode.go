package encoding

import (
	"io"
	"slices"

	"github.com/mortise-wasm/mortise/encoding/internal/raw"
)

// Append appends the binary format of c to dst. A decoded component yields the bytes it was decoded
// from. Append panics if the tree is not one that Decode or a [Builder] makes: if a sum type is
// nil, or an enumeration is zero.
func (c *Component) Append(dst []byte) []byte {
	return appendComponent(slices.Grow(dst, c.estimate()), c)
}

// Append appends the binary format of c to dst: see [Component.Append].
func Append(dst []byte, c *Component) []byte { return c.Append(dst) }

// estimate returns a size close to that of the encoded component, and most often a bit above it.
// The large parts, core modules and custom sections, are counted exactly.
func (c *Component) estimate() int {
	const small = 32
	n := PreambleLen
	for _, d := range c.Defs {
		n += small
		switch d := d.(type) {
		case *Custom:
			n += len(d.Name) + len(d.Data)
		case *CoreModule:
			n += len(d.Bytes)
		case *NestedComponent:
			n += d.Component.estimate()
		}
	}
	return n
}

// WriteTo writes the bytes that [Component.Append] appends, without copying the core modules of c,
// which make up most of a large component. It returns the number of bytes written and the first
// error of w.
func (c *Component) WriteTo(w io.Writer) (int64, error) {
	out := &sink{w: w}
	buf := c.encode(&raw.Writer{}, out)
	out.write(buf)
	return out.n, out.err
}

// sink writes a component to w in several calls. The first error sticks.
type sink struct {
	w   io.Writer
	n   int64
	err error
}

func (s *sink) write(data []byte) {
	if s.err == nil && len(data) > 0 {
		var n int
		n, s.err = s.w.Write(data)
		s.n += int64(n)
	}
}

func appendComponent(dst []byte, c *Component) []byte { return c.encode(&raw.Writer{Buf: dst}, nil) }

// encode appends c to the buffer of w and returns the buffer. If out is not nil, encode writes each
// core module to out, preceded by the bytes before it, and returns only the rest.
func (c *Component) encode(w *raw.Writer, out *sink) []byte {
	w.Bytes(preamble)
	sections := sectionsOf
	if l := c.layout; l != nil && (l.sections == nil || l.fits(c.Defs)) {
		w.Notes = l.notes
		if l.sections != nil {
			sections = func([]Def) []section { return l.sections }
		}
	}
	i := 0
	for _, s := range sections(c.Defs) {
		defs := c.Defs[i : i+s.count]
		i += s.count
		if out == nil || s.id != secCoreModule {
			appendSection(w, s, defs)
			continue
		}
		m := defs[0].(*CoreModule)
		w.Byte(byte(s.id))
		w.U32(uint32(len(m.Bytes)))
		out.write(w.Buf)
		out.write(m.Bytes)
		w.Buf = w.Buf[:0]
	}
	return w.Buf
}

func appendSection(w *raw.Writer, s section, defs []Def) {
	w.Byte(byte(s.id))
	if !sectionKinds[s.id].vector {
		appendSingle(w, defs[0])
		return
	}
	size := w.Begin(0)
	w.U32(uint32(len(defs)))
	for _, d := range defs {
		appendDef(w, d)
	}
	w.End(size)
}

// appendSingle appends the size and contents of a section that consists of one definition.
func appendSingle(w *raw.Writer, d Def) {
	switch d := d.(type) {
	case *Custom:
		size := w.Begin(len(d.Name) + len(d.Data))
		appendCustom(w, d)
		w.End(size)
	case *CoreModule:
		w.U32(uint32(len(d.Bytes)))
		w.Bytes(d.Bytes)
	case *NestedComponent:
		size := w.Begin(d.Component.estimate())
		w.Buf = appendComponent(w.Buf, d.Component)
		w.End(size)
	case *Start:
		size := w.Begin(0)
		appendStart(w, d)
		w.End(size)
	default:
		panic(unreachable(d))
	}
}

func appendDef(w *raw.Writer, d Def) {
	switch d := d.(type) {
	case *CoreInstance:
		appendCoreInstance(w, d)
	case *CoreType:
		appendCoreType(w, d)
	case *Instance:
		appendInstance(w, d)
	case *Alias:
		appendAlias(w, d)
	case *Type:
		appendDefType(w, d.Def)
	case *Canon:
		appendCanon(w, d)
	case *Import:
		appendImport(w, d)
	case *Export:
		appendExport(w, d)
	case *Value:
		appendValue(w, d)
	default:
		panic(unreachable(d))
	}
}

func appendVec[T any](w *raw.Writer, list []T, appendOne func(*raw.Writer, T)) {
	w.U32(uint32(len(list)))
	for _, x := range list {
		appendOne(w, x)
	}
}

func appendIndex[T ~uint32](w *raw.Writer, i T) { w.U32(uint32(i)) }
