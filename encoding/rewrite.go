package encoding

// Rewrite returns a copy of c in which f(d) replaces each definition d, and the definitions in
// first come before all others. The definitions stay grouped into sections as they were, but
// integers that were longer than needed become short. If first is empty and f changes nothing, the
// result is c.
func (c *Component) Rewrite(f func(Def) Def, first ...Def) *Component {
	old := sectionsOf(c.Defs)
	if l := c.layout; l != nil && l.sections != nil && l.fits(c.Defs) {
		old = l.sections
	}
	defs := append(make([]Def, 0, len(first)+len(c.Defs)), first...)
	sections := sectionsOf(first)
	changed := len(first) > 0
	rest := c.Defs
	for _, s := range old {
		start := len(defs)
		for _, d := range rest[:s.count] {
			to := f(d)
			changed = changed || to != d
			defs = append(defs, to)
		}
		rest = rest[s.count:]
		if s.count == 0 {
			sections = append(sections, s)
		}
		sections = append(sections, sectionsOf(defs[start:])...)
	}
	if !changed {
		return c
	}
	return &Component{Defs: defs, layout: newLayout(defs, sections, nil)}
}
