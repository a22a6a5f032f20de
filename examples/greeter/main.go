// Greeter composes two components and calls the result from Go.
package main

import (
	"context"
	_ "embed"
	"fmt"
	"log"

	"github.com/mortise-wasm/mortise/compose"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

//go:embed greeter.wasm
var greeter []byte

//go:embed words.wasm
var words []byte

func main() {
	ctx := context.Background()
	// The component words exports the interfaces that greeter imports.
	socket := must(compose.NewPackage("greeter", diag.NewBinary("greeter.wasm", greeter), 0))
	plug := must(compose.NewPackage("words", diag.NewBinary("words.wasm", words), 0))
	graph, _, err := compose.Plug(socket, []*compose.Package{plug})
	component := must(must(graph, err).Encode(compose.EncodeOptions{}))

	engine := must(runner.NewEngine(ctx, runner.Options{}))
	defer engine.Close(ctx)
	program := must(engine.CompileInfo(ctx, component))
	instance := must(runner.NewLinker().Instantiate(ctx, program))
	defer instance.Close(ctx)
	wish := value.Record([]value.Value{value.String("Ada"), value.Some(value.String("Dr.")), value.U32(3)})
	fmt.Print(must(instance.Func("greet").Call(ctx, wish)).Str())
}

func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}
