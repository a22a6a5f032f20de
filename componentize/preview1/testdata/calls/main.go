// Command calls calls every function of WASI preview 1, most of them in several ways, and prints
// the results. Results that differ from run to run, such as times and inode numbers, are printed as
// properties that must hold.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"unsafe"
)

type ptr = unsafe.Pointer

//go:wasmimport wasi_snapshot_preview1 args_get
func argsGet(argv, buf ptr) uint32

//go:wasmimport wasi_snapshot_preview1 args_sizes_get
func argsSizesGet(count, size ptr) uint32

//go:wasmimport wasi_snapshot_preview1 environ_get
func environGet(environ, buf ptr) uint32

//go:wasmimport wasi_snapshot_preview1 environ_sizes_get
func environSizesGet(count, size ptr) uint32

//go:wasmimport wasi_snapshot_preview1 clock_res_get
func clockResGet(id uint32, out ptr) uint32

//go:wasmimport wasi_snapshot_preview1 clock_time_get
func clockTimeGet(id uint32, precision uint64, out ptr) uint32

//go:wasmimport wasi_snapshot_preview1 fd_advise
func fdAdvise(fd uint32, offset, length uint64, advice uint32) uint32

//go:wasmimport wasi_snapshot_preview1 fd_allocate
func fdAllocate(fd uint32, offset, length uint64) uint32

//go:wasmimport wasi_snapshot_preview1 fd_close
func fdClose(fd uint32) uint32

//go:wasmimport wasi_snapshot_preview1 fd_datasync
func fdDatasync(fd uint32) uint32

//go:wasmimport wasi_snapshot_preview1 fd_fdstat_get
func fdFdstatGet(fd uint32, out ptr) uint32

//go:wasmimport wasi_snapshot_preview1 fd_fdstat_set_flags
func fdFdstatSetFlags(fd, flags uint32) uint32

//go:wasmimport wasi_snapshot_preview1 fd_fdstat_set_rights
func fdFdstatSetRights(fd uint32, base, inheriting uint64) uint32

//go:wasmimport wasi_snapshot_preview1 fd_filestat_get
func fdFilestatGet(fd uint32, out ptr) uint32

//go:wasmimport wasi_snapshot_preview1 fd_filestat_set_size
func fdFilestatSetSize(fd uint32, size uint64) uint32

//go:wasmimport wasi_snapshot_preview1 fd_filestat_set_times
func fdFilestatSetTimes(fd uint32, atim, mtim uint64, flags uint32) uint32

//go:wasmimport wasi_snapshot_preview1 fd_pread
func fdPread(fd uint32, iovs ptr, n uint32, offset uint64, out ptr) uint32

//go:wasmimport wasi_snapshot_preview1 fd_prestat_get
func fdPrestatGet(fd uint32, out ptr) uint32

//go:wasmimport wasi_snapshot_preview1 fd_prestat_dir_name
func fdPrestatDirName(fd uint32, path ptr, n uint32) uint32

//go:wasmimport wasi_snapshot_preview1 fd_pwrite
func fdPwrite(fd uint32, iovs ptr, n uint32, offset uint64, out ptr) uint32

//go:wasmimport wasi_snapshot_preview1 fd_read
func fdRead(fd uint32, iovs ptr, n uint32, out ptr) uint32

//go:wasmimport wasi_snapshot_preview1 fd_readdir
func fdReaddir(fd uint32, buf ptr, n uint32, cookie uint64, out ptr) uint32

//go:wasmimport wasi_snapshot_preview1 fd_renumber
func fdRenumber(from, to uint32) uint32

//go:wasmimport wasi_snapshot_preview1 fd_seek
func fdSeek(fd uint32, offset int64, whence uint32, out ptr) uint32

//go:wasmimport wasi_snapshot_preview1 fd_sync
func fdSync(fd uint32) uint32

//go:wasmimport wasi_snapshot_preview1 fd_tell
func fdTell(fd uint32, out ptr) uint32

//go:wasmimport wasi_snapshot_preview1 fd_write
func fdWrite(fd uint32, iovs ptr, n uint32, out ptr) uint32

//go:wasmimport wasi_snapshot_preview1 path_create_directory
func pathCreateDirectory(fd uint32, path ptr, n uint32) uint32

//go:wasmimport wasi_snapshot_preview1 path_filestat_get
func pathFilestatGet(fd, flags uint32, path ptr, n uint32, out ptr) uint32

