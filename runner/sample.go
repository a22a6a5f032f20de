package runner

import (
	"context"
	"strings"

	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/mortise-wasm/mortise/runner/internal/meter"
)

// sampling makes the engine show the stack at each call of pause. It listens to this host function
// alone, so guest code is the same as without it.
type sampling struct{}

// NewFunctionListener implements [experimental.FunctionListenerFactory].
func (sampling) NewFunctionListener(api.FunctionDefinition) experimental.FunctionListener {
	return experimental.FunctionListenerFunc(sample)
}

// sample tells the observer where guest code is.
func sample(ctx context.Context, _ api.Module, _ api.FunctionDefinition, _ []uint64, stack experimental.StackIterator) {
	s, _ := ctx.Value(storeKey{}).(*store)
	if s == nil || s.seen == nil || s.seen.current == nil {
		return
	}
	sampler, ok := s.seen.observer.(Sampler)
	if !ok {
		return
	}
	c := s.seen.current
	sampler.Sample(c, func() (frames []Frame) {
		for stack.Next() {
			name := stack.Function().Definition().DebugName()
			if strings.HasPrefix(name, meterModule+".") || strings.Contains(name, meter.FuncPrefix) {
				continue // not a function of the guest
			}
			frames = append(frames, Frame{Component: c.To, Func: name})
		}
		return frames
	})
}
