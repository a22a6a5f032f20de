package name

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Version is a version of a package: a semantic version such as `1.2.3-rc.1+build`, or a track,
// which is the part that compatible versions share, such as `1` or `0.2` (see [Version.IsTrack]).
// The zero value means no version. The operator == compares all parts of a version;
// [Version.Compare] compares precedence.
type Version struct {
	major, minor, patch uint64
	pre, build          string
	// parts counts the numbers in the version: 0 for no version, 1 or 2 for a track, 3 otherwise.
	parts uint8
}

// NewVersion returns the version major.minor.patch.
func NewVersion(major, minor, patch uint64) Version {
	return Version{major: major, minor: minor, patch: patch, parts: 3}
}

// IsZero reports whether v is the zero Version, which means no version.
func (v Version) IsZero() bool { return v.parts == 0 }

// IsTrack reports whether v lacks a minor or a patch number. (`0.0.1` and `0.0.0` are both full
// versions and tracks; they count as full versions.)
func (v Version) IsTrack() bool { return v.parts == 1 || v.parts == 2 }

// Major returns the first number.
func (v Version) Major() uint64 { return v.major }

// Minor returns the second number, or 0 if v has none.
func (v Version) Minor() uint64 { return v.minor }

// Patch returns the third number, or 0 if v has none.
func (v Version) Patch() uint64 { return v.patch }

// Pre returns the pre-release part without its hyphen, or "".
func (v Version) Pre() string { return v.pre }

// Build returns the build metadata without the plus sign, or "".
func (v Version) Build() string { return v.build }

// String returns the version in the form used after the `@`, or "" for no version.
func (v Version) String() string {
	if v.parts == 0 {
		return ""
	}
	b := strconv.AppendUint(nil, v.major, 10)
	if v.parts > 1 {
		b = strconv.AppendUint(append(b, '.'), v.minor, 10)
	}
	if v.parts > 2 {
		b = strconv.AppendUint(append(b, '.'), v.patch, 10)
	}
	if v.pre != "" {
		b = append(append(b, '-'), v.pre...)
	}
	if v.build != "" {
		b = append(append(b, '+'), v.build...)
	}
	return string(b)
}

// ParseVersion parses a full semantic version.
func ParseVersion(s string) (Version, error) {
	v, err := parseVersion(s, 0, s)
	if err != nil {
		return Version{}, err
	}
	return v, nil
}

// ParseTrack parses a canonical version (Explainer.md, `canonversion`): `1`, `0.2`, `0.0.3` or
// `0.0.0`.
func ParseTrack(s string) (Version, error) {
	v, err := parseTrack(s, 0, s)
	if err != nil {
		return Version{}, err
	}
	return v, nil
}

// Canon splits v as in Explainer.md, "Canonical Interface Name": into a canonical version and a
// suffix that completes it to v. `0.2.6-rc.1` gives `0.2` and ".6-rc.1".
func (v Version) Canon() (track Version, suffix string) {
	if v.parts < 3 {
		return v, ""
	}
	track = Version{major: v.major, minor: v.minor, patch: v.patch, parts: 3}
	switch {
	case v.major > 0:
		track = Version{major: v.major, parts: 1}
	case v.minor > 0:
		track = Version{minor: v.minor, parts: 2}
	}
	return track, v.String()[len(track.String()):]
}

// Track returns the part that two versions have in common if one may replace the other. This is the
// canonical version. A pre-release promises no compatibility, so its track is the pre-release
// itself without build metadata.
func (v Version) Track() Version {
	if v.pre != "" {
		v.build = ""
		return v
	}
	t, _ := v.Canon()
	return t
}

// SameTrack reports whether a and b promise compatibility with each other. Two zero versions are on
// the same track.
func SameTrack(a, b Version) bool { return a.Track() == b.Track() }

// Compatible reports whether version have provides everything that a user of version want relies
// on: it is on the same track and not older. A track without a patch number is assumed to be new
// enough.
func Compatible(have, want Version) bool {
	return SameTrack(have, want) && (have.IsTrack() || want.IsTrack() || have.Compare(want) >= 0)
}

// Compare returns -1, 0 or +1 by the precedence of Semantic Versioning 2.0.0, section 11. It
// ignores build metadata. No version precedes every version.
func (v Version) Compare(w Version) int {
	switch {
	case v.parts == 0 || w.parts == 0:
		return cmp.Compare(min(v.parts, 1), min(w.parts, 1))
	case v.major != w.major:
		return cmp.Compare(v.major, w.major)
	case v.minor != w.minor:
		return cmp.Compare(v.minor, w.minor)
	case v.patch != w.patch:
		return cmp.Compare(v.patch, w.patch)
	}
	return comparePre(v.pre, w.pre)
}

func comparePre(a, b string) int {
	if a == b {
		return 0
	}
	if a == "" || b == "" {
		return cmp.Compare(len(b), len(a)) // the release comes after its pre-releases
	}
	for {
		x, restA, moreA := strings.Cut(a, ".")
		y, restB, moreB := strings.Cut(b, ".")
		if c := comparePreSegment(x, y); c != 0 {
			return c
		}
		if !moreA || !moreB {
			switch {
			case moreB:
				return -1
			case moreA:
				return +1
			}
			return 0
		}
		a, b = restA, restB
	}
}

