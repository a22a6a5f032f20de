package componentize

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/wit"
)

// hasWorld tells that somebody has named a world.
func (p *program) hasWorld() bool {
	for part := range p.given {
		if len(part.worlds) > 0 {
			return true
		}
	}
	return false
}

// join makes one world of those that the modules are made for, in which each import and export has an interface of its own.
func (p *program) join() error {
	if p.joined() {
		return nil
	}
	u := wit.NewUnion()
	for part := range p.given {
		for _, w := range part.worlds {
			err := u.Add(w.model, w.world)
			if err == nil {
				err = part.importStrings.add(w.world.Imports, w.strings)
			}
			if err == nil {
				err = part.exportStrings.add(w.world.Exports, w.strings)
			}
			if err != nil {
				return w.cannotMerge(part.given, err)
			}
		}
	}
	var err error
	if p.model, p.world, err = u.Finish(wit.UnionOptions{MergeVersions: !p.KeepVersions, Nominal: true}); err != nil {
		return diag.Errorf(p.main.given.Span(0, 0), CannotMerge, "%s", err.Error())
	}
	return nil
}

// joined takes the world as it is if there is only one, and reports whether it did.
func (p *program) joined() bool {
	if len(p.main.worlds) != 1 {
		return false
	}
	for _, part := range p.all {
		if len(part.worlds) > 0 {
			return false
		}
	}
	w := p.main.worlds[0]
	if !isJoined(w.world, !p.KeepVersions) {
		return false
	}
	p.model, p.world = w.model, w.world
	p.main.importStrings.all, p.main.exportStrings.all = w.strings, w.strings
	return true
}

// isJoined tells whether a world is what a union of it alone would make of it: no interface is there twice, nor, if versions are to be merged,
// imported in several that are compatible.
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
