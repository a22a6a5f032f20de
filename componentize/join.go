package componentize

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/wit"
)

// join makes one world of those that the modules are made for, in which each import and export has an interface of its own.
func (p *program) join() error {
	if len(p.worlds) == 1 {
		if w := p.worlds[0]; isJoined(w.world, !p.KeepVersions) {
			p.model, p.world = w.model, w.world
			return nil
		}
	}
	u := wit.NewUnion()
	for _, w := range p.worlds {
		if err := u.Add(w.model, w.world); err != nil {
			return w.cannotMerge(err)
		}
	}
	var err error
	if p.model, p.world, err = u.Finish(wit.UnionOptions{MergeVersions: !p.KeepVersions, Nominal: true}); err != nil {
		return diag.Errorf(p.main.given.Span(0, 0), CannotMerge, "%s", err.Error())
	}
	return nil
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
