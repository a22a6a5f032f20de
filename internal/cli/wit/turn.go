package wit

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/wit"
)

// turnOptions are the flags of print that turn a world around, in the spelling of wasm-tools.
type turnOptions struct {
	importize, exportize           bool
	importizeWorld, exportizeWorld string
	importizeName, exportizeName   string
	only                           []string
}

func (o *turnOptions) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&o.importize, "importize", false, "turn the exports of the only world (such as that of a component) into imports")
	f.StringVar(&o.importizeWorld, "importize-world", "", "turn the exports of `WORLD` into imports")
	f.StringVar(&o.importizeName, "importize-out-world-name", "", "name the result `NAME` instead of WORLD-importized")
	f.BoolVar(&o.exportize, "exportize", false, "turn the imports of the only world into exports")
	f.StringVar(&o.exportizeWorld, "exportize-world", "", "turn the imports of `WORLD` into exports")
	f.StringVar(&o.exportizeName, "exportize-out-world-name", "", "name the result `NAME` instead of WORLD-exportized")
	f.StringArrayVar(&o.only, "exportize-import", nil, "turn only `IMPORT` into an export, such as wasi:io/poll@0.2.0 (repeatable)")
	cli.CompleteWorlds(cmd, "importize-world")
	cli.CompleteWorlds(cmd, "exportize-world")
	cmd.MarkFlagsMutuallyExclusive("importize", "importize-world", "exportize", "exportize-world")
	cli.GroupFlags(cmd, "Turning a world around", "importize", "importize-world", "importize-out-world-name",
		"exportize", "exportize-world", "exportize-out-world-name", "exportize-import")
}

// apply returns the model with the world turned around as the flags say.
func (o *turnOptions) apply(m *wit.Model) (*wit.Model, error) {
	importize, exportize := o.importize || o.importizeWorld != "", o.exportize || o.exportizeWorld != ""
	switch {
	case o.importizeName != "" && !importize:
		return nil, cli.Usagef("--importize-out-world-name needs --importize or --importize-world")
	case (o.exportizeName != "" || len(o.only) > 0) && !exportize:
		return nil, cli.Usagef("--exportize-out-world-name and --exportize-import need --exportize or --exportize-world")
	case !importize && !exportize:
		return m, nil
	}
	w, err := m.World(o.importizeWorld + o.exportizeWorld)
	if err != nil {
		return nil, err
	}
	if importize {
		out, err := wit.Importize(m, w, o.importizeName)
		if err != nil {
			return nil, fmt.Errorf("cannot turn the exports of world `%s` into imports: %w", w.Name, err)
		}
		return out, nil
	}
	only, err := o.filter(w)
	if err != nil {
		return nil, err
	}
	out, err := wit.Exportize(m, w, o.exportizeName, only)
	if err != nil {
		return nil, fmt.Errorf("cannot turn the imports of world `%s` into exports: %w", w.Name, err)
	}
	return out, nil
}

// filter returns a predicate for the imports given with --exportize-import, or nil if there are
// none. An import is given by its name, with or without the version, or by the label of an
// interface of the world's own package.
func (o *turnOptions) filter(w *wit.World) (func(*wit.WorldItem) bool, error) {
	if len(o.only) == 0 {
		return nil, nil
	}
	chosen := map[*wit.WorldItem]bool{}
	for _, spec := range o.only {
		found := false
		for _, it := range w.Imports {
			full := it.ExternName()
			bare, _, _ := strings.Cut(full, "@")
			own := it.Interface != nil && it.Interface.Package == w.Package && it.Interface.Name == spec
			if full == spec || bare == spec || own {
				chosen[it], found = true, true
			}
		}
		if !found {
			d := diag.Errorf(diag.Span{}, wit.CodeUnknownItem, "world `%s` has no import `%s`", w.Name, spec)
			if best, ok := diag.Suggest(spec, func(yield func(string) bool) {
				for _, it := range w.Imports {
					full := it.ExternName()
					if it.Interface != nil && it.Interface.Package == w.Package && it.Name == "" {
						full = it.Interface.Name
					}
					if !yield(full) {
						return
					}
				}
			}); ok {
				d.Helpf("a similar name exists: `%s`", best)
			}
			return nil, d
		}
	}
	return func(it *wit.WorldItem) bool { return chosen[it] }, nil
}
