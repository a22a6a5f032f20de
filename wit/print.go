package wit

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// PrintOptions configures how WIT is printed. The zero value is the default.
type PrintOptions struct {
	// NoDocs omits documentation.
	NoDocs bool
	// Nested packages are printed in braces after the package itself.
	Nested []*Package
	// Note, unless nil, returns a one-line comment for an import or export of a named interface, or
	// "".
	Note func(*WorldItem) string
}

// Append appends package p of model m as WIT text, in the layout of `wasm-tools component wit`.
// Parsing the text gives an equal package. Worlds are printed with all their imports.
func Append(dst []byte, m *Model, p *Package, opts PrintOptions) []byte {
	w := &printer{m: m, out: dst, noDocs: opts.NoDocs, note: opts.Note}
	w.pkg(p, true)
	for i, n := range opts.Nested {
		if i > 0 {
			w.newline()
			w.newline()
		}
		w.pkg(n, false)
	}
	return w.out
}

// AppendWorld appends only world x of model m, in the form that [Append] prints within its package.
func AppendWorld(dst []byte, m *Model, x *World, opts PrintOptions) []byte {
	w := &printer{m: m, out: dst, noDocs: opts.NoDocs, note: opts.Note}
	w.worldDef(x)
	return w.out
}

// Print returns package p of model m as WIT text. See [Append].
func Print(m *Model, p *Package, opts PrintOptions) string { return string(Append(nil, m, p, opts)) }

// printer writes WIT line by line.
type printer struct {
	m      *Model
	out    []byte
	depth  int
	bol    bool // at the start of a line
	items  bool // this block has an item, so an empty line comes before the next one
	noDocs bool
	note   func(*WorldItem) string
}

func (w *printer) str(s string) {
	if w.bol {
		for range w.depth {
			w.out = append(w.out, "  "...)
		}
		w.bol = false
	}
	w.out = append(w.out, s...)
}

func (w *printer) newline() {
	w.out = append(w.out, '\n')
	w.bol = true
}

func (w *printer) open() {
	w.str(" {")
	w.depth++
	w.newline()
}

func (w *printer) close() {
	w.depth--
	w.str("}")
	w.newline()
}

func (w *printer) end() {
	w.str(";")
	w.newline()
}

// name writes an identifier, with a `%` if it is a keyword.
func (w *printer) name(s string) {
	if syntax.IsKeyword(s) || s == "float32" || s == "float64" {
		w.str("%")
	}
	w.str(s)
}

// separate writes an empty line unless the next item is the first of its block.
func (w *printer) separate() {
	if w.items {
		w.newline()
	}
	w.items = true
}

func (w *printer) docs(d Docs) {
	if w.noDocs || !d.Given {
		return
	}
	for line := range strings.Lines(d.Text) {
		line = strings.TrimRight(line, "\r\n")
		w.str("///")
		if line != "" {
			w.str(" " + line)
		}
		w.newline()
	}
}

func (w *printer) gate(s Stability) {
	for _, a := range s.attributes() {
		w.str(a)
		w.newline()
	}
}

func (w *printer) externalID(id string, has bool) {
	if !has {
		return
	}
	var b strings.Builder
	for _, c := range id {
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("-_./: ", c):
			b.WriteRune(c)
		case c == '\\' || c == '"':
			b.WriteByte('\\')
			b.WriteRune(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\t':
			b.WriteString(`\t`)
		default:
			fmt.Fprintf(&b, `\u{%x}`, c)
		}
	}
	w.str(`@external-id("` + b.String() + `")`)
	w.newline()
}

func (w *printer) pkg(p *Package, main bool) {
	w.docs(p.Docs)
	w.str("package ")
	w.packageName(p)
	if main {
		w.end()
		w.newline()
	} else {
		w.open()
	}
	for _, i := range p.Interfaces {
		w.docs(i.Docs)
		w.gate(i.Stability)
		w.str("interface ")
		w.name(i.Name)
		w.open()
		w.iface(i)
		w.close()
		if main {
			w.newline()
		}
	}
	for _, x := range p.Worlds {
		w.worldDef(x)
	}
	if !main {
		w.close()
	}
}

func (w *printer) worldDef(x *World) {
	w.docs(x.Docs)
	w.gate(x.Stability)
	w.str("world ")
	w.name(x.Name)
	w.open()
	w.world(x)
	w.close()
}

func (w *printer) packageName(p *Package) {
	for i, part := range strings.Split(p.Name.Namespace, ":") {
		if i > 0 {
			w.str(":")
		}
		w.name(part)
	}
	w.str(":")
	for i, part := range strings.Split(p.Name.Name, "/") {
		if i > 0 {
			w.str("/")
		}
		w.name(part)
	}
	if !p.Name.Version.IsZero() {
		w.str("@" + p.Name.Version.String())
	}
}

