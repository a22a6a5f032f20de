package runner_test

import (
	"context"
	"fmt"
	"log"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// A component is compiled, given what it imports, and called.
func Example() {
	unit, err := wat.Parse(diag.NewFile("app.wat", []byte(`(component
		(import "double" (func $double (param "n" u32) (result u32)))
		(core func $double (canon lower (func $double)))
		(core module $m
			(import "host" "double" (func $double (param i32) (result i32)))
			(func (export "add") (param i32 i32) (result i32)
				(call $double (i32.add (local.get 0) (local.get 1)))))
		(core instance $m (instantiate $m (with "host" (instance (export "double" (func $double))))))
		(func (export "add-twice") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $m "add"))))`)))
	if err != nil {
		log.Fatal(err)
	}

	ctx := context.Background()
	eng, err := runner.NewEngine(ctx, runner.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer eng.Close(ctx)
	prog, err := eng.Compile(ctx, "app.wasm", unit.Append(nil))
	if err != nil {
		log.Fatal(err)
	}

	l := runner.NewLinker()
	l.Func("double", func(_ context.Context, args []value.Value) (value.Value, error) {
		return value.U32(2 * args[0].U32()), nil
	})
	inst, err := l.Instantiate(ctx, prog)
	if err != nil {
		log.Fatal(err)
	}
	defer inst.Close(ctx)

	add := inst.Func("add-twice")
	fmt.Println(add.Type())
	sum, err := add.Call(ctx, value.U32(1), value.U32(2))
	fmt.Println(sum, err)
	// Output:
	// func(a: u32, b: u32) -> u32
	// 6 <nil>
}

// A core module comes from the host, and the component decides what it imports.
func ExampleLinker_Module() {
	assemble := func(name, text string) []byte {
		unit, err := wat.Parse(diag.NewFile(name, []byte(text)))
		if err != nil {
			log.Fatal(err)
		}
		return unit.Append(nil)
	}
	plugin, err := core.Decode(assemble("plugin.wat", `(module
		(import "env" "base" (global $base i32))
		(func (export "scale") (param i32) (result i32) (i32.mul (local.get 0) (global.get $base))))`))
	if err != nil {
		log.Fatal(err)
	}

	ctx := context.Background()
	eng, err := runner.NewEngine(ctx, runner.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer eng.Close(ctx)
	prog, err := eng.Compile(ctx, "app.wasm", assemble("app.wat", `(component
		(import "plugin" (core module $plugin
			(import "env" "base" (global i32))
			(export "scale" (func (param i32) (result i32)))))
		(core module $env (global (export "base") i32 (i32.const 60)))
		(core instance $env (instantiate $env))
		(core instance $p (instantiate $plugin (with "env" (instance $env))))
		(func (export "seconds") (param "minutes" u32) (result u32) (canon lift (core func $p "scale"))))`))
	if err != nil {
		log.Fatal(err)
	}

	l := runner.NewLinker()
	l.Module("plugin", plugin)
	inst, err := l.Instantiate(ctx, prog)
	if err != nil {
		log.Fatal(err)
	}
	defer inst.Close(ctx)
	fmt.Println(inst.Func("seconds").Call(ctx, value.U32(5)))
	// Output:
	// 300 <nil>
}
