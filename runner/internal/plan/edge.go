package plan

import (
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/model/types"
)

// Edge is a set of functions that one component instance imports from another and whose calls need
// nothing of the host: core code can copy the values and keep the flags of the two instances.
type Edge struct {
	// Caller and Callee are component instances.
	Caller, Callee int
	// CallerMemory and CalleeMemory are memory slots, or -1.
	CallerMemory, CalleeMemory int
	// Before is the first core instance that imports one of the functions. All core instances that
	// lifting and lowering need come before it.
	Before int
	// CheckLeave is set if the caller's core code may call while it must not leave its instance.
	CheckLeave bool
	// LockCallee is set if the callee's core code might notice that its realloc and post-return must
	// not leave their instance.
	LockCallee bool
	// Entering are the instances that a call enters and that a call could find entered already.
	Entering []int
	// Trampolines are the slots of the functions, which are all of type [Lower].
	Trampolines []int
}

// Edges returns the edges of the program, in an order in which they can be made, with the functions
// whose types serves accepts.
//
// # Which functions are on an edge
//
// The function is lifted by one instance and lowered by another, both synchronously and with UTF-8,
// and its core functions are exports of core instances. No part of the two instances uses tasks:
// they have no asynchronous definition and no built-in other than those of resources. Such an
// instance cannot notice that its calls are not tasks.
//
// # Which flags can be observed
//
// An instance must not be left while its realloc or post-return runs. If no canonical option of the
// caller is one of these, no call of the caller needs the check (CheckLeave). If the callee has no
// trampolines, it has no way to leave, and the flag need not be set (LockCallee).
//
// A call from A to B enters B and those of its ancestors that A is not inside. None of them may be
// entered already. For an instance X to be entered again, a call that came from outside X must
// leave X and return. Definitions come before their uses: apart from calls of an instance into
// those that it instantiated, all calls between instances lead to one that was instantiated before.
// So a call that left X can return only through an instance that contains X and that calls into an
// instance it contains. Without such an instance around X, the flag of X is neither checked nor set
// (Entering). Dropping a resource calls the instance that defines it. Functions of the host never
// call into the component that called them. If any instance uses tasks, several calls can be in
// progress, and all flags are kept.
func (p *Program) Edges(serves func(*types.Func) bool) []*Edge {
	f := p.facts()
	for i, ci := range p.CoreInstances {
		for _, d := range ci.Imports {
			ref, ok := d.(TrampolineRef)
			if !ok || f.placed[int(ref)] {
				continue
			}
			if lower, lift := p.direct(f, int(ref), serves); lift != nil {
				f.placed[int(ref)] = true
				e := f.find(place{p.Trampolines[ref].Instance, lift.Instance, i}, lower.Options.Memory, lift.Options.Memory)
				e.Trampolines = append(e.Trampolines, int(ref))
			}
		}
	}
	return f.edges
}

// place is where an edge is: its caller, its callee, and the core instance that it precedes.
type place struct{ caller, callee, before int }

// memories are the slots of the memories of an edge.
type memories struct{ caller, callee int }

// find returns the edge at a place with the given memories. An edge without memories takes those of
// the first function that has some, and a function without memories is on any edge.
func (f *facts) find(at place, caller, callee int) *Edge {
	want := memories{caller, callee}
	if f.at[at] == nil {
		f.at[at] = make(map[memories]*Edge)
	}
	e := f.at[at][want]
	if e == nil {
		none := f.at[at][memories{-1, -1}]
		if e = none; e == nil || e.CallerMemory >= 0 || e.CalleeMemory >= 0 {
			e = f.edge(at.caller, at.callee)
			e.Before = at.before
			f.edges = append(f.edges, e)
		}
		e.CallerMemory, e.CalleeMemory = caller, callee
		f.at[at][want] = e
		if none == nil {
			f.at[at][memories{-1, -1}] = e
		}
	}
	return e
}

