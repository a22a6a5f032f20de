package runner

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/runner/internal/codecache"
)

// Options configures an [Engine]. The zero value is the default.
type Options struct {
	// CacheDir is a directory that keeps compiled code between processes. NewEngine creates it if it
	// is missing, and limits its code to 1 GiB by removing the code that was unused for longest.
	// Damaged files are replaced. Empty means no cache.
	CacheDir string
	// Interpreter runs core code without compiling it. The interpreter is slow, but it starts quickly
	// and works on every platform.
	Interpreter bool
	// Workers is the number of goroutines that compile one core module. 0 means one per processor, but
	// at most 4 for a module of more than 8 MiB, because each of them may need 50 MB or more. With 1,
	// compiling does not stop when its context ends, though [Engine.Compile] returns at once.
	Workers int
	// Features are the proposals to accept. The zero Set means [feature.Default], and [feature.None]
	// means none. Core proposals that the engine lacks are always refused.
	Features feature.Set
	// Limits limit what each instance can make the host spend.
	Limits Limits
	// Proposals turns on the engine's further core proposals: exceptions, typed function references
	// and threads. It requires Interpreter, because the compiler restores locals wrongly when an
	// exception is caught.
	Proposals bool
	// Uninterruptible runs guest code as it is, which makes calls between its functions and short
	// loops somewhat faster. Code that is not trusted must not run this way: it runs to its end
	// regardless of the context, and while it runs, Go's garbage collector and with it every goroutine
	// of the process may have to wait for it.
	//
	// By default, guest code counts its work. Every few dozen microseconds it lets other goroutines
	// run and looks at the context of the call. If that has ended, the call fails with a [*Trap] whose
	// cause is the context's error. That holds for loops, recursion, tail calls and long instructions
	// such as memory.fill. A call between functions takes about half a nanosecond longer. A round of a
	// loop takes up to 0.3 ns longer, or up to a nanosecond if the loop contains calls.
	//
	// In both cases the context is checked before a call and before each core module of an
	// instantiation. Functions of the host receive it: those of package wasi that wait return when it
	// ends, which is a trap.
	Uninterruptible bool
	// Observer is told of every call at the level of WIT; see package record and [Call]. Observed
	// calls are slow: their values are values of Go even between two components. nil means none.
	Observer Observer
}

// Engine compiles components. It is safe for concurrent use.
type Engine struct {
	opts    Options
	runtime wazero.Runtime
	cache   wazero.CompilationCache
	config  wazero.ModuleConfig
	pool    memoryPool
	meter   api.Module // nil if guest code is uninterruptible
	stacks  atomic.Pointer[stackLayout]

	// adapterHostModule has the host functions of adapters; it is made when a program first needs it.
	adapterHostModule api.Module
	adapterHostMu     sync.Mutex
	noAdapters        bool // for tests that compare

	kept *codecache.Cache // nil for none
	// defs makes the types of core modules that run by themselves comparable. defsMu guards it.
	defs   core.Interner
	defsMu sync.Mutex

	mu        sync.Mutex
	modules   map[moduleKey]*compiled
	stores    map[*store]struct{} // of the instances that are not yet released
	compiling int                 // number of compilations in progress
	compiled  *sync.Cond          // signalled when a compilation ends
	closed    bool
	down      bool // released, or about to be
}

// pageSize is the size of a page of memory.
const pageSize = 1 << 16

// coreFeatures are the features that the engine runs correctly. Exceptions are excluded because the
// compiler restores locals wrongly when one is caught.
const coreFeatures = api.CoreFeaturesV2 | experimental.CoreFeaturesTailCall | experimental.CoreFeaturesExtendedConst

// UnsafeCacheError is the error of [NewEngine] for a cache directory that others can write to. Such
// a directory is unsafe because the engine runs the code in its files.
type UnsafeCacheError = codecache.UnsafeError

// NewEngine returns an engine. It fails only if the cache directory cannot be used.
func NewEngine(ctx context.Context, o Options) (*Engine, error) {
	o.Features = o.Features.OrDefault()
	o.Limits.defaultLimits()
	if o.Limits.Fuel > 0 && o.Uninterruptible {
		return nil, errors.New("uninterruptible code cannot count its fuel")
	}
	rc := wazero.NewRuntimeConfig()
	if o.Interpreter {
		rc = wazero.NewRuntimeConfigInterpreter()
	}
	features := coreFeatures
	if o.Proposals && o.Interpreter {
		features |= experimental.CoreFeaturesExceptionHandling | experimental.CoreFeaturesTypedFunctionReferences | experimental.CoreFeaturesThreads
	}
	rc = rc.WithCoreFeatures(features)
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
	// All instances share one configuration because making one costs more than an instance. Passing a
	// random source spares the engine from seeding its own each time.
	e.config = wazero.NewModuleConfig().WithName("").WithStartFunctions().WithRandSource(rand.Reader)
	if !o.Uninterruptible {
		if err := e.startMeter(ctx); err != nil {
			return nil, errors.Join(err, e.shutdown(ctx))
		}
	}
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

// compileModule compiles a module with the cache if there is one.
func (e *Engine) compileModule(ctx context.Context, data []byte) (wazero.CompiledModule, error) {
	if e.kept == nil {
		return e.runtime.CompileModule(ctx, data)
	}
	use := e.kept.Begin(codecache.KeyOf(data, ""))
	defer use.End()
	m, err := e.runtime.CompileModule(ctx, data)
	for tries := 0; err != nil && ctx.Err() == nil && tries < 2; tries++ {
		// A broken cache must not prevent compilation. The first time, the engine may have failed to read
		// the cached code. The second time, it may have failed to write the code it compiled; now it
		// finds that code in memory.
		use.Forget()
		m, err = e.runtime.CompileModule(ctx, data)
	}
	return m, err
}

// Close closes the engine's instances and releases all compiled code. The engine and everything
// made with it are unusable afterwards. Close waits for compilations in progress; one that was
// interrupted ends after the current function.
//
// Like [Instance.Close], Close fails with [ErrBusy] if calls are in progress. The engine is then
// released when the last of them ends.
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
		err = errors.Join(err, fmt.Errorf("the engine is %w by %s: it is released when the last one ends", ErrBusy, diag.Count(busy, "call")))
	}
	return err
}

// mayShutDown returns true once, when the engine is closed and no longer in use. The caller holds
// mu and must call shutdown after unlocking it.
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

// startCompiling registers a compilation for [Engine.Close] to wait for.
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

// open registers a store with its program and engine.
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

// forget unregisters a store. It releases the program and the engine if they are closed and this
// was their last store.
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