//go:wasmimport wasi_snapshot_preview1 path_filestat_set_times
func pathFilestatSetTimes(fd, lookup uint32, path ptr, n uint32, atim, mtim uint64, flags uint32) uint32

//go:wasmimport wasi_snapshot_preview1 path_link
func pathLink(from, flags uint32, path ptr, n uint32, to uint32, path2 ptr, n2 uint32) uint32

//go:wasmimport wasi_snapshot_preview1 path_open
func pathOpen(fd, lookup uint32, path ptr, n, oflags uint32, base, inheriting uint64, flags uint32, out ptr) uint32

//go:wasmimport wasi_snapshot_preview1 path_readlink
func pathReadlink(fd uint32, path ptr, n uint32, buf ptr, m uint32, out ptr) uint32

//go:wasmimport wasi_snapshot_preview1 path_remove_directory
func pathRemoveDirectory(fd uint32, path ptr, n uint32) uint32

//go:wasmimport wasi_snapshot_preview1 path_rename
func pathRename(from uint32, path ptr, n uint32, to uint32, path2 ptr, n2 uint32) uint32

//go:wasmimport wasi_snapshot_preview1 path_symlink
func pathSymlink(target ptr, n uint32, fd uint32, path ptr, m uint32) uint32

//go:wasmimport wasi_snapshot_preview1 path_unlink_file
func pathUnlinkFile(fd uint32, path ptr, n uint32) uint32

//go:wasmimport wasi_snapshot_preview1 poll_oneoff
func pollOneoff(in, out ptr, n uint32, events ptr) uint32

//go:wasmimport wasi_snapshot_preview1 proc_exit
func procExit(code uint32)

//go:wasmimport wasi_snapshot_preview1 proc_raise
func procRaise(signal uint32) uint32

//go:wasmimport wasi_snapshot_preview1 random_get
func randomGet(buf ptr, n uint32) uint32

//go:wasmimport wasi_snapshot_preview1 sched_yield
func schedYield() uint32

//go:wasmimport wasi_snapshot_preview1 sock_accept
func sockAccept(fd, flags uint32, out ptr) uint32

//go:wasmimport wasi_snapshot_preview1 sock_recv
func sockRecv(fd uint32, iovs ptr, n, flags uint32, out, oflags ptr) uint32

//go:wasmimport wasi_snapshot_preview1 sock_send
func sockSend(fd uint32, iovs ptr, n, flags uint32, out ptr) uint32

//go:wasmimport wasi_snapshot_preview1 sock_shutdown
func sockShutdown(fd, how uint32) uint32

// say prints a line. The tested functions also write to standard output, so nothing is buffered.
func say(name string, values ...any) { fmt.Println(append([]any{name + ":"}, values...)...) }

func must(name string, errno uint32) {
	if errno != 0 {
		say(name, "unexpected errno", errno)
	}
}

type iovec struct{ buf, n uint32 }

func vec(b []byte) iovec {
	if len(b) == 0 {
		return iovec{}
	}
	return iovec{uint32(uintptr(ptr(&b[0]))), uint32(len(b))}
}

func str(s string) (ptr, uint32) {
	b := append([]byte(s), 0)
	return ptr(&b[0]), uint32(len(s))
}

const (
	rightRead  = 1 << 1
	rightSeek  = 1 << 2
	rightTell  = 1 << 5
	rightWrite = 1 << 6
	all        = 1<<30 - 1
)

func open(dir uint32, name string, oflags uint32, rights uint64, flags uint32) (fd, errno uint32) {
	p, n := str(name)
	errno = pathOpen(dir, 1, p, n, oflags, rights, rights, flags, ptr(&fd))
	return
}

// stat is a filestat.
type stat struct {
	dev, ino, kind, nlink, size, atim, mtim, ctim uint64
}

func statOf(dir, flags uint32, name string) (s stat, errno uint32) {
	p, n := str(name)
	errno = pathFilestatGet(dir, flags, p, n, ptr(&s))
	return
}

type fdstat struct {
	kind             uint8
	flags            uint16
	base, inheriting uint64
}

func strings0(list []uint32, buf []byte) (out []string) {
	for _, at := range list {
		i := at - uint32(uintptr(ptr(&buf[0])))
		s, _, _ := strings.Cut(string(buf[i:]), "\x00")
		out = append(out, s)
	}
	return
}

