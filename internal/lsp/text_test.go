package lsp

import (
	"bytes"
	"math/rand"
	"strings"
	"testing"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

func TestPositions(t *testing.T) {
	const src = "ab\r\n\u00e9\U0001F600x\ry\n\n"
	for _, test := range []struct {
		line, utf16, utf8 uint32
		offset            int
	}{
		{0, 0, 0, 0}, {0, 2, 2, 2}, {1, 0, 0, 4}, {1, 1, 2, 6}, {1, 3, 6, 10}, {1, 4, 7, 11}, {2, 0, 0, 12}, {2, 1, 1, 13}, {3, 0, 0, 14}, {4, 0, 0, 15},
	} {
		x := newText([]byte(src))
		for enc, col := range map[encoding]uint32{protocol.PositionEncodingKindUTF16: test.utf16, protocol.PositionEncodingKindUTF8: test.utf8} {
			p := protocol.Position{Line: test.line, Character: col}
			if got := x.offset(p, enc); got != test.offset {
				t.Errorf("%s %v: offset %d, want %d", enc, p, got, test.offset)
			}
			if got := x.position(test.offset, enc); got != p {
				t.Errorf("%s: position of %d is %v, want %v", enc, test.offset, got, p)
			}
		}
	}
	x := newText([]byte(src))
	for _, test := range []struct {
		p    protocol.Position
		want int
	}{
		{protocol.Position{Line: 0, Character: 99}, 2},           // beyond the line
		{protocol.Position{Line: 9, Character: 1}, len(src)},     // beyond the text
		{protocol.Position{Line: 1<<32 - 1}, len(src)},           // far beyond it
		{protocol.Position{Line: 1, Character: 2}, 6},            // inside a surrogate pair
		{protocol.Position{Line: 1, Character: 1<<32 - 1}, 11},   // far beyond the line
		{protocol.Position{Line: 4, Character: 3}, len(src)},     // the last line is empty
		{protocol.Position{Line: 3, Character: 0}, len(src) - 1}, // an empty line
	} {
		if got := x.offset(test.p, protocol.PositionEncodingKindUTF16); got != test.want {
			t.Errorf("%v: offset %d, want %d", test.p, got, test.want)
		}
	}
}

func TestPaths(t *testing.T) {
	for _, test := range []struct{ uri, path, back string }{
		{"file:///home/a/b.wit", "/home/a/b.wit", "file:///home/a/b.wit"},
		{"file:///home/a%20b/c%25.wit", "/home/a b/c%.wit", "file:///home/a%20b/c%25.wit"},
		{"file:///home/%C3%A9.wit", "/home/\u00e9.wit", "file:///home/%C3%A9.wit"},
		{"file:///c%3A/Users/x/a.wit", "/c:/Users/x/a.wit", "file:///c%3A/Users/x/a.wit"},
		{"file:///C:/Users/x/a.wit", "/c:/Users/x/a.wit", "file:///c%3A/Users/x/a.wit"},
		{"file://server/share/a.wit", "//server/share/a.wit", "file://server/share/a.wit"},
		{"file:///a/../b/./c.wit", "/b/c.wit", "file:///b/c.wit"},
	} {
		u, err := uri.Parse(test.uri)
		if err != nil {
			t.Fatal(err)
		}
		p, ok := pathOf(u)
		if !ok || p != test.path {
			t.Errorf("%s: path %q %v, want %q", test.uri, p, ok, test.path)
		}
		if back := uriOf(p); string(back) != test.back {
			t.Errorf("%s: back is %s, want %s", test.uri, back, test.back)
		}
	}
	for _, s := range []string{"untitled:Untitled-1", "git:/a/b.wit", "http://a/b.wit"} {
		if p, ok := pathOf(uri.MustParse(s)); ok {
			t.Errorf("%s is the file %s", s, p)
		}
	}
	if got := parent("//server/share/a.wit"); got != "//server/share" {
		t.Errorf("parent: %s", got)
	}
	if got := join("//server/share", "deps/a.wit"); got != "//server/share/deps/a.wit" {
		t.Errorf("join: %s", got)
	}
}

// FuzzEdits applies random edits incrementally and compares the text with the expected one.
func FuzzEdits(f *testing.F) {
	f.Add(int64(1), "package a:b;\ninterface i {}\n")
	f.Add(int64(2), "\r\n\r\u00e9\U0001F600\n")
	f.Add(int64(3), "")
	f.Fuzz(func(t *testing.T, seed int64, src string) {
		src = strings.ToValidUTF8(src, "?")
		r := rand.New(rand.NewSource(seed))
		pieces := []string{"", "x", "\n", "\r\n", "\U0001F600", "interface j { use i.{t}; }", "\u00e9", "{", "}"}
		for _, enc := range []encoding{protocol.PositionEncodingKindUTF16, protocol.PositionEncodingKindUTF8} {
			x := newText([]byte(src))
			want := []byte(src)
			for range 20 {
				// A client can name only the ends of characters, and not the place inside a CR LF.
				var ends []int
				for i := range string(want) {
					if !(i > 0 && want[i-1] == '\r' && want[i] == '\n') {
						ends = append(ends, i)
					}
				}
				ends = append(ends, len(want))
				a, b := r.Intn(len(ends)), r.Intn(len(ends))
				start, end := ends[min(a, b)], ends[max(a, b)]
				piece := pieces[r.Intn(len(pieces))]
				x = x.change(&protocol.TextDocumentContentChangePartial{Range: x.rng(start, end, enc), Text: piece}, enc)
				want = append(append(bytes.Clone(want[:start]), piece...), want[end:]...)
				if !bytes.Equal(x.data, want) {
					t.Fatalf("got %q, want %q", x.data, want)
				}
			}
		}
	})
}

// FuzzCursor checks that a text that is cut off anywhere causes no panic.
func FuzzCursor(f *testing.F) {
	f.Add("interface i { use a:b/c@1.0.0.{x as y, z}; @since(version = 1.0.0) f: func(a: list<u8>) -> r; }", 40)
	f.Add("/* /* */ \"\\", 9)
	f.Add("}}}{{{@(@()<>", 13)
	f.Fuzz(func(t *testing.T, src string, at int) {
		newCursor([]byte(src), min(max(at, 0), len(src)))
	})
}
