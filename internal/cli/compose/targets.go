package compose

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/componentize/preview1"
	"github.com/mortise-wasm/mortise/compose"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit/binary"
)

type targetsOptions struct {
	std     *cli.IO
	input   string
	wit     string
	world   string
	format  string
	verbose bool
	source  cli.WITSource
}

func newTargets(std *cli.IO, runF func(context.Context, *targetsOptions) error) *cobra.Command {
	o := &targetsOptions{std: std}
	cmd := &cobra.Command{
		Use:   "targets COMPONENT --wit=PATH",
		Short: "Check that a component fits a world",
		Long: `Compares the imports and exports of a component with a world. The world must have every
import of the component, and the component must have every export of the world, with types
that match. Every mismatch is reported at its place in the WIT.

An interface is compared with the one of the same name, or else with the highest version on
the same semver track. If the component fits, notes say which versions differ.

For a core module, the component that compose new would make of it is compared. If that
needs an adapter, the world that the module is made for is compared instead.

Standard output is empty unless --format json asks for a report. On a terminal, or with -v,
standard error confirms that the component fits.`,
		Args: cli.Args,
		Example: `
# Check a component against the only world of a package
$ compose targets calc.wasm --wit calc.wit

# List what a component lacks for a world (exits 1)
$ compose targets greeter.wasm --wit calc.wit --world calculator

# Print the report as JSON (exits 1)
$ compose targets greeter.wasm --wit calc.wit --format json
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.input = args[0]
			if o.wit == "" {
				return cli.Usagef("--wit is missing: give the WIT with the world")
			}
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runTargets(cmd.Context(), o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.wit, "wit", "", "take the world from the WIT in `PATH`: a text file, a folder, or a binary")
	f.StringVarP(&o.world, "world", "w", "", "use world `NAME`, such as `command` or `wasi:cli/command@0.2.0`; needed if there are several")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "confirm that the component fits, and list its other exports")
	cli.CompleteWorlds(cmd, "world")
	o.source.Register(cmd)
	cli.GroupFlags(cmd, "World", "wit", "world", "features", "all-features", "target")
	cli.AddFormat(cmd, &o.format, "text", "json")
	cli.DocumentExit(cmd, "1", "the component does not fit, or an input is wrong")
	return cmd
}

// A targetsRecord is the JSON report.
type targetsRecord struct {
	Component string       `json:"component"`
	World     string       `json:"world"`
	Fits      bool         `json:"fits"`
	Imports   []itemRecord `json:"imports"`
	Exports   []itemRecord `json:"exports"`
	Extra     []string     `json:"extra"`
}

// An itemRecord is an import or export. Its name is null on a side that lacks it.
type itemRecord struct {
	Component *string `json:"component"`
	World     *string `json:"world"`
	Fits      bool    `json:"fits"`
}

func runTargets(_ context.Context, o *targetsOptions) error {
	f, err := o.std.ReadBinary(o.input)
	if err != nil {
		return err
	}
	m, err := o.source.Load(o.std, o.wit)
	if err != nil {
		return err
	}
	world, err := m.World(o.world)
	if err != nil {
		return err
	}
	t, notes, err := o.typeOf(f)
	if err != nil {
		return err
	}
	report, list := compose.Targets(t, world)
	return o.report(f, report, append(list, notes...))
}

// typeOf returns the type of a component. For a core module, it returns the type of the component
// made of it. If that needs an adapter, it returns the type of the world that the module is made
// for, with a note.
func (o *targetsOptions) typeOf(f *diag.File) (*types.Component, diag.List, error) {
	if encoding.IsCoreModule(f.Data) {
		made, err := componentize.New(f, componentize.Options{Producer: producer(), DefaultAdapter: preview1.Adapter})
		for _, d := range diag.FromError(err) {
			switch d.Code {
			case componentize.CodeBadImport:
				return worldOf(f, d)
			case binary.CodeNoWIT:
				d.Notef("a core module can be compared only if its own world is embedded in it")
			}
		}
		if err != nil {
			return nil, nil, err
		}
		return made.Type, nil, nil
	}
	// Names that are not gates of components are features of the WIT.
	feats, _ := o.source.Feats.ParseOpen(feature.All())
	p, err := compose.NewPackage(f.Name, f, feats)
	if err != nil {
		return nil, nil, err
	}
	return p.Type, nil, nil
}

// worldOf returns the type of the world that a core module is made for, with a note why no
// component was compared.
func worldOf(f *diag.File, why *diag.Diagnostic) (*types.Component, diag.List, error) {
	m, err := binary.DecodeWIT(f)
	if err != nil {
		return nil, nil, err
	}
	note := diag.Errorf(why.Primary, CodeModuleWorld, "a component cannot be made of the core module alone: %s", why.Message)
	note.Severity = diag.Note
	note.Notef("the world that the module is made for is compared instead; " +
		"it may import more than the module uses, and less than an adapter does")
	return m.Main.Worlds[0].Component(), diag.List{note}, nil
}

// maxMismatches limits the number of mismatches shown as text. It is higher than for other reports,
// because users of this verb want to see all of them.
const maxMismatches = 100

// report writes the JSON report if wanted, and returns the errors or reports the notes in list.
func (o *targetsOptions) report(f *diag.File, r *compose.TargetReport, list diag.List) error {
	form := diag.Text
	o.std.MaxReported = maxMismatches
	if o.format == "json" {
		form = diag.JSON
		if err := json.NewEncoder(o.std.Out).Encode(newTargetsRecord(f, r)); err != nil {
			return err
		}
	}
	if list.HasErrors() {
		o.adviseOnTypes(list)
		return list
	}
	if len(list) > 0 {
		if err := o.std.Report(list, form); err != nil {
			return err
		}
	}
	if form == diag.Text && (o.verbose || o.std.ErrIsTTY) {
		fmt.Fprintf(o.std.Err, "%s fits world `%s`\n", f.Name, r.World)
	}
	if form == diag.Text && o.verbose {
		for _, x := range r.Extra {
			fmt.Fprintf(o.std.Err, "not in the world: export `%s`\n", x)
		}
	}
	return nil
}

// adviseOnTypes adds help for all type mismatches to the last of them.
func (o *targetsOptions) adviseOnTypes(list diag.List) {
	list.Sort()
	for _, d := range slices.Backward(list) {
		if d.Code != compose.CodeTargetType {
			continue
		}
		d.Helpf("rebuild the component from this WIT")
		if o.input != "-" {
			d.Helpf("`inspect wit %s` shows what it was made from", o.input)
		}
		return
	}
}

func newTargetsRecord(f *diag.File, r *compose.TargetReport) targetsRecord {
	items := func(list []compose.TargetItem) []itemRecord {
		out := make([]itemRecord, len(list))
		name := func(s string) *string {
			if s == "" {
				return nil
			}
			return &s
		}
		for i, x := range list {
			out[i] = itemRecord{name(x.Component), name(x.World), x.Fits}
		}
		return out
	}
	return targetsRecord{f.Name, r.World, r.Fits(), items(r.Imports), items(r.Exports), append([]string{}, r.Extra...)}
}
