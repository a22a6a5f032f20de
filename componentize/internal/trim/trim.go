// Package trim removes unused code from adapters, and gives them a stack in the memory of the main
// module.
//
// An adapter is trimmed in two steps: liveness finds the items that the kept exports need
// (trim.go), and trimmer writes these items under new indices (encode.go), with the code that
// allocates the stack (stack.go).
package trim

import (
	"fmt"
	"slices"

	"github.com/mortise-wasm/mortise/encoding/core"
)

// MainModule is the module from which adapters import exports of the main module.
const MainModule = "__main_module__"

// Options says what an adapter keeps, and where its stack comes from.
type Options struct {
	// Keep lists the exports that remain.
	Keep []string
	// Realloc is the name of the main module's allocator. If it is "", an allocator that grows the
	// memory replaces the one that the adapter imports.
	Realloc string
	// OwnMemory is set if the adapter has a memory of its own, which it keeps with all of its data.
	OwnMemory bool
}

// Error is a reason why a module cannot be an adapter.
type Error struct {
	Err error
	// Note and Help are further sentences, or "".
	Note, Help string
}

func (e *Error) Error() string { return e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }

// Module returns an adapter reduced to the exports to keep and their dependencies. If the adapter
// has a stack, which is in the memory of the main module, Module adds code that allocates the
// stack. The errors that have a remedy are an [*Error].
func Module(m *core.Module, o Options) ([]byte, error) {
	b, err := m.Edit()
	if err != nil {
		return nil, err
	}
	if err := trimmable(b, o.OwnMemory); err != nil {
		return nil, err
	}
	for _, name := range o.Keep {
		if !slices.ContainsFunc(b.Exports, func(e core.Export) bool { return e.Name == name }) {
			return nil, fmt.Errorf("adapter module does not have export `%s`", name)
		}
	}
	b.Exports = keepExports(b.Exports, o.Keep)
	l := newLiveness(b)
	if err := l.run(); err != nil {
		return nil, err
	}
	t := &trimmer{l: l, realloc: o.Realloc, ownMemory: o.OwnMemory, names: m.Names()}
	return t.encode(m)
}

// trimmable reports sections and types that an adapter must not have: an adapter has no space of
// its own in the memory and the tables of the main module.
func trimmable(b *core.Builder, own bool) error {
	for _, x := range []struct {
		present bool
		id      core.SectionID
	}{
		{len(b.Tags) > 0, core.SectionTag}, {b.Start != nil, core.SectionStart}, {len(b.Elems) > 0, core.SectionElement},
		{b.DataCount && !own, core.SectionDataCount}, {len(b.Data) > 0 && !own, core.SectionData},
	} {
		if x.present {
			return &Error{
				Err:  fmt.Errorf("unsupported section `%d` in adapter", x.id),
				Note: fmt.Sprintf("adapters have no %s section: the memory and the tables are those of the main module", x.id),
			}
		}
	}
	for _, i := range b.Imports {
		if i.Type.Kind == core.ExternTag {
			return fmt.Errorf("unsupported `tag` type in adapter")
		}
	}
	for _, r := range b.Types {
		for _, t := range r.Types {
			if _, ok := t.Type.(*core.FuncType); !ok || r.Explicit || !t.Final || len(t.Supers) > 0 {
				return fmt.Errorf("unsupported type in adapter: adapters have plain function types only")
			}
		}
	}
	return nil
}

// keepExports returns the exports to keep. Each removed export is replaced by the last one, as in
// the tool that adapters are made for.
func keepExports(all []core.Export, keep []string) []core.Export {
	list := slices.Clone(all)
	for _, e := range all {
		if !slices.Contains(keep, e.Name) {
			i := slices.IndexFunc(list, func(x core.Export) bool { return x.Name == e.Name })
			last := len(list) - 1
			list[i] = list[last]
			list = list[:last]
		}
	}
	return list
}

// liveness finds the dependencies of a module's exports.
type liveness struct {
	b *core.Builder
	// imports holds the imports by kind. They come first in the index spaces.
	imports map[core.ExternKind][]core.Import
	live    map[core.Space][]bool
	work    []liveItem
}

type liveItem struct {
	space core.Space
	index uint32
}

// spaceOf returns the index space of a kind of externs.
func spaceOf(k core.ExternKind) core.Space {
	switch k {
	case core.ExternFunc:
		return core.SpaceFunc
	case core.ExternTable:
		return core.SpaceTable
	case core.ExternMemory:
		return core.SpaceMemory
	case core.ExternGlobal:
		return core.SpaceGlobal
	}
	return core.SpaceNone
}

