package runner

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/runner/internal/adapter"
	"github.com/mortise-wasm/mortise/runner/internal/canon"
	"github.com/mortise-wasm/mortise/runner/internal/plan"
)

// Program is a compiled component. It is immutable and safe for concurrent use.
type Program struct {
	engine *Engine
	plan   *plan.Program

	adapters adapters

	cores []coreCode   // by core instance slot
	hosts []api.Module // by component instance: the module of its trampolines, or nil
	codes []*compiled  // to release
	lifts []*canon.Sig // by lift slot
	lower []*canon.Sig // by trampoline slot; nil for most built-ins
	// copiers are the copiers of lowered functions, by trampoline slot. Functions of the host and of
	// the same component instance have none.
	copiers []*canon.Copier
	hostM   []wazero.CompiledModule // to release
	sources *sources
	coreCodes

	// Guarded by the engine's mu.
	instances int  // not yet released
	closed    bool // the code is released with the last instance
}

// coreCode is what a core instance is made from.
type coreCode struct {
	module *compiled
	owner  int // the component instance that the core instance belongs to
	// source is the module before its imports were renamed, and imports are their sources.
	source  *core.Module
	imports []plan.CoreDef
	// providers are the sources of imports.
	providers []provider
	// elems are the element segments that may not fit their tables.
	elems []activeElem
	needs needs
}

// provider is an instance that others import from.
type provider struct {
	kind providerKind
	slot int          // of a core instance or an adapter
	part adapter.Part // of an adapter
}

type providerKind uint8

const (
	fromCore        providerKind = iota + 1 // a core instance
	fromTrampolines                         // the module of trampolines
	fromAdapter                             // a part of an adapter
	fromAdapterHost                         // the host functions of adapters
	fromFlags                               // the flags of component instances
)

// places numbers the providers of one module.
type places struct {
	list   []provider
	number map[provider]int
}

// of returns the name under which a module imports from a provider.
func (p *places) of(x provider) string {
	n, ok := p.number[x]
	if !ok {
		if p.number == nil {
			p.number = make(map[provider]int)
		}
		n = len(p.list)
		p.number[x] = n
		p.list = append(p.list, x)
	}
	return strconv.Itoa(n)
}

// coreCodes is the compiled code of core modules, which a program keeps. It guards the program's
// codes.
type coreCodes struct {
	mu sync.Mutex
	// shapes has the parts of the code that do not depend on the place of instantiation.
	shapes map[shape]coreCode
	// supplied has the code of core instances that are made from modules of the host.
	supplied map[place]coreCode
}

// shape is a core module with the new names of its imports.
type shape struct {
	module *core.Module
	names  string
}

// place is the slot of a core instance, and the module that it is made from.
type place struct {
	slot   int
	module *core.Module
}

// Type returns the component's type: what it imports and exports.
func (p *Program) Type() *types.Component { return p.plan.Type }

// Compile decodes, validates and compiles a component. name is used in messages. The error is a
// [diag.List] unless the engine itself fails. If ctx ends first, Compile returns at once with the
// cause; data must then not be changed until the engine is closed.
func (e *Engine) Compile(ctx context.Context, name string, data []byte) (*Program, error) {
	return e.interruptible(ctx, func() (*Program, error) {
		f := diag.NewBinary(name, data)
		c, err := decode(f)
		if err != nil {
			return nil, err
		}
		info, err := e.validate(f, c)
		if err != nil {
			return nil, err
		}
		return e.compileInfo(ctx, info)
	})
}

// CompileInfo is like [Engine.Compile] for a component that is already validated, such as one that
// another package made. It validates the component again only if it was validated with features
// that the engine was not given.
func (e *Engine) CompileInfo(ctx context.Context, info *validate.Info) (*Program, error) {
	return e.interruptible(ctx, func() (*Program, error) {
		if !e.opts.Features.HasAll(info.Features) {
			var err error
			if info, err = e.validate(info.File, info.Component); err != nil {
				return nil, err
			}
		}
		return e.compileInfo(ctx, info)
	})
}

