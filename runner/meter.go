package runner

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"runtime"

	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/runner/internal/canon"
	"github.com/mortise-wasm/mortise/runner/internal/meter"
)

// meterModule is the name of the module that guest code calls when its counter runs out, and
// meterFunc that of the function.
const meterModule, meterFunc = "(meter)", "pause"

// portion is how much work guest code does before it calls the host, in units of about one
// instruction: usually some 20 to 50 microseconds.
const portion = 50_000

// startMeter makes the module that guest code calls when its counter runs out.
func (e *Engine) startMeter(ctx context.Context) error {
	i32 := []api.ValueType{api.ValueTypeI32}
	if _, ok := e.opts.Observer.(Sampler); ok {
		ctx = experimental.WithFunctionListenerFactory(ctx, sampling{})
	}
	m, err := e.runtime.NewHostModuleBuilder(meterModule).NewFunctionBuilder().
		WithGoModuleFunction(api.GoModuleFunc(pause), i32, i32).WithName(meterFunc).Export(meterFunc).Compile(ctx)
	if err != nil {
		return fmt.Errorf("host functions: %w", err)
	}
	if e.meter, err = e.runtime.InstantiateModule(ctx, m, e.config); err != nil {
		return fmt.Errorf("host functions: %w", err)
	}
	return nil
}

// pauses is how many portions guest code does before it yields to other goroutines. Go's scheduler
// would make it yield too, but only every 10 ms.
const pauses = 16

// pause is called by guest code every portion. It returns the new counter, or traps. That it is a
// function of Go is enough for the garbage collector.
//
// Guest code also calls it before it grows a table, with the number of elements.
func pause(ctx context.Context, _ api.Module, stack []uint64) {
	s, _ := ctx.Value(storeKey{}).(*store)
	counter := int32(stack[0])
	switch {
	case counter >= 0 && s != nil:
		s.growTables(uint64(counter))
		return
	case counter >= 0:
		return
	case s != nil:
		s.poll(ctx)
		counter = s.refuel(counter)
	default:
		runtime.Gosched()
		if ctx.Err() != nil {
			panic(canon.EndOf(ctx))
		}
		counter = portion
	}
	stack[0] = uint64(uint32(counter))
}

// coreCode returns the code to compile for a core module. It counts its work if metered is set and
// the engine is interruptible. rename returns the new names of its imports.
func (e *Engine) coreCode(m *core.Module, metered bool, rename func(i int, imp core.Import) (string, string)) []byte {
	if metered && e.meter != nil {
		o := meter.Options{Module: meterModule, Name: meterFunc, Import: rename}
		if meter.HasDebugInfo(m) {
			o.Source = sourceName(m)
		}
		if data, err := meter.Rewrite(m, o); err == nil {
			return data
		}
		// The module is not valid, which is for the engine to say.
	}
	return m.RewriteImports(rename)
}

// sourceName returns a name for the debug information of a module.
func sourceName(m *core.Module) string {
	h := sha256.New()
	for s := range m.Customs() {
		if s.Name == ".debug_info" || s.Name == ".debug_line" {
			h.Write(s.Data)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
