package wat

import (
	"github.com/mortise-wasm/mortise/encoding/core"
)

// The symbolic tree of a core module represents the text, with references that may be ids.
// Resolution fills in the fields that are documented as resolved.

// module is a core module.
type module struct {
	id     string
	name   name
	fields []field
	// binary is the module itself if the text gives it as bytes.
	binary   []byte
	isBinary bool
}

// field is one field of a module: *typeField, *importField, *funcField, *tableField, *memoryField,
// *globalField, *tagField, *exportField, *startField, *elemField, *dataField or *customField.
type field interface{ isField() }

// head holds the common parts of definitions.
type head struct {
	tok     int // the keyword
	idTok   int
	id      string
	name    name
	exports []string
	// exportTok is the keyword of the first export. Each export has four tokens.
	exportTok int
	// index is the resolved index in the index space of the definition.
	index uint32
}

// debugName returns the name for the name section.
func (h *head) debugName() (string, bool) {
	if h.name.ok {
		return h.name.text, true
	}
	return h.id, h.id != ""
}

// inlineImport is an (import "module" "name") inside a definition.
type inlineImport struct{ module, name string }

// valType is a value type. A reference to a defined type is in ref, and after resolution in t.
type valType struct {
	t   core.ValType
	ref idx
}

func (v valType) concrete() bool { return v.t.Kind == kindRef && v.t.Ref.Heap.Abs == 0 }

// param is a parameter or local.
type param struct {
	idTok int
	id    string
	name  name
	typ   valType
}

// funcType is a function type with the names of its parameters.
type funcType struct {
	params  []param
	results []valType
}

// typeUse is the type of a function: a reference, an inline type, or both.
type typeUse struct {
	tok      int
	index    idx
	hasIndex bool
	inline   *funcType
}

// typeField is a type definition or a recursion group.
type typeField struct {
	tok   int
	rec   bool
	types []*typeDef
	// implied is set if the type is that of a function and not defined elsewhere. tok is then the
	// place where the function type may be written.
	implied bool
}

// typeDef is one type definition.
type typeDef struct {
	head
	final     bool
	super     idx
	hasSuper  bool
	shared    bool
	fn        *funcType
	structure []structField
	isStruct  bool
	array     *structField
	cont      idx
}

// structField is a field of a struct, or the element of an array.
type structField struct {
	idTok   int
	id      string
	packed  uint8
	mutable bool
	typ     valType
}

// externType is the type of an import.
type externType struct {
	kind    core.ExternKind
	use     typeUse // func and tag
	elem    valType // table
	table   core.TableType
	memory  core.MemoryType
	global  valType
	mutable bool
	shared  bool
}

// importItem is one import.
type importItem struct {
	head
	field string
	typ   externType
}

// importForm is the form of an import field.
type importForm uint8

const (
	importSingle importForm = iota
	importTyped             // one module, names with types
	importNamed             // one module and type, several names
)

type importField struct {
	tok    int
	form   importForm
	module string
	items  []*importItem
}

type funcField struct {
	head
	imp    *inlineImport
	use    typeUse
	locals []param
	body   expr
}

type tableField struct {
	head
	imp     *inlineImport
	elem    valType
	typ     core.TableType
	init    *expr
	segment *elemField
}

type memoryField struct {
	head
	imp  *inlineImport
	typ  core.MemoryType
	data *dataField
}

type globalField struct {
	head
	imp     *inlineImport
	typ     valType
	mutable bool
	shared  bool
	init    expr
}

type tagField struct {
	head
	imp *inlineImport
	use typeUse
}

// exportField is an export of the definition that ref refers to, or of the definition def.
type exportField struct {
	tok  int
	name string
	kind core.ExternKind
	ref  idx
	def  *head
}

type startField struct {
	tok int
	ref idx
}

// segmentMode is the mode of a segment.
type segmentMode uint8

const (
	segmentPassive segmentMode = iota
	segmentActive
	segmentDeclared
)

type elemField struct {
	head
	mode     segmentMode
	table    idx
	hasTable bool
	def      *head // the table, if it contains the segment
	offset   expr
	// The elements are either in funcs or in exprs.
	funcs   []idx
	exprs   []expr
	isExprs bool
	typ     valType
}

type dataField struct {
	head
	mode   segmentMode
	memory idx
	def    *head // the memory, if it contains the segment
	offset expr
	data   []byte
}

// customPlace is the place of a custom section.
type customPlace struct {
	after   bool
	anchor  core.SectionID // 0 for the first or last place
	hasSect bool
}

type customField struct {
	tok   int
	name  string
	place customPlace
	data  []byte
}

func (*typeField) isField()   {}
func (*importField) isField() {}
func (*funcField) isField()   {}
func (*tableField) isField()  {}
func (*memoryField) isField() {}
func (*globalField) isField() {}
func (*tagField) isField()    {}
func (*exportField) isField() {}
func (*startField) isField()  {}
func (*elemField) isField()   {}
func (*dataField) isField()   {}
func (*customField) isField() {}

// expr is a sequence of instructions without its end instruction.
type expr struct {
	instrs []instr
	hints  []branchHint
}

// branchHint is the annotation (@metadata.code.branch_hint "…") of an instruction.
type branchHint struct {
	instr int
	value uint32
}

// instr is an instruction. The opcode determines the meaning of the immediates, as in core.Instr.
type instr struct {
	op    core.Op
	align uint8
	lane  uint8
	order core.Order
	tok   uint32
	x, y  idx
	value uint64 // a number, or the offset of a memory access
	ext   *instrExt
}

// instrExt holds immediates that few instructions have.
type instrExt struct {
	label    string
	name     name
	use      typeUse // of blocks and indirect calls
	catches  []catch
	labels   []idx
	types    []valType
	ref, to  valType
	bytes    [16]byte
	handlers []handler
}

type catch struct {
	kind  core.CatchKind
	tag   idx
	label idx
}

type handler struct {
	tag, label idx
	isSwitch   bool
}
