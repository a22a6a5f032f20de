package core

import (
	"encoding/binary"
	"fmt"

	"github.com/mortise-wasm/mortise/model/types"
)

// Interner makes the types of definitions canonical: equal recursion groups defined through one
// Interner become one group, so core value types can be compared with ==. The zero value is ready
// to use. It is not safe for concurrent use.
type Interner struct {
	groups map[string]*types.CoreRec
	ids    map[*types.CoreDef]uint32
}

// Define appends the types of a recursion group to an index space. Type indices in rec refer to
// space or, from len(space) on, to the group itself. A nil in space is an index without such a
// type. The error names the invalid index and has no position.
func (in *Interner) Define(space []*types.CoreDef, rec RecType) ([]*types.CoreDef, error) {
	key, err := in.key(space, rec)
	if err != nil {
		return space, err
	}
	group, ok := in.groups[key]
	if !ok {
		group = newGroup(space, rec)
		if in.groups == nil {
			in.groups = map[string]*types.CoreRec{}
			in.ids = map[*types.CoreDef]uint32{}
		}
		in.groups[key] = group
		for _, d := range group.Types {
			in.ids[d] = uint32(len(in.ids))
		}
	}
	return append(space, group.Types...), nil
}

// key returns a string that is equal for equal groups. It holds the contents of the group, with
// outer types by identity and the group's own types by position.
func (in *Interner) key(space []*types.CoreDef, rec RecType) (string, error) {
	k := &keyWriter{in: in, space: space, size: len(rec.Types)}
	for _, t := range rec.Types {
		k.bools(t.Final, t.Shared)
		k.num(len(t.Supers))
		for _, s := range t.Supers {
			k.index(s)
		}
		switch c := t.Type.(type) {
		case *FuncType:
			k.buf = append(k.buf, 'f')
			k.vals(c.Params)
			k.vals(c.Results)
		case *StructType:
			k.buf = append(k.buf, 's')
			k.num(len(c.Fields))
			for _, f := range c.Fields {
				k.field(f)
			}
		case *ArrayType:
			k.buf = append(k.buf, 'a')
			k.field(c.Elem)
		case *ContType:
			k.buf = append(k.buf, 'c')
			k.index(c.Type)
		default:
			panic(fmt.Sprintf("unreachable: %T", c))
		}
	}
	return string(k.buf), k.err
}

type keyWriter struct {
	in    *Interner
	space []*types.CoreDef
	size  int
	buf   []byte
	err   error
}

func (k *keyWriter) num(n int) { k.buf = binary.AppendUvarint(k.buf, uint64(n)) }

func (k *keyWriter) bools(list ...bool) {
	var b byte
	for i, x := range list {
		if x {
			b |= 1 << i
		}
	}
	k.buf = append(k.buf, b)
}

func (k *keyWriter) index(i TypeIdx) {
	switch n := int64(i) - int64(len(k.space)); {
	case n >= int64(k.size):
		k.fail("unknown type %d: type index out of bounds", i)
	case n >= 0:
		k.buf = append(k.buf, 'i')
		k.num(int(n))
	case k.space[i] == nil:
		k.fail("type index %d is a module type", i)
	default:
		id, ok := k.in.ids[k.space[i]]
		if !ok {
			k.fail("type index %d is of another interner", i)
		}
		k.buf = append(k.buf, 'o')
		k.num(int(id))
	}
}

func (k *keyWriter) fail(format string, args ...any) {
	if k.err == nil {
		k.err = fmt.Errorf(format, args...)
	}
}

func (k *keyWriter) vals(list []ValType) {
	k.num(len(list))
	for _, v := range list {
		k.val(v)
	}
}

func (k *keyWriter) val(v ValType) {
	k.buf = append(k.buf, byte(v.Kind))
	if v.Kind != types.RefKind {
		return
	}
	h := v.Ref.Heap
	k.buf = append(k.buf, byte(h.Abs))
	k.bools(v.Ref.Nullable, h.Shared)
	if h.Abs == 0 {
		k.index(h.Type)
	}
}

