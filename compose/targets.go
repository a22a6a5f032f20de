package compose

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// TargetReport says how a component fits a world.
type TargetReport struct {
	// World is the identifier of the world.
	World string
	// Imports are those of the component, Exports those of the world, in order.
	Imports, Exports []TargetItem
	// Extra are the exports of the component that the world does not ask for. They do no harm.
	Extra []string
}

// TargetItem is an import of the component, or an export of the world, and what it is compared with.
type TargetItem struct {
	// Component and World are the names on the two sides. They differ at most in the version, and are "" where there is nothing.
	Component, World string
	// Fits tells that the types agree.
	Fits bool
}

// Fits tells that nothing stands in the way: the component is of the type that the world describes.
func (r *TargetReport) Fits() bool {
	for _, list := range [...][]TargetItem{r.Imports, r.Exports} {
		for _, i := range list {
			if !i.Fits {
				return false
			}
		}
	}
	return true
}

// Targets tells whether a component of type c fits world w: whether the world has all that the component imports, and the component
// all that the world exports, in types that agree. A component may import less than the world has and export more.
//
// An interface is compared with the one of its name or, if there is none, with the one of the highest version on its semver track, as
// hosts and [Plug] connect them.
//
// The list has an error for each function, type and interface that differs, at its place in the WIT if the world was read from text, and the
// error tells all the differences. What follows from a mismatch that the list has is not in it. If there is none, it may have notes about versions that differ.
func Targets(c *types.Component, w *wit.World) (*TargetReport, diag.List) {
	t := &target{
		c: c, world: w, want: w.Component(), report: &TargetReport{World: w.ID().String()},
		unmet: make(map[*types.Resource]bool), others: make(map[[2]*types.Resource]bool), renamed: make(map[*types.Named]types.Type),
		missed: make(map[*types.Named]bool), same: make(map[twoTypes]bool), told: make(map[twoTypes]*explained),
	}
	t.checkImports()
	t.checkExports()
	t.finishExplained()
	if !t.list.HasErrors() {
		t.list.Add(t.versions()...)
	}
	return t.report, t.list
}

// target is a comparison of a component with a world. Types of the component are looked at through imports, which replaces what it imports by
// what the world has, and types of the world through exports, which replaces what it exports by what the component has. After that, types
// that agree are equal.
type target struct {
	c       *types.Component
	world   *wit.World
	want    *types.Component
	imports types.Subst
	exports types.Subst
	// quiet is imports, and further replaces types that differ, once that is told, by the world's.
	quiet  types.Subst
	report *TargetReport
	list   diag.List
	pairs  []*pair

	// unmet are resources that one side has and the other lacks, which is reported where they are declared.
	unmet map[*types.Resource]bool
	// missed are types of one side that the other side lacks, by the names under which that is told.
	missed map[*types.Named]bool
	// others are pairs of resources that have been reported to be different ones.
	others map[[2]*types.Resource]bool
	// renamed are the types of the component that stand for the world's in quiet.
	renamed map[*types.Named]types.Type
	// same are pairs of types that are equal, or differ by nothing that is not told.
	same map[twoTypes]bool
	// told are pairs of types with names whose differences are explained, and explained is the list of them.
	told      map[twoTypes]*explained
	explained []*explained
	// searches counts the names for which the nearest was looked for.
	searches int
}

// pair is an import or export on both sides.
type pair struct {
	export bool
	// have is that of the component, want that of the world. A type is nil where there is nothing.
	have, want types.Item
	// item is the world's as WIT.
	item   *wit.WorldItem
	failed bool
	// noted tells that a diagnostic says which versions are compared.
	noted bool
}

// side are the imports or exports of one side, by name and by track.
type side struct {
	items  types.Items
	tracks map[string]int
}

func newSide(items types.Items) side {
	s := side{items, make(map[string]int)}
	for i, x := range items.All() {
		k := key(x.Name)
		if best, ok := s.tracks[k]; !ok || versionOf(x.Name).Compare(versionOf(items.At(best).Name)) > 0 {
			s.tracks[k] = i
		}
	}
	return s
}

// find returns the position of what goes by a name, or -1.
func (s side) find(extern string) int {
	if i := s.items.Index(extern); i >= 0 {
		return i
	}
	if i, ok := s.tracks[key(extern)]; ok {
		return i
	}
	return -1
}

// versionOf returns the version in the name of an interface, or none.
func versionOf(extern string) name.Version {
	in, err := name.ParseInterface(extern, name.Options{})
	if err != nil {
		return name.Version{}
	}
	return in.Package.Version
}

func (t *target) checkImports() {
	offered := newSide(t.want.Imports)
	open := resourceSet(t.c.ImportedResources)
	first := len(t.pairs)
	for _, x := range t.c.Imports.All() {
		p := &pair{have: x}
		if i := offered.find(x.Name); i >= 0 {
			p.want, p.item = t.want.Imports.At(i), t.world.Imports[i]
		}
		t.pairs = append(t.pairs, p)
		t.bind(&t.imports, open, x.Type, p.want.Type)
	}
	for _, p := range t.pairs[first:] {
		t.check(p)
		t.report.Imports = append(t.report.Imports, TargetItem{Component: p.have.Name, World: p.want.Name, Fits: !p.failed})
	}
}

func (t *target) checkExports() {
	exported := newSide(t.c.Exports)
	open := resourceSet(t.want.ExportedResources)
	first := len(t.pairs)
	used := make(map[int]bool)
	for i, x := range t.want.Exports.All() {
		p := &pair{export: true, want: x, item: t.world.Exports[i]}
		if i := exported.find(x.Name); i >= 0 {
			used[i] = true
			p.have = t.c.Exports.At(i)
		}
		t.pairs = append(t.pairs, p)
		var have types.Extern
		if p.have.Type != nil {
			have = t.imports.Extern(p.have.Type)
		}
		t.bind(&t.exports, open, x.Type, have)
	}
	for _, p := range t.pairs[first:] {
		t.check(p)
		t.report.Exports = append(t.report.Exports, TargetItem{Component: p.have.Name, World: p.want.Name, Fits: !p.failed})
	}
	for i, x := range t.c.Exports.All() {
		if !used[i] {
			t.report.Extra = append(t.report.Extra, x.Name)
		}
	}
}

func resourceSet(list []*types.Resource) map[*types.Resource]bool {
	set := make(map[*types.Resource]bool, len(list))
	for _, r := range list {
		set[r] = true
	}
	return set
}

// bind lets the resources in open that an item declares stand for those of its counterpart, which may be nil.
func (t *target) bind(s *types.Subst, open map[*types.Resource]bool, declared, given types.Extern) {
	switch d := declared.(type) {
	case *types.Bound:
		r, ok := d.Type.(*types.Resource)
		if !ok || !open[r] {
			return
		}
		delete(open, r)
		if g, ok := given.(*types.Bound); ok {
			if _, ok := types.Unname(g.Type).(*types.Resource); ok {
				s.Bind(r, g.Type)
				if s == &t.imports {
					t.quiet.Bind(r, g.Type)
				}
				return
			}
		}
		t.unmet[r] = true
	case *types.Instance:
		g, _ := given.(*types.Instance)
		for _, x := range d.Exports.All() {
			var of types.Extern
			if g != nil {
				of = g.Exports.Get(x.Name)
			}
			t.bind(s, open, x.Type, of)
		}
	}
}
