package wit

import (
	"slices"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/ordered"
	"github.com/mortise-wasm/mortise/model/types"
)

// The nodes of this file are the mutable form in which packages are resolved. They change while
// worlds are elaborated and packages merged. Then freeze converts them to a Model.

// graph holds everything that was resolved. Its slices are in definition order: a node comes after
// the nodes it refers to.
type graph struct {
	types  []*def
	ifaces []*iface
	worlds []*world
	pkgs   []*pkg
	byName map[name.Package]*pkg
	main   *pkg
}

type pkg struct {
	name   name.Package
	docs   Docs
	span   diag.Span
	ifaces ordered.Map[string, *iface]
	worlds ordered.Map[string, *world]
	// lossy is set if parts of the package could not be read. A missing name may then not be its
	// user's fault.
	lossy bool
	obj   *Object
	out   *Package
}

// kind is the kind of a type. The zero value is invalid.
type kind uint8

const (
	kindUnknown  kind = iota + 1 // a type of another package that is not linked yet
	kindPoison                   // a type that could not be resolved; the error was reported
	kindAlias                    // another type or a primitive type: a
	kindRecord                   // members
	kindVariant                  // members
	kindFlags                    // members
	kindEnum                     // members
	kindResource                 //
	kindOwn                      // a
	kindBorrow                   // a
	kindTuple                    // elems
	kindOption                   // a
	kindResult                   // a, b
	kindList                     // a
	kindFixed                    // a, n
	kindMap                      // a, b
	kindFuture                   // a
	kindStream                   // a
)

type (
	typeMap  = ordered.Map[string, *def]
	funcMap  = ordered.Map[string, *fn]
	itemMap  = ordered.Map[key, *item]
	worldMap = ordered.Map[string, *world]
)

// ref is a use of a type: a primitive type or a definition. The zero ref refers to no type.
type ref struct {
	prim types.Prim
	def  *def
}

func (r ref) none() bool { return r == ref{} }

// owner is the interface or world that defines a type. Both are nil for types without a name.
type owner struct {
	iface *iface
	world *world
}

// def is a type definition, or a compound type without a name.
type def struct {
	name    string
	kind    kind
	owner   owner
	a, b    ref
	n       uint32
	members []member
	elems   []ref
	docs    Docs
	stab    Stability
	ext     *string
	span    diag.Span

	// at is the span of the right-hand side of the definition, if it differs from span.
	at diag.Span
	// fwd is the definition that a kindUnknown refers to.
	fwd *def
	// excluded is set if the type is gated by a feature that is off.
	excluded bool
	// foreign is set if the node is a placeholder for a type of another package.
	foreign bool
	// borrow caches whether the type contains a borrow: 0 unknown, 1 no, 2 yes.
	borrow uint8
	index  int32
	obj    *Object
	out    *TypeDef
}

type member struct {
	name string
	ty   ref
	docs Docs
	span diag.Span
	at   diag.Span // of the type
}

type fn struct {
	name   string
	kind   FuncKind
	async  bool
	res    *def // the resource of a method, static function or constructor
	params []param
	result ref
	docs   Docs
	stab   Stability
	ext    *string
	span   diag.Span
	// resultAt is the span of the result type. borrowAt is the span of a borrowed handle in it, if
	// there is one.
	resultAt, borrowAt diag.Span
	obj                *Object
}

type param struct {
	name string
	ty   ref
	span diag.Span
	at   diag.Span // of the type
}

type iface struct {
	name  string
	types typeMap
	funcs funcMap
	docs  Docs
	stab  Stability
	span  diag.Span
	pkg   *pkg
	// cloneOf is the interface that an include copied.
	cloneOf *iface

	// scope holds the names defined in the interface, for the resolution of its package.
	scope map[string]entry
	// lossy is set if some items of the interface could not be read. An unknown name may be one of
	// them.
	lossy    bool
	fwd      *iface
	foreign  bool
	excluded bool
	poison   bool
	obj      *Object
	out      *Interface
}

// entry is the meaning of a name in an interface or world: a type, or another item described by
// what, such as "function".
type entry struct {
	def  *def
	what string
	span diag.Span
}

type world struct {
	name     string
	imports  itemMap
	exports  itemMap
	includes []include
	docs     Docs
	stab     Stability
	span     diag.Span
	pkg      *pkg

	fwd      *world
	foreign  bool
	excluded bool
	poison   bool
	obj      *Object
	out      *World
}

// key identifies an item of a world, by a label or by an interface.
type key struct {
	name  string
	iface *iface
}

// item is an import or export: of an interface, a function or a type.
type item struct {
	iface *iface
	fn    *fn
	def   *def
	docs  Docs
	stab  Stability
	ext   *string
	span  diag.Span
	// obj is the object of the label, unless the object of the type or function identifies the item.
	obj *Object
}

func (i *item) kind() string {
	switch {
	case i.fn != nil:
		return "func"
	case i.def != nil:
		return "type"
	}
	return "interface"
}

// stability returns the gate of the item. Functions and types have their own.
func (i *item) stability() Stability {
	switch {
	case i.fn != nil:
		return i.fn.stab
	case i.def != nil:
		return i.def.stab
	}
	return i.stab
}

type include struct {
	world *world
	stab  Stability
	with  []rename
	span  diag.Span
}

type rename struct {
	from, to string
	at       diag.Span // of from
	obj      *Object   // what `to` names
}

// poisonDef returns a definition that replaces a type that could not be resolved.
func poisonDef() *def { return &def{kind: kindPoison} }

// gated returns the definition from which a type without a name gets its gate.
func (d *def) gated() *def {
	for d.name == "" {
		parts := append([]ref{d.a, d.b}, d.elems...)
		i := slices.IndexFunc(parts, func(r ref) bool { return r.def != nil && r.def.stab == d.stab })
		if i < 0 {
			break
		}
		d = parts[i].def
	}
	return d
}

// id returns the full name of an interface: `ns:pkg/a@1.0.0`. For an interface inside a world it is
// "".
func (i *iface) id() string {
	if i.pkg == nil || i.name == "" {
		return i.name
	}
	return i.pkg.name.Interface(i.name).String()
}

// text returns the name under which an item is imported or exported.
func (k key) text() string {
	if k.iface != nil {
		return k.iface.id()
	}
	return k.name
}

// dep returns the interface from which a definition takes its type, or nil.
func (d *def) dep() *iface {
	if d.kind != kindAlias || d.a.def == nil || d.a.def.owner == d.owner {
		return nil
	}
	return d.a.def.owner.iface
}

// deps calls f for each interface from which i uses a type, in order, with repetitions. It stops
// when f returns false. It returns false if it stopped.
func (i *iface) deps(f func(*iface) bool) bool {
	for _, d := range i.types.All() {
		if dep := d.dep(); dep != nil && !f(dep) {
			return false
		}
	}
	return true
}

// resource reports whether d is a resource or an alias of one.
func (d *def) resource() bool {
	for d.kind == kindAlias && d.a.def != nil {
		d = d.a.def
	}
	return d.kind == kindResource
}

func newGraph() *graph { return &graph{byName: map[name.Package]*pkg{}} }
