package cli

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/binary"
)

// A WITSource reads WIT packages for verbs. It holds the flags that select features and versions.
type WITSource struct {
	Feats  FeatureFlags
	Target string
}

// Register declares the flags.
func (s *WITSource) Register(cmd *cobra.Command) {
	s.Feats.register(cmd, true)
	cmd.Flags().StringVar(&s.Target, "target", "", "leave out items that are @since a version after `VERSION`")
	completeFlag(cmd, "target", completeTarget)
	GroupFlags(cmd, "Input", "features", "all-features", "target")
}

// Options returns the options for reading a package that the flags select.
func (s *WITSource) Options() (wit.Options, error) {
	gates, _ := s.Feats.ParseOpen(feature.All())
	o := wit.Options{AllFeatures: s.Feats.All, Gates: gates, Decode: decodeWIT}
	for _, list := range s.Feats.Lists {
		for _, f := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
			if !strings.HasPrefix(f, "-") {
				o.Features = append(o.Features, f)
			}
		}
	}
	if s.Target != "" {
		v, err := name.ParseVersion(s.Target)
		if err != nil {
			return o, Usagef("--target: %w", err)
		}
		o.Target = v
	}
	return o, nil
}

// decodeWIT decodes the WIT in a WebAssembly binary, or in its text format.
func decodeWIT(f *diag.File) (*wit.Model, error) {
	if !f.Binary {
		var err error
		if f, err = wat.Assemble(f); err != nil {
			return nil, err
		}
	}
	return binary.DecodeWIT(f)
}

// Load reads the package at a path: a file, or a folder whose dependencies are in its folder deps
// or in folders beside it. It reports warnings to std.Err.
func (s *WITSource) Load(std *IO, path string) (*wit.Model, error) {
	o, err := s.Options()
	if err != nil {
		return nil, err
	}
	var m *wit.Model
	var list diag.List
	if path == "-" {
		f, err := std.ReadFile(path)
		if err != nil {
			return nil, err
		}
		m, list = wit.Parse(f, o)
	} else {
		dir, base := filepath.Split(filepath.Clean(path))
		if dir == "" {
			dir = "."
		}
		around := dir
		if base == "." || base == ".." || base == "" {
			dir, base, around = path, ".", filepath.Join(path, "..")
		}
		o.Beside = os.DirFS(around)
		o.Name = func(p string) string { return filepath.Join(dir, filepath.FromSlash(p)) }
		m, list = wit.Load(os.DirFS(dir), filepath.ToSlash(base), o)
	}
	if list.HasErrors() {
		return nil, list
	}
	if len(list) > 0 {
		if err := std.Report(list, diag.Text); err != nil {
			return nil, err
		}
	}
	return m, nil
}
