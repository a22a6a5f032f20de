package encoding

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/internal/raw"
	"github.com/mortise-wasm/mortise/model/types"
)

// The index spaces of a component (Explainer.md, "Index Spaces"). Each has its own type, so code
// that mixes two of them does not compile.
type (
	FuncIdx         uint32
	ValueIdx        uint32
	TypeIdx         uint32
	ComponentIdx    uint32
	InstanceIdx     uint32
	CoreFuncIdx     uint32
	CoreTableIdx    uint32
	CoreMemoryIdx   uint32
	CoreGlobalIdx   uint32
	CoreTagIdx      uint32
	CoreTypeIdx     uint32
	CoreModuleIdx   uint32
	CoreInstanceIdx uint32
)

// Sort is a kind of definition and names its index space (Binary.md, "sort" and "core:sort"). The
// zero value is invalid.
type Sort uint8

// The sorts.
const (
	SortCoreFunc Sort = iota + 1
	SortCoreTable
	SortCoreMemory
	SortCoreGlobal
	SortCoreTag
	SortCoreType
	SortCoreModule
	SortCoreInstance
	SortFunc
	SortValue
	SortType
	SortComponent
	SortInstance

	numSorts = int(SortInstance) + 1
)

// sorts holds the text and the byte of each sort. A 0x00 precedes the byte of a core sort.
var sorts = [numSorts]struct {
	name string
	core bool
	code byte
}{
	SortCoreFunc:     {"core func", true, 0x00},
	SortCoreTable:    {"core table", true, 0x01},
	SortCoreMemory:   {"core memory", true, 0x02},
	SortCoreGlobal:   {"core global", true, 0x03},
	SortCoreTag:      {"core tag", true, 0x04},
	SortCoreType:     {"core type", true, 0x10},
	SortCoreModule:   {"core module", true, 0x11},
	SortCoreInstance: {"core instance", true, 0x12},
	SortFunc:         {"func", false, 0x01},
	SortValue:        {"value", false, 0x02},
	SortType:         {"type", false, 0x03},
	SortComponent:    {"component", false, 0x04},
	SortInstance:     {"instance", false, 0x05},
}

// String returns the spelling of the text format, such as "func" or "core func".
func (s Sort) String() string {
	if s == 0 || int(s) >= numSorts {
		return fmt.Sprintf("Sort(%d)", uint8(s))
	}
	return sorts[s].name
}

// Core reports whether s is a core sort.
func (s Sort) Core() bool { return int(s) < numSorts && sorts[s].core }

// sortByCode returns the sort with the given byte, or 0 if no sort has it.
func sortByCode(core bool, code byte) Sort {
	for s := Sort(1); int(s) < numSorts; s++ {
		if sorts[s].core == core && sorts[s].code == code {
			return s
		}
	}
	return 0
}

// SortIndex is an index together with its index space (Binary.md, "sortidx").
type SortIndex struct {
	Sort  Sort
	Index uint32
}

// String returns "func 3".
func (s SortIndex) String() string { return fmt.Sprintf("%v %d", s.Sort, s.Index) }

// Index is an index in any index space: one of the index types, or a [SortIndex].
type Index interface{ SortIndex() SortIndex }

// SortIndex returns s.
func (s SortIndex) SortIndex() SortIndex { return s }

func (i FuncIdx) SortIndex() SortIndex         { return SortIndex{SortFunc, uint32(i)} }
func (i ValueIdx) SortIndex() SortIndex        { return SortIndex{SortValue, uint32(i)} }
func (i TypeIdx) SortIndex() SortIndex         { return SortIndex{SortType, uint32(i)} }
func (i ComponentIdx) SortIndex() SortIndex    { return SortIndex{SortComponent, uint32(i)} }
func (i InstanceIdx) SortIndex() SortIndex     { return SortIndex{SortInstance, uint32(i)} }
func (i CoreFuncIdx) SortIndex() SortIndex     { return SortIndex{SortCoreFunc, uint32(i)} }
func (i CoreTableIdx) SortIndex() SortIndex    { return SortIndex{SortCoreTable, uint32(i)} }
func (i CoreMemoryIdx) SortIndex() SortIndex   { return SortIndex{SortCoreMemory, uint32(i)} }
func (i CoreGlobalIdx) SortIndex() SortIndex   { return SortIndex{SortCoreGlobal, uint32(i)} }
func (i CoreTagIdx) SortIndex() SortIndex      { return SortIndex{SortCoreTag, uint32(i)} }
func (i CoreTypeIdx) SortIndex() SortIndex     { return SortIndex{SortCoreType, uint32(i)} }
func (i CoreModuleIdx) SortIndex() SortIndex   { return SortIndex{SortCoreModule, uint32(i)} }
func (i CoreInstanceIdx) SortIndex() SortIndex { return SortIndex{SortCoreInstance, uint32(i)} }

