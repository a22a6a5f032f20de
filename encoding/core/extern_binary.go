package core

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding/internal/raw"
	"github.com/mortise-wasm/mortise/model/types"
)

// The bits of the flags of limits.
const (
	limitMax = 1 << iota
	limitShared
	limit64
	limitPageSize
)

// ReadImport reads an import: two names and a type.
func ReadImport(r *raw.Reader) Import {
	module := r.Name()
	name := r.Name()
	return Import{Module: module, Name: name, Type: ReadExternType(r)}
}

// AppendImport appends an import.
func AppendImport(w *raw.Writer, i Import) {
	w.Name(i.Module)
	w.Name(i.Name)
	AppendExternType(w, i.Type)
}

// readExternKind reads the byte that selects the kind of an import or export.
func readExternKind(r *raw.Reader) ExternKind {
	b := r.Byte()
	if b > byte(ExternTag)-1 {
		r.BadByte(b, "external kind")
		return 0
	}
	return ExternKind(b + 1)
}

// ReadExternType reads the type of an import.
func ReadExternType(r *raw.Reader) ExternType {
	t := ExternType{Kind: readExternKind(r)}
	switch t.Kind {
	case ExternFunc:
		t.Func = TypeIdx(r.U32())
	case ExternTable:
		t.Table = readTableType(r)
	case ExternMemory:
		t.Memory = readMemoryType(r)
	case ExternGlobal:
		t.Global = readGlobalType(r)
	case ExternTag:
		t.Tag = readTagType(r)
	}
	return t
}

// AppendExternType appends the type of an import.
func AppendExternType(w *raw.Writer, t ExternType) {
	if t.Kind == 0 || t.Kind > ExternTag {
		panic(fmt.Sprintf("invalid extern type of %v", t.Kind))
	}
	w.Byte(byte(t.Kind) - 1)
	switch t.Kind {
	case ExternFunc:
		w.U32(uint32(t.Func))
	case ExternTable:
		AppendRefType(w, t.Table.Elem)
		appendLimits(w, t.Table.Limits, 0)
	case ExternMemory:
		appendMemoryType(w, t.Memory)
	case ExternGlobal:
		appendGlobalType(w, t.Global)
	case ExternTag:
		w.Byte(0)
		w.U32(uint32(t.Tag))
	}
}

func readTableType(r *raw.Reader) TableType {
	t := TableType{Elem: ReadRefType(r)}
	start := r.Pos()
	flags := r.Byte()
	if flags&^(limitMax|limitShared|limit64) != 0 {
		r.Fail(raw.BadByte, start, "invalid table resizable limits flags")
	}
	t.Limits = readLimits(r, flags)
	return t
}

func readMemoryType(r *raw.Reader) MemoryType {
	start := r.Pos()
	flags := r.Byte()
	if flags&^(limitMax|limitShared|limit64|limitPageSize) != 0 {
		r.Fail(raw.BadByte, start, "invalid memory limits flags")
	}
	t := MemoryType{Limits: readLimits(r, flags)}
	if flags&limitPageSize != 0 {
		t.HasPageSize = true
		log2 := r.U32()
		if log2 >= 64 {
			r.Fail(raw.Limit, start, "invalid custom page size")
		}
		t.PageSizeLog2 = uint8(log2)
	}
	return t
}

func appendMemoryType(w *raw.Writer, t MemoryType) {
	if !t.HasPageSize {
		appendLimits(w, t.Limits, 0)
		return
	}
	appendLimits(w, t.Limits, limitPageSize)
	w.U32(uint32(t.PageSizeLog2))
}

func readLimits(r *raw.Reader, flags byte) types.Limits {
	l := types.Limits{HasMax: flags&limitMax != 0, Shared: flags&limitShared != 0, Is64: flags&limit64 != 0}
	l.Min = r.U64()
	if l.HasMax {
		l.Max = r.U64()
	}
	return l
}

func appendLimits(w *raw.Writer, l types.Limits, flags byte) {
	if l.HasMax {
		flags |= limitMax
	}
	if l.Shared {
		flags |= limitShared
	}
	if l.Is64 {
		flags |= limit64
	}
	w.Byte(flags)
	w.U64(l.Min)
	if l.HasMax {
		w.U64(l.Max)
	}
}

func readGlobalType(r *raw.Reader) GlobalType {
	t := GlobalType{Type: ReadValType(r)}
	b := r.Byte()
	if b > 3 {
		r.Fail(raw.BadByte, r.Pos()-1, "malformed global flags")
	}
	t.Mutable, t.Shared = b&1 != 0, b&2 != 0
	return t
}

func appendGlobalType(w *raw.Writer, t GlobalType) {
	AppendValType(w, t.Type)
	var b byte
	if t.Mutable {
		b |= 1
	}
	if t.Shared {
		b |= 2
	}
	w.Byte(b)
}

func readTagType(r *raw.Reader) TypeIdx {
	if r.Byte() != 0 {
		r.Fail(raw.BadByte, r.Pos()-1, "invalid tag attributes")
	}
	return TypeIdx(r.U32())
}
