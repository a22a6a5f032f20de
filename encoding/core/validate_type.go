package core

import (
	"fmt"

	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
)

// vt is a value type during validation, packed in one word so that equal types are equal numbers. A
// number type is its [types.CoreKind]. A reference has vtRef set. With vtDef it refers to a defined
// type, by the number of its canonical definition. Otherwise it refers to an abstract heap type.
type vt uint32

const (
	// vtBot is the type of operands in unreachable code.
	vtBot  vt = 0
	vtI32     = vt(types.I32Kind)
	vtI64     = vt(types.I64Kind)
	vtF32     = vt(types.F32Kind)
	vtF64     = vt(types.F64Kind)
	vtV128    = vt(types.V128Kind)
	// vtAddr represents the address type of a memory in the signatures of instructions.
	vtAddr = vtV128 + 1

	vtRef    vt = 1 << 31
	vtNull   vt = 1 << 30
	vtShared vt = 1 << 29 // only with an abstract heap type
	vtDef    vt = 1 << 28
	// vtOpen marks a reference from unreachable code. Its nullability and sharedness are open, and so
	// is its heap type if that is 0.
	vtOpen   vt = 1 << 27
	vtDefMax vt = vtDef - 1
	vtAbsMax vt = 0xff
)

func abs(h types.Heap) vt         { return vtRef | vt(h) }
func nullable(h types.Heap) vt    { return vtRef | vtNull | vt(h) }
func (t vt) isRef() bool          { return t&vtRef != 0 }
func (t vt) isDef() bool          { return t&(vtRef|vtDef) == vtRef|vtDef }
func (t vt) isOpen() bool         { return t&(vtRef|vtDef|vtOpen) == vtRef|vtOpen }
func (t vt) defaultable() bool    { return !t.isRef() || t&vtNull != 0 }
func (t vt) def() uint32          { return uint32(t & vtDefMax) }
func (t vt) heap() types.Heap     { return types.Heap(t & vtAbsMax) }
func refTo(def uint32, n bool) vt { return withNull(vtRef|vtDef|vt(def), n) }

func withNull(t vt, n bool) vt {
	if n {
		return t | vtNull
	}
	return t &^ vtNull
}

// def is a canonical type definition.
type def struct {
	kind    types.Heap // HeapFunc, HeapStruct, HeapArray or HeapCont
	final   bool
	shared  bool
	super   int32 // or -1
	depth   uint8 // number of supertypes above it
	index   TypeIdx
	params  []vt
	results []vt
	fields  []field // fields of a struct, or the element of an array
	cont    uint32  // function type of a continuation type
}

// field is the type of a field of a struct or of the elements of an array.
type field struct {
	t       vt
	packed  uint8
	mutable bool
}

// unpacked returns the type of the value of the field on the stack.
func (f field) unpacked() vt {
	if f.packed != 0 {
		return vtI32
	}
	return f.t
}

// typeSpace holds the types of a module.
type typeSpace struct {
	defs []def
	// space holds the definition of each type index.
	space []uint32
	ids   map[*types.CoreDef]uint32
}

// shared reports whether values of a type may be shared between threads. Values that are not
// references may be.
func (s *typeSpace) shared(t vt) bool {
	switch {
	case !t.isRef():
		return true
	case t.isDef():
		return s.defs[t.def()].shared
	default:
		return t&vtShared != 0
	}
}

// heapOf returns the abstract heap type of a reference. For a reference to a defined type, it is
// the one directly above that type.
func (s *typeSpace) heapOf(t vt) types.Heap {
	if t.isDef() {
		return s.defs[t.def()].kind
	}
	return t.heap()
}

// subtype reports whether a is a subtype of b (core specification, "Matching"). The type b must not
// be bottom or open.
func (s *typeSpace) subtype(a, b vt) bool {
	switch {
	case a == b || a == vtBot:
		return true
	case !a.isRef() || !b.isRef():
		return false
	case a.isOpen():
		return a.heap() == 0 || s.heapSub(withShared(a, s.shared(b)), b)
	case a&vtNull != 0 && b&vtNull == 0:
		return false
	}
	return s.heapSub(a, b)
}

func withShared(t vt, shared bool) vt {
	t &^= vtOpen | vtShared
	if shared {
		t |= vtShared
	}
	return t
}

func (s *typeSpace) heapSub(a, b vt) bool {
	switch {
	case a.isDef() && b.isDef():
		return s.defSub(a.def(), b.def())
	case s.shared(a) != s.shared(b):
		return false
	case b.isDef():
		return a.heap() == s.defs[b.def()].kind.Bottom()
	default:
		return s.heapOf(a).Sub(b.heap())
	}
}

// defSub reports whether b is a or one of its supertypes.
func (s *typeSpace) defSub(a, b uint32) bool {
	if a == b {
		return true
	}
	for up := int(s.defs[a].depth) - int(s.defs[b].depth); up > 0; up-- {
		a = uint32(s.defs[a].super)
	}
	return a == b
}

// matches reports whether the form of definition a allows it to be a subtype of b.
func (s *typeSpace) matches(a, b *def) bool {
	if a.kind != b.kind || a.shared != b.shared {
		return false
	}
	switch a.kind {
	case types.HeapFunc:
		return s.listSub(b.params, a.params) && s.listSub(a.results, b.results)
	case types.HeapCont:
		return s.defSub(a.cont, b.cont)
	}
	if len(a.fields) < len(b.fields) {
		return false
	}
	for i, g := range b.fields {
		f := a.fields[i]
		if f.mutable != g.mutable || f.packed != g.packed {
			return false
		}
		if f.packed == 0 && f.t != g.t && (f.mutable || !s.subtype(f.t, g.t)) {
			return false
		}
	}
	return true
}

