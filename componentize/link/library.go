package link

import (
	"cmp"
	"slices"

	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/componentize/internal/sig"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit/binary"
)

// The modules that libraries import symbols from: functions, and addresses of data and of
// functions.
const (
	envModule = "env"
	gotMem    = "GOT.mem"
	gotFunc   = "GOT.func"
)

// rootModule is the module from which libraries import intrinsics of threads.
const rootModule = "$root"

// The symbols that the linker knows.
const (
	symMemory       = "memory"
	symTable        = "__indirect_function_table"
	symMemoryBase   = "__memory_base"
	symTableBase    = "__table_base"
	symStackPointer = "__stack_pointer"
	symInitStack    = "__init_stack_pointer"
	symAsyncData    = "__asyncify_data"
	symAsyncState   = "__asyncify_state"
	symHeapBase     = "__heap_base"
	symHeapEnd      = "__heap_end"
	symStackHigh    = "__stack_high"
	symStackLow     = "__stack_low"
	symDataRelocs   = "__wasm_apply_data_relocs"
	symCtors        = "__wasm_call_ctors"
	symInitialize   = "_initialize"
	symStart        = "_start"
	symLibraries    = "__wasm_libdl_libraries"
	symProgramTLS   = "__wasm_program_tls_info"
	symLibraryTLS   = "__wasm_library_tls_info"
	symGetTLS       = "__wasm_get_tls_base"
	symSetTLS       = "__wasm_set_tls_base"
	symGetStack     = "__wasm_get_stack_pointer"
	symSetStack     = "__wasm_set_stack_pointer"
	symTaskHook     = "__wasm_task_hook"
)

// symbol is a name with a type, which one library exports and another one imports.
type symbol struct {
	name string
	kind core.ExternKind
	// fn is the type of a function or tag, and global the type of a global.
	fn     core.FuncType
	global core.GlobalType
}

// symbolKey identifies a symbol.
type symbolKey struct{ name, typ string }

func (s symbol) key() symbolKey { return symbolKey{s.name, s.describe()} }

// String returns the symbol in the form that messages use: `f (function [I32] -> [])`.
func (s symbol) String() string { return s.name + " (" + s.describe() + ")" }

func (s symbol) describe() string {
	switch s.kind {
	case core.ExternFunc:
		return "function " + sig.Describe(s.fn)
	case core.ExternTag:
		return "tag " + sig.Describe(s.fn)
	}
	if s.global.Mutable {
		return "global mut " + s.global.Type.String()
	}
	return "global " + s.global.Type.String()
}

func compareSymbols(a, b symbol) int {
	return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.kind, b.kind), cmp.Compare(a.describe(), b.describe()))
}

// address returns the symbol of an address in memory, relative to the memory base of its library.
func address(name string) symbol {
	return symbol{name: name, kind: core.ExternGlobal, global: core.GlobalType{Type: core.I32}}
}

// envImport is a function that a library imports from another one.
type envImport struct {
	symbol
	weak bool
}

// adapterImport is an item that a library imports from an adapter.
type adapterImport struct {
	symbol
	module string
}

// library is a shared library with its metadata. Lists are sorted.
type library struct {
	SharedLibrary
	dylink *core.Dylink
	// isShared is set if the library has a `dylink.0` section. A library that has only functions works
	// without one.
	isShared bool
	// has are the well-known symbols that the library exports, and needs those that it imports.
	has, needs map[string]bool
	// memoryPages and tableEntries are the minimum sizes of the memory and table that it imports.
	memoryPages, tableEntries uint64
	// exportsWorld is set if one of its worlds has exports.
	exportsWorld, asyncify, spawns bool

	funcs          []envImport
	tags           []symbol
	addresses      []string // addresses in memory
	tableAddresses []string
	adapters       []adapterImport
	exports        []symbol

	// index is the library's position in the list, and instantiated is set once the library precedes
	// the current one.
	index        int
	instantiated bool
	tlsSlot      *uint32
}

