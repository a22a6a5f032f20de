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
