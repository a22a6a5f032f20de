package core

import (
	"slices"

	"github.com/mortise-wasm/mortise/encoding/internal/raw"
)

// Builder is a module to be written. The text parser and the adapter code make Builders. All fields
// may be set directly. The zero value is an empty module. It is not safe for concurrent use.
type Builder struct {
	Types    []RecType
	Imports  []Import
	Funcs    []Function
	Tables   []Table
	Memories []MemoryType
	Tags     []TypeIdx
	Globals  []Global
	Exports  []Export
	Start    *FuncIdx
	Elems    []Elem
	Data     []Data
	// DataCount requests the data count section. A module whose code names data segments needs it.
	DataCount bool
	Customs   []Custom
}

// Function is a function of a module to be written. Code includes the final end instruction.
type Function struct {
	Type   TypeIdx
	Locals []Local
	Code   []byte
}

// Custom is a custom section of a module to be written.
type Custom struct {
	Name string
	Data []byte
	// Near is the section that precedes the custom section if After is set, and follows it otherwise.
	// If Near is SectionCustom, the zero value, the custom section comes at the end.
	Near  SectionID
	After bool
}

// FuncType returns the index of a plain function type, and adds the type if it is missing. The
// index counts the types of all recursion groups, so Types may hold groups of any size.
func (b *Builder) FuncType(params, results []ValType) TypeIdx {
	var n TypeIdx
	for i := range b.Types {
		if t := &b.Types[i]; len(t.Types) == 1 && t.Types[0].Final && !t.Types[0].Shared && len(t.Types[0].Supers) == 0 {
			if f, ok := t.Types[0].Type.(*FuncType); ok && slices.Equal(f.Params, params) && slices.Equal(f.Results, results) {
				return n
			}
		}
		n += TypeIdx(len(b.Types[i].Types))
	}
	b.Types = append(b.Types, Func(params, results))
	return n
}

// NumImports returns the number of imports of a kind. That number is the index of the first
// definition of that kind in the module itself.
func (b *Builder) NumImports(k ExternKind) uint32 {
	var n uint32
	for i := range b.Imports {
		if b.Imports[i].Type.Kind == k {
			n++
		}
	}
	return n
}

// ImportFunc adds an import of a function and returns its index. Add all imports before the first
// definition.
func (b *Builder) ImportFunc(module, name string, t TypeIdx) FuncIdx {
	i := FuncIdx(b.NumImports(ExternFunc))
	b.Imports = append(b.Imports, Import{Module: module, Name: name, Type: ExternType{Kind: ExternFunc, Func: t}})
	return i
}

// Func adds a function and returns its index.
func (b *Builder) Func(f Function) FuncIdx {
	b.Funcs = append(b.Funcs, f)
	return FuncIdx(b.NumImports(ExternFunc) + uint32(len(b.Funcs)) - 1)
}

// Export adds an export.
func (b *Builder) Export(name string, k ExternKind, index uint32) {
	b.Exports = append(b.Exports, Export{Name: name, Kind: k, Index: index})
}

