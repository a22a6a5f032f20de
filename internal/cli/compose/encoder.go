package compose

import (
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/componentize/preview1"
	"github.com/mortise-wasm/mortise/internal/cli"
)

// encoderFlags are those of the verbs that make components of core modules.
type encoderFlags struct {
	adapters      []string
	memoryGrow    bool
	returnCallRef bool
	keepVersions  bool
	noNames       bool
	noExitCode    bool
}

func (e *encoderFlags) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVar(&e.adapters, "adapt", nil, "provide what is imported from NAME with an adapter: `[NAME=]FILE`; may be given more than once")
	f.BoolVar(&e.memoryGrow, "realloc-via-memory-grow", false, "let adapters grow the memory instead of calling the module's allocator")
	f.BoolVar(&e.noExitCode, "no-exit-code", false, "let programs for WASI preview 1 only tell success from failure, for hosts without exit-with-code")
	cli.GroupFlags(cmd, "Adapters", "adapt", "realloc-via-memory-grow", "no-exit-code")
	f.BoolVar(&e.returnCallRef, "return-call-ref", false, "tie instances with tail calls through references instead of a table")
	f.BoolVar(&e.keepVersions, "keep-versions", false, "import compatible versions of one interface apart, instead of the highest one")
	f.BoolVar(&e.noNames, "no-names", false, "leave out the names of definitions")
}

// options reads the adapters.
func (e *encoderFlags) options(std *cli.IO) (componentize.Options, error) {
	o := componentize.Options{
		DefaultAdapter:       preview1.Options{NoExitCode: e.noExitCode}.Adapter,
		ReallocViaMemoryGrow: e.memoryGrow, ReturnCallRef: e.returnCallRef, KeepVersions: e.keepVersions, NoNames: e.noNames, Producer: producer(),
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

// nameAndFile splits NAME=FILE. Without a name it is that of the file.
func nameAndFile(arg string) (name, path string) {
	if name, path, ok := strings.Cut(arg, "="); ok {
		return name, path
	}
	return filepath.Base(arg), arg
}
