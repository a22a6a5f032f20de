//go:build linux || openbsd || dragonfly || solaris

package sysfs

import (
	"io/fs"
	"os"
	"syscall"
	"time"
)

// system sets the fields that only the system's own structure contains.
func (s *Stat) system(info fs.FileInfo, _ func() (*os.File, error)) {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return
	}
	s.Links = uint64(st.Nlink)
	s.Access = time.Unix(st.Atim.Unix())
	s.Change = time.Unix(st.Ctim.Unix())
	s.id = fileID{uint64(st.Dev), uint64(st.Ino), true}
}
