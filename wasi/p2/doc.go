// Package p2 implements the interfaces of WASI 0.2 that commands import: wasi:cli, wasi:clocks, wasi:random, wasi:io, wasi:filesystem and
// wasi:sockets, all at version 0.2.12, which serves every 0.2.x. There is a file for each interface.
//
// It is configured and added to linkers by package wasi. Sockets link, but no socket can be made.
//
// Functions of WASI that say so trap; here, they return an error. Waiting ends with the context of the call.
package p2
