package runner

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"unicode/utf8"

	"github.com/tetratelabs/wazero/api"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/runner/internal/adapter"
	"github.com/mortise-wasm/mortise/runner/internal/canon"
	"github.com/mortise-wasm/mortise/runner/internal/plan"
)

// adapters are the core modules that carry calls between component instances.
type adapters struct {
	list []adapterCode
	// carried holds the trampolines that adapters replace, by slot.
	carried map[int]adapted
	// flags is the module that holds the flags of the instances in shared, or nil. Adapters share
	// these flags with the host.
	flags  *compiled
	shared []int
}

// maxAdapters limits the code of the adapters of one program, in units of [adapter.Size]. Without a
// limit, a small component with thousands of instances would yield gigabytes. Calls beyond it go
// through the host.
const maxAdapters = 100_000

// adapted is a function of an adapter.
type adapted struct{ adapter, fn int }

// adapterCode is the code of one adapter.
type adapterCode struct {
	// before is the core instance that the adapter must exist for.
	before int
	parts  [adapter.NumParts]coreCode
}

// compileAdapters makes and compiles the adapters of the program.
func (p *Program) compileAdapters(ctx context.Context) error {
	a := &p.adapters
	a.carried = make(map[int]adapted)
	if p.engine.noAdapters || p.engine.opts.Observer != nil || p.engine.opts.Interpreter {
		// Interpreted adapters would be slower than the host. With [Options.Proposals] they would also
		// let exceptions through.
		return nil
	}
	known := make(map[int]bool)
	budget := maxAdapters
	serves := func(t *types.Func) bool {
		if !adapter.Serves(t) || adapter.Size(t) > budget {
			return false
		}
		budget -= adapter.Size(t)
		return true
	}
	for n, pe := range p.plan.Edges(serves) {
		code, err := p.compileAdapter(ctx, n, p.edge(pe), func(instance int) {
			if !known[instance] {
				known[instance] = true
				a.shared = append(a.shared, instance)
			}
		})
		a.list = append(a.list, code)
		if err != nil {
			return fmt.Errorf("adapters: %w", err)
		}
		a.list[n].before = pe.Before
		for i, slot := range pe.Trampolines {
			a.carried[slot] = adapted{n, i}
		}
	}
	if len(a.list) == 0 {
		return nil
	}
	if _, err := p.engine.adapterHost(ctx); err != nil {
		return fmt.Errorf("adapters: %w", err)
	}
	if len(a.shared) == 0 {
		return nil
	}
	var err error
	if a.flags, err = p.engine.compile(ctx, flagsModule(a.shared)); err != nil {
		return fmt.Errorf("adapters: %w", err)
	}
	p.codes = append(p.codes, a.flags)
	return nil
}

// edge returns an edge of the plan as the generator takes it.
func (p *Program) edge(pe *plan.Edge) *adapter.Edge {
	e := &adapter.Edge{Caller: pe.Caller, Callee: pe.Callee, CallerMemory: pe.CallerMemory, CalleeMemory: pe.CalleeMemory,
		CheckLeave: pe.CheckLeave, LockCallee: pe.LockCallee, Entering: pe.Entering}
	for _, slot := range pe.Trampolines {
		lower := p.plan.Trampolines[slot].Def.(*plan.Lower)
		lift := p.plan.Lifts[lower.Func.(plan.LiftedFunc)]
		e.Funcs = append(e.Funcs, adapter.Func{Type: lift.Type, Core: lift.Func, Realloc: lift.Options.Realloc,
			PostReturn: lift.Options.PostReturn, CallerRealloc: lower.Options.Realloc})
	}
	return e
}

