package record

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// contents returns the contents of a frame with the given fields.
func contents(fields ...string) (b []byte) {
	for _, f := range fields {
		b = appendField(b, f)
	}
	return b
}

// frames returns a recording with frames after its header and component.
func frames(t *testing.T, header []byte, frames ...[]byte) []byte {
	t.Helper()
	out := []byte(magic)
	var err error
	for i, f := range append([][]byte{append([]byte{frameHeader}, header...), {frameComponent, 'x'}}, frames...) {
		if out, err = appendFrame(out, f[0], f[1:]); err != nil {
			t.Fatal(i, err)
		}
	}
	return out
}

// Each field of a frame is checked, also if the checksum is right.
func TestMalformedFrames(t *testing.T) {
	header := (&Header{Name: "x"}).contents()
	frame := func(kind byte, fields ...string) []byte { return append([]byte{kind}, contents(fields...)...) }
	for _, tt := range []struct {
		data []byte
		want string
	}{
		{frames(t, contents("x", "")), "the recording is damaged: field 2 is incomplete"},
		{frames(t, contents("x", "", "fuel=-1")), "the recording is damaged: `fuel=-1` is not a limit"},
		{frames(t, contents("x", "", "fuel=1", "y")), "the recording is damaged: a frame has too many fields"},
		{frames(t, header, frame('?')), "a frame of kind '?' is out of place"},
		{frames(t, header, frame(frameHeader)), "a frame of kind 'h' is out of place"},
		{frames(t, header, frame(frameBegin, "nonsense", "", "", "")), "a call is of unknown kind `nonsense`"},
		{frames(t, header, frame(frameBegin, "inner", "", "", "")), "a call is of unknown kind `inner`"},
		{frames(t, header, frame(frameBegin, "export", "", "")), "field 3 is incomplete"},
		{frames(t, header, frame(frameEnd, "returned", "", "0", "")), "a call ends that did not begin"},
		{frames(t, header, frame(frameBegin, "export", "", "f", ""), frame(frameEnd, "", "", "0", "")), "a call has the unknown outcome ``"},
		{frames(t, header, frame(frameBegin, "export", "", "f", ""), frame(frameEnd, "exited", "", "x", "")), "an exit code is not a number"},
		{frames(t, header, frame(frameBegin, "export", "", "f", ""), frame(frameLast)), "the recording is incomplete"},
	} {
		r, err := NewReader(bytes.NewReader(tt.data))
		for err == nil {
			_, err = r.Next()
		}
		if !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: got %v, want %s", tt.data, err, tt.want)
		}
	}
}

// Large contents are compressed if that makes them smaller, and come back as they were.
func TestCompressedFrames(t *testing.T) {
	random := make([]byte, 1<<16)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range random {
		random[i] = byte(rng.Uint32())
	}
	for _, tt := range []struct {
		contents []byte
		limit    int
	}{
		{nil, 10},
		{[]byte("short"), 15},
		{bytes.Repeat([]byte("long "), 10_000), 1000},
		{random, len(random) + 100},
	} {
		b, err := appendFrame(nil, frameComponent, tt.contents)
		if err != nil {
			t.Fatal(err)
		}
		kind, got, err := readFrame(bytes.NewReader(b))
		if err != nil || kind != frameComponent || !bytes.Equal(got, tt.contents) || len(b) > tt.limit {
			t.Errorf("%d bytes became %d in a frame of %d: %v", len(tt.contents), len(got), len(b), err)
		}
	}
	// A frame whose size is wrong for what is in it.
	var z bytes.Buffer
	w, err := flate.NewWriter(&z, 9)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Write(make([]byte, 1000))
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	for _, size := range []uint64{0, 999, 1001} {
		b := binary.AppendUvarint([]byte{frameBegin | compressed}, size)
		b = append(binary.AppendUvarint(b, uint64(z.Len())), z.Bytes()...)
		b = binary.LittleEndian.AppendUint32(b, sum(frameBegin|compressed, z.Bytes()))
		if _, _, err := readFrame(bytes.NewReader(b)); err == nil || !strings.Contains(err.Error(), "cannot be decompressed") {
			t.Errorf("size %d: %v", size, err)
		}
	}
}

// What is too large to record is an error, and nothing that cannot be read is written.
func TestTooLarge(t *testing.T) {
	if _, err := NewRecorder(new(bytes.Buffer), Header{}, make([]byte, maxComponent+1)); err == nil {
		t.Error("a component above the limit was recorded")
	}
	var b bytes.Buffer
	rec, err := NewRecorder(&b, Header{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	rec.max = 1000
	before := b.Len()
	rec.Begin(context.Background(), &runner.Call{Kind: runner.CallImport, Func: "f", Args: []value.Value{value.String(strings.Repeat("x", 1000))},
		Type: &types.Func{Params: []types.Param{{Name: "s", Type: types.String}}}})
	if err := rec.Close(); err == nil || !strings.Contains(err.Error(), "cannot be recorded") || b.Len() != before {
		t.Errorf("%d bytes were written: %v", b.Len()-before, err)
	}
}

// Names of interfaces contain dots, as does the path of nested instances.
func TestExportPath(t *testing.T) {
	items := func(list ...types.Item) types.Items { return types.NewItems(list) }
	f := types.Item{Name: "f", Type: &types.Func{}}
	inner := &types.Instance{Exports: items(f)}
	outer := &types.Instance{Exports: items(f, types.Item{Name: "b.c", Type: inner})}
	exports := items(types.Item{Name: "ns:p/i@1.2", Type: inner}, types.Item{Name: "ns:p/i@1.2.3", Type: outer})
	for _, tt := range []struct{ iface, want string }{
		{"", "f"},
		{"ns:p/i@1.2.3", "ns:p/i@1.2.3 f"},
		{"ns:p/i@1.2", "ns:p/i@1.2 f"},
		{"ns:p/i@1.2.3.b.c", "ns:p/i@1.2.3 b.c f"},
		{"ns:p/i@1.2.4", ""},
	} {
		if got := strings.Join(exportPath(exports, tt.iface, "f"), " "); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.iface, got, tt.want)
		}
	}
}
