package witgen

import (
	"fmt"
	"strings"
)

// interfaceItems writes the items of an interface and records its types.
func (g *gen) interfaceItems(i *iface, deps []*iface, indent string) string {
	names := scope{}
	items := g.uses(&i.types, deps, names, i.pkg, indent)
	for range g.upTo(4) {
		items = append(items, g.docs(indent)+g.gate(indent)+g.typeDef(&i.types, names, indent))
	}
	for range g.upTo(3) {
		items = append(items, g.docs(indent)+g.gate(indent)+g.externalID(indent)+indent+g.id(g.label(names))+": "+g.funcType(i.types)+";\n")
	}
	g.r.Shuffle(len(items), func(a, b int) { items[a], items[b] = items[b], items[a] })
	return strings.Join(items, "")
}

func (g *gen) externalID(indent string) string {
	if !g.Implements || !g.chance(0.05) {
		return ""
	}
	return indent + g.pick(`@external-id("a b")`, `@external-id("\u{e9}\n\"")`, `@external-id("")`) + "\n"
}

// uses writes use statements and adds the used types to types.
func (g *gen) uses(types *[]typ, deps []*iface, names scope, pkg, indent string) []string {
	var items []string
	for _, dep := range deps {
		if len(dep.types) == 0 || !g.chance(0.3) {
			continue
		}
		var list []string
		for _, t := range dep.types {
			if !g.chance(0.6) {
				continue
			}
			if g.mistake() {
				t.name = "nothing"
			}
			key := strings.ToLower(t.name)
			as := t.name
			text := g.id(t.name)
			if names[key] && !g.mistake() || g.chance(0.2) {
				as = g.label(names)
				text += " as " + g.id(as)
			}
			names[strings.ToLower(as)] = true
			list = append(list, text)
			*types = append(*types, typ{as, t.resource})
		}
		if len(list) > 0 {
			path := g.path(dep, pkg)
			items = append(items, indent+"use "+path+".{"+strings.Join(list, ", ")+"};\n")
		}
	}
	return items
}

// path writes the path of an interface, or a path that leads nowhere.
func (g *gen) path(i *iface, pkg string) string {
	if g.mistake() {
		return g.pick("nowhere", "gen:main/nowhere", "gen:nothing/nowhere", "gen:main/w", i.label+"@1.0.0")
	}
	if i.pkg == pkg {
		return g.id(i.label)
	}
	return i.pkg + "/" + g.id(i.label) + i.version
}

// typeDef writes a type definition and adds the type to types.
func (g *gen) typeDef(types *[]typ, names scope, indent string) string {
	label := g.label(names)
	t := typ{name: label}
	id := g.id(label)
	var text string
	switch n := g.r.IntN(7); n {
	case 0:
		text = "type " + id + " = " + g.alias(&t, *types) + ";"
	case 1:
		text = "record " + id + " { " + g.list(g.least(1), 4, func(s scope) string { return g.id(g.label(s)) + ": " + g.valType(*types, 3, false) }) + " }"
	case 2:
		text = "variant " + id + " { " + g.list(g.least(1), 4, func(s scope) string {
			c := g.id(g.label(s))
			if g.chance(0.5) {
				c += "(" + g.valType(*types, 3, false) + ")"
			}
			return c
		}) + " }"
	case 3:
		text = "enum " + id + " { " + g.list(g.least(1), 5, func(s scope) string { return g.id(g.label(s)) }) + " }"
	case 4:
		text = "flags " + id + " { " + g.list(g.least(1), 9, func(s scope) string { return g.id(g.label(s)) }) + " }"
	default:
		t.resource = true
		// Methods may use the resource itself.
		*types = append(*types, t)
		text = g.resource(id, label, *types, indent)
		return indent + text + "\n"
	}
	*types = append(*types, t)
	return indent + text + "\n"
}

// least returns n, the smallest number of elements of a list, or 0 for a mistake.
func (g *gen) least(n int) int {
	if g.mistake() {
		return 0
	}
	return n
}

// alias writes the type that t is another name of.
func (g *gen) alias(t *typ, types []typ) string {
	if len(types) > 0 && g.chance(0.4) {
		old := types[g.r.IntN(len(types))]
		t.resource = old.resource
		return g.id(old.name)
	}
	return g.valType(types, 3, false)
}

// list writes between least and most elements, in a scope of their own.
func (g *gen) list(least, most int, f func(scope) string) string {
	names := scope{}
	var all []string
	for range least + g.upTo(most-1) {
		all = append(all, f(names))
	}
	text := strings.Join(all, ", ")
	if len(all) > 0 && g.chance(0.2) {
		text += ","
	}
	return text
}

func (g *gen) resource(id, label string, types []typ, indent string) string {
	if g.chance(0.3) {
		return "resource " + id + ";"
	}
	names := scope{}
	var items []string
	in := indent + "  "
	if g.chance(0.6) {
		result := ""
		if g.chance(0.3) {
			result = " -> " + g.pick("result<"+g.id(label)+">", "result<"+g.id(label)+", string>")
			if g.mistake() {
				result = " -> " + g.pick("u8", "result", g.id(label))
			}
		}
		items = append(items, g.docs(in)+g.gate(in)+in+"constructor("+g.params(types)+")"+result+";\n")
	}
	for range g.upTo(3) {
		static := ""
		if g.chance(0.3) {
			static = "static "
		}
		items = append(items, g.docs(in)+g.gate(in)+g.externalID(in)+in+g.id(g.label(names))+": "+static+g.funcType(types)+";\n")
	}
	return "resource " + id + " {\n" + strings.Join(items, "") + indent + "}"
}