// direct returns the definitions of a trampoline that can be on an edge, or nil.
func (p *Program) direct(f *facts, slot int, serves func(*types.Func) bool) (*Lower, *Lift) {
	t := p.Trampolines[slot]
	lower, ok := t.Def.(*Lower)
	if !ok {
		return nil, nil
	}
	n, ok := lower.Func.(LiftedFunc)
	if !ok {
		return nil, nil
	}
	lift := p.Lifts[n]
	switch {
	case t.Instance == lift.Instance, f.tasks[t.Instance], f.tasks[lift.Instance],
		lower.Options.Encoding != encoding.OptUTF8, lift.Options.Encoding != encoding.OptUTF8,
		!p.exported(lift.Func), !p.exported(lift.Options.Realloc), !p.exported(lift.Options.PostReturn), !p.exported(lower.Options.Realloc),
		!types.Equal(lower.Type, lift.Type), !serves(lift.Type):
		return nil, nil
	}
	return lower, lift
}

// exported reports whether a core function is the export of a core instance, or missing.
func (p *Program) exported(slot int) bool {
	if slot < 0 {
		return true
	}
	_, ok := p.Funcs[slot].(CoreExport)
	return ok
}

// facts are what [Program.Edges] knows of each component instance.
type facts struct {
	p      *Program
	placed []bool // by trampoline
	tasks  []bool // uses tasks
	any    bool   // some instance uses tasks
	locks  []bool // has realloc or post-return
	leaves []bool // has trampolines
	// end is one more than the last instance inside. Instances are numbered in the order in which
	// their instantiation starts.
	end []int
	// inward is set if an instance calls into one that it contains, or is inside such an instance.
	inward []bool

	edges []*Edge
	at    map[place]map[memories]*Edge
}

func (p *Program) facts() *facts {
	n := len(p.Instances)
	f := &facts{p: p, placed: make([]bool, len(p.Trampolines)), tasks: make([]bool, n), locks: make([]bool, n), leaves: make([]bool, n),
		end: make([]int, n), inward: make([]bool, n), at: make(map[place]map[memories]*Edge)}
	for i := n - 1; i >= 0; i-- {
		f.end[i] = max(f.end[i], i+1)
		if parent := p.Instances[i].Parent; parent >= 0 {
			f.end[parent] = max(f.end[parent], f.end[i])
		}
	}
	for _, o := range p.Options {
		f.locks[o.Instance] = f.locks[o.Instance] || o.Realloc >= 0 || o.PostReturn >= 0
	}
	for _, l := range p.Lifts {
		f.tasks[l.Instance] = f.tasks[l.Instance] || l.Options.Async || l.Type.Async
	}
	calls := func(from, to int) {
		f.inward[from] = f.inward[from] || from < to && to < f.end[from]
	}
	for _, t := range p.Trampolines {
		f.leaves[t.Instance] = true
		switch d := t.Def.(type) {
		case *Lower:
			f.tasks[t.Instance] = f.tasks[t.Instance] || d.Options.Async || d.Type.Async
			if l, ok := d.Func.(LiftedFunc); ok {
				calls(t.Instance, p.Lifts[l].Instance)
			}
		case *Builtin:
			switch d.Op {
			case encoding.OpResourceNew, encoding.OpResourceRep:
			case encoding.OpResourceDrop:
				if d.Resource >= 0 {
					calls(t.Instance, p.Resources[d.Resource].Instance)
				}
			default:
				f.tasks[t.Instance] = true
			}
		}
	}
	for i, inst := range p.Instances {
		f.any = f.any || f.tasks[i]
		f.inward[i] = f.inward[i] || inst.Parent >= 0 && f.inward[inst.Parent]
	}
	return f
}

// edge returns an edge without functions.
func (f *facts) edge(caller, callee int) *Edge {
	e := &Edge{Caller: caller, Callee: callee, CallerMemory: -1, CalleeMemory: -1, CheckLeave: f.locks[caller], LockCallee: f.leaves[callee]}
	for x := callee; x >= 0 && (caller < x || caller >= f.end[x]); x = f.p.Instances[x].Parent {
		if parent := f.p.Instances[x].Parent; f.any || parent >= 0 && f.inward[parent] {
			e.Entering = append(e.Entering, x)
		}
	}
	return e
}