func (k *keyWriter) field(f FieldType) {
	k.buf = append(k.buf, f.Packed)
	k.bools(f.Mutable)
	if f.Packed == 0 {
		k.val(f.Type)
	}
}

// newGroup builds the types of a group whose indices are known to be valid.
func newGroup(space []*types.CoreDef, rec RecType) *types.CoreRec {
	group := &types.CoreRec{Types: make([]*types.CoreDef, len(rec.Types))}
	for i := range group.Types {
		group.Types[i] = &types.CoreDef{Group: group, Index: i}
	}
	at := func(i TypeIdx) *types.CoreDef {
		if int(i) < len(space) {
			return space[i]
		}
		return group.Types[int(i)-len(space)]
	}
	val := func(v ValType) types.CoreVal {
		if v.Kind != types.RefKind || v.Ref.Heap.Abs != 0 {
			t, _ := v.Resolve(nil)
			return t
		}
		return types.CoreVal{Kind: types.RefKind, Nullable: v.Ref.Nullable, Shared: v.Ref.Heap.Shared, Def: at(v.Ref.Heap.Type)}
	}
	vals := func(list []ValType) []types.CoreVal {
		out := make([]types.CoreVal, len(list))
		for i, v := range list {
			out[i] = val(v)
		}
		return out
	}
	field := func(f FieldType) types.CoreField {
		if f.Packed != 0 {
			return types.CoreField{Packed: f.Packed, Mutable: f.Mutable}
		}
		return types.CoreField{Type: val(f.Type), Mutable: f.Mutable}
	}
	for i, t := range rec.Types {
		d := group.Types[i]
		d.Final, d.Shared = t.Final, t.Shared
		for _, s := range t.Supers {
			d.Supers = append(d.Supers, at(s))
		}
		switch c := t.Type.(type) {
		case *FuncType:
			d.Func = &types.CoreFunc{Params: vals(c.Params), Results: vals(c.Results), Def: d}
		case *StructType:
			d.Struct = &types.CoreStruct{}
			for _, f := range c.Fields {
				d.Struct.Fields = append(d.Struct.Fields, field(f))
			}
		case *ArrayType:
			f := field(c.Elem)
			d.Array = &f
		case *ContType:
			d.Cont = at(c.Type)
		default:
			panic(fmt.Sprintf("unreachable: %T", c))
		}
	}
	return group
}

// Resolve returns the type that v represents in an index space made by [Interner.Define]. The error
// names the invalid index.
func (v ValType) Resolve(space []*types.CoreDef) (types.CoreVal, error) {
	if v.Kind != types.RefKind {
		return types.CoreVal{Kind: v.Kind}, nil
	}
	t := types.CoreVal{Kind: types.RefKind, Nullable: v.Ref.Nullable, Shared: v.Ref.Heap.Shared, Heap: v.Ref.Heap.Abs}
	if t.Heap != 0 {
		return t, nil
	}
	d, err := defAt(space, v.Ref.Heap.Type)
	t.Def = d
	return t, err
}

func defAt(space []*types.CoreDef, i TypeIdx) (*types.CoreDef, error) {
	if int64(i) >= int64(len(space)) {
		return nil, fmt.Errorf("unknown type %d: type index out of bounds", i)
	}
	if space[i] == nil {
		return nil, fmt.Errorf("type index %d is a module type", i)
	}
	return space[i], nil
}

// Resolve returns the type that t represents, as [ValType.Resolve] does.
func (t ExternType) Resolve(space []*types.CoreDef) (types.CoreExtern, error) {
	switch t.Kind {
	case ExternFunc:
		return funcAt(space, t.Func)
	case ExternTable:
		elem, err := Ref(t.Table.Elem).Resolve(space)
		return &types.CoreTable{Limits: t.Table.Limits, Elem: elem}, err
	case ExternMemory:
		return t.Memory.Type(), nil
	case ExternGlobal:
		v, err := t.Global.Type.Resolve(space)
		return &types.CoreGlobal{Type: v, Mutable: t.Global.Mutable, Shared: t.Global.Shared}, err
	case ExternTag:
		f, err := funcAt(space, t.Tag)
		return &types.CoreTag{Func: f}, err
	default:
		panic(fmt.Sprintf("unreachable: %v", t.Kind))
	}
}

