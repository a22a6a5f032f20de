package name

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestLabel(t *testing.T) {
	for _, s := range []string{
		"a", "A", "a-b-c", "A-B-C", "a1-2-3", "A1-2-3", "a11-w0rds", "A11-4CR0NYMS", "m1x3d-4CR0NYMS", "is-XML",
		"a0-000-3d4a-54FF", "a-0",
	} {
		if err := CheckLabel(s); err != nil {
			t.Errorf("%q: %v", s, err)
		}
	}
	for s, want := range map[string]int{
		"": 0, "1": 0, "1-2-3": 0, "0-a": 0, "a-": 2, "-": 0, "-a": 0, "a--b": 2, "aB": 1, "Ab": 1, "a-Bc": 3, "¶": 0, "a_b": 1,
		"a0-000-3d4A-54Ff": 10, "a.b": 1,
	} {
		var e *Error
		if err := CheckLabel(s); !errors.As(err, &e) || e.Offset != want ||
			!strings.HasPrefix(e.Msg, "`"+s+"` is not in kebab case") {
			t.Errorf("%q: got %#v, want offset %d", s, err, want)
		}
		if IsLabel(s) {
			t.Errorf("IsLabel(%q)", s)
		}
	}
	if IsWords("a-B") || !IsWords("a-0-b1") {
		t.Error("IsWords")
	}
}

func TestParse(t *testing.T) {
	v123 := NewVersion(1, 2, 3)
	iface := func(ns, pkg, name string, v Version) Interface {
		return Interface{Package: Package{Namespace: ns, Name: pkg, Version: v}, Name: name}
	}
	tests := []struct {
		in   string
		opts Options
		want Extern
	}{
		{"custom-hook", Options{}, Extern{Kind: KindLabel, Label: "custom-hook"}},
		{"[constructor]a-B", Options{}, Extern{Kind: KindConstructor, Resource: "a-B"}},
		{"[method]a-0.b-1", Options{}, Extern{Kind: KindMethod, Resource: "a-0", Label: "b-1"}},
		{"[static]a.b", Options{}, Extern{Kind: KindStatic, Resource: "a", Label: "b"}},
		{"wasi:http/types", Options{}, Extern{Kind: KindInterface, Interface: iface("wasi", "http", "types", Version{})}},
		{"ns-1-a:b-1-c/D-2", Options{}, Extern{Kind: KindInterface, Interface: iface("ns-1-a", "b-1-c", "D-2", Version{})}},
		{"a:b/c@1.2.3", Options{}, Extern{Kind: KindInterface, Interface: iface("a", "b", "c", v123), FullVersion: v123}},
		{"a:b:c/d/e@1.2.3", Options{NestedNames: true}, Extern{
			Kind: KindInterface, Interface: iface("a:b", "c", "d/e", v123), FullVersion: v123,
		}},
		{"a:b/c@1", Options{HasVersionSuffix: true, VersionSuffix: ".2.3"}, Extern{
			Kind: KindInterface, Interface: iface("a", "b", "c", Version{major: 1, parts: 1}), FullVersion: v123,
		}},
		{"a:b/c@0.2", Options{CanonVersions: true}, Extern{
			Kind: KindInterface, Interface: iface("a", "b", "c", Version{minor: 2, parts: 2}), FullVersion: Version{minor: 2, parts: 2},
		}},
		{"unlocked-dep=<a:b@*>", Options{}, Extern{Kind: KindUnlockedDep, Package: Package{Namespace: "a", Name: "b"}, Range: "*"}},
		{"unlocked-dep=<a:b@{>=1.2.3-rc <1.2.3}>", Options{}, Extern{
			Kind: KindUnlockedDep, Package: Package{Namespace: "a", Name: "b"}, Range: ">=1.2.3-rc <1.2.3",
		}},
		{"unlocked-dep=<a:b/c@{<1.2.3}>", Options{}, Extern{
			Kind: KindUnlockedDep, Package: Package{Namespace: "a", Name: "b"}, Projection: "c", Range: "<1.2.3",
		}},
		{"locked-dep=<a:b@1.2.3>,integrity=<sha256-a>", Options{}, Extern{
			Kind: KindLockedDep, Package: Package{Namespace: "a", Name: "b", Version: v123}, Integrity: "sha256-a",
		}},
		{"url=<>", Options{}, Extern{Kind: KindURL}},
		{"url=<a>,integrity=<sha256-a>", Options{}, Extern{Kind: KindURL, URL: "a", Integrity: "sha256-a"}},
		{"integrity=<  sha512-a?abcd  >", Options{}, Extern{Kind: KindIntegrity, Integrity: "  sha512-a?abcd  "}},
		{"integrity=<sha256-///+==>", Options{}, Extern{Kind: KindIntegrity, Integrity: "sha256-///+=="}},
	}
	for _, tt := range tests {
		tt.want.text = tt.in
		got, err := Parse(tt.in, tt.opts)
		if err != nil || got != tt.want {
			t.Errorf("%s:\n got %+v, %v\nwant %+v", tt.in, got, err, tt.want)
		}
		if got.String() != tt.in {
			t.Errorf("%s: String gives %s", tt.in, got)
		}
		if got.Kind == KindInterface && got.Interface.String() != tt.in {
			t.Errorf("%s: Interface.String gives %s", tt.in, got.Interface)
		}
	}
}

