package wit

import (
	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/wit"
)

// source is what the verbs that read a package have in common: their flags.
type source struct{ cli.WITSource }

func (s *source) register(cmd *cobra.Command) { s.Register(cmd) }

// load reads the package at a path: a file, or a folder with what it depends on in deps. Warnings come with it.
func (s *source) load(std *cli.IO, path string) (*wit.Model, error) { return s.Load(std, path) }
