package runner

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
)

// decode decodes a component. If the input is not a component binary, the error says how to make
// one from it.
func decode(f *diag.File) (*encoding.Component, error) {
	switch text := bytes.TrimLeft(f.Data, " \t\r\n"); {
	case encoding.IsCoreModule(f.Data):
		return nil, diag.List{diag.At(f, 0, CodeNotComponent, "this is a core module: make a component from it first, with "+
			"`componentize.New` or `compose new`")}
	case bytes.HasPrefix(text, []byte("(")) || bytes.HasPrefix(text, []byte(";;")):
		return nil, diag.List{diag.At(f, 0, CodeNotComponent, "this is the text format: make a binary from it first, with "+
			"`wat.Parse` or `inspect parse`")}
	}
	c, err := encoding.Decode(f)
	if err != nil {
		return nil, diag.FromError(err)
	}
	return c, nil
}

// maxPages returns how many pages a linear memory can have. Compiled code counts bytes in 32 bits,
// so it would take a memory of 4 GiB for an empty one.
func (o Options) maxPages() uint64 {
	engine := uint64(1 << 16)
	if !o.Interpreter {
		engine--
	}
	return min(o.Limits.totalMemory()/pageSize, engine)
}

// checkMemories returns the diagnostic for the first memory of a module that exceeds the limit, or
// nil. path names the module.
func (e *Engine) checkMemories(path string, m *core.Module) *diag.Diagnostic {
	limit := e.opts.maxPages()
	for _, mem := range m.Memories {
		n := mem.Limits.Min
		switch {
		case mem.Limits.Is64 || mem.HasPageSize || n <= limit:
		case e.opts.Limits.totalMemory()/pageSize < n:
			return diag.Errorf(diag.Span{}, CodeMemory, "%s has a memory of %s, and the limit is %s", path, pages(n), pages(limit)).
				Helpf("raise it with Limits.MaxMemory")
		default:
			return diag.Errorf(diag.Span{}, CodeEngine, "%s has a memory of %s, and compiled code can use %s at most", path, pages(n), pages(limit)).
				Helpf("the interpreter can run it")
		}
	}
	return nil
}

// pages formats the size of n pages of memory: "1 page (64 KiB)".
func pages(n uint64) string {
	size := n * pageSize
	text := fmt.Sprintf("%d KiB", size>>10)
	switch {
	case size >= 1<<30 && size%(1<<30) == 0:
		text = fmt.Sprintf("%d GiB", size>>30)
	case size >= 1<<20 && size%(1<<20) == 0:
		text = fmt.Sprintf("%d MiB", size>>20)
	}
	return diag.Count(int(n), "page") + " (" + text + ")"
}

// moduleKey identifies code by the bytes it was compiled from.
type moduleKey = [sha256.Size]byte

// compiled is a core module that the engine has compiled or is compiling. All its users share it.
type compiled struct {
	key   moduleKey
	users int // guarded by the engine's mu
	// ready is closed when code or err is set.
	ready chan struct{}
	code  wazero.CompiledModule
	err   error
}

// compile compiles a core module or returns the compiled module if the engine has one. If another
// goroutine is compiling the same module, compile waits for the result.
func (e *Engine) compile(ctx context.Context, data []byte) (*compiled, error) {
	key := sha256.Sum256(data)
	for {
		e.mu.Lock()
		c := e.modules[key]
		if c == nil {
			c = &compiled{key: key, users: 1, ready: make(chan struct{})}
			e.modules[key] = c
			e.mu.Unlock()
			return c, e.make(ctx, c, data)
		}
		c.users++
		e.mu.Unlock()
		select {
		case <-c.ready:
		case <-ctx.Done():
			return nil, errors.Join(checkContext(ctx), e.release(context.WithoutCancel(ctx), c))
		}
		if c.err == nil {
			return c, nil
		}
		if !errors.Is(c.err, context.Canceled) && !errors.Is(c.err, context.DeadlineExceeded) {
			return nil, c.err
		}
		// The context of the other goroutine has ended, which is no reason to give up here.
	}
}

// largeModule is the size of modules of which fewer functions are compiled at a time.
const largeModule = 8 << 20

// defaultWorkers returns how many goroutines compile a module of the given size, unless an option
// says so. A single one would not notice that the context has ended.
func defaultWorkers(size int) int {
	workers := max(runtime.GOMAXPROCS(0), 2)
	if size > largeModule {
		return min(workers, 4)
	}
	return workers
}

// make compiles c and wakes the goroutines that wait for it.
func (e *Engine) make(ctx context.Context, c *compiled, data []byte) error {
	workers := e.opts.Workers
	if workers == 0 {
		workers = defaultWorkers(len(data))
	}
	done := false
	defer func() {
		if !done {
			c.err = errors.New("the compiler panicked")
		}
		if c.err != nil {
			e.mu.Lock()
			delete(e.modules, c.key)
			e.mu.Unlock()
		}
		close(c.ready)
	}()
	c.code, c.err = e.compileModule(experimental.WithCompilationWorkers(ctx, workers), data)
	done = true
	return c.err
}

// release gives up one use of a module that [Engine.compile] returned or waited for.
func (e *Engine) release(ctx context.Context, c *compiled) error {
	// The lock is held to the end so that a new compilation of the same module cannot overtake.
	e.mu.Lock()
	defer e.mu.Unlock()
	if c.users--; c.users > 0 {
		return nil
	}
	delete(e.modules, c.key)
	return c.code.Close(ctx)
}
