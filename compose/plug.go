package compose

import (
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/types"
)

// PlugReport lists what [Plug] connected.
type PlugReport struct {
	Connections []Connection
	// Open lists the imports of the socket that no plug satisfies, in order.
	Open []string
}

// Connection is an import of the socket that an export of a plug satisfies.
type Connection struct {
	Plug, Export, Import string
}

// Plug builds a graph in which the exports of plugs satisfy the imports of the socket, by name or,
// for interfaces, by semver track. If several plugs have a matching export, the first of them is
// used. The composition has the exports of the socket. Imports of plugs and unsatisfied imports of
// the socket stay open.
//
// A plug that satisfies no import is an error. [Graph.Encode] checks whether the types fit.
func Plug(socket *Package, plugs []*Package) (*Graph, *PlugReport, error) {
	g := &Graph{}
	report := &PlugReport{}
	// Instances of plugs come first, because the socket takes arguments from them.
	type match struct{ export, imp string }
	taken := make(map[string]bool)
	matches := make([][]match, len(plugs))
	for i, p := range plugs {
		for _, x := range p.Type.Exports.All() {
			if im := matching(socket.Type.Imports, x, taken); im != "" {
				taken[im] = true
				matches[i] = append(matches[i], match{x.Name, im})
			}
		}
		if len(matches[i]) == 0 {
			return nil, nil, nothing(socket, p, taken)
		}
	}
	var instances []Instance
	for _, p := range plugs {
		instances = append(instances, g.Instantiate(p, p.Name))
	}
	s := g.Instantiate(socket, socket.Name)
	for i, ms := range matches {
		for _, m := range ms {
			if err := g.Connect(Source{instances[i], m.export}, s, m.imp); err != nil {
				return nil, nil, err
			}
			report.Connections = append(report.Connections, Connection{plugs[i].Name, m.export, m.imp})
		}
	}
	for _, x := range socket.Type.Imports.All() {
		if !taken[x.Name] {
			report.Open = append(report.Open, x.Name)
		}
	}
	for _, x := range socket.Type.Exports.All() {
		if err := g.Export(Source{s, x.Name}, x.Name); err != nil {
			return nil, nil, err
		}
	}
	return g, report, nil
}

// matching returns the import that an export can satisfy: the import of the same name, or else one
// on the same track. It returns "" if there is none.
func matching(imports types.Items, x types.Item, taken map[string]bool) string {
	if types.KindOf(x.Type) == "type" {
		return ""
	}
	if imports.Get(x.Name) != nil && !taken[x.Name] {
		return x.Name
	}
	for _, im := range imports.All() {
		if !taken[im.Name] && key(im.Name) == key(x.Name) {
			return im.Name
		}
	}
	return ""
}

// nothing returns the error for a plug that satisfies no import, with the reasons.
func nothing(socket, p *Package, taken map[string]bool) error {
	d := diag.Errorf(diag.Span{}, CodeNothing, "no export of %s satisfies an import of %s", p.Name, socket.Name)
	for _, x := range p.Type.Exports.Names() {
		if taken[x] {
			d.Notef("an earlier plug already satisfies `%s`", x)
		}
	}
	list := func(what string, names []string) {
		if len(names) == 0 {
			d.Notef("%s nothing", what)
			return
		}
		d.Notef("%s `%s`", what, strings.Join(names, "`, `"))
	}
	list(p.Name+" exports", p.Type.Exports.Names())
	list(socket.Name+" imports", socket.Type.Imports.Names())
	for _, x := range p.Type.Exports.Names() {
		if similar, ok := diag.Suggest(x, slices.Values(socket.Type.Imports.Names())); ok {
			d.Helpf("is `%s` meant to satisfy `%s`? the names, and for versions the track, must be the same", x, similar)
			break
		}
	}
	return d
}