// path writes the name of an interface as seen from package from.
func (w *printer) path(i *Interface, from *Package) {
	if i.Package == from {
		w.name(i.Name)
		return
	}
	p := &Package{Name: i.Package.Name}
	v := p.Name.Version
	p.Name.Version = Stability{}.Since
	w.packageName(p)
	w.str("/")
	w.name(i.Name)
	if !v.IsZero() {
		w.str("@" + v.String())
	}
}

func (w *printer) iface(i *Interface) {
	items := w.items
	w.items = false
	methods := map[*TypeDef][]*Func{}
	for _, f := range i.Funcs {
		if f.Resource != nil {
			methods[f.Resource] = append(methods[f.Resource], f)
		}
	}
	w.types(i.Types, i.Package, func(t *TypeDef) bool { return t.Interface == i }, methods)
	for _, f := range i.Funcs {
		if f.Resource != nil {
			continue
		}
		w.separate()
		w.funcHead(f)
		w.name(f.Label())
		w.str(": ")
		w.function(f)
		w.end()
	}
	w.items = items
}

func (w *printer) funcHead(f *Func) {
	w.docs(f.Docs)
	w.gate(f.Stability)
	w.externalID(f.ExternalID, f.HasExternalID)
}

// used is a run of types that one `use` statement takes from an interface.
type used struct {
	from  *Interface
	first *TypeDef
	names [][2]string
}

// types writes the uses and the definitions of an interface or world. The function mine reports
// whether a definition belongs to it.
func (w *printer) types(defs []*TypeDef, pkg *Package, mine func(*TypeDef) bool, methods map[*TypeDef][]*Func) {
	var uses []*used
	var own []*TypeDef
	for _, t := range defs {
		other := w.m.Alias(t)
		if other == nil || other.Name == "" || mine(other) || other.Interface == nil {
			own = append(own, t)
			continue
		}
		if n := len(uses); n > 0 {
			if u := uses[n-1]; u.from == other.Interface && u.first.Stability == t.Stability &&
				u.first.HasExternalID == t.HasExternalID && u.first.ExternalID == t.ExternalID {
				u.names = append(u.names, [2]string{t.Name, other.Name})
				continue
			}
		}
		uses = append(uses, &used{other.Interface, t, [][2]string{{t.Name, other.Name}}})
	}
	for _, u := range uses {
		w.items = true
		w.gate(u.first.Stability)
		w.externalID(u.first.ExternalID, u.first.HasExternalID)
		w.str("use ")
		w.path(u.from, pkg)
		w.str(".{")
		for i, n := range u.names {
			if i > 0 {
				w.str(", ")
			}
			w.name(n[1])
			if n[0] != n[1] {
				w.str(" as ")
				w.name(n[0])
			}
		}
		w.str("}")
		w.end()
	}
	for _, t := range own {
		w.separate()
		w.docs(t.Docs)
		w.gate(t.Stability)
		w.externalID(t.ExternalID, t.HasExternalID)
		w.typeDef(t, methods[t])
	}
}

func (w *printer) typeDef(t *TypeDef, methods []*Func) {
	ty, alias := w.m.spelled(t)
	if alias {
		w.str("type ")
		w.name(t.Name)
		w.str(" = ")
		w.typ(ty)
		w.end()
		return
	}
	switch ty := ty.(type) {
	case *types.Resource:
		w.resource(t, methods)
	case *types.Record:
		w.members("record", t, len(ty.Fields), func(i int) {
			w.name(ty.Fields[i].Name)
			w.str(": ")
			w.typ(ty.Fields[i].Type)
		})
	case *types.Variant:
		w.members("variant", t, len(ty.Cases), func(i int) {
			w.name(ty.Cases[i].Name)
			if p := ty.Cases[i].Type; p != nil {
				w.str("(")
				w.typ(p)
				w.str(")")
			}
		})
	case *types.Flags:
		w.members("flags", t, len(ty.Names), func(i int) { w.name(ty.Names[i]) })
	case *types.Enum:
		w.members("enum", t, len(ty.Names), func(i int) { w.name(ty.Names[i]) })
	default:
		w.str("type ")
		w.name(t.Name)
		w.str(" = ")
		if own, ok := ty.(*types.Own); ok {
			// `type a = own<r>` differs from `type a = r`.
			w.str("own<")
			w.typ(own.Of)
			w.str(">")
		} else {
			w.structure(ty)
		}
		w.end()
	}
}

func (w *printer) members(keyword string, t *TypeDef, n int, member func(int)) {
	w.str(keyword + " ")
	w.name(t.Name)
	w.open()
	for i := range n {
		if i < len(t.Members) {
			w.docs(t.Members[i].Docs)
		}
		member(i)
		w.str(",")
		w.newline()
	}
	w.close()
}

func (w *printer) resource(t *TypeDef, methods []*Func) {
	w.str("resource ")
	w.name(t.Name)
	if len(methods) == 0 {
		w.end()
		return
	}
	w.open()
	for _, f := range methods {
		w.funcHead(f)
		if f.Kind != Constructor {
			w.name(f.Label())
			w.str(": ")
		}
		if f.Kind == Static {
			w.str("static ")
		}
		w.function(f)
		w.end()
	}
	w.close()
}

