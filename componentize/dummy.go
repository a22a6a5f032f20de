package componentize

import (
	"fmt"

	"github.com/mortise-wasm/mortise/componentize/internal/sig"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// DummyABI is the ABI of the asynchronous functions of a dummy module. The zero value is the
// synchronous ABI.
type DummyABI uint8

const (
	// DummySync imports and exports all functions synchronously.
	DummySync DummyABI = iota
	// DummyCallback exports asynchronous functions with a callback, and imports them asynchronously.
	DummyCallback
	// DummyStackful exports asynchronous functions without a callback.
	DummyStackful
)

// DummyOptions controls the contents of a dummy module. The zero value is the default.
type DummyOptions struct {
	Names Names
	// ABI needs [LegacyNames] unless it is [DummySync].
	ABI DummyABI
}

// Dummy returns a core module that imports all imports of world w, with all intrinsics, and exports
// all of its exports, as functions that trap. The module does not carry the world: see
// [binary.Embed]. The error reports options that contradict each other.
func Dummy(w *wit.World, o DummyOptions) ([]byte, error) {
	if o.ABI != DummySync && o.Names != LegacyNames {
		return nil, fmt.Errorf("standard names support synchronous functions only")
	}
	d := &dummy{options: o}
	d.imports(w.Imports)
	if o.ABI != DummySync {
		for _, i := range dummyIntrinsics {
			d.importFunc(i.module, i.name, sig.Of(i.sig))
		}
	}
	for _, i := range w.Exports {
		d.exportIntrinsics(i)
	}
	for _, i := range w.Exports {
		d.exports(i)
	}
	d.b.Memories = []core.MemoryType{{}}
	d.b.Export(o.Names.memory(), core.ExternMemory, 0)
	d.export(o.Names.realloc(), sig.Of("iiii:i"), true)
	d.export(o.Names.initialize(), core.FuncType{}, false)
	return d.b.Append(nil), nil
}

// dummyIntrinsics are the intrinsics that belong to no item of the world, without the gated ones.
var dummyIntrinsics = []struct{ module, name, sig string }{
	{exportPrefix + rootModule, "[task-cancel]", ":"},
	{rootModule, "[backpressure-inc]", ":"},
	{rootModule, "[backpressure-dec]", ":"},
	{rootModule, "[waitable-set-new]", ":i"},
	{rootModule, "[waitable-set-wait]", "ii:i"},
	{rootModule, "[waitable-set-poll]", "ii:i"},
	{rootModule, "[waitable-set-drop]", "i:"},
	{rootModule, "[waitable-join]", "ii:"},
	{rootModule, "[thread-yield]", ":i"},
	{rootModule, "[subtask-drop]", "i:"},
	{rootModule, "[subtask-cancel]", "i:i"},
	{rootModule, "[context-get-0]", ":i"},
	{rootModule, "[context-set-0]", "i:"},
}

type dummy struct {
	options DummyOptions
	b       core.Builder
}

// importFunc adds an import. All imports are functions, and must be added before the first
// function.
func (d *dummy) importFunc(module, name string, t core.FuncType) {
	d.b.Imports = append(d.b.Imports, core.Import{
		Module: module, Name: name, Type: core.ExternType{Kind: core.ExternFunc, Func: d.b.FuncType(t.Params, t.Results)},
	})
}

// export adds and exports a function, which traps or returns at once.
func (d *dummy) export(name string, t core.FuncType, trap bool) {
	a := core.NewAsm(len(t.Params))
	if trap {
		a.Ops(core.OpUnreachable)
	}
	f := len(d.b.Imports) + len(d.b.Funcs)
	d.b.Funcs = append(d.b.Funcs, a.Function(d.b.FuncType(t.Params, t.Results)))
	d.b.Export(name, core.ExternFunc, uint32(f))
}

// variants returns the ways in which a function is imported and exported.
func (d *dummy) variants(f *wit.Func) (in, out variant) {
	switch {
	case !f.Async || d.options.ABI == DummySync:
		return importSync, exportSync
	case d.options.ABI == DummyCallback:
		return importAsync, exportCallback
	}
	return importAsync, exportStackful
}

func (d *dummy) imports(items []*wit.WorldItem) {
	for _, i := range items {
		switch {
		case i.Func != nil:
			d.importItem(nil, i.Func)
		case i.Type != nil:
			d.importType(nil, i.Type)
		default:
			for _, f := range i.Interface.Funcs {
				d.importItem(i, f)
			}
			for _, t := range i.Interface.Types {
				d.importType(i, t)
			}
		}
	}
}

func (d *dummy) importItem(i *wit.WorldItem, f *wit.Func) {
	v, _ := d.variants(f)
	d.importFunc(d.options.Names.importModule(i, false), d.options.Names.importFunc(f, v), signatureOf(f, v).FuncType)
	if v == importAsync {
		d.streams(i, f, false)
	}
}

func isResource(t *wit.TypeDef) bool {
	_, ok := t.Type.(*types.Resource)
	return ok
}

func (d *dummy) importType(i *wit.WorldItem, t *wit.TypeDef) {
	if isResource(t) {
		d.importFunc(d.options.Names.importModule(i, false), d.options.Names.resource("drop", t.Name), sig.Of("i:"))
	}
}

// exportIntrinsics imports the intrinsics of an export.
func (d *dummy) exportIntrinsics(i *wit.WorldItem) {
	if i.Func != nil {
		d.taskIntrinsics(nil, i.Func)
		return
	}
	for _, f := range i.Interface.Funcs {
		d.taskIntrinsics(i, f)
	}
	for _, t := range i.Interface.Types {
		if isResource(t) {
			m := d.options.Names.importModule(i, true)
			d.importFunc(m, d.options.Names.resource("drop", t.Name), sig.Of("i:"))
			d.importFunc(m, d.options.Names.resource("new", t.Name), sig.Of("i:i"))
			d.importFunc(m, d.options.Names.resource("rep", t.Name), sig.Of("i:i"))
		}
	}
}

func (d *dummy) taskIntrinsics(i *wit.WorldItem, f *wit.Func) {
	if d.options.ABI == DummySync {
		return
	}
	d.importFunc(d.options.Names.importModule(i, true), taskReturn+f.Name, taskReturnType(f))
	d.streams(i, f, true)
}

// streams imports the intrinsics of the streams and futures of a function.
func (d *dummy) streams(i *wit.WorldItem, f *wit.Func, exported bool) {
	m := d.options.Names.importModule(i, exported)
	for n, t := range streams(f) {
		kind, copied := "stream", "iii:i"
		if _, ok := types.UnnameVal(t).(*types.Future); ok {
			kind, copied = "future", "ii:i"
		}
		add := func(prefix, op, s string) {
			d.importFunc(m, fmt.Sprintf("%s[%s-%s-%d]%s", prefix, kind, op, n, f.Name), sig.Of(s))
		}
		add("", "new", ":I")
		add("", "cancel-read", "i:i")
		add("", "cancel-write", "i:i")
		add("", "drop-readable", "i:")
		add("", "drop-writable", "i:")
		add(asyncLower, "read", copied)
		add(asyncLower, "write", copied)
	}
}

func (d *dummy) exports(i *wit.WorldItem) {
	if i.Func != nil {
		d.exportItem(nil, i.Func)
		return
	}
	for _, f := range i.Interface.Funcs {
		d.exportItem(i, f)
	}
	_, v := d.variants(&wit.Func{Async: true})
	for _, t := range i.Interface.Types {
		if isResource(t) {
			d.export(d.options.Names.dtor(i, t.Name, v), sig.Of("i:"), false)
		}
	}
}

func (d *dummy) exportItem(i *wit.WorldItem, f *wit.Func) {
	_, v := d.variants(f)
	s := signatureOf(f, v)
	name := d.options.Names.exportFunc(i, f, v)
	d.export(name, s.FuncType, true)
	switch v {
	case exportSync:
		d.export(d.options.Names.postReturn(name), core.FuncType{Params: s.Results}, false)
	case exportCallback:
		d.export(callbackPrefix+name, sig.Of("iii:i"), true)
	}
}
