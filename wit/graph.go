package wit

import (
	"slices"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/ordered"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
)

// The nodes of this file are what packages are resolved with. They change while worlds are elaborated and packages merged;
// freeze turns them into a Model.

// graph holds everything that was resolved. The order of the slices is that of definition: a node comes after those it needs.
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
	// lossy tells that parts of the package could not be read, so that names may be missing for no fault of their users.
	lossy bool
	obj   *Object
	out   *Package
}

// kind tells types apart. The zero value is invalid.
type kind uint8

const (
	kindUnknown  kind = iota + 1 // a type of another package, until its package is there
	kindPoison                   // a type that could not be resolved, which was reported
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

// ref is a use of a type: a primitive one or a definition. The zero ref is no type.
type ref struct {
	prim types.Prim
	def  *def
}

func (r ref) none() bool { return r == ref{} }

// owner is the interface or world in which a type is defined; neither for types without name.
type owner struct {
	iface *iface
	world *world
}

// def is a type definition, or a type without name that is made of others.
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

	// at is where the type that the definition is made of stands, if that is not the place of the definition.
	at diag.Span
	// fwd is the definition that a kindUnknown stands for.
	fwd *def
	// excluded tells that a feature the type belongs to is off.
	excluded bool
	// foreign tells that the node stands for a type of another package.
	foreign bool
	// borrow caches whether a borrow is in the type: 0 unknown, 1 no, 2 yes.
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
	// resultAt is where the type of the result stands, borrowAt what may be a borrowed handle in it.
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

	// scope holds the names defined in it while its package is resolved.
	scope map[string]entry
	// lossy tells that items of it could not be read: an unknown name may be one of them.
	lossy    bool
	fwd      *iface
	foreign  bool
	excluded bool
	poison   bool
	obj      *Object
	out      *Interface
}

// entry is what a name stands for in an interface or world: a type, or something else, such as "function".
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

// key tells the items of a world apart: by a label, or by an interface.
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
	// obj is the label, if the item is not known by its type or function.
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

// stability returns the gate of the item, which functions and types carry themselves.
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

// poisonDef stands for every type that could not be resolved.
func poisonDef() *def { return &def{kind: kindPoison} }

// gated returns the definition that gives a type without a name its gate.
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

// id returns the name of an interface: `ns:pkg/a@1.0.0`; "" for one inside a world.
func (i *iface) id() string {
	if i.pkg == nil || i.name == "" {
		return i.name
	}
	return i.pkg.name.Interface(i.name).String()
}

// text returns the name that an item is imported or exported under.
func (k key) text() string {
	if k.iface != nil {
		return k.iface.id()
	}
	return k.name
}

// dep returns the interface that a definition takes its type from, or nil.
func (d *def) dep() *iface {
	if d.kind != kindAlias || d.a.def == nil || d.a.def.owner == d.owner {
		return nil
	}
	return d.a.def.owner.iface
}

// deps calls f for each interface from which i uses a type, in order, with repetitions. It stops when f returns false.
func (i *iface) deps(f func(*iface) bool) bool {
	for _, d := range i.types.All() {
		if dep := d.dep(); dep != nil && !f(dep) {
			return false
		}
	}
	return true
}

// resource tells whether d is a resource, or another name of one.
func (d *def) resource() bool {
	for d.kind == kindAlias && d.a.def != nil {
		d = d.a.def
	}
	return d.kind == kindResource
}

func newGraph() *graph { return &graph{byName: map[name.Package]*pkg{}} }
