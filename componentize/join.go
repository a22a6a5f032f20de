package componentize

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/wit"
)

// hasWorld reports whether any module has a world.
func (p *program) hasWorld() bool {
	for mod := range p.givenModules {
		if len(mod.worlds) > 0 {
			return true
		}
	}
	return false
}

// join merges the worlds of the modules into one, in which each import and export has an interface
// of its own.
func (p *program) join() error {
	if p.joined() {
		return nil
	}
	u := wit.NewUnion()
	for mod := range p.givenModules {
		for _, w := range mod.worlds {
			err := u.Add(w.Model, w.World)
			if err == nil {
				err = mod.importStrings.add(w.World.Imports, w.Strings)
			}
			if err == nil {
				err = mod.exportStrings.add(w.World.Exports, w.Strings)
			}
			if err != nil {
				return cannotMerge(mod.given, w.Section, err)
			}
		}
	}
	var err error
	if p.model, p.world, err = u.Finish(wit.UnionOptions{MergeVersions: !p.options.KeepVersions, Nominal: true}); err != nil {
		return diag.Errorf(p.main.given.Span(0, 0), CodeCannotMerge, "%s", err.Error())
	}
	return nil
}

// joined uses the main module's world as it is if this is the only one, and reports whether it did.
func (p *program) joined() bool {
	if len(p.main.worlds) != 1 {
		return false
	}
	for _, mod := range p.all {
		if len(mod.worlds) > 0 {
			return false
		}
	}
	w := p.main.worlds[0]
	if !isJoined(w.World, !p.options.KeepVersions) {
		return false
	}
	p.model, p.world = w.Model, w.World
	p.main.importStrings.all, p.main.exportStrings.all = w.Strings, w.Strings
	return true
}

// isJoined reports whether a world equals the union of itself: no interface occurs twice and, if
// versions are merged, no interface is imported in several compatible versions.
func isJoined(w *wit.World, mergeVersions bool) bool {
	ifaces := make(map[*wit.Interface]bool, len(w.Imports)+len(w.Exports))
	tracks := make(map[name.Interface]bool, len(w.Imports))
	for k, items := range [][]*wit.WorldItem{w.Imports, w.Exports} {
		for _, i := range items {
			if i.Interface == nil {
				continue
			}
			if ifaces[i.Interface] {
				return false
			}
			ifaces[i.Interface] = true
			if !mergeVersions || k > 0 || i.Name != "" {
				continue
			}
			track := i.Interface.ID()
			track.Package.Version = track.Package.Version.Track()
			if tracks[track] {
				return false
			}
			tracks[track] = true
		}
	}
	return true
}

// cannotMerge returns the error for a world of the module in f that contradicts the others. The
// section is "" if the world was given in another way.
func cannotMerge(f *diag.File, section string, err error) error {
	d := diag.Errorf(f.Span(0, 0), CodeCannotMerge, "%s", err.Error())
	if section != "" {
		d.In("section %q", section)
	}
	return d
}
