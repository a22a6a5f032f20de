package diag_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/golden"
)

const timerWIT = `package demo:clock;

interface timer {
  type clock = u64;
  type clock = u32;

  use types.{tick, tick};
  now: func() -> clok;
	tabbed: func() -> clok;
  名前: func(日本: clok) -> clok;
}
`

// span returns the nth occurrence, counted from 0, of text in f.
func span(f *diag.File, text string, nth int) diag.Span {
	from := 0
	for ; ; nth-- {
		i := strings.Index(string(f.Data[from:]), text)
		if i < 0 {
			panic("no " + text)
		}
		from += i + len(text)
		if nth == 0 {
			return f.Span(from-len(text), from)
		}
	}
}

// renderings returns the lists that are shown in the files of testdata/render.
func renderings() map[string]diag.List {
	timer := func() *diag.File { return diag.NewFile("wit/timer.wit", []byte(timerWIT)) }
	bin := diag.NewFile("app.wasm", []byte("\x00asm\x0d\x00\x01\x00\x07\x05\x01`\x7f\x1b[31mGIF\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c"))
	f := timer()
	m := map[string]diag.List{}

	m["one-span"] = diag.List{diag.Errorf(span(f, "clok", 0), "wit/unknown-type", "type `clok` is not defined in interface `timer`").
		Captionf("not found in this scope").
		Helpf("a type with a similar name exists: `clock`").
		Replace(span(f, "clok", 0), "clock")}
	m["tab-before"] = diag.List{diag.Errorf(span(f, "clok", 1), "wit/unknown-type", "type `clok` is not defined").Captionf("here")}
	m["wide-before"] = diag.List{diag.Errorf(span(f, "clok", 2), "wit/unknown-type", "type `clok` is not defined").Captionf("here").
		Labelf(span(f, "日本", 0), "of this parameter")}
	m["combining-before"] = diag.List{diag.Errorf(span(diag.NewFile("a.wit", []byte("e\u0301e\u0301 x")), "x", 0), "wit/bad-name", "bad name").Captionf("here")}
	assembled := diag.NewBinary("timer.wat", []byte("\x00asm\x0d\x00\x01\x00"))
	assembled.Origin = func(s diag.Span) diag.Span {
		if s.Start == 4 {
			return span(f, "clok", 0)
		}
		return diag.Span{}
	}
	m["assembled"] = diag.List{
		diag.Errorf(assembled.Span(4, 5), "wit/unknown-type", "type `clok` is not defined").Captionf("not found").In("type 3").
			Labelf(span(f, "clock", 0), "this is like it"),
		diag.Errorf(assembled.Span(6, 7), "core/bad-byte", "what was made from nothing is in the binary"),
	}
	m["two-lines"] = diag.List{diag.Errorf(span(f, "clock", 2), "wit/duplicate", "type `clock` is defined twice").
		Captionf("defined again").Labelf(span(f, "clock", 1), "first defined here")}
	m["far-lines"] = diag.List{diag.Errorf(span(f, "clok", 2), "wit/duplicate", "one thing").
		Captionf("here").Labelf(span(f, "demo", 0), "in this package").Labelf(span(f, "tabbed", 0), "and here")}
	m["skipped-line"] = diag.List{diag.Warningf(span(f, "timer", 0), "wit/unused", "interface `timer` is not used").
		Labelf(span(f, "demo", 0), "in this package")}
	m["same-line"] = diag.List{diag.Errorf(span(f, "tick", 1), "wit/duplicate", "`tick` is used twice").
		Captionf("used again").Labelf(span(f, "tick", 0), "first used here").Labelf(span(f, "types", 0), "from this interface")}
	m["overlap"] = diag.List{diag.Errorf(span(f, "tick", 0), "wit/overlap", "a label around the primary span").
		Captionf("inner").Labelf(span(f, "{tick, tick}", 0), "outer").Labelf(span(f, "tick", 0), "same place")}
	m["several-lines"] = diag.List{diag.Errorf(span(f, "{\n  type clock = u64;\n  type", 0), "wit/body", "a span of several lines").Captionf("starts here")}
	m["two-files"] = diag.List{diag.Errorf(span(f, "tick", 0), "wit/duplicate", "`tick` is defined twice").
		Captionf("defined again").Labelf(span(diag.NewFile("wit/deps/a.wit", []byte("interface a {\n  type tick = u8;\n}\n")), "tick", 0), "first defined here")}
	m["end-of-file"] = diag.List{diag.Errorf(f.Span(len(f.Data), len(f.Data)), "wit/unexpected-end", "expected `}`, found end of file")}
	m["end-without-newline"] = diag.List{diag.Errorf(diag.NewFile("a.wit", []byte("interface a {")).Span(13, 13), "wit/unexpected-end", "expected `}`, found end of file").Captionf("expected `}`")}
	m["empty-file"] = diag.List{diag.Errorf(diag.NewFile("a.wit", nil).Span(0, 0), "wit/empty", "the file is empty")}
	m["crlf"] = diag.List{diag.Errorf(span(diag.NewFile("a.wit", []byte("interface a {\r\n  x: clok;\r\n}\r\n")), "clok;", 0), "wit/unknown-type", "type `clok` is not defined")}
	m["notes"] = diag.List{diag.Errorf(span(f, "u32", 0), "wit/notes", "a message\nof two lines").
		Notef("a fact").Notef("a fact\nin two lines").Helpf("do this").Helpf("or that")}
	m["edits"] = diag.List{diag.Errorf(span(f, "clok", 0), "wit/edits", "edits stand in for help").
		Replace(span(f, "clok", 0), "clock").Replace(span(f, "type ", 0), "").Replace(span(f, "now", 0).First(), "get-")}
	m["no-place"] = diag.List{diag.Errorf(diag.Span{}, "", "cannot read `app.wasm`: no such file").Helpf("is the path right?")}
	m["no-place-item"] = diag.List{diag.Errorf(diag.Span{}, "validate/import", "import `a` is missing").In("instance 3").In("component 0")}

	hostile := diag.NewFile("evil\x1b[2J.wit", []byte("a\x1b[31m\u202eb\xff\u200bc = clok // \u009b0m\n"))
	m["hostile"] = diag.List{diag.Errorf(span(hostile, "clok", 0), "wit/unknown-type", "type `\x1b]0;title\a` \u202eis not defined").
		Captionf("here\x1b[0m").Notef("bell \a").In("func \x1b[1m")}

	long := diag.NewFile("long.wit", []byte(strings.Repeat("abcdefg ", 500)+"clok"+strings.Repeat(" 名前名前", 500)))
	m["long-line"] = diag.List{diag.Errorf(span(long, "clok", 0), "wit/unknown-type", "type `clok` is not defined").Captionf("here").
		Labelf(span(long, "bcd", 0), "far to the left").Labelf(long.Span(len(long.Data)-3, len(long.Data)), "far to the right")}
	start := diag.NewFile("long.wit", []byte("clok "+strings.Repeat("abcdefg ", 500)))
	m["long-line-start"] = diag.List{diag.Errorf(span(start, "clok", 0), "wit/unknown-type", "type `clok` is not defined").Captionf("here")}
	end := diag.NewFile("long.wit", []byte(strings.Repeat("abcdefg ", 500)+" clok"))
	m["long-line-end"] = diag.List{diag.Errorf(span(end, "clok", 0), "wit/unknown-type", "type `clok` is not defined").Captionf("here")}
	m["long-span"] = diag.List{diag.Errorf(end.Span(8, len(end.Data)), "wit/long", "a span of %d bytes", len(end.Data)-8).Captionf("here")}

	m["binary"] = diag.List{diag.At(bin, 0x1a, "encoding/bad-opcode", "unknown opcode 0x%02x", 7).In("func %d", 3).In("component %d", 0)}
	m["binary-range"] = diag.List{diag.Errorf(bin.Span(4, 9), "encoding/bad-version", "a range over both groups").Captionf("five bytes").
		Labelf(bin.Span(12, 40), "goes on in the next row").Labelf(bin.Span(0x30, 0x31), "and this")}
	m["binary-first-byte"] = diag.List{diag.At(bin, 0, "encoding/bad-magic", "bad magic")}
	m["binary-last-of-group"] = diag.List{diag.Errorf(bin.Span(7, 8), "encoding/bad-version", "the last byte of a group").Captionf("0x00")}
	m["binary-end"] = diag.List{diag.At(bin, len(bin.Data), "encoding/unexpected-end", "unexpected end").Captionf("one more byte is needed")}
	full := diag.NewFile("full.wasm", bin.Data[:16])
	m["binary-end-full-row"] = diag.List{diag.At(full, 16, "encoding/unexpected-end", "unexpected end").Captionf("here")}
	m["binary-beyond"] = diag.List{diag.At(full, 0x400, "encoding/unexpected-end", "an offset outside the file")}
	m["binary-empty"] = diag.List{diag.At(diag.NewBinary("empty.wasm", nil), 0, "encoding/unexpected-end", "unexpected end")}
	m["one-cell-end"] = diag.List{diag.At(diag.NewFile("x.wit", []byte("x")), 1, "wit/unexpected-end", "the mark is after the only character")}
	prose := "a sentence that goes on and on, with a `command --that has=arguments`, and does not fit a screen that is narrow, so that it is broken at blanks"
	m["prose"] = diag.List{diag.Errorf(span(f, "tick", 1), "wit/prose", "%s", prose).Captionf("used again, as %s", prose).
		Labelf(span(f, "tick", 0), "first used here, where %s", prose).Labelf(span(f, "use", 0), "a short one").
		Notef("%s", prose).Helpf("write this:\n    code that is not broken however long it may be, since it would not be code then\nand %s", prose).
		In("a component with a long name").In("another component that is around it, with a name that is longer")}
	m["prose-far-right"] = diag.List{diag.Errorf(span(f, "clok", 1), "wit/prose", "a message").Captionf("%s", prose)}
	return m
}

