package sysfs

import (
	"errors"
	"io"
	"math"
	"os"
	"sync"
	"time"
)

// File is an open file that is not a directory. It is safe for concurrent use.
type File struct {
	f                        *os.File
	dir                      *Dir
	path                     string
	readable, writable, sync bool

	appending sync.Mutex
}

// Close closes the file.
func (f *File) Close() error { return f.f.Close() }

// Readable reports whether the file was opened for reading.
func (f *File) Readable() bool { return f.readable }

// Writable reports whether the file was opened for writing.
func (f *File) Writable() bool { return f.writable }

// Synced reports whether each write waits for the device.
func (f *File) Synced() bool { return f.sync }

// CheckWrite returns an error if the file was not opened for writing.
func (f *File) CheckWrite() error {
	switch {
	case f.writable:
		return nil
	case f.dir.readOnly:
		return ReadOnly
	default:
		return BadDescriptor
	}
}

// CheckRead returns an error if the file was not opened for reading.
func (f *File) CheckRead() error {
	if f.readable {
		return nil
	}
	return BadDescriptor
}

// ReadAt reads into b starting at offset. It fills b if the file has enough data, and returns 0 at
// the end of the file.
func (f *File) ReadAt(b []byte, offset uint64) (int, error) {
	if err := f.CheckRead(); err != nil {
		return 0, err
	}
	if offset > math.MaxInt64 {
		return 0, Invalid
	}
	n, err := f.f.ReadAt(b, int64(offset))
	if n > 0 || err == io.EOF {
		return n, nil
	}
	return 0, err
}

// WriteAt writes all of b starting at offset.
func (f *File) WriteAt(b []byte, offset uint64) (int, error) {
	if err := f.CheckWrite(); err != nil {
		return 0, err
	}
	if offset > math.MaxInt64 {
		return 0, Invalid
	}
	return f.f.WriteAt(b, int64(offset))
}

// Append writes all of b to the end of the file. It may overwrite data that other processes append
// at the same time.
func (f *File) Append(b []byte) error {
	if err := f.CheckWrite(); err != nil {
		return err
	}
	f.appending.Lock()
	defer f.appending.Unlock()
	info, err := f.f.Stat()
	if err != nil {
		return err
	}
	_, err = f.f.WriteAt(b, info.Size())
	return err
}

// Truncate sets the size of the file.
func (f *File) Truncate(size uint64) error {
	if err := f.CheckWrite(); err != nil {
		return err
	}
	if size > math.MaxInt64 {
		return FileTooLarge
	}
	return f.f.Truncate(int64(size))
}

// Sync flushes everything written to the device. It does nothing if the file was not opened for
// writing.
func (f *File) Sync() error {
	if !f.writable {
		return nil
	}
	return f.f.Sync()
}

// Stat describes the file.
func (f *File) Stat() (Stat, error) {
	info, err := f.f.Stat()
	if err != nil {
		return Stat{}, err
	}
	return newStat(info, func() (*os.File, error) { return f.dir.root.OpenFile(f.path, openFlags, 0) }), nil
}

// SetTimes sets the times of the file. Zero times mean no change.
func (f *File) SetTimes(access, modify time.Time) error {
	if f.dir.readOnly {
		return ReadOnly
	}
	if tried, err := chtimes(f.f, access, modify); tried {
		return err
	}
	// Use the path, if it still leads to the file.
	here, err := f.f.Stat()
	if err != nil {
		return err
	}
	there, err := f.dir.root.Stat(f.path)
	if err != nil || !os.SameFile(here, there) {
		return errors.Join(Unsupported, err)
	}
	return f.dir.root.Chtimes(f.path, access, modify)
}