func (s *typeSpace) listSub(a, b []vt) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !s.subtype(a[i], b[i]) {
			return false
		}
	}
	return true
}

// str returns a type in the form used in messages.
func (s *typeSpace) str(t vt) string {
	switch {
	case t == vtBot:
		return "bot"
	case !t.isRef():
		return types.CoreVal{Kind: types.CoreKind(t)}.String()
	case t.isDef():
		return RefType{Nullable: t&vtNull != 0, Heap: HeapType{Type: s.defs[t.def()].index}}.String()
	case t.isOpen() && t.heap() == 0:
		return "(ref bot)"
	case t&vtShared != 0 && t&vtNull != 0:
		return "(shared " + nullable(t.heap()).text() + ")"
	default:
		return t.text()
	}
}

// text returns a reference to an abstract heap type in the text format.
func (t vt) text() string {
	return RefType{Nullable: t&vtNull != 0, Heap: HeapType{Abs: t.heap(), Shared: t&vtShared != 0}}.String()
}

// form returns a definition in the text format, without its supertypes.
func (s *typeSpace) form(d *def) string {
	b := []byte("(" + d.kind.String())
	list := func(word string, ts []vt) {
		if len(ts) == 0 {
			return
		}
		b = append(b, " ("+word...)
		for _, t := range ts {
			b = append(b, " "+s.str(t)...)
		}
		b = append(b, ')')
	}
	list("param", d.params)
	list("result", d.results)
	for _, f := range d.fields {
		text := s.storage(f)
		if f.mutable {
			text = "(mut " + text + ")"
		}
		if d.kind == types.HeapStruct {
			text = "(field " + text + ")"
		}
		b = append(b, " "+text...)
	}
	if d.kind == types.HeapCont {
		b = fmt.Appendf(b, " %d", s.defs[d.cont].index)
	}
	return string(append(b, ')'))
}

// storage returns the text of the type of a field, packed or not.
func (s *typeSpace) storage(f field) string {
	switch f.packed {
	case 0:
		return s.str(f.t)
	case 8:
		return "i8"
	default:
		return "i16"
	}
}

func (s *typeSpace) list(ts []vt) string {
	b := []byte("[")
	for i, t := range ts {
		if i > 0 {
			b = append(b, ' ')
		}
		b = append(b, s.str(t)...)
	}
	return string(append(b, ']'))
}

// fromVal returns the vt of a value type whose definitions are known.
func (s *typeSpace) fromVal(v types.CoreVal) vt {
	if v.Kind != types.RefKind {
		return vt(v.Kind)
	}
	if v.Def != nil {
		return refTo(s.ids[v.Def], v.Nullable)
	}
	t := withNull(abs(v.Heap), v.Nullable)
	if v.Shared {
		t |= vtShared
	}
	return t
}

// checkRef returns a message if a reference type needs a disabled feature, otherwise "".
func checkRef(r RefType, set feature.Set) string {
	if !set.Has(feature.ReferenceTypes) {
		return "reference types support is not enabled"
	}
	h := r.Heap
	if h.Abs == 0 {
		if !set.Has(feature.GC) && !set.Has(feature.FunctionReferences) {
			return "function references required for index reference types"
		}
		return ""
	}
	if h.Shared && !set.Has(feature.SharedEverythingThreads) {
		return "shared reference types require the shared-everything-threads proposal"
	}
	if h.Abs != types.HeapFunc && h.Abs != types.HeapExn && !set.Has(feature.GCTypes) {
		return "gc types are disallowed but found type which requires gc"
	}
	switch h.Abs {
	case types.HeapFunc, types.HeapExtern:
		if !r.Nullable && !set.Has(feature.FunctionReferences) {
			return "function references required for non-nullable types"
		}
	case types.HeapExn, types.HeapNoExn:
		if !set.Has(feature.Exceptions) {
			return "references to exceptions need --features=exceptions"
		}
	case types.HeapCont, types.HeapNoCont:
		if !set.Has(feature.StackSwitching) {
			return "references to continuations need --features=stack-switching"
		}
	default:
		if !set.Has(feature.GC) {
			return "heap types not supported without the gc feature"
		}
	}
	return ""
}

// checkVal is like checkRef, for value types.
func checkVal(v ValType, set feature.Set) string {
	switch v.Kind {
	case types.F32Kind, types.F64Kind:
		if !set.Has(feature.Floats) {
			return "floating-point support is disabled"
		}
	case types.V128Kind:
		if !set.Has(feature.SIMD) {
			return "SIMD support is not enabled"
		}
	case types.RefKind:
		return checkRef(v.Ref, set)
	}
	return ""
}

// val returns the vt of a value type as written, or an error message.
func (s *typeSpace) val(v ValType, set feature.Set) (vt, string) {
	if v.Kind <= types.I64Kind {
		return vt(v.Kind), ""
	}
	if msg := checkVal(v, set); msg != "" {
		return 0, msg
	}
	if v.Kind != types.RefKind {
		return vt(v.Kind), ""
	}
	return s.heap(v.Ref)
}

// heap returns the vt of a reference type as written, or an error message. It does not check
// features.
func (s *typeSpace) heap(r RefType) (vt, string) {
	if r.Heap.Abs != 0 {
		t := withNull(abs(r.Heap.Abs), r.Nullable)
		if r.Heap.Shared {
			t |= vtShared
		}
		return t, ""
	}
	if int64(r.Heap.Type) >= int64(len(s.space)) {
		return 0, fmt.Sprintf("unknown type %d: type index out of bounds", r.Heap.Type)
	}
	return refTo(s.space[r.Heap.Type], r.Nullable), ""
}
