package doc

import (
	"github.com/mortise-wasm/mortise/wit"
)

func (b *builder) world(parent *node, w *wit.World) *node {
	n := &node{kind: kWorld, name: w.Name, parent: parent, doc: w.Docs.Text, badges: badges(w.Stability, "", false)}
	b.add(n, w.ID().String())
	var defs []*wit.TypeDef
	for _, i := range w.Imports {
		if i.Type != nil {
			defs = append(defs, i.Type)
		}
	}
	b.typeDefs(n, defs)
	n.imports = b.worldItems(n, w.Imports, "import")
	n.exports = b.worldItems(n, w.Exports, "export")
	return n
}

// worldItems returns the imports or exports of a world. They exclude types and the functions of the
// world's resources.
func (b *builder) worldItems(n *node, items []*wit.WorldItem, verb string) []worldItem {
	out := make([]worldItem, len(items))
	count := 0
	for _, i := range items {
		id := n.id + "." + verb
		switch {
		case i.Type != nil:
			continue
		case i.Func != nil && i.Func.Resource != nil:
			b.function(n, i.Func, id)
			continue
		case i.Func != nil:
			out[count] = worldItem{own: b.function(n, i.Func, id)}
		case i.Interface.Name == "":
			c := &node{kind: kInterface, name: i.Name, parent: n, doc: i.Interface.Docs.Text}
			if i.Docs.Given && i.Docs.Text != "" {
				c.doc = i.Docs.Text
			}
			c.badges = badges(i.Stability, i.ExternalID, i.HasExternalID)
			b.add(c, id+"."+i.Name)
			b.iface(c, i.Interface)
			out[count] = worldItem{own: c}
		default:
			item := &out[count]
			*item = worldItem{label: i.Name, doc: i.Docs.Text, badges: badges(i.Stability, i.ExternalID, i.HasExternalID)}
			b.later = append(b.later, func() {
				item.ref = b.ifaceRef(i.Interface, n)
				if to := item.ref.to; to != nil && verb == "import" {
					to.importedBy.Add(n, true)
				} else if to != nil {
					to.exportedBy.Add(n, true)
				}
			})
		}
		count++
	}
	return out[:count]
}
