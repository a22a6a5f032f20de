//go:build !unix

package sysfs

const openFlags = 0
