package profile

import (
	"context"
	"io"
	"sync"
	"time"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// period is how much time guest code runs between two samples, at least.
const period = time.Millisecond

// maxStack limits the core frames of a sample. The outermost are left out.
const maxStack = 200

// Profiler is a [runner.Observer] that measures. It may serve any number of instances.
type Profiler struct {
	now func() time.Time

	mu     sync.Mutex
	start  time.Time // zero before the first call
	root   node
	active map[*runner.Call]*activation
}

// New returns a profiler. now is the clock that it reads, such as [time.Now]. The profile starts
// with the first call.
func New(now func() time.Time) *Profiler {
	return &Profiler{now: now, active: make(map[*runner.Call]*activation)}
}

// function is a function in a profile.
type function struct{ name, file string }

// node is a stack: a function and the node from which it was called.
type node struct {
	function
	parent   *node
	children map[function]*node
	order    []*node // the children, as they were added

	calls, bytes, samples uint64
	time, cpu             time.Duration // without those of the children
	ran                   time.Duration // guest code in a call, since its last sample
}

func (n *node) child(f function) *node {
	c := n.children[f]
	if c == nil {
		c = &node{function: f, parent: n}
		if n.children == nil {
			n.children = make(map[function]*node)
		}
		n.children[f] = c
		n.order = append(n.order, c)
	}
	return c
}

// sampled reports whether the tree has samples.
func (n *node) sampled() bool {
	if n.samples > 0 {
		return true
	}
	for _, c := range n.order {
		if c.sampled() {
			return true
		}
	}
	return false
}

// activation is a call in progress.
type activation struct {
	node  *node
	start time.Time
	inner time.Duration // spent in calls that the call has made
	since time.Time     // when guest code began to run in the call itself, or zero while it does not
}

// pause counts the time for which guest code has run.
func (a *activation) pause(now time.Time) {
	if !a.since.IsZero() {
		a.node.ran += now.Sub(a.since)
		a.since = time.Time{}
	}
}

// Begin implements [runner.Observer].
func (p *Profiler) Begin(_ context.Context, c *runner.Call) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if p.start.IsZero() {
		p.start = now
	}
	a := &activation{start: now}
	parent := &p.root
	if outer := p.active[c.Parent]; outer != nil {
		parent = outer.node
		outer.pause(now)
	}
	a.node = parent.child(functionOf(c))
	a.node.calls++
	for i, arg := range c.Args {
		a.node.bytes += size(arg, c.Type.Params[i].Type)
	}
	p.active[c] = a
	if !ofHost(c) {
		a.since = now
	}
}

// End implements [runner.Observer].
func (p *Profiler) End(c *runner.Call, result value.Value, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, a := p.now(), p.active[c]
	delete(p.active, c)
	took := now.Sub(a.start)
	a.node.time += took - a.inner
	if err == nil && c.Type.Result != nil {
		a.node.bytes += size(result, c.Type.Result)
	}
	a.pause(now)
	if outer := p.active[c.Parent]; outer != nil {
		outer.inner += took
		outer.since = now
	}
}

// Sample implements [runner.Sampler].
func (p *Profiler) Sample(c *runner.Call, stack func() []runner.Frame) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a := p.active[c]
	if a == nil || a.since.IsZero() {
		return
	}
	now := p.now()
	if a.node.ran+now.Sub(a.since) < period {
		return
	}
	a.pause(now)
	n := a.node
	frames := stack()
	for i := min(len(frames), maxStack) - 1; i >= 0; i-- {
		n = n.child(function{frames[i].Name(), c.To})
	}
	n.samples++
	n.cpu += a.node.ran
	a.node.ran = 0
	// Taking the sample does not count.
	a.since = p.now()
}

// ofHost reports whether the callee is the host.
func ofHost(c *runner.Call) bool {
	return c.Kind == runner.CallImport || c.Kind == runner.CallDrop || c.Kind == runner.CallClose
}

// functionOf returns the function of a call. Its file is the component instance or the host.
func functionOf(c *runner.Call) function {
	f := function{name: c.Name(), file: c.To}
	switch {
	case c.Kind == runner.CallInstantiate:
		f.name = "instantiate"
	case ofHost(c):
		f.file = "host"
	}
	return f
}

// Write writes the profile so far, in the pprof format. It may be called while calls are in
// progress; those do not count.
func (p *Profiler) Write(w io.Writer) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if p.start.IsZero() {
		return encode(w, &p.root, now, 0)
	}
	return encode(w, &p.root, p.start, now.Sub(p.start))
}
