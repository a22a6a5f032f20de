package binary

import (
	"strconv"
	"strings"

	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

const (
	// docsSection is the custom section with the documentation and the gates of a WIT package: a byte
	// with the version of the format, and JSON.
	docsSection = "package-docs"
	// docsVersion is the version that is written. Version 0, which lacks gates, can also be read.
	docsVersion = 1
	// dependencyDocsSection is the custom section for other packages: an object that maps their names
	// to the contents of a docsSection.
	dependencyDocsSection = "dependency-docs"
)

// field is a field of a JSON object. A field whose value is "" is left out.
type field struct{ key, value string }

// object returns a JSON object, or "" if all of its fields are left out.
func object(fields ...field) string {
	var b strings.Builder
	for _, f := range fields {
		if f.value == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(quote(f.key) + ":" + f.value)
	}
	if b.Len() == 0 {
		return ""
	}
	return "{" + b.String() + "}"
}

// quote returns a JSON string with no more escapes than necessary.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range s {
		switch c {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteRune(c)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		case '\b':
			b.WriteString(`\b`)
		case '\f':
			b.WriteString(`\f`)
		default:
			if c < ' ' {
				b.WriteString(`\u00` + strconv.FormatUint(uint64(0x100+c), 16)[1:])
				continue
			}
			b.WriteRune(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// packageDocs returns the documentation and gates of a package. Unless only is nil, the result
// describes just the interfaces in only.
func packageDocs(p *wit.Package, only map[*wit.Interface]bool) string {
	var worlds, interfaces []field
	if only == nil {
		for _, w := range p.Worlds {
			worlds = append(worlds, field{w.Name, worldDocs(w)})
		}
	}
	for _, i := range p.Interfaces {
		if only == nil || only[i] {
			interfaces = append(interfaces, field{i.Name, interfaceDocs(i)})
		}
	}
	all := object(field{"docs", docs(p.Docs)}, field{"worlds", object(worlds...)}, field{"interfaces", object(interfaces...)})
	if all == "" && only == nil {
		return "{}"
	}
	return all
}

// dependencyDocs returns packageDocs for all packages except p. The set used holds the interfaces
// to describe.
func dependencyDocs(m *wit.Model, p *wit.Package, used map[*wit.Interface]bool) string {
	var all []field
	for _, q := range m.Packages {
		if q == p {
			continue
		}
		for _, i := range q.Interfaces {
			if used[i] {
				all = append(all, field{q.Name.String(), packageDocs(q, used)})
				break
			}
		}
	}
	return object(all...)
}

func worldDocs(w *wit.World) string {
	var importedInterfaces, types, importedFuncs, exportedInterfaces, exportedFuncs []field
	var importGates, exportGates, importDocs, exportDocs []field
	add := func(items []*wit.WorldItem, interfaces, funcs, gates, texts *[]field) {
		for _, i := range items {
			switch {
			case i.Type != nil:
				types = append(types, field{i.Name, typeDocs(i.Type)})
			case i.Func != nil:
				*funcs = append(*funcs, field{i.Name, funcDocs(i.Func)})
			case i.Interface.Name == "":
				*interfaces = append(*interfaces, field{i.Name, interfaceDocs(i.Interface)})
			default:
				*gates = append(*gates, field{i.ExternName(), gate(i.Stability)})
				*texts = append(*texts, field{i.ExternName(), docs(i.Docs)})
			}
		}
	}
	add(w.Imports, &importedInterfaces, &importedFuncs, &importGates, &importDocs)
	add(w.Exports, &exportedInterfaces, &exportedFuncs, &exportGates, &exportDocs)
	return object(
		field{"docs", docs(w.Docs)}, field{"stability", gate(w.Stability)},
		field{"interfaces", object(importedInterfaces...)}, field{"types", object(types...)}, field{"funcs", object(importedFuncs...)},
		field{"interface_exports", object(exportedInterfaces...)}, field{"func_exports", object(exportedFuncs...)},
		field{"interface_import_stability", object(importGates...)}, field{"interface_export_stability", object(exportGates...)},
		field{"interface_import_docs", object(importDocs...)}, field{"interface_export_docs", object(exportDocs...)},
	)
}

func interfaceDocs(i *wit.Interface) string {
	var funcs, defs []field
	for _, f := range i.Funcs {
		funcs = append(funcs, field{f.Name, funcDocs(f)})
	}
	for _, t := range i.Types {
		defs = append(defs, field{t.Name, typeDocs(t)})
	}
	return object(field{"docs", docs(i.Docs)}, field{"stability", gate(i.Stability)}, field{"funcs", object(funcs...)}, field{"types", object(defs...)})
}

func funcDocs(f *wit.Func) string {
	return object(field{"docs", docs(f.Docs)}, field{"stability", gate(f.Stability)})
}

func typeDocs(t *wit.TypeDef) string {
	of := t.Type
	if n, ok := of.(*types.Named); ok {
		of = n.Of
	}
	var items []field
	for label := range types.Labels(of) {
		if len(items) == len(t.Members) {
			break
		}
		items = append(items, field{label, docs(t.Members[len(items)].Docs)})
	}
	return object(field{"docs", docs(t.Docs)}, field{"stability", gate(t.Stability)}, field{"items", object(items...)})
}

func docs(d wit.Docs) string {
	if !d.Given {
		return ""
	}
	return quote(d.Text)
}

func gate(s wit.Stability) string {
	deprecated := field{key: "deprecated"}
	if !s.Deprecated.IsZero() {
		deprecated.value = quote(s.Deprecated.String())
	}
	switch {
	case s.IsZero():
		return ""
	case s.Feature != "":
		return object(field{"unstable", object(field{"feature", quote(s.Feature)}, deprecated)})
	}
	return object(field{"stable", object(field{"since", quote(s.Since.String())}, deprecated)})
}