// defaultPageSizeLog2 is the binary logarithm of the page size of a memory without an explicit one.
const defaultPageSizeLog2 = 16

// Type returns the type that t represents.
func (t MemoryType) Type() *types.CoreMemory {
	m := &types.CoreMemory{Limits: t.Limits, PageSizeLog2: defaultPageSizeLog2}
	if t.HasPageSize {
		m.PageSizeLog2 = t.PageSizeLog2
	}
	return m
}

func funcAt(space []*types.CoreDef, i TypeIdx) (*types.CoreFunc, error) {
	d, err := defAt(space, i)
	if err != nil {
		return nil, err
	}
	if d.Func == nil {
		return nil, fmt.Errorf("type index %d is not a function type", i)
	}
	return d.Func, nil
}

// Type returns the type of the module: its imports and exports in file order. The Interner in makes
// the types canonical; nil stands for a new Interner. The error names the invalid index: a module
// with such an index is not valid.
func (m *Module) Type(in *Interner) (*types.Module, error) {
	if in == nil {
		in = &Interner{}
	}
	var space []*types.CoreDef
	var err error
	for i, rec := range m.Types {
		if space, err = in.Define(space, rec); err != nil {
			return nil, m.invalid(SectionType, i, err.Error())
		}
	}
	spaces, err := m.externs(space)
	if err != nil {
		return nil, err
	}
	out := &types.Module{}
	var seen [ExternTag + 1]int
	for i := range m.Imports {
		imp := &m.Imports[i]
		k := imp.Type.Kind
		out.Imports = append(out.Imports, types.CoreImport{Module: imp.Module, Name: imp.Name, Type: spaces[k][seen[k]]})
		seen[k]++
	}
	for i, e := range m.Exports {
		if int64(e.Index) >= int64(len(spaces[e.Kind])) {
			return nil, m.invalid(SectionExport, i, fmt.Sprintf("unknown %v %d: exported %v index out of bounds", e.Kind, e.Index, e.Kind))
		}
		out.Exports = append(out.Exports, types.CoreExport{Name: e.Name, Type: spaces[e.Kind][e.Index]})
	}
	return out, nil
}

// invalid returns an error for an invalid item of a section.
func (m *Module) invalid(id SectionID, i int, message string) *Error {
	return &Error{Offset: m.itemOffset(id, i), Message: message, Section: id, InSection: true, Invalid: true}
}

// externs returns the types of all functions, tables, memories, globals and tags, by kind and
// index.
func (m *Module) externs(space []*types.CoreDef) (list [ExternTag + 1][]types.CoreExtern, err error) {
	add := func(id SectionID, i int, t ExternType) {
		if err != nil {
			return
		}
		x, e := t.Resolve(space)
		if e != nil {
			err = m.invalid(id, i, e.Error())
		}
		list[t.Kind] = append(list[t.Kind], x)
	}
	for i := range m.Imports {
		add(SectionImport, i, m.Imports[i].Type)
	}
	for i, t := range m.Funcs {
		add(SectionFunction, i, ExternType{Kind: ExternFunc, Func: t})
	}
	for i, t := range m.Tables {
		add(SectionTable, i, ExternType{Kind: ExternTable, Table: t.Type})
	}
	for i, t := range m.Memories {
		add(SectionMemory, i, ExternType{Kind: ExternMemory, Memory: t})
	}
	for i, t := range m.Globals {
		add(SectionGlobal, i, ExternType{Kind: ExternGlobal, Global: t.Type})
	}
	for i, t := range m.Tags {
		add(SectionTag, i, ExternType{Kind: ExternTag, Tag: t})
	}
	return list, err
}
