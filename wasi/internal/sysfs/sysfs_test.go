package sysfs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

// TestCodeOf checks the names of codes against the enum in WIT, and the codes of errors.
func TestCodeOf(t *testing.T) {
	const enum = `access would-block already bad-descriptor busy deadlock quota exist file-too-large illegal-byte-sequence
		in-progress interrupted invalid io is-directory loop too-many-links message-size name-too-long no-device no-entry
		no-lock insufficient-memory insufficient-space not-directory not-empty not-recoverable unsupported no-tty
		no-such-device overflow not-permitted pipe read-only invalid-seek text-file-busy cross-device`
	for n, name := range strings.Fields(enum) {
		if c := Code(n + 1); c.Error() != name || c.Case() != n {
			t.Errorf("case %d is %s, want %s", c.Case(), c, name)
		}
	}
	if got := Code(CrossDevice + 1).Error(); got != "unknown" {
		t.Errorf("there is another code: %s", got)
	}
	for _, c := range []struct {
		err   error
		code  Code
		known bool
	}{
		{Loop, Loop, true},
		{fmt.Errorf("opening: %w", NotPermitted), NotPermitted, true},
		{&fs.PathError{Op: "open", Path: "x", Err: fs.ErrNotExist}, NoEntry, true},
		{fs.ErrExist, Exist, true},
		{fs.ErrPermission, Access, true},
		{fs.ErrInvalid, Invalid, true},
		{fs.ErrClosed, BadDescriptor, true},
		{errors.ErrUnsupported, Unsupported, true},
		{io.ErrClosedPipe, Pipe, true},
		{errors.New("odd"), IO, false},
	} {
		if code, known := CodeOf(c.err); code != c.code || known != c.known {
			t.Errorf("%v: %v %v, want %v %v", c.err, code, known, c.code, c.known)
		}
	}
	for _, e := range errnos {
		if code, known := CodeOf(&fs.PathError{Op: "open", Path: "x", Err: e.errno}); code != e.code || !known {
			t.Errorf("%v: %v %v, want %v", e.errno, code, known, e.code)
		}
	}
	if _, err := os.Open(filepath.Join(t.TempDir(), "x")); !strings.HasPrefix(Reason(err), "no such") && !strings.HasPrefix(Reason(err), "The system") {
		t.Errorf("reason: %q", Reason(err))
	}
}

// TestOpenDir opens a file that is not a directory.
func TestOpenDir(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, n := range []string{name, name + "2"} {
		if d, err := OpenDir(n, false); err == nil {
			d.Close()
			t.Errorf("%s can be opened", n)
		}
	}
}

// TestRenameBack renames a directory to itself through a link. Its contents must survive.
func TestRenameBack(t *testing.T) {
	host := t.TempDir()
	if err := os.MkdirAll(filepath.Join(host, "a/b"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(".", filepath.Join(host, "self")); err != nil {
		t.Skip(err)
	}
	d, err := OpenDir(host, false)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Rename("a", d, "self/a"); err != nil {
		t.Error(err)
	}
	if code, _ := CodeOf(d.Rename("a", d, "self/a/b")); code != Invalid {
		t.Errorf("into itself: %v, want invalid", code)
	}
	if s, err := d.Stat("a/b", false); err != nil || s.Type != Directory {
		t.Errorf("a/b is %v, %v", s.Type, err)
	}
}

func TestInput(t *testing.T) {
	for name, r := range map[string]io.Reader{
		"plain":    strings.NewReader("some text"),
		"one byte": iotest.OneByteReader(strings.NewReader("some text")),
		"data err": iotest.DataErrReader(strings.NewReader("some text")),
	} {
		in := NewInput(r)
		var got []byte
		wake := make(chan struct{}, 1)
		stop := in.Notify(wake)
		for {
			b, err := in.Read(4)
			got = append(got, b...)
			if err != nil {
				break
			}
			if len(b) == 0 && !in.Ready() {
				<-wake
			}
		}
		stop()
		if string(got) != "some text" {
			t.Errorf("%s: %q", name, got)
		}
	}
	// A read of zero bytes does not report the end while data is left.
	in := NewInput(iotest.DataErrReader(strings.NewReader("ab")))
	wake := make(chan struct{}, 1)
	stop := in.Notify(wake)
	if !in.Ready() {
		<-wake
	}
	stop()
	for _, r := range []struct {
		n    int
		want string
		err  error
	}{{0, "", nil}, {1, "a", nil}, {0, "", nil}, {1, "b", nil}, {0, "", io.EOF}, {1, "", io.EOF}} {
		if b, err := in.Read(r.n); string(b) != r.want || err != r.err {
			t.Errorf("Read(%d) = %q, %v, want %q, %v", r.n, b, err, r.want, r.err)
		}
	}
	lazy := NewInput(silent{})
	wake = make(chan struct{}, 1)
	defer lazy.Notify(wake)()
	if !lazy.Ready() {
		<-wake
	}
	if _, err := lazy.Read(1); err != io.ErrNoProgress {
		t.Errorf("a reader that returns nothing: %v", err)
	}
}

// silent is a reader that returns neither data nor an error.
type silent struct{}

func (silent) Read([]byte) (int, error) { return 0, nil }

func TestOutputs(t *testing.T) {
	var b strings.Builder
	if x, y := NewOutputs(&b, &b); x != y {
		t.Error("one writer has two Outputs")
	}
	if x, y := NewOutputs(&b, io.Discard); x == y {
		t.Error("two writers have one Output")
	}
	if x, y := NewOutputs(writers{&b}, writers{&b}); x == y {
		t.Error("writers that cannot be compared are one")
	}
	for _, ctx := range []context.Context{context.Background(), t.Context()} {
		x, y := NewOutputs(short{}, nil)
		if err := x.Write(ctx, []byte("abc")); err != io.ErrShortWrite {
			t.Errorf("a short write: %v", err)
		}
		if err := errors.Join(y.Write(ctx, []byte("abc")), y.Flush(ctx), x.Flush(ctx)); err != nil {
			t.Error(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	x, _ := NewOutputs(&b, nil)
	if err := x.Write(ctx, []byte("abc")); !errors.Is(err, context.Canceled) || b.Len() > 0 {
		t.Errorf("after the end: %v, %q", err, b.String())
	}
}

// writers is a writer whose type is not comparable.
type writers []io.Writer

func (w writers) Write(p []byte) (int, error) { return w[0].Write(p) }

// short is a writer that writes too little without an error.
type short struct{}

func (short) Write(p []byte) (int, error) { return len(p) - 1, nil }