func (w *printer) function(f *Func) {
	if f.Async {
		w.str("async ")
	}
	if f.Kind == Constructor {
		w.str("constructor(")
	} else {
		w.str("func(")
	}
	params := f.Params
	if f.Kind == Method && len(params) > 0 {
		params = params[1:]
	}
	for i, p := range params {
		if i > 0 {
			w.str(", ")
		}
		w.name(p.Name)
		w.str(": ")
		w.typ(p.Type)
	}
	w.str(")")
	if own, ok := f.Result.(*types.Own); ok && f.Kind == Constructor && own.Of == f.Resource.Type {
		return
	}
	if f.Result != nil {
		w.str(" -> ")
		w.typ(f.Result)
	}
}

func (w *printer) world(x *World) {
	items := w.items
	w.items = false
	var defs []*TypeDef
	var funcs []*WorldItem
	methods := map[*TypeDef][]*Func{}
	for _, i := range x.Imports {
		switch {
		case i.Type != nil:
			defs = append(defs, i.Type)
		case i.Func != nil && i.Func.Resource != nil:
			methods[i.Func.Resource] = append(methods[i.Func.Resource], i.Func)
		case i.Func != nil:
			funcs = append(funcs, i)
		default:
			w.worldItem(x, i, "import")
			w.items = true
		}
	}
	w.types(defs, x.Package, func(t *TypeDef) bool { return t.World == x }, methods)
	for _, i := range funcs {
		w.worldItem(x, i, "import")
		w.items = true
	}
	if len(x.Exports) > 0 {
		w.separate()
	}
	for _, i := range x.Exports {
		w.worldItem(x, i, "export")
	}
	w.items = items
}

func (w *printer) worldItem(x *World, i *WorldItem, keyword string) {
	switch {
	case i.Func != nil:
		w.funcHead(i.Func)
	default:
		docs := i.Docs
		if !docs.Given && i.Name != "" {
			docs = i.Interface.Docs
		}
		w.docs(docs)
		w.gate(i.Stability)
		w.externalID(i.ExternalID, i.HasExternalID)
	}
	w.str(keyword + " ")
	switch {
	case i.Func != nil:
		w.name(i.Func.Name)
		w.str(": ")
		w.function(i.Func)
		w.end()
	case i.Name == "":
		w.path(i.Interface, x.Package)
		w.noted(i)
	case i.Interface.Name == "":
		w.name(i.Name)
		w.str(": interface")
		w.open()
		w.iface(i.Interface)
		w.close()
	default:
		w.name(i.Name)
		w.str(": ")
		w.path(i.Interface, x.Package)
		w.noted(i)
	}
}

// noted ends an import or export, with a comment from PrintOptions.Note.
func (w *printer) noted(i *WorldItem) {
	w.str(";")
	if w.note != nil {
		if text := w.note(i); text != "" {
			w.str(" // " + text)
		}
	}
	w.newline()
}

// typ writes a use of a type: its name if it has one.
func (w *printer) typ(t types.Type) {
	if d := w.m.byType[t]; d != nil && d.Name != "" {
		w.name(d.Name)
		return
	}
	w.structure(t)
}

func (w *printer) structure(t types.Type) {
	args := func(name string, args ...types.ValType) {
		w.str(name)
		for i, a := range args {
			if i == 0 {
				w.str("<")
			} else {
				w.str(", ")
			}
			if a == nil {
				w.str("_")
			} else {
				w.typ(a)
			}
		}
		if len(args) > 0 {
			w.str(">")
		}
	}
	switch t := t.(type) {
	case types.Prim:
		w.str(t.String())
	case *types.Own:
		w.typ(t.Of)
	case *types.Borrow:
		w.str("borrow<")
		w.typ(t.Of)
		w.str(">")
	case *types.Tuple:
		if len(t.Elems) == 0 {
			w.str("tuple<>")
			return
		}
		args("tuple", t.Elems...)
	case *types.Option:
		args("option", t.Elem)
	case *types.Result:
		switch {
		case t.Err != nil:
			args("result", t.OK, t.Err)
		case t.OK != nil:
			args("result", t.OK)
		default:
			w.str("result")
		}
	case *types.List:
		args("list", t.Elem)
	case *types.FixedList:
		w.str("list<")
		w.typ(t.Elem)
		w.str(", " + strconv.FormatUint(uint64(t.Len), 10) + ">")
	case *types.Map:
		args("map", t.Key, t.Value)
	case *types.Future, *types.Stream:
		name, elem := "future", types.ValType(nil)
		if f, ok := t.(*types.Future); ok {
			elem = f.Elem
		} else {
			name, elem = "stream", t.(*types.Stream).Elem
		}
		if elem == nil {
			w.str(name)
		} else {
			args(name, elem)
		}
	default:
		panic(fmt.Sprintf("unreachable: %T", t))
	}
}
