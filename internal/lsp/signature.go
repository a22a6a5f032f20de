package lsp

import (
	"fmt"
	"strings"

	"github.com/mortise-wasm/mortise/wit/syntax"
)

// maxShown limits how many members of a type are shown. More would fill the screen without helping.
const maxShown = 40

// signature returns the definition of a name in WIT, without comments.
func (t *tree) signature(n name) string {
	var b strings.Builder
	attrs := func(list []syntax.Attr) {
		for _, a := range list {
			b.WriteString(t.src(a.Range) + "\n")
		}
	}
	switch d := n.node.(type) {
	case *syntax.PackageDecl:
		b.WriteString("package " + t.src(d.PackageID.Range))
	case *syntax.NestedPackage:
		b.WriteString("package " + t.src(d.PackageID.Range))
	case *syntax.Interface:
		attrs(d.Attrs)
		b.WriteString("interface " + t.src(d.Name.Range))
	case *syntax.World:
		attrs(d.Attrs)
		b.WriteString("world " + t.src(d.Name.Range))
	case *syntax.TopUse:
		b.WriteString("use " + t.pathText(&d.Path) + " as " + t.src(d.As.Range))
	case *syntax.TypeDef:
		attrs(d.Attrs)
		t.typeDef(&b, d)
	case *syntax.Func:
		attrs(d.Attrs)
		b.WriteString(t.fn(d))
	case *syntax.Extern:
		attrs(d.Attrs)
		b.WriteString(t.extern(d))
	case *syntax.Param:
		b.WriteString(t.src(d.Name.Range) + ": " + t.typ(d.Type))
	case *syntax.Member:
		b.WriteString(t.member(n.owner.(*syntax.TypeDef).Kind, d))
	case *syntax.Rename:
		switch o := n.owner.(type) {
		case *syntax.Use:
			fmt.Fprintf(&b, "use %s.{%s}", t.pathText(&o.From), t.rename(d))
		case *syntax.Include:
			fmt.Fprintf(&b, "include %s with { %s }", t.pathText(&o.From), t.rename(d))
		}
	default:
		b.WriteString(t.src(n.Range))
	}
	return b.String()
}

func (t *tree) rename(r *syntax.Rename) string {
	if r.As.Name == "" {
		return t.src(r.Name.Range)
	}
	return t.src(r.Name.Range) + " as " + t.src(r.As.Range)
}

func (t *tree) pathText(p *syntax.Path) string {
	if p.Package == nil {
		return t.src(p.Name.Range)
	}
	id := p.Package.ID
	return id.Interface(p.Name.Name).String()
}

func (t *tree) extern(d *syntax.Extern) string {
	verb := "import "
	if d.Export {
		verb = "export "
	}
	switch {
	case d.Func != nil:
		return verb + t.fn(d.Func)
	case d.Interface != nil:
		return verb + t.src(d.Name.Range) + ": interface"
	case d.Name.Name != "":
		return verb + t.src(d.Name.Range) + ": " + t.pathText(d.Path)
	}
	return verb + t.pathText(d.Path)
}

var typeKeywords = map[syntax.TypeDefKind]string{
	syntax.AliasDef: "type", syntax.RecordDef: "record", syntax.VariantDef: "variant", syntax.EnumDef: "enum", syntax.FlagsDef: "flags",
	syntax.ResourceDef: "resource",
}

func (t *tree) typeDef(b *strings.Builder, d *syntax.TypeDef) {
	b.WriteString(typeKeywords[d.Kind] + " " + t.src(d.Name.Range))
	if d.Kind == syntax.AliasDef {
		b.WriteString(" = " + t.typ(d.Type))
		return
	}
	var lines []string
	for i := range d.Members {
		lines = append(lines, t.member(d.Kind, &d.Members[i])+",")
	}
	for _, f := range d.Funcs {
		lines = append(lines, t.fn(f)+";")
	}
	if len(lines) == 0 {
		return
	}
	if more := len(lines) - maxShown; more > 0 {
		lines = append(lines[:maxShown], fmt.Sprintf("// and %d more", more))
	}
	b.WriteString(" {\n  " + strings.Join(lines, "\n  ") + "\n}")
}

func (t *tree) member(kind syntax.TypeDefKind, m *syntax.Member) string {
	switch {
	case m.Type == nil:
		return t.src(m.Name.Range)
	case kind == syntax.VariantDef:
		return t.src(m.Name.Range) + "(" + t.typ(m.Type) + ")"
	}
	return t.src(m.Name.Range) + ": " + t.typ(m.Type)
}

func (t *tree) fn(f *syntax.Func) string {
	var b strings.Builder
	b.WriteString(t.src(f.Name.Range))
	if f.Kind != syntax.ConstructorFunc {
		b.WriteString(": ")
		if f.Kind == syntax.StaticFunc {
			b.WriteString("static ")
		}
		if f.Async {
			b.WriteString("async ")
		}
		b.WriteString("func")
	}
	b.WriteString("(")
	for i := range f.Params {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(t.src(f.Params[i].Name.Range) + ": " + t.typ(f.Params[i].Type))
	}
	b.WriteString(")")
	if f.Result != nil {
		b.WriteString(" -> " + t.typ(f.Result))
	}
	return b.String()
}

// typ returns a type on one line, without comments.
func (t *tree) typ(n *syntax.Type) string {
	if n == nil {
		return "_"
	}
	src := t.src(n.Range)
	if !strings.ContainsAny(src, "\n/") {
		return src
	}
	var b strings.Builder
	for _, w := range scan([]byte(src), len(src)) {
		if w.kind == scanComment {
			continue
		}
		b.WriteString(src[w.start:w.end])
		if src[w.start] == ',' {
			b.WriteByte(' ')
		}
	}
	return b.String()
}
