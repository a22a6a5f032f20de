package record

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/mortise-wasm/mortise/runner"
)

// FuzzReader reads arbitrary bytes. Nothing that a size claims may be allocated.
func FuzzReader(f *testing.F) {
	b, err := appendFrame([]byte(magic), frameHeader, (&Header{Name: "x", Limits: runner.Limits{MaxMemory: 1}}).contents())
	if err != nil {
		f.Fatal(err)
	}
	b, err = appendFrame(b, frameComponent, bytes.Repeat([]byte("component"), 1000))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(magic + "h\xff\xff\xff\x1f"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := NewReader(bytes.NewReader(data))
		for err == nil {
			_, err = r.Next()
		}
	})
}

// FuzzReplay replays arbitrary events. Each line of the input is the contents of a frame: its kind
// and its fields, separated by tabs.
func FuzzReplay(f *testing.F) {
	component, err := os.ReadFile(filepath.Join("..", "testdata", "resources.wasm"))
	if err != nil {
		f.Fatal(err)
	}
	const instantiation = "b\tinstantiate\t\t\t\ne\treturned\t\t0\t\n"
	f.Add([]byte(instantiation + "b\texport\tns:t/user\tmake\t(7)\ne\treturned\t\t0\tthing#1\nb\tdestructor\t\t[drop]thing\t(thing#1)\ne\treturned\t\t0\t\nz"))
	f.Add([]byte(instantiation + "b\texport\tns:t/user\tlook\t(thing#1)\ne\tfailed\tno\t0\t\nz"))
	f.Add([]byte(instantiation + "b\timport\tns:t/user\tlook\t(thing#1)\nz"))
	f.Add([]byte(instantiation + instantiation))
	f.Add([]byte("e\texited\t\t3\t\n"))
	f.Fuzz(func(t *testing.T, script []byte) {
		b, err := appendFrame([]byte(magic), frameHeader, (&Header{Name: "x"}).contents())
		if err != nil {
			t.Fatal(err)
		}
		if b, err = appendFrame(b, frameComponent, component); err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(script) {
			parts := bytes.Split(bytes.TrimSuffix(line, []byte("\n")), []byte("\t"))
			if len(parts[0]) != 1 {
				continue
			}
			var contents []byte
			for _, p := range parts[1:] {
				contents = appendField(contents, p)
			}
			if b, err = appendFrame(b, parts[0][0]&^compressed, contents); err != nil {
				t.Fatal(err)
			}
		}
		r, err := NewReader(bytes.NewReader(b))
		if err != nil {
			return
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if s, err := r.Replay(ctx, runner.Options{Interpreter: true}, r.Component); err == nil && s.Note == "" && r.open != 0 {
			t.Errorf("the replay ended in the middle of a call: %+v", s)
		}
	})
}