// narrow lists the renderings that are also shown on narrow screens.
var narrow = []string{"binary-end", "binary-range", "long-line", "no-place-item", "overlap", "prose", "prose-far-right", "same-line", "two-files"}

// TestRenderNarrow checks that no line is longer than the screen, except for names and code, and
// that the words are the same as on a wide screen.
func TestRenderNarrow(t *testing.T) {
	for _, name := range narrow {
		list := renderings()[name]
		for _, width := range []int{80, 60, 44} {
			var b bytes.Buffer
			if err := diag.Render(&b, list, diag.RenderOptions{Width: width}); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(b.String()) {
				line = strings.TrimSuffix(line, "\n")
				if n := diag.Columns(line); n > width && !strings.Contains(line, "code that is not broken") {
					t.Errorf("%s at %d columns: a line of %d: %s", name, width, n, line)
				}
			}
			golden.File(t, fmt.Sprintf("testdata/render/%s.%d", name, width), b.String())
		}
	}
}

func TestWholeMessages(t *testing.T) {
	message := strings.Repeat("word ", 50) + "end"
	d := diag.Errorf(diag.Span{}, "", "%s", message).Notef("%s", message)
	var b bytes.Buffer
	if err := diag.Render(&b, diag.List{d}, diag.RenderOptions{Width: 60, WholeMessages: true}); err != nil {
		t.Fatal(err)
	}
	if out := b.String(); !strings.HasPrefix(out, "error: "+message+"\n") || strings.Contains(out, "note: "+message) {
		t.Errorf("the message is broken, or the note is not:\n%s", out)
	}
}

