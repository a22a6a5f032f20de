package runner

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner/internal/canon"
	"github.com/mortise-wasm/mortise/runner/internal/plan"
)

// HostFunc is a function of the host. args are of the parameter types with which the component
// imports the function. The function may keep its arguments but not the slice args, which the next
// call uses again. The result must be of the type that the component expects, or the zero value if
// it expects none. An error ends the guest's call: an [*ExitError] as an exit, any other error as a
// trap.
type HostFunc func(ctx context.Context, args []value.Value) (value.Value, error)

// Linker holds what the host offers to components. Adding to it is not safe for concurrent use;
// linking with it is.
type Linker struct {
	instances map[string]*HostInstance
	funcs     map[string]HostFunc
	modules   map[string]*hostModule
	traps     bool
	fallback  *Fallback
	wrong     []error // errors for Link to return
}

// NewLinker returns a linker that offers nothing.
func NewLinker() *Linker {
	return &Linker{instances: make(map[string]*HostInstance), funcs: make(map[string]HostFunc), modules: make(map[string]*hostModule)}
}

// HostInstance is an interface that the host implements.
type HostInstance struct {
	linker    *Linker
	name      string
	funcs     map[string]HostFunc
	resources map[string]*canon.ResourceType
	modules   map[string]*hostModule
	nested    map[string]*HostInstance
}

func newHostInstance(l *Linker, name string) *HostInstance {
	return &HostInstance{linker: l, name: name, funcs: make(map[string]HostFunc), resources: make(map[string]*canon.ResourceType),
		modules: make(map[string]*hostModule), nested: make(map[string]*HostInstance)}
}

// Instance returns the instance for imports of the given interface, which it makes on first use. An
// interface with a version satisfies imports of every version on the same semver track: one
// definition of `wasi:io/streams@0.2.12` also serves 0.2.0, and both share its resource types.
func (l *Linker) Instance(interfaceName string) *HostInstance {
	key := trackKey(interfaceName)
	if l.instances[key] == nil {
		l.instances[key] = newHostInstance(l, interfaceName)
	}
	return l.instances[key]
}

// Func defines a function that components import directly, outside any interface. If f is nil,
// [Linker.Link] fails.
func (l *Linker) Func(name string, f HostFunc) {
	if f == nil {
		l.wrong = append(l.wrong, fmt.Errorf("host function `%s` is nil", name))
	}
	l.funcs[name] = f
}

// TrapUnknown lets programs link even if functions or resources are undefined. Calling an undefined
// function traps. Core modules must be defined nevertheless.
func (l *Linker) TrapUnknown() { l.traps = true }

// Fallback serves what a linker does not define.
type Fallback struct {
	// Func is called for undefined functions. name is that of the function with its interface, and t
	// is the type with which the component imports it.
	Func func(ctx context.Context, name string, t *types.Func, args []value.Value) (value.Value, error)
	// Drop is called when an undefined resource is dropped, as the drop function of
	// [HostInstance.Resource] is. It may be nil.
	Drop func(ctx context.Context, v any) error
}

// Fallback lets programs link even if functions or resources are undefined, and f serve them. Core
// modules must be defined nevertheless.
func (l *Linker) Fallback(f Fallback) { l.fallback = &f }

// unknown returns the function for an import that is not defined. It may be nil.
func (l *Linker) unknown(im *plan.Import) HostFunc {
	if l.fallback == nil {
		return nil
	}
	name := fullName(im.Path, im.Name)
	return func(ctx context.Context, args []value.Value) (value.Value, error) {
		return l.fallback.Func(ctx, name, im.Type, args)
	}
}

// unknownResource returns the type for an imported resource that is not defined. Interfaces of one
// track share their resources, as they do if they are defined.
func (l *Linker) unknownResource(r *plan.Resource, made map[string]*canon.ResourceType) *canon.ResourceType {
	key := fullName(r.Path, r.Name)
	if len(r.Path) > 0 {
		key = fullName(append([]string{trackKey(r.Path[0])}, r.Path[1:]...), r.Name)
	}
	rt := made[key]
	if rt == nil {
		rt = &canon.ResourceType{Name: r.Name}
		if l.fallback != nil {
			rt.Drop = newDrop(fullName(r.Path, r.Name), l.fallback.Drop)
		}
		made[key] = rt
	}
	return rt
}

