package name

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Kind is the form of an extern name. The zero value is invalid.
type Kind uint8

// The forms of extern names.
const (
	KindLabel       Kind = iota + 1 // `l`
	KindConstructor                 // `[constructor]r`
	KindMethod                      // `[method]r.l`
	KindStatic                      // `[static]r.l`
	KindInterface                   // `ns:pkg/iface@1.2.3`
	KindUnlockedDep                 // `unlocked-dep=<ns:pkg@{>=1.0.0 <2.0.0}>`
	KindLockedDep                   // `locked-dep=<ns:pkg@1.0.0>,integrity=<…>`
	KindURL                         // `url=<…>,integrity=<…>`
	KindIntegrity                   // `integrity=<sha256-…>`
)

var kindNames = [...]string{
	KindLabel: "label", KindConstructor: "constructor", KindMethod: "method", KindStatic: "static",
	KindInterface: "interface", KindUnlockedDep: "unlocked-dep", KindLockedDep: "locked-dep", KindURL: "url",
	KindIntegrity: "integrity",
}

// String returns the word for the form.
func (k Kind) String() string {
	if k == 0 || int(k) >= len(kindNames) {
		return fmt.Sprintf("Kind(%d)", uint8(k))
	}
	return kindNames[k]
}

// IsPlain reports whether the form is a plainname of Explainer.md.
func (k Kind) IsPlain() bool { return k >= KindLabel && k <= KindStatic }

// IsImplementation reports whether the form names an implementation. Only imports may have such
// names.
func (k Kind) IsImplementation() bool { return k >= KindUnlockedDep }

// Extern is a parsed import or export name.
type Extern struct {
	Kind Kind
	// Label is the label for [KindLabel], and the label of the function for [KindMethod] and
	// [KindStatic].
	Label string
	// Resource is the label of the resource of a constructor, method or static function.
	Resource string
	// Interface is the interface, for [KindInterface]. If Options.VersionSuffix was given, its version
	// is only the track.
	Interface Interface
	// FullVersion is the version of the interface with its suffix appended.
	FullVersion Version
	// Package is the package for [KindUnlockedDep] and [KindLockedDep]. Projection is the rest of the
	// path after the package and a `/`.
	Package    Package
	Projection string
	// Range is the version range for [KindUnlockedDep]: "", "*", or comparisons such as
	// `>=1.0.0 <2.0.0`.
	Range string
	// URL is the address for [KindURL]. It can be empty.
	URL string
	// Integrity is the integrity metadata, or "".
	Integrity string

	text string
}

// String returns the name as it was parsed.
func (x Extern) String() string { return x.text }

// Key returns the text by which names are compared for strong uniqueness: two names are strongly
// unique if their keys differ (Explainer.md, "Name Uniqueness").
func (x Extern) Key() string {
	switch x.Kind {
	case KindLabel:
		return lower(x.Label)
	case KindConstructor:
		return "[constructor]" + lower(x.Resource)
	case KindMethod, KindStatic:
		r, l := lower(x.Resource), lower(x.Label)
		if r == l {
			return l
		}
		return r + "." + l
	case KindInterface:
		return x.Interface.Key()
	default:
		return x.text
	}
}

// Constructor returns the name of the constructor of a resource.
func Constructor(resource string) string { return "[constructor]" + resource }

// Method returns the name of a method of a resource.
func Method(resource, label string) string { return "[method]" + resource + "." + label }

// Static returns the name of a static function of a resource.
func Static(resource, label string) string { return "[static]" + resource + "." + label }

// Options enables the gated parts of the grammar. The zero value is the grammar without these
// parts.
type Options struct {
	// NestedNames allows nested namespaces and projections: `a:b:c/d/e`.
	NestedNames bool
	// CanonVersions allows canonical versions: `a:b/c@1`.
	CanonVersions bool
	// VersionSuffix is the value of the versionsuffix attribute of the name, if HasVersionSuffix is
	// set. The name must then have a canonical version, and the suffix must complete it to a valid
	// semantic version.
	VersionSuffix    string
	HasVersionSuffix bool
}

// Parse parses an import or export name. The caller must also check that the name of an export is
// not [Kind.IsImplementation].
func Parse(s string, opts Options) (Extern, error) {
	p := &parser{text: s, opts: opts}
	x := Extern{text: s}
	if err := p.extern(&x); err != nil {
		return Extern{}, err
	}
	return x, nil
}

// parser reads text from pos on. Its messages are those that the test suites of the specification
// and of other validators quote.
type parser struct {
	text string
	pos  int
	opts Options
}

func (p *parser) rest() string { return p.text[p.pos:] }

func (p *parser) errorf(format string, args ...any) *Error {
	return errorf(p.text, p.pos, format, args...)
}

func (p *parser) eat(prefix string) bool {
	if strings.HasPrefix(p.rest(), prefix) {
		p.pos += len(prefix)
		return true
	}
	return false
}

func (p *parser) expect(prefix string) error {
	if !p.eat(prefix) {
		return p.errorf("expected `%s` at `%s`", prefix, p.rest())
	}
	return nil
}

func (p *parser) end() error {
	if p.pos < len(p.text) {
		return p.errorf("trailing characters found: `%s`", p.rest())
	}
	return nil
}

