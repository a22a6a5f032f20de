package wast

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// hostText is a component that imports everything that scripts of components import from the host.
const hostText = `(component
  (import "host-return-two" (func (result u32)))
  (import "host-echo-u32" (func async (param "p1" u32) (result u32)))
  (import "host" (instance
    (export "return-three" (func (result u32)))
    (export "nested" (instance (export "return-four" (func (result u32)))))
    (export "simple-module" (core module (export "g" (global i32)) (export "f" (func (result i32)))))
    (export "return-hi" (func (result string)))
    (export "never-return" (func async))
    (export "return-two-slowly" (func async (result s32)))
    (export "echo-slowly" (func async (param "val" u32) (result u32)))
    (export "resource1" (type $r (sub resource)))
    (export "resource2" (type (sub resource)))
    (export "resource1-again" (type (eq $r)))
    (export "[constructor]resource1" (func (param "r" u32) (result (own $r))))
    (export "[static]resource1.assert" (func (param "r" (own $r)) (param "rep" u32)))
    (export "[static]resource1.last-drop" (func (result u32)))
    (export "[static]resource1.drops" (func (result u32)))
    (export "[method]resource1.simple" (func (param "self" (borrow $r)) (param "rep" u32)))
    (export "[method]resource1.take-borrow" (func (param "self" (borrow $r)) (param "b" (borrow $r))))
    (export "[method]resource1.take-own" (func (param "self" (borrow $r)) (param "b" (own $r))))
    (export "[method]resource1.never-return" (func async (param "self" (borrow $r))))))
  (import "wasmtime" (instance
    (export "set-max-table-capacity" (func (param "max" u32)))
    (export "gc" (func)))))`

// simpleModuleText is the core module of that name.
const simpleModuleText = `(module
  (global (export "g") i32 (i32.const 100))
  (func (export "f") (result i32) (i32.const 101)))`

// simpleModule returns the core module that the host gives to components.
var simpleModule = sync.OnceValue(func() *core.Module {
	m, err := core.Decode(assembled("simple-module", simpleModuleText))
	if err != nil {
		panic(fmt.Sprintf("unreachable: %v", err))
	}
	return m
})

// assembled returns the binary of a text of this package.
func assembled(name, text string) []byte {
	u, err := wat.Parse(diag.NewFile(name+".wat", []byte(text)))
	if err != nil {
		panic(fmt.Sprintf("unreachable: %v", err))
	}
	return u.Append(nil)
}

// hostTypes returns the types of the host's functions and instances.
var hostTypes = sync.OnceValue(func() types.Items {
	b := diag.NewBinary("host.wasm", assembled("host", hostText))
	c, err := encoding.Decode(b)
	if err != nil {
		panic(fmt.Sprintf("unreachable: %v", err))
	}
	info, err := validate.Component(b, c, validate.Options{Features: feature.All()})
	if err != nil {
		panic(fmt.Sprintf("unreachable: %v", err))
	}
	return info.Type.Imports
})

// linkError reports that an import of a component does not fit the host's.
type linkError struct{ text string }

func (e *linkError) Error() string { return e.text }

// linkHost checks those imports of a component that have a name known to the host.
func linkHost(t *types.Component) error {
	offered := hostTypes()
	var wanted []types.Item
	for _, im := range t.Imports.All() {
		if offered.Get(im.Name) != nil {
			wanted = append(wanted, im)
		}
	}
	if _, m := types.Match(offered.Get, offeredPart(types.NewItems(wanted), offered), t.ImportedResources, "import"); m != nil {
		return &linkError{m.Error()}
	}
	return nil
}

