package wat

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/validate"
)

// bigModule returns the text of a module of about size bytes, in the style of a printer.
func bigModule(size int) string {
	var b strings.Builder
	b.WriteString("(module\n  (type (;0;) (func (param i32 i32) (result i32)))\n  (memory (;0;) 1)\n")
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, `  (func $f%d (;%d;) (type 0) (param i32 i32) (result i32)
    (local $n i32)
    block $done ;; label = @1
      loop $again ;; label = @2
        local.get 0
        i32.load offset=%d align=2
        local.get 1
        i32.const %d
        i32.add
        i32.lt_s
        br_if $done
        local.get $n
        i32.const 1
        i32.add
        local.tee $n
        br_if $again
      end
    end
    local.get $n
    local.get 0
    call $f%d
  )
`, i, i, i%64*4, i*7, i/2)
	}
	b.WriteString(")\n")
	return b.String()
}

// bigComponent returns the text of a component of about size bytes.
func bigComponent(size int) string {
	var b strings.Builder
	b.WriteString(`(component
  (core module $mod
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0)))
  (core instance $m (instantiate $mod))
`)
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, `  (type $r%d (record (field "name" string) (field "values" (list (tuple u32 (option string))))))
  (import "test:pkg/iface%d" (instance $i%d
    (export "get" (func (param "id" u32) (result (result string (error u8)))))
    (export "put" (func async (param "data" (list u8))))
  ))
  (core func $get%d (canon lower (func $i%d "get") (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
`, i, i, i, i, i)
	}
	b.WriteString(")\n")
	return b.String()
}

var sizes = []struct {
	name string
	size int
}{{"10K", 10_000}, {"200K", 200_000}, {"12M", 12_000_000}}

func BenchmarkParseModule(b *testing.B) {
	for _, s := range sizes {
		text := bigModule(s.size)
		b.Run(s.name, func(b *testing.B) { benchParse(b, text) })
	}
}

func BenchmarkParseComponent(b *testing.B) {
	for _, s := range sizes {
		text := bigComponent(s.size)
		b.Run(s.name, func(b *testing.B) { benchParse(b, text) })
	}
}

func benchParse(b *testing.B, text string) {
	data := []byte(text)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(diag.NewFile("bench.wat", data)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkValidate measures the validation of components with a single core module, and of
// components that consist only of definitions, in bytes of the binary. The limits of types do not
// allow 12 MB of definitions.
func BenchmarkValidate(b *testing.B) {
	for _, s := range sizes {
		benchValidate(b, "module/"+s.name, "(component (core "+strings.TrimPrefix(bigModule(s.size), "(")+")")
	}
	for _, s := range sizes[:2] {
		benchValidate(b, "definitions/"+s.name, bigComponent(s.size))
	}
}

func benchValidate(b *testing.B, name, text string) {
	u, err := Parse(diag.NewFile("bench.wat", []byte(text)))
	if err != nil {
		b.Fatal(err)
	}
	data := u.Append(nil)
	f := diag.NewBinary("bench.wasm", data)
	c, err := encoding.Decode(f)
	if err != nil {
		b.Fatal(err)
	}
	b.Run(name, func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := validate.Component(f, c, validate.Options{Modules: true}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkPrint measures the bytes printed.
func BenchmarkPrint(b *testing.B) {
	for _, s := range sizes {
		for _, kind := range []string{"module", "component"} {
			text := bigModule(s.size)
			if kind == "component" {
				text = bigComponent(s.size)
			}
			u, err := Parse(diag.NewFile("bench.wat", []byte(text)))
			if err != nil {
				b.Fatal(err)
			}
			b.Run(kind+"/"+s.name, func(b *testing.B) { benchPrint(b, u) })
		}
	}
}

func benchPrint(b *testing.B, u *Unit) {
	data := u.Append(nil)
	var out []byte
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if u.IsComponent {
			var c *encoding.Component
			if c, err = encoding.Decode(diag.NewBinary("bench.wasm", data)); err == nil {
				out, err = Print(out[:0], c, PrintOptions{})
			}
		} else {
			var m *core.Module
			if m, err = core.Decode(data); err == nil {
				out, err = PrintModule(out[:0], m, PrintOptions{})
			}
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(len(out)))
}
