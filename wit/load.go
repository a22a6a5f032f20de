package wit

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/ordered"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// Load reads the package at a path of fsys and its dependencies. The path is a file or a directory.
// In a directory, all `*.wit` files make up the package, and its folder `deps` holds the
// dependencies: folders of WIT files, WIT files, and encoded packages, `*.wasm` or `*.wat`.
//
// Load reports all errors, not only the first. The model is nil if the list has errors. Otherwise
// the list may hold warnings. An error for a file that cannot be read has the error of fsys as its
// cause.
func Load(fsys fs.FS, p string, opts Options) (*Model, diag.List) {
	l := newLoader(opts)
	info, err := fs.Stat(fsys, p)
	switch {
	case err != nil:
		l.io(p, err)
	case info.IsDir():
		l.fetch = fetchedBy(fsys, p)
		l.dir(fsys, p)
		if opts.Beside != nil {
			l.beside(p)
		}
	default:
		l.fetch = fetchedBy(fsys, path.Dir(p))
		if deps := path.Join(path.Dir(p), "deps"); isDir(fsys, deps) {
			l.depsBeside = deps
		}
		l.single(fsys, p)
	}
	return l.finish()
}

// Parse reads the package in one file, which is WIT text or an encoded package. The package may use
// only packages in the same file.
func Parse(f *diag.File, opts Options) (*Model, diag.List) {
	l := newLoader(opts)
	l.whole(f)
	return l.finish()
}

// loader reads packages and collects diagnostics.
type loader struct {
	opts     Options
	features map[string]bool
	diags    diag.List
	seen     map[Place]bool
	m        *Model
	// scopes holds the names in each interface.
	scopes map[*Interface]map[string]entry
	// incomplete holds the packages and interfaces some of whose items could not be read. A missing
	// name may then not be its user's fault.
	incomplete map[any]bool
	// missing holds the interfaces and worlds that take the place of those that do not exist.
	missing map[any]bool
	// borrows caches which types contain a borrowed handle.
	borrows map[types.Type]bool
	// objects holds the objects of nodes of the model. It is empty unless Options.Info is set.
	objects map[any]*Object
	// sources are the packages read so far. The main package comes first, except for packages nested
	// in its files.
	sources []*source
	main    *source
	// unread is set if a dependency could not be read. An unknown package may be in it.
	unread bool
	// fetch is a help on fetching missing packages, or "". depsBeside is the path of the deps folder
	// beside a file that is read alone, or "".
	fetch, depsBeside string
	// items counts the imports and exports of all worlds so far. full is set once they exceed the
	// limit.
	items int
	full  bool
	// broken is set if the packages are not linked with each other, because some depend on themselves
	// or have the same name.
	broken bool
}

func newLoader(opts Options) *loader {
	l := &loader{
		opts: opts, features: map[string]bool{}, seen: map[Place]bool{}, m: NewModel(Model{}), scopes: map[*Interface]map[string]entry{},
		incomplete: map[any]bool{}, missing: map[any]bool{}, borrows: map[types.Type]bool{}, objects: map[any]*Object{},
	}
	for _, f := range opts.Features {
		l.features[f] = true
	}
	if opts.Info != nil {
		opts.Info.reset()
	}
	return l
}

func (l *loader) finish() (*Model, diag.List) {
	if len(l.sources) > 0 {
		l.resolve()
	}
	l.finishInfo()
	if l.diags.HasErrors() {
		return nil, l.diags
	}
	return l.m, l.diags
}

// report adds a diagnostic unless its place already has one.
func (l *loader) report(d *diag.Diagnostic) *diag.Diagnostic {
	if d.Primary.IsValid() {
		p := Place{d.Primary.File, d.Primary.Start}
		if l.seen[p] {
			return d
		}
		l.seen[p] = true
	}
	l.diags.Add(d)
	return d
}

func (s *source) errorf(at diag.Span, code diag.Code, format string, args ...any) *diag.Diagnostic {
	return s.report(diag.Errorf(at, code, format, args...))
}

// at returns the span of r in the current file.
func (s *source) at(r syntax.Range) diag.Span { return s.cur.file.Span(r) }

func (s *source) docText(d syntax.Docs) Docs {
	text, ok := s.cur.file.DocText(d)
	return Docs{text, ok}
}

// io reports that p cannot be read.
func (l *loader) io(p string, err error) *diag.Diagnostic {
	l.unread = true
	d := &diag.Diagnostic{Severity: diag.Error, Code: CodeCannotRead, Message: "cannot read `" + l.name(p) + "`: " + reason(err), Cause: err}
	l.diags.Add(d)
	return d
}

// name returns the name of a file or folder in messages.
func (l *loader) name(p string) string {
	if l.opts.Name != nil {
		return l.opts.Name(p)
	}
	return p
}

// reason returns the text of a file system error without the path, which the message already has.
func reason(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	if errors.Is(err, fs.ErrNotExist) {
		return "no such file or folder"
	}
	return err.Error()
}

// --- files ---

