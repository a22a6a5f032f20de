package diag_test

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/diag"
)

func TestPosition(t *testing.T) {
	f := diag.NewFile("a.wit", []byte("ab\n\r\nc\r\n\nlast"))
	want := []diag.Position{
		{1, 1}, {1, 2}, {1, 3}, // ab\n
		{2, 1}, {2, 2}, // \r\n
		{3, 1}, {3, 2}, {3, 3}, // c\r\n
		{4, 1},                                 // \n
		{5, 1}, {5, 2}, {5, 3}, {5, 4}, {5, 5}, // last and the end
	}
	for i, w := range want {
		if got := f.Position(i); got != w {
			t.Errorf("Position(%d) = %v, want %v", i, got, w)
		}
	}
	if got := f.Position(-5); got != want[0] {
		t.Errorf("Position(-5) = %v, want %v", got, want[0])
	}
	if got := f.Position(99); got != want[len(want)-1] {
		t.Errorf("Position(99) = %v, want %v", got, want[len(want)-1])
	}
	var lines []string
	for i := range f.NumLines() {
		lines = append(lines, f.LineSpan(i+1).Text())
	}
	if diff := cmp.Diff([]string{"ab", "", "c", "", "last"}, lines); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	for _, n := range []int{-1, 0, 6} {
		if s := f.LineSpan(n); s.IsValid() {
			t.Errorf("LineSpan(%d) = %v, want no place", n, s)
		}
	}
}

func TestPositionConcurrently(t *testing.T) {
	f := diag.NewFile("a.wit", []byte("a\nb\nc\n"))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if got, want := f.Position(4), (diag.Position{Line: 3, Column: 1}); got != want {
				t.Errorf("Position(4) = %v, want %v", got, want)
			}
		})
	}
	wg.Wait()
}

func TestSpanString(t *testing.T) {
	text := diag.NewFile("a.wit", []byte("a\nbc"))
	bin := diag.NewFile("a.wasm", []byte("\x00asm\x0d\x00\x01\x00"))
	garbage := diag.NewBinary("b.wasm", []byte("PK"))
	for _, test := range []struct {
		span diag.Span
		want string
	}{
		{diag.Span{}, ""},
		{text.Span(3, 4), "a.wit:2:2"},
		{bin.Span(4, 5), "a.wasm:0x4"},
		{garbage.Span(1, 1), "b.wasm:0x1"},
		{text.Span(3, 4).Join(text.Span(0, 1)), "a.wit:1:1"},
		{text.Span(3, 4).Join(bin.Span(0, 1)), "a.wit:2:2"},
		{diag.Span{}.Join(bin.Span(4, 5)), "a.wasm:0x4"},
		{text.Span(0, 3).Last(), "a.wit:2:2"},
		{text.Span(3, 4).First(), "a.wit:2:2"},
	} {
		if got := test.span.String(); got != test.want {
			t.Errorf("%#v prints %q, want %q", test.span, got, test.want)
		}
	}
}

