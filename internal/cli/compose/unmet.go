package compose

import (
	"errors"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/runner"
)

// unmet turns the list of missing imports into a diagnostic for each, with what would satisfy it. The
// members of an interface of WASI are known to everybody, so they are listed only if the interface is
// offered without them.
func unmet(f *diag.File, err error) error {
	var u *runner.UnmetError
	if !errors.As(err, &u) {
		return err
	}
	var list diag.List
	helped := make(map[string]bool)
	for _, im := range u.Imports {
		d := diag.Errorf(diag.Span{}, CodeUnmet, "import `%s` of `%s` is not satisfied", im.Name, f.Name)
		if im.Known || !strings.HasPrefix(im.Name, "wasi:") {
			for _, it := range im.Items {
				d.Notef("it needs %s", it)
			}
		}
		switch {
		case im.Nearest == "":
		case im.Known:
			d.Notef("`%s` is what is offered", im.Nearest)
		default:
			d.Notef("`%s` is offered, which is not compatible with it", im.Nearest)
		}
		// The interfaces of a package are missing together, and one remedy is enough.
		if help := satisfy(im); !helped[help] {
			helped[help] = true
			d.Helpf("%s", help)
		}
		list.Add(d)
	}
	return list
}

// satisfy says what would satisfy an import.
func satisfy(im runner.UnmetImport) string {
	switch {
	case im.Known:
		return "the interface is offered, but without these: the component was made for another version of it"
	case strings.HasPrefix(im.Name, "wasi:http/"):
		return "wasi:http is not offered: plug in a component that exports it with compose plug, or make these imports traps with " +
			"--unknown-imports=trap"
	case strings.HasPrefix(im.Name, "wasi:") && strings.Contains(im.Name, "@0.3."):
		return "WASI 0.3 is not offered: build the component for WASI 0.2"
	default:
		return "plug in a component that exports it: compose plug THIS --plug OTHER -o COMPOSED; or make the import a trap with " +
			"--unknown-imports=trap"
	}
}