// fullName returns a name with those of the instances around it.
func fullName(path []string, name string) string {
	return strings.Join(append(slices.Clone(path), name), ".")
}

// Func defines a function: `get`, or one that belongs to a resource: `[method]thing.get`,
// `[static]thing.get` or `[constructor]thing`. If f is nil, [Linker.Link] fails.
func (h *HostInstance) Func(name string, f HostFunc) {
	if f == nil {
		h.linker.wrong = append(h.linker.wrong, fmt.Errorf("host function `%s.%s` is nil", h.name, name))
	}
	h.funcs[name] = f
}

// Instance returns the instance that h exports under the given name, which it makes on first use.
func (h *HostInstance) Instance(name string) *HostInstance {
	if h.nested[name] == nil {
		h.nested[name] = newHostInstance(h.linker, h.name+"."+name)
	}
	return h.nested[name]
}

// Resource defines a resource type. Its values are arbitrary Go values: a function returns one with
// [value.Own] and receives it with [value.Value.Handle]. drop is called when a guest drops an owned
// handle or when the guest's instance is closed. drop may be nil.
func (h *HostInstance) Resource(name string, drop func(ctx context.Context, v any) error) {
	full := h.name + "." + name
	h.resources[name] = &canon.ResourceType{Name: full, Drop: newDrop(full, drop)}
}

// SameResource defines the resource name as the same type as the resource of, which must already be
// defined.
func (h *HostInstance) SameResource(name, of string) { h.resources[name] = h.resources[of] }

// closingKey is the context key that marks the drops of resources while their instance is closed.
type closingKey struct{}

// Closing reports whether a resource is being dropped because its instance is closed. ctx is the
// context passed to the drop function. All remaining resources are dropped then, in no particular
// order.
func Closing(ctx context.Context) bool { return ctx.Value(closingKey{}) != nil }

// trackKey returns the key under which all versions of an interface on one track are stored.
func trackKey(s string) string {
	in, err := name.ParseInterface(s, name.Options{})
	if err != nil {
		return s
	}
	return in.TrackName()
}

// Linked is a program together with everything it imports.
type Linked struct {
	prog      *Program
	hosts     []*canon.Host
	resources []*canon.ResourceType
	modules   []*core.Module // by the slot of the import
}

// UnmetError lists the imports that the linker does not satisfy.
type UnmetError struct{ Imports []UnmetImport }

// UnmetImport is an interface, or a function or core module imported by itself, that is missing
// wholly or in part.
type UnmetImport struct {
	// Name is the import's name.
	Name string
	// Known reports that the interface is offered but lacks Items.
	Known bool
	// Nearest is an offered interface that differs only in version, or "". If Known is true, it is on
	// the same semver track.
	Nearest string
	// Items are the missing functions, resources and core modules with their types, such as
	// "get: func(key: string) -> u32".
	Items []string
	// Modules reports that core modules are among the Items. [Linker.TrapUnknown] does not help there.
	Modules bool
}

// offered describes what the linker offers for the import.
func (u *UnmetImport) offered() string {
	switch {
	case u.Known && u.Nearest != "":
		return ": `" + u.Nearest + "` is offered, but without"
	case u.Known:
		return ": it is offered, but without"
	case u.Nearest != "":
		return ": `" + u.Nearest + "` is offered, but is not compatible"
	default:
		return ""
	}
}

// maxMembers limits how many missing members of an interface a message lists. Whoever provides the
// interface reads its WIT.
const maxMembers = 3

// Brief returns the first three Items, followed by the number of the others, as in "and 40 more".
func (u *UnmetImport) Brief() []string {
	if len(u.Items) <= maxMembers {
		return u.Items
	}
	return append(slices.Clone(u.Items[:maxMembers]), fmt.Sprintf("and %d more", len(u.Items)-maxMembers))
}

// Error lists all imports with some of their members, and what is offered instead of them.
func (e *UnmetError) Error() string {
	var b strings.Builder
	if len(e.Imports) == 1 {
		b.WriteString("1 import is not satisfied:")
	} else {
		fmt.Fprintf(&b, "%d imports are not satisfied:", len(e.Imports))
	}
	for _, u := range e.Imports {
		fmt.Fprintf(&b, "\n  %s%s", u.Name, u.offered())
		for _, it := range u.Brief() {
			fmt.Fprintf(&b, "\n    %s", it)
		}
	}
	return b.String()
}

