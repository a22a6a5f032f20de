package core

import (
	"fmt"
	"math"

	"github.com/mortise-wasm/mortise/encoding/internal/raw"
	"github.com/mortise-wasm/mortise/model/types"
)

// The functions in this file read and write the types that core modules and components share.
// Package encoding calls them with the reader of a component. Only this module can call them,
// because the package of their parameter is internal.

// numCodes are the bytes of the number types.
var numCodes = [...]byte{
	types.I32Kind: 0x7f, types.I64Kind: 0x7e, types.F32Kind: 0x7d, types.F64Kind: 0x7c, types.V128Kind: 0x7b,
}

// heapCodes are the bytes of the abstract heap types.
var heapCodes = [...]byte{
	types.HeapNoCont: 0x75, types.HeapNoExn: 0x74, types.HeapNoFunc: 0x73, types.HeapNoExtern: 0x72, types.HeapNone: 0x71,
	types.HeapFunc: 0x70, types.HeapExtern: 0x6f, types.HeapAny: 0x6e, types.HeapEq: 0x6d, types.HeapI31: 0x6c,
	types.HeapStruct: 0x6b, types.HeapArray: 0x6a, types.HeapExn: 0x69, types.HeapCont: 0x68,
}

const (
	codeSharedType = 0x65
	codeRefNull    = 0x63
	codeRef        = 0x64

	codeFunc   = 0x60
	codeStruct = 0x5f
	codeArray  = 0x5e
	codeCont   = 0x5d

	codeSub      = 0x50
	codeSubFinal = 0x4f
	codeRec      = 0x4e

	codePacked8  = 0x78
	codePacked16 = 0x77
)

func heapByCode(b byte) types.Heap {
	for h, code := range heapCodes {
		if code == b && h > 0 {
			return types.Heap(h)
		}
	}
	return 0
}

// ReadValType reads a value type.
func ReadValType(r *raw.Reader) ValType {
	b := r.Peek()
	for k, code := range numCodes {
		if k > 0 && b == code {
			r.Byte()
			return ValType{Kind: types.CoreKind(k)}
		}
	}
	if b == codeRefNull || b == codeRef || b == codeSharedType || heapByCode(b) != 0 {
		return Ref(ReadRefType(r))
	}
	r.Fail(raw.BadByte, r.Pos(), "invalid value type")
	return ValType{}
}

// AppendValType appends a value type. It panics if v is a value that no reader returns.
func AppendValType(w *raw.Writer, v ValType) {
	if v.Kind == types.RefKind {
		AppendRefType(w, v.Ref)
		return
	}
	if v.Kind == 0 || int(v.Kind) >= len(numCodes) {
		panic(fmt.Sprintf("invalid core value type %v", v))
	}
	w.Byte(numCodes[v.Kind])
}

// ReadRefType reads a reference type.
func ReadRefType(r *raw.Reader) RefType {
	start := r.Pos()
	switch b := r.Peek(); b {
	case codeRefNull, codeRef:
		r.Byte()
		t := RefType{Nullable: b == codeRefNull, Heap: readHeapType(r)}
		if t.short() {
			r.Choice(true)
		}
		return t
	default:
		h := HeapType{Shared: b == codeSharedType}
		if h.Shared {
			r.Byte()
		}
		if h.Abs = heapByCode(r.Byte()); h.Abs == 0 {
			r.Fail(raw.BadByte, start, "malformed reference type")
		}
		r.Choice(false)
		return RefType{Nullable: true, Heap: h}
	}
}

// short reports whether the type can be written without a leading byte.
func (t RefType) short() bool { return t.Nullable && t.Heap.Abs != 0 }

// AppendRefType appends a reference type.
func AppendRefType(w *raw.Writer, t RefType) {
	switch {
	case t.short() && !w.Choice():
	case t.Nullable:
		w.Byte(codeRefNull)
	default:
		w.Byte(codeRef)
	}
	appendHeapType(w, t.Heap)
}

func readHeapType(r *raw.Reader) HeapType {
	b := r.Peek()
	if b&0xc0 != 0x40 { // not a negative one-byte number
		start := r.Pos()
		i := r.S33()
		if i < 0 || i > math.MaxUint32 {
			r.Fail(raw.BadByte, start, "invalid heap type")
			return HeapType{}
		}
		return HeapType{Type: TypeIdx(i)}
	}
	h := HeapType{Shared: b == codeSharedType}
	if h.Shared {
		r.Byte()
	}
	if h.Abs = heapByCode(r.Byte()); h.Abs == 0 {
		r.Fail(raw.BadByte, r.Pos()-1, "invalid heap type")
	}
	return h
}

