package wit

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// stability returns the gate that attributes define.
func (s *source) stability(attrs []syntax.Attr) Stability {
	var st Stability
	var since, unstable, deprecated *syntax.Attr
	once := func(prev **syntax.Attr, a *syntax.Attr, name string) bool {
		if *prev != nil {
			s.errorf(s.at(a.Name), CodeBadGate, "cannot specify @%s twice", name).Labelf(s.at((*prev).Name), "first given here")
			return false
		}
		*prev = a
		return true
	}
	for i := range attrs {
		a := &attrs[i]
		switch a.Kind {
		case syntax.Since:
			if once(&since, a, "since") {
				st.Since = a.Version
			}
		case syntax.Deprecated:
			if once(&deprecated, a, "deprecated") {
				st.Deprecated = a.Version
			}
		case syntax.Unstable:
			if once(&unstable, a, "unstable") {
				st.Feature = a.Feature.Name
			}
		}
	}
	switch {
	case since != nil && unstable != nil:
		s.errorf(s.at(since.Name), CodeBadGate, "cannot specify both @since and @unstable").Labelf(s.at(unstable.Name), "@unstable is here")
		st.Feature = ""
	case deprecated != nil && since == nil && unstable == nil:
		s.errorf(s.at(deprecated.Name), CodeBadGate, "cannot specify both @deprecated without @since or @unstable").
			Helpf("state the version that added the item: @since(version = …)")
		st.Deprecated = Stability{}.Deprecated
	}
	return st
}

// externalID returns the value of @external-id, and whether there is one.
func (s *source) externalID(attrs []syntax.Attr) (id string, has bool) {
	for i := range attrs {
		if attrs[i].Kind != syntax.ExternalID {
			continue
		}
		if has {
			s.errorf(s.at(attrs[i].Name), CodeBadGate, "cannot specify @external-id twice")
			continue
		}
		id, has = attrs[i].Value, true
	}
	return id, has
}

// included reports whether an item with the given gate is enabled. It reports an invalid gate as an
// error at the item.
func (r *resolver) included(st Stability, at diag.Span) bool {
	switch {
	case r.broken:
		return true
	case st.Feature != "":
		return r.opts.AllFeatures || r.features[st.Feature]
	case st.Since.IsZero():
		return true
	}
	v := r.pkg.Name.Version
	if v.IsZero() {
		r.errorf(at, CodeBadGate, "`@since` names a version, and package `%s` has none", r.pkg.Name).
			Labelf(r.pkg.Span, "the package").Helpf("write `package %s@%s;`", r.pkg.Name, st.Since)
		return true
	}
	if st.Since.Compare(v) > 0 {
		r.errorf(at, CodeBadGate, "feature gate cannot reference unreleased version %s of package [%s] (current version %s)", st.Since, r.pkg.Name, v).
			Labelf(r.pkg.Span, "the package").Helpf("raise the version of the package to `%s`, or lower that of the gate", st.Since)
		return true
	}
	return r.source != r.main || r.opts.Target.IsZero() || st.Since.Compare(r.opts.Target) <= 0
}

// excludes reports whether the gate of an item disables it, and records that.
func (r *resolver) excludes(item any, gate Stability, at diag.Span) bool {
	if r.included(gate, at) {
		return false
	}
	r.excluded[item] = true
	return true
}

// refer reports false if the gate of a type that is used disables it, which is an error. The item
// that needs the type is at the span at, and the use is at where.
func (r *resolver) refer(t types.Type, at, where diag.Span) bool {
	d := r.defOf(t)
	if d == nil || !r.excluded[d] {
		return true
	}
	d = r.gated(d)
	r.gatedReference(at, where, "type", d.Name, d.Stability).Labelf(d.Span, "the type")
	return false
}

// referParts refers to the types that t consists of.
func (r *resolver) referParts(t types.Type, at, where diag.Span) {
	for part := range types.Parts(t) {
		r.refer(part, at, where)
	}
}

// gated returns the definition from which a type without a name has its gate.
func (r *resolver) gated(d *TypeDef) *TypeDef {
	if d.Name != "" {
		return d
	}
	for part := range types.Parts(d.Type) {
		if p := r.defOf(part); p != nil && p.Stability == d.Stability {
			return r.gated(p)
		}
	}
	return d
}

// referInterface reports false if an interface is left out or missing. If it is left out, that is
// an error.
func (r *resolver) referInterface(i *Interface, at diag.Span) bool {
	if r.excluded[i] {
		r.gatedReference(at, diag.Span{}, "interface", i.Name, i.Stability).Labelf(i.Span, "the interface")
	}
	return !r.excluded[i] && !r.missing[i]
}

// gatedReference reports a use of an item that its gate disables. The gate may be unknown. The
// parameter use is the span of the use, if the error is elsewhere.
func (r *resolver) gatedReference(at, use diag.Span, what, name string, gate Stability) *diag.Diagnostic {
	d := r.errorf(at, CodeGatedReference, "found a reference to a %s which is excluded due to its feature not being activated", what)
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

// checkOwners reports enabled types in disabled interfaces and worlds.
func (r *resolver) checkOwners() {
	for _, d := range r.types {
		switch {
		case r.excluded[d]:
		case d.Interface != nil && r.excluded[d.Interface]:
			r.errorf(d.Span, CodeGatedReference, "found a reference to a interface which is excluded due to its feature not being activated; this type is not gated by a feature but its interface is").
				Labelf(d.Interface.Span, "the interface")
		case d.World != nil && r.excluded[d.World]:
			r.errorf(d.Span, CodeGatedReference, "found a reference to a world which is excluded due to its feature not being activated; this type is not gated by a feature but its world is").
				Labelf(d.World.Span, "the world")
		}
	}
}
