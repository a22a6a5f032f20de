package wat

// tokenKind is the kind of a token. Comments, white space and unknown annotations are no tokens.
type tokenKind uint8

const (
	tokEOF tokenKind = iota
	tokLParen
	tokRParen
	tokString
	tokID
	tokKeyword
	tokAnnotation
	tokInt
	tokFloat
	tokReserved
	// tokBad stands where the lexer stopped; the parser reports the lexer's diagnostic when it gets there.
	tokBad
)

// token is the bytes off to end of the source.
type token struct {
	off, end uint32
	kind     tokenKind
}

// charClass tells what a byte can be part of.
type charClass uint8

const (
	classID charClass = 1 << iota
	classSpace
	classDigit
	classHex
)

// charClasses is the class of every byte (core specification, "Text Format", idchar and white space).
var charClasses = func() (t [256]charClass) {
	for c := '0'; c <= '9'; c++ {
		t[c] = classID | classDigit | classHex
	}
	for c := 'a'; c <= 'z'; c++ {
		t[c] |= classID
		t[c-'a'+'A'] |= classID
	}
	for c := 'a'; c <= 'f'; c++ {
		t[c] |= classHex
		t[c-'a'+'A'] |= classHex
	}
	for _, c := range []byte("!#$%&'*+-./:<=>?@\\^_`|~") {
		t[c] |= classID
	}
	for _, c := range []byte(" \t\n\r") {
		t[c] |= classSpace
	}
	return t
}()

func isIDChar(c byte) bool { return charClasses[c]&classID != 0 }
func isSpace(c byte) bool  { return charClasses[c]&classSpace != 0 }
func isDigit(c byte) bool  { return charClasses[c]&classDigit != 0 }
func isHex(c byte) bool    { return charClasses[c]&classHex != 0 }

// knownAnnotations are the annotations that the grammar knows; all others are skipped like comments.
func knownAnnotation(name string) bool {
	switch name {
	case "name", "custom", "producers", "dylink.0", "metadata.code.branch_hint":
		return true
	}
	return false
}
