// Package sysfs is where WASI touches the system: directories and files, and the standard streams.
//
// A [Dir] is a directory that cannot be left: paths are relative to it and are resolved beneath it, component by component, symbolic links
// included, by [os.Root]. A path that is absolute, or leaves the directory on its way, is [NotPermitted]. Errors are those of
// the system; [CodeOf] gives the error code that WASI has for one.
//
// An [Input] and an [Output] are a reader and a writer of the host's that instances share.
package sysfs
