package canon

import "github.com/mortise-wasm/mortise/model/value"

// Tap is a caller between a caller and a callee. The values pass through it as values of Go.
type Tap struct {
	Caller Caller
	// OnArgs and OnResult receive the arguments and the result, and return what to pass on.
	// OnResult is also called without a result, with the zero value.
	OnArgs   func([]value.Value) []value.Value
	OnResult func(value.Value) value.Value
}

func (t *Tap) start(to *Context, sig *Sig, out []uint64)    { to.LowerParams(sig, t.args(), out) }
func (t *Tap) args() []value.Value                          { return t.OnArgs(t.Caller.args()) }
func (t *Tap) resolve(from *Context, sig *Sig, in []uint64) { t.resolveValue(from.LiftResult(sig, in)) }
func (t *Tap) resolveValue(v value.Value)                   { t.Caller.resolveValue(t.OnResult(v)) }