// These hashes have the correct length.
const (
	sha256 = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
	sha512 = "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="
)

// Parse accepts a list of hashes of any length unchanged.
func TestIntegrity(t *testing.T) {
	for _, list := range []string{sha256, sha512 + " " + sha256, " " + sha256 + "  " + sha512 + " ", "sha256-a", "sha256-ab==", "sha256-ab=?x"} {
		if x, err := Parse("integrity=<"+list+">", Options{}); err != nil || x.Integrity != list {
			t.Errorf("%q: got %q, %v", list, x.Integrity, err)
		}
	}
}

// A track provides everything that a version on it provides, and every version on it satisfies the
// track.
func TestCompatibleTracks(t *testing.T) {
	for _, tt := range []struct {
		have, want string
		ok         bool
	}{
		{"1", "1.2.0", true},
		{"1.2.0", "1", true},
		{"0.2", "0.2.12", true},
		{"0.2.0", "0.2", true},
		{"1", "1", true},
		{"1", "2.0.0", false},
		{"0.2", "0.3.0", false},
	} {
		parse := func(s string) Version {
			v, err := ParseTrack(s)
			if err != nil {
				v, err = ParseVersion(s)
			}
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		if have, want := parse(tt.have), parse(tt.want); Compatible(have, want) != tt.ok {
			t.Errorf("%s for %s: got %t", tt.have, tt.want, !tt.ok)
		}
	}
	for s, want := range map[string]bool{"1": true, "0.2": true, "0.0.1": false} {
		if v, err := ParseTrack(s); err != nil || v.IsTrack() != want {
			t.Errorf("%s is a track: %t, %v", s, v.IsTrack(), err)
		}
	}
}

// TestParseErrors checks the messages that the test suites of the specification and of wasm-tools
// require, and the offsets of this package.
func TestParseErrors(t *testing.T) {
	suffix := func(s string) Options { return Options{HasVersionSuffix: true, VersionSuffix: s} }
	tests := []struct {
		in     string
		opts   Options
		offset int
		want   string
	}{
		{"", Options{}, 0, "`` is not in kebab case"},
		{"aBc", Options{}, 1, "`aBc` is not in kebab case: a word mixes upper and lower case"},
		{"wasi/http", Options{}, 4, "`wasi/http` is not in kebab case: unexpected `/`"},
		{"wasi:", Options{}, 5, "`` is not in kebab case"},
		{"wasi:/", Options{}, 5, "`` is not in kebab case"},
		{":/", Options{}, 0, "`` is not in kebab case"},
		{"1:a/b", Options{}, 0, "`1` is not in kebab case: it starts with a digit"},
		{"wasi:http/TyPeS", Options{}, 11, "`TyPeS` is not in kebab case: a word mixes upper and lower case"},
		{"ns:pkg-A/b", Options{}, 7, "character `A` is not lowercase in package name/namespace"},
		{"ns:pkg/é", Options{}, 7, "`é` is not in kebab case: unexpected `é`"},
		{"ns:pkg", Options{}, 6, "expected `/` after package name"},
		{"ns:pkg@1.0.0", Options{}, 6, "expected `/` after package name"},
		{"foo:bar:baz/qux", Options{}, 7, "expected `/` after package name"},
		{"foo:bar/baz/qux", Options{}, 11, "trailing characters found: `/qux`"},
		{"[constructor]", Options{}, 13, "`` is not in kebab case"},
		{"[method]a", Options{}, 9, "failed to find `.` character"},
		{"[method].a", Options{}, 8, "`` is not in kebab case"},
		{"[method]a.b.c", Options{}, 11, "`b.c` is not in kebab case: unexpected `.`"},
		{"[foo]a", Options{}, 0, "`[foo]a` is not in kebab case: unexpected `[`"},
		{"a:b/c@", Options{}, 6, "invalid interface version: empty string, expected a semver version"},
		{"a:b/c@.", Options{}, 6, "invalid interface version: unexpected character '.' while parsing major version number"},
		{"a:b/c@1", Options{}, 7, "invalid interface version: unexpected end of input while parsing major version number"},
		{"a:b/c@1.", Options{}, 8, "invalid interface version: unexpected end of input while parsing minor version number"},
		{"a:b/c@2.0x0", Options{}, 9, "invalid interface version: unexpected character 'x' after minor version number"},
		{"a:b/c@1.2.3", suffix(".4"), 7, "invalid interface version: unexpected character '.' after canonical version"},
		{"a:b/c@1", suffix("2.3"), 7, "invalid interface version: unexpected end of input while parsing minor version number"},
		{"a:b/c@1", suffix(".2"), 7, "invalid interface version: unexpected end of input while parsing minor version number"},
		{"a:b/c", suffix(".2"), 5, "invalid interface version: a version suffix needs a version to complete"},
		{"unlocked-dep=", Options{}, 13, "expected `<` at ``"},
		{"unlocked-dep=<a:>", Options{}, 16, "`` is not in kebab case"},
		{"unlocked-dep=<a:a@>", Options{}, 18, "expected `{` at `>`"},
		{"unlocked-dep=<a:a@{xyz}>", Options{}, 19, "expected `>=` or `<` at start of version range"},
		{"unlocked-dep=<a:a@{<xyz}>", Options{}, 20, "`xyz` is not a valid semver: unexpected character 'x' while parsing major version number"},
		{"unlocked-dep=<a:a@{<1.2.3 >=2.3.4}>", Options{}, 25, "`1.2.3 >=2.3.4` is not a valid semver: unexpected character ' ' after patch version number"},
		{"unlocked-dep=<a:a@{>=xyz}>", Options{}, 21, "`xyz` is not a valid semver: unexpected character 'x' while parsing major version number"},
		{"unlocked-dep=<a:a@{>=1.2.3 <xyz}>", Options{}, 28, "`xyz` is not a valid semver: unexpected character 'x' while parsing major version number"},
		{"unlocked-dep=<a:a@{>=1.2.3 2.0.0}>", Options{}, 27, "expected `<` before the version that ends the range"},
		{"locked-dep=<a:a", Options{}, 15, "expected `>` at ``"},
		{"locked-dep=<a:a@1.2.3>,", Options{}, 23, "expected `integrity=<` at ``"},
		{"locked-dep=<a:a@1.2.3>x", Options{}, 22, "trailing characters found: `x`"},
		{"url=<", Options{}, 5, "failed to find `>` character"},
		{"url=<<>", Options{}, 5, "url cannot contain `<`"},
		{"relative-url=<a>", Options{}, 12, "`relative-url=<a>` is not in kebab case: unexpected `=`"},
		{"integrity=<>", Options{}, 11, "integrity hash cannot be empty"},
		{"integrity=<sha256>", Options{}, 17, "expected `-` after hash algorithm: sha256"},
		{"integrity=<sha256-a sha256-==>", Options{}, 27, "not valid base64: `==`"},
		{"integrity=<sha256-a===>", Options{}, 18, "not valid base64: `a===`"},
		{"integrity=<" + sha512 + " " + sha256 + " md5-ABC>", Options{}, 13 + len(sha512) + len(sha256), "unrecognized hash algorithm: `md5-ABC`"},
		{"integrity=<md5-ABC>", Options{}, 11, "unrecognized hash algorithm: `md5-ABC`"},
	}
	for _, tt := range tests {
		_, err := Parse(tt.in, tt.opts)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%s: no error", tt.in)
			continue
		}
		if e.Msg != tt.want || e.Offset != tt.offset || e.Text[:min(len(tt.in), len(e.Text))] != tt.in {
			t.Errorf("%s:\n got %d: %s\nwant %d: %s", tt.in, e.Offset, e.Msg, tt.offset, tt.want)
		}
	}
}

