package trim

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/mortise-wasm/mortise/componentize/internal/sig"
	"github.com/mortise-wasm/mortise/encoding/core"
)

// trimmer writes the live items of an adapter.
type trimmer struct {
	l       *liveness
	realloc string
	// ownMemory is set if the memory is not that of the main module.
	ownMemory bool
	names     core.Names

	out core.Builder
	// to maps live items to their new indices.
	to map[core.Space]map[uint32]uint32
	// stack and state are the new indices of the globals with the stack pointer and the state of the
	// stack's allocation.
	stack, state *uint32
	// allocator is the function that allocates memory, and allocate the function that allocates the
	// stack on the first call of an export.
	allocator, allocate *core.FuncIdx
	funcNames           []core.FuncName
}

func (t *trimmer) encode(m *core.Module) ([]byte, error) {
	t.to = map[core.Space]map[uint32]uint32{
		core.SpaceType: {}, core.SpaceFunc: {}, core.SpaceTable: {}, core.SpaceMemory: {}, core.SpaceGlobal: {},
	}
	for i, r := range t.l.b.Types {
		if t.l.live[core.SpaceType][i] {
			t.to[core.SpaceType][uint32(i)] = uint32(len(t.out.Types))
			t.out.Types = append(t.out.Types, r)
		}
	}
	for i := range t.out.Types {
		t.out.Types[i] = t.funcType(t.out.Types[i])
	}
	if err := t.items(); err != nil {
		return nil, err
	}
	if err := t.functions(); err != nil {
		return nil, err
	}
	if err := t.check(); err != nil {
		return nil, err
	}
	for _, e := range t.l.b.Exports {
		e.Index = t.to[spaceOf(e.Kind)][e.Index]
		t.out.Exports = append(t.out.Exports, e)
	}
	t.customs(m)
	return t.out.Append(nil), nil
}

// check reports remaining items that an adapter must not have.
func (t *trimmer) check() error {
	switch memories := len(t.to[core.SpaceMemory]); {
	case len(t.to[core.SpaceTable]) > 0:
		return errors.New("tables should not be present in the final adapter module")
	case memories > 1:
		return errors.New("the adapter module should not use multi-memory")
	case t.ownMemory && len(t.out.Memories) != 1:
		return errors.New("the adapter module does not define the memory that it is said to have")
	case len(t.out.Memories) > 0 && !t.ownMemory:
		return &Error{
			// The words of wasm-tools.
			Err:  errors.New("locally-defined memories are not allowed define a local memory"),
			Help: "import the memory of the main module: `env::memory`",
		}
	}
	return nil
}

func (t *trimmer) refType(r core.RefType) core.RefType {
	if r.Heap.Abs == 0 && r != (core.RefType{}) {
		r.Heap.Type = core.TypeIdx(t.to[core.SpaceType][uint32(r.Heap.Type)])
	}
	return r
}

func (t *trimmer) vals(list []core.ValType) []core.ValType {
	out := slices.Clone(list)
	for i := range out {
		out[i].Ref = t.refType(out[i].Ref)
	}
	return out
}

func (t *trimmer) funcType(r core.RecType) core.RecType {
	f := r.Types[0].Type.(*core.FuncType)
	return core.Func(t.vals(f.Params), t.vals(f.Results))
}

// items adds memories, tables and globals. Their imports come before those of functions.
func (t *trimmer) items() error {
	add := func(k core.ExternKind, own int, imported func(*core.ExternType), define func(i int) error) error {
		s, n := spaceOf(k), uint32(0)
		imports := t.l.imports[k]
		for i := range len(imports) + own {
			if !t.l.live[s][i] {
				continue
			}
			t.to[s][uint32(i)] = n
			n++
			if i < len(imports) {
				x := imports[i]
				imported(&x.Type)
				t.out.Imports = append(t.out.Imports, x)
			} else if err := define(i - len(imports)); err != nil {
				return err
			}
		}
		return nil
	}
	err := add(core.ExternMemory, len(t.l.b.Memories), func(*core.ExternType) {}, func(i int) error {
		t.out.Memories = append(t.out.Memories, t.l.b.Memories[i])
		return nil
	})
	if err != nil {
		return err
	}
	err = add(core.ExternTable, len(t.l.b.Tables), func(x *core.ExternType) { x.Table.Elem = t.refType(x.Table.Elem) }, func(i int) error {
		t.out.Tables = append(t.out.Tables, t.l.b.Tables[i])
		return nil
	})
	if err != nil {
		return err
	}
	// Constant expressions may refer to functions, whose indices are not known yet. They are rewritten
	// at the end.
	return add(core.ExternGlobal, len(t.l.b.Globals), func(x *core.ExternType) { x.Global.Type.Ref = t.refType(x.Global.Type.Ref) }, func(i int) error {
		g := t.l.b.Globals[i]
		g.Type.Type.Ref = t.refType(g.Type.Type.Ref)
		t.out.Globals = append(t.out.Globals, g)
		return nil
	})
}

