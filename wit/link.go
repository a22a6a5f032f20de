package wit

import (
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
)

// linker completes one package. See the second step of source.
type linker struct {
	*loader
	s    *source
	pkg  *pkg
	main bool
	// handles maps each resource that is used as a type to its `own` type.
	handles map[*def]*def
}

func (k *linker) errorf(at diag.Span, code diag.Code, format string, args ...any) *diag.Diagnostic {
	return k.report(diag.Errorf(at, code, format, args...))
}

// append adds a package to the graph. All packages that it depends on must have been added before.
func (l *loader) append(s *source) *pkg {
	p := &pkg{name: s.name, docs: s.docs, span: s.span, lossy: s.bad(), obj: s.obj}
	l.graph.pkgs = append(l.graph.pkgs, p)
	l.graph.byName[p.name] = p
	k := &linker{loader: l, s: s, pkg: p, main: s == l.main, handles: map[*def]*def{}}
	// Connect placeholders to other packages.
	k.foreign()
	// Complete the types before their owners. Each comes after the types that it refers to.
	for _, d := range s.types {
		if !d.foreign {
			k.typeDef(d)
		}
	}
	// Complete the interfaces.
	for _, i := range s.ifaces {
		if !i.foreign {
			k.iface(i)
		}
	}
	k.checkOwners()
	// Complete the worlds as written.
	for _, w := range s.worlds {
		if !w.foreign {
			k.world(w)
		}
	}
	k.checkWorldOwners()
	// Expand includes and then add the imports that other items need. A world comes after those that
	// it includes.
	for _, w := range s.worlds {
		if !w.foreign && !w.excluded && k.room(w.imports.Len()+w.exports.Len(), w) {
			k.includes(w)
			if k.full {
				break
			}
			if c := l.graph.elaborate(w); c != nil {
				c.explain(k.errorf(w.span, CodeBadExport, "%s", c.Error()).Captionf("in this world"))
			}
		}
	}
	// Register the items that other packages can use.
	for _, i := range s.ifaces {
		if !i.foreign && !i.excluded && i.name != "" {
			p.ifaces.Set(i.name, i)
		}
	}
	for _, w := range s.worlds {
		if !w.foreign && !w.excluded {
			w.pkg = p
			p.worlds.Set(w.name, w)
		}
	}
	return p
}

// included reports whether an item with the given gate is enabled. It reports an invalid gate as an
// error at the item.
func (k *linker) included(st Stability, at diag.Span) bool {
	switch {
	case st.Feature != "":
		return k.opts.AllFeatures || k.features[st.Feature]
	case st.Since.IsZero():
		return true
	}
	v := k.pkg.name.Version
	if v.IsZero() {
		k.errorf(at, CodeBadGate, "`@since` names a version, and package `%s` has none", k.pkg.name).
			Labelf(k.pkg.span, "the package").Helpf("write `package %s@%s;`", k.pkg.name, st.Since)
		return true
	}
	if st.Since.Compare(v) > 0 {
		k.errorf(at, CodeBadGate, "feature gate cannot reference unreleased version %s of package [%s] (current version %s)", st.Since, k.pkg.name, v).
			Labelf(k.pkg.span, "the package").Helpf("raise the version of the package to `%s`, or lower that of the gate", st.Since)
		return true
	}
	return !k.main || k.opts.Target.IsZero() || st.Since.Compare(k.opts.Target) <= 0
}

// foreign connects the placeholders for items of other packages to these items.
func (k *linker) foreign() {
	for id, dep := range k.s.foreign.All() {
		p := k.graph.byName[id]
		if p == nil && !k.unread {
			k.unknownPackage(dep, id)
		}
		for label, it := range dep.items.All() {
			k.foreignItem(p, label, it)
		}
	}
	for _, d := range k.s.types {
		if d.foreign {
			k.foreignType(d)
		}
	}
	for _, h := range k.s.handles {
		t := h.def.fwd
		if t != nil && t.kind != kindPoison && !t.resource() {
			k.errorf(h.span, CodeBadHandle, "type used in a handle must be a resource").Labelf(t.span, "`%s` is defined here", t.name)
		}
	}
}

func (k *linker) unknownPackage(dep *foreignDep, id name.Package) {
	known := make([]name.Package, 0, len(k.graph.pkgs))
	names := make([]string, 0, len(k.graph.pkgs))
	for _, p := range k.graph.pkgs {
		known = append(known, p.name)
	}
	for _, s := range k.sources {
		if k.graph.byName[s.name] == nil { // not linked yet
			known = append(known, s.name)
		}
	}
	for _, n := range known {
		names = append(names, n.String())
	}
	d := k.errorf(dep.span, CodeUnknownPackage, "package '%s' not found. known packages: %s", id, strings.Join(names, ", "))
	if k.s.hintOwn(d, id, dep.paths) || hintVersion(d, id, known, dep.paths) {
		return
	}
	if k.fetch != "" {
		d.Helpf("%s", k.fetch)
	}
	if k.depsBeside != "" {
		d.Helpf("a single file is read without the packages in `%s`: check the folder that holds both", k.depsBeside)
		return
	}
	d.Helpf("put the package in the folder deps, as deps/%s", id.Name)
}

