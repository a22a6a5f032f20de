package validate

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/types"
)

type scopeKind uint8

const (
	inComponent scopeKind = iota + 1
	inComponentType
	inInstanceType
)

// scope is a component, a component type or an instance type with its index spaces. Outer aliases
// count scopes.
type scope struct {
	*Info
	v      *validator
	kind   scopeKind
	parent *scope

	imports, exports *namespace
	// importedRes and exportedRes are the resources that imports and exports declare.
	importedRes, exportedRes []*types.Resource
	// local are the resources that the component defines itself.
	local map[*types.Resource]bool

	// used holds the indices of the consumed values. started reports whether a start function was
	// seen.
	used    map[uint32]bool
	started bool
	// context is the type of the task-local slots, on which all built-ins must agree. It is zero until
	// a built-in sets it.
	context types.CoreVal

	visible visibility
	size32  uint32 // number of parts of the types of imports and exports
}

func (v *validator) newScope(kind scopeKind, parent *scope) *scope {
	s := &scope{Info: &Info{}, v: v, kind: kind, parent: parent, imports: newNamespace("import"), exports: newNamespace("export"),
		visible: visibility{imported: make(map[types.Type]bool), exported: make(map[types.Type]bool)}}
	if parent != nil {
		s.Parent = parent.Info
	}
	return s
}

func (v *validator) component(c *encoding.Component, parent *scope) *Info {
	s := v.newScope(inComponent, parent)
	s.Component = c
	s.nested = make(map[*encoding.NestedComponent]*Info)
	s.modules = make(map[*encoding.CoreModule]*core.Module)
	for _, d := range c.Defs {
		sort, n := encoding.Introduced(d)
		if _, start := d.(*encoding.Start); n == 0 && !start {
			continue
		}
		before := s.size(sort)
		v.path = append(v.path, step{sort, before})
		outer := v.def
		v.def = definition{at: d.Offsets()}
		if err := s.define(d); err != nil {
			v.report(d.Offsets(), err)
			s.poison(sort, before+max(1, int(n)))
		}
		v.def = outer
		v.path = v.path[:len(v.path)-1]
	}
	s.checkValuesUsed(c)
	s.Type = s.componentType()
	return s.Info
}

// consume marks a value as used. A value may be used only once (Binary.md, "Start Definitions").
func (s *scope) consume(i uint32) (types.ValType, error) {
	t, err := at(s.Values, i, "value", "value")
	if err != nil || s.kind != inComponent {
		return t, err
	}
	if s.used[i] {
		return nil, errorf(CodeValue, "value %d cannot be used more than once", i)
	}
	s.markUsed(i)
	return t, nil
}

func (s *scope) markUsed(i uint32) {
	if s.used == nil {
		s.used = make(map[uint32]bool)
	}
	s.used[i] = true
}

// checkValuesUsed reports the unused values of a component.
func (s *scope) checkValuesUsed(c *encoding.Component) {
	for i, t := range s.Values {
		if t != nil && !s.used[uint32(i)] {
			s.v.report(encoding.Span{Start: c.End, End: c.End}, errorf(CodeValue,
				"value index %d was not used as part of an instantiation, start function, or export", i))
		}
	}
}

// componentType returns the type of the component after all its definitions have been checked.
func (s *scope) componentType() *types.Component {
	t := &types.Component{Imports: s.imports.items(), Exports: s.exports.items(), ImportedResources: s.importedRes,
		ExportedResources: s.exportedRes}
	if s.kind == inComponent {
		imported := make(map[*types.Resource]bool)
		for _, r := range s.importedRes {
			imported[r] = true
		}
		t.ExportedResources = collectResources(t.Exports, imported, nil)
	}
	return t
}

// collectResources appends the resources that items introduce to out, in order, except for those
// already known.
func collectResources(items types.Items, known map[*types.Resource]bool, out []*types.Resource) []*types.Resource {
	for _, x := range items.All() {
		switch t := x.Type.(type) {
		case *types.Bound:
			if r, ok := types.Unname(t.Type).(*types.Resource); ok && !known[r] {
				known[r] = true
				out = append(out, r)
			}
		case *types.Instance:
			out = collectResources(t.Exports, known, out)
		}
	}
	return out
}

