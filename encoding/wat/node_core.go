package wat

import (
	"github.com/mortise-wasm/mortise/encoding/core"
)

// The symbolic tree of a core module: what stands in the text, with references that may be ids. Resolution fills in the fields that are said to
// be resolved.

// module is a core module.
type module struct {
	id     string
	name   name
	fields []field
	// binary is the module itself where it was given as bytes.
	binary   []byte
	isBinary bool
}

// field is one field of a module: *typeField, *importField, *funcField, *tableField, *memoryField, *globalField, *tagField,
// *exportField, *startField, *elemField, *dataField or *customField.
type field interface{ isField() }

// head is what definitions have in common.
type head struct {
	tok     int // the keyword
	idTok   int
	id      string
	name    name
	exports []string
	// exportTok is the keyword of the first of the exports, which are four tokens each.
	exportTok int
	// index is the resolved index in the definition's index space.
	index uint32
}

// debugName returns the name for the name section.
func (h *head) debugName() (string, bool) {
	if h.name.ok {
		return h.name.text, true
	}
	return h.id, h.id != ""
}

// inlineImport is (import "module" "name") inside a definition.
type inlineImport struct{ module, name string }

// valType is a value type. A reference to a defined type is in ref, and in t when it is resolved.
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
	// implied says that it is a function's type that is not defined anywhere; tok is where it may be written.
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

// importForm is how imports of a module are put together.
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

// exportField is an export of what ref refers to, or of the definition def.
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

// segmentMode is how a segment is used.
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
	def      *head // the table, where it has the segment inline
	offset   expr
	// Either funcs or exprs are the elements.
	funcs   []idx
	exprs   []expr
	isExprs bool
	typ     valType
}

type dataField struct {
	head
	mode   segmentMode
	memory idx
	def    *head // the memory, where it has the segment inline
	offset expr
	data   []byte
}

// customPlace is where a custom section stands.
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

// expr is a sequence of instructions without the end of the sequence itself.
type expr struct {
	instrs []instr
	hints  []branchHint
}

// branchHint is the annotation (@metadata.code.branch_hint "…") of an instruction.
type branchHint struct {
	instr int
	value uint32
}

// instr is an instruction. What its immediates are follows from the opcode, as in core.Instr.
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

// instrExt holds the immediates that few instructions have.
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
