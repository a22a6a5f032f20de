package wit

import (
	"io/fs"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/name"
)

// Options configures how WIT is read. The zero value is the default.
type Options struct {
	// Features names the features whose items, marked `@unstable(feature = name)`, are kept. All other
	// such items are left out.
	Features []string
	// AllFeatures keeps the items of all features.
	AllFeatures bool
	// Gates are the gated parts of the component model that may be used. The zero Set means
	// [feature.Default], [feature.None] means none.
	Gates feature.Set
	// Target is the version of the main package to read: items `@since` a later version are left out.
	// Zero keeps all items.
	Target name.Version
	// Beside, unless nil, is the parent folder of the package's folder. [Load] searches its folders
	// for packages that are missing in deps, because packages that use each other are often in
	// adjacent folders. It uses only packages with a version, because other packages might share their
	// name.
	Beside fs.FS
	// Name, unless nil, returns the name in messages of a file or folder at a path of the file system
	// that [Load] reads. Paths of Beside may start with `..`.
	Name func(path string) string
	// Decode reads a package that is encoded as WebAssembly, binary or text. If Decode is nil, such
	// files are errors.
	Decode func(f *diag.File) (*Model, error)
	// Info, unless nil, is filled in with the objects that the identifiers of the texts refer to.
	Info *Info
}

// nestedNames reports whether names such as `a:b:c/d` are allowed.
func (o Options) nestedNames() bool { return o.Gates.OrDefault().Has(feature.NestedNames) }