func (s *scope) define(d encoding.Def) error {
	switch d := d.(type) {
	case *encoding.CoreModule:
		return s.coreModule(d)
	case *encoding.CoreInstance:
		return s.coreInstance(d)
	case *encoding.CoreType:
		return s.coreType(d)
	case *encoding.NestedComponent:
		info := s.v.component(d.Component, s)
		s.nested[d] = info
		s.Components = append(s.Components, info.Type)
		return nil
	case *encoding.Instance:
		return s.instance(d)
	case *encoding.Alias:
		return s.alias(d)
	case *encoding.Type:
		return s.typeDef(d.Def, d)
	case *encoding.Canon:
		return s.canon(d)
	case *encoding.Start:
		return s.start(d)
	case *encoding.Import:
		return s.importDef(d.Name, d.Type)
	case *encoding.Export:
		return s.exportDef(d)
	case *encoding.Value:
		return s.value(d)
	default:
		panic(fmt.Sprintf("unreachable: %T", d))
	}
}

// size returns the number of entries of an index space.
func (s *scope) size(sort encoding.Sort) int {
	switch sort {
	case encoding.SortCoreFunc:
		return len(s.CoreFuncs)
	case encoding.SortCoreTable:
		return len(s.CoreTables)
	case encoding.SortCoreMemory:
		return len(s.CoreMemories)
	case encoding.SortCoreGlobal:
		return len(s.CoreGlobals)
	case encoding.SortCoreTag:
		return len(s.CoreTags)
	case encoding.SortCoreType:
		return len(s.CoreTypes)
	case encoding.SortCoreModule:
		return len(s.CoreModules)
	case encoding.SortCoreInstance:
		return len(s.CoreInstances)
	case encoding.SortFunc:
		return len(s.Funcs)
	case encoding.SortValue:
		return len(s.Values)
	case encoding.SortType:
		return len(s.Types)
	case encoding.SortComponent:
		return len(s.Components)
	case encoding.SortInstance:
		return len(s.Instances)
	default:
		panic(fmt.Sprintf("unreachable: %v", sort))
	}
}

// poison fills an index space up to n entries with entries that stand for failed definitions, so
// that later indices stay correct.
func (s *scope) poison(sort encoding.Sort, n int) {
	for s.size(sort) < n {
		switch sort {
		case encoding.SortCoreFunc:
			s.CoreFuncs = append(s.CoreFuncs, nil)
		case encoding.SortCoreTable:
			s.CoreTables = append(s.CoreTables, nil)
		case encoding.SortCoreMemory:
			s.CoreMemories = append(s.CoreMemories, nil)
		case encoding.SortCoreGlobal:
			s.CoreGlobals = append(s.CoreGlobals, nil)
		case encoding.SortCoreTag:
			s.CoreTags = append(s.CoreTags, nil)
		case encoding.SortCoreType:
			s.CoreTypes = append(s.CoreTypes, CoreType{})
		case encoding.SortCoreModule:
			s.CoreModules = append(s.CoreModules, nil)
		case encoding.SortCoreInstance:
			s.CoreInstances = append(s.CoreInstances, nil)
		case encoding.SortFunc:
			s.Funcs = append(s.Funcs, nil)
		case encoding.SortValue:
			s.Values = append(s.Values, nil)
		case encoding.SortType:
			s.Types = append(s.Types, nil)
		case encoding.SortComponent:
			s.Components = append(s.Components, nil)
		case encoding.SortInstance:
			s.Instances = append(s.Instances, nil)
		}
	}
}

// at returns the entry at an index. The words what and space name the index space in the error text
// that the suites assert.
func at[I ~uint32, T comparable](list []T, i I, what, space string) (T, error) {
	var zero T
	if uint64(i) >= uint64(len(list)) {
		return zero, errorf(CodeIndex, "unknown %s %d: %s index out of bounds", what, i, space)
	}
	if list[i] == zero {
		return zero, errPoisoned
	}
	return list[i], nil
}

