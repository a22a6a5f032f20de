package sysfs

import "syscall"

// textBusy is ETXTBSY, which package syscall does not name here.
const textBusy syscall.Errno = 26
