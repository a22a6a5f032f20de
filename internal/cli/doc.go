// Package cli is what the command lines of the suite share: standard streams,
// exit codes, error reports, input and output files, help pages and their
// topics. Each binary has a package of its own below this one, with a file for
// each verb; its main package only calls [Exit].
//
// # How a verb is written
//
// A verb is three things. A struct of options, which flags and arguments fill:
//
//	type checkOptions struct {
//		std   *cli.IO
//		paths []string
//		feats cli.FeatureFlags
//	}
//
// a constructor, which declares them and hands them to runF, so that tests see
// what a command line means without running it (nil means runCheck):
//
//	func newCheck(std *cli.IO, runF func(context.Context, *checkOptions) error) *cobra.Command
//
// and the work, which can be tested without a command line:
//
//	func runCheck(ctx context.Context, o *checkOptions) error
//
// The arguments stand in the command's Use line ("check PATH...") and
// Args: cli.Args counts them by it. The work returns diagnostics ([diag.List]) for
// inputs that are wrong, [Usagef] for an invocation that is wrong, and
// [ExitError] for any other exit code; [Execute] reports them. It writes results
// to std.Out and talk to std.Err.
package cli