func main() {
	if len(os.Args) > 2 && os.Args[1] == "exit" {
		var code uint32
		fmt.Sscan(os.Args[2], &code)
		procExit(code)
	}
	environment()
	clocks()
	streams()
	const root = 3
	preopens()
	files(root)
	positions(root)
	directories(root)
	links(root)
	times(root)
	descriptors(root)
	mistakes(root)
	polls(root)
	rest()
}

func environment() {
	var n, size uint32
	must("args_sizes_get", argsSizesGet(ptr(&n), ptr(&size)))
	list, buf := make([]uint32, n), make([]byte, size)
	must("args_get", argsGet(ptr(&list[0]), ptr(&buf[0])))
	say("args", n, size, strings0(list, buf))
	must("environ_sizes_get", environSizesGet(ptr(&n), ptr(&size)))
	list, buf = make([]uint32, n+1), make([]byte, size+1)
	must("environ_get", environGet(ptr(&list[0]), ptr(&buf[0])))
	say("environ", n, size, strings0(list[:n], buf))
}

func clocks() {
	for id := range uint32(5) {
		var res, t uint64
		e1 := clockResGet(id, ptr(&res))
		say("clock_res_get", id, e1, res > 0)
		e2 := clockTimeGet(id, 0, ptr(&t))
		say("clock_time_get", id, e2, t > 0)
	}
	var a, b uint64
	clockTimeGet(1, 0, ptr(&a))
	clockTimeGet(1, 0, ptr(&b))
	say("monotonic", b >= a)
	clockTimeGet(0, 0, ptr(&a))
	say("wall clock after 2020", a > 1577836800e9)
}

func streams() {
	var n uint32
	one, two := []byte("written in "), []byte("two parts\n")
	iovs := []iovec{vec(one), {}, vec(two)}
	e3 := fdWrite(1, ptr(&iovs[0]), 3, ptr(&n))
	say("fd_write stdout", e3, n)
	e4 := fdWrite(2, ptr(&iovs[0]), 3, ptr(&n))
	say("fd_write stderr", e4, n)
	e5 := fdWrite(0, ptr(&iovs[0]), 3, ptr(&n))
	say("fd_write stdin", e5)
	e6 := fdWrite(99, ptr(&iovs[0]), 3, ptr(&n))
	say("fd_write nowhere", e6)
	buf := make([]byte, 5)
	iovs = []iovec{vec(buf)}
	// Go makes the standard streams nonblocking.
	for fd := range uint32(3) {
		must("fd_fdstat_set_flags", fdFdstatSetFlags(fd, 0))
	}
	e7 := fdRead(0, ptr(&iovs[0]), 1, ptr(&n))
	say("fd_read stdin", e7, n, string(buf[:min(int(n), len(buf))]))
	var rest []byte
	for {
		if errno := fdRead(0, ptr(&iovs[0]), 1, ptr(&n)); errno != 0 || n == 0 {
			say("fd_read end", errno, n, string(rest))
			break
		}
		rest = append(rest, buf[:n]...)
	}
	e8 := fdRead(1, ptr(&iovs[0]), 1, ptr(&n))
	say("fd_read stdout", e8)
	var at uint64
	e9 := fdSeek(1, 0, 1, ptr(&at))
	say("fd_seek stdout", e9)
	e10 := fdTell(1, ptr(&at))
	say("fd_tell stdout", e10)
	e11 := fdPread(0, ptr(&iovs[0]), 1, 0, ptr(&n))
	say("fd_pread stdin", e11)
	e12 := fdPwrite(1, ptr(&iovs[0]), 1, 0, ptr(&n))
	say("fd_pwrite stdout", e12)
	for fd := range uint32(3) {
		var f fdstat
		errno := fdFdstatGet(fd, ptr(&f))
		say("fd_fdstat_get", fd, errno, "kind", f.kind, "flags", f.flags, "reads", f.base&rightRead != 0, "writes", f.base&rightWrite != 0)
		var s stat
		e13 := fdFilestatGet(fd, ptr(&s))
		say("fd_filestat_get", fd, e13, "size", s.size)
	}
	big := make([]byte, 200000)
	for i := range big {
		big[i] = "0123456789abcde\n"[i%16]
	}
	iovs = []iovec{vec(big)}
	e14 := fdWrite(2, ptr(&iovs[0]), 1, ptr(&n))
	say("fd_write much", e14, n)
}

