package conformance

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/internal/reftool"
)

// preview1Calls are functions of WASI preview 1 with their types, each of which needs another part
// of the adapter.
var preview1Calls = []struct{ name, typ string }{
	{"fd_write", "(param i32 i32 i32 i32) (result i32)"},
	{"proc_exit", "(param i32)"},
	{"args_get", "(param i32 i32) (result i32)"},
	{"environ_sizes_get", "(param i32 i32) (result i32)"},
	{"clock_time_get", "(param i32 i64 i32) (result i32)"},
	{"random_get", "(param i32 i32) (result i32)"},
	{"poll_oneoff", "(param i32 i32 i32 i32) (result i32)"},
	{"path_open", "(param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)"},
	{"sock_shutdown", "(param i32 i32) (result i32)"},
	{"fd_filestat_get", "(param i32 i32) (result i32)"},
	{"adapter_close_badfd", "(param i32) (result i32)"},
}

// preview1Modules returns modules that import one function, all functions, or none, and export one
// allocator or another.
func preview1Modules() map[string]string {
	allocators := map[string]string{
		"none": "", "plain": `(func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)`,
		"old":     `(func (export "canonical_abi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)`,
		"adapter": `(func (export "cabi_realloc_adapter") (param i32 i32 i32 i32) (result i32) unreachable)`,
		"both": `(func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)
			(func (export "cabi_realloc_adapter") (param i32 i32 i32 i32) (result i32) unreachable)`,
	}
	list := map[string]string{}
	for alloc, code := range allocators {
		module := func(imports string) string {
			return "(module " + imports + ` (memory (export "memory") 1) (func (export "_start")) (func (export "_initialize")) ` + code + ")"
		}
		all := ""
		for _, c := range preview1Calls {
			one := fmt.Sprintf(`(import "wasi_snapshot_preview1" %q (func %s))`, c.name, c.typ)
			all += one
			list[alloc+"-"+c.name] = module(one)
		}
		list[alloc+"-all"] = module(all)
		list[alloc+"-nothing"] = module("")
	}
	return list
}

// TestComponentizeAdaptersLikeWasmTools makes components with jco's adapters for WASI preview 1.
// They must equal those of wasm-tools 0.259.
func TestComponentizeAdaptersLikeWasmTools(t *testing.T) {
	jco := reftool.NewJCO(t)
	s := NewSuite(t, "componentize-adapters")
	for _, kind := range []string{"command", "reactor"} {
		dir := t.TempDir()
		modules := preview1Modules()
		for id, text := range modules {
			f, err := wat.Assemble(diag.NewFile(id+".wat", []byte(text)))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, id+".core.wasm"), f.Data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		jco.NewComponents(dir, jco.Adapter(kind))
		adapter, err := os.ReadFile(jco.Adapter(kind))
		if err != nil {
			t.Fatal(err)
		}
		for id := range modules {
			s.Check(t, kind+"/"+id, func() error {
				core, err := os.ReadFile(filepath.Join(dir, id+".core.wasm"))
				if err != nil {
					return err
				}
				c, err := componentize.New(diag.NewBinary("core.wasm", core), componentize.Options{Adapters: []componentize.Adapter{
					{Name: "wasi_snapshot_preview1", File: diag.NewBinary("adapter.wasm", adapter)},
				}})
				want, readErr := os.ReadFile(filepath.Join(dir, id+".component.wasm"))
				if readErr != nil {
					reason, e := os.ReadFile(filepath.Join(dir, id+".error"))
					if e != nil {
						return e
					}
					if err == nil {
						return fmt.Errorf("wasm-tools fails: %s", reason)
					}
					if msg := strings.TrimSpace(string(reason)); !strings.Contains(msg, firstMessage(err)) {
						return fmt.Errorf("want %s, got %s", msg, firstMessage(err))
					}
					return nil
				}
				if err != nil {
					return err
				}
				return differ(anonymous(diag.NewBinary("want.wasm", want)), anonymous(diag.NewBinary("got.wasm", c.Append(nil))))
			}())
		}
	}
	s.Done(t)
}