// isAllocator reports whether an import stands for the main module's allocator, which may have
// another name there.
func isAllocator(i core.Import) bool {
	return i.Module == MainModule && (i.Name == "canonical_abi_realloc" || i.Name == "cabi_realloc")
}

// functions adds the functions, including those that allocate the stack.
func (t *trimmer) functions() error {
	imports := t.l.imports[core.ExternFunc]
	for i, x := range imports {
		if !t.l.live[core.SpaceFunc][i] || isAllocator(x) && t.realloc == "" {
			continue
		}
		if isAllocator(x) {
			x.Name = t.realloc
		}
		x.Type.Func = core.TypeIdx(t.to[core.SpaceType][uint32(x.Type.Func)])
		f := t.out.ImportFunc(x.Module, x.Name, x.Type.Func)
		t.to[core.SpaceFunc][uint32(i)] = uint32(f)
		if isAllocator(imports[i]) {
			t.allocator = &f
		}
	}
	var err error
	if t.ownMemory {
		return t.bodies() // the module has its own stack
	}
	if t.stack, err = t.pointer("__stack_pointer"); err != nil {
		return err
	}
	if t.state, err = t.pointer("allocation_state"); err != nil {
		return err
	}
	if t.realloc != "" && t.stack != nil && t.allocator == nil {
		f := t.out.ImportFunc(MainModule, t.realloc, t.addType(sig.Realloc))
		t.allocator = &f
		t.name(f, t.realloc)
	}
	return t.bodies()
}

// addType adds a function type, even if the same type exists.
func (t *trimmer) addType(f core.FuncType) core.TypeIdx {
	t.out.Types = append(t.out.Types, core.Func(f.Params, f.Results))
	return core.TypeIdx(len(t.out.Types) - 1)
}

func (t *trimmer) name(f core.FuncIdx, name string) {
	t.funcNames = append(t.funcNames, core.FuncName{Index: f, Name: name})
}

// pointer returns the live global of that name, a mutable i32, or nil if none exists.
func (t *trimmer) pointer(name string) (*uint32, error) {
	var found []uint32
	imports := t.l.imports[core.ExternGlobal]
	for _, n := range t.names.Globals {
		if n.Name != name || uint64(n.Index) >= uint64(len(t.l.live[core.SpaceGlobal])) || !t.l.live[core.SpaceGlobal][n.Index] {
			continue
		}
		g := core.GlobalType{}
		if int(n.Index) < len(imports) {
			g = imports[n.Index].Type.Global
		} else {
			g = t.l.b.Globals[int(n.Index)-len(imports)].Type
		}
		if g.Mutable && g.Type == core.I32 {
			found = append(found, t.to[core.SpaceGlobal][n.Index])
		}
	}
	switch len(found) {
	case 0:
		return nil, nil
	case 1:
		return &found[0], nil
	}
	return nil, fmt.Errorf("found %d mutable i32 globals with name %s", len(found), name)
}

// bodies adds the module's own functions. The code needs their indices, so these are assigned
// first.
func (t *trimmer) bodies() error {
	imports := t.l.imports[core.ExternFunc]
	next := t.out.NumImports(core.ExternFunc)
	for i, live := range t.l.live[core.SpaceFunc] {
		if _, ok := t.to[core.SpaceFunc][uint32(i)]; live && !ok {
			t.to[core.SpaceFunc][uint32(i)] = next
			next++
		}
	}
	lazy := t.stack != nil && t.state != nil && t.realloc != ""
	var thunk core.TypeIdx
	if lazy {
		f := core.FuncIdx(next)
		t.allocate, thunk = &f, t.addType(sig.Thunk)
	}
	exported := map[uint32]bool{}
	for _, e := range t.l.b.Exports {
		if e.Kind == core.ExternFunc {
			exported[e.Index] = true
		}
	}
	for i, live := range t.l.live[core.SpaceFunc] {
		switch {
		case !live:
		case i < len(imports):
			if isAllocator(imports[i]) && t.realloc == "" {
				f := t.out.Func(growMemory(core.TypeIdx(t.to[core.SpaceType][uint32(imports[i].Type.Func)])))
				t.allocator = &f
			}
		default:
			f, err := t.body(t.l.b.Funcs[i-len(imports)], lazy && exported[uint32(i)])
			if err != nil {
				return err
			}
			t.out.Func(f)
		}
	}
	for i := range t.out.Globals {
		code, err := t.rewrite(nil, t.out.Globals[i].Init.Instrs())
		if err != nil {
			return err
		}
		t.out.Globals[i].Init = core.Expr{Bytes: code}
	}
	t.out.DataCount = t.l.b.DataCount
	for _, d := range t.l.b.Data {
		if d.Mode == core.Active {
			code, err := t.rewrite(nil, d.Offset.Instrs())
			if err != nil {
				return err
			}
			d.Memory, d.Offset = core.MemoryIdx(t.to[core.SpaceMemory][uint32(d.Memory)]), core.Expr{Bytes: code}
		}
		t.out.Data = append(t.out.Data, d)
	}
	if lazy {
		t.name(t.out.Func(t.allocateStack(thunk)), "allocate_stack")
	}
	t.addStart(lazy)
	return nil
}