func preopens() {
	for fd := uint32(3); fd < 6; fd++ {
		var pre struct {
			tag uint8
			n   uint32
		}
		errno := fdPrestatGet(fd, ptr(&pre))
		if errno != 0 {
			say("fd_prestat_get", fd, errno)
			continue
		}
		name := make([]byte, pre.n+1)
		e15 := fdPrestatDirName(fd, ptr(&name[0]), pre.n)
		say("fd_prestat_dir_name", fd, e15, string(name[:pre.n]), "tag", pre.tag)
		e16 := fdPrestatDirName(fd, ptr(&name[0]), pre.n-1)
		say("fd_prestat_dir_name short", fd, e16)
	}
	e17 := fdPrestatGet(0, ptr(new([2]uint32)))
	say("fd_prestat_get stdin", e17)
}

func write(fd uint32, parts ...string) (uint32, uint32) {
	var iovs []iovec
	var bufs [][]byte
	for _, p := range parts {
		bufs = append(bufs, []byte(p))
		iovs = append(iovs, vec(bufs[len(bufs)-1]))
	}
	var n uint32
	errno := fdWrite(fd, ptr(&iovs[0]), uint32(len(iovs)), ptr(&n))
	runtime.KeepAlive(bufs)
	return errno, n
}

func read(fd uint32, sizes ...int) (uint32, string) {
	var iovs []iovec
	var bufs [][]byte
	for _, s := range sizes {
		bufs = append(bufs, make([]byte, s))
		iovs = append(iovs, vec(bufs[len(bufs)-1]))
	}
	var n uint32
	errno := fdRead(fd, ptr(&iovs[0]), uint32(len(iovs)), ptr(&n))
	var out []byte
	for _, b := range bufs {
		out = append(out, b...)
	}
	return errno, string(out[:n])
}

func files(dir uint32) {
	fd, errno := open(dir, "new", 1|4, rightRead|rightWrite|rightSeek|rightTell, 0)
	say("path_open create", errno)
	_, errno = open(dir, "new", 1|4, rightRead|rightWrite, 0)
	say("path_open exclusive", errno)
	_, errno = open(dir, "missing", 0, rightRead, 0)
	say("path_open missing", errno)
	_, errno = open(dir, "new", 2, rightRead, 0)
	say("path_open directory", errno)
	errno, n := write(fd, "hello, ", "", "world")
	say("write", errno, n)
	var at uint64
	e18 := fdTell(fd, ptr(&at))
	say("fd_tell", e18, at)
	e19 := fdSeek(fd, 3, 0, ptr(&at))
	say("fd_seek set", e19, at)
	errno, text := read(fd, 2, 0, 100)
	say("read", errno, text)
	errno, text = read(fd, 10)
	say("read at the end", errno, len(text))
	e20 := fdSync(fd)
	say("fd_sync", e20)
	e21 := fdDatasync(fd)
	say("fd_datasync", e21)
	e22 := fdAdvise(fd, 0, 10, 1)
	e23 := fdAdvise(fd, 0, 10, 77)
	say("fd_advise", e22, e23)
	e24 := fdClose(fd)
	e25 := fdClose(fd)
	say("fd_close", e24, e25)
	errno, _ = write(fd, "x")
	say("write closed", errno)
	fd, _ = open(dir, "new", 0, rightRead, 0)
	errno, _ = write(fd, "x")
	say("write what is only read", errno != 0)
	fdClose(fd)
	fd, _ = open(dir, "new", 0, rightWrite|rightRead, 1)
	errno, n = write(fd, " and all")
	say("append", errno, n)
	errno = fdSeek(fd, 0, 0, ptr(&at))
	_, text = read(fd, 100)
	say("appended", errno, text)
	var f fdstat
	e26 := fdFdstatGet(fd, ptr(&f))
	say("fdstat append", e26, f.kind, f.flags, f.base&rightRead != 0, f.base&rightWrite != 0)
	e27 := fdFdstatSetFlags(fd, 0)
	say("fd_fdstat_set_flags", e27)
	fdSeek(fd, 0, 0, ptr(&at))
	errno, n = write(fd, "J")
	fdSeek(fd, 0, 0, ptr(&at))
	_, text = read(fd, 5)
	say("no append any more", errno, n, text)
	fdClose(fd)
	fd, errno = open(dir, "new", 8, rightWrite|rightRead, 0)
	var s stat
	e28 := fdFilestatGet(fd, ptr(&s))
	say("truncated", errno, e28, s.size, s.kind)
	fdClose(fd)
	// Syncing data only, data and metadata, and reads: done by the host, or after each write if the
	// host cannot.
	for _, flags := range []uint32{2, 16, 2 | 8 | 16} {
		fd, errno = open(dir, "synchronous", 1, rightWrite|rightRead, flags)
		written, _ := write(fd, "at once")
		e29 := fdFdstatGet(fd, ptr(&f))
		e30 := fdFdstatSetFlags(fd, 0)
		say("synchronous", flags, errno, written, e29, f.flags, e30)
		fdClose(fd)
	}
}