func (e *Engine) validate(f *diag.File, c *encoding.Component) (*validate.Info, error) {
	return validate.Component(f, c, validate.Options{Features: e.opts.Features})
}

func (e *Engine) compileInfo(ctx context.Context, info *validate.Info) (*Program, error) {
	f := info.File
	pl, err := plan.New(info, e.opts.Limits.MaxCoreInstances)
	if err != nil {
		return nil, diag.List{unplanned(f, err)}
	}
	p := &Program{engine: e, plan: pl, sources: &sources{}}
	p.compileTypes()
	if err := p.compileAdapters(ctx); err != nil {
		return nil, errors.Join(err, p.Close(ctx))
	}
	if err := p.compileCores(ctx, f); err != nil {
		return nil, errors.Join(err, p.Close(ctx))
	}
	if err := p.compileHosts(ctx); err != nil {
		return nil, errors.Join(err, p.Close(ctx))
	}
	return p, nil
}

// unplanned returns the diagnostic for a component that cannot be planned.
func unplanned(f *diag.File, err error) *diag.Diagnostic {
	d := diag.At(f, 0, CodePlan, "%v", err)
	var perr *plan.Error
	if errors.As(err, &perr) && perr.CoreInstances > 0 {
		d.Cause = &LimitError{Limit: perr.CoreInstances, What: "core instances", Option: "Limits.MaxCoreInstances"}
	}
	return d
}

// compileTypes compiles the function types of all lifts, lowered functions and imports.
func (p *Program) compileTypes() {
	compilers := make([]*canon.Compiler, len(p.plan.Instances))
	slot := func(scope plan.Scope) func(*types.Resource) int {
		return func(r *types.Resource) int {
			s, ok := scope[r]
			if !ok {
				panic(fmt.Sprintf("unreachable: resource `%s` has no slot", r.Name))
			}
			return s
		}
	}
	sig := func(inst int, t *types.Func) *canon.Sig {
		if compilers[inst] == nil {
			compilers[inst] = canon.NewCompiler(slot(p.plan.Instances[inst].Scope))
		}
		return compilers[inst].Sig(t)
	}
	for _, l := range p.plan.Lifts {
		p.lifts = append(p.lifts, sig(l.Instance, l.Type))
	}
	for _, t := range p.plan.Trampolines {
		var s *canon.Sig
		var k *canon.Copier
		switch d := t.Def.(type) {
		case *plan.Lower:
			s = sig(t.Instance, d.Type)
			if callee, ok := d.Func.(plan.LiftedFunc); ok && p.plan.Lifts[callee].Instance != t.Instance {
				k = canon.NewCopier(s, p.lifts[callee])
			}
		case *plan.Builtin:
			if d.Op == encoding.OpTaskReturn {
				f := &types.Func{Result: d.Type}
				if d.Type != nil {
					f.Params = []types.Param{{Name: "result", Type: d.Type}}
				}
				s = sig(t.Instance, f)
			}
		}
		p.lower, p.copiers = append(p.lower, s), append(p.copiers, k)
	}
}

// compileCores compiles each core module of the component.
func (p *Program) compileCores(ctx context.Context, f *diag.File) error {
	for _, ci := range p.plan.CoreInstances {
		if ci.Module.Supplied != nil {
			p.cores = append(p.cores, coreCode{}) // the linked program has the code
			continue
		}
		code, d := p.compileCore(ctx, ci.Module.Path, ci.Owner, ci.Module.Module, ci.Imports)
		if d != nil {
			d.Primary = diag.At(f, ci.Module.Def.Start, d.Code, "").Primary
			if path := p.plan.Instances[ci.Owner].Path; path != "" {
				d.In("%s", path)
			}
			return diag.List{d}
		}
		p.cores = append(p.cores, code)
	}
	return nil
}

