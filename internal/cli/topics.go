package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// newHelp returns the help command, which every binary has.
func newHelp(std *IO) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND...]",
		Short: "Print help about a command or topic",
		Long:  "Prints the help page of a command, of a topic, or of the whole program.",
		Args:  cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			at := cmd.Root()
			for _, name := range args {
				var next *cobra.Command
				for _, c := range at.Commands() {
					if c.Name() == name || c.HasAlias(name) {
						next = c
					}
				}
				if next == nil {
					return unknownCommand(at, name)
				}
				at = next
			}
			printHelp(std, at)
			return nil
		},
		ValidArgsFunction: func(cmd *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
			at, _, err := cmd.Root().Find(args)
			if err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var names []string
			for _, c := range at.Commands() {
				if (c.IsAvailableCommand() || isTopic(c)) && strings.HasPrefix(c.Name(), prefix) {
					names = append(names, cobra.CompletionWithDesc(c.Name(), c.Short))
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
	}
}

// topics returns the help topics that every binary has: commands without a run
// function, whose help page is a text.
func topics() []*cobra.Command {
	return []*cobra.Command{
		{Use: "exit-codes", Short: "What the exit code of a command means"},
		{Use: "features", Short: "Which features are gated and how to turn them on"},
	}
}

// topicTexts maps the name of each topic to the function that writes its page.
var topicTexts = map[string]func(*page){"exit-codes": exitCodesText, "features": featuresText}

func exitCodesText(w *page) {
	w.text("The exit code of a command tells how it ended:")
	w.WriteString("\n")
	var rows [][2]string
	for _, e := range exitMeanings {
		rows = append(rows, [2]string{fmt.Sprintf("%3d", e.code), e.meaning})
	}
	w.table(rows)
	w.WriteString("\n")
	w.text(`A command that looks for problems or differences exits 1 if it finds any; its
help page says so. ` + "`compose run`" + ` passes on the exit code of the program it runs.`)
}

func newCompletion(std *IO) *cobra.Command {
	shells := map[string]func(root *cobra.Command) error{
		"bash":       func(root *cobra.Command) error { return root.GenBashCompletionV2(std.Out, true) },
		"zsh":        func(root *cobra.Command) error { return root.GenZshCompletion(std.Out) },
		"fish":       func(root *cobra.Command) error { return root.GenFishCompletion(std.Out, true) },
		"powershell": func(root *cobra.Command) error { return root.GenPowerShellCompletionWithDesc(std.Out) },
	}
	names := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:       "completion SHELL",
		Short:     "Print a script that completes commands in a shell",
		Long:      "Prints the completion script for " + orList(names) + ". How to\ninstall it depends on the shell: bash reads it with `source`, zsh finds it in $fpath.",
		Args:      Args,
		ValidArgs: names,
		RunE: func(cmd *cobra.Command, args []string) error {
			gen := shells[args[0]]
			if gen == nil {
				return Usagef("unknown shell `%s`: SHELL must be %s", args[0], orList(names))
			}
			return gen(cmd.Root())
		},
	}
}