// addStart adds a start function that allocates the stack, if the adapter has a stack and does not
// allocate it later.
func (t *trimmer) addStart(lazy bool) {
	if t.ownMemory {
		return
	}
	if t.stack != nil && (t.allocator == nil || t.state == nil) {
		// Either the main module has no allocator, or its allocator may call the adapter, which could not
		// tell that its stack is not allocated yet.
		f := t.out.Func(growMemory(t.addType(sig.Realloc)))
		t.allocator = &f
	}
	if t.allocator != nil && (t.realloc == "" || t.state == nil) {
		t.name(*t.allocator, "realloc_via_memory_grow")
	}
	if t.stack == nil || lazy || len(t.to[core.SpaceMemory]) == 0 {
		return
	}
	f := t.out.Func(t.allocateStack(t.out.FuncType(nil, nil)))
	t.name(f, "allocate_stack")
	t.out.Start = &f
}

// body returns a function with its indices rewritten.
func (t *trimmer) body(f core.Function, allocate bool) (core.Function, error) {
	f.Type = core.TypeIdx(t.to[core.SpaceType][uint32(f.Type)])
	f.Locals = slices.Clone(f.Locals)
	for i := range f.Locals {
		f.Locals[i].Type.Ref = t.refType(f.Locals[i].Type.Ref)
	}
	var code []byte
	if allocate {
		call := core.Instr{Op: core.OpCall, X: uint32(*t.allocate)}
		code = call.Append(code)
	}
	var err error
	f.Code, err = t.rewrite(code, core.NewInstrReader(f.Code, 0))
	return f, err
}

// rewrite appends code with its indices rewritten.
func (t *trimmer) rewrite(dst []byte, r *core.InstrReader) ([]byte, error) {
	renumber := func(s core.Space, i *uint32) {
		if to, ok := t.to[s]; ok {
			*i = to[*i]
		}
	}
	var in core.Instr
	for r.Next(&in) {
		if err := eachIndex(&in, renumber); err != nil {
			return nil, err
		}
		dst = in.Append(dst)
	}
	return dst, r.Err()
}

// customs adds the names of the remaining items, and the producers.
func (t *trimmer) customs(m *core.Module) {
	for _, n := range t.names.Funcs {
		if i, ok := t.to[core.SpaceFunc][uint32(n.Index)]; ok {
			t.name(core.FuncIdx(i), n.Name)
		}
	}
	names := core.Names{}
	slices.SortStableFunc(t.funcNames, func(a, b core.FuncName) int { return cmp.Compare(a.Index, b.Index) })
	for _, n := range t.funcNames {
		if k := len(names.Funcs); k == 0 || names.Funcs[k-1].Index != n.Index {
			names.Funcs = append(names.Funcs, n)
		}
	}
	for _, n := range t.names.Globals {
		if i, ok := t.to[core.SpaceGlobal][n.Index]; ok {
			names.Globals = append(names.Globals, core.IndexName{Index: i, Name: n.Name})
		}
	}
	if len(names.Funcs)+len(names.Globals) > 0 {
		t.out.Customs = append(t.out.Customs, core.Custom{Name: "name", Data: names.Append(nil)})
	}
	if data, ok := m.Custom(core.ProducersName); ok {
		if p, err := core.DecodeProducers(data); err == nil {
			t.out.Customs = append(t.out.Customs, core.Custom{Name: core.ProducersName, Data: p.Append(nil)})
		}
	}
}
