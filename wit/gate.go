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
func (s *source) included(st Stability, at diag.Span) bool {
	switch {
	case s.broken:
		return true
	case st.Feature != "":
		return s.opts.AllFeatures || s.features[st.Feature]
	case st.Since.IsZero():
		return true
	}
	v := s.pkg.Name.Version
	if v.IsZero() {
		s.errorf(at, CodeBadGate, "`@since` names a version, and package `%s` has none", s.pkg.Name).
			Labelf(s.pkg.Span, "the package").Helpf("write `package %s@%s;`", s.pkg.Name, st.Since)
		return true
	}
	if st.Since.Compare(v) > 0 {
		s.errorf(at, CodeBadGate, "feature gate cannot reference unreleased version %s of package [%s] (current version %s)", st.Since, s.pkg.Name, v).
			Labelf(s.pkg.Span, "the package").Helpf("raise the version of the package to `%s`, or lower that of the gate", st.Since)
		return true
	}
	return s != s.main || s.opts.Target.IsZero() || st.Since.Compare(s.opts.Target) <= 0
}

// excludes reports whether the gate of an item disables it, and records that.
func (s *source) excludes(item any, gate Stability, at diag.Span) bool {
	if s.included(gate, at) {
		return false
	}
	s.excluded[item] = true
	return true
}

// refer reports a type that is used although its gate disables it. The item that needs it is at the
// span at, and the use is at where.
func (s *source) refer(t types.Type, at, where diag.Span) {
	d := s.defOf(t)
	if d == nil || !s.excluded[d] {
		return
	}
	d = s.gated(d)
	s.gatedReference(at, where, "type", d.Name, d.Stability).Labelf(d.Span, "the type")
}

// referParts refers to the types that t consists of.
func (s *source) referParts(t types.Type, at, where diag.Span) {
	for part := range types.Parts(t) {
		s.refer(part, at, where)
	}
}

// gated returns the definition from which a type without a name has its gate.
func (s *source) gated(d *TypeDef) *TypeDef {
	if d.Name != "" {
		return d
	}
	for part := range types.Parts(d.Type) {
		if p := s.defOf(part); p != nil && p.Stability == d.Stability {
			return s.gated(p)
		}
	}
	return d
}

// referInterface reports false if an interface is left out or missing. If it is left out, that is
// an error.
func (s *source) referInterface(i *Interface, at diag.Span) bool {
	if s.excluded[i] {
		s.gatedReference(at, diag.Span{}, "interface", i.Name, i.Stability).Labelf(i.Span, "the interface")
	}
	return !s.excluded[i] && !s.missing[i]
}

// gatedReference reports a use of an item that its gate disables. The gate may be unknown. The
// parameter use is the span of the use, if the error is elsewhere.
func (s *source) gatedReference(at, use diag.Span, what, name string, gate Stability) *diag.Diagnostic {
	d := s.errorf(at, CodeGatedReference, "found a reference to a %s which is excluded due to its feature not being activated", what)
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
func (s *source) checkOwners() {
	for _, d := range s.types {
		switch {
		case s.excluded[d]:
		case d.Interface != nil && s.excluded[d.Interface]:
			s.errorf(d.Span, CodeGatedReference, "found a reference to a interface which is excluded due to its feature not being activated; this type is not gated by a feature but its interface is").
				Labelf(d.Interface.Span, "the interface")
		case d.World != nil && s.excluded[d.World]:
			s.errorf(d.Span, CodeGatedReference, "found a reference to a world which is excluded due to its feature not being activated; this type is not gated by a feature but its world is").
				Labelf(d.World.Span, "the world")
		}
	}
}
