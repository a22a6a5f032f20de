// Package extract takes core modules out of a component, which then imports them.
package extract

import (
	"fmt"
	"slices"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/internal/raw"
	"github.com/mortise-wasm/mortise/model/types"
)

// Error reports why a core module cannot become an import.
type Error struct {
	// At is the module. Err is a [*core.Error] if the module cannot be read. Otherwise it describes a
	// feature of the module that a module type cannot express.
	At  encoding.Node
	Err error
}

// Error returns the path of the module and the reason.
func (e *Error) Error() string { return e.At.String() + ": " + e.Err.Error() }

// Unwrap returns e.Err.
func (e *Error) Unwrap() error { return e.Err }

// Modules returns a copy of c that imports core modules instead of containing them, at any depth.
// It calls pick for each core module in file order. Pick returns the name of the import, or "" to
// leave the module in place. The names must differ from each other and from the names of the
// imports of c. The new imports come first, preceded by their core types, and an outer alias of its
// import replaces each extracted module. Apart from indices, nothing else changes. If pick selects
// no module, the result is c.
//
// Function types are shared between the module types. The error is an [*Error].
func Modules(c *encoding.Component, pick func(encoding.Node) string) (*encoding.Component, error) {
	x := extractor{taken: map[*encoding.CoreModule]uint32{}}
	var b encoding.Builder
	var imports []*encoding.Import
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
			return nil, &Error{n, err}
		}
		x.taken[n.Module] = uint32(len(imports))
		imports = append(imports, &encoding.Import{Name: encoding.Plain(name), Type: encoding.ExternCoreModule{Type: b.CoreType(t)}})
	}
	if len(imports) == 0 {
		return c, nil
	}
	x.types, x.modules = b.Len(encoding.SortCoreType), uint32(len(imports))
	for _, i := range imports {
		b.Add(i)
	}
	return x.component(c, 0, b.Component().Defs...), nil
}

// extractor takes core modules out of a tree and adjusts the indices of the outermost component,
// whose core types move up by types and whose core modules move up by modules.
type extractor struct {
	// taken maps a module to the index of its import.
	taken map[*encoding.CoreModule]uint32
	// funcs holds the function types, keyed by their bytes.
	funcs          map[string]encoding.CoreTypeIdx
	types, modules uint32
}

// component rewrites c, which is depth levels below the outermost component. The definitions in
// first come before its own. The result is c itself if nothing changes.
func (x *extractor) component(c *encoding.Component, depth uint32, first ...encoding.Def) *encoding.Component {
	return c.Rewrite(func(d encoding.Def) encoding.Def { return x.def(d, depth) }, first...)
}

