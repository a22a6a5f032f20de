package core

import (
	"bytes"
	"runtime"
	"testing"

	"github.com/mortise-wasm/mortise/model/feature"
)

// validateBytesPerByte limits how much validation may allocate for one byte of input. A call takes
// two bytes and may have a thousand results.
const validateBytesPerByte = 10_000

// FuzzValidate checks that validation never panics and never allocates out of proportion, that the
// number of workers makes no difference, and that a module keeps its meaning after Edit and Append.
func FuzzValidate(f *testing.F) {
	for _, r := range rows() {
		f.Add(module(r.sections))
	}
	for op := range Ops() {
		in := sample(op)
		f.Add(env(append(in.Append([]byte{byte(OpUnreachable)}), byte(OpEnd)), nil).Append(nil))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Decode(data)
		if err != nil {
			return
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err = Validate(m, feature.All(), ValidateOptions{Workers: 1})
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; got > uint64(len(data))*validateBytesPerByte+1<<20 {
			t.Errorf("validating %d bytes allocates %d", len(data), got)
		}
		if again := Validate(m, feature.All(), ValidateOptions{Workers: 3}); (err == nil) != (again == nil) || err != nil && err.Error() != again.Error() {
			t.Errorf("one worker: %v\nthree: %v", err, again)
		}
		Validate(m, feature.Default(), ValidateOptions{Workers: 1})
		b, editErr := m.Edit()
		if editErr != nil {
			if err == nil {
				t.Errorf("a valid module: %v", editErr)
			}
			return
		}
		once := b.Append(nil)
		m, editErr = Decode(once)
		if editErr != nil {
			t.Fatalf("after Edit: %v", editErr)
		}
		if again := Validate(m, feature.All(), ValidateOptions{Workers: 1}); (err == nil) != (again == nil) {
			t.Errorf("before Edit: %v\nafter: %v", err, again)
		}
		if b, editErr = m.Edit(); editErr != nil {
			t.Fatalf("Edit after Edit: %v", editErr)
		}
		if got := b.Append(nil); !bytes.Equal(got, once) {
			t.Errorf("the canonical form is not stable\ngot:  %x\nwant: %x", got, once)
		}
		checkInstrs(t, m)
	})
}

// checkInstrs checks that instructions are the same after writing and reading them.
func checkInstrs(t *testing.T, m *Module) {
	for body := range m.Bodies() {
		_, r, err := body.Read()
		if err != nil {
			return
		}
		var in Instr
		var code, again []byte
		for r.Next(&in) {
			code = in.Append(code)
		}
		r = NewInstrReader(code, 0)
		for r.Next(&in) {
			again = in.Append(again)
		}
		if r.Err() != nil || !bytes.Equal(code, again) {
			t.Errorf("%v: written % x, and again % x", r.Err(), code, again)
		}
	}
}
