package lsp

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// pack is a package with its dependencies, as last read.
type pack struct {
	// root is the folder. For a text that is not a file, root is empty and alone is its URI.
	root, alone string
	diags       diag.List
	info        wit.Info
	// trees are the texts, sorted by path.
	trees  []*tree
	byFile map[*diag.File]*tree
	// models are the encoded packages in deps. encoded caches the result of texts.
	models  []*wit.Model
	encoded []*tree
}

// root is the location of a package: the folder, and "." or the name of a file in it that is a
// package on its own.
type root struct{ dir, base string }

// root returns the location of the package that a file belongs to.
func (s *server) root(p string) root {
	r, ok := s.roots[p]
	if !ok {
		r = s.findRoot(p)
		s.roots[p] = r
	}
	return r
}

// findRoot returns the location of the package that a file belongs to. A file in a folder `deps`,
// or in a folder inside it, belongs to the package around `deps`, if there is one. A file in a
// folder that mixes several packages is a package on its own.
func (s *server) findRoot(p string) root {
	dir := parent(p)
	around := ""
	switch {
	case path.Base(dir) == "deps":
		around = parent(dir)
	case path.Base(parent(dir)) == "deps":
		around = parent(parent(dir))
	}
	if around != "" && len(s.witFiles(around)) > 0 {
		return root{around, "."}
	}
	var first *syntax.PackageDecl
	fsys := s.folder(dir)
	for _, n := range s.witFiles(dir) {
		data, err := fs.ReadFile(fsys, n)
		if err != nil {
			continue
		}
		tree, _ := syntax.Parse(diag.NewFile(n, data), syntax.Options{NestedNames: true})
		switch {
		case tree.Package == nil:
		case first == nil:
			first = tree.Package
		case tree.Package.PackageID.ID != first.PackageID.ID:
			return root{dir, path.Base(p)}
		}
	}
	return root{dir, "."}
}

// witFiles returns the names of the WIT files in a folder.
func (s *server) witFiles(dir string) (names []string) {
	entries, err := fs.ReadDir(s.folder(dir), ".")
	if err != nil {
		return nil
	}
	for _, e := range entries {
		if !e.IsDir() && strings.HasSuffix(e.Name(), ".wit") {
			names = append(names, e.Name())
		}
	}
	return names
}

// folder returns the folder dir, overlaid with the open texts.
func (s *server) folder(dir string) fs.FS { return s.folderWith(dir, nil) }

// folderWith is like folder, with other contents for some files.
func (s *server) folderWith(dir string, other map[string][]byte) fs.FS {
	o := &overlay{base: s.opts.Dir(dir), texts: map[string][]byte{}}
	for p, d := range s.docs {
		if name, ok := below(dir, p); ok {
			o.texts[name] = d.text.data
		}
	}
	for p, data := range other {
		if name, ok := below(dir, p); ok {
			o.texts[name] = data
		}
	}
	return o
}

// pack returns the package of a document. It may have been read before.
func (s *server) pack(p string) *pack {
	if !strings.HasPrefix(p, "/") {
		return s.remember(p, func() *pack {
			k := &pack{alone: p}
			s.load(k, &overlay{base: emptyFS{}, texts: map[string][]byte{"text.wit": s.docs[p].text.data}}, "text.wit")
			return k
		})
	}
	r := s.root(p)
	return s.remember(join(r.dir, r.base), func() *pack {
		k := &pack{root: r.dir}
		s.load(k, s.folder(r.dir), r.base)
		return k
	})
}

func (s *server) remember(key string, load func() *pack) *pack {
	k := s.packs[key]
	if k == nil {
		k = load()
		s.packs[key] = k
	}
	return k
}

// load reads a package twice: with the given options, for the diagnostics, and with all features,
// so that every name refers to an object.
func (s *server) load(k *pack, fsys fs.FS, base string) {
	opts := s.opts.Load
	opts.Decode = func(f *diag.File) (*wit.Model, error) { return s.decode(k.path(f), f) }
	if base == "." && k.alone == "" {
		opts.Beside = s.folder(path.Dir(k.root))
	}
	m, diags := wit.Load(fsys, base, opts)
	if k.diags = diags; m != nil {
		k.diags.Add(m.Check(false)...)
	}
	all := opts
	all.AllFeatures, all.Target, all.Info = true, wit.Options{}.Target, &k.info
	all.Decode = func(f *diag.File) (*wit.Model, error) {
		m, err := opts.Decode(f)
		if err == nil {
			k.models = append(k.models, m)
		}
		return m, err
	}
	wit.Load(fsys, base, all)
	k.byFile = map[*diag.File]*tree{}
	for _, f := range k.info.Files {
		t := newTree(k.path(f.Source), f)
		k.trees = append(k.trees, t)
		k.byFile[f.Source] = t
	}
	slices.SortFunc(k.trees, func(a, b *tree) int { return strings.Compare(a.path, b.path) })
}

// path returns the path of a file of the package.
func (k *pack) path(f *diag.File) string {
	if k.alone != "" {
		return k.alone
	}
	return join(k.root, f.Name)
}

// decoded caches the result of decoding an encoded package.
type decoded struct {
	data  []byte
	model *wit.Model
	err   error
}

func (s *server) decode(p string, f *diag.File) (*wit.Model, error) {
	if s.opts.Load.Decode == nil {
		return nil, errors.New("encoded packages cannot be read here")
	}
	if d, ok := s.decoded[p]; ok && bytes.Equal(d.data, f.Data) {
		return d.model, d.err
	}
	m, err := s.opts.Load.Decode(f)
	s.decoded[p] = decoded{f.Data, m, err}
	return m, err
}

// tree returns the text at a path, or nil.
func (k *pack) tree(p string) *tree {
	for _, t := range k.trees {
		if t.path == p {
			return t
		}
	}
	return nil
}

// isDep reports whether a file belongs to a dependency instead of the user's package.
func (k *pack) isDep(p string) bool {
	if k.alone != "" {
		return false
	}
	rel, ok := below(k.root, p)
	return !ok || strings.HasPrefix(rel, "deps/")
}

// object returns the object that a name refers to, and reports whether the name defines it.
func (k *pack) object(t *tree, n name) (o *wit.Object, def bool) {
	at := wit.Place{File: t.file.Source, Start: int(n.Start)}
	if o := k.info.Defs[at]; o != nil {
		return o, true
	}
	return k.info.Uses[at], false
}

// places returns the places of the names of an object, by path and offset. It returns definitions,
// uses or both.
func (k *pack) places(o *wit.Object, defs, uses bool) (list []placed) {
	for _, t := range k.trees {
		for _, n := range t.names {
			if got, def := k.object(t, n); got == o && (def && defs || !def && uses) {
				list = append(list, placed{t, n, def})
			}
		}
	}
	return list
}

type placed struct {
	tree *tree
	name name
	def  bool
}

// find returns the definition of an object. For an object of an encoded package, that is in the
// package's text.
func (k *pack) find(o *wit.Object) (*tree, name, bool) {
	if o.Span.IsValid() {
		t := k.byFile[o.Span.File]
		if t == nil {
			return nil, name{}, false
		}
		n, ok := t.at(o.Span.Start)
		return t, n, ok
	}
	return k.findEncoded(o)
}