// Append appends the binary format of the module to dst: the sections that are not empty, in the
// order of the specification, with every integer in its shortest form. The same module always
// yields the same bytes.
func (b *Builder) Append(dst []byte) []byte {
	w := &moduleWriter{w: raw.Writer{Buf: append(dst, preamble...)}, customs: b.Customs}
	writeVec(w, SectionType, b.Types, func(r *RecType) { AppendRecType(&w.w, *r) })
	writeVec(w, SectionImport, b.Imports, func(i *Import) { AppendImport(&w.w, *i) })
	writeVec(w, SectionFunction, b.Funcs, func(f *Function) { w.w.U32(uint32(f.Type)) })
	writeVec(w, SectionTable, b.Tables, func(t *Table) { appendTable(&w.w, t) })
	writeVec(w, SectionMemory, b.Memories, func(t *MemoryType) { appendMemoryType(&w.w, *t) })
	writeVec(w, SectionTag, b.Tags, func(t *TypeIdx) {
		w.w.Byte(0)
		w.w.U32(uint32(*t))
	})
	writeVec(w, SectionGlobal, b.Globals, func(g *Global) {
		appendGlobalType(&w.w, g.Type)
		w.w.Bytes(g.Init.Bytes)
	})
	writeVec(w, SectionExport, b.Exports, func(e *Export) {
		w.w.Name(e.Name)
		w.w.Byte(byte(e.Kind) - 1)
		w.w.U32(e.Index)
	})
	w.section(SectionStart, b.Start != nil, 0, func() { w.w.U32(uint32(*b.Start)) })
	writeVec(w, SectionElement, b.Elems, func(e *Elem) { appendElem(&w.w, e) })
	w.section(SectionDataCount, b.DataCount, 0, func() { w.w.U32(uint32(len(b.Data))) })
	w.section(SectionCode, len(b.Funcs) > 0, b.codeSize(), func() {
		w.w.U32(uint32(len(b.Funcs)))
		for i := range b.Funcs {
			appendFunc(&w.w, &b.Funcs[i])
		}
	})
	writeVec(w, SectionData, b.Data, func(d *Data) { appendData(&w.w, d) })
	for _, c := range b.Customs {
		if c.Near == SectionCustom {
			w.custom(c)
		}
	}
	return w.w.Buf
}

// codeSize returns a lower bound for the size of the code section.
func (b *Builder) codeSize() int {
	n := 0
	for i := range b.Funcs {
		n += len(b.Funcs[i].Code) + 2
	}
	return n
}

func appendTable(w *raw.Writer, t *Table) {
	if t.Init.Bytes != nil {
		w.Byte(tableWithInit, tableInitZero)
	}
	AppendRefType(w, t.Type.Elem)
	appendLimits(w, t.Type.Limits, 0)
	w.Bytes(t.Init.Bytes)
}

func appendFunc(w *raw.Writer, f *Function) {
	s := w.Begin(len(f.Code) + 1)
	w.U32(uint32(len(f.Locals)))
	for _, l := range f.Locals {
		w.U32(l.Count)
		AppendValType(w, l.Type)
	}
	w.Bytes(f.Code)
	w.End(s)
}

// moduleWriter writes sections and the custom sections around them.
type moduleWriter struct {
	w       raw.Writer
	customs []Custom
}

func (w *moduleWriter) custom(c Custom) {
	w.w.Byte(byte(SectionCustom))
	s := w.w.Begin(len(c.Data) + len(c.Name) + 1)
	w.w.Name(c.Name)
	w.w.Bytes(c.Data)
	w.w.End(s)
}

func (w *moduleWriter) section(id SectionID, present bool, estimate int, write func()) {
	for _, c := range w.customs {
		if c.Near == id && !c.After {
			w.custom(c)
		}
	}
	if present {
		w.w.Byte(byte(id))
		s := w.w.Begin(estimate)
		write()
		w.w.End(s)
	}
	for _, c := range w.customs {
		if c.Near == id && c.After {
			w.custom(c)
		}
	}
}

func writeVec[T any](w *moduleWriter, id SectionID, list []T, write func(*T)) {
	w.section(id, len(list) > 0, len(list), func() {
		w.w.U32(uint32(len(list)))
		for i := range list {
			write(&list[i])
		}
	})
}

