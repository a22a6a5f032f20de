package wit

import (
	"container/heap"

	"github.com/mortise-wasm/mortise/internal/ordered"
)

// toposort returns the names of a graph such that each one follows those it depends on and otherwise in the order of the graph.
// Nodes in a cycle, and what depends on them, are left out. Edges to names that are not in the graph are ignored.
func toposort(graph *ordered.Map[string, *node]) []string {
	n := graph.Len()
	open := make([]int, n)
	users := make([][]int, n)
	ready := &intHeap{}
	for i := range n {
		_, v := graph.At(i)
		for _, e := range v.edges {
			if j := graph.Index(e.Name); j >= 0 {
				open[i]++
				users[j] = append(users[j], i)
			}
		}
		if open[i] == 0 {
			heap.Push(ready, i)
		}
	}
	order := make([]string, 0, n)
	for ready.Len() > 0 {
		i := heap.Pop(ready).(int)
		name, _ := graph.At(i)
		order = append(order, name)
		for _, u := range users[i] {
			if open[u]--; open[u] == 0 {
				heap.Push(ready, u)
			}
		}
	}
	return order
}

// cyclic reports an error if nodes of the graph depend on themselves, and whether they do.
func (s *source) cyclic(kind string, graph *ordered.Map[string, *node]) bool {
	order := toposort(graph)
	if len(order) == graph.Len() {
		return false
	}
	done := make(map[string]bool, len(order))
	for _, o := range order {
		done[o] = true
	}
	for name, n := range graph.All() {
		if done[name] {
			continue
		}
		for _, e := range n.edges {
			if done[e.Name] || !graph.Has(e.Name) {
				continue
			}
			target, _ := graph.Get(e.Name)
			d := s.errorf(s.at(e.Range), DependsOnItself, "%s `%s` depends on itself", kind, e.Name)
			if target.span != d.Primary {
				d.Labelf(target.span, "`%s` is defined here", e.Name)
			}
			return true
		}
	}
	return true
}

// intHeap is a heap with the smallest number first.
type intHeap []int

func (h intHeap) Len() int           { return len(h) }
func (h intHeap) Less(i, j int) bool { return h[i] < h[j] }
func (h intHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *intHeap) Push(x any)        { *h = append(*h, x.(int)) }
func (h *intHeap) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}