// compileAdapter compiles the parts of adapter n. It calls share for the instances whose flags they
// use.
func (p *Program) compileAdapter(ctx context.Context, n int, e *adapter.Edge, share func(instance int)) (adapterCode, error) {
	var code adapterCode
	var places [adapter.NumParts]places
	modules := adapter.Make(e, func(part adapter.Part, s adapter.Source) (string, string) {
		from, field := provider{}, s.Name
		switch s.Kind {
		case adapter.CoreFunc:
			x := p.plan.Funcs[s.Slot].(plan.CoreExport)
			from, field = provider{kind: fromCore, slot: x.Instance}, x.Name
		case adapter.Memory:
			x := p.plan.Memories[s.Slot]
			from, field = provider{kind: fromCore, slot: x.Instance}, x.Name
		case adapter.Flags:
			share(s.Slot)
			from, field = provider{kind: fromFlags}, strconv.Itoa(s.Slot)
		case adapter.Host:
			from = provider{kind: fromAdapterHost}
		case adapter.OtherPart:
			from = provider{kind: fromAdapter, slot: n, part: adapter.Part(s.Slot)}
		default:
			panic(fmt.Sprintf("unreachable: source %d", s.Kind))
		}
		return places[part].of(from), field
	})
	for i, data := range modules {
		if data == nil {
			continue
		}
		m, err := p.engine.compile(ctx, data)
		if err != nil {
			return code, err
		}
		p.codes = append(p.codes, m)
		code.parts[i] = coreCode{module: m, providers: places[i].list}
	}
	return code, nil
}

// flagsModule returns a core module that exports a global for the flags of each instance.
func flagsModule(instances []int) []byte {
	var b core.Builder
	for i, instance := range instances {
		b.Globals = append(b.Globals, core.Global{Type: core.GlobalType{Type: core.I32, Mutable: true}, Init: core.ConstExpr(core.I32Const(0))})
		b.Export(strconv.Itoa(instance), core.ExternGlobal, uint32(i))
	}
	return b.Append(nil)
}

// makeFlags makes the instance that holds the flags, and lets the component instances use it.
func (s *store) makeFlags(ctx context.Context) error {
	a := &s.prog.adapters
	if a.flags == nil {
		return nil
	}
	s.making = coreCode{module: a.flags}
	m, err := s.prog.engine.runtime.InstantiateModule(ctx, a.flags.code, s.prog.engine.config)
	if err != nil {
		return err
	}
	s.flags = m
	for _, i := range a.shared {
		s.insts[i].ShareFlags(m.ExportedGlobal(strconv.Itoa(i)).(api.MutableGlobal))
	}
	return nil
}

// makeAdapters makes the adapters that core instance i needs.
func (s *store) makeAdapters(ctx context.Context, i int) error {
	list := s.prog.adapters.list
	for n := len(s.adapters); n < len(list) && list[n].before == i; n++ {
		s.adapters = append(s.adapters, [adapter.NumParts]api.Module{})
		for part, code := range list[n].parts {
			if code.module == nil {
				continue
			}
			s.making = code
			m, err := s.prog.engine.runtime.InstantiateModule(ctx, code.module.code, s.prog.engine.config)
			if err != nil {
				return err
			}
			s.adapters[n][part] = m
		}
	}
	return nil
}

// closeAdapters closes the adapters and the flags.
func (s *store) closeAdapters(ctx context.Context, keep func(error)) {
	for _, parts := range s.adapters {
		for _, m := range parts {
			if m != nil {
				keep(m.Close(ctx))
			}
		}
	}
	if s.flags != nil {
		keep(s.flags.Close(ctx))
	}
	s.adapters, s.flags = nil, nil
}

// adapterHost returns the module of the host functions that adapters call. All programs share it.
func (e *Engine) adapterHost(ctx context.Context) (api.Module, error) {
	e.adapterHostMu.Lock()
	defer e.adapterHostMu.Unlock()
	if e.adapterHostModule != nil {
		return e.adapterHostModule, nil
	}
	b := e.runtime.NewHostModuleBuilder(trampolineModule)
	for name, t := range adapter.HostFuncs {
		b = b.NewFunctionBuilder().WithGoModuleFunction(adapterFuncs[name], engineTypes(t.Params), engineTypes(t.Results)).
			WithName(name).Export(name)
	}
	m, err := b.Compile(ctx)
	if err != nil {
		return nil, err
	}
	e.adapterHostModule, err = e.runtime.InstantiateModule(ctx, m, e.config)
	return e.adapterHostModule, err
}

