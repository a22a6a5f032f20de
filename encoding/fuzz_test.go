package encoding

import (
	"runtime"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/encoding/core"
)

// maxBytesPerByte limits how much decoding may allocate for one byte of input. The worst cases are
// empty names and one-byte types, each of which becomes an element of a slice that doubles.
const maxBytesPerByte = 1000

// FuzzDecode checks that decoding never panics and never allocates out of proportion, and that
// accepted components keep the law.
func FuzzDecode(f *testing.F) {
	for _, rows := range [][]row{structureRows(), typeRows(), coreTypeRows(), canonRows(), layoutRows()} {
		for _, r := range rows {
			f.Add(component(r.sections))
		}
	}
	for _, r := range errorRows() {
		f.Add(component(r.sections))
	}
	f.Add(component(nestedTypes(MaxNesting)))
	f.Add(component(nestedComponents(MaxNesting)))
	f.Fuzz(func(t *testing.T, data []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		c, err := decode(data)
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; got > uint64(len(data))*maxBytesPerByte+1<<16 {
			t.Errorf("decoding %d bytes allocates %d", len(data), got)
		}
		if err != nil {
			if strings.Contains(err.Error(), "unreachable") {
				t.Error(err)
			}
			return
		}
		checkLaw(t, data)
		c.Names()
		c.Producers()
		for n := range c.All() {
			if n.Module != nil {
				core.Decode(n.Module.Bytes)
			}
		}
	})
}
