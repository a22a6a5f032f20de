package core

import (
	"fmt"
	"iter"

	"github.com/mortise-wasm/mortise/encoding/internal/raw"
)

// SegmentMode determines when a segment is used. The zero value is invalid.
type SegmentMode uint8

// The modes of segments.
const (
	// Active segments are copied when the module is instantiated.
	Active SegmentMode = iota + 1
	// Passive segments are copied by instructions.
	Passive
	// Declared segments declare functions that instructions make references to. Only element segments
	// can be declared.
	Declared
)

// Elem is an element segment. Its items are functions or, if UseExprs is set, constant expressions.
type Elem struct {
	Span
	Mode SegmentMode
	// Table and Offset are used in active segments. ExplicitTable means that the table index is
	// written even if it is 0.
	Table         TableIdx
	ExplicitTable bool
	Offset        Expr
	UseExprs      bool
	Funcs         []FuncIdx
	// Type is the type of Exprs.
	Type  RefType
	Exprs []Expr
}

// Data is a data segment, active or passive.
type Data struct {
	Span
	Mode SegmentMode
	// Memory and Offset are used in active segments. ExplicitMemory means that the memory index is
	// written even if it is 0.
	Memory         MemoryIdx
	ExplicitMemory bool
	Offset         Expr
	Bytes          []byte
}

// The flags of an element segment.
const (
	elemNotActive = 1 << iota // passive or declared
	elemExplicit              // has a table or, with elemNotActive, is declared
	elemExprs
)

const elemKindFunc = 0x00

// readElemHead reads a segment up to its items.
func readElemHead(r *raw.Reader) Elem {
	e := Elem{Span: Span{Start: r.Pos()}, Mode: Active, Type: FuncRef.Ref}
	flags := r.U32()
	if flags > elemNotActive|elemExplicit|elemExprs {
		r.Fail(raw.BadByte, e.Start, "invalid flags byte in element segment")
	}
	e.UseExprs = flags&elemExprs != 0
	switch {
	case flags&elemNotActive == 0:
		if e.ExplicitTable = flags&elemExplicit != 0; e.ExplicitTable {
			e.Table = TableIdx(r.U32())
		}
		e.Offset = readExpr(r)
	case flags&elemExplicit != 0:
		e.Mode = Declared
	default:
		e.Mode = Passive
	}
	switch {
	case flags&(elemNotActive|elemExplicit) == 0:
	case e.UseExprs:
		e.Type = ReadRefType(r)
	case r.Byte() != elemKindFunc:
		r.Fail(raw.BadByte, r.Pos()-1, "malformed element kind: only the function external type is supported in elem segment")
	}
	return e
}

func readElem(r *raw.Reader) Elem {
	e := readElemHead(r)
	for range r.Count() {
		switch {
		case !r.OK():
			return e
		case e.UseExprs:
			e.Exprs = append(e.Exprs, readExpr(r))
		default:
			e.Funcs = append(e.Funcs, FuncIdx(r.U32()))
		}
	}
	e.End = r.Pos()
	return e
}

// appendElem appends a segment in the form that takes the fewest bytes, unless ExplicitTable
// requires a longer one.
func appendElem(w *raw.Writer, e *Elem) {
	var flags uint32
	withType := true
	switch e.Mode {
	case Active:
		plain := !e.UseExprs || e.Type == FuncRef.Ref
		if withType = e.ExplicitTable || e.Table != 0 || !plain; withType {
			flags = elemExplicit
		}
	case Passive:
		flags = elemNotActive
	case Declared:
		flags = elemNotActive | elemExplicit
	default:
		panic(fmt.Sprintf("invalid element segment mode %d", e.Mode))
	}
	if e.UseExprs {
		flags |= elemExprs
	}
	w.U32(flags)
	if e.Mode == Active {
		if withType {
			w.U32(uint32(e.Table))
		}
		w.Bytes(e.Offset.Bytes)
	}
	if e.UseExprs {
		if withType {
			AppendRefType(w, e.Type)
		}
		w.U32(uint32(len(e.Exprs)))
		for _, x := range e.Exprs {
			w.Bytes(x.Bytes)
		}
		return
	}
	if withType {
		w.Byte(elemKindFunc)
	}
	w.U32(uint32(len(e.Funcs)))
	for _, f := range e.Funcs {
		w.U32(uint32(f))
	}
}

// The flags of a data segment.
const (
	dataActive = iota
	dataPassive
	dataExplicit
)

func readData(r *raw.Reader) Data {
	d := Data{Span: Span{Start: r.Pos()}, Mode: Active}
	switch r.U32() {
	case dataActive:
		d.Offset = readExpr(r)
	case dataPassive:
		d.Mode = Passive
	case dataExplicit:
		d.ExplicitMemory = true
		d.Memory = MemoryIdx(r.U32())
		d.Offset = readExpr(r)
	default:
		r.Fail(raw.BadByte, d.Start, "invalid flags byte in data segment")
	}
	n := r.U32()
	at := r.Pos()
	if uint64(n) > uint64(r.Len()) {
		r.Fail(raw.Truncated, at, "unexpected end-of-file: data segment extends past end of the section")
	}
	d.Bytes = r.Skip(int(min(uint64(n), uint64(r.Len()))))
	d.End = r.Pos()
	return d
}

func appendData(w *raw.Writer, d *Data) {
	switch {
	case d.Mode == Passive:
		w.U32(dataPassive)
	case d.Mode != Active:
		panic(fmt.Sprintf("invalid data segment mode %d", d.Mode))
	case d.ExplicitMemory || d.Memory != 0:
		w.U32(dataExplicit)
		w.U32(uint32(d.Memory))
		w.Bytes(d.Offset.Bytes)
	default:
		w.U32(dataActive)
		w.Bytes(d.Offset.Bytes)
	}
	w.U32(uint32(len(d.Bytes)))
	w.Bytes(d.Bytes)
}

// Elems yields the element segments in order, and reads each on demand. If a segment is bad, Elems
// yields an error last, in the form of an error of [Decode].
func (m *Module) Elems() iter.Seq2[Elem, error] { return segments(m, SectionElement, readElem) }

// Datas yields the data segments in order, like [Module.Elems].
func (m *Module) Datas() iter.Seq2[Data, error] { return segments(m, SectionData, readData) }

func segments[T any](m *Module, id SectionID, read func(*raw.Reader) T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		s, ok := m.Section(id)
		if !ok {
			return
		}
		r := raw.NewReader(m.data, s.Start, s.End)
		for range r.Count() {
			x := read(r)
			if !r.OK() {
				break
			}
			if !yield(x, nil) {
				return
			}
		}
		r.Close()
		if err := r.Err(); err != nil {
			var zero T
			yield(zero, newError(err, id))
		}
	}
}

// Local is a run of local variables of one type.
type Local struct {
	Count uint32
	Type  ValType
}

// Read returns the runs of local variables and a reader of the code that follows them. The error
// has the form of an error of [Decode].
func (b Body) Read() ([]Local, *InstrReader, error) {
	r := raw.NewReader(b.Bytes, 0, len(b.Bytes))
	locals := raw.Vec(r, readLocal)
	if err := r.Err(); err != nil {
		return nil, nil, &Error{Offset: b.Start + err.Offset, Message: err.Message, Section: SectionCode, InSection: true}
	}
	return locals, NewInstrReader(b.Bytes[r.Pos():], b.Start+r.Pos()), nil
}

func readLocal(r *raw.Reader) Local { return Local{Count: r.U32(), Type: ReadValType(r)} }
