package encoding

import (
	"fmt"
	"math"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/internal/raw"
	"github.com/mortise-wasm/mortise/model/types"
)

// primCodes are the bytes of the primitive types.
var primCodes = [...]byte{
	types.Bool: 0x7f, types.S8: 0x7e, types.U8: 0x7d, types.S16: 0x7c, types.U16: 0x7b, types.S32: 0x7a, types.U32: 0x79,
	types.S64: 0x78, types.U64: 0x77, types.F32: 0x76, types.F64: 0x75, types.Char: 0x74, types.String: 0x73,
	types.ErrorContext: 0x64,
}

// The bytes of the other type definitions.
const (
	codeRecord        = 0x72
	codeVariant       = 0x71
	codeList          = 0x70
	codeTuple         = 0x6f
	codeFlags         = 0x6e
	codeEnum          = 0x6d
	codeOption        = 0x6b
	codeResult        = 0x6a
	codeOwn           = 0x69
	codeBorrow        = 0x68
	codeFixedList     = 0x67
	codeStream        = 0x66
	codeFuture        = 0x65
	codeMap           = 0x63
	codeAsyncFunc     = 0x43
	codeInstanceType  = 0x42
	codeComponentType = 0x41
	codeFuncType      = 0x40
	codeResource      = 0x3f
)

func primByCode(b byte) types.Prim {
	for p, code := range primCodes {
		if p > 0 && code == b {
			return types.Prim(p)
		}
	}
	return 0
}

func readValType(r *raw.Reader) ValType {
	b := r.Peek()
	if p := primByCode(b); p != 0 {
		r.Byte()
		return ValType{Prim: p}
	}
	start := r.Pos()
	i := r.S33()
	if i < 0 || i > math.MaxUint32 {
		r.BadByteAt(start, b, "component value type")
	}
	return ValType{Index: TypeIdx(i)}
}

func appendValType(w *raw.Writer, v ValType) {
	if v.IsPrim() {
		w.Byte(primCodes[v.Prim])
		return
	}
	w.S33(int64(v.Index))
}

func readOptValType(r *raw.Reader) *ValType {
	switch b := r.Byte(); b {
	case 0x00:
		return nil
	case 0x01:
		v := readValType(r)
		return &v
	default:
		r.BadByte(b, "optional component value type")
		return nil
	}
}

func appendOptValType(w *raw.Writer, v *ValType) {
	w.Bool(v != nil)
	if v != nil {
		appendValType(w, *v)
	}
}

func readField(r *raw.Reader) Field { return Field{Name: r.Name(), Type: readValType(r)} }

func appendField(w *raw.Writer, f Field) {
	w.Name(f.Name)
	appendValType(w, f.Type)
}

func readCase(r *raw.Reader) Case {
	c := Case{Name: r.Name(), Type: readOptValType(r)}
	if b := r.Byte(); b != 0 {
		r.BadByte(b, "zero byte required")
	}
	return c
}

func appendCase(w *raw.Writer, c Case) {
	w.Name(c.Name)
	appendOptValType(w, c.Type)
	w.Byte(0x00)
}

// readResult reads the result list of a function: one type or none.
func readResult(r *raw.Reader) *ValType {
	switch b := r.Byte(); b {
	case 0x00:
		v := readValType(r)
		return &v
	case 0x01:
		if b := r.Byte(); b != 0 {
			r.BadByte(b, "number of results")
		}
		return nil
	default:
		r.BadByte(b, "component function results")
		return nil
	}
}

func appendResult(w *raw.Writer, v *ValType) {
	if v == nil {
		w.Byte(0x01, 0x00)
		return
	}
	w.Byte(0x00)
	appendValType(w, *v)
}

// readType reads a type definition at the given nesting depth.
func readType(r *raw.Reader, depth int) *Type {
	start := r.Pos()
	t := &Type{Def: readDefType(r, depth)}
	t.Span = spanFrom(r, start)
	return t
}

func readDefType(r *raw.Reader, depth int) DefType {
	b := r.Byte()
	switch b {
	case codeFuncType, codeAsyncFunc:
		return &Func{Async: b == codeAsyncFunc, Params: raw.Vec(r, readField), Result: readResult(r)}
	case codeComponentType:
		return &ComponentType{Decls: readDecls(r, depth, true)}
	case codeInstanceType:
		return &InstanceType{Decls: readDecls(r, depth, false)}
	case codeResource:
		return readResource(r)
	default:
		return readDefValType(r, b)
	}
}

// readDefValType reads the rest of a value type definition after its first byte.
func readDefValType(r *raw.Reader, b byte) DefType {
	switch b {
	case codeRecord:
		return &Record{raw.Vec(r, readField)}
	case codeVariant:
		return &Variant{raw.Vec(r, readCase)}
	case codeList:
		return &List{readValType(r)}
	case codeFixedList:
		return &FixedList{readValType(r), r.U32()}
	case codeTuple:
		return &Tuple{raw.Vec(r, readValType)}
	case codeFlags:
		return &Flags{raw.Vec(r, (*raw.Reader).Name)}
	case codeEnum:
		return &Enum{raw.Vec(r, (*raw.Reader).Name)}
	case codeOption:
		return &Option{readValType(r)}
	case codeResult:
		return &Result{OK: readOptValType(r), Err: readOptValType(r)}
	case codeOwn:
		return &Own{raw.Index[TypeIdx](r)}
	case codeBorrow:
		return &Borrow{raw.Index[TypeIdx](r)}
	case codeStream:
		return &Stream{readOptValType(r)}
	case codeFuture:
		return &Future{readOptValType(r)}
	case codeMap:
		return &Map{Key: readValType(r), Value: readValType(r)}
	}
	if p := primByCode(b); p != 0 {
		return &PrimType{p}
	}
	r.BadByte(b, "component defined type")
	return nil
}

