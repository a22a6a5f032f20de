package wat

import (
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/model/types"
)

// The symbolic tree of a component.

// component is a component.
type component struct {
	tok      int
	id       string
	name     name
	fields   []componentField
	binary   []byte
	isBinary bool
}

// componentField is one definition of a component: *coreModuleDef, *coreInstanceDef, *coreTypeDef,
// *nestedDef, *instanceDef, *aliasDef, *typeDefinition, *funcDef, *coreFuncDef, *startDef,
// *importDef, *exportDef, *valueDef or *customDef. Component types and instance types can contain
// *coreTypeDef, *typeDefinition, *aliasDef, *importDef and *exportDecl.
type componentField interface {
	isComponentField()
	// pos returns the token of the keyword.
	pos() int
}

// definition holds the common parts of the definitions of a component.
type definition struct {
	tok   int
	idTok int
	id    string
	name  name
	// exports are the names of inline exports.
	exports []encoding.ExternName
	// imp is the name of an inline import, or nil.
	imp *encoding.ExternName
}

// itemRef refers to a definition. If names are given, it refers to the export of that name in an
// instance; several names are a path through nested instances.
type itemRef struct {
	sort  encoding.Sort
	index idx
	names []string
}

// typeRef is the type of an import or export: a reference, or one of the inline forms.
type typeRef struct {
	ref       *itemRef
	fn        *componentFunc
	component *declList
	instance  *declList
	module    *moduleDecls
}

// componentVal is a value type: a primitive, a reference, or an inline definition.
type componentVal struct {
	prim   types.Prim
	ref    idx
	inline *definedType
}

// definedKind is the kind of a value type that is not primitive.
type definedKind uint8

const (
	definedPrim definedKind = iota
	definedRecord
	definedVariant
	definedList
	definedFixedList
	definedTuple
	definedFlags
	definedEnum
	definedOption
	definedResult
	definedOwn
	definedBorrow
	definedStream
	definedFuture
	definedMap
)

// definedType is the definition of a value type. Names holds the labels of fields, cases and so on.
// Vals holds their types in the same order; the type is nil if it is omitted.
type definedType struct {
	tok   int
	kind  definedKind
	prim  types.Prim
	names []string
	vals  []*componentVal
	count uint32
	ref   idx
}

type componentFunc struct {
	async  bool
	names  []string
	params []*componentVal
	result *componentVal
}

// declList is a component type or instance type.
type declList struct{ decls []componentField }

// moduleDecls is a core module type.
type moduleDecls struct{ decls []moduleDecl }

// moduleDecl is a *typeField, *aliasDef, *importField or *moduleExport.
type moduleDecl any

type moduleExport struct {
	tok  int
	name string
	item *importItem
}

type coreModuleDef struct {
	definition
	typ *typeRef // of an import
	m   *module
}

type coreInstanceDef struct {
	definition
	module *itemRef // nil for a bundle of exports
	args   []coreArg
	bundle []coreBundleExport
}

type coreArg struct {
	name   string
	ref    *itemRef
	bundle []coreBundleExport // if ref is nil
}

type coreBundleExport struct {
	name string
	ref  *itemRef
}

type coreTypeDef struct {
	definition
	rec    *typeField
	module *moduleDecls
}

type nestedDef struct {
	definition
	typ *typeRef // of an import
	c   *component
}

type instanceDef struct {
	definition
	typ       *typeRef // of an import
	component *itemRef // nil for a bundle of exports
	args      []componentArg
	bundle    []bundleExport
}

type componentArg struct {
	name   string
	ref    *itemRef
	bundle []bundleExport // if ref is nil
}

type bundleExport struct {
	name encoding.ExternName
	ref  *itemRef
}

type aliasDef struct {
	definition
	sort encoding.Sort
	// An outer alias names an index in the scope outer. The other aliases name the export of an
	// instance.
	outer    bool
	scope    idx
	index    idx
	instance idx
	export   string
}

type typeDefinition struct {
	definition
	defined   *definedType
	fn        *componentFunc
	component *declList
	instance  *declList
	resource  *resourceType
}

type resourceType struct {
	rep  valType
	dtor *itemRef
}

// funcDef is a function that is imported, lifted or aliased.
type funcDef struct {
	definition
	typ   *typeRef
	lift  *canonLift
	alias *aliasDef
}

type canonLift struct {
	fn   *itemRef
	opts []canonOpt
}

type canonOpt struct {
	kind encoding.CanonOptKind
	ref  *itemRef
}

// coreFuncDef is a core function that is lowered, built in or aliased.
type coreFuncDef struct {
	definition
	lower   *itemRef
	opts    []canonOpt
	builtin *builtinDef
	alias   *aliasDef
}

type builtinDef struct {
	op       encoding.CanonOp
	typ      *itemRef
	async    bool
	shared   bool
	memory   *itemRef
	coreType *itemRef
	table    *itemRef
	result   *componentVal
	val      valType
	slot     uint32
}

type startDef struct {
	tok     int
	fn      idx
	args    []*itemRef
	results []definition
}

// itemSig is the type of an import or export with its id.
type itemSig struct {
	definition
	sort encoding.Sort
	typ  *typeRef
	val  *componentVal // of a value
	eq   bool          // the type or value equals index; otherwise a resource, or a value of type val
	idx  idx
}

type importDef struct {
	tok  int
	name encoding.ExternName
	sig  *itemSig
}

type exportDef struct {
	definition
	extern encoding.ExternName
	ref    *itemRef
	typ    *itemSig // nil if omitted
}

// exportDecl is an export in a component type or instance type.
type exportDecl struct {
	tok  int
	name encoding.ExternName
	sig  *itemSig
}

// valueDef is a value in the binary format.
type valueDef struct {
	definition
	typ  *componentVal
	data []byte
}

type customDef struct {
	tok  int
	name string
	data []byte
}

func (d *definition) pos() int { return d.tok }
func (d *startDef) pos() int   { return d.tok }
func (d *importDef) pos() int  { return d.tok }
func (d *exportDecl) pos() int { return d.tok }
func (d *customDef) pos() int  { return d.tok }

func (*coreModuleDef) isComponentField()   {}
func (*coreInstanceDef) isComponentField() {}
func (*coreTypeDef) isComponentField()     {}
func (*nestedDef) isComponentField()       {}
func (*instanceDef) isComponentField()     {}
func (*aliasDef) isComponentField()        {}
func (*typeDefinition) isComponentField()  {}
func (*funcDef) isComponentField()         {}
func (*coreFuncDef) isComponentField()     {}
func (*startDef) isComponentField()        {}
func (*importDef) isComponentField()       {}
func (*exportDef) isComponentField()       {}
func (*exportDecl) isComponentField()      {}
func (*valueDef) isComponentField()        {}
func (*customDef) isComponentField()       {}
