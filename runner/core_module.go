package runner

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/types"
)

// CoreInstance is an instance of a core module that runs by itself, outside any component, as test
// scripts need it. It is not safe for concurrent use.
type CoreInstance struct {
	module api.Module // nil if only the type is known
	code   *compiled
	engine *Engine
	types  *types.Module

	sources *sources
}

// CoreImports returns the instance that provides the imports from the named module, or nil.
type CoreImports func(module string) *CoreInstance

// InstantiateCore instantiates a core module, which must be valid. The error is a [*Trap] if the
// start function or a segment traps.
//
// If the error is [ErrUnsupported], InstantiateCore also returns an instance of which only the type
// is known. It cannot be called, but other modules can be linked with it.
func (e *Engine) InstantiateCore(ctx context.Context, m *core.Module, imports CoreImports) (*CoreInstance, error) {
	l, err := e.linkCore(ctx, m, imports)
	if l == nil {
		return nil, err
	}
	inst := &CoreInstance{engine: e, types: l.types, sources: &sources{modules: []*core.Module{m}}}
	if err == nil {
		err = l.segmentsFit()
	}
	if err == nil {
		err = l.instantiate(ctx, inst)
	}
	switch {
	case err == nil || errors.Is(err, ErrUnsupported):
		return inst, err
	default:
		return nil, err
	}
}

// LinkCore returns nil if a core module, which must be valid, can be linked with its imports. The
// error is [ErrUnsupported] if the answer depends on the size of a table or memory of an instance
// that does not run.
func (e *Engine) LinkCore(ctx context.Context, m *core.Module, imports CoreImports) error {
	l, err := e.linkCore(ctx, m, imports)
	if l != nil && l.linked {
		return nil
	}
	return err
}

// coreLink is a core module together with the instances that it imports from.
type coreLink struct {
	engine    *Engine
	module    *core.Module
	types     *types.Module
	providers []*CoreInstance // by import
	// have holds the types of the imports, with the current sizes of tables and memories.
	have []types.CoreExtern
	// linked reports that all imports fit. This is known even if some come from instances that do not
	// run.
	linked bool
}

// linkCore finds the imports of a module. It returns nil if one is missing or does not fit. If the
// error is ErrUnsupported, only the types in the link are usable.
func (e *Engine) linkCore(ctx context.Context, m *core.Module, imports CoreImports) (*coreLink, error) {
	e.defsMu.Lock()
	t, err := m.Type(&e.defs)
	e.defsMu.Unlock()
	if err != nil {
		return nil, err
	}
	l := &coreLink{engine: e, module: m, types: t}
	var unknown error
	for _, im := range t.Imports {
		p := imports(im.Module)
		if p == nil {
			return nil, fmt.Errorf("unknown import: nothing is registered as `%s`", im.Module)
		}
		have, err := p.export(ctx, im.Name)
		if err != nil {
			return nil, err
		}
		if have == nil {
			return nil, fmt.Errorf("unknown import: `%s` does not export `%s`", im.Module, im.Name)
		}
		if mm := types.CoreSubtype(have, im.Type); mm != nil {
			if p.module != nil || types.CoreSubtype(grown(have), im.Type) != nil {
				return nil, fmt.Errorf("incompatible import type: `%s` of `%s`: %s", im.Name, im.Module, mm.Error())
			}
			unknown = unsupported("`%s` of `%s` may have grown, but does not run", im.Name, im.Module)
		}
		l.providers, l.have = append(l.providers, p), append(l.have, have)
	}
	l.linked = unknown == nil
	for i, p := range l.providers {
		if p.module == nil && unknown == nil {
			unknown = unsupported("it imports from `%s`, which does not run", t.Imports[i].Module)
		}
	}
	return l, unknown
}

// grown returns the type of a table or memory that has grown to its maximum. It returns other types
// unchanged.
func grown(x types.CoreExtern) types.CoreExtern {
	limit := func(l types.Limits) types.Limits {
		if l.Min = math.MaxUint64; l.HasMax {
			l.Min = l.Max
		}
		return l
	}
	switch x := x.(type) {
	case *types.CoreTable:
		return &types.CoreTable{Limits: limit(x.Limits), Elem: x.Elem}
	case *types.CoreMemory:
		return &types.CoreMemory{Limits: limit(x.Limits), PageSizeLog2: x.PageSizeLog2}
	}
	return x
}

