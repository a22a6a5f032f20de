// Package preview1 makes programs for WASI preview 1 work as components: it has an adapter that provides `wasi_snapshot_preview1` by means of
// WASI 0.2.
//
// The adapter has a memory of its own and asks for bytes of the program's memory one piece at a time, so it depends on nothing in there: neither on an
// allocator, nor on memory that grows for somebody else, which some programs do not expect. What a program does not use is left out of its
// component, and a program that opens no files gets an adapter that knows none.
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

// The adapter with files and without, as build.sh compiles it.
var (
	//go:embed adapter/files.wasm
	withFiles []byte
	//go:embed adapter/streams.wasm
	onlyStreams []byte
)

// Options say what the adapter does. The zero value is the default.
type Options struct {
	// NoExitCode makes `proc_exit` call `exit` of wasi:cli/exit, which tells success from failure only, instead of `exit-with-code`: that is part of
	// WASI 0.2.12, but hosts may have left it out, and do not start a component that imports it.
	NoExitCode bool
}

// Adapter returns the adapter for a program that imports from name, with default options, and false if that is not [Module]. A program that
// exports `_start` becomes a command, which exports wasi:cli/run; any other a reactor, whose exports are those of its own world. It can
// be the DefaultAdapter of [componentize.Options].
func Adapter(m *core.Module, name string) (componentize.Adapter, bool) {
	return Options{}.Adapter(m, name)
}

// Adapter is like the function of that name.
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

// opensFiles tells the imports without which a program has no descriptors but the standard streams.
func opensFiles(i core.Import) bool {
	return i.Module == Module && (i.Name == "path_open" || i.Name == "fd_prestat_get" || i.Name == "fd_prestat_dir_name")
}

// signatures is the WIT that the adapter is made for.
var signatures = sync.OnceValue(func() *wit.Model {
	m, list := wit.Load(wasiwit.FS, "0.2.12", wit.Options{})
	if list.HasErrors() {
		panic("preview1: " + list.Error())
	}
	return m
})
