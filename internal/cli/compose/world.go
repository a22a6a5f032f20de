package compose

import (
	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/wit"
)

// worldFlags choose the world that a core module is made for.
type worldFlags struct {
	path, world, strings string
	source               cli.WITSource
}

func (w *worldFlags) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&w.path, "wit", "", "take the world from the WIT at `PATH`: a file or folder of text, or a binary")
	f.StringVarP(&w.world, "world", "w", "", "take world `NAME`, as in `command` or `wasi:cli/command@0.2.0`, instead of the only one")
	cli.ChoiceVar(cmd, f, &w.strings, "encoding", "utf8", []string{"utf8", "utf16", "compact-utf16"}, "say how the core module encodes strings")
	cli.CompleteWorlds(cmd, "world")
	w.source.Register(cmd)
	cli.GroupFlags(cmd, "The world", "wit", "world", "encoding", "features", "all-features", "target")
}

// load returns the world and the model that it is in.
func (w *worldFlags) load(std *cli.IO) (*wit.Model, *wit.World, error) {
	m, err := w.source.Load(std, w.path)
	if err != nil {
		return nil, nil, err
	}
	world, err := m.World(w.world)
	return m, world, err
}

// kind returns the encoding of strings that was chosen.
func (w *worldFlags) kind() encoding.CanonOptKind {
	switch w.strings {
	case "utf16":
		return encoding.OptUTF16
	case "compact-utf16":
		return encoding.OptLatin1UTF16
	}
	return encoding.OptUTF8
}

// producer is what names this program in what it makes.
func producer() core.ProducersValue {
	return core.ProducersValue{Name: "mortise", Version: cli.Version()}
}
