package componentize

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/wit"
)

// coreExport is an export of a module that the component uses.
type coreExport struct {
	name string
	// at is the place in the original module.
	at  diag.Span
	use use
}

// use is what a component does with a core export.
type use interface {
	// index adds the export, which has this use, to the indexes of m. The first export of several
	// counts.
	index(m *exportMap, e *coreExport)
}

// worldFunc is a function that the world exports.
type worldFunc struct {
	item *wit.WorldItem // nil for a function of the world itself
	fn   *wit.Func
}

type (
	// funcExport implements a function.
	funcExport struct {
		worldFunc
		variant variant
	}
	// postReturnExport is called after a function has returned.
	postReturnExport struct{ worldFunc }
	// callbackExport receives the events of an asynchronous function.
	callbackExport struct{ worldFunc }
	// dtorExport is the destructor of a resource.
	dtorExport struct{ resource *wit.TypeDef }
	// roleExport serves all functions.
	roleExport role
)

// role is the use of an export that serves all functions. The zero value is invalid.
type role uint8

const (
	roleMemory role = iota + 1
	roleRealloc
	roleReallocForExports
	roleReallocForImports
	roleReallocForAdapter
	roleInitialize
	roleTable
	roleTaskHook
)

// allocates reports whether the canonical ABI can allocate memory with the export.
func (r roleExport) allocates() bool {
	switch role(r) {
	case roleRealloc, roleReallocForExports, roleReallocForImports:
		return true
	}
	return false
}

// allocators are the roles of exports that the canonical ABI can allocate memory with.
var allocators = []role{roleRealloc, roleReallocForExports, roleReallocForImports}

// exportMap holds the exports of a module that the component uses.
type exportMap struct {
	list []*coreExport
	// types holds the types of all exported functions.
	types map[string]core.FuncType

	// Indexes of the exports.
	roles                         map[role]*coreExport
	funcs, postReturns, callbacks map[worldFunc]*coreExport
	dtors                         map[*wit.TypeDef]*coreExport
}

func newExportMap() exportMap {
	return exportMap{
		types: map[string]core.FuncType{}, roles: map[role]*coreExport{}, funcs: map[worldFunc]*coreExport{},
		postReturns: map[worldFunc]*coreExport{}, callbacks: map[worldFunc]*coreExport{}, dtors: map[*wit.TypeDef]*coreExport{},
	}
}

func (m *exportMap) add(e *coreExport) {
	m.list = append(m.list, e)
	e.use.index(m, e)
}

func (u *funcExport) index(m *exportMap, e *coreExport) { addFirst(m.funcs, u.worldFunc, e) }
func (u *postReturnExport) index(m *exportMap, e *coreExport) {
	addFirst(m.postReturns, u.worldFunc, e)
}
func (u *callbackExport) index(m *exportMap, e *coreExport) { addFirst(m.callbacks, u.worldFunc, e) }
func (u *dtorExport) index(m *exportMap, e *coreExport)     { addFirst(m.dtors, u.resource, e) }
func (r roleExport) index(m *exportMap, e *coreExport)      { addFirst(m.roles, role(r), e) }

// addFirst adds an entry unless the map has one with the key.
func addFirst[K comparable](m map[K]*coreExport, key K, e *coreExport) {
	if m[key] == nil {
		m[key] = e
	}
}

// first returns the name of the first export of one of the roles, in the order of the roles, or "".
func (m *exportMap) first(roles ...role) string {
	for _, r := range roles {
		if e := m.roles[r]; e != nil {
			return e.name
		}
	}
	return ""
}

// importsRealloc returns the allocator for results of imports, and exportsRealloc the allocator for
// parameters of exports.
func (m *exportMap) importsRealloc() string { return m.first(roleReallocForImports, roleRealloc) }
func (m *exportMap) exportsRealloc() string { return m.first(roleReallocForExports, roleRealloc) }

// adapterRealloc returns the allocator that adapters use.
func (m *exportMap) adapterRealloc() string { return m.first(roleReallocForAdapter, roleRealloc) }

// dtor returns the name of the destructor of a resource, or "".
func (m *exportMap) dtor(r *wit.TypeDef) string {
	if e := m.dtors[r]; e != nil {
		return e.name
	}
	return ""
}

// neededBy adds a note with the export, which implements f, to an error.
func (e *coreExport) neededBy(err error, f worldFunc) error {
	return neededBy(err, e.at, f.item, f.fn, "export `%s`", e.name)
}
