package componentize_test

import (
	"bytes"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/componentize/preview1"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/golden"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/binary"
)

// Each file has a core module that cannot be made a component, and the WIT of its world. The output
// is the text that users see. If the WIT is called embedded.wit, it is embedded in the module,
// which loses the places in its text.
func TestNewGolden(t *testing.T) {
	golden.Corpus{Dir: "testdata/new", Exts: []string{".txtar"}, Outputs: []string{".out"}, Test: func(t *testing.T, _ string, input []byte) []string {
		var f *diag.File
		o := componentize.Options{DefaultAdapter: preview1.Adapter}
		for _, file := range txtar.Parse(input).Files {
			switch file.Name {
			case "module.wat":
				f = diag.NewBinary("module.wat", assembled(t, string(file.Data)).Data)
				continue
			case "adapter.wat":
				o.Adapters = []componentize.Adapter{{Name: "old", File: diag.NewBinary("adapter.wat", assembled(t, string(file.Data)).Data)}}
				continue
			}
			m, list := wit.Parse(diag.NewFile(file.Name, file.Data), wit.Options{})
			if list.HasErrors() {
				t.Fatal(list)
			}
			if file.Name == "embedded.wit" {
				f = embedded(t, f.Data, m, binary.WorldOptions{})
				continue
			}
			o.Model, o.World = m, only(m)
		}
		_, err := componentize.New(f, o)
		if err == nil {
			t.Fatal("want an error")
		}
		list := diag.FromError(err)
		list.Sort()
		var out bytes.Buffer
		if err := diag.Render(&out, list, diag.RenderOptions{}); err != nil {
			t.Fatal(err)
		}
		return []string{out.String()}
	}}.Run(t)
}
