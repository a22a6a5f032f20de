//go:build !windows && !js

package sysfs

import "syscall"

const textBusy = syscall.ETXTBSY
