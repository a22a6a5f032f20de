package adapter

import (
	"fmt"
	"strconv"

	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/types"
)

// Edge is a set of functions that one component instance imports from another.
type Edge struct {
	// Caller and Callee are the numbers of the component instances.
	Caller, Callee int
	// CallerMemory and CalleeMemory are the slots of the memories, or -1.
	CallerMemory, CalleeMemory int
	// CheckLeave is set if the caller's core code can call while it may not leave its instance.
	// Realloc of the caller then runs with that flag set.
	CheckLeave bool
	// LockCallee is set if realloc and post-return of the callee must run with that flag set.
	LockCallee bool
	// Entering are the instances whose flags must be checked and set while the call lasts.
	Entering []int
	// Funcs are the functions. Each must be one that [Serves] accepts.
	Funcs []Func
}

// Func is one function of an [Edge]. The fields except Type are slots of core functions, or -1.
type Func struct {
	Type *types.Func
	// Core, Realloc and PostReturn are those of `canon lift`.
	Core, Realloc, PostReturn int
	// CallerRealloc is that of `canon lower`.
	CallerRealloc int
}

// Part is one of the modules of an adapter.
type Part int

// The parts, in the order of instantiation.
const (
	CallerMemory Part = iota
	CalleeMemory
	Entry
	NumParts
)

// Modules are the binaries of an adapter's parts. A part that is not needed is nil. Entry exports
// the functions of the edge under their positions: "0", "1" and so on.
type Modules [NumParts][]byte

// SourceKind says what an import of a part is.
type SourceKind uint8

// The kinds of sources.
const (
	// CoreFunc is the core function in Slot.
	CoreFunc SourceKind = iota + 1
	// Memory is the memory in Slot.
	Memory
	// Flags is the global with the flags of component instance Slot: [Entered] and [Locked].
	Flags
	// Host is the host function Name; see [HostFuncs].
	Host
	// OtherPart is the export Name of part Slot of the same adapter.
	OtherPart
)

// The flags of a component instance. The other bits are 0.
const (
	// Entered is set while a call is inside.
	Entered = 1 << iota
	// Locked is set while core code must not leave the instance.
	Locked
)

// Source is what a part imports.
type Source struct {
	Kind SourceKind
	Slot int
	Name string
}

// Linker returns the names of the module and the field under which a part imports a source.
type Linker func(p Part, s Source) (module, field string)

// ModuleName is the name of all parts in stack traces.
const ModuleName = "(adapter)"

// FrameOf returns the component instance that the next inner frames of the guest belong to, given
// the name of an adapter's function in a stack trace. It returns -1 if the name is of another form.
func FrameOf(name string) int {
	n, err := strconv.Atoi(name)
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// Make returns the modules of an adapter. The same edge always yields the same bytes.
func Make(e *Edge, link Linker) Modules {
	g := &generator{edge: e, layout: abi.NewLayout(abi.Ptr32), ids: make(map[types.ValType]int),
		shapes: make(map[types.ValType]shape), entries: make(map[*types.Map]*types.Tuple)}
	g.parts[CallerMemory] = newPart(g, CallerMemory, e.CallerMemory, e.Caller)
	g.parts[CalleeMemory] = newPart(g, CalleeMemory, e.CalleeMemory, e.Callee)
	g.parts[Entry] = newPart(g, Entry, e.CallerMemory, e.Callee)
	for i := range e.Funcs {
		g.entry(i)
	}
	var out Modules
	for i, p := range g.parts {
		if len(p.funcs) > 0 {
			out[i] = p.encode(link)
		}
	}
	return out
}

// generator makes one adapter.
type generator struct {
	edge    *Edge
	layout  *abi.Layout
	parts   [NumParts]*part
	ids     map[types.ValType]int
	shapes  map[types.ValType]shape
	entries map[*types.Map]*types.Tuple // the elements of maps
}

func (g *generator) size(t types.ValType) uint32  { return uint32(g.layout.ElemSize(t)) }
func (g *generator) align(t types.ValType) uint32 { return uint32(g.layout.Alignment(t)) }

// destination returns the part that writes what p reads.
func (g *generator) destination(p *part) *part {
	switch p.part {
	case Entry:
		return g.parts[CalleeMemory]
	case CalleeMemory:
		return g.parts[CallerMemory]
	default:
		panic(fmt.Sprintf("unreachable: part %d reads nothing", p.part))
	}
}

// locks reports whether realloc and post-return of an instance run with its flag set.
func (g *generator) locks(instance int) bool {
	return instance == g.edge.Callee && g.edge.LockCallee || instance == g.edge.Caller && g.edge.CheckLeave
}