// The methods below convert s to the index type of a sort. They panic if s is of another sort.

func (s SortIndex) Func() FuncIdx                 { return FuncIdx(s.of(SortFunc)) }
func (s SortIndex) Value() ValueIdx               { return ValueIdx(s.of(SortValue)) }
func (s SortIndex) Type() TypeIdx                 { return TypeIdx(s.of(SortType)) }
func (s SortIndex) Component() ComponentIdx       { return ComponentIdx(s.of(SortComponent)) }
func (s SortIndex) Instance() InstanceIdx         { return InstanceIdx(s.of(SortInstance)) }
func (s SortIndex) CoreFunc() CoreFuncIdx         { return CoreFuncIdx(s.of(SortCoreFunc)) }
func (s SortIndex) CoreTable() CoreTableIdx       { return CoreTableIdx(s.of(SortCoreTable)) }
func (s SortIndex) CoreMemory() CoreMemoryIdx     { return CoreMemoryIdx(s.of(SortCoreMemory)) }
func (s SortIndex) CoreGlobal() CoreGlobalIdx     { return CoreGlobalIdx(s.of(SortCoreGlobal)) }
func (s SortIndex) CoreTag() CoreTagIdx           { return CoreTagIdx(s.of(SortCoreTag)) }
func (s SortIndex) CoreType() CoreTypeIdx         { return CoreTypeIdx(s.of(SortCoreType)) }
func (s SortIndex) CoreModule() CoreModuleIdx     { return CoreModuleIdx(s.of(SortCoreModule)) }
func (s SortIndex) CoreInstance() CoreInstanceIdx { return CoreInstanceIdx(s.of(SortCoreInstance)) }

func (s SortIndex) of(sort Sort) uint32 {
	if s.Sort != sort {
		panic(fmt.Sprintf("%v is not a %v", s, sort))
	}
	return s.Index
}

// readExternSort reads the sort of an item that components can import and export: a component sort
// or core module.
func readExternSort(r *raw.Reader) Sort {
	b := r.Byte()
	core := b == 0x00
	if core {
		b = r.Byte()
	}
	sort := sortByCode(core, b)
	if sort == 0 || core && sort != SortCoreModule {
		r.BadByte(b, "component external kind")
	}
	return sort
}

func appendSort(w *raw.Writer, s Sort) {
	if s == 0 || int(s) >= numSorts {
		panic("invalid sort")
	}
	if sorts[s].core {
		w.Byte(0x00)
	}
	w.Byte(sorts[s].code)
}

func readSortIndex(r *raw.Reader) SortIndex {
	return SortIndex{Sort: readExternSort(r), Index: r.U32()}
}

func appendSortIndex(w *raw.Writer, s SortIndex) {
	appendSort(w, s.Sort)
	w.U32(s.Index)
}

// CoreSort returns the sort of the imports and exports of core modules of kind k.
func CoreSort(k core.ExternKind) Sort {
	switch k {
	case core.ExternFunc:
		return SortCoreFunc
	case core.ExternTable:
		return SortCoreTable
	case core.ExternMemory:
		return SortCoreMemory
	case core.ExternGlobal:
		return SortCoreGlobal
	case core.ExternTag:
		return SortCoreTag
	default:
		panic(unreachable(k))
	}
}

// SortOf returns the sort of the definitions that have type t.
func SortOf(t types.Extern) Sort {
	switch t.(type) {
	case *types.Func:
		return SortFunc
	case *types.Instance:
		return SortInstance
	case *types.Component:
		return SortComponent
	case *types.Module:
		return SortCoreModule
	case *types.Value:
		return SortValue
	case *types.Bound:
		return SortType
	default:
		panic(fmt.Sprintf("unreachable: %T", t))
	}
}