func (k *linker) foreignItem(p *pkg, label string, it *foreignItem) {
	at := diag.Span{}
	if it.iface != nil {
		at = it.iface.span
	} else {
		at = it.world.span
	}
	on := false
	for _, g := range it.gates {
		if k.included(g, at) {
			on = true
			break
		}
	}
	switch {
	case it.iface != nil && !on:
		it.iface.excluded = true
	case it.world != nil && !on:
		it.world.excluded = true
	case it.iface != nil:
		if p != nil {
			it.iface.fwd, _ = p.ifaces.Get(label)
		}
		if it.iface.fwd == nil {
			it.iface.poison = true
			if p != nil && !p.lossy {
				d := k.errorf(at, CodeUnknownItem, "interface '%s' not found in package '%s'", label, p.name)
				k.s.suggestText(d, label, p.ifaces.Keys())
			}
		}
	default:
		if p != nil {
			it.world.fwd, _ = p.worlds.Get(label)
		}
		if it.world.fwd == nil {
			it.world.poison = true
			if p != nil && !p.lossy {
				d := k.errorf(at, CodeUnknownItem, "world '%s' not found in package '%s'", label, p.name)
				k.s.suggestText(d, label, p.worlds.Keys())
			}
		}
	}
}

func (k *linker) foreignType(d *def) {
	if !k.included(d.stab, d.span) {
		d.excluded = true
		return
	}
	from := d.owner.iface
	d.fwd = &def{kind: kindPoison}
	if from.poison {
		return
	}
	if from.excluded {
		k.excluded(d.span, diag.Span{}, "interface", from.name, from.stab)
		return
	}
	t, ok := from.fwd.types.Get(d.name)
	if !ok && from.fwd.lossy {
		return
	}
	if !ok {
		e := k.errorf(d.span, CodeUnknownType, "type `%s` not defined in interface", d.name).
			Captionf("not found in `%s`", from.fwd.id()).Labelf(from.fwd.span, "the interface")
		if _, ok := from.fwd.funcs.Get(d.name); ok {
			e.Notef("`%s` is a function there, and only types can be used", d.name)
		}
		k.s.suggestText(e, d.name, from.fwd.types.Keys())
		return
	}
	d.fwd = t
}

// excluded reports a use of an item that its gate disables. The gate may be unknown. The parameter
// use is the span of the use, if the error is elsewhere.
func (k *linker) excluded(at, use diag.Span, what, name string, gate Stability) *diag.Diagnostic {
	d := k.errorf(at, CodeGatedReference, "found a reference to a %s which is excluded due to its feature not being activated", what)
	need := "belongs to a later version of the package"
	if gate.Feature != "" {
		need = "needs feature `" + gate.Feature + "`"
	}
	if name != "" {
		what += " `" + name + "`"
	}
	if use.IsValid() && use != at {
		d.Labelf(use, "%s %s", what, need)
	} else {
		d.Captionf("%s %s", what, need)
	}
	if gate.Feature == "" {
		return d.Helpf("gate the item in the same way")
	}
	return d.Helpf("gate the item in the same way, with `@unstable(feature = %s)`, or switch the feature on", gate.Feature)
}

// typ returns the definition that d refers to. The item that needs it is at the span at, and the
// use is at where.
func (k *linker) typ(d *def, at, where diag.Span) *def {
	if d.excluded {
		d = d.gated()
		k.excluded(at, where, "type", d.name, d.stab).Labelf(d.span, "the type")
		return poisonDef()
	}
	if d.fwd != nil {
		return d.fwd
	}
	return d
}

// use completes the use of a type. A resource used as a type becomes an `own` handle of it.
func (k *linker) use(r *ref, at, where diag.Span) {
	if r.def == nil {
		return
	}
	r.def = k.typ(r.def, at, where)
	if !r.def.resource() {
		return
	}
	h := k.handles[r.def]
	if h == nil {
		h = &def{kind: kindOwn, a: ref{def: r.def}}
		k.handles[r.def] = h
		k.graph.types = append(k.graph.types, h)
	}
	r.def = h
}

