package encoding

import (
	"fmt"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/types"
)

// sample returns a component with definitions of many kinds and a core module of the given size.
func sample(defs, moduleSize int) []byte {
	var b Builder
	module := append(bytesOf(emptyModule), 0x00)
	module = append(module, 0x80|byte(moduleSize), 0x80|byte(moduleSize>>7), 0x80|byte(moduleSize>>14), byte(moduleSize>>21))
	module = append(module, 0x00)
	module = append(module, make([]byte, moduleSize-1)...)
	m := b.CoreModule(module)
	i := b.CoreInstantiate(m)
	for n := range defs {
		t := b.Type(&Record{Fields: []Field{{Name: "some-name", Type: Prim(types.U32)}, {Name: "other-name", Type: Prim(types.String)}}})
		f := b.Type(&Func{Params: []Field{{Name: "param", Type: Ref(t)}}, Result: &ValType{Prim: types.U64}})
		lifted := b.Lift(b.AliasCoreFunc(i, "function"), f, CanonOpt{Kind: OptUTF8}, MemoryOpt(0))
		b.Export(Plain(fmt.Sprintf("export-%d", n)), lifted, nil)
	}
	return b.Component().Append(nil)
}

var sizes = []struct {
	name             string
	defs, moduleSize int
}{
	{"1k", 8, 200},
	{"100k", 1000, 20_000},
	{"12M", 1000, 12_000_000},
}

func BenchmarkDecode(b *testing.B) {
	for _, s := range sizes {
		data := sample(s.defs, s.moduleSize)
		b.Run(s.name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Decode(diag.NewBinary("", data)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAppend(b *testing.B) {
	for _, s := range sizes {
		c, err := decode(sample(s.defs, s.moduleSize))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(s.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.Append(nil))))
			b.ReportAllocs()
			for b.Loop() {
				c.Append(nil)
			}
		})
	}
}

// BenchmarkDecodeAppend is meant to be compared with BenchmarkCopy.
func BenchmarkDecodeAppend(b *testing.B) {
	for _, s := range sizes {
		data := component()
		// Nest two components in one, as composing does.
		for range 2 {
			inner := sample(s.defs/2, s.moduleSize/2)
			c, _ := decode(data)
			in, _ := decode(inner)
			data = (&Component{Defs: append(c.Defs, &NestedComponent{Component: in})}).Append(nil)
		}
		b.Run(s.name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				c, err := decode(data)
				if err != nil {
					b.Fatal(err)
				}
				c.Append(nil)
			}
		})
	}
}

func BenchmarkCopy(b *testing.B) {
	for _, s := range sizes {
		data := sample(s.defs, s.moduleSize)
		b.Run(s.name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				_ = append([]byte(nil), data...)
			}
		})
	}
}