// Edit returns the module in a form that can be changed and written again. Function bodies,
// constant expressions, data and custom sections alias the bytes of the module. Local declarations
// are decoded. The error has the form of an error of [Decode] and reports a bad section that Decode
// did not look into.
//
// Writing the result gives an equivalent module. It gives the same bytes if the module has the form
// that [Builder.Append] writes: no padded integers outside function bodies and constant
// expressions, no empty sections, no compact imports.
func (m *Module) Edit() (*Builder, error) {
	b := &Builder{
		Types: slices.Clone(m.Types), Imports: slices.Clone(m.Imports), Tables: slices.Clone(m.Tables), Memories: slices.Clone(m.Memories),
		Tags: slices.Clone(m.Tags), Globals: slices.Clone(m.Globals), Exports: slices.Clone(m.Exports), DataCount: m.DataCount != nil,
	}
	if m.Start != nil {
		f := *m.Start
		b.Start = &f
	}
	i := 0
	for body, err := range m.Bodies() {
		if err != nil {
			return nil, err
		}
		f := Function{Type: m.Funcs[i]}
		r := raw.NewReader(body.Bytes, 0, len(body.Bytes))
		f.Locals = raw.Vec(r, readLocal)
		if err := r.Err(); err != nil {
			return nil, &Error{Offset: body.Start + err.Offset, Message: err.Message, Section: SectionCode, InSection: true}
		}
		f.Code = body.Bytes[r.Pos():]
		b.Funcs = append(b.Funcs, f)
		i++
	}
	for e, err := range m.Elems() {
		if err != nil {
			return nil, err
		}
		b.Elems = append(b.Elems, e)
	}
	for d, err := range m.Datas() {
		if err != nil {
			return nil, err
		}
		b.Data = append(b.Data, d)
	}
	b.Customs = m.placedCustoms()
	return b, nil
}

// placedCustoms returns the custom sections, each placed relative to a section that exists.
func (m *Module) placedCustoms() []Custom {
	var list []Custom
	next := SectionCustom
	for i := len(m.Sections) - 1; i >= 0; i-- {
		if s := &m.Sections[i]; s.ID != SectionCustom {
			next = s.ID
		} else {
			list = append(list, Custom{Name: s.Name, Data: s.Payload, Near: next})
		}
	}
	slices.Reverse(list)
	return list
}

// Asm assembles the code of a function. Each method appends one instruction. Labels count from the
// innermost block, as in the binary format. The zero value is the empty code of a function without
// parameters.
type Asm struct {
	params int
	locals []Local
	n      uint32 // number of local variables
	code   []byte
}

// NewAsm returns an assembler for a function with the given number of parameters, which are its
// first local variables.
func NewAsm(params int) *Asm { return &Asm{params: params} }

// Local adds a local variable and returns its index.
func (a *Asm) Local(t ValType) uint32 {
	if k := len(a.locals); k > 0 && a.locals[k-1].Type == t {
		a.locals[k-1].Count++
	} else {
		a.locals = append(a.locals, Local{Count: 1, Type: t})
	}
	a.n++
	return uint32(a.params) + a.n - 1
}

// Emit appends an instruction.
func (a *Asm) Emit(in Instr) {
	a.code = in.Append(a.code)
}

// Ops appends instructions without immediates.
func (a *Asm) Ops(ops ...Op) {
	for _, op := range ops {
		a.Emit(Instr{Op: op})
	}
}

// I32 appends an i32.const.
func (a *Asm) I32(v int32) { a.Emit(I32Const(v)) }

// I64 appends an i64.const.
func (a *Asm) I64(v int64) { a.Emit(I64Const(v)) }

// Get appends local.get.
func (a *Asm) Get(local uint32) { a.Index(OpLocalGet, local) }

// Set appends local.set.
func (a *Asm) Set(local uint32) { a.Index(OpLocalSet, local) }

// Tee appends local.tee.
func (a *Asm) Tee(local uint32) { a.Index(OpLocalTee, local) }

// Call appends a call.
func (a *Asm) Call(f FuncIdx) { a.Index(OpCall, uint32(f)) }

// Index appends an instruction with one index, such as a branch, a call or an access to a variable.
func (a *Asm) Index(op Op, x uint32) { a.Emit(Instr{Op: op, X: x}) }

// Access appends a load or store with its natural alignment.
func (a *Asm) Access(op Op, m MemoryIdx, offset uint64) {
	a.Emit(Instr{Op: op, X: uint32(m), Align: op.Info().Align, Offset: offset})
}

// Block appends the start of a block, loop or if. [Asm.End] closes it.
func (a *Asm) Block(op Op, t BlockType) { a.Emit(Instr{Op: op, Block: t}) }

// End closes the innermost block.
func (a *Asm) End() { a.Ops(OpEnd) }

// Function returns the function, after adding the end of its code. The Asm must not be used
// afterwards.
func (a *Asm) Function(t TypeIdx) Function {
	a.End()
	return Function{Type: t, Locals: a.locals, Code: a.code}
}
