package wat

// tokenKind is the kind of a token. Comments, white space and unknown annotations are not tokens.
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
	// tokBad marks the place where the lexer stopped. The parser reports the diagnostic of the lexer
	// when it reaches this token.
	tokBad
)

// token is one token of the source: the bytes from off to end.
type token struct {
	off, end uint32
	kind     tokenKind
}

// charClass is a set of the tokens that a byte can be part of.
type charClass uint8

const (
	classID charClass = 1 << iota
	classSpace
	classDigit
	classHex
)

// charClasses holds the class of every byte (core specification, "Text Format", idchar and white
// space).
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

// knownAnnotation reports whether name is an annotation of the grammar. The lexer skips all others
// like comments.
func knownAnnotation(name string) bool {
	switch name {
	case "name", "custom", "producers", "dylink.0", "metadata.code.branch_hint":
		return true
	}
	return false
}