// Link resolves everything that a program imports. It fails with an [*UnmetError] that lists
// everything missing, and with a [*ModuleError] if a core module does not fit. It also fails if any
// function or core module defined in the linker is nil, or if a core module is invalid.
func (l *Linker) Link(p *Program) (*Linked, error) {
	if len(l.wrong) > 0 {
		return nil, errors.Join(l.wrong...)
	}
	out := &Linked{prog: p, resources: make([]*canon.ResourceType, len(p.plan.Resources))}
	var missing unmet
	made := make(map[string]*canon.ResourceType)
	for i, r := range p.plan.Resources {
		if r.Instance >= 0 {
			continue
		}
		rt := l.resource(r)
		if rt == nil {
			missing.add(l, r.Path, r.Name, r.Name+": resource")
			rt = l.unknownResource(r, made)
		}
		out.resources[i] = rt
	}
	for _, im := range p.plan.Imports {
		f := l.function(im)
		if f == nil {
			missing.add(l, im.Path, im.Name, im.Name+": "+types.TypeString(im.Type))
			f = l.unknown(im)
		}
		out.hosts = append(out.hosts, newHost(im, f))
	}
	if l.traps || l.fallback != nil {
		missing = unmet{} // but nothing can stand in for a module
	}
	unfit := l.linkModules(out, &missing)
	if len(missing.list) > 0 {
		return nil, &UnmetError{Imports: missing.sorted()}
	}
	if unfit != nil {
		return nil, unfit
	}
	return out, nil
}

// at returns the instance that a path of imported instances leads to, or nil.
func (l *Linker) at(path []string) *HostInstance {
	h := l.instances[trackKey(path[0])]
	for _, n := range path[1:] {
		if h == nil {
			return nil
		}
		h = h.nested[n]
	}
	return h
}

func (l *Linker) function(im *plan.Import) HostFunc {
	if len(im.Path) == 0 {
		return l.funcs[im.Name]
	}
	if h := l.at(im.Path); h != nil {
		return h.funcs[im.Name]
	}
	return nil
}

func (l *Linker) resource(r *plan.Resource) *canon.ResourceType {
	if len(r.Path) == 0 {
		return nil
	}
	if h := l.at(r.Path); h != nil {
		return h.resources[r.Name]
	}
	return nil
}

// unmet collects missing imports by interface.
type unmet struct {
	list  []UnmetImport
	index map[string]int
}

func (u *unmet) add(l *Linker, path []string, item, described string) *UnmetImport {
	top := item
	if len(path) > 0 {
		top = strings.Join(path, ".")
	}
	if u.index == nil {
		u.index = make(map[string]int)
	}
	i, ok := u.index[top]
	if !ok {
		i = len(u.list)
		u.index[top] = i
		im := UnmetImport{Name: top}
		if len(path) > 0 {
			im.Known = l.at(path) != nil
			im.Nearest = l.nearest(path[0], im.Known)
		}
		u.list = append(u.list, im)
	}
	u.list[i].Items = append(u.list[i].Items, described)
	return &u.list[i]
}

func (u *unmet) sorted() []UnmetImport {
	slices.SortStableFunc(u.list, func(a, b UnmetImport) int { return cmp.Compare(a.Name, b.Name) })
	return u.list
}

// nearest returns the latest interface of the linker that differs from s only in version, or "". If
// known is true, it returns the one that satisfies s.
func (l *Linker) nearest(s string, known bool) string {
	if known {
		if have := l.instances[trackKey(s)].name; have != s {
			return have
		}
		return ""
	}
	want, err := name.ParseInterface(s, name.Options{})
	if err != nil {
		return ""
	}
	var best name.Interface
	found := ""
	for _, h := range l.instances {
		have, err := name.ParseInterface(h.name, name.Options{})
		if err != nil || have.Unversioned() != want.Unversioned() || have == want {
			continue
		}
		if found == "" || best.Package.Version.Compare(have.Package.Version) < 0 {
			best, found = have, h.name
		}
	}
	return found
}

// Instantiate links p as [Linker.Link] does and instantiates the result.
func (l *Linker) Instantiate(ctx context.Context, p *Program) (*Instance, error) {
	linked, err := l.Link(p)
	if err != nil {
		return nil, err
	}
	return linked.Instantiate(ctx)
}