func TestRender(t *testing.T) {
	for name, list := range renderings() {
		t.Run(name, func(t *testing.T) {
			for suffix, o := range map[string]diag.RenderOptions{
				".txt":   {},
				".color": {Color: true},
				".json":  {Format: diag.JSON},
			} {
				var b bytes.Buffer
				if err := diag.Render(&b, list, o); err != nil {
					t.Fatal(err)
				}
				out := b.String()
				if suffix == ".color" {
					out = strings.ReplaceAll(out, "\x1b[", "␛[") // so that printing the file does not colour it
				}
				if suffix == ".txt" {
					out += "\nas an error:\n" + list.Error() + "\n"
				}
				if o.Format != diag.JSON && strings.ContainsAny(out, "\x1b\a\r\t\u202e\u009b") {
					t.Errorf("control characters in %q", out)
				}
				golden.File(t, "testdata/render/"+name+suffix, out)
			}
		})
	}
}

// TestRenderOffEveryEdge renders a span at each pair of offsets of small files in
// narrow windows. It checks that nothing panics and that lines stay short.
func TestRenderOffEveryEdge(t *testing.T) {
	texts := []string{"", "\n", "a", "é\n\xff\r\nb\t\x00日", "\x00asm\r\x00\x01\x00", "\x00asm\r\x00\x01\x00\x07\x01`\x00\x00\x00\x00\x00\x01\x02", strings.Repeat("日x", 40) + "\n"}
	for _, text := range texts {
		f := diag.NewFile("f", []byte(text))
		for start := -2; start <= len(text)+2; start++ {
			for end := start - 1; end <= len(text)+2; end++ {
				d := diag.Errorf(diag.Span{File: f, Start: start, End: end}, "a/b", "message").Captionf("caption").
					Labelf(f.Span(end, start), "label").Labelf(f.Span(0, len(text)), "all")
				var b bytes.Buffer
				if err := diag.Render(&b, diag.List{d}, diag.RenderOptions{Width: 30}); err != nil {
					t.Fatal(err)
				}
				for line := range strings.Lines(b.String()) {
					if len([]rune(line)) > 100 {
						t.Fatalf("%d-%d of %q: long line %q", start, end, text, line)
					}
				}
				_, _ = d.Error(), d.Primary.Text()
			}
		}
	}
}

