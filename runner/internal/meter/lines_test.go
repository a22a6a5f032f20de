package meter_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero/api"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/runner/internal/meter"
)

var position = regexp.MustCompile(`(?m)^\t\t(0x[0-9a-f]+): (.*)$`)

// positions returns the offsets of all frames of a stack trace: those in it, or the original ones
// of a copy whose source is `test`.
func positions(err error, moved bool) []string {
	var list []string
	for _, p := range position.FindAllStringSubmatch(fmt.Sprint(err), -1) {
		if !moved {
			list = append(list, p[1])
			continue
		}
		source, from, ok := meter.Original(p[0][2:])
		if !ok || source != "test" {
			list = append(list, "not understood: "+p[0])
		} else {
			list = append(list, "0x"+strconv.FormatUint(from, 16))
		}
	}
	return list
}

// TestOriginalOffsets traps at many places and compares the offsets of all frames with those of the
// original, which has debug information of its own.
func TestOriginalOffsets(t *testing.T) {
	var b strings.Builder
	b.WriteString("(module (memory 1) (table funcref (elem $deep))\n")
	b.WriteString("(func $trap (param $at i32) (param $here i32)\n(if (i32.eq (local.get $at) (local.get $here)) (then\nunreachable)))\n")
	n := 0
	here := func() string {
		n++
		return fmt.Sprintf("(call $trap (local.get $at) (i32.const %d))\n", n)
	}
	b.WriteString("(func $deep (param $at i32) " + here() + strings.Repeat("(drop (i32.load (i32.const 0)))\n", 500) + here() + ")\n")
	b.WriteString(`(func (export "f") (param $at i32) (local $i i64)` + "\n" + here())
	b.WriteString("(loop $l " + here() + "(loop $m " + here() + "(memory.fill (i32.const 0) (i32.const 0) (i32.const 9)) " + here() + ")\n" + here())
	b.WriteString("(block " + here() + "(memory.copy (i32.const 0) (i32.const 0) (i32.const 9))\n" + here() + "))")
	b.WriteString("(call_indirect (param i32) (local.get $at) (i32.const 0))\n" + here() + "))")
	f, err := wat.AssembleWithLines(diag.NewFile("test.wat", []byte(b.String())))
	if err != nil {
		t.Fatal(err)
	}
	mod := decode(t, f.Data)
	engines(t, func(t *testing.T, m *machine) {
		orig, copied := m.start(t, f.Data), m.start(t, rewrite(t, mod))
		for at := 1; at <= n; at++ {
			_, err := orig.ExportedFunction("f").Call(ctx, uint64(at))
			want := positions(err, false)
			_, err = copied.ExportedFunction("f").Call(ctx, uint64(at))
			got := positions(err, true)
			if len(want) < 2 || fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("trap %d is at %v, want %v\n%v", at, got, want, err)
			}
		}
	})
}

// TestOriginalOfTheCounter reports the start of a function or loop while the import is called
// there.
func TestOriginalOfTheCounter(t *testing.T) {
	f, err := wat.AssembleWithLines(diag.NewFile("test.wat", []byte("(module (func (export \"f\")\nnop\n(loop $l\nbr $l)))")))
	if err != nil {
		t.Fatal(err)
	}
	mod := decode(t, f.Data)
	s, _ := mod.Section(core.SectionCode)
	var starts []uint64
	for b := range mod.Bodies() {
		_, ir, _ := b.Read()
		starts = append(starts, uint64(ir.Pos()-s.Start), uint64(ir.Pos()+3-s.Start)) // after nop, and loop with its type
	}
	m := newMachine(t, false)
	for i, want := range starts {
		calls := 0
		inst := m.start(t, rewrite(t, mod))
		m.slow = func(_ api.Module, _ int32) int32 {
			if calls++; calls > i {
				panic(errStop)
			}
			return 1
		}
		_, err := inst.ExportedFunction("f").Call(ctx)
		got := uint64(0)
		for line := range strings.Lines(err.Error()) {
			if _, from, ok := meter.Original(strings.TrimSpace(line)); ok {
				got = from // the last is the outermost, which is not an added function
			}
		}
		if got != want {
			t.Errorf("call %d is at %#x, want %#x: %v", i, got, want, err)
		}
	}
}
