package cli

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/mortise-wasm/mortise/diag"
)

// A choice is a flag that takes one of a few words.
type choice struct {
	value   *string
	allowed []string
}

func (c choice) String() string {
	if c.value == nil { // pflag calls String on the zero value
		return ""
	}
	return *c.value
}

func (c choice) Type() string { return "string" }

func (c choice) Set(v string) error {
	if !slices.Contains(c.allowed, v) {
		return fmt.Errorf("must be %s", orList(c.allowed))
	}
	*c.value = v
	return nil
}

// orList joins words as "a, b or c".
func orList(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " or " + words[n-1]
	}
	return strings.Join(words, "")
}

// ChoiceVar declares a flag that takes one of a few words. Shells complete the
// words, and any other word is a usage error that lists them. The list is
// appended to the usage text, which starts with a verb as for any other flag.
func ChoiceVar(cmd *cobra.Command, flags *pflag.FlagSet, p *string, name, value string, allowed []string, usage string) {
	*p = value
	flags.Var(choice{p, allowed}, name, fmt.Sprintf("%s: %s", usage, orList(allowed)))
	// The only possible error is that the flag already has completions.
	if err := cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(allowed, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err)
	}
}

// formatFlag is the name of the flag that [AddFormat] declares.
const formatFlag = "format"

// AddFormat declares --format with the formats that a report can have. The first
// is the default. With "json", diagnostics are JSON too.
func AddFormat(cmd *cobra.Command, p *string, forms ...string) {
	ChoiceVar(cmd, cmd.Flags(), p, formatFlag, forms[0], forms, "report in `FORMAT`")
}

// AddJSON declares --json, the spelling of --format json in other tools.
func AddJSON(cmd *cobra.Command, p *string, shorthand string) {
	cmd.Flags().BoolFuncP("json", shorthand, "the same as --format json", func(text string) error {
		on, err := strconv.ParseBool(text)
		if on {
			*p = "json"
		}
		return err
	})
}

// diagFormat returns the format in which diagnostics of cmd are reported.
func diagFormat(cmd *cobra.Command) diag.Format {
	if f := cmd.Flags().Lookup(formatFlag); f != nil && f.Value.String() == "json" {
		return diag.JSON
	}
	return diag.Text
}

// groupAnnotation is the annotation of a flag that holds the title of its group.
const groupAnnotation = "mortise_group"

// GroupFlags lists the named flags of cmd under their own title in its help.
func GroupFlags(cmd *cobra.Command, title string, names ...string) {
	for _, name := range names {
		// The only possible error is a flag that does not exist, which is a bug in the caller.
		if err := cmd.Flags().SetAnnotation(name, groupAnnotation, []string{title}); err != nil {
			panic(err)
		}
	}
}

// Args checks the number of arguments against the command's Use line. In it,
// "PATH" is required, "[PATH]" is optional, and "PATH..." and "[PATH...]" may be
// repeated.
func Args(cmd *cobra.Command, args []string) error {
	needed, most := 0, 0
	var names []string
	for _, word := range strings.Fields(cmd.Use)[1:] {
		if strings.HasPrefix(word, "-") || strings.HasPrefix(word, "[-") {
			continue
		}
		name := strings.Trim(word, "[].")
		names = append(names, name)
		if !strings.HasPrefix(word, "[") {
			needed++
		}
		most++
		if strings.Contains(word, "...") {
			most = int(^uint(0) >> 1)
		}
	}
	switch {
	case len(args) < needed:
		return Usagef("%s is missing", names[len(args)])
	case len(args) > most && most == 0:
		return Usagef("unexpected argument `%s`: the command takes none", args[0])
	case len(args) > most:
		return Usagef("unexpected argument `%s` after %s", args[most], names[most-1])
	}
	return nil
}

// flagError turns an error of pflag into a usage error.
func flagError(cmd *cobra.Command, err error) error {
	if errors.Is(err, pflag.ErrHelp) {
		return err
	}
	u := Usagef("%w", err)
	if word := cmd.Flags().Arg(0); word != "" && hasVerbs(cmd) && !isFile(word) {
		// The flag may belong to a misspelled verb.
		return notCommandOrFile(cmd, word)
	}
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) && len(unknown.GetSpecifiedName()) > 1 {
		names := func(yield func(string) bool) {
			cmd.Flags().VisitAll(func(f *pflag.Flag) {
				if !f.Hidden {
					yield(f.Name)
				}
			})
		}
		if similar, ok := diag.Suggest(unknown.GetSpecifiedName(), names); ok {
			return withHint(u, "a flag with a similar name exists: --%s", similar)
		}
	}
	return u
}
