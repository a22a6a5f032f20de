package encoding

import (
	"fmt"
	"slices"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/internal/raw"
	"github.com/mortise-wasm/mortise/model/types"
)

// ExtractError reports why a core module cannot become an import.
type ExtractError struct {
	// At is the module. Err is a [*core.Error] if the module cannot be read. Otherwise it describes a
	// feature of the module that a module type cannot express.
	At  Node
	Err error
}

// Error returns the path of the module and the reason.
func (e *ExtractError) Error() string { return e.At.String() + ": " + e.Err.Error() }

// Unwrap returns e.Err.
func (e *ExtractError) Unwrap() error { return e.Err }

// ExtractModules returns a copy of c that imports core modules instead of containing them, at any
// depth. It calls pick for each core module in file order. Pick returns the name of the import, or
// "" to leave the module in place. The names must differ from each other and from the names of the
// imports of c. The new imports come first, preceded by their core types, and an outer alias of its
// import replaces each extracted module. Apart from indices, nothing else changes. If pick selects
// no module, the result is c.
//
// Function types are shared between the module types. The error is an [*ExtractError].
func (c *Component) ExtractModules(pick func(Node) string) (*Component, error) {
	x := extractor{taken: map[*CoreModule]uint32{}}
	var b Builder
	var imports []*Import
	for n := range c.All() {
		if n.Module == nil {
			continue
		}
		name := pick(n)
		if name == "" {
			continue
		}
		t, err := x.moduleType(&b, n.Module.Bytes)
		if err != nil {
			return nil, &ExtractError{n, err}
		}
		x.taken[n.Module] = uint32(len(imports))
		imports = append(imports, &Import{Name: Plain(name), Type: ExternCoreModule{b.CoreType(t)}})
	}
	if len(imports) == 0 {
		return c, nil
	}
	x.types, x.modules = b.Len(SortCoreType), uint32(len(imports))
	x.prefix = []section{{secCoreType, len(b.defs)}, {secImport, len(imports)}}
	for _, i := range imports {
		b.Add(i)
	}
	return x.component(c, 0, b.defs), nil
}

// extractor takes core modules out of a tree and adjusts the indices of the outermost component,
// whose core types move up by types and whose core modules move up by modules.
type extractor struct {
	// taken maps a module to the index of its import.
	taken map[*CoreModule]uint32
	// funcs holds the function types, keyed by their bytes.
	funcs          map[string]CoreTypeIdx
	types, modules uint32
	prefix         []section
}

// component rewrites c, which is depth levels below the outermost component. The definitions in
// before come first. The result is c itself if nothing changes.
func (x *extractor) component(c *Component, depth uint32, before []Def) *Component {
	defs := slices.Clone(before)
	sections := sectionsOf(c.Defs)
	if c.layout != nil && c.layout.sections != nil && c.layout.fits(c.Defs) {
		sections = slices.Clone(c.layout.sections)
	}
	changed := len(before) > 0
	i := 0
	for k, s := range sections {
		for range s.count {
			d := x.def(c.Defs[i], depth)
			changed = changed || d != c.Defs[i]
			sections[k].id = sectionOf(d)
			defs = append(defs, d)
			i++
		}
	}
	if !changed {
		return c
	}
	if len(before) > 0 {
		sections = append(slices.Clone(x.prefix), sections...)
	}
	return &Component{Defs: defs, layout: newLayout(defs, sections, nil)}
}

// def rewrites a definition of a component. It returns d itself if nothing in it changes.
func (x *extractor) def(d Def, depth uint32) Def {
	switch d := d.(type) {
	case *CoreModule:
		if i, ok := x.taken[d]; ok {
			return &Alias{Sort: SortCoreModule, Target: OuterAlias{Count: depth, Index: i}}
		}
	case *NestedComponent:
		if c := x.component(d.Component, depth+1, nil); c != d.Component {
			return &NestedComponent{Component: c}
		}
	case *Alias:
		return x.alias(d, depth)
	case *Type:
		return x.defType(d, depth)
	case *CoreType:
		return x.coreType(d, depth)
	case *Custom, *Start, *Value:
		if depth == 0 {
			return x.custom(d)
		}
	default:
		if depth == 0 {
			return x.root(d)
		}
	}
	return d
}

