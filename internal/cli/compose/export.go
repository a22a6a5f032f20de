package compose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// findExport returns the path of the function that a call names: a function that the component
// exports directly, or else one of an exported instance.
func findExport(f *diag.File, inst *runner.Instance, call *value.Call) ([]string, error) {
	t := inst.Type()
	if call.Interface == "" && inst.Func(call.Func) != nil {
		return []string{call.Func}, nil
	}
	var found [][]string
	for _, x := range t.Exports.All() {
		in, ok := x.Type.(*types.Instance)
		if !ok || !matchesInterface(x.Name, call) {
			continue
		}
		if _, ok := in.Exports.Get(call.Func).(*types.Func); ok {
			found = append(found, []string{x.Name, call.Func})
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, noExport(f, t, call)
	}
	d := diag.Errorf(call.NameSpan(), CodeAmbiguous, "several exported interfaces have a function `%s`", call.Func)
	for _, p := range found {
		d.Notef("`%s`", invocation(p[0], p[1]))
	}
	d.Helpf("name the interface too")
	return nil, d
}

// matchesInterface reports whether an export matches the interface in a call, which can be missing,
// a label, or a whole name with or without a version.
func matchesInterface(export string, call *value.Call) bool {
	if call.Interface == "" {
		return true
	}
	in, err := name.ParseInterface(export, name.Options{})
	if err != nil {
		return call.Package.IsZero() && export == call.Interface
	}
	if in.Name != call.Interface {
		return false
	}
	return call.Package.IsZero() || call.Package.Unversioned() == in.Package.Unversioned() &&
		(call.Package.Version.IsZero() || call.Package.Version == in.Package.Version)
}

// invocation returns the name of a function of an exported interface in a call: the version comes
// after the function.
func invocation(export, fn string) string {
	bare, version, ok := strings.Cut(export, "@")
	if ok {
		return bare + "." + fn + "@" + version
	}
	return bare + "." + fn
}

func noExport(f *diag.File, t *types.Component, call *value.Call) error {
	d := diag.Errorf(call.NameSpan(), CodeNoExport, "the component exports no function `%s`", call.Name())
	var names []string
	for _, s := range exportedFuncs(t) {
		names = append(names, s.name)
	}
	if similar, ok := diag.Suggest(call.Func, slices.Values(names)); ok {
		d.Captionf("a function with a similar name exists: `%s`", similar)
	}
	sigs := signatures(t)
	if len(sigs) == 0 {
		d.Notef("`%s` exports no functions", f.Name)
	}
	for _, s := range sigs {
		d.Notef("it exports %s", s)
	}
	return d
}

// An exported is an exported function, with its name in a call.
type exported struct {
	name string
	call string
	typ  *types.Func
}

// exportedFuncs lists the functions that can be called from the command line.
func exportedFuncs(t *types.Component) []exported {
	var out []exported
	for _, x := range t.Exports.All() {
		switch xt := x.Type.(type) {
		case *types.Func:
			out = append(out, exported{x.Name, x.Name, xt})
		case *types.Instance:
			for _, y := range xt.Exports.All() {
				if ft, ok := y.Type.(*types.Func); ok && isPlain(y.Name) {
					out = append(out, exported{y.Name, invocation(x.Name, y.Name), ft})
				}
			}
		}
	}
	return out
}

// isPlain reports whether a name does not belong to a function of a resource. Such functions cannot
// be called from the command line.
func isPlain(name string) bool { return !strings.HasPrefix(name, "[") }

// maxSignatures limits the number of functions that a message lists.
const maxSignatures = 20

func signatures(t *types.Component) []string {
	var out []string
	for _, x := range t.Exports.All() {
		if in, ok := x.Type.(*types.Instance); ok && !slices.ContainsFunc(in.Exports.Names(), isPlain) {
			out = append(out, fmt.Sprintf("the interface `%s`, whose functions cannot be called from the command line", x.Name))
		}
	}
	list := exportedFuncs(t)
	for i, e := range list {
		if i == maxSignatures {
			out = append(out, fmt.Sprintf("%d more functions", len(list)-i))
			break
		}
		out = append(out, fmt.Sprintf("`%s`: %s", e.call, types.TypeString(e.typ)))
	}
	return out
}