func positions(dir uint32) {
	fd, _ := open(dir, "positions", 1, rightRead|rightWrite|rightSeek|rightTell, 0)
	write(fd, "0123456789")
	var n uint32
	var at uint64
	data := []byte("AB")
	iovs := []iovec{vec(data)}
	e29 := fdPwrite(fd, ptr(&iovs[0]), 1, 4, ptr(&n))
	say("fd_pwrite", e29, n)
	buf := make([]byte, 4)
	iovs = []iovec{vec(buf[:2]), vec(buf[2:])}
	e30 := fdPread(fd, ptr(&iovs[0]), 2, 3, ptr(&n))
	say("fd_pread", e30, n, string(buf))
	e31 := fdTell(fd, ptr(&at))
	say("fd_tell unmoved", e31, at)
	e32 := fdSeek(fd, -1, 2, ptr(&at))
	say("fd_seek end", e32, at)
	e33 := fdSeek(fd, -4, 1, ptr(&at))
	say("fd_seek current", e33, at)
	e34 := fdSeek(fd, -40, 1, ptr(&at))
	say("fd_seek before", e34)
	e35 := fdSeek(fd, 0, 9, ptr(&at))
	say("fd_seek whence", e35)
	e36 := fdSeek(fd, 20, 0, ptr(&at))
	say("fd_seek past", e36, at)
	write(fd, "!")
	var s stat
	e37 := fdFilestatGet(fd, ptr(&s))
	say("hole", e37, s.size)
	e38 := fdFilestatSetSize(fd, 5)
	e39 := fdFilestatGet(fd, ptr(&s))
	say("fd_filestat_set_size", e38, e39, s.size)
	e40 := fdAllocate(fd, 5, 5)
	e41 := fdFilestatGet(fd, ptr(&s))
	say("fd_allocate", e40, e41, s.size)
	e42 := fdAllocate(fd, 0, 5)
	e43 := fdFilestatGet(fd, ptr(&s))
	say("fd_allocate within", e42, e43, s.size)
	fdClose(fd)
	big := strings.Repeat("0123456789abcdef", 100000)
	fd, _ = open(dir, "big", 1, rightRead|rightWrite|rightSeek, 0)
	total := 0
	for total < len(big) {
		errno, n := write(fd, big[total:])
		must("write big", errno)
		total += int(n)
	}
	fdSeek(fd, 0, 0, ptr(&at))
	same, total := true, 0
	for {
		errno, text := read(fd, 300000, 300000)
		must("read big", errno)
		if text == "" {
			break
		}
		same = same && big[total:total+len(text)] == text
		total += len(text)
	}
	say("big", same, total)
	fdClose(fd)
}

func mkdir(dir uint32, name string) uint32 {
	p, n := str(name)
	return pathCreateDirectory(dir, p, n)
}

func unlink(dir uint32, name string) uint32 {
	p, n := str(name)
	return pathUnlinkFile(dir, p, n)
}

func rmdir(dir uint32, name string) uint32 {
	p, n := str(name)
	return pathRemoveDirectory(dir, p, n)
}

// list reads a directory with a buffer of the given size.
func list(fd uint32, size int) (names []string, errno uint32) {
	buf := make([]byte, size)
	var cookie uint64
	for {
		var used uint32
		if errno = fdReaddir(fd, ptr(&buf[0]), uint32(size), cookie, ptr(&used)); errno != 0 {
			return
		}
		b := buf[:used]
		got := 0
		for len(b) >= 24 {
			next, n, kind := *(*uint64)(ptr(&b[0])), *(*uint32)(ptr(&b[16])), b[20]
			if len(b) < 24+int(n) {
				break
			}
			if name := string(b[24 : 24+n]); name != "." && name != ".." {
				names = append(names, fmt.Sprint(name, " ", kind))
			}
			cookie = next
			b = b[24+n:]
			got++
		}
		if int(used) < size {
			return
		}
		if got == 0 {
			return names, 9999
		}
	}
}

