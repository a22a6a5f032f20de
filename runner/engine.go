package runner

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/runner/internal/codecache"
)

// Options configures an [Engine]. The zero value is the default.
type Options struct {
	// CacheDir keeps compiled code between processes, up to 1 GiB of it; what was not used for the longest time goes. It is made if it is missing.
	// Files in it that are damaged are replaced. Empty means no cache.
	CacheDir string
	// Interpreter runs core code without compiling it: slow, but quick to start and available on every platform.
	Interpreter bool
	// Workers is how many goroutines compile one core module; 0 means one for each processor.
	Workers int
	// Features are the proposals to accept. The zero Set means [feature.Default], [feature.None] means
	// none. Core proposals that the engine lacks are refused whatever is asked for here.
	Features feature.Set
	// MaxMemory bounds the bytes of each linear memory, in whole pages of 64 KiB and at least one. A module that starts with
	// more is refused; growing beyond it fails in the guest. 0 means 4 GiB for the interpreter, and a page less for compiled
	// code, which cannot have as much.
	MaxMemory uint64
	// Proposals turns on what the engine has of further core proposals: exceptions, typed function references and
	// threads. It needs Interpreter: the compiler restores locals wrongly when an exception is caught.
	Proposals bool
	// Timeouts lets the end of a call's context interrupt guest code, with a [*Trap] whose cause is the context's error.
	//
	// Guest code looks at the context in each round of a loop, which makes loops slower; it does not while it recurses, calls
	// itself in tail position, or runs a single long instruction such as memory.fill. Go's garbage collector cannot
	// interrupt compiled code either: when it wants to stop all goroutines, they stand still until the guest calls the host or
	// returns, timers included. The interpreter holds nobody up, but looks at the context in the same places.
	//
	// Without Timeouts, guest code runs to its end whatever becomes of the context. In both cases the context is looked at
	// before a call, and before each core module of an instantiation, and functions of the host get it: those of package
	// wasi that wait return when it ends, which is a trap.
	Timeouts bool
}

// Engine compiles components. It is safe for concurrent use.
type Engine struct {
	opts    Options
	runtime wazero.Runtime
	cache   wazero.CompilationCache
	config  wazero.ModuleConfig
	pool    memoryPool

	kept   *codecache.Cache // nil for none
	keptMu sync.Mutex       // held while a module is compiled with kept
	// defs makes the types of core modules that run by themselves comparable. defsMu guards it.
	defs   core.Interner
	defsMu sync.Mutex

	mu        sync.Mutex
	modules   map[moduleKey]*compiled
	stores    map[*store]struct{} // of the instances that are not yet released
	compiling int                 // how many compilations are in progress
	compiled  *sync.Cond          // one has ended
	closed    bool
	down      bool // it is released, or about to be
}

// pageSize is the size of a page of memory.
const pageSize = 1 << 16

// coreFeatures are what the engine runs correctly. Exceptions are left out: the compiler restores locals wrongly when one is caught.
const coreFeatures = api.CoreFeaturesV2 | experimental.CoreFeaturesTailCall | experimental.CoreFeaturesExtendedConst

// UnsafeCacheError is the error of [NewEngine] for a cache directory that others can write to: its files are run.
type UnsafeCacheError = codecache.UnsafeError

// NewEngine returns an engine. The error is about the cache directory.
func NewEngine(ctx context.Context, o Options) (*Engine, error) {
	o.Features = o.Features.OrDefault()
	rc := wazero.NewRuntimeConfig()
	if o.Interpreter {
		rc = wazero.NewRuntimeConfigInterpreter()
	}
	features := coreFeatures
	if o.Proposals && o.Interpreter {
		features |= experimental.CoreFeaturesExceptionHandling | experimental.CoreFeaturesTypedFunctionReferences | experimental.CoreFeaturesThreads
	}
	rc = rc.WithCoreFeatures(features).WithCloseOnContextDone(o.Timeouts)
	rc = rc.WithMemoryLimitPages(uint32(o.maxPages()))
	e := &Engine{opts: o, modules: make(map[moduleKey]*compiled), stores: make(map[*store]struct{})}
	e.compiled = sync.NewCond(&e.mu)
	if o.CacheDir != "" && !o.Interpreter {
		if err := e.openCache(); err != nil {
			return nil, fmt.Errorf("cache directory: %w", err)
		}
		rc = rc.WithCompilationCache(e.cache)
	}
	e.runtime = wazero.NewRuntimeWithConfig(ctx, rc)
	// One configuration for all instances: making one costs more than an instance. A given random source spares the engine from
	// seeding one of its own each time.
	e.config = wazero.NewModuleConfig().WithName("").WithStartFunctions().WithRandSource(rand.Reader)
	return e, nil
}

