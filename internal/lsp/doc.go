// Package lsp is a language server for WIT: the Language Server Protocol 3.17 over a pair of streams.
//
// It knows the same packages as the command wit: the folder of a file with its deps. What an editor has open and not yet saved lies over what
// is on disk. One goroutine does all the work, message by message, so each answer is about one state of all texts; a second one reads
// messages ahead, and notes which of those that wait were cancelled.
//
// A package is read anew after each change, which takes a few milliseconds for the largest ones there are. Reading gives the diagnostics
// and, as [wit.Info], what every name stands for; all requests are answered from that.
package lsp