func appendHeapType(w *raw.Writer, h HeapType) {
	if h.Abs == 0 {
		w.S33(int64(h.Type))
		return
	}
	if h.Shared {
		w.Byte(codeSharedType)
	}
	w.Byte(heapCodes[h.Abs])
}

// ReadRecType reads a recursion group.
func ReadRecType(r *raw.Reader) RecType {
	if r.Peek() != codeRec {
		return RecType{Types: []SubType{readSubType(r)}}
	}
	r.Byte()
	t := RecType{Explicit: true}
	for range r.Count() {
		if !r.OK() {
			break
		}
		t.Types = append(t.Types, readSubType(r))
	}
	return t
}

// AppendRecType appends a recursion group.
func AppendRecType(w *raw.Writer, t RecType) {
	if t.Explicit || len(t.Types) != 1 {
		w.Byte(codeRec)
		w.U32(uint32(len(t.Types)))
	}
	for _, s := range t.Types {
		appendSubType(w, s)
	}
}

func readSubType(r *raw.Reader) SubType {
	t := SubType{Final: true}
	b := r.Byte()
	switch b {
	case codeSub, codeSubFinal:
		t.Final = b == codeSubFinal
		if t.Final && r.PeekU32() == 0 {
			r.Choice(true)
		}
		for range r.Count() {
			t.Supers = append(t.Supers, TypeIdx(r.U32()))
		}
		b = r.Byte()
	default:
		r.Choice(false)
	}
	if b == codeSharedType {
		t.Shared = true
		b = r.Byte()
	}
	t.Type = readCompType(r, b)
	return t
}

func appendSubType(w *raw.Writer, t SubType) {
	switch {
	case !t.Final:
		w.Byte(codeSub)
		appendSupers(w, t.Supers)
	case len(t.Supers) > 0:
		w.Byte(codeSubFinal)
		appendSupers(w, t.Supers)
	case w.Choice():
		w.Byte(codeSubFinal)
		appendSupers(w, nil)
	}
	if t.Shared {
		w.Byte(codeSharedType)
	}
	switch t := t.Type.(type) {
	case *FuncType:
		w.Byte(codeFunc)
		appendValTypes(w, t.Params)
		appendValTypes(w, t.Results)
	case *StructType:
		w.Byte(codeStruct)
		w.U32(uint32(len(t.Fields)))
		for _, f := range t.Fields {
			appendFieldType(w, f)
		}
	case *ArrayType:
		w.Byte(codeArray)
		appendFieldType(w, t.Elem)
	case *ContType:
		w.Byte(codeCont)
		w.S33(int64(t.Type))
	default:
		panic(fmt.Sprintf("unreachable: %T", t))
	}
}

func appendSupers(w *raw.Writer, supers []TypeIdx) {
	w.U32(uint32(len(supers)))
	for _, s := range supers {
		w.U32(uint32(s))
	}
}

func readCompType(r *raw.Reader, b byte) CompType {
	switch b {
	case codeFunc:
		params := readValTypes(r)
		return &FuncType{Params: params, Results: readValTypes(r)}
	case codeStruct:
		t := &StructType{}
		for range r.Count() {
			if !r.OK() {
				break
			}
			t.Fields = append(t.Fields, readFieldType(r))
		}
		return t
	case codeArray:
		return &ArrayType{Elem: readFieldType(r)}
	case codeCont:
		start := r.Pos()
		i := r.S33()
		if i < 0 || i > math.MaxUint32 {
			r.Fail(raw.BadByte, start, "invalid continuation type")
			return nil
		}
		return &ContType{Type: TypeIdx(i)}
	default:
		r.BadByte(b, "type")
		return nil
	}
}

func readValTypes(r *raw.Reader) []ValType {
	var list []ValType
	for range r.Count() {
		if !r.OK() {
			break
		}
		list = append(list, ReadValType(r))
	}
	return list
}

func appendValTypes(w *raw.Writer, list []ValType) {
	w.U32(uint32(len(list)))
	for _, v := range list {
		AppendValType(w, v)
	}
}

func readFieldType(r *raw.Reader) FieldType {
	var f FieldType
	switch r.Peek() {
	case codePacked8:
		f.Packed = 8
		r.Byte()
	case codePacked16:
		f.Packed = 16
		r.Byte()
	default:
		f.Type = ReadValType(r)
	}
	b := r.Byte()
	if b > 1 {
		r.Fail(raw.BadByte, r.Pos()-1, "malformed mutability byte for field type")
	}
	f.Mutable = b == 1
	return f
}

func appendFieldType(w *raw.Writer, f FieldType) {
	switch f.Packed {
	case 0:
		AppendValType(w, f.Type)
	case 8:
		w.Byte(codePacked8)
	case 16:
		w.Byte(codePacked16)
	default:
		panic(fmt.Sprintf("invalid packed width %d", f.Packed))
	}
	w.Bool(f.Mutable)
}
