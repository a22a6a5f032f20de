package compose

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/internal/wast"
	"github.com/mortise-wasm/mortise/model/feature"
)

type testOptions struct {
	std     *cli.IO
	files   []string
	format  string
	verbose bool
	feats   cli.FeatureFlags
}

func newTest(std *cli.IO, runF func(context.Context, *testOptions) error) *cobra.Command {
	o := &testOptions{std: std}
	cmd := &cobra.Command{
		Use:   "test FILE...",
		Short: "Run component-model test scripts (.wast)",
		Long: `Runs scripts of components and core modules with assertions about them, as the
specification's own tests are, and tells what failed and a count for each file. A
directive passes, fails, or is skipped when it needs what the engine cannot run.

Modules find spectest, which the core specification's scripts import from, and
components the host that wasmtime's scripts import from.

All gated features but nested names and stack switching are on, unless the script says
otherwise in a comment or --features is given. With --format json there is one object
on a line for each directive, in the order of the file:
{"file", "line", "kind", "outcome", "message"}.`,
		Args: cli.Args,
		Example: `
# Run a script
$ compose test calc.wast

# Tell each directive to a program
$ compose test --format json calc.wast
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.files = args
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runTest(cmd.Context(), o)
		},
	}
	cli.AddFormat(cmd, &o.format, "text", "json")
	cmd.Flags().BoolVarP(&o.verbose, "verbose", "v", false, "show skipped directives too")
	o.feats.Register(cmd)
	cli.DocumentExit(cmd, "1", "a directive failed")
	return cmd
}

// testRecord is a line of the JSON report.
type testRecord struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Kind    string `json:"kind"`
	Outcome string `json:"outcome"`
	Message string `json:"message"`
}

func runTest(ctx context.Context, o *testOptions) error {
	var opts wast.Options
	if o.feats.IsSet() {
		set, err := o.feats.Parse(feature.Default())
		if err != nil {
			return err
		}
		opts.Features = set
	}
	failed := false
	for _, path := range o.files {
		f, err := o.std.ReadFile(path)
		if err != nil {
			return err
		}
		var count [wast.Skip + 1]int
		var werr error
		err = wast.Run(ctx, f, opts, func(r wast.Result) {
			count[r.Outcome]++
			if werr == nil {
				werr = o.tell(r)
			}
		})
		if err != nil {
			return err
		}
		if werr != nil {
			return werr
		}
		failed = failed || count[wast.Fail] > 0
		if o.format == "text" {
			if _, err := fmt.Fprintf(o.std.Out, "%s: %d passed, %d failed, %d skipped\n", f.Name, count[wast.Pass], count[wast.Fail], count[wast.Skip]); err != nil {
				return err
			}
		}
	}
	if failed {
		return &cli.ExitError{Code: cli.ExitInput}
	}
	return nil
}

// tell reports one directive.
func (o *testOptions) tell(r wast.Result) error {
	if o.format == "json" {
		return json.NewEncoder(o.std.Out).Encode(testRecord{r.File, r.Line, r.Kind, r.Outcome.String(), r.Message})
	}
	if r.Outcome == wast.Fail || r.Outcome == wast.Skip && o.verbose {
		_, err := fmt.Fprintf(o.std.Out, "%s:%d: %s: %s: %s\n", r.File, r.Line, r.Outcome, r.Kind, r.Message)
		return err
	}
	return nil
}
