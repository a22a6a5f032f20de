package runner

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
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
	// MaxMemory bounds the bytes of each linear memory; 0 means 4 GiB.
	MaxMemory uint64
	// Proposals turns on what the engine has of further core proposals: exceptions, typed function references and
	// threads. It needs Interpreter: the compiler restores locals wrongly when an exception is caught.
	Proposals bool
	// Timeouts lets a call be interrupted when its context ends. Loops become slower by a check in each round.
	Timeouts bool
}

// Engine compiles components. It is safe for concurrent use.
type Engine struct {
	opts    Options
	runtime wazero.Runtime
	cache   wazero.CompilationCache
	kept    *codecache.Cache // nil for none; guarded by mu
	config  wazero.ModuleConfig

	mu      sync.Mutex
	modules map[moduleKey]*compiled
	pool    memoryPool
	// defs makes the types of core modules that run by themselves comparable. defsMu guards it.
	defs   core.Interner
	defsMu sync.Mutex

	compiling sync.WaitGroup
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
	if o.MaxMemory > 0 {
		rc = rc.WithMemoryLimitPages(uint32(min(max(o.MaxMemory/pageSize, 1), 1<<16)))
	}
	e := &Engine{opts: o, modules: make(map[moduleKey]*compiled)}
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

// compileModule compiles a module with the code that was kept of it, or keeps its code. The caller holds e.mu.
func (e *Engine) compileModule(ctx context.Context, data []byte) (wazero.CompiledModule, error) {
	if e.kept == nil {
		return e.runtime.CompileModule(ctx, data)
	}
	variant := ""
	if e.opts.Timeouts {
		variant = "timeouts"
	}
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

// Close releases everything that was compiled. No program of the engine can be used afterwards. Close waits until compilers that were interrupted
// have ended, which takes as long as the function at hand.
func (e *Engine) Close(ctx context.Context) error {
	e.compiling.Wait()
	err := e.runtime.Close(ctx)
	if e.cache != nil {
		if cerr := e.cache.Close(ctx); err == nil {
			err = cerr
		}
	}
	return err
}
