package encoding

import (
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/internal/raw"
)

// CoreType defines core types (Binary.md, "core:type"). A recursion group takes one index for each
// of its types. A module type takes one index.
type CoreType struct {
	Span
	Def CoreDefType
}

// CoreDefType is a [*CoreRec] or a [*CoreModuleType].
type CoreDefType interface{ isCoreDefType() }

// CoreRec is a recursion group, usually of a single function type. Its type indices refer to the
// core type index space of the component.
type CoreRec struct{ core.RecType }

// CoreModuleType is the type of a core module. It has a type index space of its own.
type CoreModuleType struct{ Decls []CoreModuleDecl }

func (*CoreRec) isCoreDefType()        {}
func (*CoreModuleType) isCoreDefType() {}

// CoreModuleDecl is one declaration of a module type: a [*CoreImportDecl], [*CoreTypeDecl],
// [*CoreAliasDecl] or [*CoreExportDecl].
type CoreModuleDecl interface {
	Offsets() Span
	isCoreModuleDecl()
}

// CoreImportDecl declares an import of a module type.
type CoreImportDecl struct {
	Span
	Import core.Import
}

// CoreTypeDecl defines types inside a module type.
type CoreTypeDecl struct {
	Span
	Rec core.RecType
}

// CoreAliasDecl adds a core type of an enclosing scope to a module type: the type at Index of the
// scope Count levels out. Count 0 is the module type itself.
type CoreAliasDecl struct {
	Span
	Count uint32
	Index CoreTypeIdx
}

// CoreExportDecl declares an export of a module type.
type CoreExportDecl struct {
	Span
	Name string
	Type core.ExternType
}

func (*CoreImportDecl) isCoreModuleDecl() {}
func (*CoreTypeDecl) isCoreModuleDecl()   {}
func (*CoreAliasDecl) isCoreModuleDecl()  {}
func (*CoreExportDecl) isCoreModuleDecl() {}

// codeSub is the byte of a sub type that is not final. At the level of a component it is also the
// byte of a module type, so there a 0x00 precedes a sub type (Binary.md, "Type Definitions").
const codeSub = 0x50

func readCoreType(r *raw.Reader) *CoreType {
	start := r.Pos()
	t := &CoreType{}
	switch r.Peek() {
	case 0x00:
		r.Byte()
		if b := r.Peek(); b != codeSub {
			r.BadByteAt(r.Pos(), b, "non-final sub type")
		}
		t.Def = &CoreRec{core.ReadRecType(r)}
	case codeSub:
		r.Byte()
		t.Def = &CoreModuleType{Decls: raw.Vec(r, readCoreModuleDecl)}
	default:
		t.Def = &CoreRec{core.ReadRecType(r)}
	}
	t.Span = spanFrom(r, start)
	return t
}

func appendCoreType(w *raw.Writer, t *CoreType) {
	switch def := t.Def.(type) {
	case *CoreRec:
		if !def.Explicit && len(def.Types) == 1 && !def.Types[0].Final {
			w.Byte(0x00)
		}
		core.AppendRecType(w, def.RecType)
	case *CoreModuleType:
		w.Byte(codeSub)
		appendVec(w, def.Decls, appendCoreModuleDecl)
	default:
		panic(unreachable(def))
	}
}

// The bytes of an alias inside a module type. Such an alias always refers to a type, and is always
// outer.
const (
	coreAliasType  = 0x10
	coreAliasOuter = 0x01
)

func readCoreModuleDecl(r *raw.Reader) CoreModuleDecl {
	start := r.Pos()
	switch b := r.Byte(); b {
	case 0x00:
		i := core.ReadImport(r)
		return &CoreImportDecl{Import: i, Span: spanFrom(r, start)}
	case 0x01:
		t := core.ReadRecType(r)
		return &CoreTypeDecl{Rec: t, Span: spanFrom(r, start)}
	case 0x02:
		if b := r.Byte(); b != coreAliasType {
			r.BadByte(b, "outer alias kind")
		}
		if b := r.Byte(); b != coreAliasOuter {
			r.BadByte(b, "outer alias target")
		}
		count, index := r.U32(), raw.Index[CoreTypeIdx](r)
		return &CoreAliasDecl{Count: count, Index: index, Span: spanFrom(r, start)}
	case 0x03:
		name := r.Name()
		t := core.ReadExternType(r)
		return &CoreExportDecl{Name: name, Type: t, Span: spanFrom(r, start)}
	default:
		r.BadByte(b, "type definition")
		return nil
	}
}

func appendCoreModuleDecl(w *raw.Writer, d CoreModuleDecl) {
	switch d := d.(type) {
	case *CoreImportDecl:
		w.Byte(0x00)
		core.AppendImport(w, d.Import)
	case *CoreTypeDecl:
		w.Byte(0x01)
		core.AppendRecType(w, d.Rec)
	case *CoreAliasDecl:
		w.Byte(0x02, coreAliasType, coreAliasOuter)
		w.U32(d.Count)
		appendIndex(w, d.Index)
	case *CoreExportDecl:
		w.Byte(0x03)
		w.Name(d.Name)
		core.AppendExternType(w, d.Type)
	default:
		panic(unreachable(d))
	}
}
