// Package p2 implements the interfaces of WASI 0.2 that commands import: wasi:cli, wasi:clocks,
// wasi:random, wasi:io, wasi:filesystem and wasi:sockets, all at version 0.2.12, which serves every
// 0.2.x. Each interface has its own file.
//
// Package wasi configures the interfaces and adds them to linkers. Sockets link, but no socket can
// be created.
//
// Where WASI specifies a trap, functions here return an error. Waiting ends with the context of the
// call.
package p2