// root rewrites a definition of the outermost component, of a kind that changes only there.
func (x *extractor) root(d Def) Def {
	switch d := d.(type) {
	case *CoreInstance:
		switch e := d.Expr.(type) {
		case *CoreInstantiate:
			return &CoreInstance{Expr: &CoreInstantiate{Module: e.Module + CoreModuleIdx(x.modules), Args: e.Args}}
		case *CoreInlineExports:
			return d
		default:
			panic(unreachable(e))
		}
	case *Instance:
		switch e := d.Expr.(type) {
		case *Instantiate:
			args := slices.Clone(e.Args)
			for i := range args {
				args[i].Item = x.item(args[i].Item)
			}
			return &Instance{Expr: &Instantiate{Component: e.Component, Args: args}}
		case *InlineExports:
			exports := slices.Clone(e.Exports)
			for i := range exports {
				exports[i].Item = x.item(exports[i].Item)
			}
			return &Instance{Expr: &InlineExports{Exports: exports}}
		default:
			panic(unreachable(e))
		}
	case *Canon:
		return x.canon(d)
	case *Import:
		return &Import{Name: d.Name, Type: x.extern(d.Type)}
	case *Export:
		return &Export{Name: d.Name, Item: x.item(d.Item), Type: x.extern(d.Type)}
	default:
		panic(unreachable(d))
	}
}

// shift returns how far the indices of sort s have moved in the outermost component.
func (x *extractor) shift(s Sort) uint32 {
	switch s {
	case SortCoreType:
		return x.types
	case SortCoreModule:
		return x.modules
	default:
		return 0
	}
}

func (x *extractor) item(i SortIndex) SortIndex { return SortIndex{i.Sort, i.Index + x.shift(i.Sort)} }

func (x *extractor) extern(t ExternType) ExternType {
	if m, ok := t.(ExternCoreModule); ok {
		return ExternCoreModule{m.Type + CoreTypeIdx(x.types)}
	}
	return t
}

func (x *extractor) alias(d *Alias, depth uint32) *Alias {
	if t, ok := d.Target.(OuterAlias); ok && t.Count == depth && x.shift(d.Sort) > 0 {
		return &Alias{Sort: d.Sort, Target: OuterAlias{Count: depth, Index: t.Index + x.shift(d.Sort)}}
	}
	return d
}

// defType rewrites a type definition in a scope at the given depth, because its declarations can
// refer to outer scopes.
func (x *extractor) defType(d *Type, depth uint32) *Type {
	switch t := d.Def.(type) {
	case *ComponentType:
		if decls, changed := x.decls(t.Decls, depth+1); changed {
			return &Type{Def: &ComponentType{Decls: decls}}
		}
	case *InstanceType:
		if decls, changed := x.decls(t.Decls, depth+1); changed {
			return &Type{Def: &InstanceType{Decls: decls}}
		}
	}
	return d
}

func (x *extractor) decls(list []Decl, depth uint32) (out []Decl, changed bool) {
	out = slices.Clone(list)
	for i, d := range list {
		switch d := d.(type) {
		case *Alias:
			out[i] = x.alias(d, depth)
		case *Type:
			out[i] = x.defType(d, depth)
		case *CoreType:
			out[i] = x.coreType(d, depth)
		}
		changed = changed || out[i] != list[i]
	}
	return out, changed
}

func (x *extractor) coreType(d *CoreType, depth uint32) *CoreType {
	switch t := d.Def.(type) {
	case *CoreRec:
		if depth == 0 {
			return &CoreType{Def: &CoreRec{x.rec(t.RecType)}}
		}
	case *CoreModuleType:
		decls := slices.Clone(t.Decls)
		changed := false
		for i, decl := range decls {
			// The module type is a scope of its own.
			if a, ok := decl.(*CoreAliasDecl); ok && a.Count == depth+1 {
				decls[i] = &CoreAliasDecl{Count: a.Count, Index: a.Index + CoreTypeIdx(x.types)}
				changed = true
			}
		}
		if changed {
			return &CoreType{Def: &CoreModuleType{Decls: decls}}
		}
	default:
		panic(unreachable(t))
	}
	return d
}

