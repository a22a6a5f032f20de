package meter

import "github.com/mortise-wasm/mortise/encoding/core"

// RewriteWithoutNests is [Rewrite], except that the counter is never in a local variable.
func RewriteWithoutNests(m *core.Module, o Options) ([]byte, error) {
	o.noNests = true
	return Rewrite(m, o)
}
