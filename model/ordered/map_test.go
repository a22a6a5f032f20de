package ordered

import (
	"slices"
	"testing"
)

func TestMap(t *testing.T) {
	var m Map[string, int]
	if _, ok := m.Get("a"); ok || m.Len() != 0 || m.Has("a") {
		t.Error("the zero map is not empty")
	}
	m.Set("b", 1)
	m.Set("a", 2)
	if !m.Add("c", 3) || m.Add("b", 9) {
		t.Error("Add: want true for a new key and false for a known one")
	}
	m.Set("b", 4)
	if got, want := slices.Collect(m.Keys()), []string{"b", "a", "c"}; !slices.Equal(got, want) {
		t.Errorf("keys: got %v, want %v", got, want)
	}
	if got, want := slices.Collect(m.Values()), []int{4, 2, 3}; !slices.Equal(got, want) {
		t.Errorf("values: got %v, want %v", got, want)
	}
	if k, v := m.At(1); k != "a" || v != 2 {
		t.Errorf("At(1) = %s, %d", k, v)
	}
	if m.Index("c") != 2 || m.Index("x") != -1 {
		t.Errorf("Index: got %d and %d", m.Index("c"), m.Index("x"))
	}
	for k := range m.All() {
		if k == "a" {
			break
		}
	}
}

func TestNilMapReads(t *testing.T) {
	var m *Map[string, int]
	if _, ok := m.Get("a"); ok || m.Len() != 0 {
		t.Error("a nil map is not empty")
	}
	for range m.All() {
		t.Error("a nil map has entries")
	}
}

// A map keeps its order and values as it grows large.
func TestLarge(t *testing.T) {
	var m Map[int, int]
	for i := range 100 {
		m.Set(i*7%101, i)
		m.Set(0, -1)
	}
	for i := range 100 {
		k := i * 7 % 101
		want := i
		if k == 0 {
			want = -1
		}
		if at, _ := m.At(i); at != k || m.Index(k) != i {
			t.Errorf("entry %d is %d at %d, want %d", i, at, m.Index(k), k)
		}
		if got, ok := m.Get(k); !ok || got != want {
			t.Errorf("Get(%d) = %d, %v; want %d", k, got, ok, want)
		}
	}
	if m.Len() != 100 || m.Has(94) || m.Add(93, 0) {
		t.Errorf("%d entries, has 94: %v, can add 93 again", m.Len(), m.Has(94))
	}
}

func TestGrow(t *testing.T) {
	var m Map[string, int]
	m.Set("a", 1)
	m.Grow(20)
	m.Set("b", 2)
	if m.Len() != 2 || m.Index("a") != 0 || m.Index("b") != 1 || m.Has("c") {
		t.Errorf("%d entries, a at %d, b at %d", m.Len(), m.Index("a"), m.Index("b"))
	}
}
