package record_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"os"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
	"github.com/mortise-wasm/mortise/runner/record"
)

// A run is recorded, and replayed without the host's function.
func Example() {
	unit, err := wat.Parse(diag.NewFile("app.wat", []byte(`(component
		(import "dice" (func $dice (result u32)))
		(core func $dice (canon lower (func $dice)))
		(core module $m
			(import "host" "dice" (func $dice (result i32)))
			(func (export "two") (result i32) (i32.add (call $dice) (call $dice))))
		(core instance $m (instantiate $m (with "host" (instance (export "dice" (func $dice))))))
		(func (export "two-dice") (result u32) (canon lift (core func $m "two"))))`)))
	if err != nil {
		log.Fatal(err)
	}
	component := unit.Append(nil)

	ctx := context.Background()
	var file bytes.Buffer
	rec, err := record.NewRecorder(&file, record.Header{Name: "app.wasm"}, component)
	if err != nil {
		log.Fatal(err)
	}
	eng, err := runner.NewEngine(ctx, runner.Options{Observer: rec})
	if err != nil {
		log.Fatal(err)
	}
	defer eng.Close(ctx)
	prog, err := eng.Compile(ctx, "app.wasm", component)
	if err != nil {
		log.Fatal(err)
	}
	l := runner.NewLinker()
	thrown := []uint32{2, 6}
	l.Func("dice", func(context.Context, []value.Value) (value.Value, error) {
		n := thrown[0]
		thrown = thrown[1:]
		return value.U32(n), nil
	})
	inst, err := l.Instantiate(ctx, prog)
	if err != nil {
		log.Fatal(err)
	}
	sum, err := inst.Func("two-dice").Call(ctx)
	fmt.Println(sum, err)
	if err := rec.Close(); err != nil {
		log.Fatal(err)
	}

	r, err := record.NewReader(bytes.NewReader(file.Bytes()))
	if err != nil {
		log.Fatal(err)
	}
	replayed, err := r.Replay(ctx, runner.Options{}, r.Component)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("calls of dice:", replayed.Imports)
	if r, err = record.NewReader(bytes.NewReader(file.Bytes())); err != nil {
		log.Fatal(err)
	}
	if err := r.WriteScript(os.Stdout); err != nil {
		log.Fatal(err)
	}
	// Output:
	// 8 <nil>
	// calls of dice: 2
	// (recording 1 "app.wasm" "" "")
	// (instantiate
	//   (return))
	// (invoke "" "two-dice"
	//   (import "" "dice"
	//     (return "2"))
	//   (import "" "dice"
	//     (return "6"))
	//   (return "8"))
}