func (g *gen) params(types []typ) string {
	names := scope{"self": true}
	return g.list(0, 4, func(scope) string { return g.id(g.label(names)) + ": " + g.valType(types, 3, true) })
}

func (g *gen) funcType(types []typ) string {
	text := "func(" + g.params(types) + ")"
	if g.Async && g.chance(0.2) {
		text = "async " + text
	}
	if g.chance(0.6) {
		text += " -> " + g.valType(types, 3, g.mistake())
	}
	return text
}

// valType writes the type of a value. It writes borrows only for parameters.
func (g *gen) valType(types []typ, depth int, param bool) string {
	if g.mistake() {
		return g.pick("nothing", "list", "list<u8", "tuple<>", "result<>", "borrow<u8>", "float32", "map<f32, u8>", "u64<u8>", "_", "list<u8, 0>", "own<nothing>", "stream<borrow<nothing>>")
	}
	if depth == 0 || g.chance(0.5) {
		if len(types) > 0 && g.chance(0.5) {
			t := types[g.r.IntN(len(types))]
			if t.resource && param && g.chance(0.6) {
				return "borrow<" + g.id(t.name) + ">"
			}
			if t.resource && g.chance(0.3) {
				return "own<" + g.id(t.name) + ">"
			}
			return g.id(t.name)
		}
		return g.pick("bool", "u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "f32", "f64", "char", "string")
	}
	val := func() string { return g.valType(types, depth-1, param) }
	switch g.r.IntN(10) {
	case 0:
		if g.FixedLists && g.chance(0.5) {
			return fmt.Sprintf("list<%s, %d>", val(), 1+g.r.IntN(5))
		}
		fallthrough
	case 1:
		return "list<" + val() + ">"
	case 2:
		return "option<" + val() + ">"
	case 3:
		return g.pick("result", "result<"+val()+">", "result<_, "+val()+">", "result<"+val()+", "+val()+">")
	case 4:
		return "tuple<" + g.list(1, 4, func(scope) string { return val() }) + ">"
	case 5:
		if g.Async {
			return g.pick("future", "future<"+g.valType(types, depth-1, false)+">")
		}
	case 6:
		if g.Async {
			element := g.valType(types, depth-1, false)
			if element == "char" {
				element = "u32" // a stream of char is refused: it would be a string
			}
			return g.pick("stream", "stream<"+element+">")
		}
	case 7:
		if g.Maps {
			return "map<" + g.pick("bool", "u8", "s64", "char", "string") + ", " + val() + ">"
		}
	}
	return "list<" + val() + ">"
}

// worldItems writes the items of a world.
func (g *gen) worldItems(w *world, ifaces []*iface, includes []*world, indent string) string {
	// Imports and exports have scopes of their own, and types are imports.
	imports, exports := scope{}, scope{}
	var types []typ
	items := g.uses(&types, ifaces, imports, w.pkg, indent)
	for range g.upTo(1) {
		items = append(items, g.docs(indent)+g.typeDef(&types, imports, indent))
	}
	for _, dir := range []string{"import", "export"} {
		names := imports
		if dir == "export" {
			names = exports
		}
		for _, i := range ifaces {
			switch {
			case g.chance(0.25):
				items = append(items, g.docs(indent)+g.gate(indent)+indent+dir+" "+g.path(i, w.pkg)+";\n")
				if g.mistake() {
					items = append(items, indent+dir+" "+g.path(i, w.pkg)+";\n")
				}
			case g.Implements && len(i.types) == 0 && g.chance(0.3):
				// With two imports of one interface, a use would be ambiguous, so the types are not available.
				items = append(items, indent+dir+" "+g.id(g.fresh(names, w))+": "+g.path(i, w.pkg)+";\n")
			}
		}
		for range g.upTo(2) {
			items = append(items, g.docs(indent)+g.gate(indent)+indent+dir+" "+g.id(g.fresh(names, w))+": "+g.funcType(types)+";\n")
		}
		if g.chance(0.2) {
			inline := &iface{pkg: w.pkg}
			items = append(items, indent+dir+" "+g.id(g.fresh(names, w))+": interface {\n"+g.interfaceItems(inline, ifaces, indent+"  ")+indent+"}\n")
		}
	}
	for _, other := range includes {
		if !g.chance(0.3) {
			continue
		}
		path := other.label
		if other.pkg != w.pkg {
			path = other.pkg + "/" + g.id(other.label) + other.version
		} else {
			path = g.id(path)
		}
		var with []string
		for _, name := range other.names {
			if imports[strings.ToLower(name)] || exports[strings.ToLower(name)] || g.chance(0.2) {
				with = append(with, g.id(name)+" as "+g.id(g.fresh(imports, w)))
			}
		}
		if len(with) > 0 {
			items = append(items, indent+"include "+path+" with { "+strings.Join(with, ", ")+" }\n")
		} else {
			items = append(items, indent+"include "+path+";\n")
		}
	}
	g.r.Shuffle(len(items), func(a, b int) { items[a], items[b] = items[b], items[a] })
	return strings.Join(items, "")
}

// fresh returns a label for an import or export and records it.
func (g *gen) fresh(names scope, w *world) string {
	label := g.label(names)
	w.names = append(w.names, label)
	return label
}
