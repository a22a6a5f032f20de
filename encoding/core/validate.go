package core

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/mortise-wasm/mortise/encoding/internal/raw"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
)

// ValidateOptions are the options of [Validate].
type ValidateOptions struct {
	// Workers is the number of function bodies to validate at the same time. 0 stands for GOMAXPROCS.
	Workers int

	operands func(offset int, stack []string, below int) // see OperandStacks
}

// maxOperandsReported limits the number of operands that OperandStacks reports. A stack may be
// millions deep, and is reported after each instruction.
const maxOperandsReported = 32

// OperandStacks calls report after each instruction of the function bodies of m, in order, up to
// the first instruction that is invalid even with all features. The arguments are the offset of the
// instruction in the module, the types of the topmost 32 operands with the top of the stack last,
// and the number of operands below them. The slice is reused for the next instruction.
func OperandStacks(m *Module, report func(offset int, stack []string, below int)) {
	// The error is ignored: callers that need it call Validate.
	_ = Validate(m, feature.All(), ValidateOptions{operands: report})
}

// Validate checks the module against the specification (core specification, chapter "Validation")
// with the proposals in features, and against the limits of engines and wasm-tools. It also reads
// what [Decode] does not: function bodies, element segments and data segments.
//
// The error is an [*Error]. Only the first error in the module is reported, regardless of the
// number of workers. The messages begin with the words that the tests of the specification and of
// wasm-tools expect.
func Validate(m *Module, features feature.Set, opts ValidateOptions) error {
	v := &validator{m: m, features: features, typeSpace: typeSpace{ids: map[*types.CoreDef]uint32{}}}
	for _, pass := range []func(){
		v.typeSection,
		v.importSection,
		v.functionSection,
		v.tableSection,
		v.memorySection,
		v.tagSection,
		v.globalSection,
		v.exportSection,
		v.startSection,
		v.elementSection,
		v.dataCountSection,
		func() { v.codeSection(opts) },
		v.dataSection,
	} {
		if pass(); v.err != nil {
			return v.err
		}
	}
	return nil
}

// validator is the state of a validation. It grows while sections are validated in order, and does
// not change while function bodies are validated.
type validator struct {
	typeSpace
	m        *Module
	features feature.Set

	// funcs holds the definition of each function.
	funcs  []uint32
	tables []tableInfo
	// memories holds the address type of each memory.
	memories []vt
	globals  []globalInfo
	tags     []uint32
	elems    []vt
	// data is the number in the data count section, or -1 without that section.
	data int

	importedFuncs, importedGlobals int
	// declared holds the functions that ref.func may name in function bodies.
	declared []bool
	typeSize int
	// consts validates constant expressions.
	consts *body
	// seg is the item whose expressions are being validated.
	seg place
	err *Error
}

type tableInfo struct {
	elem, addr vt
	shared     bool
}

type globalInfo struct {
	t               vt
	mutable, shared bool
}

// place is an item of a section.
type place struct {
	section SectionID
	item    int
}

var itemWords = [numSections]string{
	SectionImport: "import", SectionTable: "table", SectionMemory: "memory", SectionGlobal: "global", SectionExport: "export", SectionElement: "elem",
	SectionData: "data", SectionTag: "tag", SectionFunction: "func",
}

// name returns the name of the item in messages.
func (p place) name() string {
	if itemWords[p.section] == "" {
		return ""
	}
	return fmt.Sprintf("%s %d", itemWords[p.section], p.item)
}

// fail records an error at an item, unless v already has one.
func (v *validator) fail(p place, format string, args ...any) {
	if v.err == nil {
		v.failAt(p.section, v.m.itemOffset(p.section, p.item), p.index(v.m).name(), format, args...)
	}
}

// index returns p with the number of the item in its index space.
func (p place) index(m *Module) place {
	kinds := map[SectionID]ExternKind{
		SectionFunction: ExternFunc, SectionTable: ExternTable, SectionMemory: ExternMemory, SectionGlobal: ExternGlobal, SectionTag: ExternTag,
	}
	if k, ok := kinds[p.section]; ok {
		p.item += m.NumImports(k)
	}
	return p
}

