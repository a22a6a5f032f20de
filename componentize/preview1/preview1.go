// Package preview1 makes programs for WASI preview 1 work as components. It has an adapter that
// implements `wasi_snapshot_preview1` by means of WASI 0.2.
//
// The adapter has a memory of its own and accesses the program's memory a few bytes at a time. It
// therefore needs no allocator in the program, and no growth of the program's memory, which some
// programs do not expect. Functions that a program does not use are left out of its component. A
// program that opens no files gets an adapter without support for files.
package preview1

import (
	_ "embed"
	"slices"
	"sync"

	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	wasiwit "github.com/mortise-wasm/mortise/wasi/wit"
	"github.com/mortise-wasm/mortise/wit"
)

//go:generate adapter/build.sh

// Module is the name that programs import WASI preview 1 from.
const Module = "wasi_snapshot_preview1"

// The adapter with and without files, as compiled by build.sh.
var (
	//go:embed adapter/files.wasm
	withFiles []byte
	//go:embed adapter/streams.wasm
	onlyStreams []byte
)

// Options controls the adapter. The zero value is the default.
type Options struct {
	// NoExitCode makes `proc_exit` call `exit` of wasi:cli/exit, which only distinguishes success from
	// failure, instead of `exit-with-code`. The latter is part of WASI 0.2.12, but some hosts lack it
	// and refuse a component that imports it.
	NoExitCode bool
}

// Adapter returns the adapter for a program that imports from name, with default options. It
// returns false if name is not [Module]. A program that exports `_start` becomes a command, which
// exports wasi:cli/run; any other program becomes a reactor with the exports of its own world.
// Adapter can be used as the DefaultAdapter of [componentize.Options].
func Adapter(m *core.Module, name string) (componentize.Adapter, bool) {
	return Options{}.Adapter(m, name)
}

// Adapter is like the function [Adapter], with the options o.
func (o Options) Adapter(m *core.Module, name string) (componentize.Adapter, bool) {
	if name != Module {
		return componentize.Adapter{}, false
	}
	code := onlyStreams
	if slices.ContainsFunc(m.Imports, opensFiles) {
		code = withFiles
	}
	world := "preview1-reactor"
	if slices.ContainsFunc(m.Exports, func(e core.Export) bool { return e.Kind == core.ExternFunc && e.Name == "_start" }) {
		world = "preview1-command"
	}
	if o.NoExitCode {
		code = withoutCode(code)
	}
	model := signatures()
	w, err := model.World(world)
	if err != nil {
		panic("preview1: " + err.Error())
	}
	file := diag.NewBinary("the adapter of "+Module, code)
	return componentize.Adapter{Name: Module, File: file, OwnMemory: true, Model: model, World: w}, true
}

// withoutCode returns the adapter with another function as its `proc_exit`.
func withoutCode(code []byte) []byte {
	m, err := core.Decode(code)
	if err != nil {
		panic("preview1: " + err.Error())
	}
	b, err := m.Edit()
	if err != nil {
		panic("preview1: " + err.Error())
	}
	for i, e := range b.Exports {
		switch e.Name {
		case "proc_exit":
			b.Exports[i].Name = "proc_exit_with_code"
		case "proc_exit_without_code":
			b.Exports[i].Name = "proc_exit"
		}
	}
	return b.Append(nil)
}

// opensFiles reports whether i is one of the imports without which a program has only the standard
// streams as descriptors.
func opensFiles(i core.Import) bool {
	return i.Module == Module && (i.Name == "path_open" || i.Name == "fd_prestat_get" || i.Name == "fd_prestat_dir_name")
}

// signatures returns the WIT of the functions that the adapter calls.
var signatures = sync.OnceValue(func() *wit.Model {
	m, list := wit.Load(wasiwit.FS, "0.2.12", wit.Options{})
	if list.HasErrors() {
		panic("preview1: " + list.Error())
	}
	return m
})
