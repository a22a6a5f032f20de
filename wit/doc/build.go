package doc

import (
	"fmt"
	"slices"

	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// site is everything that is documented.
type site struct {
	title    string
	packages []*node // the main one first
	hasMain  bool
	byID     map[string]*node
}

// builder builds a site. It creates all nodes before the signatures, because signatures link to
// nodes.
type builder struct {
	m      *wit.Model
	site   *site
	types  map[*wit.TypeDef]*node
	ifaces map[*wit.Interface]*node
	// origins caches the results of origin.
	origins map[*wit.TypeDef]*wit.TypeDef
	later   []func()
}

func newSite(m *wit.Model, opts Options) *site {
	b := &builder{m: m, site: &site{title: opts.Title, byID: map[string]*node{}},
		types: map[*wit.TypeDef]*node{}, ifaces: map[*wit.Interface]*node{}, origins: map[*wit.TypeDef]*wit.TypeDef{}}
	pkgs := slices.Clone(m.Packages)
	slices.SortStableFunc(pkgs, func(p, q *wit.Package) int {
		switch m.Main {
		case p:
			return -1
		case q:
			return 1
		}
		return p.Name.Compare(q.Name)
	})
	if opts.NoDeps && m.Main != nil {
		pkgs = pkgs[:1]
	}
	for _, p := range pkgs {
		b.pkg(p)
	}
	for _, f := range b.later {
		f()
	}
	if b.site.hasMain = m.Main != nil; b.site.title == "" {
		b.site.title = "WIT packages"
		if b.site.hasMain {
			b.site.title = m.Main.Name.String()
		}
	}
	return b.site
}

// add registers a node under a unique anchor: id, or id with a tilde and a number if id is taken.
// Labels consist of letters, digits and hyphens, so an anchor with a tilde cannot be one.
func (b *builder) add(n *node, id string) *node {
	n.id = id
	for i := 2; b.site.byID[n.id] != nil; i++ {
		n.id = fmt.Sprintf("%s~%d", id, i)
	}
	b.site.byID[n.id] = n
	return n
}

func (b *builder) pkg(p *wit.Package) {
	n := b.add(&node{kind: kPackage, name: p.Name.String(), doc: p.Docs.Text}, p.Name.String())
	b.site.packages = append(b.site.packages, n)
	for _, w := range p.Worlds {
		n.worlds = append(n.worlds, b.world(n, w))
	}
	for _, i := range p.Interfaces {
		c := &node{kind: kInterface, name: i.Name, parent: n, doc: i.Docs.Text, badges: badges(i.Stability, "", false)}
		b.add(c, i.ID().String())
		b.iface(c, i)
		n.interfaces = append(n.interfaces, c)
	}
}

// iface fills in the node of an interface.
func (b *builder) iface(n *node, i *wit.Interface) {
	b.ifaces[i] = n
	b.typeDefs(n, i.Types)
	for _, f := range i.Funcs {
		b.function(n, f, n.id)
	}
}

// typeDefs adds the definitions and uses of an interface or world.
func (b *builder) typeDefs(n *node, defs []*wit.TypeDef) {
	for _, t := range defs {
		if other := b.used(t); other != nil {
			b.later = append(b.later, func() { b.use(n, t, other) })
			continue
		}
		n.types = append(n.types, b.typeDef(n, t))
	}
}

// used returns the definition elsewhere that t refers to by a `use`, or nil if t is a definition
// itself.
func (b *builder) used(t *wit.TypeDef) *wit.TypeDef {
	other := b.m.Alias(t)
	if other == nil || other.Name == "" || other.Interface == nil || other.Interface == t.Interface {
		return nil
	}
	return other
}

// origin follows uses to the definition of t. It caches the result for each use on the way, because
// chains of uses can be long.
func (b *builder) origin(t *wit.TypeDef) *wit.TypeDef {
	var way []*wit.TypeDef
	for {
		if o := b.origins[t]; o != nil {
			t = o
			break
		}
		other := b.used(t)
		if other == nil {
			break
		}
		way = append(way, t)
		t = other
	}
	for _, w := range way {
		b.origins[w] = t
	}
	return t
}

func (b *builder) use(n *node, t, other *wit.TypeDef) {
	name := usedName{name: token{tokType, spelled(other.Name), b.types[b.origin(other)]}}
	if t.Name != other.Name {
		name.alias = t.Name
	}
	u := use{from: b.ifaceRef(other.Interface, n), badges: badges(t.Stability, t.ExternalID, t.HasExternalID)}
	if last := len(n.uses) - 1; last >= 0 && n.uses[last].from == u.from && slices.Equal(n.uses[last].badges, u.badges) {
		n.uses[last].names = append(n.uses[last].names, name)
		return
	}
	u.names = []usedName{name}
	n.uses = append(n.uses, u)
}

// ifaceRef returns a reference to interface i, named as seen from a node.
func (b *builder) ifaceRef(i *wit.Interface, from *node) token {
	to := b.ifaces[i]
	switch {
	case i.Name == "" && to != nil:
		return token{tokType, to.name, to}
	case to != nil && to.pkg() == from.pkg():
		return token{tokType, i.Name, to}
	}
	return token{tokType, i.ID().String(), to}
}

func (b *builder) typeDef(parent *node, t *wit.TypeDef) *node {
	n := &node{name: t.Name, parent: parent, doc: t.Docs.Text, badges: badges(t.Stability, t.ExternalID, t.HasExternalID)}
	b.add(n, parent.id+"."+t.Name)
	b.types[t] = n
	named, ok := t.Type.(*types.Named)
	if !ok {
		n.kind = kResource
		return n
	}
	if n.kind = kType; b.m.Def(named.Of) == nil {
		b.members(n, t, named.Of)
	}
	if n.kind == kType {
		b.later = append(b.later, func() {
			s := b.signature(n)
			s.keyword("type ")
			s.define(n.name)
			s.text(" = ")
			s.aliased(named.Of)
			n.sig = s.tokens
		})
	}
	return n
}

// members adds the fields, cases or flags of a type that has them, and sets its kind.
func (b *builder) members(n *node, t *wit.TypeDef, of types.Type) {
	member := func(k kind, i int, name string, payload types.ValType) {
		c := &node{kind: k, name: name, parent: n}
		if i < len(t.Members) {
			c.doc = t.Members[i].Docs.Text
		}
		b.add(c, n.id+"."+name)
		n.members = append(n.members, c)
		b.later = append(b.later, func() {
			s := b.signature(n)
			s.define(name)
			switch {
			case payload == nil:
			case k == kField:
				s.text(": ")
				s.typ(payload)
			default:
				s.text("(")
				s.typ(payload)
				s.text(")")
			}
			c.sig = s.tokens
		})
	}
	switch of := of.(type) {
	case *types.Record:
		n.kind = kRecord
		for i, f := range of.Fields {
			member(kField, i, f.Name, f.Type)
		}
	case *types.Variant:
		n.kind = kVariant
		for i, c := range of.Cases {
			member(kCase, i, c.Name, c.Type)
		}
	case *types.Enum:
		n.kind = kEnum
		for i, name := range of.Names {
			member(kCase, i, name, nil)
		}
	case *types.Flags:
		n.kind = kFlags
		for i, name := range of.Names {
			member(kFlag, i, name, nil)
		}
	}
}

var funcKinds = map[wit.FuncKind]kind{wit.Freestanding: kFunc, wit.Method: kMethod, wit.Static: kStatic, wit.Constructor: kConstructor}

// function adds a function to the node of its resource, or to n. Its anchor begins with that
// node's, or with id.
func (b *builder) function(n *node, f *wit.Func, id string) *node {
	c := &node{kind: funcKinds[f.Kind], name: f.Label(), parent: n, doc: f.Docs.Text,
		badges: badges(f.Stability, f.ExternalID, f.HasExternalID)}
	if res := b.types[f.Resource]; f.Resource != nil && res != nil {
		c.parent, id = res, res.id
	}
	b.add(c, id+"."+c.name)
	if c.parent != n || n.kind != kWorld {
		c.parent.funcs = append(c.parent.funcs, c)
	}
	b.later = append(b.later, func() {
		s := b.signature(c)
		s.function(f)
		c.sig = s.tokens
		for _, p := range params(f) {
			s := b.signature(c)
			s.typ(p.Type)
			c.params = append(c.params, param{spelled(p.Name), s.tokens})
		}
		if f.Result != nil && f.Kind != wit.Constructor {
			s := b.signature(c)
			s.typ(f.Result)
			c.result = s.tokens
		}
	})
	return c
}
