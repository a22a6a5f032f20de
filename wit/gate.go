package wit

import (
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

// externalID returns the value of @external-id, or nil.
func (s *source) externalID(attrs []syntax.Attr) *string {
	var id *string
	for i := range attrs {
		if attrs[i].Kind != syntax.ExternalID {
			continue
		}
		if id != nil {
			s.errorf(s.at(attrs[i].Name), CodeBadGate, "cannot specify @external-id twice")
			continue
		}
		id = &attrs[i].Value
	}
	return id
}
