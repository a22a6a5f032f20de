package profile

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// A fakeClock shows what the test sets.
type fakeClock struct{ t time.Time }

func (c *fakeClock) now() time.Time          { return c.t }
func (c *fakeClock) advance(d time.Duration) { c.t = c.t.Add(d) }

// raw returns what `go tool pprof -raw` reads from the profile, without what it adds of its own.
func raw(t *testing.T, p *Profiler) string {
	t.Helper()
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "profile.pb.gz")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "tool", "pprof", "-raw", path)
	cmd.Env = append(os.Environ(), "TZ=UTC")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Skipf("go tool pprof cannot be run: %v\n%s", err, out)
	}
	_, text, _ := strings.Cut(string(out), "PeriodType:")
	text, _, _ = strings.Cut(text, "Mappings")
	return strings.NewReplacer("M=1 ", "", "s=0()", "s=0").Replace(text)
}

// The Go toolchain reads a profile: self times, counts and bytes of each stack, and the samples of
// guest code with the core functions on top of the calls.
func TestProfile(t *testing.T) {
	clock := &fakeClock{time.Unix(1_700_000_000, 0)}
	p := New(clock.now)
	list := &types.List{Elem: types.U16}
	run := &runner.Call{Kind: runner.CallExport, To: "component 1", Interface: "a:b/c", Func: "run",
		Type: &types.Func{Params: []types.Param{{Name: "s", Type: types.String}}, Result: list}, Args: []value.Value{value.String("12345")}}
	log := &runner.Call{Kind: runner.CallImport, Parent: run, From: "component 1", Func: "log", Type: &types.Func{}}
	frames := func(names ...string) func() []runner.Frame {
		return func() []runner.Frame {
			out := make([]runner.Frame, len(names))
			for i, n := range names {
				out[i].Func = n
			}
			return out
		}
	}
	notYet := func() []runner.Frame { t.Error("a sample was taken too early"); return nil }

	p.Begin(t.Context(), run)
	clock.advance(900 * time.Microsecond)
	p.Sample(run, notYet)
	for range 3 {
		p.Begin(t.Context(), log)
		clock.advance(10 * time.Millisecond) // does not count as time of the guest
		p.Sample(log, notYet)
		p.End(log, value.Value{}, nil)
	}
	p.Sample(run, notYet)
	clock.advance(100 * time.Microsecond)
	p.Sample(run, frames("app.inner", "app._ZN3app4mainE(i32) i32"))
	clock.advance(2 * time.Millisecond)
	p.Sample(run, frames("app._ZN3app4mainE(i32) i32"))
	p.End(run, value.Packed([]uint16{1, 2, 3}), nil)

	want := ` cpu nanoseconds
Period: 1000000
Time: 2023-11-14 22:13:20 +0000 UTC
Duration: 33ms
Samples:
calls/count bytes/bytes time/nanoseconds samples/count cpu/nanoseconds[dflt]
          1         27    3000000          0          0: 1 
          3          0   30000000          0          0: 2 1 
          0          0          0          1    2000000: 3 1 
          0          0          0          1    1000000: 4 3 1 
Locations
     1: 0x0 a:b/c.run component 1:0:0 s=0
     2: 0x0 log host:0:0 s=0
     3: 0x0 app.app::main component 1:0:0 s=0
     4: 0x0 app.inner component 1:0:0 s=0
`
	if diff := cmp.Diff(want, raw(t, p)); diff != "" {
		t.Errorf("profile (-want +got):\n%s", diff)
	}
}

// Calls that take turns faster than samples are taken get what they have used.
func TestShortTurns(t *testing.T) {
	clock := &fakeClock{time.Unix(1, 0)}
	p := New(clock.now)
	outer := &runner.Call{Kind: runner.CallExport, Func: "outer", Type: &types.Func{}}
	inner := &runner.Call{Kind: runner.CallInner, Parent: outer, Func: "inner", Type: &types.Func{}}
	work := func(c *runner.Call, d time.Duration) {
		const pause = 300 * time.Microsecond
		for ; d > 0; d -= pause {
			clock.advance(pause)
			p.Sample(c, func() []runner.Frame { return nil })
		}
	}
	p.Begin(t.Context(), outer)
	for range 1000 {
		work(outer, 900*time.Microsecond)
		p.Begin(t.Context(), inner)
		work(inner, 300*time.Microsecond)
		p.End(inner, value.Value{}, nil)
	}
	p.End(outer, value.Value{}, nil)
	o := p.root.order[0]
	i := o.order[0]
	if o.cpu+o.ran != 900*time.Millisecond || i.cpu+i.ran != 300*time.Millisecond || o.samples < 400 || i.samples < 200 {
		t.Errorf("%v in %d samples and %v in %d samples", o.cpu+o.ran, o.samples, i.cpu+i.ran, i.samples)
	}
}

// An empty profile is a profile too.
func TestEmptyProfile(t *testing.T) {
	clock := &fakeClock{time.Unix(1, 0)}
	if out := raw(t, New(clock.now)); !strings.Contains(out, "time/nanoseconds[dflt]") {
		t.Errorf("got\n%s", out)
	}
}

func TestSizes(t *testing.T) {
	point := &types.Record{Fields: []types.Field{{Name: "x", Type: types.U8}, {Name: "y", Type: types.U32}}}
	for _, tt := range []struct {
		t    types.ValType
		text string
		want uint64
	}{
		{types.U8, "1", 1},
		{types.String, `"é"`, 8 + 2},
		{point, "{x: 1, y: 2}", 8},
		{&types.List{Elem: point}, "[{x: 1, y: 2}, {x: 1, y: 2}]", 8 + 16},
		{&types.List{Elem: types.String}, `["a", "bc"]`, 8 + 16 + 3},
		{&types.Option{Elem: types.String}, `some("abc")`, 12 + 3},
		{&types.Option{Elem: types.String}, `none`, 12},
		{&types.Result{OK: types.U8, Err: types.String}, `err("x")`, 12 + 1},
		{&types.Result{}, `ok`, 1},
		{&types.Map{Key: types.String, Value: types.U8}, `[("ab", 1)]`, 8 + 12 + 2},
		{&types.FixedList{Elem: types.U32, Len: 3}, "[1, 2, 3]", 12},
	} {
		v, err := value.Parse(tt.text, tt.t)
		if err != nil {
			t.Fatal(err)
		}
		if got := size(v, tt.t); got != tt.want {
			t.Errorf("%s: %d bytes, want %d", tt.text, got, tt.want)
		}
	}
}
