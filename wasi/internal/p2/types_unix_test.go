//go:build unix

package p2

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/wasi/internal/sysfs"
)

// TestFIFO opens a fifo that has no peer. The open must not block.
func TestFIFO(t *testing.T) {
	g := newFS(t, false)
	if err := syscall.Mkfifo(filepath.Join(g.host, "fifo"), 0o666); err != nil {
		t.Skip(err)
	}
	want(t, "open for writing", g.do("open-at", g.dir, openArgs(0, "fifo", 0, flagWrite)...), "no-such-device")
	f := g.open("fifo", 0, flagRead)
	want(t, "get-type", g.get("get-type", f).Case(), sysfs.FIFO.Case())
	want(t, "read", g.do("read", f, value.U64(1), value.U64(0)), "invalid-seek")
	want(t, "open as directory", g.do("open-at", g.dir, openArgs(0, "fifo", openDirectory, flagRead)...), "not-directory")
	want(t, "metadata-hash-at", g.do("metadata-hash-at", g.dir, value.Flags(0), str("fifo")), "ok")
}

// TestBadNames tests file names on the host that are not UTF-8.
func TestBadNames(t *testing.T) {
	g := newFS(t, false)
	if err := os.WriteFile(filepath.Join(g.host, "dir/sub/bad\xff"), nil, 0o666); err != nil {
		t.Skip(err)
	}
	s := g.get("read-directory", g.open("dir/sub", 0, flagRead))
	v := g.call("filesystem/types [method]directory-entry-stream.read-directory-entry", borrow(s))
	want(t, "read-directory-entry", outcome(v), "illegal-byte-sequence")
	must(t, os.Symlink("bad\xff", filepath.Join(g.host, "link")))
	want(t, "readlink-at", g.do("readlink-at", g.dir, str("link")), "illegal-byte-sequence")
}

// TestDenied tests files that the host process itself may not use.
func TestDenied(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("nothing is denied to root")
	}
	g := newFS(t, false)
	must(t, os.Chmod(filepath.Join(g.host, "file"), 0))
	want(t, "open-at", g.do("open-at", g.dir, openArgs(0, "file", 0, flagRead)...), "access")
}