func (k *linker) typeDef(d *def) {
	if !k.included(d.stab, d.span) {
		d.excluded = true
		return
	}
	switch d.kind {
	case kindAlias, kindOwn, kindBorrow:
		if d.a.def != nil {
			d.a.def = k.typ(d.a.def, d.span, d.at)
		}
	default:
		k.use(&d.a, d.span, d.at)
		k.use(&d.b, d.span, d.at)
		for i := range d.elems {
			k.use(&d.elems[i], d.span, d.at)
		}
		for i := range d.members {
			at := d.span
			if d.kind == kindRecord {
				at = d.members[i].span
			}
			k.use(&d.members[i].ty, at, d.members[i].at)
		}
	}
	k.graph.types = append(k.graph.types, d)
}

func (k *linker) iface(i *iface) {
	if !k.included(i.stab, i.span) {
		i.excluded = true
		return
	}
	i.pkg = k.pkg
	kept := i.types
	i.types = typeMap{}
	for label, d := range kept.All() {
		if !d.excluded {
			i.types.Set(label, d)
		}
	}
	funcs := i.funcs
	i.funcs = funcMap{}
	for label, f := range funcs.All() {
		if k.included(f.stab, f.span) {
			k.function(f)
			i.funcs.Set(label, f)
		}
	}
	k.graph.ifaces = append(k.graph.ifaces, i)
}

func (k *linker) function(f *fn) {
	if f.res != nil {
		f.res = k.typ(f.res, f.span, diag.Span{})
	}
	for i := range f.params {
		k.use(&f.params[i].ty, f.params[i].at, diag.Span{})
	}
	k.use(&f.result, f.resultAt, diag.Span{})
	if f.result.def != nil && f.result.def.hasBorrow() {
		k.errorf(f.span, CodeBorrowInResult, "function `%s` returns a type which contains a `borrow<T>` which is not supported", f.name).
			Labelf(f.borrowAt, "this holds a borrowed handle").
			Notef("a borrowed handle ends with the call that it was passed to").Helpf("return an owned handle")
	}
}

// hasBorrow reports whether the type contains a borrow.
func (d *def) hasBorrow() bool {
	if d.borrow == 0 {
		d.borrow = 1
		if d.kind == kindBorrow || d.anyPart((*def).hasBorrow) {
			d.borrow = 2
		}
	}
	return d.borrow == 2
}

// anyPart reports whether f holds for a type that d contains. Handles contain no types.
func (d *def) anyPart(f func(*def) bool) bool {
	if d.kind == kindOwn || d.kind == kindBorrow {
		return false
	}
	in := func(r ref) bool { return r.def != nil && f(r.def) }
	if in(d.a) || in(d.b) {
		return true
	}
	for _, e := range d.elems {
		if in(e) {
			return true
		}
	}
	for _, m := range d.members {
		if in(m.ty) {
			return true
		}
	}
	return false
}

// checkOwners reports enabled types in disabled interfaces.
func (k *linker) checkOwners() {
	for _, d := range k.s.types {
		if !d.foreign && !d.excluded && d.owner.iface != nil && d.owner.iface.excluded {
			k.errorf(d.span, CodeGatedReference, "found a reference to a interface which is excluded due to its feature not being activated; this type is not gated by a feature but its interface is").
				Labelf(d.owner.iface.span, "the interface")
		}
	}
}

func (k *linker) checkWorldOwners() {
	for _, d := range k.s.types {
		if !d.foreign && !d.excluded && d.owner.world != nil && d.owner.world.excluded {
			k.errorf(d.span, CodeGatedReference, "found a reference to a world which is excluded due to its feature not being activated; this type is not gated by a feature but its world is").
				Labelf(d.owner.world.span, "the world")
		}
	}
}

// world completes the items written in a world.
func (k *linker) world(w *world) {
	if !k.included(w.stab, w.span) {
		w.excluded = true
		return
	}
	for _, items := range []*itemMap{&w.imports, &w.exports} {
		written := *items
		*items = itemMap{}
		for ky, it := range written.All() {
			if it.def != nil {
				it.def = k.typ(it.def, it.span, diag.Span{})
			}
			if !k.included(it.stability(), it.span) {
				continue
			}
			if it.iface != nil {
				if it.iface = k.ifaceOf(it.iface, it.span); it.iface == nil {
					continue
				}
				if ky.iface != nil {
					ky.iface = it.iface
				}
			}
			if it.fn != nil {
				k.function(it.fn)
			}
			items.Set(ky, it)
		}
	}
	k.graph.worlds = append(k.graph.worlds, w)
}

// ifaceOf returns the interface that i refers to. It returns nil if that is missing; the error is
// reported here or was reported before.
func (k *linker) ifaceOf(i *iface, at diag.Span) *iface {
	switch {
	case i.excluded:
		k.excluded(at, diag.Span{}, "interface", i.name, i.stab).Labelf(i.span, "the interface")
		return nil
	case i.poison:
		return nil
	case i.fwd != nil:
		return i.fwd
	}
	return i
}
