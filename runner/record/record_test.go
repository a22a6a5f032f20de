package record_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
	"github.com/mortise-wasm/mortise/runner/record"
)

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", name+".wasm"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func assemble(t testing.TB, source string) []byte {
	t.Helper()
	u, err := wat.Parse(diag.NewFile("test.wat", []byte(source)))
	if err != nil {
		t.Fatal(err)
	}
	return u.Append(nil)
}

// recording runs a component and returns the recording of what use does with it.
func recording(t testing.TB, component []byte, l *runner.Linker, use func(i *runner.Instance)) []byte {
	t.Helper()
	ctx := context.Background()
	var b bytes.Buffer
	rec, err := record.NewRecorder(&b, record.Header{Name: "test.wasm"}, component)
	if err != nil {
		t.Fatal(err)
	}
	eng, err := runner.NewEngine(ctx, runner.Options{Observer: rec})
	if err != nil {
		t.Fatal(err)
	}
	defer eng.Close(ctx)
	p, err := eng.Compile(ctx, "test.wasm", component)
	if err != nil {
		t.Fatal(err)
	}
	if i, err := l.Instantiate(ctx, p); err != nil {
		t.Log("instantiating:", err)
	} else {
		use(i)
		if err := i.Close(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// events lists the events of a recording.
func events(t testing.TB, data []byte) string {
	t.Helper()
	r, err := record.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for {
		e, err := r.Next()
		if err != nil {
			fmt.Fprintln(&b, err)
			return b.String()
		}
		fmt.Fprintf(&b, "%d %s\n", r.Number(), e)
	}
}

// replay replays a recording with another component, or its own if component is nil.
func replay(t testing.TB, data, component []byte) (*record.Summary, error) {
	t.Helper()
	r, err := record.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if component == nil {
		component = r.Component
	}
	return r.Replay(context.Background(), runner.Options{}, component)
}

func call(t testing.TB, i *runner.Instance, path string, args ...value.Value) value.Value {
	t.Helper()
	v, err := i.Func(strings.Fields(path)...).Call(context.Background(), args...)
	if err != nil {
		t.Log(path, err)
	}
	return v
}

// items is a host with a resource. Items above 100 cannot be dropped.
func items() *runner.Linker {
	l := runner.NewLinker()
	i := l.Instance("ns:h/items@0.2.0")
	get := func(_ context.Context, args []value.Value) (value.Value, error) {
		n := args[0].Handle().([]uint32)[0]
		if n == 13 {
			return value.Value{}, errors.New("bad luck")
		}
		return value.U32(n), nil
	}
	i.Resource("item", func(_ context.Context, v any) error {
		if v.([]uint32)[0] > 100 {
			return errors.New("it is too large")
		}
		return nil
	})
	i.Func("[constructor]item", func(_ context.Context, args []value.Value) (value.Value, error) {
		return value.Own([]uint32{uint32(args[0].Bits())}), nil
	})
	i.Func("[method]item.get", get)
	i.Func("take", get)
	l.Instance("ns:h/more@0.2.3").Func("peek", get)
	return l
}

func TestHostResources(t *testing.T) {
	for _, tt := range []struct {
		name string
		use  func(i *runner.Instance)
		want string
	}{
		{"calls", func(i *runner.Instance) {
			call(t, i, "use", value.U32(4))
			call(t, i, "back", value.Own([]uint32{5}))
			call(t, i, "leak", value.U32(6))
		}, `1 instantiation
2 return
3 call of export ` + "`use`" + `(4)
4 call of import ` + "`ns:h/items@0.2.0.[constructor]item`" + `(4)
5 return of item#1
6 call of import ` + "`ns:h/items@0.2.0.[method]item.get`" + `(item#1)
7 return of 4
8 call of import ` + "`ns:h/more@0.2.3.peek`" + `(item#1)
9 return of 4
10 the component drops item#1 of ` + "`ns:h/items@0.2.0`" + `
11 return
12 return of 8
13 call of export ` + "`back`" + `(item#2)
14 return of item#2
15 call of export ` + "`leak`" + `(6)
16 call of import ` + "`ns:h/items@0.2.0.[constructor]item`" + `(6)
17 return of item#3
18 return
EOF
`},
		{"an error of the host", func(i *runner.Instance) { call(t, i, "give", value.U32(13)) }, `1 instantiation
2 return
3 call of export ` + "`give`" + `(13)
4 call of import ` + "`ns:h/items@0.2.0.[constructor]item`" + `(13)
5 return of item#1
6 call of import ` + "`ns:h/items@0.2.0.take`" + `(item#1)
7 failure: bad luck
8 failure: host function ` + "`ns:h/items@0.2.0.take`" + `: bad luck
EOF
`},
	} {
		data := recording(t, fixture(t, "host"), items(), tt.use)
		if got := events(t, data); got != tt.want {
			t.Errorf("%s: got\n%swant\n%s", tt.name, got, tt.want)
		}
		if s, err := replay(t, data, nil); err != nil || s.Events != strings.Count(tt.want, "\n")-1 || s.Note != "" {
			t.Errorf("%s: replay: %+v, %v", tt.name, s, err)
		}
	}
	// An error of a drop function.
	data := recording(t, fixture(t, "host"), items(), func(i *runner.Instance) { call(t, i, "use", value.U32(101)) })
	if s, err := replay(t, data, nil); err != nil || s.Imports != 3 {
		t.Errorf("replay: %+v, %v", s, err)
	}
}

// The host holds resources of the component, passes them back and drops them.
func TestComponentResources(t *testing.T) {
	data := recording(t, fixture(t, "resources"), runner.NewLinker(), func(i *runner.Instance) {
		a := call(t, i, "ns:t/things [constructor]thing", value.U32(7))
		b := call(t, i, "ns:t/user make", value.U32(8))
		call(t, i, "ns:t/user look", b)
		if err := i.DropResource(context.Background(), a); err != nil {
			t.Error(err)
		}
		call(t, i, "ns:t/user keep", b)
		call(t, i, "ns:t/things live")
		call(t, i, "ns:t/things last")
	})
	want := `1 instantiation
2 return
3 call of export ` + "`ns:t/things.[constructor]thing`" + `(7)
4 return of thing#1
5 call of export ` + "`ns:t/user.make`" + `(8)
6 return of thing#2
7 call of export ` + "`ns:t/user.look`" + `(thing#2)
8 return of 80
9 the host drops thing#1
10 return
11 call of export ` + "`ns:t/user.keep`" + `(thing#2)
12 return
13 call of export ` + "`ns:t/things.live`" + `()
14 return of 1
15 call of export ` + "`ns:t/things.last`" + `()
16 return of 7
EOF
`
	if got := events(t, data); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if s, err := replay(t, data, nil); err != nil || s.Events != 16 || s.Exports != 6 {
		t.Errorf("replay: %+v, %v", s, err)
	}
}

// counter imports a function and calls it with its argument. %s is the code before the call.
const counter = `(component
  (import "host" (func $host (param "n" u32) (param "text" string) (result u32)))
  (core module $Mem (memory (export "mem") 1) (data (i32.const 0) "a text of the module, which is long"))
  (core instance $mem (instantiate $Mem))
  (core func $host (canon lower (func $host) (memory (core memory $mem "mem"))))
  (core module $M
    (import "" "host" (func $host (param i32 i32 i32) (result i32)))
    (import "" "mem" (memory 1))
    (func (export "run") (param $n i32) (result i32)
      %s
      (call $host (local.get $n) (i32.const 0) (i32.const 35))))
  (core instance $m (instantiate $M (with "" (instance (export "host" (func $host)) (export "mem" (memory $mem "mem"))))))
  (func (export "run") (param "n" u32) (result u32) (canon lift (core func $m "run"))))`

// Another version of a component deviates, and the message says where and how.
func TestDeviations(t *testing.T) {
	l := runner.NewLinker()
	l.Func("host", func(_ context.Context, args []value.Value) (value.Value, error) {
		return value.U32(uint32(args[0].Bits()) * 2), nil
	})
	program := func(code string) []byte { return assemble(t, strings.Replace(counter, "%s", code, 1)) }
	same := program("")
	data := recording(t, same, l, func(i *runner.Instance) { call(t, i, "run", value.U32(20)) })
	if _, err := replay(t, data, nil); err != nil {
		t.Fatal(err)
	}
	const recorded = "recorded: call of import `host`(20, \"a text of the module, which is long\")"
	for _, tt := range []struct {
		name      string
		component []byte
		want      string
	}{
		{"an argument", program("(local.set $n (i32.const 21))"), "event 4: " + recorded +
			"; now: call of import `host`(21, \"a text of the module, which is long\"); argument `n` differs: recorded 20, now 21"},
		{"another text", program("(i32.store8 (i32.const 22) (i32.const 88))"),
			"argument `text` differs: recorded …text of the module, which is long\", now …text of the module, Xhich is long\""},
		{"no call", program("(return (i32.const 40))"), "event 4: " + recorded + "; now: return of 40"},
		{"a trap", program("unreachable"), "event 4: " + recorded + "; now: failure: wasm `unreachable` instruction executed"},
		{"one call more", program("(drop (call $host (local.get $n) (i32.const 0) (i32.const 35)))"),
			"event 6: recorded: return of 40; now: call of import `host`(20, "},
		{"another export", bytes.ReplaceAll(same, []byte("run"), []byte("ran")),
			"event 3: recorded: call of export `run`(20); the component has no such export"},
		{"another type", assemble(t, `(component (core module $M (func (export "run") (param i32)))
			(core instance $m (instantiate $M)) (type $e (enum "x" "y"))
			(export $x "e" (type $e)) (func (export "run") (param "e" $x) (canon lift (core func $m "run"))))`),
			"the export's type does not fit: "},
	} {
		_, err := replay(t, data, tt.component)
		var dev *record.Deviation
		if !errors.As(err, &dev) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
}

// A recording that was cut off is replayed as far as it goes. One that was changed is refused.
func TestDamagedRecordings(t *testing.T) {
	data := recording(t, fixture(t, "host"), items(), func(i *runner.Instance) { call(t, i, "use", value.U32(4)) })
	start := bytes.Index(data, []byte("instantiate"))
	seen := make(map[int]bool)
	for n := start; n < len(data); n++ {
		s, err := replay(t, data[:n], nil)
		if err != nil || s.Note != "the recording is incomplete and ends here" {
			t.Fatalf("%d of %d bytes: %+v, %v", n, len(data), s, err)
		}
		seen[s.Events] = true
	}
	if len(seen) != 13 {
		t.Errorf("cut recordings end after %d different events, want 13 with none", len(seen))
	}
	for n := range data {
		changed := bytes.Clone(data)
		changed[n] ^= 1
		if s, err := replay(t, changed, nil); err == nil && s.Note == "" {
			t.Errorf("byte %d changed: %+v", n, s)
		}
	}
	for _, tt := range []struct{ data, want string }{
		{"", "it is not a recording"},
		{"mortise recording 2\nxxx", "the recording is of another version of the format"},
		{"mortise recording 1\n", "the recording is cut off"},
		{"mortise recording 1\nh\xff\xff\xff\xff\xff\xff\xff\xff\x7f", "a size is too large"},
	} {
		if _, err := record.NewReader(strings.NewReader(tt.data)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: got %v, want %s", tt.data, err, tt.want)
		}
	}
}

// A run that was stopped from outside is replayed up to that place.
func TestStoppedRun(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	l := runner.NewLinker()
	l.Func("host", func(ctx context.Context, _ []value.Value) (value.Value, error) {
		cancel()
		return value.Value{}, ctx.Err()
	})
	component := assemble(t, strings.Replace(counter, "%s", "", 1))
	data := recording(t, component, l, func(i *runner.Instance) {
		if _, err := i.Func("run").Call(ctx, value.U32(1)); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	s, err := replay(t, data, nil)
	if err != nil || !strings.HasPrefix(s.Note, "the recorded run was stopped here: ") || s.Events != 4 {
		t.Errorf("%+v, %v", s, err)
	}
}

// A failing or exiting start function is a part of the recording.
func TestInstantiation(t *testing.T) {
	component := assemble(t, `(component
	  (import "host" (func $host))
	  (core func $host (canon lower (func $host)))
	  (core module $M (import "" "host" (func $host)) (start $host))
	  (core instance (instantiate $M (with "" (instance (export "host" (func $host)))))))`)
	for _, tt := range []struct {
		err  error
		want string
	}{
		{nil, "1 instantiation\n2 call of import `host`()\n3 return\n4 return\nEOF\n"},
		{errors.New("no"), "1 instantiation\n2 call of import `host`()\n3 failure: no\n4 failure: host function `host`: no\nEOF\n"},
		{&runner.ExitError{Code: 3}, "1 instantiation\n2 call of import `host`()\n3 exit with code 3\n4 exit with code 3\nEOF\n"},
	} {
		l := runner.NewLinker()
		l.Func("host", func(context.Context, []value.Value) (value.Value, error) { return value.Value{}, tt.err })
		data := recording(t, component, l, func(*runner.Instance) {})
		if got := events(t, data); got != tt.want {
			t.Errorf("got\n%swant\n%s", got, tt.want)
		}
		if s, err := replay(t, data, nil); err != nil || s.Events != 4 {
			t.Errorf("replay: %+v, %v", s, err)
		}
	}
}

// The modules that a component imports are not in its recording, and replaying it says which.
func TestImportedModules(t *testing.T) {
	component := assemble(t, `(component
	  (import "m" (core module $m (export "f" (func (result i32)))))
	  (core instance $i (instantiate $m))
	  (func (export "f") (result u32) (canon lift (core func $i "f"))))`)
	m, err := core.Decode(assemble(t, `(module (func (export "f") (result i32) (i32.const 7)))`))
	if err != nil {
		t.Fatal(err)
	}
	l := runner.NewLinker()
	l.Module("m", m)
	data := recording(t, component, l, func(i *runner.Instance) { call(t, i, "f") })
	want := "1 instantiation\n2 return\n3 call of export `f`()\n4 return of 7\nEOF\n"
	if got := events(t, data); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	_, err = replay(t, data, nil)
	var unmet *runner.UnmetError
	if !errors.As(err, &unmet) || len(unmet.Imports) != 1 || unmet.Imports[0].Name != "m" {
		t.Errorf("replay: %v", err)
	}
}

type failingWriter struct{ n int }

func (w *failingWriter) Write(b []byte) (int, error) {
	if w.n--; w.n < 0 {
		return 0, errors.New("disk full")
	}
	return len(b), nil
}

// An error of writing does not disturb the guest, and Close returns it.
func TestWriteErrors(t *testing.T) {
	rec, err := record.NewRecorder(&failingWriter{1}, record.Header{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &runner.Call{Kind: runner.CallImport, Func: "f", Type: &types.Func{}}
	rec.Begin(t.Context(), c)
	if err := rec.Close(); err == nil || err.Error() != "disk full" {
		t.Errorf("Close: %v", err)
	}
}
