package wit

import (
	"io/fs"
	"path"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// maxBeside limits how many folders beside a package are searched: the folder around the package
// may hold any number of unrelated folders.
const maxBeside = 1000

// beside reads, from the folders beside dir, packages that the sources need and that are missing.
// Errors in folders that are not needed are ignored.
func (l *loader) beside(dir string) {
	at := path.Dir(dir)
	if dir == "." {
		at = ".."
	}
	var around map[name.Package]string
	for {
		wanted := l.wanted()
		if len(wanted) == 0 {
			return
		}
		if around == nil {
			around = packagesIn(l.opts.Beside)
		}
		found := false
		for _, n := range wanted {
			if p, ok := around[n]; ok {
				delete(around, n)
				l.group(l.parseDirAs(l.opts.Beside, p, at))
				found = true
			}
		}
		if !found {
			return
		}
	}
}

// wanted returns the names, with versions, of packages that are used but were not read, in the
// order of their uses. It leaves out packages without a version.
func (l *loader) wanted() []name.Package {
	there := map[name.Package]bool{}
	for n := range l.m.byName {
		there[n] = true
	}
	for _, s := range l.sources {
		there[s.name] = true
	}
	var list []name.Package
	for _, s := range l.sources {
		for n := range s.foreign.All() {
			if !there[n] && !n.Version.IsZero() {
				there[n] = true
				list = append(list, n)
			}
		}
	}
	return list
}

// packagesIn maps the packages in the folders of fsys to the names of their folders.
func packagesIn(fsys fs.FS) map[name.Package]string {
	found := map[name.Package]string{}
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return found
	}
	for _, e := range entries[:min(len(entries), maxBeside)] {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if id, ok := packageIn(fsys, e.Name()); ok && found[id] == "" {
			found[id] = e.Name()
		}
	}
	return found
}

// packageIn returns the name of the package in a folder, and reports whether there is one.
func packageIn(fsys fs.FS, dir string) (name.Package, bool) {
	files, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return name.Package{}, false
	}
	for _, e := range files {
		if path.Ext(e.Name()) != ".wit" {
			continue
		}
		p := path.Join(dir, e.Name())
		if checkFile(fsys, dir, p) != nil {
			continue
		}
		data, err := fs.ReadFile(fsys, p)
		if err != nil {
			return name.Package{}, false
		}
		tree, _ := syntax.Parse(diag.NewFile(e.Name(), data), syntax.Options{NestedNames: true})
		if tree.Package != nil {
			return tree.Package.PackageID.ID, true
		}
	}
	return name.Package{}, false
}
