package record_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/golden"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
	"github.com/mortise-wasm/mortise/runner/record"
)

// script returns a recording as a script.
func script(t testing.TB, data []byte) string {
	t.Helper()
	r, err := record.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := r.WriteScript(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// list lists the events of a reader.
func list(r *record.Reader) (out []string) {
	for {
		e, err := r.Next()
		if err != nil {
			return append(out, err.Error())
		}
		out = append(out, fmt.Sprintf("%+v", *e))
	}
}

// A script has all events of its recording and can be replayed with any component.
func TestScript(t *testing.T) {
	component := fixture(t, "host")
	data := recording(t, component, items(), func(i *runner.Instance) {
		call(t, i, "use", value.U32(4))
		call(t, i, "give", value.U32(13))
	})
	want := `(recording 1 "test.wasm" "" "")
(instantiate
  (return))
(invoke "" "use" "(4)"
  (import "ns:h/items@0.2.0" "[constructor]item" "(4)"
    (return "item#1"))
  (import "ns:h/items@0.2.0" "[method]item.get" "(item#1)"
    (return "4"))
  (import "ns:h/more@0.2.3" "peek" "(item#1)"
    (return "4"))
  (drop "ns:h/items@0.2.0" "[drop]item" "(item#1)"
    (return))
  (return "8"))
(invoke "" "give" "(13)"
  (import "ns:h/items@0.2.0" "[constructor]item" "(13)"
    (return "item#2"))
  (import "ns:h/items@0.2.0" "take" "(item#2)"
    (fail "bad luck"))
  (fail "host function ` + "`ns:h/items@0.2.0.take`" + `: bad luck"))
`
	got := script(t, data)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("script (-want +got):\n%s", diff)
	}
	read := func(text string) *record.Reader {
		t.Helper()
		if !record.IsScript([]byte(text)) {
			t.Errorf("it does not look like a script:\n%s", text)
		}
		r, err := record.ReadScript(diag.NewFile("test.wast", []byte(text)))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	original, err := record.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(list(original), list(read(";; a comment\n"+got))); diff != "" {
		t.Errorf("events (-recording +script):\n%s", diff)
	}
	if s, err := read(got).Replay(context.Background(), runner.Options{}, component); err != nil || s.Events != 18 {
		t.Errorf("replay: %+v, %v", s, err)
	}
	edited := strings.Replace(got, `(return "8")`, `(return "9")`, 1)
	_, err = read(edited).Replay(context.Background(), runner.Options{}, component)
	var dev *record.Deviation
	if !errors.As(err, &dev) || dev.Detail != "the result differs: recorded 9, now 8" {
		t.Errorf("edited: %v", err)
	}

	// A recording that is cut off in a call.
	cut := script(t, data[:len(data)-150])
	if !strings.HasSuffix(cut, "    (incomplete)))\n") && !strings.HasSuffix(cut, "  (incomplete))\n") {
		t.Errorf("cut: %s", cut)
	}
	if l := list(read(cut)); l[len(l)-1] != record.ErrIncomplete.Error() {
		t.Errorf("cut: %v", l)
	}
	if record.IsScript(data) {
		t.Error("the recording looks like a script")
	}
}

func TestScriptErrors(t *testing.T) {
	const head = "(recording 1 \"x\" \"\" \"\")\n"
	for _, tt := range []struct{ text, want string }{
		{"", "1:1: expected `(recording 1 …)`"},
		{"(recording 2", "expected `(recording 1 …)`"},
		{"(recording 1 x)", "1:14: expected a string"},
		{"(recording 1 \"x\" \"\" 0)", "1:21: expected a string"},
		{"(recording 1 \"x\" \"\" \"fuel=1 memori=3\")", "1:21: `memori=3` is not a limit"},
		{head + "x", "2:1: expected `(`"},
		{head + "(instantiate", "2:2: the call has no outcome: end it with (return …), (fail …), (exit …) or (stop …)"},
		{head + "(instantiate (return)", "2:22: expected `)`"},
		{head + "(return)", "2:2: `return` is outside a call"},
		{head + "(invok \"\" \"f\" (return))", "2:2: expected a call or an outcome, found `invok`"},
		{head + "(invoke \"\" \"f\" (exit now))", "2:22: expected an exit code"},
		{head + "(invoke \"\" \"f\" \"a\nb\" (return))", "2:16: the string is not closed"},
		{head + "(invoke \"\" \"\\zz\" (return))", "2:13: bad escape"},
		{head + "(instantiate (incomplete)) (instantiate (return))", "2:28: nothing can follow (incomplete)"},
		{head + strings.Repeat("(instantiate ", 200), "calls are nested more than 100 levels deep"},
	} {
		_, err := record.ReadScript(diag.NewFile("test.wast", []byte(tt.text)))
		var d *diag.Diagnostic
		if !errors.As(err, &d) || !strings.Contains(d.Error(), tt.want) {
			t.Errorf("%q: got %v, want %s", tt.text, err, tt.want)
		}
	}
}

func TestCodes(t *testing.T) {
	golden.Codes(t, record.Codes, func(example string) error {
		_, err := record.ReadScript(diag.NewFile("test.wast", []byte(example)))
		return err
	})
}

// Whatever can be read as a script is written in the same way again.
func FuzzScript(f *testing.F) {
	f.Add("(recording 1 \"x\" \"\" \"\")(instantiate(return))(invoke \"a:b/c\" \"f\" \"(\\\"\\\\n\\00\\\")\" (exit 3))")
	f.Add("(recording 1 \"x\" \"\" \"\") ;; c\n(invoke \"\" \"f\" (import \"\" \"g\" (incomplete)))")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := record.ReadScript(diag.NewFile("test.wast", []byte(text)))
		if err != nil {
			return
		}
		var first, second strings.Builder
		if err := r.WriteScript(&first); err != nil {
			t.Fatal(err)
		}
		if r, err = record.ReadScript(diag.NewFile("test.wast", []byte(first.String()))); err != nil {
			t.Fatalf("%v\n%s", err, first.String())
		}
		if err := r.WriteScript(io.Writer(&second)); err != nil || first.String() != second.String() {
			t.Errorf("%v\n%s\n%s", err, first.String(), second.String())
		}
	})
}
