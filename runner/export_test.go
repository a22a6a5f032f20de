package runner

import "runtime"

// WaitForCalls returns when n calls wait for their turn.
func WaitForCalls(i *Instance, n int) {
	for i.store.gate.state.Load()/gateWaiter != uint32(n) {
		runtime.Gosched()
	}
}

// WithoutAdapters makes the engine compile programs whose calls between components all go through
// the host.
func (e *Engine) WithoutAdapters() { e.noAdapters = true }

// Carried returns how many functions adapters carry in the program.
func (p *Program) Carried() int { return len(p.adapters.carried) }

// Compiles reports whether the engine compiles for this processor. It interprets on others.
const Compiles = runtime.GOARCH == "amd64" || runtime.GOARCH == "arm64"
