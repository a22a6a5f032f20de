package name

import "strings"

// Package identifies a package: `ns:name@1.2.3`. It is comparable.
type Package struct {
	// Namespace is `ns`, or `a:b` if namespaces are nested.
	Namespace string
	Name      string
	// Version is zero if the identifier has none.
	Version Version
}

// String returns the identifier as WIT has it.
func (p Package) String() string { return p.Unversioned() + atVersion(p.Version) }

// Unversioned returns the identifier without its version.
func (p Package) Unversioned() string { return p.Namespace + ":" + p.Name }

// IsZero reports whether p identifies no package.
func (p Package) IsZero() bool { return p == Package{} }

// Nested reports whether the namespace is nested, which the nested-names feature allows.
func (p Package) Nested() bool { return strings.Contains(p.Namespace, ":") }

// Interface returns the identifier of the package's interface (or world) named label.
func (p Package) Interface(label string) Interface { return Interface{Package: p, Name: label} }

// Compare orders packages by namespace, name and precedence of versions.
func (p Package) Compare(q Package) int {
	if c := strings.Compare(p.Namespace, q.Namespace); c != 0 {
		return c
	}
	if c := strings.Compare(p.Name, q.Name); c != 0 {
		return c
	}
	if c := p.Version.Compare(q.Version); c != 0 {
		return c
	}
	return strings.Compare(p.Version.build, q.Version.build)
}

// Interface identifies an interface of a package: `ns:pkg/name@1.2.3`. It is comparable.
type Interface struct {
	Package Package
	// Name is the label of the interface, or `d/e` if projections are nested.
	Name string
}

// String returns the identifier as an import or export has it.
func (i Interface) String() string { return i.Unversioned() + atVersion(i.Package.Version) }

// Unversioned returns the identifier without its version.
func (i Interface) Unversioned() string { return i.Package.Unversioned() + "/" + i.Name }

// IsZero reports whether i identifies no interface.
func (i Interface) IsZero() bool { return i == Interface{} }

// Nested reports whether the namespace or the projection is nested, which the nested-names feature allows.
func (i Interface) Nested() bool { return i.Package.Nested() || strings.Contains(i.Name, "/") }

// TrackName returns the identifier with the track of its version in place of the version: equal for two interfaces
// exactly when one may be linked with the other, as far as names can tell.
func (i Interface) TrackName() string { return i.Unversioned() + atVersion(i.Package.Version.Track()) }

// Key returns what must differ between two interface names in one scope.
func (i Interface) Key() string { return lower(i.Unversioned()) + atVersion(i.Package.Version) }

func atVersion(v Version) string {
	if v.IsZero() {
		return ""
	}
	return "@" + v.String()
}

// ParsePackage parses a package identifier, with or without version. Nested namespaces are accepted; see
// [Package.Nested].
func ParsePackage(s string) (Package, error) {
	p := &parser{text: s, opts: Options{NestedNames: true}}
	pkg, err := p.packageID()
	if err == nil {
		err = p.end()
	}
	if err != nil {
		return Package{}, err
	}
	return pkg, nil
}

// ParseInterface parses an interface name under the given options.
func ParseInterface(s string, opts Options) (Interface, error) {
	p := &parser{text: s, opts: opts}
	x := Extern{text: s}
	if err := p.interfaceName(&x); err != nil {
		return Interface{}, err
	}
	return x.Interface, nil
}
