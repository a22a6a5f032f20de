package wit

import (
	"bytes"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// otherTypes maps the names that other languages use for types to the types of WIT.
var otherTypes = map[string]string{
	"boolean": "bool",
	"i8":      "s8", "i16": "s16", "i32": "s32", "i64": "s64", "int8": "s8", "int16": "s16", "int32": "s32", "int64": "s64",
	"uint8": "u8", "uint16": "u16", "uint32": "u32", "uint64": "u64", "byte": "u8", "octet": "u8", "ubyte": "u8", "sbyte": "s8",
	"int": "s32", "integer": "s32", "uint": "u32", "short": "s16", "ushort": "u16", "long": "s64", "ulong": "u64",
	"usize": "u64", "size-t": "u64", "isize": "s64", "bigint": "s64",
	"float": "f32", "double": "f64", "float32": "f32", "float64": "f64", "real": "f64",
	"str": "string", "varchar": "string", "rune": "char", "character": "char", "char8": "u8", "char16": "u16", "char32": "char",
	"bytes": "list<u8>", "blob": "list<u8>", "buffer": "list<u8>", "bytestring": "list<u8>",
}

// noTypes are the names that other languages use for the empty type.
var noTypes = map[string]bool{"void": true, "unit": true, "none": true, "nil": true, "null": true}

// primitiveNames are the types that are single keywords.
var primitiveNames = []string{"bool", "s8", "u8", "s16", "u16", "s32", "u32", "s64", "u64", "f32", "f64", "char", "string", "error-context"}

// hintType adds to d a suggestion for the name of a type that does not exist.
func (r *resolver) hintType(d *diag.Diagnostic, id syntax.Ident, known iter.Seq[string]) {
	if r.hintUse(d, id) {
		return
	}
	other := otherTypes[id.Name]
	switch {
	case strings.HasPrefix(other, "f") && id.Name == "float"+other[1:]:
		d.Helpf("the `%s` type has been renamed to `%s`", id.Name, other).Replace(d.Primary, other)
		return
	case other != "":
		d.Helpf("write `%s`", other).Replace(d.Primary, other)
		return
	case noTypes[id.Name]:
		r.hintNothing(d, id)
		return
	}
	r.suggest(d, id, func(yield func(string) bool) {
		for _, k := range primitiveNames {
			if !yield(k) {
				return
			}
		}
		known(yield)
	})
}

// hintNothing adds to d how WIT expresses the absence of a type.
func (s *source) hintNothing(d *diag.Diagnostic, id syntax.Ident) {
	data := s.cur.file.Source.Data
	before := bytes.TrimRight(data[:id.Start], " ")
	if !bytes.HasSuffix(before, []byte("->")) {
		d.Helpf("WIT has no empty type: leave it out")
		return
	}
	start := len(bytes.TrimRight(before[:len(before)-2], " "))
	d.Helpf("a function without a result has no arrow: leave out `-> %s`", id.Name).
		Replace(s.cur.file.Source.Span(start, int(id.End)), "")
}

// body is the text of an interface or world.
type body struct {
	// name is the name of an interface at the top, or "".
	name string
	// open is the offset after the opening brace, or 0 if that is not known.
	open int
	uses []*syntax.Use
}

// bodyOf returns the text in the braces after a name.
func (s *source) bodyOf(id syntax.Ident, uses iter.Seq[*syntax.Use]) body {
	b := body{uses: slices.Collect(uses)}
	data := s.cur.file.Source.Data
	if i := bytes.IndexByte(data[id.End:], '{'); i >= 0 {
		between := strings.TrimSpace(string(data[id.End : int(id.End)+i]))
		if rest, inline := strings.CutPrefix(between, ":"); between == "" || inline && strings.TrimSpace(rest) == "interface" {
			b.open = int(id.End) + i + 1
		}
		if between == "" && s.top[id.Name].iface != nil {
			b.name = id.Name
		}
	}
	return b
}

func usesIn[T syntax.Node](items []T) iter.Seq[*syntax.Use] {
	return func(yield func(*syntax.Use) bool) {
		for _, it := range items {
			if u, ok := any(it).(*syntax.Use); ok && !yield(u) {
				return
			}
		}
	}
}

// typeHomes maps the name of each type to the interfaces at the top of the package that define it.
func (s *source) typeHomes() map[string][]syntax.Ident {
	if s.homes != nil {
		return s.homes
	}
	s.homes = map[string][]syntax.Ident{}
	for _, f := range s.files {
		for _, it := range f.items {
			i, ok := it.(*syntax.Interface)
			if !ok {
				continue
			}
			for _, it := range i.Items {
				if t, ok := it.(*syntax.TypeDef); ok {
					s.homes[t.Name.Name] = append(s.homes[t.Name.Name], i.Name)
				}
			}
		}
	}
	return s.homes
}

// hintUse adds to d the interfaces of the package that define a type. It reports false if there are
// none.
func (r *resolver) hintUse(d *diag.Diagnostic, id syntax.Ident) bool {
	all := r.typeHomes()[id.Name]
	if len(all) == 0 {
		return false
	}
	home := all[0].Name
	text := escaped(home) + ".{" + escaped(id.Name) + "}"
	if len(all) > 1 {
		names := make([]string, len(all))
		for i, h := range all {
			names[i] = h.Name
		}
		d.Helpf("types of this name are defined in %s: `use %s;` takes that of the first one", enumerate(names), text)
		return true
	}
	d.Helpf("it is defined in interface `%s`: add `use %s;`", home, text)
	if r.cur.names[home].iface == nil || r.block.body.open == 0 || r.reaches(home, r.block.body.name) {
		return true
	}
	r.addUse(d, home, id.Name, "use "+text+";")
	return true
}

// addUse adds an edit to d that makes a type available: it adds a name to an existing use, or
// inserts a use statement.
func (r *resolver) addUse(d *diag.Diagnostic, home, label, statement string) {
	src := r.cur.file.Source
	at := func(offset int32) diag.Span { return src.Span(int(offset), int(offset)) }
	for _, u := range r.block.body.uses {
		if u.From.Package == nil && u.From.Name.Name == home && len(u.Names) > 0 {
			d.Replace(at(u.Names[len(u.Names)-1].Local().End), ", "+escaped(label))
			return
		}
	}
	if n := len(r.block.body.uses); n > 0 {
		end := r.block.body.uses[n-1].End
		d.Replace(at(end), "\n"+indentation(src.Data, int(end))+statement)
		return
	}
	rest := src.Data[r.block.body.open:]
	i := bytes.IndexByte(rest, '\n')
	if i < 0 || len(bytes.TrimSpace(rest[:i])) > 0 {
		d.Replace(at(int32(r.block.body.open)), " "+statement)
		return
	}
	d.Replace(at(int32(r.block.body.open)), "\n"+indentation(src.Data, r.block.body.open)+"  "+statement+"\n")
}

// indentation returns the white space at the start of the line that contains offset.
func indentation(data []byte, offset int) string {
	line := data[bytes.LastIndexByte(data[:offset], '\n')+1:]
	return string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))])
}

