package types_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value/valuetest"
)

// gen makes random types of imports and exports. The resources in scope are those that the
// enclosing instance and component types have declared so far.
type gen struct {
	*rand.Rand
	vals *valuetest.Gen
	n    int
}

func newGen(seed uint64) *gen {
	return &gen{Rand: rand.New(rand.NewPCG(seed, 1)), vals: valuetest.New(seed, valuetest.Options{Depth: 2, Width: 3})}
}

func (g *gen) name() string {
	g.n++
	return fmt.Sprintf("n%d", g.n)
}

// val returns a value type, often with handles of the resources in scope.
func (g *gen) val(scope []types.Type) types.ValType {
	if len(scope) == 0 || g.IntN(2) == 0 {
		return g.vals.Type()
	}
	r := scope[g.IntN(len(scope))]
	var h types.ValType = &types.Own{Of: r}
	if g.IntN(2) == 0 {
		h = &types.Borrow{Of: r}
	}
	switch g.IntN(4) {
	case 0:
		return &types.List{Elem: h}
	case 1:
		return &types.Tuple{Elems: []types.ValType{g.vals.Type(), h}}
	case 2:
		return &types.Named{Name: g.name(), Of: &types.Record{Fields: []types.Field{{Name: "h", Type: h}}}}
	}
	return h
}

func (g *gen) function(scope []types.Type) *types.Func {
	f := &types.Func{Async: g.IntN(8) == 0}
	for range g.IntN(3) {
		f.Params = append(f.Params, types.Param{Name: g.name(), Type: g.val(scope)})
	}
	if g.IntN(2) == 0 {
		f.Result = g.val(scope)
	}
	return f
}

// items makes n items. It adds the resources that they declare to scope, and also returns them.
func (g *gen) items(n, depth int, scope *[]types.Type) (list []types.Item, declared []*types.Resource) {
	for range n {
		it := types.Item{Name: g.name()}
		switch k := g.IntN(8); {
		case k < 2:
			r := &types.Resource{Name: it.Name}
			declared = append(declared, r)
			*scope = append(*scope, r)
			it.Type = &types.Bound{Type: r}
		case k == 2 && len(*scope) > 0:
			t := &types.Named{Name: it.Name, Of: (*scope)[g.IntN(len(*scope))]}
			*scope = append(*scope, t)
			it.Type = &types.Bound{Type: t}
		case k == 3:
			it.Type = &types.Bound{Type: &types.Named{Name: it.Name, Of: g.val(*scope)}}
		case k == 4 && depth > 0:
			inner := append([]types.Type(nil), *scope...)
			list, rs := g.items(1+g.IntN(3), depth-1, &inner)
			declared = append(declared, rs...)
			it.Type = &types.Instance{Exports: types.NewItems(list)}
		case k == 5 && depth > 0:
			it.Type = g.component(depth-1, *scope)
		case k == 6:
			it.Type = &types.Module{Exports: []types.CoreExport{{Name: "f", Type: &types.CoreFunc{Params: []types.CoreVal{types.I32}}}}}
		default:
			it.Type = g.function(*scope)
		}
		list = append(list, it)
	}
	return list, declared
}

// instance returns an instance type that binds the resources it declares.
func (g *gen) instance(depth int) *types.Instance {
	var scope []types.Type
	list, rs := g.items(2+g.IntN(5), depth, &scope)
	return &types.Instance{Exports: types.NewItems(list), Resources: rs}
}

func (g *gen) component(depth int, outer []types.Type) *types.Component {
	scope := append([]types.Type(nil), outer...)
	im, irs := g.items(g.IntN(3), depth, &scope)
	ex, ers := g.items(1+g.IntN(3), depth, &scope)
	return &types.Component{Imports: types.NewItems(im), Exports: types.NewItems(ex), ImportedResources: irs, ExportedResources: ers}
}

// concrete returns the type of an instance of x, with the resources of x replaced by new ones.
func concrete(x *types.Instance) *types.Instance {
	i, _ := types.Fresh(x, "")
	return i
}

// wider returns x with additional exports. The result is a subtype of x.
func (g *gen) wider(x *types.Instance) *types.Instance {
	var list []types.Item
	for _, it := range x.Exports.All() {
		if g.IntN(3) == 0 {
			list = append(list, types.Item{Name: g.name(), Type: &types.Func{}})
		}
		switch t := it.Type.(type) {
		case *types.Instance:
			it.Type = g.wider(t)
		case *types.Component:
			it.Type = g.narrower(t)
		}
		list = append(list, it)
	}
	list = append(list, types.Item{Name: g.name(), Type: &types.Func{}})
	return &types.Instance{Exports: types.NewItems(list), Resources: x.Resources}
}

// narrower returns a subtype of the component type x, with fewer imports and more exports.
func (g *gen) narrower(x *types.Component) *types.Component {
	y := *x
	var im []types.Item
	for _, it := range x.Imports.All() {
		if _, ok := it.Type.(*types.Func); ok && g.IntN(2) == 0 {
			continue
		}
		im = append(im, it)
	}
	var ex []types.Item
	for _, it := range x.Exports.All() {
		ex = append(ex, it)
	}
	y.Imports = types.NewItems(im)
	y.Exports = types.NewItems(append(ex, types.Item{Name: g.name(), Type: &types.Func{}}))
	return &y
}
