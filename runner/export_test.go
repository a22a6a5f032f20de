package runner

import "runtime"

// WaitForCalls returns when n calls wait for their turn.
func WaitForCalls(i *Instance, n int) {
	for i.store.gate.state.Load()/gateWaiter != uint32(n) {
		runtime.Gosched()
	}
}