func readResource(r *raw.Reader) *Resource {
	t := &Resource{Rep: core.ReadValType(r)}
	switch b := r.Byte(); b {
	case 0x00:
	case 0x01:
		f := raw.Index[CoreFuncIdx](r)
		t.Dtor = &f
	default:
		r.BadByte(b, "resource destructor")
	}
	return t
}

func appendDefType(w *raw.Writer, t DefType) {
	switch t := t.(type) {
	case *Func:
		if t.Async {
			w.Byte(codeAsyncFunc)
		} else {
			w.Byte(codeFuncType)
		}
		appendVec(w, t.Params, appendField)
		appendResult(w, t.Result)
	case *ComponentType:
		w.Byte(codeComponentType)
		appendVec(w, t.Decls, appendDecl)
	case *InstanceType:
		w.Byte(codeInstanceType)
		appendVec(w, t.Decls, appendDecl)
	case *Resource:
		w.Byte(codeResource)
		core.AppendValType(w, t.Rep)
		w.Bool(t.Dtor != nil)
		if t.Dtor != nil {
			appendIndex(w, *t.Dtor)
		}
	default:
		appendDefValType(w, t)
	}
}

func appendDefValType(w *raw.Writer, t DefType) {
	switch t := t.(type) {
	case *PrimType:
		w.Byte(primCodes[t.Prim])
	case *Record:
		w.Byte(codeRecord)
		appendVec(w, t.Fields, appendField)
	case *Variant:
		w.Byte(codeVariant)
		appendVec(w, t.Cases, appendCase)
	case *List:
		w.Byte(codeList)
		appendValType(w, t.Elem)
	case *FixedList:
		w.Byte(codeFixedList)
		appendValType(w, t.Elem)
		w.U32(t.Len)
	case *Tuple:
		w.Byte(codeTuple)
		appendVec(w, t.Elems, appendValType)
	case *Flags:
		w.Byte(codeFlags)
		appendVec(w, t.Names, (*raw.Writer).Name)
	case *Enum:
		w.Byte(codeEnum)
		appendVec(w, t.Names, (*raw.Writer).Name)
	case *Option:
		w.Byte(codeOption)
		appendValType(w, t.Elem)
	case *Result:
		w.Byte(codeResult)
		appendOptValType(w, t.OK)
		appendOptValType(w, t.Err)
	case *Own:
		w.Byte(codeOwn)
		appendIndex(w, t.Type)
	case *Borrow:
		w.Byte(codeBorrow)
		appendIndex(w, t.Type)
	case *Stream:
		w.Byte(codeStream)
		appendOptValType(w, t.Elem)
	case *Future:
		w.Byte(codeFuture)
		appendOptValType(w, t.Elem)
	case *Map:
		w.Byte(codeMap)
		appendValType(w, t.Key)
		appendValType(w, t.Value)
	default:
		panic(unreachable(t))
	}
}

// The bytes of declarations.
const (
	declCoreType = 0x00
	declType     = 0x01
	declAlias    = 0x02
	declImport   = 0x03
	declExport   = 0x04
)

// readDecls reads the declarations of a component type, or of an instance type, which has no
// imports.
func readDecls(r *raw.Reader, depth int, imports bool) []Decl {
	if !nest(r, depth) {
		return nil
	}
	return raw.Vec(r, func(r *raw.Reader) Decl {
		b := r.Byte()
		switch {
		case b == declCoreType:
			return readCoreType(r)
		case b == declType:
			return readType(r, depth+1)
		case b == declAlias:
			return readAlias(r)
		case b == declImport && imports:
			return readImport(r)
		case b == declExport:
			return readExportDecl(r)
		default:
			r.BadByte(b, "component or instance type declaration")
			return nil
		}
	})
}

func readExportDecl(r *raw.Reader) *ExportDecl {
	start := r.Pos()
	e := &ExportDecl{Name: readExternName(r), Type: readExternType(r)}
	e.Span = spanFrom(r, start)
	return e
}

func appendDecl(w *raw.Writer, d Decl) {
	switch d := d.(type) {
	case *CoreType:
		w.Byte(declCoreType)
		appendCoreType(w, d)
	case *Type:
		w.Byte(declType)
		appendDefType(w, d.Def)
	case *Alias:
		w.Byte(declAlias)
		appendAlias(w, d)
	case *Import:
		w.Byte(declImport)
		appendImport(w, d)
	case *ExportDecl:
		w.Byte(declExport)
		appendExternName(w, d.Name)
		appendExternType(w, d.Type)
	default:
		panic(fmt.Sprintf("unreachable: %T", d))
	}
}
