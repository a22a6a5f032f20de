// Command files performs typical file operations in the working directory, which has to be empty,
// and reports the results. The programs in C and C++, in ../c, do the same and print the same
// report.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"
	"time"
)

var out = bufio.NewWriter(os.Stdout)

func say(format string, args ...any) { fmt.Fprintf(out, format+"\n", args...) }

// must ends the program if an operation fails unexpectedly.
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
	{syscall.ENAMETOOLONG, "ENAMETOOLONG"},
}

// failed reports the error of an operation.
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

// random is a random number generator that is the same in all of the programs.
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

// walk reports the contents of a folder, in order, and returns the number of files and their total
// size.
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

// found is a file in a tree.
type found struct {
	path string
	size int64
}

// collect returns the files below a folder, and the number of folders.
func collect(dir string) (files []found, folders int) {
	entries, err := os.ReadDir(dir)
	must("read "+dir, err)
	for _, e := range entries {
		p := path.Join(dir, e.Name())
		if e.IsDir() {
			f, n := collect(p)
			files, folders = append(files, f...), folders+n+1
			continue
		}
		files = append(files, found{p, size(p)})
	}
	return files, folders
}

func largest() {
	files, folders := collect("tree")
	slices.SortFunc(files, func(a, b found) int { return int(b.size - a.size) })
	say("the largest of %d files in %d folders:", len(files), folders)
	for _, f := range files[:4] {
		say("  %d %s", f.size, f.path)
	}
}

func copyTree(from, to string) {
	must("mkdir "+to, os.Mkdir(to, 0o755))
	entries, err := os.ReadDir(from)
	must("read "+from, err)
	for _, e := range entries {
		a, b := path.Join(from, e.Name()), path.Join(to, e.Name())
		if e.IsDir() {
			copyTree(a, b)
		} else {
			write(b, read(a))
		}
	}
}

// same reports whether two folders have the same contents.
func same(from, to string) bool {
	a, _ := collect(from)
	b, _ := collect(to)
	if len(a) != len(b) {
		return false
	}
	for _, f := range a {
		other := to + strings.TrimPrefix(f.path, from)
		if exists(other) == "no" || read(other) != read(f.path) {
			return false
		}
	}
	return true
}

func copies() {
	copyTree("tree", "twin")
	files, folders := collect("twin")
	say("copied %d files and %d folders, the same: %v", len(files), folders, same("tree", "twin"))
	write("twin/a/b/file-1", "xxxxxxxxxxxxxxxxxxxxy")
	say("after a change: %v", same("tree", "twin"))
	must("rename", os.Rename("tree/a/b/file-1", "twin/a/b/file-1"))
	must("link", os.Link("twin/a/b/file-1", "tree/a/b/file-1"))
	say("with a file in both: %v", same("tree", "twin"))
	clean("twin")
	must("rmdir", os.Remove("twin"))
	say("the file of both: %s", read("tree/a/b/file-1"))
}