// escaped returns a name as an identifier, with a `%` if it is a keyword.
func escaped(label string) string {
	if syntax.IsKeyword(label) {
		return "%" + label
	}
	return label
}

// reaches reports whether interface from uses interface to of the same package, directly or
// indirectly.
func (s *source) reaches(from, to string) bool {
	if to == "" {
		return false
	}
	uses := map[string][]string{}
	for _, f := range s.files {
		eachPath(f.items, func(u pathUse) {
			if u.in != nil && u.path.Package == nil {
				uses[u.in.Name] = append(uses[u.in.Name], u.path.Name.Name)
			}
		})
	}
	seen := map[string]bool{}
	todo := []string{from}
	for len(todo) > 0 {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if n == to {
			return true
		}
		if !seen[n] {
			seen[n] = true
			todo = append(todo, uses[n]...)
		}
	}
	return false
}

// duplicate reports that a name is defined twice. The error is at the later definition in the file.
func (s *source) duplicate(label string, at, prev diag.Span) *diag.Diagnostic {
	if at.File == prev.File && at.Start < prev.Start {
		at, prev = prev, at
	}
	return s.errorf(at, CodeDuplicateName, "name `%s` is defined more than once", label).Labelf(prev, "first defined here")
}

// whole returns the span of a path with its package and version.
func whole(f *syntax.File, p *syntax.Path) diag.Span {
	r := p.Name.Range
	if p.Package != nil {
		r.Start = p.Package.Start
		r.End = max(r.End, p.Package.Version.End)
	}
	return f.Span(r)
}