func (v *validator) failAt(id SectionID, offset int, item, format string, args ...any) {
	if v.err == nil {
		v.err = &Error{Offset: offset, Message: fmt.Sprintf(format, args...), Section: id, InSection: true, Invalid: true, Item: item}
	}
}

// itemOffset returns the offset of item i of a section. It reads the section again, which happens
// only after an error.
func (m *Module) itemOffset(id SectionID, i int) int {
	s, ok := m.Section(id)
	if !ok {
		return 0
	}
	if id == SectionStart || id == SectionDataCount {
		return s.Start
	}
	r := raw.NewReader(m.data, s.Start, s.End)
	r.Count()
	if id == SectionImport {
		return importOffset(r, i)
	}
	for range i {
		skipItem(r, id)
	}
	return r.Pos()
}

// importOffset returns the offset of import i. In a compact form, it is the offset of the name.
func importOffset(r *raw.Reader, i int) int {
	for r.OK() {
		start := r.Pos()
		r.Name()
		name := r.Name()
		code := r.Peek()
		if name != "" || code != compactItems && code != compactNames {
			if i == 0 {
				return start
			}
			ReadExternType(r)
			i--
			continue
		}
		r.Byte()
		if code == compactNames {
			ReadExternType(r)
		}
		for range r.Count() {
			if i == 0 {
				return r.Pos()
			}
			r.Name()
			if code == compactItems {
				ReadExternType(r)
			}
			i--
		}
	}
	return r.Pos()
}

// needs fails unless a feature is enabled.
func (v *validator) needs(p place, f feature.Feature, msg string) {
	if !v.features.Has(f) {
		v.fail(p, "%s", msg)
	}
}

// max fails if n exceeds a limit.
func (v *validator) max(p place, n, limit int, what string) {
	switch {
	case n <= limit:
	case limit == 1:
		v.fail(p, "multiple %s", what)
	default:
		v.fail(p, "%s count exceeds limit of %d", what, limit)
	}
}

func (v *validator) maxTables() int {
	if v.features.Has(feature.ReferenceTypes) {
		return maxTables
	}
	return 1
}

func (v *validator) maxMemories() int {
	if v.features.Has(feature.MultiMemory) {
		return maxMemories
	}
	return 1
}

func (v *validator) importSection() {
	if v.m.compact != 0 && !v.features.Has(feature.CompactImports) {
		v.failAt(SectionImport, v.m.compactAt, "", "invalid leading byte 0x%X with compact imports proposal disabled", v.m.compact)
		return
	}
	v.max(place{SectionImport, 0}, len(v.m.Imports), maxImports, "imports")
	for i := range v.m.Imports {
		imp, p := &v.m.Imports[i], place{SectionImport, i}
		if len(imp.Module) > maxString || len(imp.Name) > maxString {
			v.fail(p, "string size out of bounds")
		}
		size := 1
		switch t := &imp.Type; t.Kind {
		case ExternFunc:
			if d, ok := v.funcType(p, t.Func); ok {
				v.funcs = append(v.funcs, d)
				v.max(p, len(v.funcs), maxFunctions, "functions")
				size = v.funcSize(d)
			}
		case ExternTable:
			v.addTable(p, t.Table)
			v.max(p, len(v.tables), v.maxTables(), "tables")
		case ExternMemory:
			v.addMemory(p, t.Memory)
			v.max(p, len(v.memories), v.maxMemories(), "memories")
		case ExternGlobal:
			if t.Global.Mutable {
				v.needs(p, feature.MutableGlobal, "mutable global support is not enabled")
			}
			v.addGlobal(p, t.Global)
			v.max(p, len(v.globals), maxGlobals, "globals")
		case ExternTag:
			v.addTag(p, t.Tag)
			v.max(p, len(v.tags), maxTags, "tags")
			if v.err == nil {
				size = v.funcSize(v.tags[len(v.tags)-1])
			}
		default:
			panic(fmt.Sprintf("unreachable: %v", t.Kind))
		}
		v.addSize(p, size)
		if v.err != nil {
			return
		}
	}
	v.importedFuncs, v.importedGlobals = len(v.funcs), len(v.globals)
}