func comparePreSegment(x, y string) int {
	nx, ny := allDigits(x), allDigits(y)
	switch {
	case nx && ny && len(x) != len(y): // without leading zeros, the longer number is larger
		return cmp.Compare(len(x), len(y))
	case nx && !ny:
		return -1
	case ny && !nx:
		return +1
	}
	return strings.Compare(x, y)
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// versionParser reads a version at offset base in text. Its messages are those that the test suite
// of the specification quotes.
type versionParser struct {
	text string
	base int
	s    string
	pos  int
}

func (p *versionParser) errorf(format string, args ...any) *Error {
	return errorf(p.text, p.base+p.pos, format, args...)
}

// unexpected reports the character at pos, or the end of the text. Where and part describe the text
// read so far, such as "while parsing x" or "after x".
func (p *versionParser) unexpected(where, part string) *Error {
	if p.pos == len(p.s) {
		return p.errorf("unexpected end of input while parsing %s", part)
	}
	r, _ := utf8.DecodeRuneInString(p.s[p.pos:])
	return p.errorf("unexpected character '%s' %s %s", quoteRune(r), where, part)
}

func quoteRune(r rune) string {
	if r < ' ' || r == utf8.RuneError {
		return fmt.Sprintf("\\u{%x}", r)
	}
	return string(r)
}

func parseVersion(text string, base int, s string) (Version, *Error) {
	p := &versionParser{text: text, base: base, s: s}
	if s == "" {
		return Version{}, p.errorf("empty string, expected a semver version")
	}
	v := Version{parts: 3}
	numbers := [...]struct {
		dst  *uint64
		part string
	}{{&v.major, "major version number"}, {&v.minor, "minor version number"}, {&v.patch, "patch version number"}}
	for i, n := range numbers {
		if i > 0 && !p.eat('.') {
			return Version{}, p.unexpected("after", numbers[i-1].part)
		}
		var err *Error
		if *n.dst, err = p.number(n.part); err != nil {
			return Version{}, err
		}
	}
	last := "patch version number"
	var err *Error
	if p.eat('-') {
		last = "pre-release identifier"
		if v.pre, err = p.identifiers(last, true); err != nil {
			return Version{}, err
		}
	}
	if p.eat('+') {
		last = "build metadata"
		if v.build, err = p.identifiers(last, false); err != nil {
			return Version{}, err
		}
	}
	if p.pos < len(s) {
		return Version{}, p.unexpected("after", last)
	}
	return v, nil
}

func parseTrack(text string, base int, s string) (Version, *Error) {
	p := &versionParser{text: text, base: base, s: s}
	if s == "" {
		return Version{}, p.errorf("empty string, expected a canonical version")
	}
	var v Version
	var err *Error
	// A track ends after its first nonzero number, or after the third number.
	for _, n := range []struct {
		dst  *uint64
		part string
	}{{&v.major, "major version number"}, {&v.minor, "minor version number"}, {&v.patch, "patch version number"}} {
		if v.parts > 0 && !p.eat('.') {
			return Version{}, p.unexpected("after", "version number")
		}
		if *n.dst, err = p.number(n.part); err != nil {
			return Version{}, err
		}
		v.parts++
		if *n.dst > 0 {
			break
		}
	}
	if p.pos < len(s) {
		return Version{}, p.unexpected("after", "canonical version")
	}
	return v, nil
}

func (p *versionParser) eat(c byte) bool {
	if p.pos < len(p.s) && p.s[p.pos] == c {
		p.pos++
		return true
	}
	return false
}

func (p *versionParser) number(part string) (uint64, *Error) {
	start := p.pos
	var v uint64
	for p.pos < len(p.s) && p.s[p.pos] >= '0' && p.s[p.pos] <= '9' {
		if p.pos > start && v == 0 {
			p.pos = start
			return 0, p.errorf("invalid leading zero in %s", part)
		}
		d := uint64(p.s[p.pos] - '0')
		if v > (math.MaxUint64-d)/10 {
			p.pos = start
			return 0, p.errorf("value of %s exceeds u64::MAX", part)
		}
		v = v*10 + d
		p.pos++
	}
	if p.pos == start {
		return 0, p.unexpected("while parsing", part)
	}
	return v, nil
}

// identifiers reads dot-separated segments up to the first character that cannot be part of one.
func (p *versionParser) identifiers(part string, noLeadingZero bool) (string, *Error) {
	start := p.pos
	for segment := p.pos; ; segment = p.pos {
		for p.pos < len(p.s) && isIdent(p.s[p.pos]) {
			p.pos++
		}
		id := p.s[segment:p.pos]
		if id == "" {
			return "", p.errorf("empty identifier segment in %s", part)
		}
		if noLeadingZero && len(id) > 1 && id[0] == '0' && allDigits(id) {
			p.pos = segment
			return "", p.errorf("invalid leading zero in %s", part)
		}
		if !p.eat('.') {
			return p.s[start:p.pos], nil
		}
	}
}

func isIdent(c byte) bool {
	return isLower(c) || isUpper(c) || c >= '0' && c <= '9' || c == '-'
}
