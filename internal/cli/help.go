package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// helpPage is the order of the parts of a help page; empty parts are left out.
var helpPage = []func(w *strings.Builder, cmd *cobra.Command){
	helpIntro,
	helpUsage,
	helpExamples,
	helpCommands,
	helpFlags,
	helpExits,
	helpMore,
}

// printHelp writes the help page of cmd to its output.
func printHelp(cmd *cobra.Command) {
	// Nothing useful can be done about a reader of help that went away.
	_, _ = io.WriteString(cmd.OutOrStdout(), Help(cmd))
}

// Help returns the help page of a command or of a topic.
func Help(cmd *cobra.Command) string {
	var w strings.Builder
	if isTopic(cmd) {
		return strings.TrimSpace(cmd.Long) + "\n"
	}
	// A command that has not been run does not know its inherited flags yet.
	cmd.InheritedFlags()
	for _, part := range helpPage {
		part(&w, cmd)
	}
	return w.String()
}

// isTopic reports whether a command is nothing but text.
func isTopic(cmd *cobra.Command) bool { return !cmd.Runnable() && !cmd.HasSubCommands() }

func section(w *strings.Builder, title string) {
	if w.Len() > 0 {
		w.WriteString("\n")
	}
	w.WriteString(title + ":\n")
}

func helpIntro(w *strings.Builder, cmd *cobra.Command) {
	w.WriteString(cmd.Short + "\n")
	if long := strings.TrimSpace(cmd.Long); long != "" {
		w.WriteString("\n" + long + "\n")
	}
}

func helpUsage(w *strings.Builder, cmd *cobra.Command) {
	section(w, "Usage")
	if cmd.Runnable() && (cmd.HasParent() || strings.Contains(cmd.Use, " ")) {
		w.WriteString("  " + cmd.UseLine() + "\n")
	}
	if hasVerbs(cmd) {
		w.WriteString("  " + cmd.CommandPath() + " COMMAND [flags]\n")
	}
}

func hasVerbs(cmd *cobra.Command) bool {
	return slices.ContainsFunc(cmd.Commands(), isVerb)
}

func isVerb(cmd *cobra.Command) bool { return cmd.IsAvailableCommand() && !isTopic(cmd) }

func helpExamples(w *strings.Builder, cmd *cobra.Command) {
	if !cmd.HasExample() {
		return
	}
	section(w, "Examples")
	for line := range strings.Lines(strings.Trim(cmd.Example, "\n") + "\n") {
		if line = strings.TrimSpace(line); line != "" {
			line = "  " + line
		}
		w.WriteString(line + "\n")
	}
}

// helpCommands lists the verbs by group, those without one last, and topics.
func helpCommands(w *strings.Builder, cmd *cobra.Command) {
	list := func(title string, in func(*cobra.Command) bool) {
		var rows [][2]string
		for _, c := range cmd.Commands() {
			if in(c) && !c.Hidden {
				rows = append(rows, [2]string{c.Name(), c.Short})
			}
		}
		if len(rows) > 0 {
			section(w, title)
			table(w, rows)
		}
	}
	for _, g := range cmd.Groups() {
		list(g.Title, func(c *cobra.Command) bool { return isVerb(c) && c.GroupID == g.ID })
	}
	title := "Commands"
	if len(cmd.Groups()) > 0 {
		title = "Other commands"
	}
	list(title, func(c *cobra.Command) bool { return isVerb(c) && c.GroupID == "" })
	list("Help topics", isTopic)
}

// table writes rows of two columns, aligned.
func table(w *strings.Builder, rows [][2]string) {
	width := 0
	for _, r := range rows {
		width = max(width, len(r[0]))
	}
	for _, r := range rows {
		fmt.Fprintf(w, "  %-*s   %s\n", width, r[0], r[1])
	}
}

// helpFlags lists the flags of the command by group, then the inherited ones.
func helpFlags(w *strings.Builder, cmd *cobra.Command) {
	var titles []string
	groups := map[string]*pflag.FlagSet{}
	add := func(title string, f *pflag.Flag) {
		if f.Hidden {
			return
		}
		if groups[title] == nil {
			titles = append(titles, title)
			groups[title] = pflag.NewFlagSet(title, pflag.ContinueOnError)
			groups[title].SortFlags = false
		}
		groups[title].AddFlag(f)
	}
	const own, global = "Flags", "Global flags"
	cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		title := own
		if a := f.Annotations[groupAnnotation]; len(a) > 0 {
			title = a[0]
		}
		add(title, f)
	})
	cmd.PersistentFlags().VisitAll(func(f *pflag.Flag) { add(global, f) })
	cmd.InheritedFlags().VisitAll(func(f *pflag.Flag) { add(global, f) })
	rank := func(title string) int { return slices.Index([]string{global, "", own}, title) }
	slices.SortStableFunc(titles, func(a, b string) int {
		// Own flags first, groups in order of their first flag, global ones last.
		return cmp.Compare(order(rank(a)), order(rank(b)))
	})
	for _, title := range titles {
		section(w, title)
		w.WriteString(groups[title].FlagUsages())
	}
}

// order turns a rank into a place: own flags, groups, global flags.
func order(rank int) int {
	switch rank {
	case 2:
		return 0
	case 0:
		return 2
	default:
		return 1
	}
}

func helpExits(w *strings.Builder, cmd *cobra.Command) {
	rows := [][2]string{{"0", exitMeanings[0].meaning}, {"1", exitMeanings[1].meaning}, {"2", exitMeanings[2].meaning}}
	var extra []string
	for key := range cmd.Annotations {
		if code, ok := strings.CutPrefix(key, exitAnnotation); ok {
			extra = append(extra, code)
		}
	}
	slices.SortFunc(extra, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})
	for _, code := range extra {
		meaning := cmd.Annotations[exitAnnotation+code]
		if i := slices.IndexFunc(rows, func(r [2]string) bool { return r[0] == code }); i >= 0 {
			rows[i][1] = meaning
		} else {
			rows = append(rows, [2]string{code, meaning})
		}
	}
	section(w, "Exit status")
	table(w, rows)
}

func helpMore(w *strings.Builder, cmd *cobra.Command) {
	if hasVerbs(cmd) {
		fmt.Fprintf(w, "\nRun `%s COMMAND --help` for more about a command.\n", cmd.CommandPath())
	}
}
