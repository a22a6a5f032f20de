package wit

import "sync/atomic"

// minIndexed is the number of items from which on a map is made to find them: making one costs as much as a few searches.
const minIndexed = 16

// finder finds the items of a list by their names. Models are read by several goroutines at once, so the map is made when it is first needed,
// and replaced whole. It is made again if the list has another length: those who make models add to them.
type finder[T any] struct{ index atomic.Pointer[nameIndex[T]] }

type nameIndex[T any] struct {
	size   int
	byName map[string]T
}

// find returns the first item of list with that name, or the zero value.
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

func has[T any](m map[string]T, key string) bool {
	_, ok := m[key]
	return ok
}