func (e *Engine) openCache() error {
	kept, err := codecache.Open(e.opts.CacheDir)
	if err != nil {
		return err
	}
	if e.cache, err = wazero.NewCompilationCacheWithDir(kept.Dir()); err != nil {
		return errors.Join(err, kept.Close())
	}
	e.kept = kept
	return kept.Bind()
}

// compileModule compiles a module with the code that was kept of it, or keeps its code. If code is kept, modules are
// compiled one at a time.
func (e *Engine) compileModule(ctx context.Context, data []byte) (wazero.CompiledModule, error) {
	if e.kept == nil {
		return e.runtime.CompileModule(ctx, data)
	}
	variant := ""
	if e.opts.Timeouts {
		variant = "timeouts"
	}
	e.keptMu.Lock()
	defer e.keptMu.Unlock()
	e.kept.Begin(codecache.KeyOf(data, variant))
	defer e.kept.End()
	m, err := e.runtime.CompileModule(ctx, data)
	for tries := 0; err != nil && ctx.Err() == nil && tries < 2; tries++ {
		// A cache must not stand in the way. The first time, the engine may have failed to read what was kept; the second time, to write what it
		// has compiled, and finds that in memory now.
		e.kept.Forget()
		m, err = e.runtime.CompileModule(ctx, data)
	}
	return m, err
}

// Close closes the engine's instances and releases everything that was compiled. Nothing of the engine can be used
// afterwards. Close waits until compilations in progress have ended; one that was interrupted does so after the function
// at hand.
//
// As [Instance.Close], it fails with [ErrBusy] if calls are in progress: the engine is released when the last of them
// ends.
func (e *Engine) Close(ctx context.Context) error {
	e.mu.Lock()
	e.closed = true
	for e.compiling > 0 {
		e.compiled.Wait()
	}
	stores := slices.Collect(maps.Keys(e.stores))
	down := e.mayShutDown()
	e.mu.Unlock()
	if down {
		return e.shutdown(ctx)
	}
	var err error
	busy := 0
	for _, s := range stores {
		// Releasing the last one shuts the engine down.
		switch cerr := s.close(ctx); {
		case errors.Is(cerr, ErrBusy):
			busy++
		default:
			err = errors.Join(err, cerr)
		}
	}
	if busy > 0 {
		err = errors.Join(err, fmt.Errorf("the engine is %w: it is released when the calls in progress end, of which there are %d", ErrBusy, busy))
	}
	return err
}

// mayShutDown reports, once, that the engine is closed and nothing uses it any more. The caller holds mu, and calls
// shutdown without it.
func (e *Engine) mayShutDown() bool {
	if !e.closed || e.compiling > 0 || len(e.stores) > 0 || e.down {
		return false
	}
	e.down = true
	return true
}

// shutdown releases the engine itself.
func (e *Engine) shutdown(ctx context.Context) error {
	err := e.runtime.Close(ctx)
	if e.cache != nil {
		err = errors.Join(err, e.cache.Close(ctx))
	}
	if e.kept != nil {
		err = errors.Join(err, e.kept.Close())
	}
	return err
}

// startCompiling counts a compilation, which [Engine.Close] waits for.
func (e *Engine) startCompiling() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return errEngineClosed
	}
	e.compiling++
	return nil
}

func (e *Engine) endCompiling() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.compiling--
	e.compiled.Broadcast()
}

var (
	errEngineClosed  = fmt.Errorf("the engine is %w", ErrClosed)
	errProgramClosed = fmt.Errorf("the program is %w", ErrClosed)
)

// open counts a store among those of its program and engine.
func (e *Engine) open(s *store) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.closed:
		return errEngineClosed
	case s.prog.closed:
		return errProgramClosed
	}
	e.stores[s] = struct{}{}
	s.prog.instances++
	return nil
}

// forget takes a store off the count, and releases the program and the engine if they were closed and this was the last.
func (e *Engine) forget(ctx context.Context, s *store) error {
	e.mu.Lock()
	delete(e.stores, s)
	s.prog.instances--
	program := s.prog.closed && s.prog.instances == 0
	engine := e.mayShutDown()
	e.mu.Unlock()
	var err error
	if program {
		err = s.prog.free(ctx)
	}
	if engine {
		err = errors.Join(err, e.shutdown(ctx))
	}
	return err
}