func (v *validator) funcSize(d uint32) int { return 2 + len(v.defs[d].params) + len(v.defs[d].results) }

// addSize adds the size of the type of an import or export to the total.
func (v *validator) addSize(p place, size int) {
	if v.typeSize += size; v.typeSize > maxTypeSize {
		v.fail(p, "effective type size exceeds the limit of %d", maxTypeSize)
	}
}

// funcType returns the definition of the function type at an index.
func (v *validator) funcType(p place, t TypeIdx) (uint32, bool) {
	if int64(t) >= int64(len(v.space)) {
		v.fail(p, "unknown type %d: type index out of bounds", t)
		return 0, false
	}
	d := v.space[t]
	if v.defs[d].kind != types.HeapFunc {
		v.fail(p, "type index %d is not a function type", t)
		return 0, false
	}
	return d, true
}

func (v *validator) functionSection() {
	v.max(place{SectionFunction, 0}, len(v.funcs)+len(v.m.Funcs), maxFunctions, "functions")
	for i, t := range v.m.Funcs {
		if v.err != nil {
			return
		}
		if d, ok := v.funcType(place{SectionFunction, i}, t); ok {
			v.funcs = append(v.funcs, d)
		}
	}
	v.declared = make([]bool, len(v.funcs))
}

func (v *validator) tableSection() {
	v.max(place{SectionTable, 0}, len(v.tables)+len(v.m.Tables), v.maxTables(), "tables")
	for i := range v.m.Tables {
		t, p := &v.m.Tables[i], place{SectionTable, i}
		v.addTable(p, t.Type)
		if v.err != nil {
			return
		}
		info := v.tables[len(v.tables)-1]
		switch {
		case t.Init.Bytes == nil && !t.Type.Elem.Nullable:
			v.fail(p, "type mismatch: non-defaultable element type")
		case t.Init.Bytes != nil:
			v.needs(p, feature.FunctionReferences, "tables with expression initializers require the function-references proposal")
			// The table itself is not defined yet for the expression, but constant expressions cannot name
			// tables.
			v.seg = p.index(v.m)
			v.constExpr(SectionTable, t.Init, info.elem)
		}
	}
}

func (v *validator) addTable(p place, t TableType) {
	if t.Elem != FuncRef.Ref {
		if msg := checkRef(t.Elem, v.features); msg != "" {
			v.fail(p, "%s", msg)
		}
	}
	elem, msg := v.heap(t.Elem)
	if msg != "" {
		v.fail(p, "%s", msg)
	}
	l := t.Limits
	if l.HasMax && l.Min > l.Max {
		v.fail(p, "size minimum must not be greater than maximum")
	}
	info := tableInfo{elem: elem, addr: vtI32, shared: l.Shared}
	limit := uint64(1<<32 - 1)
	if l.Is64 {
		v.needs(p, feature.Memory64, "memory64 must be enabled for 64-bit tables")
		info.addr, limit = vtI64, 1<<64-1
	}
	if l.Shared {
		v.needs(p, feature.SharedEverythingThreads, "shared tables require the shared-everything-threads proposal")
	}
	if l.Min > limit || l.HasMax && l.Max > limit {
		v.fail(p, "table size must be at most %#x entries", limit)
	}
	if v.err == nil && l.Shared && !v.shared(elem) {
		v.fail(p, "shared tables must have a shared element type")
	}
	v.tables = append(v.tables, info)
}

func (v *validator) memorySection() {
	v.max(place{SectionMemory, 0}, len(v.memories)+len(v.m.Memories), v.maxMemories(), "memories")
	for i, t := range v.m.Memories {
		v.addMemory(place{SectionMemory, i}, t)
	}
}