func TestRenderLimit(t *testing.T) {
	f := diag.NewFile("a.wit", []byte("x"))
	var l diag.List
	for range 42 {
		l.Errorf(f.Span(0, 1), "a/b", "bad")
	}
	var b bytes.Buffer
	if err := diag.Render(&b, l, diag.RenderOptions{Limit: 10}); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "error[a/b]"); n != 10 {
		t.Errorf("%d diagnostics are shown, want 10", n)
	}
	if want := "\n… and 32 more\n"; !strings.HasSuffix(b.String(), want) {
		t.Errorf("output ends with %q, want %q", b.String()[b.Len()-30:], want)
	}
}

func TestJSONIsOneObjectPerLine(t *testing.T) {
	for name, list := range renderings() {
		var b bytes.Buffer
		if err := diag.Render(&b, append(list, list...), diag.RenderOptions{Format: diag.JSON}); err != nil {
			t.Fatal(err)
		}
		lines := 0
		for line := range strings.Lines(b.String()) {
			lines++
			var object map[string]any
			if err := json.Unmarshal([]byte(line), &object); err != nil {
				t.Errorf("%s: %v in %s", name, err, line)
			}
		}
		if lines != 2*len(list) {
			t.Errorf("%s: %d lines for %d diagnostics", name, lines, 2*len(list))
		}
	}
}

func BenchmarkRender(b *testing.B) {
	list := renderings()["same-line"]
	b.ReportAllocs()
	for b.Loop() {
		if err := diag.Render(&bytes.Buffer{}, list, diag.RenderOptions{Color: true}); err != nil {
			b.Fatal(err)
		}
	}
}
