package encoding

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/internal/hextext"
)

// here returns the file and line of its caller's caller, so that a failing row of a table points to
// itself.
func here() string {
	_, file, line, _ := runtime.Caller(2)
	return fmt.Sprintf("%s:%d", filepath.Base(file), line)
}

var (
	bytesOf   = hextext.Bytes
	component = hextext.Component
)

func decode(data []byte) (*Component, error) { return Decode(diag.NewBinary("test.wasm", data)) }

// ignoreLayout compares trees without their layout and spans.
var ignoreLayout = cmp.Options{cmpopts.IgnoreTypes(Span{}), cmpopts.IgnoreUnexported(Component{}), cmpopts.EquateEmpty()}

// decodeBlanked decodes a copy of data, and then zeroes everything in the copy except the parts
// that the tree may alias.
func decodeBlanked(t *testing.T, data []byte) *Component {
	t.Helper()
	data = append([]byte(nil), data...)
	c, err := decode(data)
	if err != nil {
		t.Fatalf("decode: %v", err)
	}
	keep := make([]bool, len(data))
	mark := func(b []byte, end int) {
		for i := end - len(b); i < end; i++ {
			keep[i] = true
		}
	}
	for n := range c.All() {
		if n.Module != nil {
			mark(n.Module.Bytes, n.Module.End)
			continue
		}
		for _, d := range n.Component.Defs {
			if x, ok := d.(*Custom); ok {
				mark(x.Data, x.End)
			}
		}
	}
	for i := range data {
		if !keep[i] {
			data[i] = 0
		}
	}
	return c
}

// checkLaw checks that a component is written as it was read, even after those bytes are gone, and
// that the spans of its definitions do not overlap.
func checkLaw(t *testing.T, data []byte) {
	t.Helper()
	c := decodeBlanked(t, data)
	if got := c.Append(nil); string(got) != string(data) {
		t.Errorf("Append(Decode(x)) differs from x\ngot:  %x\nwant: %x", clip(got), clip(data))
	}
	prefix := []byte("prefix")
	if got := c.Append(prefix); string(got) != "prefix"+string(data) {
		t.Error("Append does not append")
	}
	var out bytes.Buffer
	if n, err := c.WriteTo(&out); err != nil || n != int64(len(data)) || out.String() != string(data) {
		t.Errorf("WriteTo: %d bytes of %d, %v; the same: %v", n, len(data), err, out.String() == string(data))
	}
	for n := range c.All() {
		if n.Component == nil {
			continue
		}
		last := n.Component.Start
		for i, d := range n.Component.Defs {
			s := d.Offsets()
			if s.Start < last || s.End < s.Start || s.End > n.Component.End {
				t.Errorf("%v: span of definition %d is %v, the one before ends at %d", n, i, s, last)
			}
			last = s.End
		}
	}
	checkCanonical(t, c)
}

// checkCanonical checks that the tree without its layout yields bytes that hold the same tree and
// no layout.
func checkCanonical(t *testing.T, c *Component) {
	t.Helper()
	bare := strip(c).Append(nil)
	again, err := decode(bare)
	if err != nil {
		t.Errorf("decoding the canonical bytes: %v", err)
		return
	}
	if got := strip(again).Append(nil); string(got) != string(bare) {
		t.Errorf("canonical bytes are read as another tree\ngot:  %x\nwant: %x", clip(got), clip(bare))
	}
	for n := range again.All() {
		if n.Component != nil && n.Component.layout != nil {
			t.Errorf("%v: canonical bytes have a layout: %+v", n, n.Component.layout)
		}
	}
}

// strip returns c without layout, at any depth.
func strip(c *Component) *Component {
	out := &Component{}
	for _, d := range c.Defs {
		if n, ok := d.(*NestedComponent); ok {
			d = &NestedComponent{Component: strip(n.Component)}
		}
		out.Defs = append(out.Defs, d)
	}
	return out
}

func clip(b []byte) []byte { return b[:min(len(b), 400)] }

// wantError checks that decoding fails with a message that starts with want.
func wantError(t *testing.T, pos string, data []byte, want string) {
	t.Helper()
	_, err := decode(data)
	if err == nil {
		t.Errorf("%s: no error, want %q", pos, want)
		return
	}
	var d *diag.Diagnostic
	if !errors.As(err, &d) {
		t.Errorf("%s: error is a %T", pos, err)
		return
	}
	if !strings.HasPrefix(err.Error(), want) {
		t.Errorf("%s:\ngot:  %v\nwant: %s…", pos, err, want)
	}
}

// corpus returns the directory of public test data, or skips the test with a message.
func corpus(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("CORPUS")
	if dir == "" {
		_, file, _, _ := runtime.Caller(0)
		dir = filepath.Join(filepath.Dir(file), "..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("SKIPPED: no corpus of public test data at %s (set CORPUS)", dir)
	}
	return dir
}

// full is a file on a disk that has space for room more bytes.
type full struct{ room int }

var errFull = errors.New("no space left on device")

func (f *full) Write(p []byte) (int, error) {
	n := min(len(p), f.room)
	f.room -= n
	if n < len(p) {
		return n, errFull
	}
	return n, nil
}

// WriteTo stops at the first error of the writer and returns it.
func TestWriteToFull(t *testing.T) {
	var b Builder
	b.CoreModule(bytesOf(emptyModule))
	b.CoreModule(bytesOf(emptyModule))
	c := b.Component()
	for room := range len(c.Append(nil)) {
		if n, err := c.WriteTo(&full{room}); n != int64(room) || err != errFull {
			t.Errorf("room for %d: %d bytes, %v", room, n, err)
		}
	}
}