func sorted(names []string) string {
	for i := range names {
		for j := range i {
			if names[i] < names[j] {
				names[i], names[j] = names[j], names[i]
			}
		}
	}
	return strings.Join(names, ", ")
}

func directories(dir uint32) {
	say("path_create_directory", mkdir(dir, "d"), mkdir(dir, "d"), mkdir(dir, "missing/d"))
	d, errno := open(dir, "d", 0, all&^rightWrite, 0)
	say("path_open a directory, for reading", errno, fdClose(d))
	d, errno = open(dir, "d", 2, all, 0)
	say("path_open a directory", errno)
	var f fdstat
	e44 := fdFdstatGet(d, ptr(&f))
	say("fdstat directory", e44, f.kind)
	for i := range 30 {
		fd, errno := open(d, fmt.Sprintf("file-%02d", i), 1, rightWrite, 0)
		must("create", errno)
		fdClose(fd)
	}
	mkdir(d, "sub")
	for _, size := range []int{64, 100, 4096} {
		names, errno := list(d, size)
		say("fd_readdir", size, errno, len(names), sorted(names))
	}
	file, _ := open(d, "file-00", 0, rightRead, 0)
	_, errno = list(file, 100)
	say("fd_readdir file", errno)
	fdClose(file)
	errno, _ = read(d, 10)
	say("read directory", errno != 0)
	say("path_remove_directory full", rmdir(dir, "d"))
	say("path_unlink_file directory", unlink(d, "sub") != 0)
	say("path_remove_directory file", rmdir(d, "file-00"))
	say("path_remove_directory", rmdir(d, "sub"), rmdir(d, "sub"))
	for i := range 30 {
		must("unlink", unlink(d, fmt.Sprintf("file-%02d", i)))
	}
	say("path_unlink_file missing", unlink(d, "file-00"))
	errno, used := readAnother(dir)
	say("fd_readdir of another directory by the same number", errno, used)
	names, errno := list(d, 4096)
	say("empty", errno, len(names))
	e45 := fdClose(d)
	say("fd_close directory", e45, rmdir(dir, "d"))
	from, n := str("positions")
	to, m := str("renamed")
	e46 := pathRename(dir, from, n, dir, to, m)
	say("path_rename", e46)
	e47 := pathRename(dir, from, n, dir, to, m)
	say("path_rename missing", e47)
	s, errno := statOf(dir, 0, "renamed")
	say("path_filestat_get", errno, s.kind, s.size, s.nlink)
	_, errno = statOf(dir, 0, "positions")
	say("path_filestat_get missing", errno)
}

// readAnother reads on at a position in one directory after the descriptor has been renumbered to
// another directory.
func readAnother(dir uint32) (uint32, uint32) {
	must("mkdir", mkdir(dir, "full"))
	must("mkdir", mkdir(dir, "void"))
	for _, name := range []string{"full/a", "full/b", "full/c"} {
		fd, errno := open(dir, name, 1, rightWrite, 0)
		must("create", errno)
		fdClose(fd)
	}
	full, _ := open(dir, "full", 2, all, 0)
	void, _ := open(dir, "void", 2, all, 0)
	buf := make([]byte, 40)
	var used uint32
	must("fd_readdir", fdReaddir(full, ptr(&buf[0]), 40, 2, ptr(&used)))
	must("fd_renumber", fdRenumber(void, full))
	errno := fdReaddir(full, ptr(&buf[0]), 40, 3, ptr(&used))
	fdClose(full)
	for _, name := range []string{"full/a", "full/b", "full/c"} {
		must("unlink", unlink(dir, name))
	}
	must("rmdir", rmdir(dir, "full"))
	must("rmdir", rmdir(dir, "void"))
	return errno, used
}

