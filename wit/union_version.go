package wit

import (
	"fmt"

	"github.com/mortise-wasm/mortise/model/name"
)

// mergeVersions replaces imports of the same interface in compatible versions by an import of the
// highest version. Users of the other versions then use that version.
func (u *Union) mergeVersions() error {
	latest := map[name.Interface]*iface{}
	for k := range u.w.imports.All() {
		if i := k.iface; i != nil && !i.pkg.name.Version.IsZero() {
			t := track(i)
			if prev := latest[t]; prev == nil || prev.pkg.name.Version.Compare(i.pkg.name.Version) < 0 {
				latest[t] = i
			}
		}
	}
	instead := map[*iface]*iface{}
	for k := range u.w.imports.All() {
		i := k.iface
		if i == nil || i.pkg.name.Version.IsZero() {
			continue
		}
		if best := latest[track(i)]; best != i && best.pkg.name.Version.Compare(i.pkg.name.Version) > 0 {
			if err := agree(&item{iface: i}, &item{iface: best}); err != nil {
				return fmt.Errorf("`%s` cannot be replaced by `%s`, although the versions say so: %w", i.id(), best.id(), err)
			}
			instead[i] = best
		}
	}
	kept := itemMap{}
	for k, it := range u.w.imports.All() {
		if instead[it.iface] != nil && k.iface != nil {
			continue
		}
		if err := it.useInstead(instead); err != nil {
			return err
		}
		kept.Set(k, it)
	}
	u.w.imports = kept
	for _, it := range u.w.exports.All() {
		if err := it.useInstead(instead); err != nil {
			return err
		}
	}
	for _, w := range u.g.worlds {
		if c := u.g.elaborate(w); c != nil {
			return c
		}
	}
	return nil
}

// track returns the name of an interface, with its version cut to the part that compatible versions
// share.
func track(i *iface) name.Interface {
	p := i.pkg.name
	p.Version = p.Version.Track()
	return p.Interface(i.name)
}

// useInstead redirects the types that an item takes from replaced interfaces to the replacements.
func (i *item) useInstead(instead map[*iface]*iface) error {
	switch {
	case i.def != nil:
		return i.def.useInstead(instead)
	case i.iface != nil:
		for _, d := range i.iface.types.All() {
			if err := d.useInstead(instead); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *def) useInstead(instead map[*iface]*iface) error {
	best := instead[d.dep()]
	if best == nil {
		return nil
	}
	t, ok := best.types.Get(d.a.def.name)
	if !ok {
		return fmt.Errorf("type `%s` of `%s` is missing in `%s`, although the versions are compatible",
			d.a.def.name, d.a.def.owner.iface.id(), best.id())
	}
	d.a.def = t
	return nil
}
