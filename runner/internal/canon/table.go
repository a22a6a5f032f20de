package canon

import "github.com/mortise-wasm/mortise/model/abi"

// Elem is an element of a handle table: a [*Handle] or any other type that shares the index space.
type Elem interface{ isElem() }

// Table is the handle table of a component instance (CanonicalABI.md, "Table State"). Index 0 is
// never used. The zero value is an empty table.
type Table struct {
	elems []Elem
	free  []uint32
	store *Store // counts the elements, if it is not nil
}

// Get returns the element at i. It traps if there is none.
func (t *Table) Get(i uint32) Elem {
	if uint64(i) >= uint64(len(t.elems)) || t.elems[i] == nil {
		Trapf("unknown handle index %d", i)
	}
	return t.elems[i]
}

// Add adds e to the table and returns its index.
func (t *Table) Add(e Elem) uint32 {
	t.store.addHandle()
	if n := len(t.free); n > 0 {
		i := t.free[n-1]
		t.free = t.free[:n-1]
		t.elems[i] = e
		return i
	}
	if len(t.elems) == 0 {
		t.elems = append(t.elems, nil)
	}
	if len(t.elems) > abi.MaxTableLength {
		Trapf("handle table is full")
	}
	t.elems = append(t.elems, e)
	return uint32(len(t.elems) - 1)
}

// Remove removes the element at i and returns it. It traps if there is none.
func (t *Table) Remove(i uint32) Elem {
	e := t.Get(i)
	t.elems[i] = nil
	t.store.removeHandle()
	t.free = append(t.free, i)
	return e
}

// Len returns the number of elements.
func (t *Table) Len() int { return max(0, len(t.elems)-1) - len(t.free) }

// Each calls f with every element in order of index.
func (t *Table) Each(f func(uint32, Elem)) {
	for i, e := range t.elems {
		if e != nil {
			f(uint32(i), e)
		}
	}
}
