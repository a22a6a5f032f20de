package core

import (
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/encoding/internal/raw"
)

// checkRec checks that a recursion group is the same after writing and reading it.
func checkRec(t *testing.T, pos string, rec RecType) {
	t.Helper()
	w := &raw.Writer{}
	AppendRecType(w, rec)
	again := ReadRecType(raw.NewReader(w.Buf, 0, len(w.Buf)))
	if diff := cmp.Diff(rec, again); diff != "" {
		t.Errorf("%s: recursion group (-want +got):\n%s", pos, diff)
	}
}

// maxBytesPerByte limits how much decoding may allocate for one byte of input. The worst case is
// compact imports without a name.
const maxBytesPerByte = 2000

// FuzzDecode checks that decoding never panics and never allocates out of proportion, and that
// accepted modules are written back unchanged.
func FuzzDecode(f *testing.F) {
	for _, r := range rows() {
		f.Add(module(r.sections))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		m, err := Decode(data)
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; got > uint64(len(data))*maxBytesPerByte+1<<16 {
			t.Errorf("decoding %d bytes allocates %d", len(data), got)
		}
		if err != nil {
			return
		}
		if got := m.Append(nil); string(got) != string(data) {
			t.Errorf("Append(Decode(x)) differs from x\ngot:  %x\nwant: %x", got, data)
		}
		for _, rec := range m.Types {
			checkRec(t, "fuzz", rec)
		}
		m.Type(nil)
		m.Names()
		m.TargetFeatures()
		for range m.Bodies() {
		}
		out := m.RewriteImports(func(_ int, imp Import) (string, string) { return imp.Module, imp.Name })
		again, err := Decode(out)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(m.Imports, again.Imports); diff != "" {
			t.Errorf("imports after renaming nothing (-want +got):\n%s", diff)
		}
	})
}
