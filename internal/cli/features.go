package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/model/feature"
)

// FeatureFlags are --features and --all-features as they were given.
type FeatureFlags struct {
	Lists []string // one for each --features, "name,-name,..."
	All   bool
}

// Register declares the flags.
func (f *FeatureFlags) Register(cmd *cobra.Command) { f.register(cmd, false) }

// register is Register; withGates completes the gates in a WIT package too.
func (f *FeatureFlags) register(cmd *cobra.Command, withGates bool) {
	cmd.Flags().StringArrayVarP(&f.Lists, "features", "f", nil, "turn gated features on, or off after a minus: `LIST` (see help features)")
	cmd.Flags().BoolVar(&f.All, "all-features", false, "turn every gated feature on")
	completeFlag(cmd, "features", completeFeatures(withGates))
}

// IsSet reports whether any of the flags was given.
func (f FeatureFlags) IsSet() bool { return f.All || len(f.Lists) > 0 }

// Parse returns base as the flags change it. An unknown name is a usage error.
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

// ParseOpen is Parse for inputs that can name features of their own, as WIT does
// in @unstable(feature = ...): names that are not known are returned, without
// those that a minus turns off.
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
	w.text(`Parts of the component model that are not settled yet are gated, and so are the
proposals of core WebAssembly. --features turns them on by name, separated by
commas, or off after a minus; --all-features turns on every one:

  --features=map,error-context     both of them
  --features=all,-threading        all but one

In WIT a name used in @unstable(feature = ...) is turned on in the same way.
Those marked with * are on without being asked for.`)
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
	w.text("Versions of core WebAssembly, each in place of all core features:")
	var rows [][2]string
	for g := range feature.Groups() {
		rows = append(rows, [2]string{"  " + g.Name, g.Doc})
	}
	w.table(rows)
	w.WriteString("\n")
	w.text("The spellings of other tools, such as cm-map and component-model-map, work too.")
}
