package sysfs

import (
	"io/fs"
	"os"
	"syscall"
	"time"
)

// system sets the fields that only the system's own structures contain.
func (s *Stat) system(info fs.FileInfo, open func() (*os.File, error)) {
	if d, ok := info.Sys().(*syscall.Win32FileAttributeData); ok {
		s.Access = time.Unix(0, d.LastAccessTime.Nanoseconds())
	}
	f, err := open()
	if err != nil {
		return
	}
	defer f.Close()
	c, err := f.SyscallConn()
	if err != nil {
		return
	}
	var d syscall.ByHandleFileInformation
	if c.Control(func(fd uintptr) { err = syscall.GetFileInformationByHandle(syscall.Handle(fd), &d) }) != nil || err != nil {
		return
	}
	s.Links = uint64(d.NumberOfLinks)
	s.id = fileID{uint64(d.VolumeSerialNumber), uint64(d.FileIndexHigh)<<32 | uint64(d.FileIndexLow), true}
}
