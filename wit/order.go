package wit

import (
	"container/heap"
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/model/ordered"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

// toposort returns the names of a graph so that each comes after its dependencies and otherwise in
// the order of the graph. It leaves out the nodes of cycles and the nodes that depend on them. It
// ignores edges to names that are not in the graph.
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

// cyclic reports the cycles of the graph, and reports whether there are any. The parameter order is
// the result of toposort, and depends is the verb for a dependency in messages.
func (s *source) cyclic(kind, depends string, graph *ordered.Map[string, *node], order []string) bool {
	if len(order) == graph.Len() {
		return false
	}
	done := make(map[string]bool, graph.Len())
	for _, o := range order {
		done[o] = true
	}
	for name := range graph.All() {
		if way, start := findCycle(graph, name, done); len(way) > 0 {
			s.reportCycle(kind, depends, graph, append([]syntax.Ident{{Name: name}}, way...), start+1)
		}
	}
	return true
}

// findCycle walks along edges from a node to nodes that are not done, until it reaches a node a
// second time. It returns the edges of the walk and the index of the edge after which the cycle
// starts. The index is -1 if the cycle contains all edges. If the walk reaches a node of an earlier
// walk, findCycle returns no edges. All nodes of the walk are then done.
func findCycle(graph *ordered.Map[string, *node], from string, done map[string]bool) (way []syntax.Ident, start int) {
	seen := map[string]int{}
	for at := from; !done[at]; at = way[len(way)-1].Name {
		if i, ok := seen[at]; ok {
			start = i
			break
		}
		seen[at] = len(way) - 1
		n, _ := graph.Get(at)
		i := slices.IndexFunc(n.edges, func(e syntax.Ident) bool { return graph.Has(e.Name) && !done[e.Name] })
		if i < 0 {
			way = nil
			break
		}
		way = append(way, n.edges[i])
	}
	if len(way) > 0 && done[way[len(way)-1].Name] {
		way = nil
	}
	for n := range seen {
		done[n] = true
	}
	return way, start
}

// reportCycle reports a cycle at the edge that enters it, or at the first edge if the walk starts
// in it. The first element of way is a name, and the others are edges. The index of the name at
// which the cycle starts is start.
func (s *source) reportCycle(kind, depends string, graph *ordered.Map[string, *node], way []syntax.Ident, start int) {
	i := max(start, 1)
	first, circle := way[i], way[start+1:]
	at := s.at(first.Range)
	if n, _ := graph.Get(way[i-1].Name); n.file != nil {
		at = n.file.span(first)
	}
	target, _ := graph.Get(first.Name)
	d := s.errorf(at, CodeDependsOnItself, "%s `%s` depends on itself", kind, first.Name)
	if target.span != at {
		d.Labelf(target.span, "`%s` is defined here", first.Name)
	}
	if len(circle) < 2 {
		return
	}
	if start == 0 {
		circle = append(slices.Clone(circle[1:]), circle[0])
	}
	steps := make([]string, len(circle))
	from := first.Name
	for i, e := range circle {
		steps[i] = "`" + from + "` " + depends + " `" + e.Name + "`"
		from = e.Name
	}
	d.Notef("%s", strings.Join(steps, ", "))
}

// intHeap is a heap of integers, smallest first.
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
