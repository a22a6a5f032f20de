package compose_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/compose"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/internal/golden"
	"github.com/mortise-wasm/mortise/wit"
)

func TestCodes(t *testing.T) {
	golden.Codes(t, compose.Codes, func(example string) error {
		text, world, hasWorld := strings.Cut(example, "\npackage ")
		var parts []*compose.Package
		for i, text := range strings.Split(strings.TrimPrefix(text, "(component"), "\n(component") {
			name := fmt.Sprintf("part%d", i)
			f, err := wat.Assemble(diag.NewFile(name+".wat", []byte("(component"+text)))
			if err != nil {
				return err
			}
			p, err := compose.NewPackage(name, f, 0)
			if err != nil {
				return err
			}
			parts = append(parts, p)
		}
		if !hasWorld {
			return errors.Join(connectAll(parts), plugAll(parts))
		}
		m, list := wit.Parse(diag.NewFile("world.wit", []byte("package "+world)), wit.Options{})
		if list.HasErrors() {
			return list
		}
		_, list = compose.Targets(parts[0].Type, m.Main.Worlds[0])
		return list
	})
}

// connectAll connects each import to the export of the same name of another component, and exports
// everything.
func connectAll(parts []*compose.Package) error {
	var g compose.Graph
	instances := make([]compose.Instance, len(parts))
	for i, p := range parts {
		instances[i] = g.Instantiate(p, p.Name)
	}
	for i, from := range parts {
		for _, export := range from.Type.Exports.Names() {
			source := compose.Source{Instance: instances[i], Export: export}
			for k, to := range parts {
				if k != i && to.Type.Imports.Get(export) != nil {
					if err := g.Connect(source, instances[k], export); err != nil {
						return err
					}
				}
			}
			if err := g.Export(source, export); err != nil {
				return err
			}
		}
	}
	_, err := g.Encode(compose.EncodeOptions{})
	return err
}

func plugAll(parts []*compose.Package) error {
	g, _, err := compose.Plug(parts[0], parts[1:])
	if err != nil {
		return err
	}
	_, err = g.Encode(compose.EncodeOptions{})
	return err
}