// def rewrites a definition of a component. It returns d itself if nothing in it changes.
func (x *extractor) def(d encoding.Def, depth uint32) encoding.Def {
	switch d := d.(type) {
	case *encoding.CoreModule:
		if i, ok := x.taken[d]; ok {
			return &encoding.Alias{Sort: encoding.SortCoreModule, Target: encoding.OuterAlias{Count: depth, Index: i}}
		}
	case *encoding.NestedComponent:
		if c := x.component(d.Component, depth+1); c != d.Component {
			return &encoding.NestedComponent{Component: c}
		}
	case *encoding.Alias:
		return x.alias(d, depth)
	case *encoding.Type:
		return x.defType(d, depth)
	case *encoding.CoreType:
		return x.coreType(d, depth)
	case *encoding.Custom, *encoding.Start, *encoding.Value:
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
func (x *extractor) root(d encoding.Def) encoding.Def {
	switch d := d.(type) {
	case *encoding.CoreInstance:
		switch e := d.Expr.(type) {
		case *encoding.CoreInstantiate:
			return &encoding.CoreInstance{Expr: &encoding.CoreInstantiate{Module: e.Module + encoding.CoreModuleIdx(x.modules), Args: e.Args}}
		case *encoding.CoreInlineExports:
			return d
		default:
			panic(unreachable(e))
		}
	case *encoding.Instance:
		switch e := d.Expr.(type) {
		case *encoding.Instantiate:
			args := slices.Clone(e.Args)
			for i := range args {
				args[i].Item = x.item(args[i].Item)
			}
			return &encoding.Instance{Expr: &encoding.Instantiate{Component: e.Component, Args: args}}
		case *encoding.InlineExports:
			exports := slices.Clone(e.Exports)
			for i := range exports {
				exports[i].Item = x.item(exports[i].Item)
			}
			return &encoding.Instance{Expr: &encoding.InlineExports{Exports: exports}}
		default:
			panic(unreachable(e))
		}
	case *encoding.Canon:
		return x.canon(d)
	case *encoding.Import:
		return &encoding.Import{Name: d.Name, Type: x.extern(d.Type)}
	case *encoding.Export:
		return &encoding.Export{Name: d.Name, Item: x.item(d.Item), Type: x.extern(d.Type)}
	default:
		panic(unreachable(d))
	}
}

// shift returns how far the indices of sort s have moved in the outermost component.
func (x *extractor) shift(s encoding.Sort) uint32 {
	switch s {
	case encoding.SortCoreType:
		return x.types
	case encoding.SortCoreModule:
		return x.modules
	default:
		return 0
	}
}

func (x *extractor) item(i encoding.SortIndex) encoding.SortIndex {
	i.Index += x.shift(i.Sort)
	return i
}

func (x *extractor) extern(t encoding.ExternType) encoding.ExternType {
	if m, ok := t.(encoding.ExternCoreModule); ok {
		return encoding.ExternCoreModule{Type: m.Type + encoding.CoreTypeIdx(x.types)}
	}
	return t
}

func (x *extractor) alias(d *encoding.Alias, depth uint32) *encoding.Alias {
	if t, ok := d.Target.(encoding.OuterAlias); ok && t.Count == depth && x.shift(d.Sort) > 0 {
		return &encoding.Alias{Sort: d.Sort, Target: encoding.OuterAlias{Count: depth, Index: t.Index + x.shift(d.Sort)}}
	}
	return d
}

// defType rewrites a type definition in a scope at the given depth, because its declarations can
// refer to outer scopes.
func (x *extractor) defType(d *encoding.Type, depth uint32) *encoding.Type {
	switch t := d.Def.(type) {
	case *encoding.ComponentType:
		if decls, changed := x.decls(t.Decls, depth+1); changed {
			return &encoding.Type{Def: &encoding.ComponentType{Decls: decls}}
		}
	case *encoding.InstanceType:
		if decls, changed := x.decls(t.Decls, depth+1); changed {
			return &encoding.Type{Def: &encoding.InstanceType{Decls: decls}}
		}
	}
	return d
}

func (x *extractor) decls(list []encoding.Decl, depth uint32) (out []encoding.Decl, changed bool) {
	out = slices.Clone(list)
	for i, d := range list {
		switch d := d.(type) {
		case *encoding.Alias:
			out[i] = x.alias(d, depth)
		case *encoding.Type:
			out[i] = x.defType(d, depth)
		case *encoding.CoreType:
			out[i] = x.coreType(d, depth)
		}
		changed = changed || out[i] != list[i]
	}
	return out, changed
}

func (x *extractor) coreType(d *encoding.CoreType, depth uint32) *encoding.CoreType {
	switch t := d.Def.(type) {
	case *encoding.CoreRec:
		if depth == 0 {
			return &encoding.CoreType{Def: &encoding.CoreRec{RecType: x.rec(t.RecType)}}
		}
	case *encoding.CoreModuleType:
		decls := slices.Clone(t.Decls)
		changed := false
		for i, decl := range decls {
			// The module type is a scope of its own.
			if a, ok := decl.(*encoding.CoreAliasDecl); ok && a.Count == depth+1 {
				decls[i] = &encoding.CoreAliasDecl{Count: a.Count, Index: a.Index + encoding.CoreTypeIdx(x.types)}
				changed = true
			}
		}
		if changed {
			return &encoding.CoreType{Def: &encoding.CoreModuleType{Decls: decls}}
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

func (x *extractor) canon(d *encoding.Canon) *encoding.Canon {
	opts := func(list []encoding.CanonOpt) []encoding.CanonOpt {
		list = slices.Clone(list)
		for i := range list {
			if list[i].Kind == encoding.OptCoreType {
				list[i].Index += x.types
			}
		}
		return list
	}
	switch def := d.Def.(type) {
	case *encoding.Lift:
		return &encoding.Canon{Def: &encoding.Lift{Func: def.Func, Opts: opts(def.Opts), Type: def.Type}}
	case *encoding.Lower:
		return &encoding.Canon{Def: &encoding.Lower{Func: def.Func, Opts: opts(def.Opts)}}
	case *encoding.Builtin:
		b := *def
		b.Opts = opts(b.Opts)
		if info, _ := b.Op.Info(); slices.Contains(info.Immediates, encoding.ImmCoreType) {
			b.CoreType += encoding.CoreTypeIdx(x.types)
		}
		return &encoding.Canon{Def: &b}
	default:
		panic(unreachable(def))
	}
}

// custom rewrites the name section of the outermost component. It returns all other definitions
// unchanged.
func (x *extractor) custom(d encoding.Def) encoding.Def {
	c, ok := d.(*encoding.Custom)
	if !ok || c.Name != encoding.NameSection {
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
		n := encoding.DecodeNames(sub)
		if len(n.Sorts) != 1 || x.shift(n.Sorts[0].Sort) == 0 {
			out = append(out, sub...)
			continue
		}
		for i := range n.Sorts[0].Names {
			n.Sorts[0].Names[i].Index += x.shift(n.Sorts[0].Sort)
		}
		out = n.Append(out)
	}
	return &encoding.Custom{Name: c.Name, Data: out}
}

// moduleType returns the type of a module. It adds the function types of the module to b as core
// types, to which the module type has aliases.
func (x *extractor) moduleType(b *encoding.Builder, module []byte) (*encoding.CoreModuleType, error) {
	m, err := core.Decode(module)
	if err != nil {
		return nil, err
	}
	w := typeWriter{x: x, b: b, local: map[encoding.CoreTypeIdx]core.TypeIdx{}, t: &encoding.CoreModuleType{}}
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
		w.t.Decls = append(w.t.Decls, &encoding.CoreImportDecl{Import: imp})
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
		w.t.Decls = append(w.t.Decls, &encoding.CoreExportDecl{Name: e.Name, Type: t})
	}
	return w.t, nil
}

// typeWriter writes the type of one module.
type typeWriter struct {
	types []definedType // by type index
	x     *extractor
	b     *encoding.Builder
	t     *encoding.CoreModuleType
	// local maps a core type of the component to its alias in the module type.
	local map[encoding.CoreTypeIdx]core.TypeIdx
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
			w.x.funcs = map[string]encoding.CoreTypeIdx{}
		}
		outer = w.b.CoreType(&encoding.CoreRec{RecType: rec})
		w.x.funcs[string(key.Buf)] = outer
	}
	inner, ok := w.local[outer]
	if !ok {
		inner = core.TypeIdx(len(w.local))
		w.local[outer] = inner
		w.t.Decls = append(w.t.Decls, &encoding.CoreAliasDecl{Count: 1, Index: outer})
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

func unreachable(x any) string { return fmt.Sprintf("unreachable: %T", x) }
