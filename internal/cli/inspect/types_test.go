package inspect

import (
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/feature"
)

// TestExportedTypeOfNestedComponent checks that a type that a nested component already gave its
// name is shown by its definition, and that a resource, which has no definition, is shown by its
// name.
func TestExportedTypeOfNestedComponent(t *testing.T) {
	u, err := wat.Parse(diag.NewFile("f.wat", []byte(`
(component
  (component $c
    (type $r (record (field "name" string) (field "times" u32)))
    (export $wish "wish" (type $r))
    (type $x (resource (rep i32)))
    (export "thing" (type $x)))
  (instance $i (instantiate $c))
  (alias export $i "wish" (type $wish))
  (alias export $i "thing" (type $thing))
  (export "wish" (type $wish))
  (export "hope" (type $wish))
  (export "thing" (type $thing)))`)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := newReport(diag.NewBinary("f", u.Append(nil)), feature.Default())
	if err != nil {
		t.Fatal(err)
	}
	text := render(r, 0)
	for _, want := range []string{
		"  wish    type       record { name: string, times: u32 }\n",
		"  hope    type       wish\n",
		"  thing   resource\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
