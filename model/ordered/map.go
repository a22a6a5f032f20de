// Package ordered provides a map that remembers the order of insertion, so that output made from it
// does not depend on the order of Go maps.
package ordered

import (
	"iter"
	"slices"
)

// Map is a map that iterates in the order in which keys were first added. The zero value is an
// empty map, ready to use. Concurrent reads are safe as long as no goroutine writes.
type Map[K comparable, V any] struct {
	entries []entry[K, V]
	index   map[K]int // nil for a small map, whose keys are scanned instead
}

type entry[K comparable, V any] struct {
	key K
	val V
}

// maxSmall is the largest number of entries of a small map. Most maps are small.
const maxSmall = 8

// Len returns the number of entries. A nil map has none.
func (m *Map[K, V]) Len() int {
	if m == nil {
		return 0
	}
	return len(m.entries)
}

// Get returns the value of k and whether k has one.
func (m *Map[K, V]) Get(k K) (V, bool) {
	if i := m.Index(k); i >= 0 {
		return m.entries[i].val, true
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
	if m.index == nil {
		for i := range m.entries {
			if m.entries[i].key == k {
				return i
			}
		}
		return -1
	}
	if i, ok := m.index[k]; ok {
		return i
	}
	return -1
}

// At returns entry i in the order of insertion. It panics unless
// 0 <= i < m.Len().
func (m *Map[K, V]) At(i int) (K, V) { return m.entries[i].key, m.entries[i].val }

// Set sets the value of k to v. A key that already exists keeps its position.
func (m *Map[K, V]) Set(k K, v V) {
	if i := m.Index(k); i >= 0 {
		m.entries[i].val = v
		return
	}
	m.push(k, v)
}

// push adds a key that does not exist yet.
func (m *Map[K, V]) push(k K, v V) {
	m.entries = append(m.entries, entry[K, V]{k, v})
	switch n := len(m.entries); {
	case m.index != nil:
		m.index[k] = n - 1
	case n > maxSmall:
		m.index = make(map[K]int, 4*maxSmall)
		for i := range m.entries {
			m.index[m.entries[i].key] = i
		}
	}
}

// Grow makes room for n more entries.
func (m *Map[K, V]) Grow(n int) {
	m.entries = slices.Grow(m.entries, n)
	if n += len(m.entries); m.index == nil && n > maxSmall {
		m.index = make(map[K]int, n)
		for i := range m.entries {
			m.index[m.entries[i].key] = i
		}
	}
}

// Add sets the value of k to v and returns true. If k already has a value, Add changes nothing and
// returns false.
func (m *Map[K, V]) Add(k K, v V) bool {
	if m.Has(k) {
		return false
	}
	m.push(k, v)
	return true
}

// All iterates over the entries in the order of insertion.
func (m *Map[K, V]) All() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for i := range m.Len() {
			if !yield(m.entries[i].key, m.entries[i].val) {
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