// TestStronglyUnique checks the example of Explainer.md, "Name Uniqueness".
func TestStronglyUnique(t *testing.T) {
	seen := map[string]string{}
	for _, s := range []string{"foo", "foo-bar", "[constructor]foo", "[method]foo.bar", "[static]foo.baz", "foo:bar/baz"} {
		x, err := Parse(s, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if old, ok := seen[x.Key()]; ok {
			t.Errorf("%s conflicts with %s", s, old)
		}
		seen[x.Key()] = s
	}
	for _, s := range []string{
		"foo", "FOO", "foo-BAR", "[constructor]FOO", "[method]foo.BAR", "[static]foo.bar", "[method]foo.baz", "[method]foo.foo",
		"[static]foo-BAR.FOO-bar", "foo:bar/BAZ",
	} {
		x, err := Parse(s, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := seen[x.Key()]; !ok {
			t.Errorf("%s does not conflict", s)
		}
	}
}

func TestVersion(t *testing.T) {
	// The versions are in order of precedence. The first six are the example of semver.org, section
	// 11.
	sorted := []string{
		"1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",
		"1.0.0", "1.0.1", "1.2.0-0", "1.2.0", "2.0.0", "10.0.0", "18446744073709551615.0.0",
	}
	for i, a := range sorted {
		va, err := ParseVersion(a)
		if err != nil || va.String() != a {
			t.Errorf("%s: got %s, %v", a, va, err)
		}
		for j, b := range sorted {
			vb, _ := ParseVersion(b)
			want := 0
			if i < j {
				want = -1
			} else if i > j {
				want = +1
			}
			if got := va.Compare(vb); got != want {
				t.Errorf("Compare(%s, %s) = %d, want %d", a, b, got, want)
			}
		}
	}
	build, err := ParseVersion("1.0.0-alpha.0+001.x-y")
	if err != nil || build.Pre() != "alpha.0" || build.Build() != "001.x-y" {
		t.Errorf("got %q, %q, %v", build.Pre(), build.Build(), err)
	}
	for _, s := range []string{
		"", "1", "1.2", "01.2.3", "1.02.3", "1.2.3-", "1.2.3+", "1.2.3-a..b", "1.2.3-01", "1.2.3 ", "v1.2.3", "1.2.3.4",
		"18446744073709551616.0.0", "-1.0.0", "1.2.3-é", "1.2.3+a+b",
	} {
		if v, err := ParseVersion(s); err == nil {
			t.Errorf("%q is accepted as %s", s, v)
		}
	}
}

func TestTrack(t *testing.T) {
	for _, tt := range []struct{ in, canon, suffix, track string }{
		{"1.2.3", "1", ".2.3", "1"},
		{"0.2.6-rc.1", "0.2", ".6-rc.1", "0.2.6-rc.1"},
		{"0.0.1-alpha", "0.0.1", "-alpha", "0.0.1-alpha"},
		{"0.0.1", "0.0.1", "", "0.0.1"},
		{"0.0.0", "0.0.0", "", "0.0.0"},
		{"0.0.1+b", "0.0.1", "+b", "0.0.1"},
		{"1.0.0-rc+b", "1", ".0.0-rc+b", "1.0.0-rc"},
	} {
		v, err := ParseVersion(tt.in)
		if err != nil {
			t.Fatal(err)
		}
		canon, suffix := v.Canon()
		if canon.String() != tt.canon || suffix != tt.suffix || v.Track().String() != tt.track {
			t.Errorf("%s: got %s, %s, %s", tt.in, canon, suffix, v.Track())
		}
		if p, err := ParseTrack(tt.canon); err != nil || p != canon {
			t.Errorf("ParseTrack(%s) = %v, %v", tt.canon, p, err)
		}
	}
	for _, s := range []string{"", "0", "0.0", "1.2", "0.1.2", "01", "1-a"} {
		if v, err := ParseTrack(s); err == nil {
			t.Errorf("track %q is accepted as %s", s, v)
		}
	}
	for _, tt := range []struct {
		have, want string
		track, ok  bool
	}{
		{"0.2.3", "0.2.3", true, true},
		{"0.2.3", "0.2.1", true, true},
		{"0.2.1", "0.2.3", true, false},
		{"0.3.0", "0.2.3", false, false},
		{"1.0.0", "2.0.0", false, false},
		{"1.5.0", "1.2.9", true, true},
		{"1.5.0-rc", "1.5.0", false, false},
		{"1.5.0-rc+a", "1.5.0-rc+b", true, true},
	} {
		h, _ := ParseVersion(tt.have)
		w, _ := ParseVersion(tt.want)
		if SameTrack(h, w) != tt.track || Compatible(h, w) != tt.ok {
			t.Errorf("%s for %s: got %v, %v", tt.have, tt.want, SameTrack(h, w), Compatible(h, w))
		}
	}
}

func TestPackage(t *testing.T) {
	p, err := ParsePackage("a:b:c@0.2.0")
	if err != nil || p.Namespace != "a:b" || p.Name != "c" || !p.Nested() || p.String() != "a:b:c@0.2.0" {
		t.Errorf("got %+v, %v", p, err)
	}
	if got := p.Interface("d").TrackName(); got != "a:b:c/d@0.2" {
		t.Errorf("TrackName: %s", got)
	}
	for _, s := range []string{"", "a", "a:", "a:b/c", "a:b@1", "a:B"} {
		if p, err := ParsePackage(s); err == nil {
			t.Errorf("%q is accepted as %v", s, p)
		}
	}
	ids := []string{"a:b", "a:b@1.0.0", "a:b@1.0.0+x", "a:c", "b:a"}
	var got []Package
	for _, s := range ids {
		p, _ := ParsePackage(s)
		got = append(got, p)
	}
	if !slices.IsSortedFunc(got, Package.Compare) {
		t.Errorf("not sorted: %v", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"a-B", "[method]a.b", "a:b/c@1.2.3-x.0+y", "a:b:c/d/e", "unlocked-dep=<a:b@{>=1.2.3 <1.2.3}>",
		"locked-dep=<a:b@1.2.3>,integrity=<sha256-a>", "url=<a>", "integrity=< sha512-a sha256-b >",
	} {
		f.Add(s, ".2.3")
	}
	f.Fuzz(func(t *testing.T, s, suffix string) {
		for _, opts := range []Options{{}, {NestedNames: true, CanonVersions: true}, {HasVersionSuffix: true, VersionSuffix: suffix}} {
			x, err := Parse(s, opts)
			if err != nil {
				if e := err.(*Error); e.Offset < 0 || e.Offset > len(s) {
					t.Errorf("%q: offset %d", s, e.Offset)
				}
				continue
			}
			if x.Kind == KindInterface && x.Interface.String() != s {
				t.Errorf("%q became %s", s, x.Interface)
			}
			_ = x.Key()
		}
		if p, err := ParsePackage(s); err == nil && p.String() != s {
			t.Errorf("package %q became %s", s, p)
		}
	})
}