func TestErrorText(t *testing.T) {
	text := diag.NewFile("a.wit", []byte("a\nbc"))
	bin := diag.NewFile("a.wasm", []byte("\x00asm\x0d\x00\x01\x00"))
	var l diag.List
	l.Errorf(text.Span(2, 3), "wit/x", "bad `b`")
	l.Warningf(text.Span(0, 1), "wit/y", "unused `a`")
	l.Add(diag.At(bin, 4, "encoding/z", "bad version").In("func %d", 3).In("component 0"))
	l.Add(diag.Errorf(diag.Span{}, "", "cannot\n  open\x1b"))
	want := "a.wit:2:1: bad `b`\n" +
		"a.wit:1:1: warning: unused `a`\n" +
		"a.wasm:0x4: bad version (component 0 > func 3)\n" +
		`cannot open\x1b`
	if diff := cmp.Diff(want, l.Error()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestListErr(t *testing.T) {
	var l diag.List
	if err := l.Err(); err != nil {
		t.Errorf("empty list: %v", err)
	}
	l.Warningf(diag.Span{}, "a/b", "only a warning")
	if err := l.Err(); err != nil {
		t.Errorf("warnings only: %v", err)
	}
	l.Errorf(diag.Span{}, "a/b", "an error")
	if got := diag.FromError(l.Err()); len(got) != 2 {
		t.Errorf("Err has %d diagnostics, want the warning and the error", len(got))
	}
}

func TestListSort(t *testing.T) {
	a, b := diag.NewFile("a", []byte("xyz")), diag.NewFile("b", []byte("xyz"))
	var l diag.List
	l.Errorf(b.Span(0, 1), "c/c", "5")
	l.Errorf(a.Span(2, 3), "c/c", "4")
	l.Errorf(a.Span(0, 1), "c/c", "2")
	l.Errorf(a.Span(0, 1), "c/d", "3").Notef("the first of equals stays")
	l.Errorf(a.Span(0, 1), "c/d", "3").Notef("and this goes")
	l.Errorf(diag.Span{}, "c/c", "1")
	l.Sort()
	var got []string
	for _, d := range l {
		got = append(got, d.Message)
	}
	if diff := cmp.Diff([]string{"1", "2", "3", "4", "5"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := l[2].Notes[0]; n != "the first of equals stays" {
		t.Errorf("kept the one with note %q", n)
	}
}

func TestFromError(t *testing.T) {
	d1, d2 := diag.Errorf(diag.Span{}, "a/b", "one"), diag.Errorf(diag.Span{}, "a/b", "two")
	for _, test := range []struct {
		err  error
		want []string
	}{
		{nil, nil},
		{d1, []string{"one"}},
		{diag.List{d1, d2}, []string{"one", "two"}},
		{errors.Join(d1, diag.List{d2}), []string{"one", "two"}},
		{fmt.Errorf("%w", d1), []string{"one"}},
		{fmt.Errorf("in a: %w", d1), []string{"in a: one"}},
		{fmt.Errorf("%w and %w", d1, d2), []string{"one and two"}},
		{fs.ErrNotExist, []string{"file does not exist"}},
	} {
		var got []string
		for _, d := range diag.FromError(test.err) {
			got = append(got, d.Message)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", test.err, diff)
		}
	}
	if err := error(diag.FromError(fs.ErrNotExist)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v does not lead to its cause", err)
	}
	var as *diag.Diagnostic
	if !errors.As(error(diag.List{d2}), &as) || as != d2 {
		t.Errorf("errors.As finds %v in a list", as)
	}
}

func TestSuggest(t *testing.T) {
	candidates := []string{"clock", "clack", "timer", "now", "input-stream", "u8", "String"}
	for _, test := range []struct{ name, want string }{
		{"clok", "clock"},
		{"clcok", "clock"},
		{"clck", "clack"}, // as similar as clock, but smaller
		{"clock", "clack"},
		{"timers", "timer"},
		{"inptu-steam", "input-stream"},
		{"nwo", "now"},
		{"string", "String"},
		{"u9", "u8"},
		{"x", ""},
		{"", ""},
		{"entirely-different", ""},
		{string(make([]byte, 100)), ""},
	} {
		got, ok := diag.Suggest(test.name, slices.Values(candidates))
		if got != test.want || ok != (test.want != "") {
			t.Errorf("Suggest(%q) = %q, %v, want %q", test.name, got, ok, test.want)
		}
	}
}

func TestCodeInfoCheck(t *testing.T) {
	for _, test := range []struct {
		code diag.Code
		ok   bool
	}{
		{"wit/unknown-type", true}, {"encoding/bad-leb128", true},
		{"wit", false}, {"wit/", false}, {"/x", false}, {"wit/Unknown", false}, {"wit/a--b", false}, {"wit/a-", false}, {"wit/a/b", false}, {"wit/1a", false},
	} {
		err := diag.CodeInfo{Code: test.code, Doc: "d", Example: "e"}.Check()
		if (err == nil) != test.ok {
			t.Errorf("Check of `%s`: %v, want ok %v", test.code, err, test.ok)
		}
	}
	if (diag.CodeInfo{Code: "a/b", Example: "e"}).Check() == nil || (diag.CodeInfo{Code: "a/b", Doc: "d"}).Check() == nil {
		t.Error("a row without doc or example passes")
	}
}

func FuzzRender(f *testing.F) {
	f.Add([]byte("interface a {\n"), 3, 5, false)
	f.Add([]byte("\x00asm\x0d\x00\x01\x00"), 3, 5, true)
	f.Add([]byte("\xff\u202e日"), 0, 9, false)
	f.Fuzz(func(t *testing.T, data []byte, start, end int, binary bool) {
		file := &diag.File{Name: "f", Data: data, Binary: binary}
		l := diag.List{diag.Errorf(diag.Span{File: file, Start: start, End: end}, "a/b", "%s", data).Labelf(file.Span(end, start), "%s", data)}
		for _, o := range []diag.RenderOptions{{}, {Format: diag.JSON}, {Width: 1}} {
			var b countWriter
			if err := diag.Render(&b, l, o); err != nil {
				t.Fatal(err)
			}
			if o.Format != diag.JSON && b.escapes > 0 {
				t.Errorf("an escape reaches the output")
			}
		}
	})
}

type countWriter struct{ escapes int }

func (w *countWriter) Write(p []byte) (int, error) {
	for _, c := range p {
		if c < 0x20 && c != '\n' {
			w.escapes++
		}
	}
	return len(p), nil
}
