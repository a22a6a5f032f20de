package binary

import (
	"fmt"
	"slices"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/scope"
)

// interfaceEncoder builds a component type from interfaces, functions and types of a model. Named
// types are imported or exported at their first use, so that the order is that of the model.
type interfaceEncoder struct {
	outer *encoding.TypeBuilder
	// inner is the instance type under construction, or nil.
	inner *encoding.TypeBuilder
	// root is the scope of the component type, and scope that of the type under construction.
	root, scope *scope.Scope
	// instances maps interfaces to their imports and exports so far. An export replaces the import,
	// because later exports use the export.
	instances map[*wit.Interface]encoding.InstanceIdx
	aliases   map[aliasKey]encoding.TypeIdx
}

// aliasKey is a type of an instance.
type aliasKey struct {
	instance encoding.InstanceIdx
	def      *wit.TypeDef
}

func newInterfaceEncoder(m *wit.Model) *interfaceEncoder {
	e := &interfaceEncoder{
		outer: &encoding.TypeBuilder{}, instances: map[*wit.Interface]encoding.InstanceIdx{}, aliases: map[aliasKey]encoding.TypeIdx{},
	}
	e.root = e.newScope(m, scope.Numbers{}, e.outer, e.outer.Import, nil)
	e.scope = e.root
	return e
}

// newScope returns the scope of a type under construction, which declares named types.
func (e *interfaceEncoder) newScope(m *wit.Model, n scope.Numbers, b *encoding.TypeBuilder, declare declareFunc, current *wit.Interface) *scope.Scope {
	return &scope.Scope{
		Model: m, Numbers: n, Known: scope.NewKnown(), Current: current, Define: b.Type, Foreign: e.alias,
		Named: func(d *wit.TypeDef, i encoding.TypeIdx) encoding.TypeIdx {
			return declare(scope.TypeName(d), encoding.ExternTypeEq{Type: i}).Type()
		},
		Resource: func(d *wit.TypeDef) encoding.TypeIdx {
			return declare(scope.TypeName(d), encoding.ExternSubResource{}).Type()
		},
	}
}

// declareFunc adds an import or an export.
type declareFunc = func(encoding.ExternName, encoding.ExternType) encoding.SortIndex

// addInstance records that the instance at index i has the types of an interface.
func (e *interfaceEncoder) addInstance(of *wit.Interface, i encoding.InstanceIdx) {
	e.instances[of] = i
}

// instance defines the instance type of an interface, with all of its types and, if funcs is set,
// its functions.
func (e *interfaceEncoder) instance(i *wit.Interface, funcs bool) (encoding.TypeIdx, error) {
	b := &encoding.TypeBuilder{}
	s := e.newScope(e.root.Model, e.root.Numbers, b, b.Export, i)
	e.inner, e.scope = b, s
	defer func() { e.inner, e.scope = nil, e.root }()
	for _, t := range i.Types {
		if _, err := s.Type(t.Type); err != nil {
			return 0, err
		}
	}
	if funcs {
		for _, f := range resourcesFirst(i) {
			t, err := s.Func(f)
			if err != nil {
				return 0, err
			}
			b.Export(scope.FuncName(f), encoding.ExternFunc{Type: t})
		}
	}
	return e.outer.Type(b.InstanceType()), nil
}

// resourcesFirst returns the functions of an interface in the order of the text: those of
// resources, and then the others.
func resourcesFirst(i *wit.Interface) []*wit.Func {
	place := make(map[*wit.TypeDef]int, len(i.Types))
	for n, t := range i.Types {
		place[t] = n
	}
	order := func(f *wit.Func) int {
		if f.Resource == nil {
			return len(i.Types)
		}
		if n, ok := place[f.Resource]; ok {
			return n
		}
		return -1
	}
	list := slices.Clone(i.Funcs)
	slices.SortStableFunc(list, func(a, b *wit.Func) int { return order(a) - order(b) })
	return list
}

// alias adds an alias of a type of an interface that is imported or exported already.
func (e *interfaceEncoder) alias(d *wit.TypeDef) (encoding.TypeIdx, error) {
	at, ok := e.instances[d.Interface]
	if !ok {
		return 0, fmt.Errorf("type `%s` is used, but not its interface `%s`", d.Name, d.Interface.ID())
	}
	key := aliasKey{at, d}
	i, ok := e.aliases[key]
	if !ok {
		i = e.outer.AliasExport(at, encoding.SortType, d.Name).Type()
		e.aliases[key] = i
	}
	if e.inner != nil {
		return e.inner.AliasOuter(1, i).Type(), nil
	}
	return i, nil
}
