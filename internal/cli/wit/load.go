package wit

import (
	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/wit"
)

// source holds the flags of verbs that read a package.
type source struct{ cli.WITSource }

func (s *source) register(cmd *cobra.Command) { s.Register(cmd) }

// load reads the package at a path, as [cli.WITSource.Load] does.
func (s *source) load(std *cli.IO, path string) (*wit.Model, error) { return s.Load(std, path) }