func (l *loader) read(fsys fs.FS, p string) *diag.File { return l.readAs(fsys, p, p) }

// readAs reads a file of another file system and names it by a path of the main one.
func (l *loader) readAs(fsys fs.FS, p, at string) *diag.File {
	data, err := fs.ReadFile(fsys, p)
	if err != nil {
		l.io(at, err)
		return nil
	}
	return diag.NewFile(l.name(at), data)
}

// readIn is like readAs for a file that was found in the folder root. It refuses files other than
// regular ones.
func (l *loader) readIn(fsys fs.FS, root, p, at string) *diag.File {
	if err := checkFile(fsys, root, p); err != nil {
		d := l.io(at, err)
		if errors.Is(err, errLeads) {
			d.Helpf("put the file into the folder; in deps, a link to a whole folder is followed")
		}
		return nil
	}
	return l.readAs(fsys, p, at)
}

// parse reads a text and reports its errors.
func (l *loader) parse(f *diag.File) []*syntax.File {
	if f == nil {
		return nil
	}
	tree, list := syntax.Parse(f, syntax.Options{NestedNames: l.opts.nestedNames()})
	for _, d := range list {
		l.report(d)
	}
	if l.opts.Info != nil {
		l.opts.Info.Files = append(l.opts.Info.Files, tree)
	}
	return []*syntax.File{tree}
}

// single reads a file that is the whole input.
func (l *loader) single(fsys fs.FS, p string) {
	if f := l.read(fsys, p); f != nil {
		l.whole(f)
	}
}

// whole reads the contents of a file that is the whole input.
func (l *loader) whole(f *diag.File) {
	if isWasm(f) {
		if p := l.decode(f); p != nil {
			l.m.Main = p
		}
		return
	}
	l.group(l.parse(f))
}

// dir reads a directory and its deps.
func (l *loader) dir(fsys fs.FS, dir string) {
	l.group(l.parseDir(fsys, dir))
	deps := path.Join(dir, "deps")
	entries, err := fs.ReadDir(fsys, deps)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			l.io(deps, err)
		}
		return
	}
	for _, e := range entries {
		p := path.Join(deps, e.Name())
		info, err := fs.Stat(fsys, p) // follows links
		switch {
		case err != nil:
			l.io(p, err)
		case info.IsDir():
			l.group(l.parseDir(fsys, p))
		case path.Ext(p) == ".wit" || path.Ext(p) == ".wat" || path.Ext(p) == ".wasm":
			f := l.readIn(fsys, deps, p, p)
			if f != nil && isWasm(f) {
				l.decode(f)
			} else {
				l.group(l.parse(f))
			}
		}
	}
}

func (l *loader) parseDir(fsys fs.FS, dir string) (files []*syntax.File) {
	return l.parseDirAs(fsys, dir, "")
}

// parseDirAs is like parseDir for a folder of another file system. It names files by a path of the
// main one.
func (l *loader) parseDirAs(fsys fs.FS, dir, at string) (files []*syntax.File) {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		l.io(path.Join(at, dir), err)
		return nil
	}
	any := false
	for _, e := range entries { // sorted by name
		p := path.Join(dir, e.Name())
		if e.IsDir() || !strings.HasSuffix(e.Name(), ".wit") {
			continue
		}
		if info, err := fs.Stat(fsys, p); err == nil && info.IsDir() {
			continue
		}
		any = true
		files = append(files, l.parse(l.readIn(fsys, dir, p, path.Join(at, p)))...)
	}
	if !any {
		l.diags.Add(diag.Errorf(diag.Span{}, CodeNoPackage, "no `package` header was found in any WIT file for this package").
			Notef("there is no *.wit file in `%s`", l.name(path.Join(at, dir))))
	}
	return files
}

// isWasm reports whether a file is an encoded package and not WIT text. It looks for the magic
// number of WebAssembly, and for a parenthesis at the start of the text format, after any comments.
// No WIT text starts in that way.
func isWasm(f *diag.File) bool {
	if f.Binary {
		return true
	}
	text := f.Data
	for {
		text = bytes.TrimLeft(text, " \t\r\n")
		switch {
		case bytes.HasPrefix(text, []byte(";;")):
			i := bytes.IndexByte(text, '\n')
			if i < 0 {
				return false
			}
			text = text[i:]
		case bytes.HasPrefix(text, []byte("(;")):
			return true
		default:
			return bytes.HasPrefix(text, []byte("("))
		}
	}
}

// decode reads an encoded package into the model and returns its main package. It returns nil after
// an error or if there is no main package.
func (l *loader) decode(f *diag.File) *Package {
	if l.opts.Decode == nil {
		l.unread = true
		l.report(diag.Errorf(f.Span(0, 0), CodeCannotDecode, "%s is an encoded package, which cannot be read here", f.Name))
		return nil
	}
	m, err := l.opts.Decode(f)
	if err != nil {
		l.unread = true
		for _, d := range diag.FromError(err) {
			l.diags.Add(d)
		}
		return nil
	}
	merged, err := l.m.merge(m)
	if err != nil {
		l.report(diag.Errorf(f.Span(0, 0), CodeCannotMerge, "%s", err.Error()))
		return nil
	}
	return merged.pkgs[m.Main]
}

