package encoding

import "slices"

// Builder makes a component. Each method adds a definition and returns its index. The zero value is
// an empty component. A Builder keeps the definitions it is given, so they must not change
// afterwards. It is not safe for concurrent use.
type Builder struct {
	defs   []Def
	spaces Spaces
}

// Component returns the component built so far. Later calls to the Builder do not change it.
func (b *Builder) Component() *Component { return &Component{Defs: slices.Clone(b.defs)} }

// Len returns the number of definitions in an index space.
func (b *Builder) Len(s Sort) uint32 { return b.spaces.Len(s) }

// Add adds a definition of any kind, such as one taken from another component. It does not change
// the indices in d.
func (b *Builder) Add(d Def) {
	b.defs = append(b.defs, d)
	b.spaces.Add(d)
}

// add adds a definition and returns its index, which is of sort s.
func (b *Builder) add(s Sort, d Def) SortIndex {
	i := SortIndex{s, b.spaces.Len(s)}
	b.Add(d)
	return i
}

// Custom adds a custom section.
func (b *Builder) Custom(name string, data []byte) { b.Add(&Custom{Name: name, Data: data}) }

// CoreModule adds a core module, given as its bytes.
func (b *Builder) CoreModule(bytes []byte) CoreModuleIdx {
	return b.add(SortCoreModule, &CoreModule{Bytes: bytes}).CoreModule()
}

// Nested adds a component.
func (b *Builder) Nested(c *Component) ComponentIdx {
	return b.add(SortComponent, &NestedComponent{Component: c}).Component()
}

// CoreInstantiate adds the instantiation of a core module.
func (b *Builder) CoreInstantiate(m CoreModuleIdx, args ...CoreInstantiateArg) CoreInstanceIdx {
	return b.add(SortCoreInstance, &CoreInstance{Expr: &CoreInstantiate{Module: m, Args: args}}).CoreInstance()
}

// CoreInlineExports adds a core instance made of existing definitions.
func (b *Builder) CoreInlineExports(exports ...CoreInlineExport) CoreInstanceIdx {
	return b.add(SortCoreInstance, &CoreInstance{Expr: &CoreInlineExports{Exports: exports}}).CoreInstance()
}

// Instantiate adds the instantiation of a component.
func (b *Builder) Instantiate(c ComponentIdx, args ...InstantiateArg) InstanceIdx {
	return b.add(SortInstance, &Instance{Expr: &Instantiate{Component: c, Args: args}}).Instance()
}

// InlineExports adds an instance made of existing definitions.
func (b *Builder) InlineExports(exports ...InlineExport) InstanceIdx {
	return b.add(SortInstance, &Instance{Expr: &InlineExports{Exports: exports}}).Instance()
}

// CoreType adds a core type and returns its index. If def is a recursion group of several types,
// that is the index of the first one.
func (b *Builder) CoreType(def CoreDefType) CoreTypeIdx {
	return b.add(SortCoreType, &CoreType{Def: def}).CoreType()
}

// Type adds a type.
func (b *Builder) Type(def DefType) TypeIdx { return b.add(SortType, &Type{Def: def}).Type() }

// AliasExport adds an alias of an export of an instance. The export is of sort s.
func (b *Builder) AliasExport(i InstanceIdx, s Sort, name string) SortIndex {
	return b.add(s, &Alias{Sort: s, Target: ExportAlias{Instance: i, Name: name}})
}

// AliasFunc adds an alias of an exported function.
func (b *Builder) AliasFunc(i InstanceIdx, name string) FuncIdx {
	return b.AliasExport(i, SortFunc, name).Func()
}

// AliasType adds an alias of an exported type.
func (b *Builder) AliasType(i InstanceIdx, name string) TypeIdx {
	return b.AliasExport(i, SortType, name).Type()
}

// AliasInstance adds an alias of an exported instance.
func (b *Builder) AliasInstance(i InstanceIdx, name string) InstanceIdx {
	return b.AliasExport(i, SortInstance, name).Instance()
}

// AliasCoreExport adds an alias of an export of a core instance. The export is of sort s.
func (b *Builder) AliasCoreExport(i CoreInstanceIdx, s Sort, name string) SortIndex {
	return b.add(s, &Alias{Sort: s, Target: CoreExportAlias{Instance: i, Name: name}})
}

// AliasCoreFunc adds an alias of an exported core function.
func (b *Builder) AliasCoreFunc(i CoreInstanceIdx, name string) CoreFuncIdx {
	return b.AliasCoreExport(i, SortCoreFunc, name).CoreFunc()
}

// AliasCoreMemory adds an alias of an exported memory.
func (b *Builder) AliasCoreMemory(i CoreInstanceIdx, name string) CoreMemoryIdx {
	return b.AliasCoreExport(i, SortCoreMemory, name).CoreMemory()
}

// AliasCoreTable adds an alias of an exported table.
func (b *Builder) AliasCoreTable(i CoreInstanceIdx, name string) CoreTableIdx {
	return b.AliasCoreExport(i, SortCoreTable, name).CoreTable()
}

// AliasCoreGlobal adds an alias of an exported global.
func (b *Builder) AliasCoreGlobal(i CoreInstanceIdx, name string) CoreGlobalIdx {
	return b.AliasCoreExport(i, SortCoreGlobal, name).CoreGlobal()
}

