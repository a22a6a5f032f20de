package compose

import (
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/componentize/preview1"
	"github.com/mortise-wasm/mortise/internal/cli"
)

// encoderFlags are the flags of the verbs that make components of core modules.
type encoderFlags struct {
	adapters      []string
	memoryGrow    bool
	returnCallRef bool
	keepVersions  bool
	noNames       bool
	noExitCode    bool
	noLegacy      bool
	compatFlags
}

// compatFlags are flags in the spelling of wasm-tools, for existing scripts.
type compatFlags struct {
	merge, debugNames, validate, skipValidation bool
}

func (c *compatFlags) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&c.merge, "merge-imports-based-on-semver", true, "import compatible versions of one interface as the highest one")
	f.BoolVar(&c.debugNames, "debug-names", true, "write the names of definitions")
	f.BoolVar(&c.validate, "validate", true, "validate the resulting component")
	f.BoolVar(&c.skipValidation, "skip-validation", false, "do not validate the resulting component")
	for _, n := range []string{"merge-imports-based-on-semver", "debug-names", "validate"} {
		if err := f.MarkHidden(n); err != nil {
			panic(err) // the flag does not exist
		}
	}
}

func (e *encoderFlags) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVar(&e.adapters, "adapt", nil, "implement the imports from NAME with the adapter in FILE (repeatable): `[NAME=]FILE`")
	f.BoolVar(&e.memoryGrow, "realloc-via-memory-grow", false, "let adapters grow the memory instead of calling the module's allocator")
	f.BoolVar(&e.noExitCode, "no-exit-code", false,
		"reduce exit codes of programs for WASI preview 1 to success or failure, for hosts without exit-with-code")
	cli.GroupFlags(cmd, "Adapters", "adapt", "realloc-via-memory-grow", "no-exit-code")
	f.BoolVar(&e.returnCallRef, "return-call-ref", false, "connect instances with tail calls through references instead of a table")
	f.BoolVar(&e.keepVersions, "keep-versions", false, "import each version of an interface, not only the highest of compatible ones")
	f.BoolVar(&e.noLegacy, "reject-legacy-names", false, "accept only the standard names of imports and exports, which start with cm32p2")
	e.compatFlags.register(cmd)
	f.BoolVar(&e.noNames, "no-names", false, "leave out the names of definitions")
}

// options returns the options for making a component, with the adapters read from their files.
func (e *encoderFlags) options(std *cli.IO) (componentize.Options, error) {
	o := componentize.Options{
		DefaultAdapter:       preview1.Options{NoExitCode: e.noExitCode}.Adapter,
		ReallocViaMemoryGrow: e.memoryGrow, ReturnCallRef: e.returnCallRef, Producer: producer(),
		KeepVersions: e.keepVersions || !e.merge, NoNames: e.noNames || !e.debugNames,
		RejectLegacyNames: e.noLegacy, SkipValidation: e.skipValidation || !e.validate,
	}
	for _, arg := range e.adapters {
		name, path := nameAndFile(arg)
		if path == arg {
			name, _, _ = strings.Cut(name, ".")
		}
		a := componentize.Adapter{Name: name}
		var err error
		if a.File, err = std.ReadBinary(path); err != nil {
			return o, err
		}
		o.Adapters = append(o.Adapters, a)
	}
	return o, nil
}

// nameAndFile splits NAME=FILE. Without NAME, it returns the base name of the file.
func nameAndFile(arg string) (name, path string) {
	if name, path, ok := strings.Cut(arg, "="); ok {
		return name, path
	}
	return filepath.Base(arg), arg
}