// readLibrary reads the metadata and the symbols of a library.
func readLibrary(in SharedLibrary, adapters []componentize.Adapter) (*library, error) {
	if err := binary.CheckModule(in.File, "link"); err != nil {
		return nil, err
	}
	m, err := core.Decode(in.File.Data)
	if err != nil {
		return nil, core.Diagnose(in.File, err)
	}
	lib := &library{SharedLibrary: in, dylink: &core.Dylink{}, has: map[string]bool{}, needs: map[string]bool{}}
	if data, ok := m.Custom(core.DylinkName); ok {
		lib.isShared = true
		if lib.dylink, err = core.DecodeDylink(data); err != nil {
			return nil, lib.fail("failed to parse `dylink.0` subsection: %s", err.Error())
		}
		if lib.dylink.MemoryAlign >= 32 || lib.dylink.TableAlign >= 32 {
			return nil, lib.fail("the alignment of the memory or table is too large")
		}
	}
	if !lib.dylink.HasMemInfo {
		lib.dylink.MemoryAlign, lib.dylink.TableAlign = 1, 1
	}
	list, err := binary.EmbeddedWorlds(in.File, m)
	if err != nil {
		return nil, err
	}
	for _, d := range list {
		lib.exportsWorld = lib.exportsWorld || len(d.World.Exports) > 0
	}
	s := &librarySymbols{lib: lib, m: m, weak: map[adapterItem]bool{}, adapters: map[string]bool{}}
	for _, a := range adapters {
		s.adapters[a.Name] = true
	}
	for _, i := range lib.dylink.Imports {
		s.weak[adapterItem{i.Module, i.Name}] = i.Flags&core.DylinkWeak != 0
	}
	for _, r := range m.Types {
		s.types = append(s.types, r.Types...)
	}
	for _, i := range m.Imports {
		if err := s.importItem(i); err != nil {
			return nil, err
		}
	}
	for _, e := range m.Exports {
		if err := s.exportItem(e); err != nil {
			return nil, err
		}
	}
	lib.sort()
	return lib, nil
}

// unsupportedExport returns the error for an export of a kind that shared libraries do not have. A
// module without a `dylink.0` section is an ordinary program.
func (l *library) unsupportedExport(name string, kind core.ExternKind) error {
	if l.isShared {
		return l.fail("unsupported export kind for %s: %s", name, kind)
	}
	return l.fail("`%s` has no `dylink.0` section and exports a %s, so it is not a shared library", l.Name, kind).
		Helpf("compile it with -fPIC and link it with -shared")
}

func (l *library) fail(format string, args ...any) *diag.Diagnostic {
	return diag.Errorf(l.File.Span(0, 0), CodeCannotLink, format, args...).In("library `%s`", l.Name)
}

// sort sorts the lists and removes duplicates.
func (l *library) sort() {
	slices.SortFunc(l.funcs, func(a, b envImport) int { return compareSymbols(a.symbol, b.symbol) })
	l.funcs = slices.CompactFunc(l.funcs, func(a, b envImport) bool { return a.key() == b.key() && a.weak == b.weak })
	slices.SortFunc(l.tags, compareSymbols)
	l.tags = slices.CompactFunc(l.tags, func(a, b symbol) bool { return a.key() == b.key() })
	slices.Sort(l.addresses)
	l.addresses = slices.Compact(l.addresses)
	slices.Sort(l.tableAddresses)
	l.tableAddresses = slices.Compact(l.tableAddresses)
	slices.SortFunc(l.adapters, func(a, b adapterImport) int {
		return cmp.Or(cmp.Compare(a.module, b.module), compareSymbols(a.symbol, b.symbol))
	})
	l.adapters = slices.CompactFunc(l.adapters, func(a, b adapterImport) bool { return a.module == b.module && a.key() == b.key() })
	slices.SortFunc(l.exports, compareSymbols)
}

// librarySymbols collects the symbols of a library.
type librarySymbols struct {
	lib      *library
	m        *core.Module
	types    []core.SubType
	weak     map[adapterItem]bool
	adapters map[string]bool
}

func (s *librarySymbols) function(i core.TypeIdx) (core.FuncType, error) {
	if int(i) < len(s.types) {
		if f, ok := s.types[i].Type.(*core.FuncType); ok {
			for _, v := range slices.Concat(f.Params, f.Results) {
				if v.Kind != core.I32.Kind && v.Kind != core.I64.Kind && v.Kind != core.F32.Kind && v.Kind != core.F64.Kind {
					return core.FuncType{}, s.lib.fail("functions with values of type %s cannot be linked yet", v)
				}
			}
			return *f, nil
		}
	}
	return core.FuncType{}, s.lib.fail("type index %d is not a function type", i)
}