func links(dir uint32) {
	target, n := str("renamed")
	name, m := str("symbolic")
	e48 := pathSymlink(target, n, dir, name, m)
	say("path_symlink", e48)
	buf := make([]byte, 20)
	var used uint32
	e49 := pathReadlink(dir, name, m, ptr(&buf[0]), 20, ptr(&used))
	say("path_readlink", e49, string(buf[:used]))
	e50 := pathReadlink(dir, name, m, ptr(&buf[0]), 3, ptr(&used))
	say("path_readlink short", e50, string(buf[:used]))
	e51 := pathReadlink(dir, target, n, ptr(&buf[0]), 20, ptr(&used))
	say("path_readlink file", e51)
	s, errno := statOf(dir, 0, "symbolic")
	say("stat of a link", errno, s.kind)
	s, errno = statOf(dir, 1, "symbolic")
	say("stat of what it leads to", errno, s.kind, s.size)
	hard, k := str("hard")
	e52 := pathLink(dir, 0, target, n, dir, hard, k)
	say("path_link", e52)
	s, errno = statOf(dir, 0, "hard")
	t, _ := statOf(dir, 0, "renamed")
	say("hard link", errno, s.kind, s.size, s.nlink, s.ino == t.ino, s.ino != 0)
	other, _ := statOf(dir, 0, "big")
	say("other inode", other.ino != t.ino)
	var fd uint32
	say("path_open of a link, not followed", pathOpen(dir, 0, name, m, 0, rightRead, 0, 0, ptr(&fd)))
	say("path_open of a link, followed", pathOpen(dir, 1, name, m, 0, rightRead, 0, 0, ptr(&fd)), fdClose(fd))
	_, errno = open(dir, "renamed/", 0, rightRead, 0)
	say("path_open file/", errno)
	say("path_unlink_file file/", unlink(dir, "renamed/"))
	say("unlink", unlink(dir, "symbolic"), unlink(dir, "hard"))
	_, errno = statOf(dir, 0, "../up")
	say("up", errno)
	_, errno = open(dir, "/etc/passwd", 0, rightRead, 0)
	say("absolute", errno)
}

func times(dir uint32) {
	p, n := str("renamed")
	e53 := pathFilestatSetTimes(dir, 1, p, n, 1_000_000_000_000_000_000, 1_100_000_000_123_456_000, 1|4)
	say("path_filestat_set_times", e53)
	s, _ := statOf(dir, 1, "renamed")
	say("times", s.atim, s.mtim)
	e54 := pathFilestatSetTimes(dir, 1, p, n, 0, 0, 8)
	say("path_filestat_set_times now", e54)
	s, _ = statOf(dir, 1, "renamed")
	say("times", s.atim, s.mtim > 1_600_000_000_000_000_000)
	fd, _ := open(dir, "renamed", 0, rightRead|rightWrite, 0)
	e55 := fdFilestatSetTimes(fd, 0, 1_200_000_000_000_000_000, 4)
	say("fd_filestat_set_times", e55)
	var t stat
	fdFilestatGet(fd, ptr(&t))
	say("times", t.atim == s.atim, t.mtim)
	e56 := fdFilestatSetTimes(fd, 0, 0, 1|2)
	say("both", e56)
	fdClose(fd)
}

func descriptors(dir uint32) {
	a, _ := open(dir, "a", 1, rightRead|rightWrite, 0)
	b, _ := open(dir, "b", 1, rightRead|rightWrite, 0)
	write(a, "aaa")
	write(b, "bb")
	e57 := fdRenumber(a, b)
	say("fd_renumber", e57)
	var s stat
	e58 := fdFilestatGet(b, ptr(&s))
	e59 := fdFilestatGet(a, ptr(&s))
	say("renumbered", e58, s.size, e59)
	c, errno := open(dir, "b", 0, rightRead, 0)
	say("the number is free", errno, c == a)
	e60 := fdRenumber(99, b)
	say("fd_renumber closed", e60)
	fdClose(c)
	for _, to := range []uint32{c, 1000, 1 << 16, b} {
		errno := fdRenumber(b, to)
		if errno == 0 {
			b = to
		}
		e63 := fdFilestatGet(b, ptr(&s))
		say("fd_renumber to a free number", errno, e63, s.size)
	}
	fdClose(b)
	fd, _ := open(dir, "a", 0, rightRead|rightSeek, 0)
	var f fdstat
	fdFdstatGet(fd, ptr(&f))
	e61 := fdFdstatSetRights(fd, f.base&^rightSeek, f.inheriting)
	say("fd_fdstat_set_rights less", e61)
	e62 := fdFdstatSetRights(fd, all, all)
	say("fd_fdstat_set_rights more", e62)
	fdClose(fd)
	many := []uint32{}
	for range 100 {
		fd, errno := open(dir, "a", 0, rightRead, 0)
		must("open many", errno)
		many = append(many, fd)
	}
	for _, fd := range many {
		must("close many", fdClose(fd))
	}
	say("many", len(many))
}

