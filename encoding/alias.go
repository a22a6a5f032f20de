package encoding

import (
	"slices"

	"github.com/mortise-wasm/mortise/encoding/internal/raw"
)

// Alias adds an item of an instance or of an enclosing scope to the index space of Sort (Binary.md,
// "Alias Definitions").
type Alias struct {
	Span
	Sort   Sort
	Target AliasTarget
}

// AliasTarget is an [ExportAlias], a [CoreExportAlias] or an [OuterAlias].
type AliasTarget interface{ isAliasTarget() }

// ExportAlias is the export named Name of an instance. The sort of the alias is a component sort or
// core module.
type ExportAlias struct {
	Instance InstanceIdx
	Name     string
}

// CoreExportAlias is the export named Name of a core instance. The sort of the alias is core func,
// table, memory, global or tag.
type CoreExportAlias struct {
	Instance CoreInstanceIdx
	Name     string
}

// OuterAlias is the definition at Index of the scope Count levels out. Count 0 is the scope that
// contains the alias. The sort of the alias is core module, core type, type or component.
type OuterAlias struct{ Count, Index uint32 }

func (ExportAlias) isAliasTarget()     {}
func (CoreExportAlias) isAliasTarget() {}
func (OuterAlias) isAliasTarget()      {}

func readAlias(r *raw.Reader) *Alias {
	start := r.Pos()
	a := &Alias{}
	// The target, which follows the sort, decides which sorts are allowed.
	code := r.Byte()
	core := code == 0x00
	codeAt := start
	if core {
		codeAt = r.Pos()
		code = r.Byte()
	}
	a.Sort = sortByCode(core, code)
	var kinds []Sort
	var what string
	switch b := r.Byte(); b {
	case 0x00:
		a.Target = ExportAlias{Instance: raw.Index[InstanceIdx](r), Name: r.Name()}
		kinds, what = exportAliasSorts, "component external kind"
	case 0x01:
		a.Target = CoreExportAlias{Instance: raw.Index[CoreInstanceIdx](r), Name: r.Name()}
		kinds, what = coreExportAliasSorts, "core instance export kind"
	case 0x02:
		a.Target = OuterAlias{Count: r.U32(), Index: r.U32()}
		kinds, what = outerAliasSorts, "component outer alias kind"
	default:
		r.BadByte(b, "alias")
	}
	if r.OK() && !slices.Contains(kinds, a.Sort) {
		r.BadByteAt(codeAt, code, what)
	}
	a.Span = spanFrom(r, start)
	return a
}

// The sorts that each kind of alias can have.
var (
	exportAliasSorts     = []Sort{SortCoreModule, SortFunc, SortValue, SortType, SortComponent, SortInstance}
	coreExportAliasSorts = []Sort{SortCoreFunc, SortCoreTable, SortCoreMemory, SortCoreGlobal, SortCoreTag}
	outerAliasSorts      = []Sort{SortCoreModule, SortCoreType, SortType, SortComponent}
)

func appendAlias(w *raw.Writer, a *Alias) {
	appendSort(w, a.Sort)
	switch t := a.Target.(type) {
	case ExportAlias:
		w.Byte(0x00)
		appendIndex(w, t.Instance)
		w.Name(t.Name)
	case CoreExportAlias:
		w.Byte(0x01)
		appendIndex(w, t.Instance)
		w.Name(t.Name)
	case OuterAlias:
		w.Byte(0x02)
		w.U32(t.Count)
		w.U32(t.Index)
	default:
		panic(unreachable(t))
	}
}
