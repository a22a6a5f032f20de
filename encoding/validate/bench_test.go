package validate_test

import (
	"fmt"
	"testing"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
)

// manyTypes adds n imports of interfaces to a component, each with a resource, named types that
// build on each other, and functions that mention them.
func manyTypes(x *b, n int) {
	for i := range n {
		it := x.Type(instanceType(func(x *tb) {
			r := x.Export(encoding.Plain("r"), encoding.ExternSubResource{}).Type()
			own := x.Type(&encoding.Own{Type: r})
			borrow := x.Type(&encoding.Borrow{Type: r})
			list := encoding.Ref(x.Type(&encoding.List{Elem: encoding.Prim(types.String)}))
			option := x.Type(&encoding.Option{Elem: list})
			last := list
			for k := range 8 {
				record := x.Type(&encoding.Record{Fields: []encoding.Field{
					{Name: "a", Type: encoding.Prim(types.U32)}, {Name: "b", Type: last},
					{Name: "c", Type: encoding.Ref(option)}, {Name: "d", Type: encoding.Ref(own)},
				}})
				last = encoding.Ref(x.Export(encoding.Plain(fmt.Sprintf("rec%d", k)), encoding.ExternTypeEq{Type: record}).Type())
				payload := last
				variant := x.Type(&encoding.Variant{Cases: []encoding.Case{{Name: "a", Type: &payload}, {Name: "b"}, {Name: "c", Type: &list}}})
				last = encoding.Ref(x.Export(encoding.Plain(fmt.Sprintf("var%d", k)), encoding.ExternTypeEq{Type: variant}).Type())
				tuple := encoding.Ref(x.Type(&encoding.Tuple{Elems: []encoding.ValType{last, encoding.Prim(types.Char), encoding.Ref(borrow)}}))
				value := last
				result := encoding.Ref(x.Type(&encoding.Result{OK: &value}))
				f := x.Type(&encoding.Func{Params: []encoding.Field{{Name: "x", Type: tuple}, {Name: "y", Type: last}}, Result: &result})
				x.Export(encoding.Plain(fmt.Sprintf("f%d", k)), encoding.ExternFunc{Type: f})
			}
		}))
		x.Import(encoding.Plain(fmt.Sprintf("a:b/i%d", i)), encoding.ExternInstance{Type: it})
	}
}

func BenchmarkComponent(bench *testing.B) {
	f, c := build(bench, func(x *b) { manyTypes(x, 100) })
	bench.ReportAllocs()
	for bench.Loop() {
		if _, err := validate.Component(f, c, validate.Options{Features: feature.All()}); err != nil {
			bench.Fatal(err)
		}
	}
}
