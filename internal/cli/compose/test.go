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
		Long: `Runs test scripts: components and core modules with assertions about them, as in the
specification's own tests. Prints each failed directive, and the counts for each file and
for all files. A directive passes, fails, or is skipped if the engine cannot run it. A
file that cannot be read or parsed counts as one failure.

Core modules can import spectest, as in the scripts of the core specification. Components
can import host, as in the scripts of wasmtime.

All gated features except nested names and stack switching are on, unless a comment in
the script or --features says otherwise. With --format json the report has a line for each
directive, in the order of the file, with the object
{"file", "line", "kind", "outcome", "message"}.`,
		Args: cli.Args,
		Example: `
# Run a script
$ compose test calc.wast

# Report each directive as JSON
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

// A testRecord is a line of the JSON report.
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
	var total counts
	for _, path := range o.files {
		count, err := o.script(ctx, path, opts)
		if err != nil {
			return err
		}
		for i, n := range count {
			total[i] += n
		}
	}
	if o.format == "text" && len(o.files) > 1 {
		if _, err := fmt.Fprintf(o.std.Out, "%d files: %s\n", len(o.files), total); err != nil {
			return err
		}
	}
	if total[wast.Fail] > 0 {
		return &cli.ExitError{Code: cli.ExitInput}
	}
	return nil
}

// counts holds the number of directives for each outcome.
type counts [wast.Skip + 1]int

func (c counts) String() string {
	return fmt.Sprintf("%d passed, %d failed, %d skipped", c[wast.Pass], c[wast.Fail], c[wast.Skip])
}

// script runs one script. A script that cannot be read counts as one failure.
func (o *testOptions) script(ctx context.Context, path string, opts wast.Options) (count counts, err error) {
	var werr error
	report := func(r wast.Result) {
		count[r.Outcome]++
		if werr == nil {
			werr = o.write(r)
		}
	}
	f, err := o.std.ReadFile(path)
	if err != nil {
		report(wast.Result{File: path, Line: 1, Kind: "script", Outcome: wast.Fail, Message: err.Error()})
	} else if err := wast.Run(ctx, f, opts, report); err != nil {
		return count, err
	}
	if werr == nil && o.format == "text" {
		_, werr = fmt.Fprintf(o.std.Out, "%s: %s\n", path, count)
	}
	return count, werr
}

// write reports one directive.
func (o *testOptions) write(r wast.Result) error {
	if o.format == "json" {
		return json.NewEncoder(o.std.Out).Encode(testRecord{r.File, r.Line, r.Kind, r.Outcome.String(), r.Message})
	}
	if r.Outcome == wast.Fail || r.Outcome == wast.Skip && o.verbose {
		_, err := fmt.Fprintf(o.std.Out, "%s:%d: %s: %s: %s\n", r.File, r.Line, r.Outcome, r.Kind, r.Message)
		return err
	}
	return nil
}