func (s *scope) typeAt(i encoding.TypeIdx) (types.Type, error) { return at(s.Types, i, "type", "type") }

func (s *scope) valTypeAt(i encoding.TypeIdx) (types.ValType, error) {
	t, err := s.typeAt(i)
	if err != nil {
		return nil, err
	}
	if v, ok := types.AsVal(t); ok {
		return v, nil
	}
	return nil, errorf(CodeKind, "type index %d is not a defined type", i)
}

func (s *scope) funcTypeAt(i encoding.TypeIdx) (*types.Func, error) {
	t, err := s.typeAt(i)
	if err != nil {
		return nil, err
	}
	if f, ok := types.Unname(t).(*types.Func); ok {
		return f, nil
	}
	return nil, errorf(CodeKind, "type index %d is not a function type", i)
}

// resourceAt returns the type at i as it was written, and the resource that it names.
func (s *scope) resourceAt(i encoding.TypeIdx) (types.Type, *types.Resource, error) {
	t, err := s.typeAt(i)
	if err != nil {
		return nil, nil, err
	}
	if r, ok := types.Unname(t).(*types.Resource); ok {
		return t, r, nil
	}
	return nil, nil, errorf(CodeKind, "type index %d is not a resource type", i)
}

func (s *scope) funcAt(i encoding.FuncIdx) (*types.Func, error) {
	return at(s.Funcs, i, "function", "function")
}

func (s *scope) coreFuncAt(i encoding.CoreFuncIdx) (*types.CoreFunc, error) {
	return at(s.CoreFuncs, i, "core function", "function")
}

func (s *scope) componentAt(i encoding.ComponentIdx) (*types.Component, error) {
	return at(s.Components, i, "component", "component")
}

func (s *scope) instanceAt(i encoding.InstanceIdx) (*types.Instance, error) {
	return at(s.Instances, i, "instance", "instance")
}

func (s *scope) coreModuleAt(i encoding.CoreModuleIdx) (*types.Module, error) {
	return at(s.CoreModules, i, "module", "module")
}

func (s *scope) coreInstanceAt(i encoding.CoreInstanceIdx) (*CoreInstance, error) {
	return at(s.CoreInstances, i, "core instance", "instance")
}

func (s *scope) memoryAt(i encoding.CoreMemoryIdx) (*types.CoreMemory, error) {
	return at(s.CoreMemories, i, "memory", "memory")
}

func (s *scope) tableAt(i encoding.CoreTableIdx) (*types.CoreTable, error) {
	return at(s.CoreTables, i, "table", "table")
}

func (s *scope) coreTypeAt(i encoding.CoreTypeIdx) (CoreType, error) {
	return at(s.CoreTypes, i, "type", "type")
}

// item returns the type of the definition at a sort index, as an import or export sees it.
func (s *scope) item(si encoding.SortIndex) (types.Extern, error) {
	switch si.Sort {
	case encoding.SortFunc:
		return extern(s.funcAt(encoding.FuncIdx(si.Index)))
	case encoding.SortInstance:
		return extern(s.instanceAt(encoding.InstanceIdx(si.Index)))
	case encoding.SortComponent:
		return extern(s.componentAt(encoding.ComponentIdx(si.Index)))
	case encoding.SortCoreModule:
		return extern(s.coreModuleAt(encoding.CoreModuleIdx(si.Index)))
	case encoding.SortValue:
		v, err := s.consume(si.Index)
		return &types.Value{Type: v}, err
	case encoding.SortType:
		t, err := s.typeAt(encoding.TypeIdx(si.Index))
		return &types.Bound{Type: t}, err
	default:
		return nil, errorf(CodeKind, "a %s cannot be exported or passed to a component", si.Sort)
	}
}

func extern[T types.Extern](x T, err error) (types.Extern, error) {
	if err != nil {
		return nil, err
	}
	return x, nil
}
