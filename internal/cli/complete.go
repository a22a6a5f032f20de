package cli

import (
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/wit"
)

// completeFlag registers f as the completion of the value of a flag.
func completeFlag(cmd *cobra.Command, flag string, f cobra.CompletionFunc) {
	// The only possible errors are that the flag does not exist or already has completions.
	if err := cmd.RegisterFlagCompletionFunc(flag, f); err != nil {
		panic(err)
	}
}

// completeFeatures completes the last name in a list of --features. If withGates is set, the names
// include the gates of the package on the command line.
func completeFeatures(withGates bool) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		before, last := "", typed
		if i := strings.LastIndexByte(typed, ','); i >= 0 {
			before, last = typed[:i+1], typed[i+1:]
		}
		minus := ""
		if rest, ok := strings.CutPrefix(last, "-"); ok {
			minus, last = "-", rest
		}
		given := strings.Split(before, ",")
		var list []string
		add := func(name, doc string) {
			if strings.HasPrefix(name, last) && !slices.Contains(given, minus+name) {
				list = append(list, cobra.CompletionWithDesc(before+minus+name, doc))
			}
		}
		if withGates {
			for _, name := range gatesOf(cmd, args) {
				add(name, "gate of the package")
			}
		}
		add("all", "every feature")
		for i := range feature.List() {
			add(i.Name, i.Doc)
		}
		for g := range feature.Groups() {
			add(g.Name, g.Doc)
		}
		return list, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
}

// packageOf returns the package that a command line names with --wit or, if the command has no such
// flag, with its first argument. It returns nil if there is no name or the package cannot be read.
func packageOf(cmd *cobra.Command, args []string) *wit.Model {
	path := ""
	if f := cmd.Flags().Lookup("wit"); f != nil {
		path = f.Value.String()
	} else if len(args) > 0 {
		path = args[0]
	}
	if path == "" || path == "-" {
		return nil
	}
	s := WITSource{Feats: FeatureFlags{All: true}}
	m, err := s.Load(&IO{Err: io.Discard}, path)
	if err != nil {
		return nil
	}
	return m
}

// CompleteWorlds completes the value of a flag with the worlds of the package that the command line
// names.
func CompleteWorlds(cmd *cobra.Command, flag string) {
	completeFlag(cmd, flag, func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		var list []string
		if m := packageOf(cmd, args); m != nil {
			for _, p := range m.Packages {
				for _, w := range p.Worlds {
					label := w.ID().String()
					if p == m.Main && !strings.Contains(typed, ":") {
						label = w.Name
					}
					if strings.HasPrefix(label, typed) {
						doc, _, _ := strings.Cut(w.Docs.Text, "\n")
						list = append(list, cobra.CompletionWithDesc(label, doc))
					}
				}
			}
		}
		return list, cobra.ShellCompDirectiveNoFileComp
	})
}

// completeTarget completes --target with the version of a package and the versions in its gates.
func completeTarget(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	var versions []name.Version
	if m := packageOf(cmd, args); m != nil && m.Main != nil {
		versions = append(versions, m.Main.Name.Version)
		stabilities(m.Main, func(s wit.Stability) { versions = append(versions, s.Since) })
	}
	slices.SortFunc(versions, name.Version.Compare)
	var list []string
	for _, v := range versions {
		if text := v.String(); !v.IsZero() && strings.HasPrefix(text, typed) && !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}

// gatesOf returns the names of the features that gate items of a package.
func gatesOf(cmd *cobra.Command, args []string) []string {
	var list []string
	if m := packageOf(cmd, args); m != nil {
		for _, p := range m.Packages {
			stabilities(p, func(s wit.Stability) {
				if s.Feature != "" && !slices.Contains(list, s.Feature) {
					list = append(list, s.Feature)
				}
			})
		}
	}
	return list
}

// stabilities calls visit for the gate of each item of a package.
func stabilities(p *wit.Package, visit func(wit.Stability)) {
	for _, i := range p.Interfaces {
		visit(i.Stability)
		for _, t := range i.Types {
			visit(t.Stability)
		}
		for _, f := range i.Funcs {
			visit(f.Stability)
		}
	}
	for _, w := range p.Worlds {
		visit(w.Stability)
		for _, it := range slices.Concat(w.Imports, w.Exports) {
			visit(it.Stability)
			if it.Func != nil {
				visit(it.Func.Stability)
			}
			if it.Type != nil {
				visit(it.Type.Stability)
			}
		}
	}
}

// plainUsage removes the backquotes from the descriptions of flags. They mark the name of the value
// for help pages, but shells would show them.
func plainUsage(cmd *cobra.Command) {
	plain := func(f *pflag.Flag) { _, f.Usage = pflag.UnquoteUsage(f) }
	cmd.Flags().VisitAll(plain)
	cmd.PersistentFlags().VisitAll(plain)
	for _, c := range cmd.Commands() {
		plainUsage(c)
	}
}

// completing reports whether a shell is asking for completions.
func completing(args []string) bool {
	return len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd)
}