func (s *librarySymbols) symbol(name string, t core.ExternType) (symbol, error) {
	sym := symbol{name: name, kind: t.Kind}
	var err error
	switch t.Kind {
	case core.ExternFunc:
		sym.fn, err = s.function(t.Func)
	case core.ExternTag:
		sym.fn, err = s.function(t.Tag)
	case core.ExternGlobal:
		sym.global = t.Global
	default:
		err = s.lib.unsupportedExport(name, t.Kind)
	}
	return sym, err
}

// importItem records an import.
func (s *librarySymbols) importItem(i core.Import) error {
	lib := s.lib
	isAddress := i.Type.Kind == core.ExternGlobal && i.Type.Global.Type == core.I32
	unexpected := func() error {
		return lib.fail("unexpected type for %s:%s: a %s", i.Module, i.Name, i.Type.Kind)
	}
	switch {
	case i.Module == envModule:
		return s.envItem(i, isAddress, unexpected)
	case i.Module == gotMem && isAddress:
		switch i.Name {
		case symHeapBase, symHeapEnd, symStackHigh, symStackLow, symLibraries, symProgramTLS:
			lib.needs[i.Name] = true
		default:
			lib.addresses = append(lib.addresses, i.Name)
		}
	case i.Module == gotFunc && isAddress:
		lib.tableAddresses = append(lib.tableAddresses, i.Name)
	case i.Module == gotMem || i.Module == gotFunc:
		return unexpected()
	case i.Module == rootModule && i.Name == "[thread-new-indirect-v0]":
		lib.spawns = true
	case s.adapters[i.Module]:
		if i.Type.Kind != core.ExternFunc && i.Type.Kind != core.ExternGlobal {
			return lib.fail("unsupported import kind for %s.%s: %s", i.Module, i.Name, i.Type.Kind)
		}
		sym, err := s.symbol(i.Name, i.Type)
		lib.adapters = append(lib.adapters, adapterImport{sym, i.Module})
		return err
	case i.Type.Kind != core.ExternFunc && i.Type.Kind != core.ExternGlobal:
		return unexpected()
	}
	return nil
}

// envItem records an import from `env`.
func (s *librarySymbols) envItem(i core.Import, isAddress bool, unexpected func() error) error {
	lib := s.lib
	ok := true
	switch i.Name {
	case symMemory:
		if ok = i.Type.Kind == core.ExternMemory; ok && (!plainLimits(i.Type.Memory.Limits) || i.Type.Memory.HasPageSize) {
			return lib.fail("the memory that it imports is a 64-bit or shared memory, or has a maximum or a page size, which linked libraries cannot have")
		}
		lib.memoryPages = max(lib.memoryPages, i.Type.Memory.Limits.Min)
	case symTable:
		ok = i.Type.Kind == core.ExternTable && i.Type.Table.Elem == core.FuncRef.Ref && plainLimits(i.Type.Table.Limits)
		lib.tableEntries = max(lib.tableEntries, i.Type.Table.Limits.Min)
	case symAsyncData, symAsyncState:
		lib.asyncify, ok = true, isAddress
	case symMemoryBase, symTableBase, symStackPointer, symInitStack:
		lib.needs[i.Name], ok = true, isAddress
	case symGetStack, symSetStack, symGetTLS, symSetTLS:
		lib.needs[i.Name], ok = true, i.Type.Kind == core.ExternFunc
	default:
		if i.Type.Kind != core.ExternFunc && i.Type.Kind != core.ExternTag {
			return unexpected()
		}
		sym, err := s.symbol(i.Name, i.Type)
		if err != nil {
			return err
		}
		if sym.kind == core.ExternTag {
			lib.tags = append(lib.tags, sym)
		} else {
			lib.funcs = append(lib.funcs, envImport{sym, s.weak[adapterItem{i.Module, i.Name}]})
		}
	}
	if !ok {
		return unexpected()
	}
	return nil
}

// plainLimits reports whether limits, except for the minimum, are those of the memory or table of
// linked libraries.
func plainLimits(l types.Limits) bool { return !l.HasMax && !l.Is64 && !l.Shared }

// exportItem records an export.
func (s *librarySymbols) exportItem(e core.Export) error {
	switch e.Name {
	case symDataRelocs, symCtors, symInitialize, symStart, symLibraryTLS:
		s.lib.has[e.Name] = true
		return nil
	}
	t, err := s.m.ExportType(e)
	if err != nil {
		return s.lib.fail("%s", err.Error())
	}
	sym, err := s.symbol(e.Name, t)
	s.lib.exports = append(s.lib.exports, sym)
	return err
}