// logged appends a line to a log. A full log becomes the first of three old logs, and the oldest
// one is removed.
func logged(line string) {
	if exists("log") == "yes" && size("log")+int64(len(line)) > 200 {
		for i := 3; i > 0; i-- {
			from := "log"
			if i > 1 {
				from = fmt.Sprintf("log.%d", i-1)
			}
			if exists(from) == "yes" {
				must("rename", os.Rename(from, fmt.Sprintf("log.%d", i)))
			}
		}
	}
	f, err := os.OpenFile("log", os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	must("open log", err)
	_, err = f.WriteString(line)
	must("write log", err)
	must("close log", f.Close())
}

func logs() {
	for i := range 60 {
		logged(fmt.Sprintf("%02d: something happened\n", i))
	}
	for _, name := range []string{"log", "log.1", "log.2", "log.3", "log.4"} {
		if exists(name) == "no" {
			say("%s: none", name)
			continue
		}
		text := read(name)
		say("%s: %d lines, the first is %s", name, strings.Count(text, "\n"), text[:2])
	}
}

// together appends to a file that is open several times, while it is read and truncated.
func together() {
	var writers [3]*os.File
	var err error
	for i := range writers {
		writers[i], err = os.OpenFile("shared", os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
		must("open", err)
	}
	reader, err := os.Open("shared")
	must("open", err)
	put := func(i int, text string) {
		_, err := writers[i].WriteString(text)
		must("append", err)
	}
	b := make([]byte, 1000)
	get := func() string {
		n, err := reader.Read(b)
		if err != io.EOF {
			must("read", err)
		}
		return strings.ReplaceAll(string(b[:n]), "\n", "|")
	}
	for i := range 6 {
		put(i%3, fmt.Sprintf("%d by %d\n", i, i%3))
	}
	say("together: %s", get())
	say("at the end: [%s]", get())
	put(0, "more\n")
	say("then: [%s]", get())
	must("truncate", writers[1].Truncate(7))
	say("cut: [%s]", get())
	put(2, "again, by the third and longer than the place where the reader is\n")
	say("grown: [%s]", get())
	for _, w := range writers {
		must("close", w.Close())
	}
	must("close", reader.Close())
	say("in the end: %d bytes", size("shared"))
}

// backwards reads a file from its end, in blocks, and writes its lines in reverse order.
func backwards() {
	f, err := os.Open("sorted")
	must("open", err)
	at, err := f.Seek(0, io.SeekEnd)
	must("seek", err)
	var lines []string
	var block [1000]byte
	rest := ""
	for at > 0 {
		n := min(at, int64(len(block)))
		at, err = f.Seek(at-n, io.SeekStart)
		must("seek", err)
		_, err = io.ReadFull(f, block[:n])
		must("read", err)
		parts := strings.Split(string(block[:n])+rest, "\n")
		for i := len(parts) - 1; i > 0; i-- {
			lines = append(lines, parts[i])
		}
		rest = parts[0]
	}
	must("close", f.Close())
	lines = append(lines, rest)[1:] // no text follows the last line end
	write("reversed", strings.Join(lines, "\n")+"\n")
	text := read("reversed")
	say("backwards: %d lines from %s to %s, crc %08x", len(lines), lines[0], lines[len(lines)-1], crc32.ChecksumIEEE([]byte(text)))
}

// field returns the first field of a table row, without its quotes, and the text after its comma.
func field(line string) (value, rest string) {
	if !strings.HasPrefix(line, `"`) {
		value, rest, _ = strings.Cut(line, ",")
		return value, rest
	}
	var b strings.Builder
	i := 1
	for ; line[i] != '"' || strings.HasPrefix(line[i+1:], `"`); i++ {
		if line[i] == '"' {
			i++
		}
		b.WriteByte(line[i])
	}
	return b.String(), strings.TrimPrefix(line[i+1:], ",")
}

func table() {
	cities := []string{"Köln", "Rome", `"New York, NY"`, `"the ""City"""`}
	r := random(4)
	var text strings.Builder
	for range 300 {
		city, count, cents := r.next()%4, r.next()%10, 100+r.next()%900
		fmt.Fprintf(&text, "%s,%d,%d\n", cities[city], count, cents)
	}
	write("sales.csv", text.String())
	type total struct{ rows, count, cents int }
	totals := map[string]*total{}
	for line := range strings.SplitSeq(strings.TrimSuffix(read("sales.csv"), "\n"), "\n") {
		city, rest := field(line)
		t := totals[city]
		if t == nil {
			t = &total{}
			totals[city] = t
		}
		var count, cents int
		_, err := fmt.Sscanf(rest, "%d,%d", &count, &cents)
		must("parse "+line, err)
		t.rows, t.count, t.cents = t.rows+1, t.count+count, t.cents+count*cents
	}
	f, err := os.Create("report")
	must("create", err)
	for _, city := range slices.Sorted(maps.Keys(totals)) {
		t := totals[city]
		_, err = fmt.Fprintf(f, "  %3d rows %4d sold %6d.%02d %s\n", t.rows, t.count, t.cents/100, t.cents%100, city)
		must("write", err)
	}
	must("close", f.Close())
	say("sales: %d bytes\n%s", size("sales.csv"), strings.TrimSuffix(read("report"), "\n"))
}

// replace replaces a file, and removes one, while they are open.
func replace() {
	rest := func(f *os.File) string {
		b, err := io.ReadAll(f)
		must("read", err)
		must("close", f.Close())
		return string(b)
	}
	write("config", "version 1")
	old, err := os.Open("config")
	must("open", err)
	for v := 2; v < 4; v++ {
		f, err := os.OpenFile("config.new", os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		must("create", err)
		_, err = fmt.Fprintf(f, "version %d", v)
		must("write", err)
		must("sync", f.Sync())
		must("close", f.Close())
		must("rename", os.Rename("config.new", "config"))
	}
	say("replaced: %s was open, %s is there", rest(old), read("config"))
	write("doomed", "still to be read")
	f, err := os.Open("doomed")
	must("open", err)
	must("remove", os.Remove("doomed"))
	say("removed: %s, %s", exists("doomed"), rest(f))
}

func manyOpen() {
	var files [100]*os.File
	var err error
	for i := range files {
		files[i], err = os.OpenFile(fmt.Sprintf("open-%d", i), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
		must("create", err)
	}
	for round := range 3 {
		for i, f := range files {
			_, err = fmt.Fprintf(f, "%d", (i+round)%10)
			must("write", err)
		}
	}
	sum := 0
	b := make([]byte, 10)
	for i, f := range files {
		_, err = f.Seek(1, io.SeekStart)
		must("seek", err)
		n, err := f.Read(b)
		must("read", err)
		sum += n*100 + int(b[0]-'0')*10 + int(b[1]-'0')
		must("close", f.Close())
		must("remove", os.Remove(fmt.Sprintf("open-%d", i)))
	}
	say("open at once: %d, sum %d", len(files), sum)
}

func longNames() {
	name := strings.Repeat("n", 255)
	write(name, "found")
	say("a name of %d bytes: %s", len(name), read(name))
	_, err := os.OpenFile(name+"n", os.O_WRONLY|os.O_CREATE, 0o644)
	failed("a longer one", err)
	must("remove", os.Remove(name))
	dir := "deep"
	must("mkdir", os.Mkdir(dir, 0o755))
	for range 30 {
		dir += "/folder-in-a-folder"
		must("mkdir", os.Mkdir(dir, 0o755))
	}
	write(dir+"/file", "found too")
	say("a path of %d bytes: %s", len(dir)+5, read(dir+"/file"))
	clean("deep")
	must("rmdir", os.Remove("deep"))
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
	failed("make a folder below a file", os.Mkdir("sorted/folder", 0o755))
	failed("remove a folder as a file", syscall.Unlink("tree"))
	failed("rename a folder into itself", syscall.Rename("tree", "tree/a/tree"))
	failed("rename a file to a folder", syscall.Rename("sorted", "tree"))
	_, err = os.Open("sorted/")
	failed("open a file as a folder", err)
	_, err = os.ReadDir("sorted")
	failed("list a file", err)
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
	largest()
	copies()
	logs()
	together()
	backwards()
	table()
	replace()
	manyOpen()
	longNames()
	mistakes()
	clean(".")
	entries, err := os.ReadDir(".")
	must("read .", err)
	say("left: %d", len(entries))
	must("flush", out.Flush())
	fmt.Fprintln(os.Stderr, "done")
	os.Exit(3)
}
