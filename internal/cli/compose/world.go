package compose

import (
	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/wit"
)

// worldFlags are the flags that choose the world of a core module.
type worldFlags struct {
	path, world, strings string
	source               cli.WITSource
}

func (w *worldFlags) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&w.path, "wit", "", "take the world from the WIT in `PATH`: a text file, a folder, or a binary")
	f.StringVarP(&w.world, "world", "w", "", "use world `NAME`, such as `command` or `wasi:cli/command@0.2.0`; needed if there are several")
	cli.ChoiceVar(cmd, f, &w.strings, "encoding", "utf8", []string{"utf8", "utf16", "compact-utf16"},
		"set the string `ENCODING` of the core module")
	cli.CompleteWorlds(cmd, "world")
	w.source.Register(cmd)
	cli.GroupFlags(cmd, "World", "wit", "world", "encoding", "features", "all-features", "target")
}

// load returns the world and the model that contains it.
func (w *worldFlags) load(std *cli.IO) (*wit.Model, *wit.World, error) {
	m, err := w.source.Load(std, w.path)
	if err != nil {
		return nil, nil, err
	}
	world, err := m.World(w.world)
	return m, world, err
}

// kind returns the chosen string encoding.
func (w *worldFlags) kind() abi.StringEncoding {
	switch w.strings {
	case "utf16":
		return abi.UTF16
	case "compact-utf16":
		return abi.Latin1UTF16
	}
	return abi.UTF8
}

// producer returns the name and version that this program records in its outputs.
func producer() core.ProducersValue {
	return core.ProducersValue{Name: "mortise", Version: cli.Version()}
}
