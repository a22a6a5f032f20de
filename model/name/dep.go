package name

import "strings"

// This file parses the names of implementations. The current specification no longer has such
// names, but existing components and tools use them.

func (p *parser) unlockedDep(x *Extern) error {
	if err := p.depPath(x); err != nil {
		return err
	}
	if p.eat("@") {
		if p.eat("*") {
			x.Range = "*"
		} else if err := p.versionRange(x); err != nil {
			return err
		}
	}
	if err := p.expect(">"); err != nil {
		return err
	}
	return p.end()
}

func (p *parser) lockedDep(x *Extern) error {
	if err := p.depPath(x); err != nil {
		return err
	}
	if p.eat("@") {
		at, s := p.pos, p.rest()
		if i := strings.IndexByte(s, '>'); i >= 0 {
			s = s[:i]
		}
		p.pos += len(s)
		var err error
		if x.Package.Version, err = p.semver(at, s); err != nil {
			return err
		}
	}
	if err := p.expect(">"); err != nil {
		return err
	}
	return p.optionalIntegrity(x)
}

// depPath parses `<ns:pkg` and an optional projection.
func (p *parser) depPath(x *Extern) error {
	err := p.expect("<")
	if err != nil {
		return err
	}
	if x.Package, err = p.path(); err != nil {
		return err
	}
	if p.eat("/") {
		x.Projection, err = p.projection()
	}
	return err
}

func (p *parser) url(x *Extern) error {
	if err := p.expect("<"); err != nil {
		return err
	}
	at := p.pos
	url, err := p.upTo('>')
	if err != nil {
		return err
	}
	if i := strings.IndexByte(url, '<'); i >= 0 {
		return errorf(p.text, at+i, "url cannot contain `<`")
	}
	p.pos++
	x.URL = url
	return p.optionalIntegrity(x)
}

func (p *parser) optionalIntegrity(x *Extern) error {
	if p.eat(",") {
		if err := p.expect("integrity=<"); err != nil {
			return err
		}
		p.pos--
		if err := p.integrity(x); err != nil {
			return err
		}
	}
	return p.end()
}

// versionRange parses `{>=1.2.3 <2.0.0}`. Either bound can be omitted.
func (p *parser) versionRange(x *Extern) error {
	if err := p.expect("{"); err != nil {
		return err
	}
	at := p.pos
	text, err := p.upTo('}')
	if err != nil {
		return err
	}
	p.pos++
	x.Range = text
	if text == "*" {
		return nil
	}
	if upper, ok := strings.CutPrefix(text, "<"); ok {
		_, err := p.semver(at+1, upper)
		return err
	}
	lower, ok := strings.CutPrefix(text, ">=")
	if !ok {
		return errorf(p.text, at, "expected `>=` or `<` at start of version range")
	}
	lower, upper, both := strings.Cut(lower, " ")
	if _, err := p.semver(at+2, lower); err != nil || !both {
		return err
	}
	at += len(">=") + len(lower) + len(" ")
	if !strings.HasPrefix(upper, "<") {
		return errorf(p.text, at, "expected `<` before the version that ends the range")
	}
	_, err = p.semver(at+1, upper[1:])
	return err
}

func (p *parser) semver(at int, s string) (Version, error) {
	v, err := parseVersion(p.text, at, s)
	if err != nil {
		err.Msg = "`" + s + "` is not a valid semver: " + err.Msg
		return Version{}, err
	}
	return v, nil
}

// integrity parses `<…>`: a list of hashes as in the W3C recommendation "Subresource Integrity".
func (p *parser) integrity(x *Extern) error {
	if err := p.expect("<"); err != nil {
		return err
	}
	at := p.pos
	text, err := p.upTo('>')
	if err != nil {
		return err
	}
	p.pos++
	x.Integrity = text
	hashes := strings.Fields(text)
	if len(hashes) == 0 {
		return errorf(p.text, at, "integrity hash cannot be empty")
	}
	for _, hash := range hashes {
		at += strings.Index(p.text[at:], hash)
		if err := checkHash(p.text, at, hash); err != nil {
			return err
		}
		at += len(hash)
	}
	return nil
}

func checkHash(text string, at int, hash string) error {
	const n = len("sha256")
	if len(hash) < n || hash[:n] != "sha256" && hash[:n] != "sha384" && hash[:n] != "sha512" {
		return errorf(text, at, "unrecognized hash algorithm: `%s`", hash)
	}
	digest, ok := strings.CutPrefix(hash[n:], "-")
	if !ok {
		return errorf(text, at+n, "expected `-` after hash algorithm: %s", hash)
	}
	digest, _, _ = strings.Cut(digest, "?")
	if !isBase64(digest) {
		return errorf(text, at+n+1, "not valid base64: `%s`", digest)
	}
	return nil
}

func isBase64(s string) bool {
	body := strings.TrimRight(s, "=")
	if body == "" || len(s)-len(body) > 2 {
		return false
	}
	for i := 0; i < len(body); i++ {
		if c := body[i]; !isLower(c) && !isUpper(c) && !(c >= '0' && c <= '9') && c != '+' && c != '/' {
			return false
		}
	}
	return true
}
