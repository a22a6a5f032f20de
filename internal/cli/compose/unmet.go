package compose

import (
	"errors"
	"fmt"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/runner"
)

// unmet turns an error about missing imports into a diagnostic for each, with the remedy. It
// returns any other error unchanged.
func unmet(f *diag.File, err error) error {
	var u *runner.UnmetError
	if !errors.As(err, &u) {
		return err
	}
	var list diag.List
	helped := make(map[string]bool)
	for _, im := range u.Imports {
		d := diag.Errorf(diag.Span{}, CodeUnmet, "import `%s` of `%s` is not satisfied", im.Name, f.Name)
		d.Notef("it needs %s", strings.Join(im.Brief(), "\n"))
		switch {
		case im.Nearest == "":
		case im.Known:
			d.Notef("`%s` is offered", im.Nearest)
		default:
			d.Notef("`%s` is offered, but is not compatible with it", im.Nearest)
		}
		// The interfaces of a package are usually missing together, and one remedy is enough.
		if help := remedy(im); !helped[help] {
			helped[help] = true
			d.Helpf("%s", help)
		}
		list.Add(d)
	}
	return list
}

// remedy returns the help text for a missing import. It is the same for all interfaces of a package
// that lack the same.
func remedy(im runner.UnmetImport) string {
	pkg, _, isInterface := strings.Cut(im.Name, "/")
	switch {
	case im.Modules:
		return "only another component can supply a core module: plug in one that exports it: compose plug THIS --plug OTHER " +
			"-o COMPOSED"
	case im.Known:
		return fmt.Sprintf("`%s` is offered without these items: the component was made for another version of it", pkg)
	case pkg == "wasi:http":
		return "wasi:http is not offered: plug in a component that exports it with compose plug, or make these imports traps with " +
			"--unknown-imports=trap"
	case strings.HasPrefix(pkg, "wasi:") && strings.Contains(im.Name, "@0.3."):
		return "WASI 0.3 is not offered: build the component for WASI 0.2"
	case isInterface:
		return fmt.Sprintf("plug in a component that exports `%s`: compose plug THIS --plug OTHER -o COMPOSED; or make its imports traps "+
			"with --unknown-imports=trap", pkg)
	default:
		return "plug in a component that exports it: compose plug THIS --plug OTHER -o COMPOSED; or make the import a trap with " +
			"--unknown-imports=trap"
	}
}
