package runner

import (
	"context"
	"fmt"
	"strconv"

	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/runner/internal/adapter"
	"github.com/mortise-wasm/mortise/runner/internal/canon"
	"github.com/mortise-wasm/mortise/runner/internal/plan"
)

// store is the run-time state of one instance of a program. It has one object for each slot of the
// plan, made on first use.
type store struct {
	prog   *Program
	linked *Linked

	canon   canon.Store
	insts   []canon.ComponentInstance
	code    []coreCode // by core instance
	cores   []api.Module
	mems    []api.Memory
	funcs   []canon.CoreFunc
	options []*canon.Options
	lifts   []*canon.Lift
	calls   []canon.CoreFunc
	memory  memories
	// adapters has the parts of each adapter. flags is nil if the adapters share no flags.
	adapters [][adapter.NumParts]api.Module
	flags    api.Module

	gate   gate
	pauses uint // calls of pause
	spent  spent
	ending string // why nothing can be entered any more, if canon.Dead is set
	ctx    *storeContext
	making coreCode // the core instance being made

	seen *observation // nil if nobody observes
}

// storeContext is the context of calls into a store. It carries the store. It is a type of its own
// because the engine looks up values on every call.
type storeContext struct {
	context.Context
	store *store
}

type storeKey struct{}

func (c *storeContext) Value(key any) any {
	switch k := key.(type) {
	case storeKey:
		return c.store
	case *store:
		if k == c.store {
			return k
		}
	}
	return c.Context.Value(key)
}

// inside reports whether ctx is or comes from a context that a call of the store gave to a function
// of the host.
func (s *store) inside(ctx context.Context) bool { return ctx.Value(s) != nil }

func storeOf(ctx context.Context) *store {
	// The engine passes on the context of a call as it is, but wraps that of an instantiation.
	if c, ok := ctx.(*storeContext); ok {
		return c.store
	}
	return ctx.Value(storeKey{}).(*store)
}

// within returns ctx as a context of the store. It keeps the last result because callers often pass
// the same context again.
func (s *store) within(ctx context.Context) context.Context {
	if s.ctx == nil || !sameContext(s.ctx.Context, ctx) {
		s.ctx = &storeContext{ctx, s}
	}
	return s.ctx
}

// sameContext reports whether two contexts are known to be the same. It returns false for types
// that are not comparable: comparing them panics, and asking reflection first allocates.
func sameContext(a, b context.Context) (same bool) {
	defer func() { _ = recover() }()
	return a == b
}

func newStore(l *Linked) *store {
	p := l.prog.plan
	s := &store{prog: l.prog, linked: l, insts: make([]canon.ComponentInstance, len(p.Instances)), cores: make([]api.Module, len(p.CoreInstances)),
		mems: make([]api.Memory, len(p.Memories)), funcs: make([]canon.CoreFunc, len(p.Funcs)),
		options: make([]*canon.Options, len(p.Options)), lifts: make([]*canon.Lift, len(p.Lifts)),
		calls: make([]canon.CoreFunc, len(p.Trampolines))}
	s.memory.pool = &l.prog.engine.pool
	s.memory.limit = l.prog.engine.opts.Limits.totalMemory()
	s.spent.fuel = l.prog.engine.opts.Limits.Fuel
	s.canon.Limits = canon.Limits{Handles: l.prog.engine.opts.Limits.MaxHandles, Lifted: l.prog.engine.opts.Limits.MaxLifted}
	for i, inst := range p.Instances {
		var parent *canon.ComponentInstance
		if inst.Parent >= 0 {
			parent = &s.insts[inst.Parent]
		}
		s.insts[i].Init(&s.canon, parent, inst.Path)
	}
	s.seen = newObservation(s, l.prog.engine.opts.Observer)
	s.canon.Resources = make([]*canon.ResourceType, len(p.Resources))
	for i, r := range p.Resources {
		if r.Instance < 0 {
			s.canon.Resources[i] = l.resources[i]
			if s.seen != nil {
				s.canon.Resources[i] = s.seen.hostResource(l.resources[i], r)
			}
			continue
		}
		rt := &canon.ResourceType{Name: r.Name, Impl: &s.insts[r.Instance]}
		if r.Dtor >= 0 {
			rt.Dtor = lazyFunc{s, r.Dtor}
		}
		if s.seen != nil {
			rt.Dtor = &observedDtor{s.seen, rt, rt.Dtor}
		}
		s.canon.Resources[i] = rt
	}
	return s
}

// instantiate makes the core instances in order. It checks the context before each.
func (s *store) instantiate(ctx context.Context) {
	if len(s.cores) > 0 {
		ctx = experimental.WithImportResolver(experimental.WithMemoryAllocator(ctx, &s.memory), s.resolve)
	}
	var all needs
	for i := range s.cores {
		all = all.add(s.code[i].needs)
	}
	s.checkNeeds(all)
	if err := s.makeFlags(ctx); err != nil {
		s.raise("", err)
	}
	for i := range s.cores {
		if ctx.Err() != nil {
			panic(canon.EndOf(ctx))
		}
		if err := s.makeAdapters(ctx, i); err != nil {
			s.raise("", err)
		}
		s.making = s.code[i]
		s.checkNeeds(s.making.needs)
		s.spent.tables += s.making.needs.tables
		owner := &s.insts[s.prog.plan.CoreInstances[i].Owner]
		s.checkSegments(ctx, i)
		owner.Start(func() {
			m, err := s.prog.engine.runtime.InstantiateModule(ctx, s.making.module.code, s.prog.engine.config)
			if err != nil {
				s.raise(owner.Path, err)
			}
			s.cores[i] = m
		})
	}
}