func mistakes(dir uint32) {
	_, errno := open(99, "a", 0, rightRead, 0)
	say("path_open nowhere", errno)
	file, _ := open(dir, "a", 0, rightRead, 0)
	_, errno = open(file, "a", 0, rightRead, 0)
	say("path_open in a file", errno)
	fdClose(file)
	_, errno = open(dir, "not\xffutf8", 0, rightRead, 0)
	say("path_open no UTF-8", errno)
	_, errno = open(dir, "with\x00zero", 0, rightRead, 0)
	say("path_open zero", errno)
	_, errno = open(dir, "", 0, rightRead, 0)
	say("path_open empty", errno)
	_, errno = open(dir, "wörld-世界-🌍", 1, rightWrite, 0)
	say("path_open UTF-8", errno, unlink(dir, "wörld-世界-🌍"))
	e63 := fdClose(99)
	say("fd_close nowhere", e63)
	e64 := fdSync(99)
	say("fd_sync nowhere", e64)
	e65 := fdFilestatGet(99, ptr(new(stat)))
	say("fd_filestat_get nowhere", e65)
	e66 := fdFdstatGet(99, ptr(new(fdstat)))
	say("fd_fdstat_get nowhere", e66)
}

type subscription struct {
	userdata  uint64
	tag       uint8
	_         [7]byte
	id        uint32 // of the clock, or the descriptor
	timeout   uint64
	precision uint64
	flags     uint16
}

type event struct {
	userdata uint64
	errno    uint16
	kind     uint8
	nbytes   uint64
	flags    uint16
}

func poll(subs ...subscription) (errno uint32, text string) {
	events := make([]event, len(subs)+1)
	subs = append(subs, subscription{})
	var n uint32
	errno = pollOneoff(ptr(&subs[0]), ptr(&events[0]), uint32(len(subs)-1), ptr(&n))
	for _, e := range events[:n] {
		text += fmt.Sprintf(" [%d errno %d kind %d]", e.userdata, e.errno, e.kind)
	}
	return
}

func polls(dir uint32) {
	var before, after uint64
	clockTimeGet(1, 0, ptr(&before))
	errno, text := poll(subscription{userdata: 7, id: 1, timeout: 20_000_000})
	clockTimeGet(1, 0, ptr(&after))
	say("poll_oneoff clock", errno, text, after-before >= 20_000_000)
	errno, text = poll(subscription{userdata: 8, id: 1, timeout: after + 10_000_000, flags: 1})
	clockTimeGet(1, 0, ptr(&before))
	say("poll_oneoff instant", errno, text, before-after >= 10_000_000)
	var now uint64
	clockTimeGet(0, 0, ptr(&now))
	errno, text = poll(subscription{userdata: 9, id: 0, timeout: now + 10_000_000, flags: 1})
	say("poll_oneoff wall clock", errno, text)
	errno, text = poll(subscription{userdata: 9, id: 0, timeout: now - 10_000_000, flags: 1})
	say("poll_oneoff past", errno, text)
	errno, text = poll(subscription{userdata: 1, tag: 2, id: 1})
	say("poll_oneoff stdout", errno, text)
	fd, _ := open(dir, "big", 0, rightRead, 0)
	errno, text = poll(subscription{userdata: 2, tag: 1, id: fd}, subscription{userdata: 3, id: 1, timeout: 1e12})
	say("poll_oneoff file", errno, text)
	fdClose(fd)
	errno, text = poll(subscription{userdata: 4, tag: 1, id: 99}, subscription{userdata: 3, id: 1, timeout: 1e12})
	say("poll_oneoff nowhere", errno, text)
	errno, text = poll(subscription{userdata: 5, id: 1, timeout: 1}, subscription{userdata: 6, id: 1, timeout: 1e15})
	say("poll_oneoff first", errno, text)
	errno, _ = poll()
	say("poll_oneoff nothing", errno)
}

func rest() {
	buf := make([]byte, 100000)
	e67 := randomGet(ptr(&buf[0]), uint32(len(buf)))
	say("random_get", e67)
	zeros := 0
	for _, b := range buf {
		if b == 0 {
			zeros++
		}
	}
	say("random", zeros > 200 && zeros < 600)
	say("sched_yield", schedYield())
	var n uint32
	iovs := []iovec{vec(buf[:4])}
	say("sockets", sockAccept(1, 0, ptr(&n)), sockRecv(1, ptr(&iovs[0]), 1, 0, ptr(&n), ptr(&n)), sockSend(1, ptr(&iovs[0]), 1, 0, ptr(&n)),
		sockShutdown(1, 3), sockShutdown(99, 3))
	say("proc_raise", procRaise(9) != 0)
}