func newLiveness(b *core.Builder) *liveness {
	l := &liveness{b: b, imports: map[core.ExternKind][]core.Import{}}
	for _, i := range b.Imports {
		l.imports[i.Type.Kind] = append(l.imports[i.Type.Kind], i)
	}
	size := func(k core.ExternKind, own int) []bool { return make([]bool, len(l.imports[k])+own) }
	l.live = map[core.Space][]bool{
		core.SpaceType: make([]bool, len(b.Types)), core.SpaceFunc: size(core.ExternFunc, len(b.Funcs)),
		core.SpaceTable: size(core.ExternTable, len(b.Tables)), core.SpaceMemory: size(core.ExternMemory, len(b.Memories)),
		core.SpaceGlobal: size(core.ExternGlobal, len(b.Globals)),
	}
	return l
}

// mark makes an item live. It ignores index spaces that are not tracked.
func (l *liveness) mark(s core.Space, i uint32) {
	list := l.live[s]
	if uint64(i) < uint64(len(list)) && !list[i] {
		list[i] = true
		l.work = append(l.work, liveItem{s, i})
	}
}

func (l *liveness) run() error {
	for _, e := range l.b.Exports {
		l.mark(spaceOf(e.Kind), e.Index)
	}
	for _, d := range l.b.Data {
		if d.Mode == core.Active {
			l.mark(core.SpaceMemory, uint32(d.Memory))
			if err := l.code(d.Offset.Instrs()); err != nil {
				return err
			}
		}
	}
	for len(l.work) > 0 {
		x := l.work[len(l.work)-1]
		l.work = l.work[:len(l.work)-1]
		if err := l.visit(x.space, int(x.index)); err != nil {
			return err
		}
	}
	return nil
}

// visit marks the dependencies of an item.
func (l *liveness) visit(s core.Space, i int) error {
	switch s {
	case core.SpaceType:
		t := l.b.Types[i].Types[0].Type.(*core.FuncType)
		l.vals(t.Params)
		l.vals(t.Results)
	case core.SpaceFunc:
		if imports := l.imports[core.ExternFunc]; i < len(imports) {
			l.mark(core.SpaceType, uint32(imports[i].Type.Func))
			return nil
		}
		f := &l.b.Funcs[i-len(l.imports[core.ExternFunc])]
		l.mark(core.SpaceType, uint32(f.Type))
		for _, local := range f.Locals {
			l.vals([]core.ValType{local.Type})
		}
		return l.code(core.NewInstrReader(f.Code, 0))
	case core.SpaceTable:
		t := core.TableType{}
		if imports := l.imports[core.ExternTable]; i < len(imports) {
			t = imports[i].Type.Table
		} else {
			t = l.b.Tables[i-len(imports)].Type
		}
		l.ref(t.Elem)
	case core.SpaceGlobal:
		imports := l.imports[core.ExternGlobal]
		if i < len(imports) {
			l.vals([]core.ValType{imports[i].Type.Global.Type})
			return nil
		}
		g := &l.b.Globals[i-len(imports)]
		l.vals([]core.ValType{g.Type.Type})
		return l.code(g.Init.Instrs())
	}
	return nil
}

func (l *liveness) vals(list []core.ValType) {
	for _, v := range list {
		l.ref(v.Ref)
	}
}

func (l *liveness) ref(r core.RefType) {
	if r.Heap.Abs == 0 && r != (core.RefType{}) {
		l.mark(core.SpaceType, uint32(r.Heap.Type))
	}
}

func (l *liveness) code(r *core.InstrReader) error {
	mark := func(s core.Space, i *uint32) { l.mark(s, *i) }
	var in core.Instr
	for r.Next(&in) {
		if err := eachIndex(&in, mark); err != nil {
			return err
		}
	}
	return r.Err()
}

// eachIndex calls f for each index in an instruction. f may change the index.
func eachIndex(in *core.Instr, f func(s core.Space, i *uint32)) error {
	imm := in.Op.Info().Imm
	x, y := imm.Spaces()
	if x != core.SpaceNone {
		f(x, &in.X)
	}
	if y != core.SpaceNone {
		f(y, &in.Y)
	}
	index := func(t *core.TypeIdx) {
		i := uint32(*t)
		f(core.SpaceType, &i)
		*t = core.TypeIdx(i)
	}
	heap := func(h *core.HeapType) {
		if h.Abs == 0 {
			index(&h.Type)
		}
	}
	switch imm {
	case core.ImmTryTable, core.ImmResume, core.ImmResumeThrow:
		return fmt.Errorf("unsupported instruction `%s` in adapter", in.Op)
	case core.ImmBlock:
		if in.Block.HasIndex {
			index(&in.Block.Index)
		} else if in.Block.Type.Ref != (core.RefType{}) {
			heap(&in.Block.Type.Ref.Heap)
		}
	case core.ImmHeap:
		heap(&in.Ref.Heap)
	case core.ImmCast:
		heap(&in.Ref.Heap)
		heap(&in.To.Heap)
	case core.ImmTypes:
		in.Types = slices.Clone(in.Types)
		for i := range in.Types {
			if in.Types[i].Ref != (core.RefType{}) {
				heap(&in.Types[i].Ref.Heap)
			}
		}
	}
	return nil
}
