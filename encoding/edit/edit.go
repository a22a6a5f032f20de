// Package edit changes the custom sections of components and core modules without decoding the rest
// of them. All other bytes stay as they are.
package edit

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/internal/raw"
	"github.com/mortise-wasm/mortise/encoding/leb128"
)

// Customs returns the component or core module in f with its custom sections edited. It calls edit
// for each custom section in file order. This includes the sections of nested components and core
// modules, which have a depth above 0. Edit returns the new section: its argument to keep the bytes
// as they are, another section to replace them, or nil to remove the section. The sections in add
// are appended to the outermost component or module.
//
// All other bytes are those of f, except for the sizes of nested components and modules that
// change. The error is a [*diag.Diagnostic] with the offset in f.
func Customs(f *diag.File, edit func(depth int, c *encoding.Custom) *encoding.Custom, add ...*encoding.Custom) ([]byte, error) {
	e := customEditor{file: f, edit: edit, w: raw.Writer{Buf: make([]byte, 0, len(f.Data))}}
	if _, err := e.body(encoding.Span{End: len(f.Data)}, 0); err != nil {
		return nil, err
	}
	for _, c := range add {
		e.section(c)
	}
	return e.w.Buf, nil
}

type customEditor struct {
	file *diag.File
	edit func(int, *encoding.Custom) *encoding.Custom
	w    raw.Writer
}

// body appends the edited form of the component or core module at a range, and reports whether it
// differs from the original.
func (e *customEditor) body(at encoding.Span, depth int) (changed bool, err error) {
	// A body that is shorter than a preamble is an error.
	e.copy(encoding.Span{Start: at.Start, End: min(at.Start+encoding.PreambleLen, at.End)})
	for s, err := range encoding.Sections(e.file, at) {
		if err != nil {
			return changed, err
		}
		switch {
		case s.IsCustom():
			old := &encoding.Custom{Span: s.Contents, Name: s.Name, Data: s.Payload}
			if c := e.edit(depth, old); c != old {
				changed = true
				if c != nil {
					e.section(c)
				}
				continue
			}
			e.copy(s.Span)
		case s.IsNested():
			inner, err := e.nested(s, depth)
			if err != nil {
				return changed, err
			}
			changed = changed || inner
		default:
			e.copy(s.Span)
		}
	}
	return changed, nil
}

func (e *customEditor) copy(at encoding.Span) { e.w.Bytes(e.file.Data[at.Start:at.End]) }

// customID is the id of a custom section, in components and in core modules.
const customID = 0

func (e *customEditor) section(c *encoding.Custom) {
	e.w.Byte(customID)
	size := leb128.UintLen(uint64(len(c.Name))) + len(c.Name) + len(c.Data)
	e.w.U32(uint32(size))
	e.w.Name(c.Name)
	e.w.Bytes(c.Data)
}

// nested appends the edited form of a section that holds a component or core module. It keeps the
// size as it was written unless the contents change.
func (e *customEditor) nested(s encoding.Section, depth int) (changed bool, err error) {
	if depth >= encoding.MaxNesting {
		return false, diag.At(e.file, s.Contents.Start, encoding.CodeNesting,
			"nesting too deep: components and types may be nested %d deep", encoding.MaxNesting)
	}
	start := len(e.w.Buf)
	e.w.Byte(s.ID)
	size := e.w.Begin(s.Contents.End - s.Contents.Start)
	if changed, err = e.body(s.Contents, depth+1); err != nil {
		return changed, err
	}
	if !changed {
		e.w.Buf = e.w.Buf[:start]
		e.copy(s.Span)
		return false, nil
	}
	e.w.End(size)
	return true, nil
}

// nameID is the id of the subsection that names the component or module itself, in the name
// sections of both.
const nameID = 0

// SetName returns the payload of a name section with the name of the component or module itself
// replaced. The section is that of a component or of a core module. An empty name removes the old
// one. The names of definitions keep their bytes.
func SetName(payload []byte, name string) []byte {
	w := &raw.Writer{}
	if name != "" {
		w.Byte(nameID)
		size := w.Begin(len(name))
		w.Name(name)
		w.End(size)
	}
	r := raw.NewReader(payload, 0, len(payload))
	for r.Len() > 0 {
		start := r.Pos()
		id := r.Byte()
		r.Sub(r.U32())
		if !r.OK() {
			// The section need not be valid: the unreadable rest is kept.
			w.Bytes(payload[start:])
			break
		}
		if id != nameID {
			w.Bytes(payload[start:r.Pos()])
		}
	}
	return w.Buf
}
