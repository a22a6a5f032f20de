package sysfs

import "syscall"

// textBusy is ETXTBSY, which package syscall does not define for js.
const textBusy syscall.Errno = 26