// hintOwn handles a path that refers to the package that contains it: it adds a help to d. It
// reports false for other paths.
func (s *source) hintOwn(d *diag.Diagnostic, id name.Package, paths []usedPath) bool {
	if id.Namespace != s.name.Namespace || id.Name != s.name.Name {
		return false
	}
	label := paths[0].path.Name.Name
	if _, ok := s.top[label]; !ok {
		if best, ok := diag.Suggest(label, maps.Keys(s.top)); ok {
			label = best
		}
	}
	d.Helpf("in its own package it is just `%s`", label)
	for _, p := range paths {
		label := p.path.Name.Name
		if _, ok := s.top[label]; !ok {
			best, ok := diag.Suggest(label, maps.Keys(s.top))
			if !ok {
				continue
			}
			label = best
		}
		d.Replace(whole(p.file, p.path), escaped(label))
	}
	return true
}

// hintVersion adds to d the other known versions of a package, and an edit if there is just one. It
// reports false if there are none.
func hintVersion(d *diag.Diagnostic, id name.Package, known []name.Package, paths []usedPath) bool {
	var others []name.Package
	for _, n := range known {
		if n.Namespace == id.Namespace && n.Name == id.Name {
			others = append(others, n)
		}
	}
	for _, n := range others {
		d.Notef("there is another version of it: `%s`", n)
	}
	if len(others) != 1 {
		return len(others) > 0
	}
	v := others[0].Version
	d.Helpf("write `%s`", others[0].Interface(paths[0].path.Name.Name))
	for _, p := range paths {
		at := p.path.Package.Version
		text := v.String()
		switch {
		case at.End > at.Start && v.IsZero():
			at.Start--
			text = ""
		case at.End == at.Start:
			at = syntax.Range{Start: p.path.Name.End, End: p.path.Name.End}
			text = "@" + text
		}
		d.Replace(p.file.Span(at), text)
	}
	return true
}

// enumerate formats names for a sentence: `a`, `b` and `c`.
func enumerate(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = "`" + n + "`"
	}
	if len(quoted) < 2 {
		return strings.Join(quoted, "")
	}
	return fmt.Sprintf("%s and %s", strings.Join(quoted[:len(quoted)-1], ", "), quoted[len(quoted)-1])
}

// fetchedBy returns a help that names the program that fetches the dependencies of a folder of WIT,
// according to the files in it or its parent. It returns "" if no file identifies a program.
func fetchedBy(fsys fs.FS, dir string) string {
	for _, f := range []struct{ file, help string }{
		{"deps.toml", "`deps.toml` is here: `wit-deps` fetches what it lists"},
		{"wkg.lock", "`wkg.lock` is here: `wkg wit fetch` fetches what the package needs"},
		{"wkg.toml", "`wkg.toml` is here: `wkg wit fetch` fetches what the package needs"},
	} {
		for _, at := range []string{dir, path.Dir(dir)} {
			if info, err := fs.Stat(fsys, path.Join(at, f.file)); err == nil && info.Mode().IsRegular() {
				return f.help
			}
		}
	}
	return ""
}

func isDir(fsys fs.FS, p string) bool {
	info, err := fs.Stat(fsys, p)
	return err == nil && info.IsDir()
}
