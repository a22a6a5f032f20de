//go:build tinygo

package main

import (
	"syscall"
	"time"
	"unsafe"
)

//go:wasmimport wasi_snapshot_preview1 path_filestat_set_times
func pathFilestatSetTimes(fd int32, flags uint32, path unsafe.Pointer, size uint32, atime, mtime uint64, which uint32) uint32

// chtimes is what the package os of TinyGo does not have. The file is in the folder that the program may use.
func chtimes(name string, atime, mtime time.Time) error {
	const folder, follow, both = 3, 1, 1 | 4
	errno := pathFilestatSetTimes(folder, follow, unsafe.Pointer(unsafe.StringData(name)), uint32(len(name)),
		uint64(atime.UnixNano()), uint64(mtime.UnixNano()), both)
	if errno != 0 {
		return syscall.Errno(errno)
	}
	return nil
}