// export returns the type of an export, or nil. Tables and memories have their current size.
func (c *CoreInstance) export(ctx context.Context, name string) (types.CoreExtern, error) {
	x := c.types.Export(name)
	if c.module == nil {
		return x, nil
	}
	switch x := x.(type) {
	case *types.CoreMemory:
		now := *x
		if pages, ok := c.module.ExportedMemory(name).Grow(0); ok {
			now.Min = uint64(pages)
		}
		return &now, nil
	case *types.CoreTable:
		n, known, err := c.engine.tableSize(ctx, c.module, name, x.Elem)
		now := *x
		if known {
			now.Min = n
		}
		return &now, err
	}
	return x, nil
}

// instantiate instantiates the module and stores the result in inst.
func (l *coreLink) instantiate(ctx context.Context, inst *CoreInstance) error {
	e := l.engine
	data := e.coreCode(l.module, true, func(i int, im core.Import) (string, string) { return strconv.Itoa(i), im.Name })
	if err := e.startCompiling(); err != nil {
		return err
	}
	defer e.endCompiling()
	if d := e.checkMemories("the module", l.module); d != nil {
		if d.Code == CodeEngine {
			return unsupported("%s", d.Message)
		}
		return d
	}
	code, err := e.compile(ctx, data)
	if err != nil {
		if names := lacking(l.module); names != "" {
			err = unsupported("the module needs %s, which the engine does not have", names)
		}
		return err
	}
	ctx = experimental.WithImportResolver(ctx, func(name string) api.Module {
		if i, err := strconv.Atoi(name); err == nil && i < len(l.providers) {
			return l.providers[i].module
		}
		return e.meter
	})
	mod, err := e.runtime.InstantiateModule(ctx, code.code, e.config)
	if err == nil {
		inst.module, inst.code = mod, code
		return nil
	}
	// The code is not released: an imported table may already hold functions of the module.
	if l.fillsImported() && !strings.HasPrefix(err.Error(), "start ") {
		return unsupported("the engine copies data before elements")
	}
	return coreTrap(err, inst.sources)
}

// unsupportedError is an error that matches [ErrUnsupported] and says what is not supported.
type unsupportedError string

func (e unsupportedError) Error() string { return string(e) }

// Is reports whether target is ErrUnsupported.
func (e unsupportedError) Is(target error) bool { return target == ErrUnsupported }

func unsupported(format string, args ...any) error {
	return unsupportedError(fmt.Sprintf(format, args...))
}

// coreTrap returns the [*Trap] for an error of the engine.
func coreTrap(err error, src *sources) error {
	return publish(newTrap(err, parseFrames(err.Error(), src)), "")
}

// TypeOnly returns an instance of the same type that does not run, for linking when the state of c
// is unreliable.
func (c *CoreInstance) TypeOnly() *CoreInstance {
	return &CoreInstance{engine: c.engine, types: c.types}
}

// Type returns the type of the module.
func (c *CoreInstance) Type() *types.Module { return c.types }

// Call calls an exported function. Core values are 64-bit words: an i32 in the low half, a float as
// its bits, a vector as two words, low half first. A null reference is 0. A non-null externref is
// any other number; a non-null funcref means nothing outside the engine. The error of a call that
// traps is a [*Trap]. If the function does not exist or does not take len(args) words, the error is
// of another kind.
func (c *CoreInstance) Call(ctx context.Context, name string, args []uint64) ([]uint64, error) {
	t, ok := c.types.Export(name).(*types.CoreFunc)
	if !ok {
		return nil, fmt.Errorf("there is no exported function `%s`", name)
	}
	if c.module == nil {
		return nil, unsupported("the instance does not run")
	}
	n := len(t.Params)
	for _, p := range t.Params {
		if p == types.V128 {
			n++
		}
	}
	if n != len(args) {
		return nil, fmt.Errorf("`%s` takes %s, %d given", name, diag.Count(n, "word"), len(args))
	}
	f := c.module.ExportedFunction(name)
	results, err := f.Call(ctx, args...)
	if err != nil {
		return nil, coreTrap(err, c.sources)
	}
	return results, nil
}

// Global returns the value of an exported global in the format of [CoreInstance.Call], and reports
// whether the global exists. For a vector, the value is its low half.
func (c *CoreInstance) Global(name string) (uint64, bool) {
	if c.module == nil {
		return 0, false
	}
	g := c.module.ExportedGlobal(name)
	if g == nil {
		return 0, false
	}
	return g.Get(), true
}

// Close releases the instance. Close the instances that import from it first.
func (c *CoreInstance) Close(ctx context.Context) error {
	if c.module == nil {
		return nil
	}
	return errors.Join(c.module.Close(ctx), c.engine.release(ctx, c.code))
}
