package runner

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/runner/internal/canon"
)

// CoreInstance is a core module that runs by itself, outside any component, as test scripts have them. It is not safe for concurrent use.
type CoreInstance struct {
	module api.Module
	code   *compiled
	engine *Engine
	types  *types.Module
}

// InstantiateCore makes an instance of a core module. imports returns the instance that the imports from a module name come from, or nil when
// there is none. The error is a [*Trap] when the start function, or a segment, traps.
func (e *Engine) InstantiateCore(ctx context.Context, m *core.Module, imports func(module string) *CoreInstance) (*CoreInstance, error) {
	t, err := m.Type(nil)
	if err != nil {
		return nil, err
	}
	providers := make([]*CoreInstance, len(m.Imports))
	data := m.RewriteImports(func(i int, im core.Import) (string, string) {
		providers[i] = imports(im.Module)
		return strconv.Itoa(i), im.Name
	})
	for i, im := range t.Imports {
		if providers[i] == nil {
			return nil, fmt.Errorf("unknown import: nothing is registered as `%s`", im.Module)
		}
		have := providers[i].types.Export(im.Name)
		if have == nil {
			return nil, fmt.Errorf("unknown import: `%s` exports no `%s`", im.Module, im.Name)
		}
		if mm := types.CoreSubtype(have, im.Type); mm != nil {
			return nil, fmt.Errorf("incompatible import type: `%s` of `%s`: %s", im.Name, im.Module, mm.Error())
		}
	}
	code, err := e.compile(ctx, data)
	if err != nil {
		if names := lacking(m); names != "" {
			err = fmt.Errorf("the module needs %s, which the engine does not have: %w", names, ErrUnsupported)
		}
		return nil, err
	}
	ctx = experimental.WithImportResolver(ctx, func(name string) api.Module {
		if i, err := strconv.Atoi(name); err == nil && i < len(providers) {
			return providers[i].module
		}
		return nil
	})
	mod, err := e.runtime.InstantiateModule(ctx, code.code, e.config)
	if err != nil {
		return nil, errors.Join(coreTrap(err), e.release(ctx, code))
	}
	return &CoreInstance{module: mod, code: code, engine: e, types: t}, nil
}

// coreTrap words an error of the engine.
func coreTrap(err error) error {
	return publish(&canon.Trap{Message: trapMessage(err.Error()), Cause: err, Frames: parseFrames("", err.Error())}, "")
}

// Type returns the type of the module.
func (c *CoreInstance) Type() *types.Module { return c.types }

// Call calls an exported function. Core values are 64-bit words: an i32 in the low half, a float as its bits. The error of a call that goes wrong
// is a [*Trap]; a function that is not there, or takes other than len(args) words, is an error of another kind.
func (c *CoreInstance) Call(ctx context.Context, name string, args []uint64) ([]uint64, error) {
	f := c.module.ExportedFunction(name)
	if f == nil {
		return nil, fmt.Errorf("there is no exported function `%s`", name)
	}
	if n := len(f.Definition().ParamTypes()); n != len(args) {
		return nil, fmt.Errorf("`%s` takes %d words, %d are given", name, n, len(args))
	}
	results, err := f.Call(ctx, args...)
	if err != nil {
		return nil, coreTrap(err)
	}
	return results, nil
}

// Global returns the value of an exported global, as [CoreInstance.Call] has values, and whether there is one.
func (c *CoreInstance) Global(name string) (uint64, bool) {
	g := c.module.ExportedGlobal(name)
	if g == nil {
		return 0, false
	}
	return g.Get(), true
}

// Close releases the instance. Those that import from it must be closed before.
func (c *CoreInstance) Close(ctx context.Context) error {
	return errors.Join(c.module.Close(ctx), c.engine.release(ctx, c.code))
}
