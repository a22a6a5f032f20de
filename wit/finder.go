package wit

import "sync/atomic"

// minIndexed is the list length from which an index is built. Building one costs as much as a few
// linear searches.
const minIndexed = 16

// finder finds the items of a list by name. Several goroutines may read a model at once, so the
// index is built on first use and replaced atomically. It is rebuilt if the length of the list
// changes, because those who build a model append to its lists.
type finder[T any] struct{ index atomic.Pointer[nameIndex[T]] }

type nameIndex[T any] struct {
	size   int
	byName map[string]T
}

// find returns the first item of list with the given name, or the zero value.
func (l *finder[T]) find(label string, list []T, name func(T) string) (found T) {
	if len(list) < minIndexed {
		for _, x := range list {
			if name(x) == label {
				return x
			}
		}
		return found
	}
	in := l.index.Load()
	if in == nil || in.size != len(list) {
		in = &nameIndex[T]{len(list), make(map[string]T, len(list))}
		for _, x := range list {
			if n := name(x); !has(in.byName, n) {
				in.byName[n] = x
			}
		}
		l.index.Store(in)
	}
	return in.byName[label]
}

func has[K comparable, T any](m map[K]T, key K) bool {
	_, ok := m[key]
	return ok
}
