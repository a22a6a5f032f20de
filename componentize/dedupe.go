package componentize

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding/core"
)

// uniqueImports returns the module with imports of distinct names, and the original names of those that it has renamed. If there is nothing
// to rename the map is nil.
func uniqueImports(m *core.Module) ([]byte, map[importName]string) {
	taken := map[importName]bool{}
	repeated := false
	for _, i := range m.Imports {
		n := importName{i.Module, i.Name}
		repeated = repeated || taken[n]
		taken[n] = true
	}
	if !repeated {
		return nil, nil
	}
	original := map[importName]string{}
	taken = map[importName]bool{}
	next := map[importName]int{}
	data := m.RewriteImports(func(_ int, i core.Import) (string, string) {
		n := importName{i.Module, i.Name}
		for k := max(next[n], 2); taken[n]; k++ {
			next[importName{i.Module, i.Name}] = k + 1
			n.field = fmt.Sprintf("%s [v%d]", i.Name, k)
		}
		taken[n] = true
		if n.field != i.Name {
			original[n] = i.Name
		}
		return n.module, n.field
	})
	return data, original
}
