package wit

import (
	"fmt"

	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
)

// mergeVersions replaces imports of the same interface in compatible versions by an import of the
// highest version. Users of the other versions then use that version.
func (u *Union) mergeVersions() error {
	latest := map[name.Interface]*Interface{}
	for _, it := range u.w.Imports {
		if i := it.key().iface; i != nil && !i.Package.Name.Version.IsZero() {
			t := track(i)
			if prev := latest[t]; prev == nil || prev.Package.Name.Version.Compare(i.Package.Name.Version) < 0 {
				latest[t] = i
			}
		}
	}
	instead := map[*Interface]*Interface{}
	for _, it := range u.w.Imports {
		i := it.key().iface
		if i == nil || i.Package.Name.Version.IsZero() {
			continue
		}
		if best := latest[track(i)]; best != i && best.Package.Name.Version.Compare(i.Package.Name.Version) > 0 {
			if err := agree(&WorldItem{Interface: i}, &WorldItem{Interface: best}); err != nil {
				return fmt.Errorf("`%s` cannot be replaced by `%s`, although the versions say so: %w", i.text(), best.text(), err)
			}
			instead[i] = best
		}
	}
	kept := make([]*WorldItem, 0, len(u.w.Imports))
	for _, it := range u.w.Imports {
		if it.Name == "" && instead[it.Interface] != nil {
			continue
		}
		if err := u.m.replaceUses(it, instead); err != nil {
			return err
		}
		kept = append(kept, it)
	}
	u.w.Imports = kept
	for _, it := range u.w.Exports {
		if err := u.m.replaceUses(it, instead); err != nil {
			return err
		}
	}
	for _, w := range u.m.Worlds {
		if c := u.m.elaborate(w); c != nil {
			return c
		}
	}
	return nil
}

// track returns the name of an interface, with its version cut to the part that compatible versions
// share.
func track(i *Interface) name.Interface {
	p := i.Package.Name
	p.Version = p.Version.Track()
	return p.Interface(i.Name)
}

// replaceUses makes an item use types of the replacements instead of those of the replaced
// interfaces.
func (m *Model) replaceUses(it *WorldItem, instead map[*Interface]*Interface) error {
	var list []*TypeDef
	switch {
	case it.Type != nil:
		list = []*TypeDef{it.Type}
	case it.Interface != nil:
		list = it.Interface.Types
	}
	for _, t := range list {
		best := instead[m.usedFrom(t)]
		if best == nil {
			continue
		}
		old := m.Alias(t)
		to := best.Type(old.Name)
		if to == nil {
			return fmt.Errorf("type `%s` of `%s` is missing in `%s`, although the versions are compatible", old.Name, old.Interface.text(), best.text())
		}
		t.Type.(*types.Named).Of = to.Type
	}
	return nil
}