func (v *validator) addMemory(p place, t MemoryType) {
	l := t.Limits
	if l.HasMax && l.Min > l.Max {
		v.fail(p, "size minimum must not be greater than maximum")
	}
	addr, bits := vtI32, 32
	if l.Is64 {
		v.needs(p, feature.Memory64, "memory64 must be enabled for 64-bit memories")
		addr, bits = vtI64, 64
	}
	if l.Shared {
		v.needs(p, feature.Threads, "threads must be enabled for shared memories")
	}
	log2 := defaultPageSizeLog2
	if t.HasPageSize {
		v.needs(p, feature.CustomPageSizes, "the custom page sizes proposal must be enabled to customize a memory's page size")
		if log2 = int(t.PageSizeLog2); log2 != 0 && log2 != defaultPageSizeLog2 {
			v.fail(p, "invalid custom page size")
			return
		}
	}
	// The limit is the whole address space or, if that number needs one more bit, one page less.
	limit := uint64(1) << (bits - log2)
	if log2 == 0 {
		limit = 1<<bits - 1
	}
	if l.Min > limit || l.HasMax && l.Max > limit {
		v.fail(p, "memory size must be at most %#x %d-byte pages", limit, 1<<log2)
	}
	if l.Shared && !l.HasMax {
		v.fail(p, "shared memory must have maximum size")
	}
	v.memories = append(v.memories, addr)
}

func (v *validator) tagSection() {
	p := place{SectionTag, 0}
	if _, ok := v.m.Section(SectionTag); ok {
		v.needs(p, feature.Exceptions, "exceptions proposal not enabled")
	}
	v.max(p, len(v.tags)+len(v.m.Tags), maxTags, "tags")
	for i, t := range v.m.Tags {
		if v.err != nil {
			return
		}
		v.addTag(place{SectionTag, i}, t)
	}
}

func (v *validator) addTag(p place, t TypeIdx) {
	v.needs(p, feature.Exceptions, "exceptions proposal not enabled")
	d, ok := v.funcType(p, t)
	if !ok {
		return
	}
	if len(v.defs[d].results) > 0 {
		v.needs(p, feature.StackSwitching, "invalid exception type: non-empty tag result type")
	}
	v.tags = append(v.tags, d)
}

func (v *validator) globalSection() {
	v.max(place{SectionGlobal, 0}, len(v.globals)+len(v.m.Globals), maxGlobals, "globals")
	for i := range v.m.Globals {
		g, p := &v.m.Globals[i], place{SectionGlobal, i}
		before := v.globals
		v.addGlobal(p, g.Type)
		if v.err != nil {
			return
		}
		after := v.globals
		v.globals = before // the expression of a global sees only earlier globals
		v.seg = place{SectionGlobal, len(before)}
		v.constExpr(SectionGlobal, g.Init, after[len(before)].t)
		v.globals = after
	}
}

func (v *validator) addGlobal(p place, t GlobalType) {
	x, msg := v.val(t.Type, v.features)
	if msg != "" {
		v.fail(p, "%s", msg)
	}
	if t.Shared {
		v.needs(p, feature.SharedEverythingThreads, "shared globals require the shared-everything-threads proposal")
		if v.err == nil && !v.shared(x) {
			v.fail(p, "shared globals must have a shared value type")
		}
	}
	v.globals = append(v.globals, globalInfo{t: x, mutable: t.Mutable, shared: t.Shared})
}

func (v *validator) exportSection() {
	v.max(place{SectionExport, 0}, len(v.m.Exports), maxExports, "exports")
	seen := make(map[string]struct{}, len(v.m.Exports))
	for i := range v.m.Exports {
		e, p := &v.m.Exports[i], place{SectionExport, i}
		v.export(p, e)
		if len(e.Name) > maxString {
			v.fail(p, "string size out of bounds")
		}
		if _, ok := seen[e.Name]; ok {
			v.fail(p, "duplicate export name `%s` already defined", e.Name)
		}
		if v.err != nil {
			return
		}
		seen[e.Name] = struct{}{}
	}
}

