package compose

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
)

// openImport is an import of the composition. It stands for imports of one or more instances.
type openImport struct {
	item    types.Item // as the composition imports it
	members []member
}

// member is an import that an instance leaves open.
type member struct {
	node *node
	item types.Item
}

// imports holds the unconnected imports.
type imports struct {
	list  []*openImport
	byKey map[string]*openImport
	// subst maps the resources that each instance imports to those that the composition imports.
	subst map[*node]*types.Subst
}

// key returns the key under which imports are merged: the semver track of an interface, or else the
// name.
func key(s string) string {
	if in, err := name.ParseInterface(s, name.Options{}); err == nil {
		return in.TrackName()
	}
	return s
}

// collect merges the open imports of the instances.
func collect(order []*node) (*imports, error) {
	im := &imports{byKey: make(map[string]*openImport), subst: make(map[*node]*types.Subst)}
	for _, n := range order {
		im.subst[n] = new(types.Subst)
		for _, x := range n.pkg.Type.Imports.All() {
			if _, ok := n.args[x.Name]; ok {
				continue
			}
			k := key(x.Name)
			o := im.byKey[k]
			if o == nil {
				o = &openImport{item: x}
				im.byKey[k] = o
				im.list = append(im.list, o)
			}
			o.members = append(o.members, member{n, x})
		}
	}
	for _, o := range im.list {
		o.chooseHead()
		im.bindResources(o)
	}
	for _, o := range im.list {
		if err := im.merge(o); err != nil {
			return nil, err
		}
	}
	return im, nil
}

// chooseHead moves the member with the highest version to the front. The composition takes its name
// and types from this member.
func (o *openImport) chooseHead() {
	best := 0
	for i, m := range o.members {
		a, err1 := name.ParseInterface(m.item.Name, name.Options{})
		b, err2 := name.ParseInterface(o.members[best].item.Name, name.Options{})
		if err1 == nil && err2 == nil && a.Package.Version.Compare(b.Package.Version) > 0 {
			best = i
		}
	}
	o.members[0], o.members[best] = o.members[best], o.members[0]
	o.item = o.members[0].item
}

// bindResources makes each member use the resources of the first member that has them.
func (im *imports) bindResources(o *openImport) {
	seen := make(map[string]*types.Resource)
	for _, m := range o.members {
		eachResource("", m.item.Type, func(path string, r *types.Resource) {
			switch first := seen[path]; first {
			case nil:
				seen[path] = r
			case r: // another instance of the same package
			default:
				im.subst[m.node].Bind(r, first)
			}
		})
	}
}

// eachResource calls f for each resource type in an import, with the path of names that leads to
// it.
func eachResource(path string, t types.Extern, f func(string, *types.Resource)) {
	switch t := t.(type) {
	case *types.Bound:
		if r, ok := t.Type.(*types.Resource); ok {
			f(path, r)
		}
	case *types.Instance:
		for _, x := range t.Exports.All() {
			eachResource(path+"\x00"+x.Name, x.Type, f)
		}
	}
}

// merge sets the type of an import to one that satisfies all members.
func (im *imports) merge(o *openImport) error {
	for i, m := range o.members {
		t := im.subst[m.node].Extern(m.item.Type)
		if i == 0 {
			o.item.Type = t
			continue
		}
		merged, mm := union(o.item.Type, t)
		if mm != nil {
			first := o.members[0]
			d := diag.Errorf(diag.Span{}, CodeMerge, "import `%s` of %s does not agree with import `%s` of %s: %s", m.item.Name, m.node.label,
				first.item.Name, first.node.label, mm.Error())
			if mm.Found != "" || mm.Expected != "" {
				d.Notef("%s needs: %s", first.node.label, mm.Expected)
				d.Notef("%s needs: %s", m.node.label, mm.Found)
			}
			d.Helpf("satisfy one of the two with a component, so that they need not be merged")
			return d
		}
		o.item.Type = merged
	}
	return nil
}

// union returns a type with every item of a and b, or a mismatch if they disagree on an item.
func union(a, b types.Extern) (types.Extern, *types.Mismatch) {
	ia, ok1 := a.(*types.Instance)
	ib, ok2 := b.(*types.Instance)
	if !ok1 || !ok2 {
		return a, types.Subtype(b, a)
	}
	var list []types.Item
	for _, x := range ia.Exports.All() {
		if y := ib.Exports.Get(x.Name); y != nil {
			u, mm := union(x.Type, y)
			if mm != nil {
				mm.Path = append([]string{"type mismatch in instance export `" + x.Name + "`"}, mm.Path...)
				return nil, mm
			}
			x.Type = u
		}
		list = append(list, x)
	}
	for _, y := range ib.Exports.All() {
		if ia.Exports.Get(y.Name) == nil {
			list = append(list, y)
		}
	}
	return &types.Instance{Exports: types.NewItems(list)}, nil
}
