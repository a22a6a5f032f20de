package componentize

import (
	"slices"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/wit"
)

// checkImportNames checks that all interfaces to be renamed are imports of the world, and that the
// new names are valid.
func (p *program) checkImportNames() error {
	var list diag.List
	at := p.main.given.Span(0, 0)
	interfaces := func(yield func(string) bool) {
		for _, i := range p.world.Imports {
			if i.Interface != nil && !yield(i.ExternName()) {
				return
			}
		}
	}
	taken := make(map[string]string)
	for n := range interfaces {
		taken[n] = n
	}
	for _, r := range p.options.ImportNames {
		delete(taken, r.Old)
	}
	for _, r := range p.options.ImportNames {
		i := p.world.Import(r.Old)
		if i == nil || i.Interface == nil {
			d := list.Errorf(at, CodeBadImport, "the world imports no interface `%s` that could be renamed to `%s`", r.Old, r.New)
			if best, ok := diag.Suggest(r.Old, interfaces); ok {
				d.Helpf("a similar name exists: `%s`", best)
			}
			continue
		}
		n, err := name.Parse(r.New, name.Options{})
		switch prev, ok := taken[r.New]; {
		case err != nil:
			list.Errorf(at, CodeBadImport, "`%s` is not the name of an import: %s", r.New, err.Error())
		case n.Kind.IsPlain() && n.Kind != name.KindLabel:
			list.Errorf(at, CodeBadImport, "`%s` is not the name of an import, but of a function of a resource", r.New)
		case ok && prev != r.Old:
			list.Errorf(at, CodeBadImport, "`%s` cannot be renamed to `%s`: `%s` already has this name", r.Old, r.New, prev)
		}
		taken[r.New] = r.Old
	}
	return list.Err()
}

// importName returns the name under which the component imports an interface, and the interface
// that it implements, or "".
func (p *program) importName(i *wit.WorldItem) (extern, implements string) {
	n := slices.IndexFunc(p.options.ImportNames, func(r ImportName) bool { return r.Old == i.ExternName() })
	if n < 0 {
		return i.ExternName(), i.Implements()
	}
	extern = p.options.ImportNames[n].New
	if x, err := name.Parse(extern, name.Options{}); err != nil || x.Kind != name.KindLabel {
		return extern, ""
	}
	return extern, i.Implements()
}