// AliasOuter adds an alias of a definition in the scope count levels out; 0 is the component
// itself.
func (b *Builder) AliasOuter(count uint32, item Index) SortIndex {
	s := item.SortIndex()
	return b.add(s.Sort, &Alias{Sort: s.Sort, Target: OuterAlias{Count: count, Index: s.Index}})
}

// Lift adds a function that lifts a core function.
func (b *Builder) Lift(f CoreFuncIdx, t TypeIdx, opts ...CanonOpt) FuncIdx {
	return b.add(SortFunc, &Canon{Def: &Lift{Func: f, Opts: opts, Type: t}}).Func()
}

// Lower adds a core function that lowers a function.
func (b *Builder) Lower(f FuncIdx, opts ...CanonOpt) CoreFuncIdx {
	return b.add(SortCoreFunc, &Canon{Def: &Lower{Func: f, Opts: opts}}).CoreFunc()
}

// Builtin adds a built-in function.
func (b *Builder) Builtin(x Builtin) CoreFuncIdx {
	return b.add(SortCoreFunc, &Canon{Def: &x}).CoreFunc()
}

// Start adds a start function with the given number of results. It returns the index of the first
// result.
func (b *Builder) Start(f FuncIdx, results uint32, args ...ValueIdx) ValueIdx {
	return b.add(SortValue, &Start{Func: f, Args: args, Results: results}).Value()
}

// Import adds an import of any sort.
func (b *Builder) Import(name ExternName, t ExternType) SortIndex {
	return b.add(t.Sort(), &Import{Name: name, Type: t})
}

// ImportFunc adds the import of a function of type t.
func (b *Builder) ImportFunc(name string, t TypeIdx) FuncIdx {
	return b.Import(Plain(name), ExternFunc{t}).Func()
}

// ImportInstance adds the import of an instance of type t.
func (b *Builder) ImportInstance(name string, t TypeIdx) InstanceIdx {
	return b.Import(Plain(name), ExternInstance{t}).Instance()
}

// ImportComponent adds the import of a component of type t.
func (b *Builder) ImportComponent(name string, t TypeIdx) ComponentIdx {
	return b.Import(Plain(name), ExternComponent{t}).Component()
}

// ImportTypeEq adds the import of a type equal to t.
func (b *Builder) ImportTypeEq(name string, t TypeIdx) TypeIdx {
	return b.Import(Plain(name), ExternTypeEq{t}).Type()
}

// ImportResource adds the import of a fresh resource type.
func (b *Builder) ImportResource(name string) TypeIdx {
	return b.Import(Plain(name), ExternSubResource{}).Type()
}

// Export adds an export. Its type is ascribed unless t is nil. Export returns the index that the
// export adds.
func (b *Builder) Export(name ExternName, item Index, t ExternType) SortIndex {
	s := item.SortIndex()
	return b.add(s.Sort, &Export{Name: name, Item: s, Type: t})
}

// TypeBuilder makes a component type or an instance type as a [Builder] makes a component.
type TypeBuilder struct {
	decls  []Decl
	spaces Spaces
}

// ComponentType returns the component type built so far.
func (b *TypeBuilder) ComponentType() *ComponentType {
	return &ComponentType{Decls: slices.Clone(b.decls)}
}

// InstanceType returns the instance type built so far. It panics if an import was added: instance
// types have no imports.
func (b *TypeBuilder) InstanceType() *InstanceType {
	for _, d := range b.decls {
		if _, ok := d.(*Import); ok {
			panic("import in an instance type")
		}
	}
	return &InstanceType{Decls: slices.Clone(b.decls)}
}

// Len returns the number of definitions in an index space.
func (b *TypeBuilder) Len(s Sort) uint32 { return b.spaces.Len(s) }

// Add adds a declaration of any kind.
func (b *TypeBuilder) Add(d Decl) {
	b.decls = append(b.decls, d)
	b.spaces.AddDecl(d)
}

func (b *TypeBuilder) add(s Sort, d Decl) SortIndex {
	i := SortIndex{s, b.spaces.Len(s)}
	b.Add(d)
	return i
}

// CoreType adds a core type: see [Builder.CoreType].
func (b *TypeBuilder) CoreType(def CoreDefType) CoreTypeIdx {
	return b.add(SortCoreType, &CoreType{Def: def}).CoreType()
}

// Type adds a type.
func (b *TypeBuilder) Type(def DefType) TypeIdx { return b.add(SortType, &Type{Def: def}).Type() }

// AliasExport adds an alias of an export of an instance. The export is of sort s.
func (b *TypeBuilder) AliasExport(i InstanceIdx, s Sort, name string) SortIndex {
	return b.add(s, &Alias{Sort: s, Target: ExportAlias{Instance: i, Name: name}})
}

// AliasOuter adds an alias of a definition in the scope count levels out; 0 is the type itself.
func (b *TypeBuilder) AliasOuter(count uint32, item Index) SortIndex {
	s := item.SortIndex()
	return b.add(s.Sort, &Alias{Sort: s.Sort, Target: OuterAlias{Count: count, Index: s.Index}})
}

// Import declares an import.
func (b *TypeBuilder) Import(name ExternName, t ExternType) SortIndex {
	return b.add(t.Sort(), &Import{Name: name, Type: t})
}

// Export declares an export.
func (b *TypeBuilder) Export(name ExternName, t ExternType) SortIndex {
	return b.add(t.Sort(), &ExportDecl{Name: name, Type: t})
}