func (v *validator) export(p place, e *Export) {
	check := func(what string, n int) bool {
		if int64(e.Index) >= int64(n) {
			v.fail(p, "unknown %s %d: exported %s index out of bounds", what, e.Index, what)
			return false
		}
		return true
	}
	size := 1
	switch e.Kind {
	case ExternFunc:
		if check("function", len(v.funcs)) {
			v.declared[e.Index] = true
			size = v.funcSize(v.funcs[e.Index])
		}
	case ExternTable:
		check("table", len(v.tables))
	case ExternMemory:
		check("memory", len(v.memories))
	case ExternGlobal:
		if check("global", len(v.globals)) && v.globals[e.Index].mutable {
			v.needs(p, feature.MutableGlobal, "mutable global support is not enabled")
		}
	case ExternTag:
		if check("tag", len(v.tags)) {
			size = v.funcSize(v.tags[e.Index])
		}
	default:
		panic(fmt.Sprintf("unreachable: %v", e.Kind))
	}
	v.addSize(p, size)
}

func (v *validator) startSection() {
	if v.m.Start == nil {
		return
	}
	f, p := *v.m.Start, place{SectionStart, 0}
	if int64(f) >= int64(len(v.funcs)) {
		v.fail(p, "unknown function %d: func index out of bounds", f)
		return
	}
	if d := &v.defs[v.funcs[f]]; len(d.params) > 0 || len(d.results) > 0 {
		v.fail(p, "invalid start function type")
	}
}

func (v *validator) elementSection() {
	s, ok := v.m.Section(SectionElement)
	if !ok {
		return
	}
	if v.m.NumElems > maxElemSegments {
		v.failAt(SectionElement, s.Start, "", "element segments count exceeds limit of %d", maxElemSegments)
		return
	}
	r := raw.NewReader(v.m.data, s.Start, s.End)
	for i := range r.Count() {
		v.seg = place{SectionElement, i}
		v.elem(r)
		if err := r.Err(); err != nil && v.err == nil {
			v.err = newError(err, SectionElement)
		}
		if v.err != nil {
			return
		}
	}
	if r.Close(); !r.OK() {
		v.err = newError(r.Err(), SectionElement)
	}
}

// elem reads and validates a segment. It does not keep the items.
func (v *validator) elem(r *raw.Reader) {
	start := r.Pos()
	e := readElemHead(r)
	count := r.Count()
	if !r.OK() {
		return
	}
	fail := func(format string, args ...any) { v.failAt(SectionElement, start, v.seg.name(), format, args...) }
	elem := abs(types.HeapFunc)
	if e.UseExprs {
		t, msg := v.val(Ref(e.Type), v.features)
		if e.Type != FuncRef.Ref && msg != "" {
			fail("%s", msg)
			return
		}
		if elem = t; e.Type == FuncRef.Ref {
			elem = nullable(types.HeapFunc)
		}
	}
	if e.Mode == Active {
		if int64(e.Table) >= int64(len(v.tables)) {
			fail("unknown table %d: table index out of bounds", e.Table)
			return
		}
		table := v.tables[e.Table]
		if !v.subtype(elem, table.elem) {
			fail("type mismatch: invalid element type `%s` for table type `%s`", v.str(elem), v.str(table.elem))
			return
		}
		v.constExpr(SectionElement, e.Offset, table.addr)
	} else if !v.features.Has(feature.BulkMemory) {
		fail("bulk memory must be enabled")
	}
	if count > maxTableEntries {
		fail("number of elements is out of bounds")
	}
	for range count {
		if v.err != nil || !r.OK() {
			return
		}
		at := r.Pos()
		if e.UseExprs {
			if x := readExpr(r); r.OK() {
				v.constExpr(SectionElement, x, elem)
			}
			continue
		}
		if f := r.U32(); int64(f) < int64(len(v.funcs)) {
			v.declared[f] = true
		} else if r.OK() {
			v.failAt(SectionElement, at, v.seg.name(), "unknown function %d: func index out of bounds", f)
		}
	}
	v.elems = append(v.elems, elem)
}

