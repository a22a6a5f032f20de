package lsp

import (
	"maps"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/mortise-wasm/mortise/wit/syntax"
)

// documentSymbol returns the tree of the definitions in a file.
func (s *server) documentSymbol(p *protocol.DocumentSymbolParams) (protocol.DocumentSymbolSlice, error) {
	_, t, err := s.open(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	c := symbols{s, t}
	return append(protocol.DocumentSymbolSlice{}, c.items(t.file.Items)...), nil
}

type symbols struct {
	s *server
	t *tree
}

func (c symbols) symbol(label string, kind protocol.SymbolKind, all, id syntax.Range, children []protocol.DocumentSymbol) protocol.DocumentSymbol {
	rng := func(r syntax.Range) protocol.Range { return c.t.text.rng(int(r.Start), int(r.End), c.s.enc) }
	all = syntax.Range{Start: min(all.Start, id.Start), End: max(all.End, id.End)}
	return protocol.DocumentSymbol{Name: label, Kind: kind, Range: rng(all), SelectionRange: rng(id), Children: children}
}

func (c symbols) items(items []syntax.Item) (out []protocol.DocumentSymbol) {
	for _, it := range items {
		switch it := it.(type) {
		case *syntax.NestedPackage:
			out = append(out, c.symbol(it.PackageID.ID.String(), protocol.SymbolKindPackage, it.Range, it.PackageID.Range, c.items(it.Items)))
		case *syntax.Interface:
			out = append(out, c.symbol(it.Name.Name, protocol.SymbolKindInterface, it.Range, it.Name.Range, c.interfaceItems(it.Items)))
		case *syntax.World:
			out = append(out, c.symbol(it.Name.Name, protocol.SymbolKindModule, it.Range, it.Name.Range, c.worldItems(it.Items)))
		}
	}
	return out
}

func (c symbols) interfaceItems(items []syntax.InterfaceItem) (out []protocol.DocumentSymbol) {
	for _, it := range items {
		switch it := it.(type) {
		case *syntax.TypeDef:
			out = append(out, c.typeDef(it))
		case *syntax.Func:
			out = append(out, c.fn(it, protocol.SymbolKindFunction))
		}
	}
	return out
}

func (c symbols) worldItems(items []syntax.WorldItem) (out []protocol.DocumentSymbol) {
	for _, it := range items {
		switch it := it.(type) {
		case *syntax.TypeDef:
			out = append(out, c.typeDef(it))
		case *syntax.Extern:
			verb := "import "
			if it.Export {
				verb = "export "
			}
			switch {
			case it.Func != nil:
				d := c.symbol(verb+it.Name.Name, protocol.SymbolKindFunction, it.Range, it.Name.Range, nil)
				d.Detail = ptr(c.t.fn(it.Func))
				out = append(out, d)
			case it.Interface != nil:
				out = append(out, c.symbol(verb+it.Name.Name, protocol.SymbolKindInterface, it.Range, it.Name.Range, c.interfaceItems(it.Interface.Items)))
			default:
				at := it.Name
				label := at.Name
				if label == "" {
					at, label = it.Path.Name, c.t.pathText(it.Path)
				}
				out = append(out, c.symbol(verb+label, protocol.SymbolKindInterface, it.Range, at.Range, nil))
			}
		}
	}
	return out
}

var typeSymbols = map[syntax.TypeDefKind][2]protocol.SymbolKind{
	syntax.AliasDef:    {protocol.SymbolKindTypeParameter, 0},
	syntax.RecordDef:   {protocol.SymbolKindStruct, protocol.SymbolKindField},
	syntax.VariantDef:  {protocol.SymbolKindEnum, protocol.SymbolKindEnumMember},
	syntax.EnumDef:     {protocol.SymbolKindEnum, protocol.SymbolKindEnumMember},
	syntax.FlagsDef:    {protocol.SymbolKindEnum, protocol.SymbolKindEnumMember},
	syntax.ResourceDef: {protocol.SymbolKindClass, 0},
}

func (c symbols) typeDef(d *syntax.TypeDef) protocol.DocumentSymbol {
	kinds := typeSymbols[d.Kind]
	var children []protocol.DocumentSymbol
	for i := range d.Members {
		m := &d.Members[i]
		all := m.Name.Range
		if m.Type != nil {
			all.End = m.Type.End
		}
		children = append(children, c.symbol(m.Name.Name, kinds[1], all, m.Name.Range, nil))
	}
	for _, f := range d.Funcs {
		kind := protocol.SymbolKindMethod
		if f.Kind == syntax.ConstructorFunc {
			kind = protocol.SymbolKindConstructor
		}
		children = append(children, c.fn(f, kind))
	}
	out := c.symbol(d.Name.Name, kinds[0], d.Range, d.Name.Range, children)
	if d.Type != nil {
		out.Detail = ptr(c.t.typ(d.Type))
	}
	return out
}

func (c symbols) fn(f *syntax.Func, kind protocol.SymbolKind) protocol.DocumentSymbol {
	d := c.symbol(f.Name.Name, kind, f.Range, f.Name.Range, nil)
	d.Detail = ptr(c.t.fn(f))
	return d
}

// maxSymbols limits how many symbols of a workspace are sent. Nobody reads more.
const maxSymbols = 1000

// workspaceSymbol returns the definitions, in the packages of the open documents, whose names match
// the query.
func (s *server) workspaceSymbol(p *protocol.WorkspaceSymbolParams) ([]protocol.SymbolInformation, error) {
	out := []protocol.SymbolInformation{}
	seen := map[string]bool{}
	for _, d := range slices.Sorted(maps.Keys(s.docs)) {
		for _, t := range s.pack(d).trees {
			if seen[t.path] {
				continue
			}
			seen[t.path] = true
			c := symbols{s, t}
			home := ""
			if t.file.Package != nil {
				home = t.file.Package.PackageID.ID.String()
			}
			c.flatten(c.items(t.file.Items), home, 0, func(d protocol.DocumentSymbol, home string) {
				if len(out) < maxSymbols && matches(p.Query, d.Name) {
					i := protocol.SymbolInformation{Location: protocol.Location{URI: s.uri(t.path), Range: d.SelectionRange}}
					i.Name, i.Kind = d.Name, d.Kind
					i.ContainerName = ptr(home)
					out = append(out, i)
				}
			})
		}
	}
	return out, nil
}

// flatten calls f for each symbol with the name of its container. At depth 0 the container is a
// package.
func (c symbols) flatten(list []protocol.DocumentSymbol, home string, depth int, f func(protocol.DocumentSymbol, string)) {
	for _, d := range list {
		f(d, home)
		switch id, version, versioned := strings.Cut(home, "@"); {
		case d.Kind == protocol.SymbolKindPackage:
			c.flatten(d.Children, d.Name, 0, f)
		case depth == 0 && versioned:
			c.flatten(d.Children, id+"/"+d.Name+"@"+version, 1, f)
		default:
			c.flatten(d.Children, strings.TrimPrefix(home+"/"+d.Name, "/"), depth+1, f)
		}
	}
}

// matches reports whether s contains the letters of query in order, ignoring case.
func matches(query, s string) bool {
	query, s = strings.ToLower(query), strings.ToLower(s)
	for _, r := range query {
		i := strings.IndexRune(s, r)
		if i < 0 {
			return false
		}
		s = s[i+len(string(r)):]
	}
	return true
}
