package componentize

import (
	"fmt"
	"slices"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/scope"
)

// assembly is a component under construction.
type assembly struct {
	p        *program
	imported *imported
	b        encoding.Builder
	names    debugNames
	// numbers and known belong to the types of the component itself.
	numbers scope.Numbers
	known   *scope.Known

	// instances maps interfaces to the instances that are imported for them, or to the exported
	// instances once these exist.
	instances map[*wit.Interface]encoding.InstanceIdx
	// rootFuncs holds the imported functions of the world itself.
	rootFuncs map[*wit.Func]encoding.FuncIdx

	modules       map[*module]encoding.CoreModuleIdx
	coreInstances map[*module]encoding.CoreInstanceIdx
	memory        *encoding.CoreMemoryIdx
	// access is the instance with the functions that read and write memory.
	access  *encoding.CoreInstanceIdx
	shim    *encoding.CoreInstanceIdx
	shims   shimList
	aliases map[aliasedItem]encoding.SortIndex
	// hooked holds the functions that replace exports of a module in order to announce its tasks to
	// the main module.
	hooked map[hookedExport]encoding.CoreFuncIdx
}

type aliasedItem struct {
	instance encoding.CoreInstanceIdx
	name     string
}

type hookedExport struct {
	mod  *module
	name string
}

// rootScope returns the scope of the component itself. Named types are imported. Types of an
// exported interface get their names later, from the exported instance.
func (a *assembly) rootScope(exported *wit.Interface) *scope.Scope {
	return &scope.Scope{
		Model: a.p.model, Numbers: a.numbers, Known: a.known, Current: exported, Define: a.b.Type, Foreign: a.aliasType,
		Named: func(d *wit.TypeDef, i encoding.TypeIdx) encoding.TypeIdx {
			if exported != nil {
				return i
			}
			return a.label(a.b.Import(scope.TypeName(d), encoding.ExternTypeEq{Type: i}), d.Name).Type()
		},
		Resource: func(d *wit.TypeDef) encoding.TypeIdx {
			return a.label(a.b.Import(scope.TypeName(d), encoding.ExternSubResource{}), d.Name).Type()
		},
	}
}

// aliasType adds an alias of a type of an interface that is imported or exported.
func (a *assembly) aliasType(d *wit.TypeDef) (encoding.TypeIdx, error) {
	at, ok := a.instances[d.Interface]
	if !ok {
		return 0, fmt.Errorf("type `%s` is used, but its interface `%s` is neither imported nor exported before",
			d.Name, d.Interface.ID())
	}
	return a.label(a.b.AliasExport(at, encoding.SortType, d.Name), d.Name).Type(), nil
}

// aliasCore returns an alias of an export of a core instance, which it adds on first use.
func (a *assembly) aliasCore(at encoding.CoreInstanceIdx, s encoding.Sort, name, debug string) encoding.SortIndex {
	key := aliasedItem{at, name}
	i, ok := a.aliases[key]
	if !ok {
		i = a.label(a.b.AliasCoreExport(at, s, name), debug)
		a.aliases[key] = i
	}
	return i
}

func (a *assembly) aliasFunc(at encoding.CoreInstanceIdx, name, debug string) encoding.CoreFuncIdx {
	return a.aliasCore(at, encoding.SortCoreFunc, name, debug).CoreFunc()
}

// label gives a definition a debug name.
func (a *assembly) label(i encoding.SortIndex, name string) encoding.SortIndex {
	a.names.add(i, name)
	return i
}

// instanceOf returns the instance of an adapter or library, or of the main module.
func (a *assembly) instanceOf(name string) (encoding.CoreInstanceIdx, error) {
	for mod := range a.p.usedModules {
		if mod.name == name {
			if at, ok := a.coreInstances[mod]; ok {
				return at, nil
			}
		}
	}
	return 0, fmt.Errorf("instance refers to unknown adapter `%s`", name)
}

// memoryOf returns the memory that a module exchanges values in, or nil.
func (a *assembly) memoryOf(mod *module) *encoding.CoreMemoryIdx {
	if mod.ownMemory {
		return mod.memory
	}
	return a.memory
}

// importedResource returns the type of an imported resource.
func (a *assembly) importedResource(t *wit.TypeDef) (encoding.TypeIdx, error) {
	if t.Interface != nil {
		return a.aliasType(t)
	}
	return a.known.Defs[t], nil
}

// typeScope returns the scope for the types of an intrinsic of an exported function. Functions of
// the world itself use only imported types.
func (a *assembly) typeScope(home *wit.WorldItem) *scope.Scope {
	if home == nil || home.Interface == nil {
		return a.rootScope(nil)
	}
	return a.rootScope(home.Interface)
}

// debugNames collects the names of definitions.
type debugNames struct{ list []encoding.SortNames }

func (n *debugNames) add(i encoding.SortIndex, name string) {
	if name == "" {
		return
	}
	at := slices.IndexFunc(n.list, func(s encoding.SortNames) bool { return s.Sort == i.Sort })
	if at < 0 {
		at = len(n.list)
		n.list = append(n.list, encoding.SortNames{Sort: i.Sort})
	}
	n.list[at].Names = append(n.list[at].Names, encoding.IndexName{Index: i.Index, Name: name})
}

// append adds the name section to a component, if there are names.
func (n *debugNames) append(b *encoding.Builder) {
	if len(n.list) > 0 {
		b.Custom(encoding.NameSection, (&encoding.Names{Sorts: n.list}).Append(nil))
	}
}
