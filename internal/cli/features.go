package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/model/feature"
)

// FeatureFlags holds the values of --features and --all-features as given.
type FeatureFlags struct {
	Lists []string // one for each --features, "name,-name,..."
	All   bool
}

// Register declares the flags.
func (f *FeatureFlags) Register(cmd *cobra.Command) { f.register(cmd, false) }

// register is Register. If withGates is set, shells also complete the gates of the WIT package on
// the command line.
func (f *FeatureFlags) register(cmd *cobra.Command, withGates bool) {
	cmd.Flags().StringArrayVarP(&f.Lists, "features", "f", nil,
		"turn on the gated features in `LIST`; a minus turns one off (see help features)")
	cmd.Flags().BoolVar(&f.All, "all-features", false, "turn on every gated feature")
	completeFlag(cmd, "features", completeFeatures(withGates))
}

// IsSet reports whether any of the flags was given.
func (f FeatureFlags) IsSet() bool { return f.All || len(f.Lists) > 0 }

// Parse returns base with the changes of the flags. An unknown name is a usage error.
func (f FeatureFlags) Parse(base feature.Set) (feature.Set, error) {
	set, unknown, err := f.parse(base)
	if err != nil {
		err = Usagef("%w", err)
		if similar, ok := feature.Suggest(unknown[0]); ok {
			err = withHint(err, "a feature with a similar name exists: %s", similar)
		}
		return base, err
	}
	return set, nil
}

// ParseOpen is Parse for inputs that can define their own features, as WIT does
// in @unstable(feature = ...). It returns the unknown names in others, except
// those that are turned off with a minus.
func (f FeatureFlags) ParseOpen(base feature.Set) (set feature.Set, others []string) {
	set, unknown, _ := f.parse(base)
	for _, name := range unknown {
		if off, ok := strings.CutPrefix(name, "-"); ok {
			others = slices.DeleteFunc(others, func(o string) bool { return o == off })
		} else {
			others = append(others, name)
		}
	}
	return set, others
}

func (f FeatureFlags) parse(base feature.Set) (set feature.Set, unknown []string, err error) {
	if f.All {
		base = feature.All()
	}
	set, err = feature.Parse(base, strings.Join(f.Lists, ","))
	var u *feature.UnknownError
	if errors.As(err, &u) {
		unknown = u.Names
		err = fmt.Errorf("unknown feature `%s`", u.Names[0])
	}
	return set, unknown, err
}

// featuresText is the help topic "features".
func featuresText(w *page) {
	w.text(`Unstable parts of the component model and proposals of core WebAssembly are
gated. --features takes names separated by commas and turns these features on,
or off if the name follows a minus. --all-features turns on every feature.

  --features=map,error-context     turn on both
  --features=all,-threading        turn on all but one

In WIT, names used in @unstable(feature = ...) are turned on in the same way.
Features marked with * are on by default.`)
	list := func(title string, in func(feature.Info) bool) {
		w.WriteString("\n" + title + ":\n")
		var rows [][2]string
		for i := range feature.List() {
			if in(i) {
				mark := "  "
				if i.Default {
					mark = "* "
				}
				rows = append(rows, [2]string{mark + i.Name, i.Doc})
			}
		}
		w.table(rows)
	}
	list("Component model", func(i feature.Info) bool { return !i.Core() })
	list("Core WebAssembly", feature.Info.Core)
	w.WriteString("\n")
	w.text("Versions of core WebAssembly, each of which replaces the whole set of core features:")
	var rows [][2]string
	for g := range feature.Groups() {
		rows = append(rows, [2]string{"  " + g.Name, g.Doc})
	}
	w.table(rows)
	w.WriteString("\n")
	w.text("The spellings of other tools, such as cm-map and component-model-map, also work.")
}
