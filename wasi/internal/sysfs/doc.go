// Package sysfs is WASI's access to the system: directories, files and the standard streams.
//
// A [Dir] is a directory that guests cannot leave. Paths are relative to it, and [os.Root] resolves
// them beneath it, component by component, including symbolic links. A path that is absolute or
// leaves the directory on its way is [NotPermitted]. Errors are those of the system; [CodeOf]
// returns the WASI error code for an error.
//
// An [Input] and an [Output] are a reader and a writer of the host that instances share.
package sysfs
