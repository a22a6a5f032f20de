//go:build unix

package sysfs

import "syscall"

// openFlags keeps the opening of a fifo without a peer from blocking; it means nothing for regular files.
const openFlags = syscall.O_NONBLOCK
