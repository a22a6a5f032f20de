// Command files does what programs do with files, in the working directory, which has to be empty, and reports on it. The programs in C and C++, in ../c,
// do the same and report the same.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"
	"time"
)

var out = bufio.NewWriter(os.Stdout)

func say(format string, args ...any) { fmt.Fprintf(out, format+"\n", args...) }

// must ends the program when something fails that must not.
func must(what string, err error) {
	if err != nil {
		out.Flush()
		fmt.Fprintf(os.Stderr, "%s: %v\n", what, err)
		os.Exit(1)
	}
}

var errnos = []struct {
	errno syscall.Errno
	name  string
}{
	{syscall.ENOENT, "ENOENT"}, {syscall.EEXIST, "EEXIST"}, {syscall.ENOTEMPTY, "ENOTEMPTY"}, {syscall.EISDIR, "EISDIR"}, {syscall.ENOTDIR, "ENOTDIR"},
	{syscall.EBADF, "EBADF"}, {syscall.EINVAL, "EINVAL"}, {syscall.ELOOP, "ELOOP"}, {syscall.EPERM, "EPERM"},
}

// failed reports the error that something gave.
func failed(what string, err error) {
	name := "no error"
	if err != nil {
		name = err.Error()
	}
	switch { // all that TinyGo says of some
	case errors.Is(err, fs.ErrNotExist):
		name = "ENOENT"
	case errors.Is(err, fs.ErrExist):
		name = "EEXIST"
	}
	for _, e := range errnos {
		if errors.Is(err, e.errno) {
			name = e.name
		}
	}
	say("  %s: %s", what, name)
}

func write(name, text string) {
	must("write "+name, os.WriteFile(name, []byte(text), 0o644))
}

func read(name string) string {
	b, err := os.ReadFile(name)
	must("read "+name, err)
	return string(b)
}

func size(name string) int64 {
	s, err := os.Stat(name)
	must("stat "+name, err)
	return s.Size()
}

// random is a generator that all programs have.
type random uint32

func (r *random) next() uint32 {
	*r = *r*1664525 + 1013904223
	return uint32(*r >> 8)
}

func input() {
	in := bufio.NewScanner(os.Stdin)
	lines, length := 0, 0
	for in.Scan() {
		lines++
		length += len(in.Text())
	}
	say("input: %d lines, %d bytes", lines, length)
	say("arguments: %d", len(os.Args)-1)
	for _, a := range os.Args[1:] {
		say("  [%s]", a)
	}
	say("GREETING: %s", os.Getenv("GREETING"))
}

func createAndAppend() {
	write("notes.txt", "one\ntwo\nthree\n")
	say("created: %d bytes", size("notes.txt"))
	f, err := os.OpenFile("notes.txt", os.O_WRONLY|os.O_APPEND, 0)
	must("append", err)
	for _, s := range []string{"four\n", "five\n"} {
		_, err = f.WriteString(s)
		must("append", err)
	}
	must("close", f.Close())
	for i, line := range strings.Split(strings.TrimSuffix(read("notes.txt"), "\n"), "\n") {
		say("  %d %s", i+1, line)
	}
	write("notes.txt.old", "")
	say("empty: %d bytes", size("notes.txt.old"))
}

func seek() {
	f, err := os.OpenFile("notes.txt", os.O_RDWR, 0)
	must("open", err)
	b := make([]byte, 100)
	_, err = f.Seek(4, io.SeekStart)
	must("seek", err)
	n, err := io.ReadFull(f, b[:3])
	must("read", err)
	say("at 4: %s", b[:n])
	at, err := f.Seek(-5, io.SeekEnd)
	must("seek", err)
	n, err = f.Read(b)
	must("read", err)
	say("at %d: %s", at, strings.TrimSpace(string(b[:n])))
	at, err = f.Seek(-2, io.SeekCurrent)
	must("seek", err)
	_, err = f.WriteString("X")
	must("write", err)
	now, err := f.Seek(0, io.SeekCurrent)
	must("seek", err)
	say("wrote at %d, now at %d", at, now)
	_, err = f.Seek(-100, io.SeekStart)
	failed("seek before the start", err)
	_, err = f.WriteAt([]byte("TWO"), 4)
	must("write at", err)
	n, err = f.ReadAt(b[:8], 2)
	must("read at", err)
	say("around 4: %s", strings.ReplaceAll(string(b[:n]), "\n", "|"))
	must("close", f.Close())
	say("now: %s", strings.ReplaceAll(read("notes.txt"), "\n", "|"))
}

