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
		Long: `Compares what a component imports and exports with a world: the world must have every
import of the component, and the component every export of the world, in types that agree.
All that does not fit is reported, at its place in the WIT.

Interfaces are compared with those of the same name, or else of the highest version on the
same semver track; when the component fits, a note says which versions differ.

Of a core module, the component that compose new makes of it is compared; if that takes an
adapter, the world that the module is made for.

Nothing is printed to standard output, unless --format json asks for a report. On a terminal,
or with -v, standard error says that the component fits.`,
		Args: cli.Args,
		Example: `
# Check a component against the only world of a package
$ compose targets calc.wasm --wit calc.wit

# What a world wants that the component does not have (exits 1)
$ compose targets greeter.wasm --wit calc.wit --world calculator

# The same for programs (exits 1)
$ compose targets greeter.wasm --wit calc.wit --format json
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.input = args[0]
			if o.wit == "" {
				return cli.Usagef("--wit is missing: name the file or folder with the world")
			}
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runTargets(cmd.Context(), o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.wit, "wit", "", "take the world from the WIT at `PATH`: a file or folder of text, or a binary")
	f.StringVarP(&o.world, "world", "w", "", "compare with world `NAME`, as in `command` or `wasi:cli/command@0.2.0`, instead of the only one")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "say that the component fits, and what it exports beside")
	cli.CompleteWorlds(cmd, "world")
	o.source.Register(cmd)
	cli.GroupFlags(cmd, "The world", "wit", "world", "features", "all-features", "target")
	cli.AddFormat(cmd, &o.format, "text", "json")
	cli.DocumentExit(cmd, "1", "the component does not fit, or an input is wrong")
	return cmd
}

// targetsRecord is the JSON report.
type targetsRecord struct {
	Component string       `json:"component"`
	World     string       `json:"world"`
	Fits      bool         `json:"fits"`
	Imports   []itemRecord `json:"imports"`
	Exports   []itemRecord `json:"exports"`
	Extra     []string     `json:"extra"`
}

// itemRecord is an import or export. A name is null where a side has nothing.
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
	return o.tell(f, report, append(list, notes...))
}

// typeOf returns the type of a component. Of a core module it is that of the component that is made of it; if that takes an adapter, of the
// world that the module is made for, which a note tells.
func (o *targetsOptions) typeOf(f *diag.File) (*types.Component, diag.List, error) {
	component := f
	if encoding.IsCoreModule(f.Data) {
		made, err := componentize.New(f, componentize.Options{Producer: producer(), DefaultAdapter: preview1.Adapter})
		for _, d := range diag.FromError(err) {
			switch d.Code {
			case componentize.BadImport:
				return worldOf(f, d)
			case componentize.NoWIT:
				d.Notef("only with a world can a core module be compared with a world")
			}
		}
		if err != nil {
			return nil, nil, err
		}
		component = diag.NewBinary("the component made of "+f.Name, made.Append(nil))
	}
	// Names that are no gates of components are features of the WIT.
	feats, _ := o.source.Feats.ParseOpen(feature.All())
	p, err := compose.NewPackage(f.Name, component, feats)
	if err != nil {
		return nil, nil, err
	}
	return p.Type, nil, nil
}

// worldOf returns the type of the world that a core module is made for, with a note why it is not that of a component.
func worldOf(f *diag.File, why *diag.Diagnostic) (*types.Component, diag.List, error) {
	m, err := componentize.DecodeWIT(f)
	if err != nil {
		return nil, nil, err
	}
	note := diag.Errorf(why.Primary, CodeModuleWorld, "a component cannot be made of the core module alone: %s", why.Message)
	note.Severity = diag.Note
	note.Notef("what is compared is the world that the module is made for, which may import more than it uses, and less than an adapter does")
	return m.Main.Worlds[0].Component(), diag.List{note}, nil
}

// maxMismatches is how many mismatches are shown as text. People who ask for the fit want all of them; nobody reads more.
const maxMismatches = 100

func (o *targetsOptions) tell(f *diag.File, r *compose.TargetReport, list diag.List) error {
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
			fmt.Fprintf(o.std.Err, "not asked for: export `%s`\n", x)
		}
	}
	return nil
}

// adviseOnTypes adds to the last mismatch of types what can be done about all of them.
func (o *targetsOptions) adviseOnTypes(list diag.List) {
	list.Sort()
	for _, d := range slices.Backward(list) {
		if d.Code != compose.CodeTargetType {
			continue
		}
		d.Helpf("make the component anew from this WIT")
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
