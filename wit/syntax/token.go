package syntax

// Kind is the kind of a token. The zero value is invalid.
type Kind uint8

// The kinds of tokens.
const (
	EOF Kind = iota + 1
	bad      // a token that could not be read; the lexer holds the diagnostic

	Equals
	Comma
	Colon
	Period
	Semicolon
	LeftParen
	RightParen
	LeftBrace
	RightBrace
	LessThan
	GreaterThan
	Arrow
	Star
	At
	Slash
	Plus
	Minus
	String
	Integer
	ID
	ExplicitID

	firstKeyword
	kwUse
	kwType
	kwFunc
	kwU8
	kwU16
	kwU32
	kwU64
	kwS8
	kwS16
	kwS32
	kwS64
	kwF32
	kwF64
	kwChar
	kwRecord
	kwResource
	kwOwn
	kwBorrow
	kwFlags
	kwVariant
	kwEnum
	kwBool
	kwString
	kwOption
	kwResult
	kwFuture
	kwStream
	kwErrorContext
	kwList
	kwMap
	kwUnderscore
	kwAs
	kwFrom
	kwStatic
	kwInterface
	kwTuple
	kwImport
	kwExport
	kwWorld
	kwPackage
	kwConstructor
	kwAsync
	kwInclude
	kwWith
	lastKeyword
)

// tokenText has the spelling of each token with a fixed spelling.
var tokenText = [...]string{
	Equals: "=", Comma: ",", Colon: ":", Period: ".", Semicolon: ";", LeftParen: "(", RightParen: ")", LeftBrace: "{", RightBrace: "}",
	LessThan: "<", GreaterThan: ">", Arrow: "->", Star: "*", At: "@", Slash: "/", Plus: "+", Minus: "-",
	kwUse: "use", kwType: "type", kwFunc: "func", kwU8: "u8", kwU16: "u16", kwU32: "u32", kwU64: "u64", kwS8: "s8", kwS16: "s16",
	kwS32: "s32", kwS64: "s64", kwF32: "f32", kwF64: "f64", kwChar: "char", kwRecord: "record", kwResource: "resource", kwOwn: "own",
	kwBorrow: "borrow", kwFlags: "flags", kwVariant: "variant", kwEnum: "enum", kwBool: "bool", kwString: "string",
	kwOption: "option", kwResult: "result", kwFuture: "future", kwStream: "stream", kwErrorContext: "error-context", kwList: "list",
	kwMap: "map", kwUnderscore: "_", kwAs: "as", kwFrom: "from", kwStatic: "static", kwInterface: "interface", kwTuple: "tuple",
	kwImport: "import", kwExport: "export", kwWorld: "world", kwPackage: "package", kwConstructor: "constructor",
	kwAsync: "async", kwInclude: "include", kwWith: "with",
	lastKeyword: "",
}

// quotedPlain are the tokens that messages put in single quotes instead of backticks.
var quotedPlain = [...]bool{
	Equals: true, Comma: true, Colon: true, Period: true, Semicolon: true, LeftParen: true, RightParen: true, LeftBrace: true,
	RightBrace: true, LessThan: true, GreaterThan: true,
}

// Describe returns the words for a token in messages: "keyword `use`", "';'", "an identifier".
func (k Kind) Describe() string {
	switch {
	case k == EOF:
		return "eof"
	case k == String:
		return "a string literal"
	case k == Integer:
		return "an integer"
	case k == ID:
		return "an identifier"
	case k == ExplicitID:
		return "an '%' identifier"
	case k.IsKeyword():
		return "keyword `" + tokenText[k] + "`"
	case int(k) < len(quotedPlain) && quotedPlain[k]:
		return "'" + tokenText[k] + "'"
	case k >= Equals && k <= Minus:
		return "`" + tokenText[k] + "`"
	}
	return "an unreadable token"
}

// IsKeyword reports whether the token is a keyword, including the wildcard `_`.
func (k Kind) IsKeyword() bool { return k > firstKeyword && k < lastKeyword }

var keywords = func() map[string]Kind {
	m := make(map[string]Kind)
	for k := firstKeyword + 1; k < lastKeyword; k++ {
		m[tokenText[k]] = k
	}
	return m
}()

// IsKeyword reports whether s is a keyword of WIT. An identifier with the same name is written
// `%s`.
func IsKeyword(s string) bool { return keywords[s] != 0 }

// token is one token of the source. It is kept small because a file has many of them.
type token struct {
	start, end int32
	// comments counts the comments of the file before the token.
	comments int32
	kind     Kind
	role     role
}

// at returns the range of the token.
func (t *token) at() Range { return Range{t.start, t.end} }