// compileCore compiles a core module for a component instance, after renaming its imports. The
// diagnostic of a module that the engine refuses has no place.
func (p *Program) compileCore(ctx context.Context, path string, owner int, m *core.Module, imports []plan.CoreDef) (coreCode, *diag.Diagnostic) {
	code := coreCode{owner: owner, source: m, imports: imports}
	names := p.rename(&code)
	key := shape{m, fmt.Sprintf("%q", names)}
	p.coreCodes.mu.Lock()
	shared, ok := p.shapes[key]
	p.coreCodes.mu.Unlock()
	if !ok {
		var d *diag.Diagnostic
		if shared, d = p.compileShape(ctx, path, m, names); d != nil {
			return code, d
		}
		shared = p.keep(key, shared)
	}
	code.module, code.elems, code.needs = shared.module, shared.elems, shared.needs
	return code, nil
}

// keep keeps the code of a shape. If another goroutine was faster, it returns that one's code.
func (p *Program) keep(key shape, code coreCode) coreCode {
	p.coreCodes.mu.Lock()
	defer p.coreCodes.mu.Unlock()
	p.codes = append(p.codes, code.module)
	if got, ok := p.shapes[key]; ok {
		return got
	}
	if p.shapes == nil {
		p.shapes = make(map[shape]coreCode)
	}
	p.shapes[key] = code
	p.sources.add(key.module)
	return code
}

// compileShape compiles a core module with new names of its imports.
func (p *Program) compileShape(ctx context.Context, path string, m *core.Module, names [][2]string) (coreCode, *diag.Diagnostic) {
	if d := p.engine.checkMemories(path, m); d != nil {
		return coreCode{}, d
	}
	rename := func(i int, _ core.Import) (string, string) { return names[i][0], names[i][1] }
	c, err := p.engine.compile(ctx, p.engine.coreCode(m, true, rename))
	if err != nil && ctx.Err() == nil {
		// The message is about the module as it was before rewriting.
		if c, perr := p.engine.compile(ctx, p.engine.coreCode(m, false, rename)); perr != nil {
			err = perr
		} else {
			err = errors.Join(err, p.engine.release(ctx, c))
		}
	}
	if err != nil {
		return coreCode{}, refused(path, m, err)
	}
	return coreCode{module: c, elems: uncertainElems(m), needs: needsOf(m)}, nil
}

// refused returns the diagnostic for a module that the engine does not compile.
func refused(path string, m *core.Module, err error) *diag.Diagnostic {
	d := diag.Errorf(diag.Span{}, CodeEngine, "%s cannot be compiled", path)
	if lacking := lacking(m); lacking != "" {
		d.Message = fmt.Sprintf("%s needs %s, which the engine does not have", path, lacking)
	}
	return d.Notef("the engine says: %v", err)
}

// engineFeatures are the core proposals that the engine supports: version 2.0, tail calls and
// extended constant expressions.
var engineFeatures = mustFeatures("wasm2,tail-call,extended-const")

func mustFeatures(list string) feature.Set {
	set, err := feature.Parse(feature.Default(), list)
	if err != nil {
		panic(err)
	}
	return set
}

// lacking names the proposals that a module needs and the engine does not support. It returns "" if
// missing proposals are not the reason why the module was refused.
func lacking(m *core.Module) string {
	validates := func(set feature.Set) bool { return core.Validate(m, set, core.ValidateOptions{}) == nil }
	need := feature.All()
	if validates(engineFeatures) || !validates(need) {
		return ""
	}
	// If either of two proposals would do, the later one, which is the larger, is dropped.
	for _, f := range slices.Backward(slices.Collect(need.Features())) {
		if !engineFeatures.Has(f) && validates(need.Without(f)) {
			need = need.Without(f)
		}
	}
	var names []string
	for f := range need.Features() {
		if !engineFeatures.Has(f) {
			names = append(names, "`"+f.String()+"`")
		}
	}
	return strings.Join(names, " and ")
}

