//go:build !linux && !openbsd && !dragonfly && !solaris && !darwin && !freebsd && !netbsd && !windows

package sysfs

import (
	"io/fs"
	"os"
)

func (s *Stat) system(fs.FileInfo, func() (*os.File, error)) {}
