package core

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding/internal/raw"
)

// DylinkName is the name of the custom section that [DecodeDylink] reads. If a module has it, it is
// the first section.
const DylinkName = "dylink.0"

// Dylink is the contents of the section that describes a module made for dynamic linking (tool
// conventions, "WebAssembly Dynamic Linking").
type Dylink struct {
	// MemorySize and TableSize are the amounts of memory and of table entries that the module needs.
	// MemoryAlign and TableAlign are the binary logarithms of their alignments. HasMemInfo reports
	// whether the section has these numbers.
	HasMemInfo                                     bool
	MemorySize, MemoryAlign, TableSize, TableAlign uint32
	// Needed are the names of the libraries that the module depends on. RuntimePath are the paths
	// where to look for them.
	Needed, RuntimePath []string
	Exports             []DylinkExport
	Imports             []DylinkImport
}

// DylinkExport holds the flags of an export.
type DylinkExport struct {
	Name  string
	Flags uint32
}

// DylinkImport holds the flags of an import.
type DylinkImport struct {
	Module, Name string
	Flags        uint32
}

// DylinkWeak is the flag of a symbol that may be missing.
const DylinkWeak = 1

// The subsections of the dylink.0 section.
const (
	dylinkMemInfo     = 1
	dylinkNeeded      = 2
	dylinkExportInfo  = 3
	dylinkImportInfo  = 4
	dylinkRuntimePath = 5
)

// DecodeDylink reads the payload of a dylink.0 section. The error is an [*Error]. Its offset counts
// from the start of payload.
func DecodeDylink(payload []byte) (*Dylink, error) {
	d := &Dylink{}
	r := raw.NewReader(payload, 0, len(payload))
	for r.Len() > 0 {
		at := r.Pos()
		id := r.Byte()
		s := r.Sub(r.U32())
		switch id {
		case dylinkMemInfo:
			d.HasMemInfo = true
			d.MemorySize, d.MemoryAlign, d.TableSize, d.TableAlign = s.U32(), s.U32(), s.U32(), s.U32()
		case dylinkNeeded:
			d.Needed = raw.Vec(s, (*raw.Reader).Name)
		case dylinkExportInfo:
			d.Exports = append(d.Exports, raw.Vec(s, func(r *raw.Reader) DylinkExport {
				return DylinkExport{Name: r.Name(), Flags: r.U32()}
			})...)
		case dylinkImportInfo:
			d.Imports = append(d.Imports, raw.Vec(s, func(r *raw.Reader) DylinkImport {
				return DylinkImport{Module: r.Name(), Name: r.Name(), Flags: r.U32()}
			})...)
		case dylinkRuntimePath:
			d.RuntimePath = append(d.RuntimePath, raw.Vec(s, (*raw.Reader).Name)...)
		default:
			r.Fail(raw.BadByte, at, fmt.Sprintf("unrecognized `%s` subsection: %d", DylinkName, id))
		}
		if err := s.Err(); err != nil {
			return nil, newError(err, SectionCustom)
		}
	}
	if err := r.Err(); err != nil {
		return nil, newError(err, SectionCustom)
	}
	return d, nil
}
