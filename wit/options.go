package wit

import (
	"io/fs"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/name"
)

// Options say how WIT is read. The zero value is the default.
type Options struct {
	// Features are the names of features whose items, marked `@unstable(feature = name)`, are kept. All others are left out.
	Features []string
	// AllFeatures keeps all of them.
	AllFeatures bool
	// Gates are the gated parts of the component model that may be used. The zero Set means
	// [feature.Default], [feature.None] means none.
	Gates feature.Set
	// Target is the version of the main package to read: what is there `@since` a later one is left out. Zero means all.
	Target name.Version
	// Beside, unless nil, is the folder around that of the package. [Load] looks in its folders for packages that are not in deps: packages that
	// use each other often stand side by side. Only packages with a version are taken, since no other package can have their name.
	Beside fs.FS
	// Name, unless nil, returns what messages call the file or folder at a path of the file system that [Load] reads. Paths of Beside start with
	// `..` if need be.
	Name func(path string) string
	// Decode reads a package that is encoded as WebAssembly, binary or text, where one is found in place of WIT text. Without it such
	// files are errors.
	Decode func(f *diag.File) (*Model, error)
	// Info, if it is not nil, is filled in with what the identifiers of the texts stand for.
	Info *Info
}

// nestedNames tells whether `a:b:c/d` may be written.
func (o Options) nestedNames() bool { return o.Gates.OrDefault().Has(feature.NestedNames) }
