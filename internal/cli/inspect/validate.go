package inspect

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/model/feature"
)

type validateOptions struct {
	std    *cli.IO
	input  string
	format string
	feats  cli.FeatureFlags
}

func newValidate(std *cli.IO, runF func(context.Context, *validateOptions) error) *cobra.Command {
	o := &validateOptions{std: std}
	cmd := &cobra.Command{
		Use:   "validate FILE",
		Short: "Check that a binary is valid",
		Long: `Validates a component or core module. Prints nothing if it is valid. Otherwise reports
each violation with its offset and the path of the item; for a core module, only the first.`,
		Args: cli.Args,
		Example: `
# Check a component
$ inspect validate greeter.wasm

# Check an invalid component (exits 1)
$ inspect validate invalid.wasm

# Check a component that uses a gated feature
$ inspect validate --features fixed-length-lists gated.wasm
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.input = args[0]
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runValidate(o)
		},
	}
	o.feats.Register(cmd)
	cli.AddFormat(cmd, &o.format, "text", "json")
	cli.DocumentExit(cmd, "0", "the file is valid")
	cli.DocumentExit(cmd, "1", "the file cannot be read or is invalid; the errors are on standard error")
	return cmd
}

func runValidate(o *validateOptions) error {
	features, err := o.feats.Parse(feature.Default())
	if err != nil {
		return err
	}
	f, err := o.std.ReadBinary(o.input)
	if err != nil {
		return err
	}
	return validateFile(f, features)
}

// validateFile returns the errors in a component or core module: a [diag.List], or one diagnostic
// if it cannot be decoded.
func validateFile(f *diag.File, features feature.Set) error {
	if encoding.IsCoreModule(f.Data) {
		whole := encoding.Span{End: len(f.Data)}
		m, err := core.Decode(f.Data)
		if err != nil {
			return moduleError(f, whole, nil, err)
		}
		if err := core.Validate(m, features, core.ValidateOptions{}); err != nil {
			return moduleError(f, whole, nil, err)
		}
		return nil
	}
	c, err := encoding.Decode(f)
	if err != nil {
		return err
	}
	_, err = validate.Component(f, c, validate.Options{Features: features, Modules: true})
	return err
}