// --- packages ---

// group reads the package in a group of files and the packages nested in them. The nested ones come
// first.
func (l *loader) group(files []*syntax.File) {
	if len(files) == 0 {
		return
	}
	main := &source{loader: l}
	var nested []*source
	named := false
	for _, f := range files {
		scope := &fileScope{file: f}
		for _, it := range f.Items {
			if n, ok := it.(*syntax.NestedPackage); ok {
				inner := &fileScope{file: f}
				for _, it := range n.Items {
					if _, ok := it.(*syntax.NestedPackage); !ok {
						inner.items = append(inner.items, it)
					}
				}
				s := &source{loader: l, name: n.PackageID.ID, span: f.Span(n.PackageID.Range), files: []*fileScope{inner}, cur: inner}
				s.docs = s.docText(n.Docs)
				s.declarePackage(s.span)
				nested = append(nested, s)
				continue
			}
			scope.items = append(scope.items, it)
		}
		main.files = append(main.files, scope)
		main.cur = scope
		named = main.header(f) || named
	}
	for _, s := range nested {
		s.scan()
	}
	l.sources = append(l.sources, nested...)
	if !named && !slices.ContainsFunc(files, func(f *syntax.File) bool { return f.Bad }) {
		l.diags.Add(diag.Errorf(diag.Span{}, CodeNoPackage, "no `package` header was found in any WIT file for this package").
			Notef("%s has none", files[0].Source.Name).Helpf("start a file of the package with `package namespace:name;`"))
		return
	}
	main.scan()
	l.sources = append(l.sources, main)
	if l.main == nil {
		l.main = main
	}
}

// header applies the `package` declaration of a file, and reports whether the file has one.
func (s *source) header(f *syntax.File) bool {
	d := f.Package
	if d == nil {
		return false
	}
	id, at := d.PackageID.ID, f.Span(d.PackageID.Range)
	if s.span.IsValid() && id != s.name {
		s.errorf(at, CodeWrongPackage, "package identifier `%s` does not match previous package name of `%s`", id, s.name).
			Labelf(s.span, "the previous one")
		return true
	}
	s.name, s.span = id, at
	s.declarePackage(at)
	if docs := s.docText(d.Docs); docs.Given {
		if s.docs.Given {
			r := f.Comments[d.Docs.From]
			r.End = f.Comments[d.Docs.To-1].End
			s.errorf(f.Span(r), CodeWrongPackage, "found doc comments on multiple 'package' items")
		}
		s.docs = docs
	}
	return true
}

// resolve resolves the packages, each after those that it uses.
func (l *loader) resolve() {
	order, ok := l.sorted()
	l.broken = !ok
	for _, s := range order {
		newResolver(s).resolve()
		if s == l.main {
			l.m.Main = s.pkg
		}
	}
}

// sorted returns the packages, each after those that it uses. If that is impossible, or if two
// packages have the same name, it reports an error and returns the packages in the order in which
// they were read, and false.
func (l *loader) sorted() ([]*source, bool) {
	byName := map[name.Package]*source{}
	for _, s := range l.sources {
		if prev, ok := byName[s.name]; ok {
			l.report(diag.Errorf(s.span, CodeDuplicatePackage, "package `%s` is defined in two different locations: %s and %s", s.name, s.span, prev.span).
				Labelf(prev.span, "the other one"))
			return l.sources, false
		}
		if l.m.Package(s.name) != nil {
			l.report(diag.Errorf(s.span, CodeDuplicatePackage, "package `%s` is defined in two different locations: %s and an encoded package", s.name, s.span))
			return l.sources, false
		}
		byName[s.name] = s
	}
	names := make([]name.Package, 0, len(byName))
	for n := range byName {
		names = append(names, n)
	}
	slices.SortFunc(names, name.Package.Compare)
	v := &visitor{l: l, byName: byName, open: map[name.Package]bool{}}
	for _, n := range names {
		if !v.visit(byName[n]) {
			return l.sources, false
		}
	}
	return slices.Collect(v.order.Values()), true
}

// visitor sorts packages so that each comes after its dependencies.
type visitor struct {
	l      *loader
	byName map[name.Package]*source
	order  ordered.Map[name.Package, *source]
	open   map[name.Package]bool
}

func (v *visitor) visit(s *source) bool {
	if v.order.Has(s.name) {
		return true
	}
	for dep, use := range s.foreign.All() {
		if v.open[dep] {
			d := v.l.report(diag.Errorf(use.span, CodePackageCycle, "package `%s` creates a dependency cycle", dep))
			s.hintOwn(d, dep, use.paths)
			return false
		}
		v.open[dep] = true
		if d, ok := v.byName[dep]; ok && !v.visit(d) {
			return false
		}
		delete(v.open, dep)
	}
	v.order.Set(s.name, s)
	return true
}