// offeredPart returns imports without what scripts do not need to have from the host: names of
// parameters, and types that are defined in terms of others.
func offeredPart(wanted, offered types.Items) types.Items {
	var list []types.Item
	for _, x := range wanted.All() {
		switch have := offered.Get(x.Name).(type) {
		case nil:
			if b, ok := x.Type.(*types.Bound); ok {
				if _, ok := b.Type.(*types.Resource); !ok {
					continue
				}
			}
		case *types.Instance:
			if i, ok := x.Type.(*types.Instance); ok {
				part := *i
				part.Exports = offeredPart(i.Exports, have.Exports)
				x.Type = &part
			}
		case *types.Func:
			if f, ok := x.Type.(*types.Func); ok && len(f.Params) == len(have.Params) {
				renamed := *f
				renamed.Params = slices.Clone(f.Params)
				for i := range renamed.Params {
					renamed.Params[i].Name = have.Params[i].Name
				}
				x.Type = &renamed
			}
		}
		list = append(list, x)
	}
	return types.NewItems(list)
}

// host implements the imports that the components of a script take from the host.
type host struct {
	linker   *runner.Linker
	drops    uint32
	lastDrop uint32
}

// thing is a value of resource1.
type thing struct{ rep uint32 }

func newHost() *host {
	h := &host{linker: runner.NewLinker()}
	number := func(n uint32) runner.HostFunc {
		return func(context.Context, []value.Value) (value.Value, error) { return value.U32(n), nil }
	}
	later := func(context.Context, []value.Value) (value.Value, error) {
		return value.Value{}, fmt.Errorf("functions of the host that take time are not run: %w", runner.ErrUnsupported)
	}
	nothing := func(context.Context, []value.Value) (value.Value, error) { return value.Value{}, nil }

	h.linker.Func("host-return-two", number(2))
	h.linker.Func("host-echo-u32", func(_ context.Context, args []value.Value) (value.Value, error) { return args[0], nil })
	i := h.linker.Instance("host")
	i.Func("return-three", number(3))
	i.Instance("nested").Func("return-four", number(4))
	i.Module("simple-module", simpleModule())
	i.Func("return-hi", func(context.Context, []value.Value) (value.Value, error) { return value.String("hi"), nil })
	for _, name := range []string{"never-return", "return-two-slowly", "echo-slowly", "[method]resource1.never-return"} {
		i.Func(name, later)
	}
	i.Resource("resource1", h.drop)
	i.Resource("resource2", nil)
	i.SameResource("resource1-again", "resource1")
	i.Func("[constructor]resource1", func(_ context.Context, args []value.Value) (value.Value, error) {
		return value.Own(&thing{args[0].U32()}), nil
	})
	i.Func("[static]resource1.assert", assertRep)
	i.Func("[method]resource1.simple", assertRep)
	i.Func("[static]resource1.last-drop", func(context.Context, []value.Value) (value.Value, error) { return value.U32(h.lastDrop), nil })
	i.Func("[static]resource1.drops", func(context.Context, []value.Value) (value.Value, error) { return value.U32(h.drops), nil })
	i.Func("[method]resource1.take-borrow", nothing)
	i.Func("[method]resource1.take-own", nothing)
	w := h.linker.Instance("wasmtime")
	w.Func("gc", nothing)
	w.Func("set-max-table-capacity", func(context.Context, []value.Value) (value.Value, error) {
		return value.Value{}, fmt.Errorf("the number of handles cannot be limited: %w", runner.ErrUnsupported)
	})
	return h
}

// share gives the core modules that a component exports to later components, which import them from
// an instance with the component's name.
func (h *host) share(name string, inst *runner.Instance) {
	name = strings.TrimPrefix(name, "$")
	if name == "" || hostTypes().Get(name) != nil {
		return
	}
	for _, x := range inst.Type().Exports.All() {
		if m := inst.Module(x.Name); m != nil {
			h.linker.Instance(name).Module(x.Name, m)
		}
	}
}

// drop counts the resources that guests drop. It does not count those that are dropped when an
// instance is closed.
func (h *host) drop(ctx context.Context, v any) error {
	if !runner.Closing(ctx) {
		h.drops++
		h.lastDrop = v.(*thing).rep
	}
	return nil
}

// assertRep fails unless a resource has the expected representation.
func assertRep(_ context.Context, args []value.Value) (value.Value, error) {
	if got, want := args[0].Handle().(*thing).rep, args[1].U32(); got != want {
		return value.Value{}, fmt.Errorf("the resource is %d, want %d", got, want)
	}
	return value.Value{}, nil
}