func (v *validator) dataCountSection() {
	v.data = -1
	if v.m.DataCount == nil {
		return
	}
	if v.data = int(min(*v.m.DataCount, maxDataSegments)); *v.m.DataCount > maxDataSegments {
		v.fail(place{SectionDataCount, 0}, "data count section specifies too many data segments")
	}
}

func (v *validator) dataSection() {
	s, ok := v.m.Section(SectionData)
	if !ok {
		return
	}
	if v.m.NumData > maxDataSegments {
		v.failAt(SectionData, s.Start, "", "data segments count exceeds limit of %d", maxDataSegments)
		return
	}
	r := raw.NewReader(v.m.data, s.Start, s.End)
	for i := range r.Count() {
		d := readData(r)
		if !r.OK() {
			break
		}
		v.seg = place{SectionData, i}
		switch {
		case d.Mode == Passive:
			if !v.features.Has(feature.BulkMemory) {
				v.failAt(SectionData, d.Start, v.seg.name(), "passive data segments require the bulk-memory proposal")
			}
		case int64(d.Memory) >= int64(len(v.memories)):
			v.failAt(SectionData, d.Start, v.seg.name(), "unknown memory %d: memory index out of bounds", d.Memory)
		default:
			v.constExpr(SectionData, d.Offset, v.memories[d.Memory])
		}
		if v.err != nil {
			return
		}
	}
	r.Close()
	if err := r.Err(); err != nil {
		v.err = newError(err, SectionData)
	}
}

// bodiesPerTurn is the number of function bodies that a worker takes at once.
const bodiesPerTurn = 32

// codeSection validates function bodies, several at a time. Workers take them in order. After a
// worker finds an error, no later function is started, so the error in the first invalid function
// is always found.
func (v *validator) codeSection(opts ValidateOptions) {
	if v.m.NumBodies == 0 {
		return
	}
	bodies, err := v.m.bodySpans()
	workers := opts.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	if opts.operands != nil {
		workers = 1
	}
	workers = min(workers, (len(bodies)+bodiesPerTurn-1)/bodiesPerTurn)
	var next, stop atomic.Int64
	stop.Store(int64(len(bodies)))
	errs := make([]struct {
		at  int
		err *Error
	}, workers)
	run := func(w int) {
		b := newBody(v)
		b.operands = opts.operands
		for {
			first := int(next.Add(bodiesPerTurn)) - bodiesPerTurn
			for i := first; i < first+bodiesPerTurn; i++ {
				if int64(i) >= stop.Load() {
					return
				}
				if err := b.function(i, bodies[i]); err != nil {
					errs[w].at, errs[w].err = i, err
					for old := stop.Load(); int64(i) < old && !stop.CompareAndSwap(old, int64(i)); old = stop.Load() {
					}
					return
				}
			}
		}
	}
	if workers == 1 {
		run(0)
	} else {
		var wg sync.WaitGroup
		for w := range workers {
			wg.Go(func() { run(w) })
		}
		wg.Wait()
	}
	first := len(bodies)
	for _, e := range errs {
		if e.err != nil && e.at < first {
			first, v.err = e.at, e.err
		}
	}
	if v.err == nil && err != nil {
		v.err = err
	}
}

// bodySpans returns the spans of the function bodies, up to the first that does not fit the
// section.
func (m *Module) bodySpans() ([]Span, *Error) {
	s, _ := m.Section(SectionCode)
	r := raw.NewReader(m.data, s.Start, s.End)
	n := r.Count()
	list := make([]Span, 0, min(n, r.Len()/3)) // a body takes at least three bytes
	for range n {
		size := r.U32()
		start := r.Pos()
		if r.Skip(int(min(size, 1<<31-1))); !r.OK() {
			break
		}
		list = append(list, Span{start, r.Pos()})
	}
	r.Close()
	if err := r.Err(); err != nil {
		return list, newError(err, SectionCode)
	}
	return list, nil
}
