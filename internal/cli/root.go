package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/diag"
)

// A Root describes a binary.
type Root struct {
	Name    string
	Short   string // at most 60 characters, verb first
	Long    string
	Example string // for each example, a "# comment" line and "$ command" lines
}

// NewRoot returns the root command of a binary with everything that all binaries
// share: --help, --version, --color, completion, and help with its topics. Without
// arguments it prints help. The caller adds verbs with AddCommand.
func NewRoot(std *IO, r Root) *cobra.Command {
	root := &cobra.Command{
		Use:               r.Name,
		Short:             r.Short,
		Long:              r.Long,
		Example:           r.Example,
		Version:           Version(),
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		Args:              cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			return unknownCommand(cmd, args[0])
		},
	}
	root.SetIn(std.In)
	root.SetOut(std.Out)
	root.SetErr(std.Err)
	root.SetFlagErrorFunc(flagError)
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { printHelp(std, cmd) })
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.Flags().Bool("version", false, "print the version")
	root.PersistentFlags().BoolP("help", "h", false, "print help")
	ChoiceVar(root, root.PersistentFlags(), &std.color, "color", "auto", []string{"auto", "always", "never"}, "colour output `WHEN`")
	root.SetHelpCommand(newHelp(std))
	root.AddCommand(newCompletion(std))
	root.AddCommand(topics()...)
	return root
}

// FileArgs is [Args] for a command that takes a file and also has verbs. If there are too many
// arguments and the first is not a file, the error says that it is not a command either.
func FileArgs(cmd *cobra.Command, args []string) error {
	err := Args(cmd, args)
	if err != nil && len(args) > 1 && !isFile(args[0]) {
		return notCommandOrFile(cmd, args[0])
	}
	return err
}

func isFile(name string) bool {
	_, err := os.Stat(name)
	return err == nil || name == "-"
}

// notCommandOrFile returns the usage error for a word that is neither a verb of cmd nor a file.
func notCommandOrFile(cmd *cobra.Command, word string) error {
	err := unknownCommand(cmd, word)
	var u *usageError
	if errors.As(err, &u) && u.hint == "" {
		return Usagef("`%s` is neither a command nor a file", word)
	}
	return err
}

// unknownCommand returns the usage error for a verb that does not exist.
func unknownCommand(cmd *cobra.Command, name string) error {
	err := Usagef("unknown command `%s`", name)
	names := func(yield func(string) bool) {
		for _, c := range cmd.Commands() {
			if !c.Hidden && !yield(c.Name()) {
				return
			}
		}
	}
	if similar, ok := diag.Suggest(name, names); ok {
		return withHint(err, "a command with a similar name exists: %s", similar)
	}
	return err
}

// Execute runs a command line, reports its error to std.Err, and returns the
// exit code. It does not panic: a panic in a command becomes [ExitInternal].
func Execute(ctx context.Context, std *IO, root *cobra.Command, args []string) (code int) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintf(std.Err, "internal error: %v\n\n%s\nThis is a bug in %s; please report it.\n", r, debug.Stack(), root.Name())
			code = ExitInternal
		}
	}()
	ran := false
	markRun(root, &ran)
	if completing(args) {
		plainUsage(root)
	}
	root.SetArgs(args)
	out := &noteError{w: std.Out}
	root.SetOut(out)
	cmd, err := root.ExecuteContextC(ctx)
	if out.err != nil && (err == nil || !ran) {
		// A help page or version could not be written.
		return finish(ctx, std, cmd, out.err)
	}
	if err != nil && !ran {
		// Every error before a verb runs is about the invocation.
		var u *usageError
		if !errors.As(err, &u) {
			err = Usagef("%w", err)
		}
	}
	return finish(ctx, std, cmd, err)
}

// noteError records the first error of a writer, for callers that ignore write errors.
type noteError struct {
	w   io.Writer
	err error
}

func (n *noteError) Write(b []byte) (int, error) {
	k, err := n.w.Write(b)
	if n.err == nil {
		n.err = err
	}
	return k, err
}

// markRun makes every command set ran when it starts.
func markRun(cmd *cobra.Command, ran *bool) {
	if run := cmd.RunE; run != nil {
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			*ran = true
			return run(cmd, args)
		}
	}
	for _, c := range cmd.Commands() {
		markRun(c, ran)
	}
}

// finish reports an error and returns the exit code for it.
func finish(ctx context.Context, std *IO, cmd *cobra.Command, err error) int {
	var (
		usage *usageError
		exit  *ExitError
	)
	switch {
	case err == nil:
		return ExitOK
	case isBrokenPipe(err):
		return ExitPipe
	case errors.Is(ctx.Err(), context.Canceled):
		return ExitInterrupt
	case errors.As(err, &usage):
		reportUsage(std, cmd, usage)
		return ExitUsage
	case errors.As(err, &exit):
		if exit.Err != nil {
			report(std, cmd, exit.Err)
		}
		return exit.Code
	}
	report(std, cmd, err)
	return ExitInput
}

func report(std *IO, cmd *cobra.Command, err error) {
	// An error in writing to standard error cannot be reported anywhere.
	_ = std.Report(ioDiagnostic(err), diagFormat(cmd))
}

func reportUsage(std *IO, cmd *cobra.Command, u *usageError) {
	d := diag.Errorf(diag.Span{}, "", "%s", u.err)
	if u.hint != "" {
		d.Helpf("%s", u.hint)
	}
	report(std, cmd, d)
	if diagFormat(cmd) != diag.JSON {
		usage := diag.Wrap("Usage: "+useLine(cmd), 0, len("Usage: "), std.ErrColumns())
		fmt.Fprintf(std.Err, "\n%s\nRun `%s --help` for details.\n", usage, cmd.CommandPath())
	}
}

// useLine returns a usage line such as "wit check PATH... [flags]", or
// "wit COMMAND [flags]" for a command that only has verbs.
func useLine(cmd *cobra.Command) string {
	line := cmd.UseLine()
	if cmd.HasAvailableSubCommands() && !strings.Contains(cmd.Use, " ") {
		line = cmd.CommandPath() + " COMMAND [flags]"
	}
	return line
}

// Exit runs the entry point of a binary with the arguments and streams of this
// process, and ends the process with the exit code that run returns. The first
// interrupt cancels the context of the run; the second ends the process.
func Exit(run func(ctx context.Context, args []string, std *IO) int) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], System()))
}
