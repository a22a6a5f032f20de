package compose_test

import (
	"bytes"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/mortise-wasm/mortise/compose"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/golden"
	"github.com/mortise-wasm/mortise/wit"
)

// Each file has the world that a component was made for, and the world that it is compared with.
// The output is the text that users see.
func TestTargetsGolden(t *testing.T) {
	golden.Corpus{Dir: "testdata/targets", Exts: []string{".txtar"}, Outputs: []string{".out"}, Test: func(t *testing.T, _ string, input []byte) []string {
		worlds := make(map[string]*wit.World)
		for _, f := range txtar.Parse(input).Files {
			worlds[f.Name] = world(t, f.Name, string(f.Data))
		}
		_, list := compose.Targets(worlds["component.wit"].Component(), worlds["world.wit"])
		list.Sort()
		var out bytes.Buffer
		if err := diag.Render(&out, list, diag.RenderOptions{}); err != nil {
			t.Fatal(err)
		}
		return []string{out.String()}
	}}.Run(t)
}
