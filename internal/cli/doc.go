// Package cli is shared by the command lines of the suite: standard streams,
// exit codes, error reports, input and output files, help pages and help
// topics. Each binary has its own package below this one, with a file for each
// verb. Its main package only calls [Exit].
//
// # How a verb is written
//
// A verb has three parts. The first is a struct of options, filled from flags and arguments:
//
//	type checkOptions struct {
//		std   *cli.IO
//		paths []string
//		feats cli.FeatureFlags
//	}
//
// The second is a constructor, which declares the flags and passes the options to runF.
// Tests set runF to see how a command line is read without running it; nil means runCheck:
//
//	func newCheck(std *cli.IO, runF func(context.Context, *checkOptions) error) *cobra.Command
//
// The third is the function that does the work, which can be tested without a command line:
//
//	func runCheck(ctx context.Context, o *checkOptions) error
//
// The command's Use line lists the arguments ("check PATH..."), and Args: cli.Args
// checks their number against it. The work returns diagnostics ([diag.List]) for
// wrong inputs, a [Usagef] error for a wrong invocation, and an [ExitError] for
// any other exit code; [Execute] reports them. It writes results to std.Out and
// messages to std.Err.
package cli
