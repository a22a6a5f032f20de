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
	// Modules are the core modules that the host supplies.
	Modules []*Module
	// Resources are the resource types that exist at run time.
	Resources []*Resource
	// CoreInstances are the core instances in the order of instantiation.
	CoreInstances []*CoreInstance
	// Memories, Tables and Funcs are the core memories, tables and functions that canonical options,
	// built-ins, lifts and destructors refer to.
	Memories []CoreExport
	Tables   []CoreExport
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
	// Parent is the position of the instance that instantiates this one, or -1.
	Parent int
	// Path names the instance in messages. It is "" for the component itself, otherwise the path of
	// component indices.
	Path string
	// Trampolines are the slots of the instance's trampolines. The position of a slot is the number of
	// the trampoline in the host module of this instance.
	Trampolines []int
	// Scope maps resource types to slots.
	Scope Scope
}

// Scope maps the resource types that validation found in one component instance to resource slots.
type Scope map[*types.Resource]int

// Import is a function that the host supplies. The resources in its type belong to the scope of the
// outermost component instance.
type Import struct {
	// Path holds the names of the imported instances around the function, outermost first. It is empty
	// for a function that the component imports directly.
	Path []string
	Name string
	Type *types.Func
}

// Resource is a resource type at run time.
type Resource struct {
	Name string
	// Instance is the component instance that defines the resource, or -1 if the host does.
	Instance int
	// Dtor is the slot of the destructor in [Program.Funcs], or -1.
	Dtor int
	// Path, together with Name, says where a host resource is imported.
	Path []string
}

// CoreInstance is a core module with the sources of its imports.
type CoreInstance struct {
	// Owner is the component instance that the core instance belongs to.
	Owner int
	// Index is the position in the owner's core instance index space, for messages.
	Index int
	// Module is the instantiated module.
	Module *Module
	// Imports are the sources of the module's imports, in the same order. For a module that the host
	// supplies they are those of its type: the module may import less, in another order.
	Imports []CoreDef
}

// Module is a core module: one that the component holds, or one that the host supplies.
type Module struct {
	// Def and Module are nil for a module that the host supplies.
	Def *encoding.CoreModule
	*core.Module
	// Path names the module in messages: "core module 0".
	Path string
	// Supplied is nil for a module that the component holds.
	Supplied *SuppliedModule
}

// SuppliedModule is the import of a core module that the host supplies.
type SuppliedModule struct {
	// Slot is the position in [Program.Modules].
	Slot int
	// Within and Name say where the module is imported, as the Path and Name of an [Import] do.
	Within []string
	Name   string
	Type   *types.Module
}

// CoreDef is the source of a core definition: a [CoreExport] or [TrampolineRef].
type CoreDef interface{ isCoreDef() }

// CoreExport is an export of a core instance.
type CoreExport struct {
	Instance int
	Name     string
}

// TrampolineRef is the slot of a trampoline.
type TrampolineRef int

func (CoreExport) isCoreDef()    {}
func (TrampolineRef) isCoreDef() {}

// Options are canonical options with everything resolved to slots. The slot of a missing option is
// -1.
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

// Func is a component function: a [HostFunc] or [LiftedFunc].
type Func interface{ isFunc() }

// HostFunc is a host function: its position in [Program.Imports].
type HostFunc int

// LiftedFunc is a lifted function: its position in [Program.Lifts].
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
	// Name is the function's name in messages: the name of its first export, or "".
	Name string
	// Interface is the name of the first interface under which an instance with the function is
	// exported, or "".
	Interface string
}

// Trampoline is a function that the host provides to core code.
type Trampoline struct {
	// Instance is the component instance whose core code calls the trampoline.
	Instance int
	// Sig is the core type.
	Sig *types.CoreFunc
	// Def is a [*Lower] or a [*Builtin].
	Def TrampolineDef
	// Name is used in messages and as the debug name in the host module.
	Name string
}

// TrampolineDef is a [*Lower] or [*Builtin].
type TrampolineDef interface{ isTrampolineDef() }

// Lower is a lowered component function.
type Lower struct {
	Func    Func
	Type    *types.Func
	Options *Options
}

// Builtin is a canonical built-in with its immediates. An immediate that the built-in does not have
// is its zero value, or -1 if it is a slot.
type Builtin struct {
	Op encoding.CanonOp
	// Resource is the slot of the resource type.
	Resource int
	// Type is the stream or future type, or the result type of task.return, which is nil if there is
	// no result.
	Type types.ValType
	// Options are the canonical options. A memory immediate is one of them. Options is nil for
	// built-ins with neither.
	Options *Options
	// Async is the immediate of that name, not the option.
	Async  bool
	Shared bool
	// Val and Slot are the type and the number of a context slot.
	Val  core.ValType
	Slot uint32
	// Table is the slot of the table, and CoreType the function type, from which a thread starts.
	Table    int
	CoreType *types.CoreDef
}

func (*Lower) isTrampolineDef()   {}
func (*Builtin) isTrampolineDef() {}

// Exports are the exports of the component or of one of its exported instances.
type Exports struct {
	Names []string
	Items map[string]ExportItem
}

// ExportItem is one export. At most one of Func, Instance and Module is set; if one is, Resource is
// -1. None is set for types and for exports that are unusable at run time.
type ExportItem struct {
	Type     types.Extern
	Func     Func
	Instance *Exports
	Module   *Module
	// Resource is the slot of an exported resource type, or -1.
	Resource int
}
