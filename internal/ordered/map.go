// Package ordered provides a map that remembers the order of insertion, so that
// nothing that is printed or encoded from it depends on Go's map order.
package ordered

import "iter"

// Map is a map whose iteration order is the order in which keys were first
// added. The zero value is an empty map, ready to use. Reading is safe for
// concurrent use as long as nobody writes.
type Map[K comparable, V any] struct {
	index map[K]int
	keys  []K
	vals  []V
}

// Len returns the number of entries. A nil map has none.
func (m *Map[K, V]) Len() int {
	if m == nil {
		return 0
	}
	return len(m.keys)
}

// Get returns the value of k, and whether there is one.
func (m *Map[K, V]) Get(k K) (V, bool) {
	if i := m.Index(k); i >= 0 {
		return m.vals[i], true
	}
	var zero V
	return zero, false
}

// Has reports whether k has a value.
func (m *Map[K, V]) Has(k K) bool { return m.Index(k) >= 0 }

// Index returns the position of k in the order of insertion, or -1.
func (m *Map[K, V]) Index(k K) int {
	if m == nil {
		return -1
	}
	if i, ok := m.index[k]; ok {
		return i
	}
	return -1
}

// At returns entry i in the order of insertion. It panics unless
// 0 <= i < m.Len().
func (m *Map[K, V]) At(i int) (K, V) { return m.keys[i], m.vals[i] }

// Set gives k the value v. A key that is already there keeps its position.
func (m *Map[K, V]) Set(k K, v V) {
	if i, ok := m.index[k]; ok {
		m.vals[i] = v
		return
	}
	if m.index == nil {
		m.index = make(map[K]int)
	}
	m.index[k] = len(m.keys)
	m.keys = append(m.keys, k)
	m.vals = append(m.vals, v)
}

// Add gives k the value v and returns true, unless k has a value already: then
// it changes nothing and returns false.
func (m *Map[K, V]) Add(k K, v V) bool {
	if _, ok := m.index[k]; ok {
		return false
	}
	m.Set(k, v)
	return true
}

// All iterates over the entries in the order of insertion.
func (m *Map[K, V]) All() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for i := range m.Len() {
			if !yield(m.keys[i], m.vals[i]) {
				return
			}
		}
	}
}

// Keys iterates over the keys in the order of insertion.
func (m *Map[K, V]) Keys() iter.Seq[K] {
	return func(yield func(K) bool) {
		for k := range m.All() {
			if !yield(k) {
				return
			}
		}
	}
}

// Values iterates over the values in the order of insertion.
func (m *Map[K, V]) Values() iter.Seq[V] {
	return func(yield func(V) bool) {
		for _, v := range m.All() {
			if !yield(v) {
				return
			}
		}
	}
}