// adapterFuncs are the host functions of adapters; see [adapter.HostFuncs].
var adapterFuncs = map[string]api.GoModuleFunc{
	"trap": func(_ context.Context, _ api.Module, stack []uint64) {
		panic(&canon.Trap{Message: adapter.Trap(stack[0]).Message(stack[1])})
	},
	"poll": func(ctx context.Context, _ api.Module, _ []uint64) { storeOf(ctx).poll(ctx) },
	"check-utf8": func(ctx context.Context, _ api.Module, stack []uint64) {
		m := storeOf(ctx).bytesAt(stack[0], stack[1], uint64(uint32(stack[2])))
		canon.CheckUTF8(m)
	},
	"move": func(ctx context.Context, _ api.Module, stack []uint64) {
		storeOf(ctx).move(ctx, stack, 1, func(src, dst []byte) int { return copy(dst, src) })
	},
	"move-utf8": func(ctx context.Context, _ api.Module, stack []uint64) {
		s := storeOf(ctx)
		s.move(ctx, stack, 1, func(src, dst []byte) int {
			n := wholeRunes(src)
			if !utf8.Valid(src[:n]) {
				canon.CheckUTF8(s.bytesAt(stack[0], stack[2], uint64(uint32(stack[4]))))
			}
			return copy(dst, src[:n])
		})
	},
	"move-checked": func(ctx context.Context, _ api.Module, stack []uint64) {
		kind, size, bound := scalars[adapter.Scalar(stack[5])], uint32(stack[6]), uint32(stack[7])
		storeOf(ctx).move(ctx, stack, size, func(src, dst []byte) int {
			canon.CopyScalars(dst, src, size, kind, bound)
			return len(src)
		})
	},
}

// scalars maps the kinds of scalars.
var scalars = map[adapter.Scalar]canon.Scalar{adapter.Bool: canon.ScalarBool, adapter.Char: canon.ScalarChar,
	adapter.Enum: canon.ScalarEnum, adapter.FlagSet: canon.ScalarFlags}

// maxMove is the number of bytes that are copied at once, a multiple of the size of every scalar.
// After each such piece the call can be interrupted.
const maxMove = 1 << 20

// pollMove is the number of bytes from which copying lets the end of the context interrupt the
// call: a list may have many elements of this size.
const pollMove = 64 << 10

// move copies from one memory to the other. The stack holds the slots of the memories, the two
// pointers, and the number of elements of size bytes. piece copies the start of a range of at most
// maxMove bytes and returns how much it copied.
func (s *store) move(ctx context.Context, stack []uint64, size uint32, piece func(src, dst []byte) int) {
	n := uint64(uint32(stack[4])) * uint64(size)
	src, dst := s.bytesAt(stack[0], stack[2], n), s.bytesAt(stack[1], stack[3], n)
	for len(src) > maxMove {
		k := piece(src[:maxMove], dst[:maxMove])
		src, dst = src[k:], dst[k:]
		s.poll(ctx)
	}
	for len(src) > 0 {
		k := piece(src, dst)
		src, dst = src[k:], dst[k:]
	}
	if n >= pollMove {
		s.poll(ctx)
	}
}

// wholeRunes returns the length of m without a character at its end that may continue after it.
func wholeRunes(m []byte) int {
	if len(m) < maxMove {
		return len(m)
	}
	for n := len(m) - 1; n >= len(m)-utf8.UTFMax; n-- {
		if utf8.RuneStart(m[n]) {
			return n
		}
	}
	return len(m)
}

// bytesAt returns a range of a memory.
func (s *store) bytesAt(memory, ptr, n uint64) []byte {
	m, ok := s.memoryAt(int(uint32(memory))).Read(uint32(ptr), uint32(n))
	if !ok || n > 1<<32-1 {
		canon.Trapf("out of bounds memory access")
	}
	return m
}

// poll lets other goroutines run now and then, and ends the call if its context has ended or the
// instance is being closed. It does nothing if guest code is uninterruptible.
func (s *store) poll(ctx context.Context) {
	if s.prog.engine.opts.Uninterruptible {
		return
	}
	if s.pauses++; s.pauses%pauses == 0 {
		runtime.Gosched()
	}
	if ctx.Err() != nil {
		panic(canon.EndOf(ctx))
	}
	if s.gate.closing() {
		panic(&canon.Trap{Message: closedMessage, Cause: ErrClosed})
	}
}

// Generated code and package canon agree on the flags.
var (
	_ = [1]struct{}{}[canon.Entered-adapter.Entered]
	_ = [1]struct{}{}[canon.Locked-adapter.Locked]
)
