// Package lsp is a language server for WIT. It implements the Language Server Protocol 3.17 over a
// pair of streams.
//
// A package is a folder of files with its deps, as for the wit command. Unsaved texts of the editor
// take precedence over the files on disk. One goroutine handles all messages in order, so each
// answer reflects one state of all texts. A second goroutine reads messages ahead and records which
// waiting requests were cancelled.
//
// A package is read again after each change, which takes a few milliseconds for the largest known
// packages. Reading it gives the diagnostics and the objects of all names ([wit.Info]), from which
// all requests are answered.
package lsp
