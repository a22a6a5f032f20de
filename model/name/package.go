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

// String returns the identifier in the syntax of WIT.
func (p Package) String() string { return p.Unversioned() + atVersion(p.Version) }

// Unversioned returns the identifier without its version.
func (p Package) Unversioned() string { return p.Namespace + ":" + p.Name }

// IsZero reports whether p identifies no package.
func (p Package) IsZero() bool { return p == Package{} }

// Nested reports whether the namespace is nested, which the nested-names feature allows.
func (p Package) Nested() bool { return strings.Contains(p.Namespace, ":") }

// Interface returns the identifier of the interface (or world) with the given label in the package.
func (p Package) Interface(label string) Interface { return Interface{Package: p, Name: label} }

// Compare orders packages by namespace, then name, then version precedence.
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

// String returns the identifier as in an import or export name.
func (i Interface) String() string { return i.Unversioned() + atVersion(i.Package.Version) }

// Unversioned returns the identifier without its version.
func (i Interface) Unversioned() string { return i.Package.Unversioned() + "/" + i.Name }

// IsZero reports whether i identifies no interface.
func (i Interface) IsZero() bool { return i == Interface{} }

// Nested reports whether the namespace or the projection is nested, which the nested-names feature
// allows.
func (i Interface) Nested() bool { return i.Package.Nested() || strings.Contains(i.Name, "/") }

// TrackName returns the identifier with the track of its version in place of the version. As far as
// names decide, two interfaces can be linked with each other if and only if their TrackNames are
// equal.
func (i Interface) TrackName() string { return i.Unversioned() + atVersion(i.Package.Version.Track()) }

// Key returns the text by which interface names in one scope are compared: two names conflict if
// their keys are equal.
func (i Interface) Key() string { return lower(i.Unversioned()) + atVersion(i.Package.Version) }

func atVersion(v Version) string {
	if v.IsZero() {
		return ""
	}
	return "@" + v.String()
}

// ParsePackage parses a package identifier, with or without a version. It accepts nested
// namespaces; see [Package.Nested].
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

// ParseInterface parses an interface name with the given options.
func ParseInterface(s string, opts Options) (Interface, error) {
	p := &parser{text: s, opts: opts}
	x := Extern{text: s}
	if err := p.interfaceName(&x); err != nil {
		return Interface{}, err
	}
	return x.Interface, nil
}
