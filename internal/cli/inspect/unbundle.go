package inspect

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/extract"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/model/feature"
)

// defaultThreshold is the size in bytes up to which core modules stay in their component.
const defaultThreshold = 10 << 10

type unbundleOptions struct {
	std       *cli.IO
	input     string
	moduleDir string
	threshold int
	verbose   bool
	output    cli.Output
}

func newUnbundle(std *cli.IO, runF func(context.Context, *unbundleOptions) error) *cobra.Command {
	o := &unbundleOptions{std: std}
	cmd := &cobra.Command{
		Use:   "unbundle FILE --module-dir=DIR",
		Short: "Take the core modules out of a component",
		Long: `Writes the large core modules of a component to separate files, and makes a component that
imports them instead: the import unbundled-module0 stands for the file
unbundled-module0.wasm, and so on. Several components can then share a compiled module.

Modules of nested components are taken out too. Modules of at most --threshold bytes stay
in place; if all do, the component is unchanged. On a terminal, or with -v, standard error
lists the files.`,
		Args: cli.Args,
		Example: `
# Write modules of more than 200 bytes to the folder modules
$ inspect unbundle words.wasm --module-dir modules --threshold 200 -o thin.wasm

# Look at the result, which imports the modules
$ inspect thin.wasm
$ inspect modules/unbundled-module0.wasm
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.input = args[0]
			switch {
			case o.moduleDir == "":
				return cli.Usagef("--module-dir is missing: give the folder for the modules")
			case o.threshold < 0:
				return cli.Usagef("--threshold must not be negative")
			}
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runUnbundle(o)
		},
	}
	cmd.Flags().StringVar(&o.moduleDir, "module-dir", "", "write the modules to `DIR`, which is created if it does not exist")
	cmd.Flags().IntVar(&o.threshold, "threshold", defaultThreshold, "take out modules that are larger than `BYTES`")
	cmd.Flags().BoolVarP(&o.verbose, "verbose", "v", false, "list the files on standard error")
	o.output.Register(cmd, true)
	cli.DocumentExit(cmd, "1", "the file cannot be read or is invalid; the errors are on standard error")
	return cmd
}

// An unbundled is a module that was taken out.
type unbundled struct {
	name  string
	path  string // its path in the component
	bytes []byte
}

func runUnbundle(o *unbundleOptions) error {
	if err := o.std.CheckBinary(o.output); err != nil {
		return err
	}
	f, err := o.std.ReadBinary(o.input)
	if err != nil {
		return err
	}
	if encoding.IsCoreModule(f.Data) {
		o.report("%s is a core module: nothing to take out", f.Name)
		return o.std.WriteBinary(o.output, f.Data)
	}
	data, list, err := o.unbundle(f)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		o.report("%s has no core module of more than %s", f.Name, count(o.threshold, "byte"))
		return o.std.WriteBinary(o.output, f.Data)
	}
	if err := os.MkdirAll(o.moduleDir, 0o777); err != nil {
		d := diag.Errorf(diag.Span{}, cli.CodeUnwritable, "cannot create the folder `%s`: %v", o.moduleDir, err)
		d.Cause = err
		return d
	}
	for _, u := range list {
		path := filepath.Join(o.moduleDir, u.name+".wasm")
		if err := cli.WriteFile(path, u.bytes); err != nil {
			return err
		}
		o.report("%s: %s, %s", path, u.path, count(len(u.bytes), "byte"))
	}
	return o.std.WriteBinary(o.output, data)
}

func (o *unbundleOptions) report(format string, args ...any) {
	if o.verbose || o.std.ErrIsTTY {
		fmt.Fprintf(o.std.Err, format+"\n", args...)
	}
}

// unbundle returns the component without its large modules, and those modules.
func (o *unbundleOptions) unbundle(f *diag.File) ([]byte, []unbundled, error) {
	c, err := encoding.Decode(f)
	if err != nil {
		return nil, nil, err
	}
	// Which features the component may use is decided when it is run.
	all := validate.Options{Features: feature.All()}
	if _, err := validate.Component(f, c, all); err != nil {
		return nil, nil, err
	}
	var list []unbundled
	next := freeNames(c)
	out, err := extract.Modules(c, func(n encoding.Node) string {
		if len(n.Module.Bytes) <= o.threshold {
			return ""
		}
		list = append(list, unbundled{next(), n.String(), n.Module.Bytes})
		return list[len(list)-1].name
	})
	if err != nil {
		return nil, nil, extractError(f, err)
	}
	data := out.Append(nil)
	// Validate the result, so that a fault in rewriting is found here and not by its users.
	result := diag.NewBinary("the unbundled component", data)
	if out, err = encoding.Decode(result); err != nil {
		return nil, nil, err
	}
	if _, err := validate.Component(result, out, all); err != nil {
		return nil, nil, err
	}
	return data, list, nil
}

// freeNames returns a function that generates import names. Each name is new, and c does not have
// it yet, in case c was unbundled before.
func freeNames(c *encoding.Component) func() string {
	used := map[string]bool{}
	for _, d := range c.Defs {
		if i, ok := d.(*encoding.Import); ok {
			used[i.Name.Name] = true
		}
	}
	n := 0
	return func() string {
		for {
			name := fmt.Sprintf("unbundled-module%d", n)
			n++
			if !used[name] {
				return name
			}
		}
	}
}

// extractError turns an error in taking out a module into a diagnostic.
func extractError(f *diag.File, err error) error {
	var e *extract.Error
	if !errors.As(err, &e) {
		return err
	}
	var malformed *core.Error
	if errors.As(e.Err, &malformed) {
		return moduleError(f, e.At.Module.Span, e.At.Path, e.Err)
	}
	d := diag.Errorf(f.Span(e.At.Module.Start, e.At.Module.End), CodeUnbundle, "this module cannot be imported: %v", e.Err)
	d.ItemPath = e.At.Path
	return d.Helpf("use a --threshold of at least %d to leave it in place", len(e.At.Module.Bytes))
}
