//go:build unix

package sysfs

import "syscall"

// openFlags prevents blocking when a fifo without a peer is opened. It has no effect on regular
// files.
const openFlags = syscall.O_NONBLOCK