// rec rewrites a recursion group of the outermost component.
func (x *extractor) rec(rec core.RecType) core.RecType {
	n := core.TypeIdx(x.types)
	val := func(v core.ValType) core.ValType {
		if v.Kind == types.RefKind && v.Ref.Heap.Abs == 0 {
			v.Ref.Heap.Type += n
		}
		return v
	}
	vals := func(list []core.ValType) []core.ValType {
		list = slices.Clone(list)
		for i := range list {
			list[i] = val(list[i])
		}
		return list
	}
	field := func(f core.FieldType) core.FieldType {
		f.Type = val(f.Type)
		return f
	}
	rec.Types = slices.Clone(rec.Types)
	for i := range rec.Types {
		t := &rec.Types[i]
		t.Supers = slices.Clone(t.Supers)
		for k := range t.Supers {
			t.Supers[k] += n
		}
		switch c := t.Type.(type) {
		case *core.FuncType:
			t.Type = &core.FuncType{Params: vals(c.Params), Results: vals(c.Results)}
		case *core.StructType:
			fields := slices.Clone(c.Fields)
			for k := range fields {
				fields[k] = field(fields[k])
			}
			t.Type = &core.StructType{Fields: fields}
		case *core.ArrayType:
			t.Type = &core.ArrayType{Elem: field(c.Elem)}
		case *core.ContType:
			t.Type = &core.ContType{Type: c.Type + n}
		default:
			panic(unreachable(c))
		}
	}
	return rec
}

func (x *extractor) canon(d *Canon) *Canon {
	opts := func(list []CanonOpt) []CanonOpt {
		list = slices.Clone(list)
		for i := range list {
			if list[i].Kind == OptCoreType {
				list[i].Index += x.types
			}
		}
		return list
	}
	switch def := d.Def.(type) {
	case *Lift:
		return &Canon{Def: &Lift{Func: def.Func, Opts: opts(def.Opts), Type: def.Type}}
	case *Lower:
		return &Canon{Def: &Lower{Func: def.Func, Opts: opts(def.Opts)}}
	case *Builtin:
		b := *def
		b.Opts = opts(b.Opts)
		if info, _ := b.Op.Info(); slices.Contains(info.Immediates, ImmCoreType) {
			b.CoreType += CoreTypeIdx(x.types)
		}
		return &Canon{Def: &b}
	default:
		panic(unreachable(def))
	}
}

// custom rewrites the name section of the outermost component. It returns all other definitions
// unchanged.
func (x *extractor) custom(d Def) Def {
	c, ok := d.(*Custom)
	if !ok || c.Name != NameSection {
		return d
	}
	var out []byte
	r := raw.NewReader(c.Data, 0, len(c.Data))
	for r.Len() > 0 {
		start := r.Pos()
		r.Byte()
		r.Sub(r.U32())
		sub := c.Data[start:]
		if r.OK() {
			sub = c.Data[start:r.Pos()]
		}
		n := DecodeNames(sub)
		if len(n.Sorts) != 1 || x.shift(n.Sorts[0].Sort) == 0 {
			out = append(out, sub...)
			continue
		}
		for i := range n.Sorts[0].Names {
			n.Sorts[0].Names[i].Index += x.shift(n.Sorts[0].Sort)
		}
		out = n.Append(out)
	}
	return &Custom{Name: c.Name, Data: out}
}

