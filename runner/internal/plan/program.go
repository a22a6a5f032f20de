package plan

import (
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/types"
)

// Program is a flattened component. It is immutable.
type Program struct {
	// Type is the component's type.
	Type *types.Component
	// Instances are the component instances; the first is the component itself.
	Instances []*Instance
	// Imports are the functions that the host supplies.
	Imports []*Import
	// Resources are the resource types that exist at run time.
	Resources []*Resource
	// CoreInstances are to be instantiated in this order.
	CoreInstances []*CoreInstance
	// Memories and Funcs are the core memories and functions that canonical options, lifts and destructors refer to.
	Memories []CoreExport
	Funcs    []CoreDef
	// Options are the canonical options in use.
	Options []*Options
	// Lifts are the lifted functions.
	Lifts []*Lift
	// Trampolines are the functions that core code calls to leave its component instance.
	Trampolines []*Trampoline
	// Exports are the exports of the component, in order.
	Exports *Exports
}

// Instance is one component instance.
type Instance struct {
	// Parent is the position of the instance that instantiates it, or -1.
	Parent int
	// Path names it in messages: "" for the component itself, else the path of component indices or names.
	Path string
	// Trampolines are the slots of the trampolines that belong to it, in the order of their number in the host module of this instance.
	Trampolines []int
	// Scope maps resource types to slots.
	Scope Scope
}

// Scope maps the resource types that validation knows in one component instance to resource slots.
type Scope map[*types.Resource]int

// Import is a function that the host supplies. Resources in its type are those of the outermost component instance.
type Import struct {
	// Path holds the names of the imported instances around the function, outermost first; it is empty for a function that the
	// component imports itself.
	Path []string
	Name string
	Type *types.Func
}

// Resource is a resource type at run time.
type Resource struct {
	Name string
	// Instance is the component instance that defines it, or -1 when the host does.
	Instance int
	// Dtor is the slot of its destructor in [Program.Funcs], or -1.
	Dtor int
	// Path and Name tell where the host's resource is imported.
	Path []string
}

// CoreInstance is a core module with the sources of its imports.
type CoreInstance struct {
	// Owner is the component instance it belongs to.
	Owner int
	// Index is its position in the core instance index space of the owner, for messages.
	Index int
	// Module is what is instantiated.
	Module *Module
	// Imports are the sources of the module's imports, in their order.
	Imports []CoreDef
}

// Module is a core module of the component.
type Module struct {
	Def *encoding.CoreModule
	*core.Module
	// Path names it in messages: "core module 0".
	Path string
}

// CoreDef is where a core definition comes from: [CoreExport] or [TrampolineRef].
type CoreDef interface{ isCoreDef() }

// CoreExport is an export of a core instance.
type CoreExport struct {
	Instance int
	Name     string
}

// TrampolineRef is a trampoline, by its slot.
type TrampolineRef int

func (CoreExport) isCoreDef()    {}
func (TrampolineRef) isCoreDef() {}

// Options are canonical options with everything resolved to slots; a slot is -1 where the option is not given.
type Options struct {
	// Slot is the position in [Program.Options].
	Slot       int
	Instance   int
	Encoding   encoding.CanonOptKind
	Memory     int
	Realloc    int
	PostReturn int
	Callback   int
	Async      bool
}

// Func is a component function: [HostFunc] or [LiftedFunc].
type Func interface{ isFunc() }

// HostFunc is a function of the host, by its position in [Program.Imports].
type HostFunc int

// LiftedFunc is a lifted function, by its position in [Program.Lifts].
type LiftedFunc int

func (HostFunc) isFunc()   {}
func (LiftedFunc) isFunc() {}

// Lift is a core function lifted to a component function.
type Lift struct {
	Instance int
	// Func is the slot of the core function.
	Func    int
	Type    *types.Func
	Options *Options
	// Name is the function's name for messages: the first export that carries it, or "".
	Name string
}

// Trampoline is a function that the host makes for core code.
type Trampoline struct {
	// Instance is the component instance whose core code calls it.
	Instance int
	// Sig is its core type.
	Sig *types.CoreFunc
	// Def is a [*Lower] or a [*Builtin].
	Def TrampolineDef
	// Name is for messages and for the host module's debug names.
	Name string
}

// TrampolineDef is [*Lower] or [*Builtin].
type TrampolineDef interface{ isTrampolineDef() }

// Lower is a lowered component function.
type Lower struct {
	Func    Func
	Type    *types.Func
	Options *Options
}

// Builtin is a canonical built-in. Resource is the slot of its resource type, or -1.
type Builtin struct {
	Def      *encoding.Builtin
	Resource int
	// Type is the stream or future type, or the result type of task.return; nil where there is none.
	Type    types.ValType
	Options *Options
}

func (*Lower) isTrampolineDef()   {}
func (*Builtin) isTrampolineDef() {}

// Exports are the exports of the component or of one of its exported instances.
type Exports struct {
	Names []string
	Items map[string]ExportItem
}

// ExportItem is one export. At most one of Func and Instance is set, and Resource is -1 then: neither for a type, nor for
// what cannot be used at run time.
type ExportItem struct {
	Type     types.Extern
	Func     Func
	Instance *Exports
	// Resource is the slot of an exported resource type, or -1.
	Resource int
}