// resolve finds the provider of an import by its number.
func (s *store) resolve(name string) api.Module {
	if name == meterModule {
		return s.prog.engine.meter
	}
	n, err := strconv.Atoi(name)
	if err != nil || n >= len(s.making.providers) {
		return nil
	}
	switch p := s.making.providers[n]; p.kind {
	case fromCore:
		return s.cores[p.slot]
	case fromTrampolines:
		return s.prog.hosts[s.making.owner]
	case fromAdapter:
		return s.adapters[p.slot][p.part]
	case fromAdapterHost:
		return s.prog.engine.adapterHostModule
	case fromFlags:
		return s.flags
	default:
		panic(fmt.Sprintf("unreachable: provider %d", p.kind))
	}
}

// lazyFunc is a core function that is looked up when it is called.
type lazyFunc struct {
	s    *store
	slot int
}

func (f lazyFunc) Call(ctx context.Context, stack []uint64) { f.s.function(f.slot).Call(ctx, stack) }

// function returns the core function of a slot.
func (s *store) function(slot int) canon.CoreFunc {
	if slot < 0 {
		return nil
	}
	if f := s.funcs[slot]; f != nil {
		return f
	}
	var f canon.CoreFunc
	switch d := s.prog.plan.Funcs[slot].(type) {
	case plan.CoreExport:
		f = &coreFunc{store: s, module: s.cores[d.Instance], name: d.Name,
			instance: s.insts[s.prog.plan.CoreInstances[d.Instance].Owner].Path}
	case plan.TrampolineRef:
		f = s.trampoline(int(d))
	default:
		panic(fmt.Sprintf("unreachable: %T", d))
	}
	s.funcs[slot] = f
	return f
}

func (s *store) memoryAt(slot int) api.Memory {
	if slot < 0 {
		return nil
	}
	if s.mems[slot] == nil {
		d := s.prog.plan.Memories[slot]
		s.mems[slot] = s.cores[d.Instance].ExportedMemory(d.Name)
	}
	return s.mems[slot]
}

func (s *store) optionsOf(o *plan.Options) *canon.Options {
	if got := s.options[o.Slot]; got != nil {
		return got
	}
	out := &canon.Options{Memory: s.memoryAt(o.Memory), Realloc: s.function(o.Realloc), PostReturn: s.function(o.PostReturn),
		Callback: s.function(o.Callback), Async: o.Async}
	switch o.Encoding {
	case encoding.OptUTF16:
		out.Encoding = canon.UTF16
	case encoding.OptLatin1UTF16:
		out.Encoding = canon.Latin1UTF16
	}
	s.options[o.Slot] = out
	return out
}

// lift returns the lifted function of a slot.
func (s *store) lift(slot int) *canon.Lift {
	if got := s.lifts[slot]; got != nil {
		return got
	}
	l := s.prog.plan.Lifts[slot]
	out := &canon.Lift{Inst: &s.insts[l.Instance], Func: s.function(l.Func), Sig: s.prog.lifts[slot], Opts: s.optionsOf(l.Options),
		Name: l.Name}
	s.lifts[slot] = out
	return out
}

// callee returns the function for calls from components.
func (s *store) callee(f plan.Func) canon.Func {
	if s.seen != nil {
		return s.seen.observed(s.direct(f), f)
	}
	return s.direct(f)
}

// direct returns the function for calls that nobody observes.
func (s *store) direct(f plan.Func) canon.Func {
	switch f := f.(type) {
	case plan.HostFunc:
		return s.linked.hosts[f]
	case plan.LiftedFunc:
		return s.lift(int(f))
	default:
		panic(fmt.Sprintf("unreachable: %T", f))
	}
}

// trampoline returns the function that core code calls at a slot.
func (s *store) trampoline(slot int) canon.CoreFunc {
	if c := s.calls[slot]; c != nil {
		return c
	}
	t := s.prog.plan.Trampolines[slot]
	inst := &s.insts[t.Instance]
	var c canon.CoreFunc
	switch d := t.Def.(type) {
	case *plan.Lower:
		c = &canon.Lower{Inst: inst, Callee: s.callee(d.Func), Sig: s.prog.lower[slot], Opts: s.optionsOf(d.Options),
			Copier: s.prog.copiers[slot]}
	case *plan.Builtin:
		c = s.builtin(inst, slot, d)
	default:
		panic(fmt.Sprintf("unreachable: %T", d))
	}
	s.calls[slot] = c
	return c
}

// release closes the core instances and drops the host resources that the guest still owned. No
// call may be in progress. It returns the first error.
func (s *store) release(ctx context.Context) error {
	var first error
	keep := func(err error) {
		if first == nil {
			first = err
		}
	}
	for i := range s.insts {
		s.insts[i].Handles.Each(func(_ uint32, e canon.Elem) {
			if h, ok := e.(*canon.ResourceHandle); ok && h.Own && h.Type.Impl == nil && h.Type.Drop != nil {
				keep(h.Type.Drop(context.WithValue(ctx, closingKey{}, true), h.Host))
			}
		})
		s.insts[i].Handles = canon.Table{}
	}
	for i := len(s.cores) - 1; i >= 0; i-- {
		if s.cores[i] != nil {
			keep(s.cores[i].Close(ctx))
			s.cores[i] = nil
		}
	}
	s.closeAdapters(ctx, keep)
	s.canon.Dead = true
	s.memory.release()
	s.gate.released()
	keep(s.prog.engine.forget(ctx, s))
	return first
}