// moduleType returns the type of a module. It adds the function types of the module to b as core
// types, to which the module type has aliases.
func (x *extractor) moduleType(b *Builder, module []byte) (*CoreModuleType, error) {
	m, err := core.Decode(module)
	if err != nil {
		return nil, err
	}
	w := typeWriter{x: x, b: b, local: map[CoreTypeIdx]core.TypeIdx{}, t: &CoreModuleType{}}
	for i := range m.Types {
		for k := range m.Types[i].Types {
			w.types = append(w.types, definedType{&m.Types[i], k})
		}
	}
	var spaces [core.ExternTag + 1][]core.ExternType
	add := func(t core.ExternType) { spaces[t.Kind] = append(spaces[t.Kind], t) }
	for _, imp := range m.Imports {
		add(imp.Type)
		if imp.Type, err = w.extern(imp.Type); err != nil {
			return nil, fmt.Errorf("import `%s` `%s`: %w", imp.Module, imp.Name, err)
		}
		w.t.Decls = append(w.t.Decls, &CoreImportDecl{Import: imp})
	}
	for _, t := range m.Funcs {
		add(core.ExternType{Kind: core.ExternFunc, Func: t})
	}
	for _, t := range m.Tables {
		add(core.ExternType{Kind: core.ExternTable, Table: t.Type})
	}
	for _, t := range m.Memories {
		add(core.ExternType{Kind: core.ExternMemory, Memory: t})
	}
	for _, t := range m.Globals {
		add(core.ExternType{Kind: core.ExternGlobal, Global: t.Type})
	}
	for _, t := range m.Tags {
		add(core.ExternType{Kind: core.ExternTag, Tag: t})
	}
	for _, e := range m.Exports {
		if uint64(e.Index) >= uint64(len(spaces[e.Kind])) {
			return nil, fmt.Errorf("export `%s`: unknown %v %d", e.Name, e.Kind, e.Index)
		}
		t, err := w.extern(spaces[e.Kind][e.Index])
		if err != nil {
			return nil, fmt.Errorf("export `%s`: %w", e.Name, err)
		}
		w.t.Decls = append(w.t.Decls, &CoreExportDecl{Name: e.Name, Type: t})
	}
	return w.t, nil
}

// typeWriter writes the type of one module.
type typeWriter struct {
	types []definedType // by type index
	x     *extractor
	b     *Builder
	t     *CoreModuleType
	// local maps a core type of the component to its alias in the module type.
	local map[CoreTypeIdx]core.TypeIdx
}

// extern translates the type of an import or export of the module to the index space of the module
// type.
func (w *typeWriter) extern(t core.ExternType) (core.ExternType, error) {
	var err error
	switch t.Kind {
	case core.ExternFunc:
		t.Func, err = w.function(t.Func)
	case core.ExternTag:
		t.Tag, err = w.function(t.Tag)
	case core.ExternTable:
		err = abstract(core.Ref(t.Table.Elem))
	case core.ExternGlobal:
		err = abstract(t.Global.Type)
	}
	return t, err
}

// abstract returns an error if a type refers to a type that the module defines.
func abstract(vs ...core.ValType) error {
	for _, v := range vs {
		if v.Kind == types.RefKind && v.Ref.Heap.Abs == 0 {
			return fmt.Errorf("%v is a reference to a type that the module defines", v)
		}
	}
	return nil
}

// function returns the index, in the module type, of a function type of the module.
func (w *typeWriter) function(i core.TypeIdx) (core.TypeIdx, error) {
	f, err := w.plainFunc(i)
	if err != nil {
		return 0, err
	}
	rec := core.Func(f.Params, f.Results)
	var key raw.Writer
	core.AppendRecType(&key, rec)
	outer, ok := w.x.funcs[string(key.Buf)]
	if !ok {
		if w.x.funcs == nil {
			w.x.funcs = map[string]CoreTypeIdx{}
		}
		outer = w.b.CoreType(&CoreRec{rec})
		w.x.funcs[string(key.Buf)] = outer
	}
	inner, ok := w.local[outer]
	if !ok {
		inner = core.TypeIdx(len(w.local))
		w.local[outer] = inner
		w.t.Decls = append(w.t.Decls, &CoreAliasDecl{Count: 1, Index: outer})
	}
	return inner, nil
}

// definedType is a type and its position in its recursion group.
type definedType struct {
	rec *core.RecType
	i   int
}

// plainFunc returns the function type at index i. It fails if the type has a different meaning
// outside the module.
func (w *typeWriter) plainFunc(i core.TypeIdx) (*core.FuncType, error) {
	if uint64(i) >= uint64(len(w.types)) {
		return nil, fmt.Errorf("unknown type %d: type index out of bounds", i)
	}
	rec := w.types[i].rec
	t := &rec.Types[w.types[i].i]
	f, ok := t.Type.(*core.FuncType)
	switch {
	case !ok:
		return nil, fmt.Errorf("type %d is not a function type", i)
	case len(rec.Types) > 1 || !t.Final || len(t.Supers) > 0 || t.Shared:
		return nil, fmt.Errorf("type %d is recursive, shared or a subtype, which a module type cannot express", i)
	}
	if err := abstract(f.Params...); err != nil {
		return nil, err
	}
	return f, abstract(f.Results...)
}