func truncate() {
	f, err := os.OpenFile("cut", os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
	must("create", err)
	_, err = f.WriteString("0123456789")
	must("write", err)
	must("truncate", f.Truncate(4))
	say("cut: %d bytes", size("cut"))
	must("truncate", f.Truncate(50))
	_, err = f.Seek(60, io.SeekStart)
	must("seek", err)
	_, err = f.WriteString("end")
	must("write", err)
	must("sync", f.Sync())
	must("close", f.Close())
	text := read("cut")
	say("grown: %d bytes, %d of them zero, %s...%s", len(text), strings.Count(text, "\x00"), text[:4], text[60:])
	f, err = os.OpenFile("cut", os.O_WRONLY|os.O_TRUNC, 0)
	must("open", err)
	must("close", f.Close())
	say("emptied: %d bytes", size("cut"))
}

func exists(name string) string {
	if _, err := os.Stat(name); err != nil {
		return "no"
	}
	return "yes"
}

func rename() {
	must("rename", os.Rename("notes.txt", "moved.txt"))
	say("renamed: notes.txt %s, moved.txt %s", exists("notes.txt"), exists("moved.txt"))
	write("target.txt", "will go")
	must("rename", os.Rename("moved.txt", "target.txt"))
	say("replaced: moved.txt %s, target.txt has %d bytes", exists("moved.txt"), size("target.txt"))
	must("mkdir", os.Mkdir("folder", 0o755))
	write("folder/inside", "inside")
	must("rename", os.Rename("folder", "renamed"))
	say("folder: %s, renamed/inside: %s", exists("folder"), read("renamed/inside"))
	must("rename", os.Rename("renamed/inside", "outside"))
	must("rmdir", os.Remove("renamed"))
}

// walk reports what is in a folder, in order, and returns how much.
func walk(dir string, depth int) (files int, bytes int64) {
	entries, err := os.ReadDir(dir)
	must("read "+dir, err)
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	for _, e := range entries {
		p := path.Join(dir, e.Name())
		if e.IsDir() {
			say("  %s%s/", strings.Repeat("  ", depth), e.Name())
			f, b := walk(p, depth+1)
			files, bytes = files+f, bytes+b
			continue
		}
		n := size(p)
		say("  %s%s %d", strings.Repeat("  ", depth), e.Name(), n)
		files, bytes = files+1, bytes+n
	}
	return
}

func directories() {
	for _, d := range []string{"tree", "tree/a", "tree/a/b", "tree/a/b/c", "tree/empty", "tree/ünï 世界"} {
		must("mkdir", os.Mkdir(d, 0o755))
	}
	for i, d := range []string{"tree", "tree/a", "tree/a/b", "tree/a/b/c", "tree/ünï 世界"} {
		for k := range 3 {
			write(fmt.Sprintf("%s/file-%d", d, k), strings.Repeat("x", 10*i+k))
		}
	}
	say("tree:")
	files, bytes := walk("tree", 0)
	say("tree: %d files, %d bytes", files, bytes)
	f, err := os.Open("tree")
	must("open tree", err)
	names, err := f.Readdirnames(-1)
	must("read tree", err)
	must("close tree", f.Close())
	say("opened for reading: %d", len(names))
	must("mkdir", os.Mkdir("many", 0o755))
	for i := range 500 {
		write(fmt.Sprintf("many/a-file-with-a-name-that-is-rather-long-%03d", i), "")
	}
	entries, err := os.ReadDir("many")
	must("read many", err)
	say("many: %d", len(entries))
	for i := range 500 {
		must("remove", os.Remove(fmt.Sprintf("many/a-file-with-a-name-that-is-rather-long-%03d", i)))
	}
	must("rmdir", os.Remove("many"))
	say("many: %s", exists("many"))
}

func links() {
	write("original", "linked")
	must("link", os.Link("original", "hard"))
	a, err := os.Stat("original")
	must("stat", err)
	b, err := os.Stat("hard")
	must("stat", err)
	say("hard link: %s, same file: %v", read("hard"), os.SameFile(a, b))
	must("symlink", os.Symlink("original", "soft"))
	to, err := os.Readlink("soft")
	must("readlink", err)
	l, err := os.Lstat("soft")
	must("lstat", err)
	s, err := os.Stat("soft")
	must("stat", err)
	say("link to %s: a link %v, leads to a file %v: %s", to, l.Mode()&fs.ModeSymlink != 0, s.Mode().IsRegular(), read("soft"))
	must("remove", os.Remove("original"))
	_, err = os.Stat("soft")
	failed("a link to nothing", err)
	say("the other name: %s", read("hard"))
	must("symlink", os.Symlink("loop", "loop"))
	_, err = os.Open("loop")
	failed("a link to itself", err)
	for _, n := range []string{"soft", "hard", "loop"} {
		must("remove", os.Remove(n))
	}
}

func times() {
	write("dated", "")
	must("chtimes", chtimes("dated", time.Unix(1000000001, 0), time.Unix(1234567890, 0)))
	s, err := os.Stat("dated")
	must("stat", err)
	say("modified at %d", s.ModTime().Unix())
	write("dated", "again")
	s, err = os.Stat("dated")
	must("stat", err)
	say("modified since: %v", s.ModTime().Unix() > 1600000000 && time.Now().Unix() > 1600000000)
}

const large = 3 << 20

func copyLarge() {
	r := random(1)
	f, err := os.Create("large")
	must("create", err)
	crc := uint32(0)
	chunk := make([]byte, 7919)
	for left := large; left > 0; {
		n := min(left, len(chunk))
		for i := range chunk[:n] {
			chunk[i] = byte(r.next())
		}
		_, err = f.Write(chunk[:n])
		must("write", err)
		crc = crc32.Update(crc, crc32.IEEETable, chunk[:n])
		left -= n
	}
	must("close", f.Close())
	from, err := os.Open("large")
	must("open", err)
	to, err := os.Create("copy")
	must("create", err)
	buf := make([]byte, 65536)
	copied := 0
	for {
		n, err := from.Read(buf)
		if err == io.EOF {
			break
		}
		must("read", err)
		_, err = to.Write(buf[:n])
		must("write", err)
		copied += n
	}
	must("close", from.Close())
	must("close", to.Close())
	b := []byte(read("copy"))
	say("copied %d bytes, crc %08x, the same: %v", copied, crc32.ChecksumIEEE(b), crc == crc32.ChecksumIEEE(b))
	again := []byte(read("large"))
	say("the files are equal: %v", bytes.Equal(again, b))
	must("remove", os.Remove("large"))
	must("remove", os.Remove("copy"))
}

func sortLines() {
	r := random(2)
	f, err := os.Create("unsorted")
	must("create", err)
	w := bufio.NewWriter(f)
	for range 5000 {
		fmt.Fprintf(w, "%08x\n", r.next())
	}
	must("flush", w.Flush())
	must("close", f.Close())
	lines := strings.Split(strings.TrimSuffix(read("unsorted"), "\n"), "\n")
	slices.Sort(lines)
	write("sorted", strings.Join(lines, "\n")+"\n")
	text := read("sorted")
	say("sorted: %d lines from %s to %s, crc %08x", len(lines), lines[0], lines[len(lines)-1], crc32.ChecksumIEEE([]byte(text)))
}

func words() {
	vocabulary := strings.Fields("the component model makes modules of many languages work together by means of types")
	r := random(3)
	var text strings.Builder
	for i := range 3000 {
		text.WriteString(vocabulary[r.next()%uint32(len(vocabulary))])
		if i%11 == 10 {
			text.WriteByte('\n')
		} else {
			text.WriteByte(' ')
		}
	}
	write("text", text.String())
	count := map[string]int{}
	total := 0
	for _, w := range strings.Fields(read("text")) {
		count[w]++
		total++
	}
	say("words: %d lines, %d words, %d bytes", strings.Count(text.String(), "\n"), total, text.Len())
	slices.Sort(vocabulary)
	for _, w := range slices.Compact(vocabulary) {
		say("  %s %d", w, count[w])
	}
}

func temporary() {
	var names []string
	for k := 0; len(names) < 20; k++ {
		// Each number is tried twice, so every second name is taken.
		name := fmt.Sprintf("tmp-%d", k/2)
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		must("create", err)
		_, err = f.WriteString(name)
		must("write", err)
		must("close", f.Close())
		names = append(names, name)
	}
	total := int64(0)
	for _, n := range names {
		total += size(n)
		must("remove", os.Remove(n))
	}
	say("temporary: %d files, %d bytes", len(names), total)
}

func mistakes() {
	say("errors:")
	_, err := os.Open("missing")
	failed("open a missing file", err)
	_, err = os.OpenFile("sorted", os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	failed("create a file that is there", err)
	failed("make a folder that is there", os.Mkdir("tree", 0o755))
	failed("make a folder in a missing one", os.Mkdir("missing/folder", 0o755))
	failed("remove a folder that is not empty", syscall.Rmdir("tree"))
	failed("remove a file as a folder", syscall.Rmdir("sorted"))
	failed("remove a missing file", syscall.Unlink("missing"))
	_, err = os.OpenFile("tree", os.O_WRONLY, 0)
	failed("write a folder", err)
	_, err = os.Stat("sorted/inside")
	failed("a file as a folder", err)
	failed("rename a missing file", os.Rename("missing", "other"))
	failed("rename a folder to a file", os.Rename("tree", "sorted"))
	failed("rename onto a full folder", syscall.Rename("tree/empty", "tree/a"))
	_, err = os.Readlink("sorted")
	failed("read a file as a link", err)
	failed("link to a name that is taken", os.Link("sorted", "text"))
	f, err := os.Open("sorted")
	must("open", err)
	_, err = f.Write([]byte("x"))
	failed("write what is open for reading", err)
	must("close", f.Close())
	fd, err := syscall.Open("sorted", os.O_RDONLY, 0)
	must("open", err)
	must("close", syscall.Close(fd))
	_, err = syscall.Read(fd, make([]byte, 1))
	failed("read what is closed", err)
}

func clean(dir string) {
	entries, err := os.ReadDir(dir)
	must("read "+dir, err)
	for _, e := range entries {
		p := path.Join(dir, e.Name())
		if e.IsDir() {
			clean(p)
		}
		must("remove", os.Remove(p))
	}
}

func main() {
	input()
	createAndAppend()
	seek()
	truncate()
	rename()
	directories()
	links()
	times()
	copyLarge()
	sortLines()
	words()
	temporary()
	mistakes()
	clean(".")
	entries, err := os.ReadDir(".")
	must("read .", err)
	say("left: %d", len(entries))
	must("flush", out.Flush())
	fmt.Fprintln(os.Stderr, "done")
	os.Exit(3)
}
