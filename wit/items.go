package wit

import "github.com/mortise-wasm/mortise/model/ordered"

// key identifies an item of a world: by its label, or by its interface if it has none.
type key struct {
	name  string
	iface *Interface
}

func (i *WorldItem) key() key {
	if i.Name == "" {
		return key{iface: i.Interface}
	}
	return key{name: i.Name}
}

// text returns the name under which an item is imported or exported.
func (k key) text() string {
	if k.iface != nil {
		return k.iface.text()
	}
	return k.name
}

// itemMap holds the imports or exports of a world that is being changed.
type itemMap struct{ ordered.Map[key, *WorldItem] }

// newItemMap returns a map of the items in a list.
func newItemMap(list []*WorldItem) *itemMap {
	m := &itemMap{}
	m.Grow(len(list))
	for _, i := range list {
		m.put(i)
	}
	return m
}

// put adds an item. An item with the same key is replaced.
func (m *itemMap) put(i *WorldItem) { m.Set(i.key(), i) }

// list returns the items in order.
func (m *itemMap) list() []*WorldItem {
	list := make([]*WorldItem, 0, m.Len())
	for _, i := range m.All() {
		list = append(list, i)
	}
	return list
}

func (i *WorldItem) kind() string {
	switch {
	case i.Func != nil:
		return "func"
	case i.Type != nil:
		return "type"
	}
	return "interface"
}