// rename returns the new names of the imports of a core module: the module part is the position of
// the import's provider in the code's providers, which rename sets. Two instantiations of one
// module with arguments of the same shape yield the same names and so share code.
func (p *Program) rename(code *coreCode) [][2]string {
	var places places
	numbers := make(map[int]int)
	for n, slot := range p.plan.Instances[code.owner].Trampolines {
		numbers[slot] = n
	}
	names := make([][2]string, len(code.imports))
	for i, def := range code.imports {
		switch d := def.(type) {
		case plan.CoreExport:
			names[i] = [2]string{places.of(provider{kind: fromCore, slot: d.Instance}), d.Name}
		case plan.TrampolineRef:
			if a, ok := p.adapters.carried[int(d)]; ok {
				names[i] = [2]string{places.of(provider{kind: fromAdapter, slot: a.adapter, part: adapter.Entry}), strconv.Itoa(a.fn)}
			} else {
				names[i] = [2]string{places.of(provider{kind: fromTrampolines}), strconv.Itoa(numbers[int(d)])}
			}
		default:
			panic(fmt.Sprintf("unreachable: %T", d))
		}
	}
	code.providers = places.list
	return names
}

// trampolineModule is the name of the trampolines' modules in the engine's stack traces.
const trampolineModule = "(canon)"

// compileHosts makes a module of host functions for each component instance that has trampolines.
// The modules are stateless: a call finds its store through the context.
func (p *Program) compileHosts(ctx context.Context) error {
	p.hosts = make([]api.Module, len(p.plan.Instances))
	for i, inst := range p.plan.Instances {
		if len(inst.Trampolines) == 0 {
			continue
		}
		b := p.engine.runtime.NewHostModuleBuilder(trampolineModule)
		for n, slot := range inst.Trampolines {
			t := p.plan.Trampolines[slot]
			call := api.GoModuleFunc(func(ctx context.Context, _ api.Module, stack []uint64) {
				s := storeOf(ctx)
				s.trampoline(slot).Call(ctx, stack)
				if s.gate.closing() {
					panic(&canon.Trap{Message: closedMessage, Cause: ErrClosed})
				}
			})
			b = b.NewFunctionBuilder().WithGoModuleFunction(call, engineTypes(t.Sig.Params), engineTypes(t.Sig.Results)).
				WithName(t.Name).Export(strconv.Itoa(n))
		}
		m, err := b.Compile(ctx)
		if err != nil {
			return fmt.Errorf("host functions: %w", err)
		}
		p.hostM = append(p.hostM, m)
		if p.hosts[i], err = p.engine.runtime.InstantiateModule(ctx, m, p.engine.config); err != nil {
			return fmt.Errorf("host functions: %w", err)
		}
	}
	return nil
}

func engineTypes(vs []types.CoreVal) []api.ValueType {
	out := make([]api.ValueType, len(vs))
	for i, v := range vs {
		switch v {
		case types.I32:
			out[i] = api.ValueTypeI32
		case types.I64:
			out[i] = api.ValueTypeI64
		case types.F32Core:
			out[i] = api.ValueTypeF32
		case types.F64Core:
			out[i] = api.ValueTypeF64
		default:
			panic(fmt.Sprintf("unreachable: %v", v))
		}
	}
	return out
}

// Close releases the program's code after the last of its instances is closed. No more instances
// can be made.
func (p *Program) Close(ctx context.Context) error {
	e := p.engine
	e.mu.Lock()
	free := !p.closed && p.instances == 0
	p.closed = true
	e.mu.Unlock()
	if free {
		return p.free(ctx)
	}
	return nil
}

// free releases the program's code.
func (p *Program) free(ctx context.Context) error {
	var err error
	for _, m := range p.hosts {
		if m != nil {
			err = errors.Join(err, m.Close(ctx))
		}
	}
	for _, m := range p.hostM {
		err = errors.Join(err, m.Close(ctx))
	}
	for _, c := range p.codes {
		err = errors.Join(err, p.engine.release(ctx, c))
	}
	p.hosts, p.hostM, p.codes = nil, nil, nil
	p.shapes, p.supplied = nil, nil
	return err
}
