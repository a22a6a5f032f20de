package types

import "iter"

// Extern is the type of an import or export. It is one of [*Func], [*Instance], [*Component],
// [*Module], [*Value] and [*Bound].
type Extern interface{ isExtern() }

// Param is one parameter of a function.
type Param struct {
	Name string
	Type ValType
}

// Func is a component function type. Result is nil if the function has no result.
type Func struct {
	Async  bool
	Params []Param
	Result ValType
}

// Value is the type of a value import or export.
type Value struct{ Type ValType }

// Bound is the type of a type import or export. Type is either a [*Named], for an (eq) bound, or a
// [*Resource] that the import or export introduces ("sub resource") or that the component defines.
type Bound struct{ Type Type }

// Instance is the type of an instance.
type Instance struct {
	Exports Items
	// Resources lists the abstract resources that the type binds, in order of declaration. Each
	// instance of the type has its own. The type of an existing instance binds none.
	Resources []*Resource
}

// Component is the type of a component.
type Component struct {
	Imports, Exports Items
	// ImportedResources lists the resources that the imports introduce, including those inside
	// imported instances, in order.
	ImportedResources []*Resource
	// ExportedResources lists the resources that are fresh in each instantiation: those that the
	// exports declare, and those that the component defines and its exports mention.
	ExportedResources []*Resource
}

// Module is the type of a core module.
type Module struct {
	Imports []CoreImport
	Exports []CoreExport
}

func (*Func) isExtern()      {}
func (*Instance) isExtern()  {}
func (*Component) isExtern() {}
func (*Module) isExtern()    {}
func (*Value) isExtern()     {}
func (*Bound) isExtern()     {}

// Item is a named import or export with its type and the attributes of its name (Binary.md,
// "nameattributes").
type Item struct {
	Name string
	Type Extern
	// Implements is the interface that an instance with a plain name implements, or "".
	Implements string
	// VersionSuffix is the rest of the version after a canonical interface version, or "".
	VersionSuffix string
	// ExternalID is the name of the item outside the component model. HasExternalID reports whether
	// one was given.
	ExternalID    string
	HasExternalID bool
}

// Items is an immutable list of items with distinct names, in order of declaration. The zero value
// is empty.
type Items struct {
	list  []Item
	index map[string]int // nil for short lists
}

// indexAbove is the length above which a list has an index. A scan of a shorter list is as fast and
// takes no memory.
const indexAbove = 8

// NewItems returns the list as Items. It takes ownership of list. The names must be distinct.
func NewItems(list []Item) Items {
	it := Items{list: list}
	if len(list) > indexAbove {
		it.index = make(map[string]int, len(list))
		for i := range list {
			it.index[list[i].Name] = i
		}
	}
	return it
}

// Len returns the number of items.
func (it Items) Len() int { return len(it.list) }

// At returns the i-th item.
func (it Items) At(i int) Item { return it.list[i] }

// All yields the items in order.
func (it Items) All() iter.Seq2[int, Item] {
	return func(yield func(int, Item) bool) {
		for i, x := range it.list {
			if !yield(i, x) {
				return
			}
		}
	}
}

// Index returns the position of the item with the given name, or -1.
func (it Items) Index(name string) int {
	if it.index != nil {
		if i, ok := it.index[name]; ok {
			return i
		}
		return -1
	}
	for i := range it.list {
		if it.list[i].Name == name {
			return i
		}
	}
	return -1
}

// Get returns the type of the item with the given name, or nil.
func (it Items) Get(name string) Extern {
	if i := it.Index(name); i >= 0 {
		return it.list[i].Type
	}
	return nil
}

// Names returns the names in order.
func (it Items) Names() []string {
	out := make([]string, len(it.list))
	for i := range it.list {
		out[i] = it.list[i].Name
	}
	return out
}

// KindOf returns the word for the sort of x: "func", "instance", "component", "module", "value" or
// "type".
func KindOf(x Extern) string {
	switch x.(type) {
	case *Func:
		return "func"
	case *Instance:
		return "instance"
	case *Component:
		return "component"
	case *Module:
		return "module"
	case *Value:
		return "value"
	case *Bound:
		return "type"
	case nil:
		return "nothing"
	default:
		panic(unreachable(x))
	}
}

// Describe returns the word for the form of a type, such as "record", "u32", "resource" or "func".
// It looks through names.
func Describe(t Type) string {
	switch t := Unname(t).(type) {
	case Prim:
		return t.String()
	case *Record:
		return "record"
	case *Variant:
		return "variant"
	case *List:
		return "list"
	case *FixedList:
		return "fixed-length list"
	case *Tuple:
		return "tuple"
	case *Flags:
		return "flags"
	case *Enum:
		return "enum"
	case *Option:
		return "option"
	case *Result:
		return "result"
	case *Map:
		return "map"
	case *Own:
		return "own"
	case *Borrow:
		return "borrow"
	case *Stream:
		return "stream"
	case *Future:
		return "future"
	case *Resource:
		return "resource"
	case *Func:
		return "func"
	case *Instance:
		return "instance"
	case *Component:
		return "component"
	default:
		panic(unreachable(t))
	}
}
