package doc

import (
	"strconv"
	"strings"

	"github.com/mortise-wasm/mortise/model/ordered"
	"github.com/mortise-wasm/mortise/wit"
)

// kind is the kind of a node, in the words shown to the reader.
type kind string

const (
	kPackage     kind = "package"
	kWorld       kind = "world"
	kInterface   kind = "interface"
	kRecord      kind = "record"
	kVariant     kind = "variant"
	kEnum        kind = "enum"
	kFlags       kind = "flags"
	kResource    kind = "resource"
	kType        kind = "type"
	kFunc        kind = "func"
	kMethod      kind = "method"
	kStatic      kind = "static"
	kConstructor kind = "constructor"
	kField       kind = "field"
	kCase        kind = "case"
	kFlag        kind = "flag"
)

// node is an item that is documented and can be linked to.
type node struct {
	kind kind
	// name is the label. The name of a package is its identifier.
	name string
	// id is the anchor, unique on the whole site.
	id     string
	parent *node
	doc    string
	badges []badge
	// sig is the declaration. Types with members have none.
	sig []token
	// params and result belong to a function. params excludes `self`; result may be empty.
	params []param
	result []token
	// members are the fields, cases or flags of a type.
	members []*node
	// types and funcs are those of an interface or world; a resource has only funcs. A package has
	// neither.
	types, funcs []*node
	uses         []use
	// interfaces and worlds belong to a package.
	interfaces, worlds []*node
	// imports and exports belong to a world.
	imports, exports []worldItem

	// usedBy are the functions and types that refer to a type.
	usedBy ordered.Map[*node, bool]
	// importedBy and exportedBy are worlds, in the order of the site.
	importedBy, exportedBy ordered.Map[*node, bool]
}

// param is a parameter of a function.
type param struct {
	name string
	typ  []token
}

// use is a `use` statement.
type use struct {
	from   token
	names  []usedName
	badges []badge
}

// usedName is a type that a `use` names. alias is "" if the type keeps its name.
type usedName struct {
	name  token
	alias string
}

// sig returns the statement in WIT.
func (u use) sig() []token {
	out := []token{{kind: tokKeyword, text: "use "}, u.from, {kind: tokText, text: ".{"}}
	for i, n := range u.names {
		if i > 0 {
			out = append(out, token{kind: tokText, text: ", "})
		}
		out = append(out, n.name)
		if n.alias != "" {
			out = append(out, token{kind: tokKeyword, text: " as "}, token{kind: tokName, text: spelled(n.alias)})
		}
	}
	return append(out, token{kind: tokText, text: "};"})
}

// worldItem is an import or export: either an interface defined elsewhere or an item declared in
// the world.
type worldItem struct {
	// label is the world's label for an interface defined elsewhere, or "".
	label string
	// ref is the interface defined elsewhere. Its node may be nil.
	ref token
	// own is the item that the world declares.
	own    *node
	doc    string
	badges []badge
}

// badge is a short remark about a node.
type badge struct{ class, text string }

func badges(s wit.Stability, externalID string, hasExternalID bool) (out []badge) {
	switch {
	case s.Feature != "":
		out = append(out, badge{"unstable", "unstable: " + s.Feature})
	case !s.Since.IsZero():
		out = append(out, badge{"since", "since " + s.Since.String()})
	}
	if !s.Deprecated.IsZero() {
		out = append(out, badge{"deprecated", "deprecated since " + s.Deprecated.String()})
	}
	if hasExternalID {
		out = append(out, badge{"external", "external id " + strconv.Quote(externalID)})
	}
	return out
}

// spelled returns the name as written in WIT.
func (n *node) spelled() string {
	if n.kind == kPackage || n.kind == kConstructor {
		return n.name
	}
	return spelled(n.name)
}

// pkg returns the package that contains n, or n if it is a package.
func (n *node) pkg() *node {
	for n.parent != nil {
		n = n.parent
	}
	return n
}

// home returns the interface or world that contains n, or n itself. For an interface in a world it
// returns the world.
func (n *node) home() *node {
	for n.parent != nil && n.parent.kind != kPackage {
		n = n.parent
	}
	return n
}

// path returns the names from the interface or world down to n: `types.fields.get`.
func (n *node) path() string {
	if n.parent == nil || n.parent.kind == kPackage {
		return n.name
	}
	return n.parent.path() + "." + n.name
}

// full returns the identifier of n's home followed by the names down to n.
func (n *node) full() string {
	home := n.home()
	if n.kind == kPackage || n == home {
		return n.id
	}
	return home.id + strings.TrimPrefix(n.path(), home.name)
}

// seenFrom returns a name of n that is unambiguous to a reader of at.
func (n *node) seenFrom(at *node) string {
	switch {
	case n.kind == kPackage:
		return n.name
	case n.pkg() != at.pkg():
		return n.full()
	case n.home() != at.home() || n == n.home():
		return n.path()
	}
	return strings.TrimPrefix(n.path(), n.home().name+".")
}

// keys returns the nodes of a set.
func keys(set *ordered.Map[*node, bool]) []*node {
	out := make([]*node, 0, set.Len())
	for n := range set.Keys() {
		out = append(out, n)
	}
	return out
}
