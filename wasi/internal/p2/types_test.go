package p2

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/wasi/internal/sysfs"
)

// fsGuest is a guest with a directory.
type fsGuest struct {
	*guest
	host string
	dir  value.Value
}

func newFS(t *testing.T, readOnly bool) *fsGuest {
	t.Helper()
	host := filepath.Join(t.TempDir(), "sandbox")
	for _, d := range []string{"", "dir", "dir/sub", "empty"} {
		must(t, os.MkdirAll(filepath.Join(host, d), 0o777))
	}
	must(t, os.WriteFile(filepath.Join(host, "file"), []byte("contents"), 0o666))
	must(t, os.WriteFile(filepath.Join(host, "dir/inner"), []byte("inner"), 0o666))
	must(t, os.WriteFile(filepath.Join(filepath.Dir(host), "outside"), []byte("secret"), 0o666))
	h := newHost()
	for _, ro := range []bool{readOnly, true} {
		dir, err := sysfs.OpenDir(host, ro)
		must(t, err)
		t.Cleanup(func() { dir.Close() })
		h.Preopens = append(h.Preopens, Preopen{dir, "/box"})
	}
	g := newGuest(t, h)
	list := g.call("filesystem/preopens get-directories")
	want(t, "name", list.Index(0).Index(1).Str(), "/box")
	return &fsGuest{g, host, list.Index(0).Index(0)}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// do calls a method of a descriptor and describes the result.
func (g *fsGuest) do(fn string, d value.Value, args ...value.Value) string {
	g.t.Helper()
	return outcome(g.method("filesystem/types descriptor."+fn, d, args...))
}

// get is like do for a result, which must be ok.
func (g *fsGuest) get(fn string, d value.Value, args ...value.Value) value.Value {
	g.t.Helper()
	return g.ok("filesystem/types [method]descriptor."+fn, append([]value.Value{borrow(d)}, args...)...)
}

func str(s string) value.Value { return value.String(s) }

const (
	noFollow = 0
	rw       = flagRead | flagWrite
)

func openArgs(follow uint32, path string, how, flags uint32) []value.Value {
	return []value.Value{value.Flags(follow), str(path), value.Flags(how), value.Flags(flags)}
}

func (g *fsGuest) open(path string, how, flags uint32) value.Value {
	g.t.Helper()
	return g.get("open-at", g.dir, openArgs(noFollow, path, how, flags)...)
}

// links creates symbolic links on the host. It skips the test if the system has none.
func (g *fsGuest) links(links map[string]string) {
	g.t.Helper()
	for name, target := range links {
		if err := os.Symlink(target, filepath.Join(g.host, name)); err != nil {
			g.t.Skip(err)
		}
	}
}

func TestOpen(t *testing.T) {
	g := newFS(t, false)
	g.links(map[string]string{
		"to-file": "file", "to-dir": "dir", "dangling": "nothing", "loop": "loop", "abs": "/etc/passwd", "abs-dir": "/etc",
		"out": "../outside", "dir/up": "../file", "dir/out": "../../outside", "dot": ".", "round": "../sandbox/file",
	})
	for _, c := range []struct {
		name, path         string
		follow, how, flags uint32
		want               string
	}{
		{"file", "file", 0, 0, flagRead, "ok"},
		{"no flags", "file", 0, 0, 0, "ok"},
		{"dots", "dir/.//sub/../../dir/./inner", 0, 0, flagRead, "ok"},
		{"missing", "nothing", 0, 0, flagRead, "no-entry"},
		{"missing directory", "nothing/file", 0, 0, flagRead, "no-entry"},
		{"file as directory", "file/x", 0, 0, flagRead, "not-directory"},
		{"slash after file", "file/", 0, 0, flagRead, "not-directory"},
		{"slash after directory", "dir/", 0, 0, flagRead, "ok"},
		{"empty", "", 0, 0, flagRead, "no-entry"},
		{"nul", "fi\x00le", 0, 0, flagRead, "invalid"},
		{"long", strings.Repeat("x", 300), 0, 0, flagRead, "name-too-long"},

		{"absolute", "/etc/passwd", 0, 0, flagRead, "not-permitted"},
		{"absolute inside", g.host + "/file", 0, 0, flagRead, "not-permitted"},
		{"up", "..", 0, 0, flagRead, "not-permitted"},
		{"out", "../outside", 0, 0, flagRead, "not-permitted"},
		{"out and back", "../sandbox/file", 0, 0, flagRead, "not-permitted"},
		{"out deep", "dir/sub/../../../outside", 0, 0, flagRead, "not-permitted"},
		{"create outside", "../new", 0, openCreate, rw, "not-permitted"},

		{"link", "to-file", 0, 0, flagRead, "loop"},
		{"link followed", "to-file", pathFollow, 0, flagRead, "ok"},
		{"link on the way", "to-dir/inner", 0, 0, flagRead, "ok"},
		{"link in directory", "dir/up", pathFollow, 0, flagRead, "ok"},
		{"dangling link", "dangling", pathFollow, 0, flagRead, "no-entry"},
		{"dangling link, not followed", "dangling", 0, 0, flagRead, "loop"},
		{"loop", "loop", pathFollow, 0, flagRead, "loop"},
		{"absolute link", "abs", pathFollow, 0, flagRead, "not-permitted"},
		{"absolute link on the way", "abs-dir/passwd", 0, 0, flagRead, "not-permitted"},
		{"link out", "out", pathFollow, 0, flagRead, "not-permitted"},
		{"link out of directory", "dir/out", pathFollow, 0, flagRead, "not-permitted"},
		{"link out and back", "round", pathFollow, 0, flagRead, "not-permitted"},
		{"create through link", "out", pathFollow, openCreate, rw, "not-permitted"},

		{"directory", "dir", 0, openDirectory, flagRead, "ok"},
		{"itself", ".", 0, openDirectory, flagRead, "ok"},
		{"directory that can be changed", "dir", 0, openDirectory, flagRead | flagMutateDirectory, "ok"},
		{"file as directory", "file", 0, openDirectory, flagRead, "not-directory"},
		{"missing directory", "nothing", 0, openDirectory, flagRead, "no-entry"},
		{"link as directory", "to-dir", 0, openDirectory, flagRead, "loop"},
		{"link to directory", "to-dir", pathFollow, openDirectory, flagRead, "ok"},
		{"link to file as directory", "to-file", pathFollow, openDirectory, flagRead, "not-directory"},
		{"directory for writing", "dir", 0, 0, rw, "is-directory"},
		{"directory as such for writing", "dir", 0, openDirectory, rw, "is-directory"},
		{"directory created", "dir", 0, openDirectory | openCreate, flagRead, "invalid"},

		{"exclusive", "file", 0, openCreate | openExclusive, rw, "exist"},
		{"exclusive link", "dangling", pathFollow, openCreate | openExclusive, rw, "exist"},
		{"synchronous", "file", 0, 0, rw | flagDataIntegritySync, "ok"},
		{"create", "new", 0, openCreate, rw, "ok"},
		{"create for reading", "new2", 0, openCreate, flagRead, "ok"},
		{"create in directory", "dir/new", 0, openCreate | openExclusive, flagWrite, "ok"},
		{"create nowhere", "nothing/new", 0, openCreate, rw, "no-entry"},
		{"truncate", "file", 0, openTruncate, flagWrite, "ok"},
	} {
		if runtime.GOOS == "windows" && strings.Contains(c.name, "nul") {
			continue
		}
		v := g.method("filesystem/types descriptor.open-at", g.dir, openArgs(c.follow, c.path, c.how, c.flags)...)
		want(t, c.name, outcome(v), c.want)
		if v.IsOK() {
			must(t, g.drop("filesystem/types descriptor", v.Payload()))
		}
	}
	info, err := os.Stat(filepath.Join(g.host, "file"))
	must(t, err)
	want(t, "truncated", info.Size(), 0)
	if _, err := os.Stat(filepath.Join(g.host, "../new")); err == nil {
		t.Error("there is a file outside")
	}
	f := g.open("file", 0, flagRead)
	want(t, "open-at of a file", g.do("open-at", f, openArgs(0, "x", 0, 0)...), "not-directory")
}

func TestReadWriteAt(t *testing.T) {
	g := newFS(t, false)
	f := g.open("new", openCreate|openExclusive, rw)
	at := func(n uint64) value.Value { return value.U64(n) }
	want(t, "write", g.get("write", f, value.Bytes([]byte("abc")), at(2)).U64(), 3)
	want(t, "read", g.get("read", f, at(100), at(1)).String(), "([0, 97, 98, 99], false)")
	want(t, "read some", g.get("read", f, at(2), at(2)).String(), "([97, 98], false)")
	want(t, "read nothing", g.get("read", f, at(0), at(2)).String(), "([], false)")
	want(t, "read at the end", g.get("read", f, at(1<<60), at(5)).String(), "([], true)")
	want(t, "read far away", g.do("read", f, at(1), at(1<<63)), "invalid")
	want(t, "write far away", g.do("write", f, value.Bytes([]byte("x")), at(1<<63)), "invalid")
	want(t, "set-size", g.do("set-size", f, at(3)), "ok")
	want(t, "set-size too large", g.do("set-size", f, at(1<<63)), "file-too-large")
	want(t, "read", g.get("read", f, at(9), at(0)).String(), "([0, 0, 97], false)")
	for _, fn := range []string{"sync", "sync-data"} {
		want(t, fn, g.do(fn, f), "ok")
		want(t, fn+" of a directory", g.do(fn, g.dir), "ok")
	}
	want(t, "advise", g.do("advise", f, at(0), at(10), value.Enum(3)), "ok")
	want(t, "get-type", g.get("get-type", f).Case(), sysfs.RegularFile.Case())
	want(t, "get-flags", g.get("get-flags", f).Flags(), uint32(rw))

	r := g.open("new", 0, flagRead)
	want(t, "get-flags", g.get("get-flags", r).Flags(), uint32(flagRead))
	want(t, "write to a file opened for reading", g.do("write", r, value.Bytes([]byte("x")), at(0)), "bad-descriptor")
	want(t, "set-size of it", g.do("set-size", r, at(0)), "bad-descriptor")
	want(t, "sync of it", g.do("sync", r), "ok")
	w := g.open("new", 0, flagWrite)
	want(t, "read from a file opened for writing", g.do("read", w, at(1), at(0)), "bad-descriptor")
	want(t, "read-via-stream of it", g.do("read-via-stream", w, at(0)), "bad-descriptor")

	d := g.dir
	want(t, "get-flags of a directory", g.get("get-flags", d).Flags(), uint32(flagRead|flagMutateDirectory))
	want(t, "get-type of a directory", g.get("get-type", d).Case(), sysfs.Directory.Case())
	for fn, code := range map[string]string{"read": "is-directory", "read-via-stream": "is-directory",
		"write-via-stream": "bad-descriptor", "set-size": "bad-descriptor"} {
		args := []value.Value{at(0)}
		if fn == "read" {
			args = append(args, at(0))
		}
		want(t, fn+" of a directory", g.do(fn, d, args...), code)
	}
	want(t, "write to a directory", g.do("write", d, value.Bytes(nil), at(0)), "bad-descriptor")
	want(t, "append to a directory", g.do("append-via-stream", d), "bad-descriptor")
	want(t, "advise on a directory", g.do("advise", d, at(0), at(0), value.Enum(0)), "bad-descriptor")
}

func TestFileStreams(t *testing.T) {
	g := newFS(t, false)
	f := g.open("new", openCreate, rw)
	put := func(s value.Value, text string) {
		t.Helper()
		want(t, "write", failure(g.method("io/streams output-stream.blocking-write-and-flush", s, value.Bytes([]byte(text)))), "ok")
	}
	w := g.get("write-via-stream", f, value.U64(5))
	put(w, "Hello, ")
	put(w, "World!")
	a := g.get("append-via-stream", f)
	put(a, "...")
	r := g.get("read-via-stream", f, value.U64(3))
	// Streams outlive their descriptor.
	must(t, g.drop("filesystem/types descriptor", f))
	read := func(n uint64) string {
		v := g.method("io/streams input-stream.read", r, value.U64(n))
		if !v.IsOK() {
			return failure(v)
		}
		return string(v.Payload().Bytes())
	}
	p := g.method("io/streams input-stream.subscribe", r)
	want(t, "ready", g.method("io/poll pollable.ready", p).Bool(), true)
	want(t, "read nothing", read(0), "")
	want(t, "read", read(6), "\x00\x00Hell")
	want(t, "read the rest", read(100), "o, World!...")
	want(t, "the end", read(1), "closed")
	must(t, g.drop("io/poll pollable", p))
	put(w, "?")
	for _, s := range []struct {
		name string
		v    value.Value
	}{{"input-stream", r}, {"output-stream", a}, {"output-stream", w}} {
		must(t, g.drop("io/streams "+s.name, s.v))
	}
	b, err := os.ReadFile(filepath.Join(g.host, "new"))
	must(t, err)
	want(t, "file", string(b), "\x00\x00\x00\x00\x00Hello, World!?..")
	want(t, "the file is closed", f.Handle().(*descriptor).file.Sync() != nil, true)

	f = g.open("new", 0, rw)
	far := g.get("write-via-stream", f, value.U64(1<<63))
	v := g.method("io/streams output-stream.blocking-write-and-flush", far, value.Bytes([]byte("x")))
	want(t, "write far away", failure(v), "failed: invalid")
	code := g.call("filesystem/types filesystem-error-code", borrow(v.Payload().Payload()))
	want(t, "its code", code.String(), value.Some(value.Enum(sysfs.Invalid.Case())).String())
	read2 := g.get("read-via-stream", f, value.U64(1<<63))
	v = g.method("io/streams input-stream.blocking-read", read2, value.U64(1))
	want(t, "read far away", failure(v), "failed: invalid")
}

func TestDirectories(t *testing.T) {
	g := newFS(t, false)
	g.links(map[string]string{"link": "dir", "dangling": "nothing"})
	for _, c := range []struct {
		fn   string
		args []value.Value
		want string
	}{
		{"create-directory-at", []value.Value{str("a")}, "ok"},
		{"create-directory-at", []value.Value{str("a/b/")}, "ok"},
		{"create-directory-at", []value.Value{str("a")}, "exist"},
		{"create-directory-at", []value.Value{str("x/y")}, "no-entry"},
		{"create-directory-at", []value.Value{str("../x")}, "not-permitted"},
		{"create-directory-at", []value.Value{str("")}, "no-entry"},
		{"remove-directory-at", []value.Value{str("a")}, "not-empty"},
		{"remove-directory-at", []value.Value{str("a/b")}, "ok"},
		{"remove-directory-at", []value.Value{str("a/")}, "ok"},
		{"remove-directory-at", []value.Value{str("a")}, "no-entry"},
		{"remove-directory-at", []value.Value{str("file")}, "not-directory"},
		{"remove-directory-at", []value.Value{str("file/")}, "not-directory"},
		{"remove-directory-at", []value.Value{str("link")}, "not-directory"},
		{"remove-directory-at", []value.Value{str("..")}, "not-permitted"},
		{"unlink-file-at", []value.Value{str("dir")}, "is-directory"},
		{"unlink-file-at", []value.Value{str("dir/")}, "is-directory"},
		{"unlink-file-at", []value.Value{str("file/")}, "not-directory"},
		{"unlink-file-at", []value.Value{str("../outside")}, "not-permitted"},
		{"unlink-file-at", []value.Value{str("link")}, "ok"},
		{"unlink-file-at", []value.Value{str("link")}, "no-entry"},
		{"unlink-file-at", []value.Value{str("dir/inner")}, "ok"},
		{"symlink-at", []value.Value{str("/etc"), str("s")}, "not-permitted"},
		{"symlink-at", []value.Value{str("file"), str("s/")}, "no-entry"},
		{"symlink-at", []value.Value{str("file"), str("dir/")}, "exist"},
		{"symlink-at", []value.Value{str("file"), str("file/")}, "not-directory"},
		{"symlink-at", []value.Value{str("file"), str("../s")}, "not-permitted"},
		{"symlink-at", []value.Value{str("file"), str("s")}, "ok"},
		{"symlink-at", []value.Value{str("file"), str("s")}, "exist"},
		{"readlink-at", []value.Value{str("file")}, "invalid"},
		{"readlink-at", []value.Value{str("nothing")}, "no-entry"},
		{"readlink-at", []value.Value{str("../outside")}, "not-permitted"},
	} {
		want(t, c.fn+" "+c.args[0].String(), g.do(c.fn, g.dir, c.args...), c.want)
	}
	want(t, "readlink-at", g.get("readlink-at", g.dir, str("s")).Str(), "file")
	must(t, os.Symlink("/etc/passwd", filepath.Join(g.host, "abs")))
	want(t, "readlink-at of an absolute link", g.do("readlink-at", g.dir, str("abs")), "not-permitted")

	s := g.get("read-directory", g.dir)
	var list []string
	for {
		v := g.ok("filesystem/types [method]directory-entry-stream.read-directory-entry", borrow(s))
		if !v.IsSome() {
			break
		}
		e := v.Payload()
		list = append(list, e.Index(1).Str()+" "+[]string{"?", "b", "c", "dir", "fifo", "link", "file", "socket"}[e.Index(0).Case()])
	}
	want(t, "entries", list, []string{"abs link", "dangling link", "dir dir", "empty dir", "file file", "s link"})
	f := g.open("file", 0, flagRead)
	want(t, "read-directory of a file", g.do("read-directory", f), "not-directory")
	want(t, "create-directory-at of a file", g.do("create-directory-at", f, str("x")), "not-directory")
}

func TestRename(t *testing.T) {
	g := newFS(t, false)
	dir := g.open("dir", openDirectory, flagRead)
	sub := g.get("open-at", dir, openArgs(0, "sub", openDirectory, flagRead)...)
	again := g.open(".", openDirectory, flagRead)
	file := g.open("file", 0, flagRead)
	other := newFS(t, false).dir
	readOnly := value.Own(&descriptor{h: newHost(), dir: g.readOnly()})
	for _, c := range []struct {
		name     string
		from     value.Value
		old      string
		to       value.Value
		new      string
		want     string
		nowThere string
	}{
		{"a file", g.dir, "file", g.dir, "moved", "ok", "moved"},
		{"a missing file", g.dir, "file", g.dir, "x", "no-entry", ""},
		{"a file into a directory", g.dir, "moved", dir, "moved", "ok", "dir/moved"},
		{"between directories", dir, "moved", sub, "m", "ok", "dir/sub/m"},
		{"up", sub, "m", g.dir, "m", "ok", "m"},
		{"between openings of one directory", g.dir, "m", again, "n", "ok", "n"},
		{"a file over a file", g.dir, "n", dir, "inner", "ok", "dir/inner"},
		{"a file over a directory", g.dir, "dir/inner", g.dir, "empty", "is-directory", "dir/inner"},
		{"a directory over a file", g.dir, "empty", g.dir, "dir/inner", "not-directory", "empty"},
		{"a directory over an empty one", g.dir, "empty", g.dir, "dir/sub", "ok", "dir/sub"},
		{"a directory over a full one", g.dir, "dir/sub", g.dir, "dir", "not-empty", "dir/sub"},
		{"a directory over itself", g.dir, "dir", g.dir, "dir", "ok", "dir/inner"},
		{"a directory into itself", g.dir, "dir", g.dir, "dir/sub/x", "invalid", "dir/sub"},
		{"a directory over one in it", g.dir, "dir", g.dir, "dir/sub", "invalid", "dir/sub"},
		{"with slashes", g.dir, "dir/sub/", g.dir, "s/", "ok", "s"},
		{"out", g.dir, "s", g.dir, "../s", "not-permitted", "s"},
		{"from outside", g.dir, "../outside", g.dir, "x", "not-permitted", ""},
		{"out of a directory", dir, "inner", dir, "../inner", "not-permitted", "dir/inner"},
		{"out of a directory, into another", dir, "../s", g.dir, "x", "not-permitted", "s"},
		{"out of another", g.dir, "s", dir, "../x", "not-permitted", "s"},
		{"to another directory of the host", g.dir, "s", other, "s", "cross-device", "s"},
		{"to a read-only directory", g.dir, "s", readOnly, "s", "read-only", "s"},
		{"from a read-only directory", readOnly, "s", g.dir, "t", "read-only", "s"},
		{"to a file", g.dir, "s", file, "s", "not-directory", "s"},
		{"empty", g.dir, "", g.dir, "s", "no-entry", "s"},
	} {
		want(t, c.name, g.do("rename-at", c.from, str(c.old), borrow(c.to), str(c.new)), c.want)
		if c.nowThere != "" {
			if _, err := os.Lstat(filepath.Join(g.host, c.nowThere)); err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		}
	}
	// A directory that was moved is no longer found at its old path.
	want(t, "moving", g.do("rename-at", g.dir, str("dir"), borrow(g.dir), str("gone")), "ok")
	want(t, "from a moved directory", g.do("rename-at", dir, str("inner"), borrow(g.dir), str("x")), "cross-device")
	want(t, "within a moved directory", g.do("rename-at", dir, str("inner"), borrow(dir), str("x")), "ok")
}

// readOnly is the second directory of newFS.
func (g *fsGuest) readOnly() *sysfs.Dir {
	g.t.Helper()
	return g.call("filesystem/preopens get-directories").Index(1).Index(0).Handle().(*descriptor).dir
}

func TestLink(t *testing.T) {
	g := newFS(t, false)
	g.links(map[string]string{"dangling": "nothing"})
	dir := g.open("dir", openDirectory, flagRead)
	link := func(follow uint32, old string, to value.Value, new string) string {
		t.Helper()
		return g.do("link-at", g.dir, value.Flags(follow), str(old), borrow(to), str(new))
	}
	want(t, "link", link(0, "file", g.dir, "hard"), "ok")
	want(t, "link in another directory", link(0, "file", dir, "hard"), "ok")
	want(t, "existing", link(0, "file", g.dir, "hard"), "exist")
	want(t, "itself", link(0, "file", g.dir, "file"), "exist")
	want(t, "over a directory", link(0, "file", g.dir, "dir"), "exist")
	want(t, "a directory", link(0, "dir", g.dir, "x"), "not-permitted")
	want(t, "missing", link(0, "nothing", g.dir, "x"), "no-entry")
	want(t, "slash", link(0, "file", g.dir, "x/"), "no-entry")
	want(t, "out", link(0, "file", g.dir, "../x"), "not-permitted")
	want(t, "from outside", link(0, "../outside", g.dir, "x"), "not-permitted")
	want(t, "follow", link(pathFollow, "dangling", g.dir, "x"), "invalid")
	want(t, "to a file", link(0, "file", g.open("file", 0, rw), "x"), "not-directory")
	want(t, "nothing was linked", g.do("stat-at", g.dir, value.Flags(0), str("x")), "no-entry")
	want(t, "a symbolic link", link(0, "dangling", g.dir, "x"), "ok")
	want(t, "links", g.get("stat-at", g.dir, value.Flags(0), str("file")).Index(1).U64(), 3)

	a, b, c := g.open("file", 0, flagRead), g.open("dir/hard", 0, flagRead), g.open("dir/inner", 0, flagRead)
	same := func(a, b value.Value) bool {
		return g.method("filesystem/types descriptor.is-same-object", a, borrow(b)).Bool()
	}
	want(t, "is-same-object", []bool{same(a, b), same(a, c), same(a, dir), same(dir, g.open("dir", 0, 0))}, []bool{true, false, false, true})
	hash := g.get("metadata-hash", a).String()
	want(t, "hash of a link", g.get("metadata-hash-at", g.dir, value.Flags(0), str("dir/hard")).String(), hash)
	if hash == g.get("metadata-hash", c).String() {
		t.Error("two files have one hash")
	}
	want(t, "hash of nothing", g.do("metadata-hash-at", g.dir, value.Flags(0), str("nothing")), "no-entry")
}

func TestStatAndTimes(t *testing.T) {
	g := newFS(t, false)
	g.links(map[string]string{"link": "file", "out": "../outside"})
	datetime := func(s uint64, n uint32) value.Value {
		return value.Variant(2, value.Record([]value.Value{value.U64(s), value.U32(n)}))
	}
	noChange, now := value.Variant(0, value.Value{}), value.Variant(1, value.Value{})
	stat := func(follow uint32, path string) value.Value {
		t.Helper()
		return g.get("stat-at", g.dir, value.Flags(follow), str(path))
	}
	want(t, "set-times-at", g.do("set-times-at", g.dir, value.Flags(pathFollow), str("link"), datetime(100, 5000), datetime(200, 7000)), "ok")
	s := stat(0, "file")
	want(t, "type", s.Index(0).Case(), sysfs.RegularFile.Case())
	want(t, "size", s.Index(2).U64(), 8)
	want(t, "times", s.Index(3).String()+s.Index(4).String(), "some({100, 5000})some({200, 7000})")
	want(t, "change", s.Index(5).IsSome(), true)
	want(t, "stat-at of a link", stat(0, "link").Index(0).Case(), sysfs.SymbolicLink.Case())
	want(t, "stat-at through a link", stat(pathFollow, "link").Index(2).U64(), 8)
	want(t, "stat-at out", g.do("stat-at", g.dir, value.Flags(pathFollow), str("out")), "not-permitted")
	want(t, "stat-at of a link out", stat(0, "out").Index(0).Case(), sysfs.SymbolicLink.Case())
	want(t, "stat-at up", g.do("stat-at", g.dir, value.Flags(0), str("..")), "not-permitted")

	f := g.open("file", 0, flagRead)
	want(t, "set-times", g.do("set-times", f, now, noChange), "ok")
	s = g.get("stat", f)
	want(t, "times", s.Index(3).String()+s.Index(4).String(), "some({1700000000, 5})some({200, 7000})")
	want(t, "set-times of a directory", g.do("set-times", g.dir, noChange, datetime(300, 0)), "ok")
	s = g.get("stat", g.dir)
	want(t, "times of a directory", s.Index(4).String(), "some({300, 0})")
	must(t, os.Remove(filepath.Join(g.host, "file")))
	if runtime.GOOS == "linux" {
		want(t, "set-times of a file that is gone", g.do("set-times", f, now, now), "ok")
	}
	want(t, "bad nanoseconds", g.do("set-times", f, now, datetime(0, 1e9)), "invalid")
	want(t, "bad seconds", g.do("set-times", f, datetime(1<<63, 0), now), "overflow")
	want(t, "set-times-at of a link", g.do("set-times-at", g.dir, value.Flags(0), str("link"), now, now), "unsupported")
	must(t, os.Chtimes(filepath.Join(g.host, "dir"), time.Unix(-5, 0), time.Unix(-5, 0)))
	want(t, "a time before 1970", stat(0, "dir").Index(4).String(), "none")
}

func TestReadOnly(t *testing.T) {
	g := newFS(t, true)
	want(t, "get-flags", g.get("get-flags", g.dir).Flags(), uint32(flagRead))
	f, dir := g.open("file", 0, flagRead), g.open("dir", openDirectory, flagRead)
	now := value.Variant(1, value.Value{})
	for _, c := range []struct {
		fn   string
		self value.Value
		args []value.Value
	}{
		{"open-at", g.dir, openArgs(0, "file", 0, rw)},
		{"open-at", g.dir, openArgs(0, "file", openTruncate, flagRead)},
		{"open-at", g.dir, openArgs(0, "new", openCreate, flagRead)},
		{"open-at", g.dir, openArgs(0, "dir", openDirectory, flagRead|flagMutateDirectory)},
		{"open-at", dir, openArgs(0, "inner", 0, flagWrite)},
		{"create-directory-at", dir, []value.Value{str("x")}},
		{"remove-directory-at", g.dir, []value.Value{str("empty")}},
		{"unlink-file-at", g.dir, []value.Value{str("file")}},
		{"symlink-at", g.dir, []value.Value{str("file"), str("x")}},
		{"rename-at", g.dir, []value.Value{str("file"), borrow(g.dir), str("x")}},
		{"link-at", g.dir, []value.Value{value.Flags(0), str("file"), borrow(dir), str("x")}},
		{"set-times-at", g.dir, []value.Value{value.Flags(0), str("file"), now, now}},
		{"set-times", g.dir, []value.Value{now, now}},
		{"set-times", f, []value.Value{now, now}},
		{"set-size", f, []value.Value{value.U64(0)}},
		{"write", f, []value.Value{value.Bytes([]byte("x")), value.U64(0)}},
		{"write-via-stream", f, []value.Value{value.U64(0)}},
		{"append-via-stream", f, nil},
	} {
		want(t, c.fn, g.do(c.fn, c.self, c.args...), "read-only")
	}
	want(t, "read", g.get("read", f, value.U64(4), value.U64(0)).String(), "([99, 111, 110, 116], false)")
	b, err := os.ReadFile(filepath.Join(g.host, "file"))
	must(t, err)
	want(t, "file", string(b), "contents")
}

// TestLeaks opens and drops more files than a process can have open.
func TestLeaks(t *testing.T) {
	g := newFS(t, false)
	for range 3 {
		d, f := g.open("dir", openDirectory, flagRead), g.open("file", 0, flagRead)
		sys := f.Handle().(*descriptor).file
		s := g.get("read-via-stream", f, value.U64(0))
		must(t, g.drop("io/streams input-stream", s))
		must(t, g.drop("filesystem/types descriptor", f))
		if _, err := sys.Stat(); err == nil {
			t.Error("the file is still open")
		}
		sub := d.Handle().(*descriptor).dir
		must(t, g.drop("filesystem/types descriptor", d))
		if _, err := sub.Entries(); err == nil {
			t.Error("the directory is still open")
		}
	}
	// Directories that the host opened stay open for other instances.
	must(t, g.drop("filesystem/types descriptor", g.dir))
	want(t, "stat", g.do("stat", g.call("filesystem/preopens get-directories").Index(0).Index(0)), "ok")
}

// The hash of a file differs from those of its copies and survives changes, since guests use it as
// the inode number.
func TestMetadataHash(t *testing.T) {
	switch runtime.GOOS {
	case "js", "wasip1", "plan9":
		t.Skip("files have no identity here")
	}
	g := newFS(t, false)
	must(t, os.WriteFile(filepath.Join(g.host, "copy"), []byte("contents"), 0o666))
	for _, f := range []string{"file", "copy"} {
		must(t, os.Chtimes(filepath.Join(g.host, f), time.Unix(5, 0), time.Unix(5, 0)))
	}
	f := g.open("file", 0, rw)
	before := g.get("metadata-hash", f).String()
	if before == g.get("metadata-hash-at", g.dir, value.Flags(0), str("copy")).String() {
		t.Error("a copy of the same size and time has the same hash")
	}
	g.get("write", f, value.Bytes([]byte("contents and more")), value.U64(0))
	want(t, "hash after a write", g.get("metadata-hash", f).String(), before)
	want(t, "by its path", g.get("metadata-hash-at", g.dir, value.Flags(0), str("file")).String(), before)
}

// The first second of the clock is a valid time. Earlier times cannot be represented.
func TestTimesAtTheEpoch(t *testing.T) {
	g := newFS(t, false)
	for _, r := range []struct {
		time time.Time
		want string
	}{
		{time.Unix(0, 0), "some({0, 0})"},
		{time.Unix(1, 5000), "some({1, 5000})"},
		{time.Unix(-1, 0), "none"},
	} {
		must(t, os.Chtimes(filepath.Join(g.host, "file"), r.time, r.time))
		v := g.get("stat-at", g.dir, value.Flags(0), str("file")).Index(4)
		want(t, r.time.String(), v.String(), r.want)
	}
}

// The flags of a descriptor say what its file was opened for.
func TestSyncFlags(t *testing.T) {
	g := newFS(t, false)
	f := g.open("file", 0, rw|flagFileIntegritySync)
	want(t, "get-flags", g.get("get-flags", f).Flags(), uint32(rw|flagFileIntegritySync|flagDataIntegritySync))
}
