package compose

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// TargetReport describes how a component fits a world.
type TargetReport struct {
	// World is the identifier of the world.
	World string
	// Imports lists the imports of the component and Exports the exports of the world, in order.
	Imports, Exports []TargetItem
	// Extra lists the exports of the component that the world does not ask for. They do no harm.
	Extra []string
}

// TargetItem is an import of the component or an export of the world, with its counterpart.
type TargetItem struct {
	// Component and World are the names on the two sides. They differ at most in the version. The name
	// is "" on a side that lacks the item.
	Component, World string
	// Fits reports that both sides have the item and that their types agree.
	Fits bool
}

// Fits reports whether every item fits, so that the component has the type that the world
// describes.
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

// Targets reports whether a component of type c fits world w: whether the world has everything that
// the component imports, and the component everything that the world exports, in types that agree.
// A component may import less than the world has, and export more.
//
// An interface is compared with the one of the same name or, if that does not exist, with the one
// of the highest version on its semver track. Hosts and [Plug] connect interfaces in the same way.
//
// The list has an error for each function, type and interface that differs, at its place in the WIT
// if the world was parsed from text. Each error lists all differences of its item; mismatches that
// merely follow from a reported one are omitted. If there are no errors, the list may hold notes
// about versions that differ.
func Targets(c *types.Component, w *wit.World) (*TargetReport, diag.List) {
	t := &target{
		c: c, world: w, want: w.Component(), report: &TargetReport{World: w.ID().String()},
		unmet: make(map[*types.Resource]bool), others: make(map[[2]*types.Resource]bool), renamed: make(map[*types.Named]types.Type),
		missed: make(map[*types.Named]bool), same: make(map[twoTypes]bool), reported: make(map[twoTypes]*explained),
	}
	t.checkImports()
	t.checkExports()
	t.finishExplained()
	if !t.list.HasErrors() {
		t.list.Add(t.versions()...)
	}
	return t.report, t.list
}

// target is a comparison of a component with a world. The substitution imports replaces types that
// the component imports with the world's, and the substitution exports replaces types that the
// world exports with the component's. Types that agree are equal after these substitutions.
type target struct {
	c       *types.Component
	world   *wit.World
	want    *types.Component
	imports types.Subst
	exports types.Subst
	// quiet is imports, extended to replace a type whose difference has been reported with the
	// world's.
	quiet  types.Subst
	report *TargetReport
	list   diag.List
	pairs  []*pair

	// unmet holds resources that one side has and the other lacks. Each is reported where it is
	// declared.
	unmet map[*types.Resource]bool
	// missed holds types of one side that the other side lacks, by the names under which they are
	// reported.
	missed map[*types.Named]bool
	// others holds pairs of different resources that have been reported.
	others map[[2]*types.Resource]bool
	// renamed maps types of the component to the types of the world that replace them in quiet.
	renamed map[*types.Named]types.Type
	// same holds pairs of types that are equal, or whose only differences need no report.
	same map[twoTypes]bool
	// reported holds pairs of named types whose differences have been reported, and explained lists
	// them.
	reported  map[twoTypes]*explained
	explained []*explained
	// searches counts the searches for a similar name.
	searches int
}

// pair is an import or export on both sides.
type pair struct {
	export bool
	// have is the component's item, and want the world's. The type is nil on a side that lacks the
	// item.
	have, want types.Item
	// item is the world's item in WIT.
	item   *wit.WorldItem
	failed bool
	// noted is set once a diagnostic names the two versions.
	noted bool
}

// side holds the imports or exports of one side, with an index by track.
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

// find returns the position of the item that matches a name, or -1.
func (s side) find(extern string) int {
	if i := s.items.Index(extern); i >= 0 {
		return i
	}
	if i, ok := s.tracks[key(extern)]; ok {
		return i
	}
	return -1
}

// versionOf returns the version in the name of an interface, or the zero Version.
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

// bind replaces the resources in open that an item declares with those of its counterpart, which
// may be nil.
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
