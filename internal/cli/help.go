package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mortise-wasm/mortise/diag"
)

// A page is a help page that is being written.
type page struct {
	strings.Builder
	width int // columns
}

// maxProse limits the width of text in columns, because longer lines are hard to read.
const maxProse = 100

// helpPage lists the parts of a help page in order; empty parts are left out.
var helpPage = []func(w *page, cmd *cobra.Command){
	helpIntro,
	helpUsage,
	helpExamples,
	helpCommands,
	helpFlags,
	helpExits,
	helpMore,
}

// printHelp writes the help page of cmd to its output.
func printHelp(std *IO, cmd *cobra.Command) {
	// [Execute] reports the error.
	_, _ = io.WriteString(cmd.OutOrStdout(), Help(cmd, std.OutColumns()))
}

// Help returns the help page of a command or a topic. Lines have at most width columns, unless a
// single word or the command line of an example is longer.
func Help(cmd *cobra.Command, width int) string {
	w := &page{width: min(width, maxProse)}
	if isTopic(cmd) {
		topicTexts[cmd.Name()](w)
		return w.String()
	}
	// A command that has not been run has not collected its inherited flags yet.
	cmd.InheritedFlags()
	for _, part := range helpPage {
		part(w, cmd)
	}
	return w.String()
}

// isTopic reports whether a command is a help topic, which only has text.
func isTopic(cmd *cobra.Command) bool { return !cmd.Runnable() && !cmd.HasSubCommands() }

func (w *page) section(title string) {
	if w.Len() > 0 {
		w.WriteString("\n")
	}
	w.WriteString(title + ":\n")
}

// text writes paragraphs. A paragraph with a line that is too long is filled again, unless some
// line of it starts with a blank. All others keep their lines.
func (w *page) text(text string) {
	for i, paragraph := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if i > 0 {
			w.WriteString("\n")
		}
		fits := true
		for line := range strings.SplitSeq(paragraph, "\n") {
			fits = fits && diag.Columns(line) <= w.width
		}
		if !fits && !strings.Contains(paragraph, "\n ") && !strings.HasPrefix(paragraph, " ") {
			paragraph = diag.Wrap(strings.ReplaceAll(paragraph, "\n", " "), 0, 0, w.width)
		}
		w.WriteString(paragraph + "\n")
	}
}

// table writes rows of two aligned columns. Text in the second column is wrapped. A cell in the
// first column that is wider than the column stands on its own line.
func (w *page) table(rows [][2]string) {
	left := 0
	for _, r := range rows {
		if n := diag.Columns(r[0]); n <= w.width*2/5 {
			left = max(left, n)
		}
	}
	at := 2 + left + 3
	for _, r := range rows {
		used := 2 + diag.Columns(r[0])
		w.WriteString("  " + r[0])
		if used+3 > at {
			w.WriteString("\n")
			used = 0
		}
		w.WriteString(strings.Repeat(" ", at-used) + diag.Wrap(r[1], at, at, w.width) + "\n")
	}
}

func helpIntro(w *page, cmd *cobra.Command) {
	w.WriteString(cmd.Short + "\n")
	if long := strings.TrimSpace(cmd.Long); long != "" {
		w.WriteString("\n")
		w.text(long)
	}
}

func helpUsage(w *page, cmd *cobra.Command) {
	w.section("Usage")
	if cmd.Runnable() && (cmd.HasParent() || strings.Contains(cmd.Use, " ")) {
		w.WriteString("  " + diag.Wrap(cmd.UseLine(), 2, 6, w.width) + "\n")
	}
	if hasVerbs(cmd) {
		w.WriteString("  " + cmd.CommandPath() + " COMMAND [flags]\n")
	}
}

func hasVerbs(cmd *cobra.Command) bool {
	return slices.ContainsFunc(cmd.Commands(), isVerb)
}

func isVerb(cmd *cobra.Command) bool { return cmd.IsAvailableCommand() && !isTopic(cmd) }

func helpExamples(w *page, cmd *cobra.Command) {
	if !cmd.HasExample() {
		return
	}
	w.section("Examples")
	for line := range strings.Lines(strings.Trim(cmd.Example, "\n") + "\n") {
		line = strings.TrimSpace(line)
		if comment, ok := strings.CutPrefix(line, "# "); ok {
			line = "# " + strings.ReplaceAll(diag.Wrap(comment, 4, 0, w.width-4), "\n", "\n  # ")
		}
		if line != "" {
			line = "  " + line
		}
		w.WriteString(line + "\n")
	}
}

// helpCommands lists the verbs by group, then those without a group, then the topics.
func helpCommands(w *page, cmd *cobra.Command) {
	list := func(title string, in func(*cobra.Command) bool) {
		var rows [][2]string
		for _, c := range cmd.Commands() {
			if in(c) && !c.Hidden {
				rows = append(rows, [2]string{c.Name(), c.Short})
			}
		}
		if len(rows) > 0 {
			w.section(title)
			w.table(rows)
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

// helpFlags lists the flags of the command by group, then the inherited ones.
func helpFlags(w *page, cmd *cobra.Command) {
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
		w.section(title)
		var rows [][2]string
		groups[title].VisitAll(func(f *pflag.Flag) { rows = append(rows, flagRow(f)) })
		w.table(rows)
	}
}

// flagRow returns the help row of a flag: its spelling, as in "-o, --output FILE", and its usage
// text. A usage text that ends with a colon and the value is shown without them.
func flagRow(f *pflag.Flag) [2]string {
	value, usage := pflag.UnquoteUsage(f)
	left := "    --" + f.Name
	if f.Shorthand != "" {
		left = "-" + f.Shorthand + ", --" + f.Name
	}
	if value != "" {
		left += " " + value
		usage = strings.TrimSuffix(usage, ": "+value)
	}
	if f.NoOptDefVal != "" && f.NoOptDefVal != "true" {
		left += "[=" + f.NoOptDefVal + "]"
	}
	switch f.DefValue {
	case "", "false", "0", "0s", "[]":
	default:
		if f.Value.Type() == "string" {
			usage += fmt.Sprintf(" (default %q)", f.DefValue)
		} else {
			usage += fmt.Sprintf(" (default %s)", f.DefValue)
		}
	}
	return [2]string{left, usage}
}

// order maps a rank to a sort key: own flags, then groups, then global flags.
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

func helpExits(w *page, cmd *cobra.Command) {
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
	w.section("Exit status")
	w.table(rows)
}

func helpMore(w *page, cmd *cobra.Command) {
	if hasVerbs(cmd) {
		more := fmt.Sprintf("Run `%s COMMAND --help` for details about a command.", cmd.CommandPath())
		w.WriteString("\n" + diag.Wrap(more, 0, 0, w.width) + "\n")
	}
}