// upTo reads the text up to the next c, which must exist.
func (p *parser) upTo(c byte) (string, error) {
	i := strings.IndexByte(p.rest(), c)
	if i < 0 {
		return "", errorf(p.text, len(p.text), "failed to find `%c` character", c)
	}
	s := p.rest()[:i]
	p.pos += i
	return s, nil
}

// label reads the rest of the text as a label.
func (p *parser) label() (string, error) {
	s, at := p.rest(), p.pos
	p.pos = len(p.text)
	if err := checkLabel(p.text, at, s); err != nil {
		return "", err
	}
	return s, nil
}

// run reads the letters, digits and hyphens that follow and checks them.
func (p *parser) run(check func(string, int, string) *Error) (string, error) {
	start := p.pos
	for p.pos < len(p.text) && isIdent(p.text[p.pos]) {
		p.pos++
	}
	if p.pos < len(p.text) && p.text[p.pos] >= utf8.RuneSelf {
		// A non-ASCII letter was meant to be part of the label.
		p.pos = len(p.text)
	}
	s := p.text[start:p.pos]
	if err := check(p.text, start, s); err != nil {
		return "", err
	}
	return s, nil
}

func (p *parser) extern(x *Extern) error {
	switch {
	case p.eat("[constructor]"):
		x.Kind = KindConstructor
		var err error
		x.Resource, err = p.label()
		return err
	case p.eat("[method]"):
		x.Kind = KindMethod
		return p.member(x)
	case p.eat("[static]"):
		x.Kind = KindStatic
		return p.member(x)
	case p.eat("unlocked-dep="):
		x.Kind = KindUnlockedDep
		return p.unlockedDep(x)
	case p.eat("locked-dep="):
		x.Kind = KindLockedDep
		return p.lockedDep(x)
	case p.eat("url="):
		x.Kind = KindURL
		return p.url(x)
	case p.eat("integrity="):
		x.Kind = KindIntegrity
		if err := p.integrity(x); err != nil {
			return err
		}
		return p.end()
	case strings.Contains(p.text, ":"):
		return p.interfaceName(x)
	default:
		x.Kind = KindLabel
		var err error
		x.Label, err = p.label()
		return err
	}
}

func (p *parser) member(x *Extern) error {
	at := p.pos
	resource, err := p.upTo('.')
	if err != nil {
		return err
	}
	if err := checkLabel(p.text, at, resource); err != nil {
		return err
	}
	p.pos++
	x.Resource = resource
	x.Label, err = p.label()
	return err
}

// interfaceName reads the rest of the text as an interface name.
func (p *parser) interfaceName(x *Extern) error {
	x.Kind = KindInterface
	var err error
	if x.Interface.Package, err = p.path(); err != nil {
		return err
	}
	if !p.eat("/") {
		return p.errorf("expected `/` after package name")
	}
	if x.Interface.Name, err = p.projection(); err != nil {
		return err
	}
	if !p.eat("@") {
		if err := p.end(); err != nil {
			return err
		}
		if p.opts.HasVersionSuffix {
			return p.errorf("invalid interface version: a version suffix needs a version to complete")
		}
		return nil
	}
	v, full, verr := p.interfaceVersion()
	if verr != nil {
		verr.Msg = "invalid interface version: " + verr.Msg
		return verr
	}
	x.Interface.Package.Version, x.FullVersion = v, full
	return nil
}

func (p *parser) interfaceVersion() (v, full Version, err *Error) {
	s, at := p.rest(), p.pos
	p.pos = len(p.text)
	if p.opts.HasVersionSuffix {
		if v, err = parseTrack(p.text, at, s); err != nil {
			return v, v, err
		}
		full, err = parseVersion(p.text, at, s+p.opts.VersionSuffix)
		if err != nil {
			err.Offset = min(err.Offset, len(p.text)) // the suffix is not part of the name
		}
		return v, full, err
	}
	if v, err = parseVersion(p.text, at, s); err != nil && p.opts.CanonVersions {
		if t, terr := parseTrack(p.text, at, s); terr == nil {
			v, err = t, nil
		}
	}
	return v, v, err
}

// path reads `ns:name`, or `a:b:name` if nested names are allowed.
func (p *parser) path() (Package, error) {
	start := p.pos
	if _, err := p.run(checkWords); err != nil {
		return Package{}, err
	}
	if err := p.expect(":"); err != nil {
		return Package{}, err
	}
	name, err := p.run(checkWords)
	if err != nil {
		return Package{}, err
	}
	for p.opts.NestedNames && p.eat(":") {
		if name, err = p.run(checkWords); err != nil {
			return Package{}, err
		}
	}
	return Package{Namespace: p.text[start : p.pos-len(name)-1], Name: name}, nil
}

func (p *parser) projection() (string, error) {
	start := p.pos
	if _, err := p.run(checkLabel); err != nil {
		return "", err
	}
	for p.opts.NestedNames && p.eat("/") {
		if _, err := p.run(checkLabel); err != nil {
			return "", err
		}
	}
	return p.text[start:p.pos], nil
}

func (p *parser) packageID() (Package, error) {
	pkg, err := p.path()
	if err != nil {
		return Package{}, err
	}
	if p.eat("@") {
		s, at := p.rest(), p.pos
		p.pos = len(p.text)
		if pkg.Version, err = p.semver(at, s); err != nil {
			return Package{}, err
		}
	}
	return pkg, nil
}
