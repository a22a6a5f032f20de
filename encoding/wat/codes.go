package wat

import "github.com/mortise-wasm/mortise/diag"

// The codes of this package's diagnostics.
const (
	BadToken        diag.Code = "wat/bad-token"
	BadString       diag.Code = "wat/bad-string"
	BadNumber       diag.Code = "wat/bad-number"
	UnexpectedToken diag.Code = "wat/unexpected-token"
	UnknownInstr    diag.Code = "wat/unknown-instruction"
	NestingTooDeep  diag.Code = "wat/nesting-too-deep"
	UnknownName     diag.Code = "wat/unknown-name"
	DuplicateName   diag.Code = "wat/duplicate-name"
	TypeMismatch    diag.Code = "wat/type-mismatch"
	BadOrder        diag.Code = "wat/bad-order"
	LegacySyntax    diag.Code = "wat/legacy-syntax"
	Unsupported     diag.Code = "wat/unsupported"
)

// Codes describes the codes. Each example is a text that yields the code.
var Codes = []diag.CodeInfo{
	{
		Code:    BadToken,
		Doc:     "Something in the text is no token: a character that has no meaning, a comment without end, text that is not UTF-8.",
		Example: "(module (; no end)",
	},
	{
		Code:    BadString,
		Doc:     "A string has a bad escape sequence or character, does not end, or is not UTF-8 where it has to be.",
		Example: `(module (export "\q" (func 0)))`,
	},
	{
		Code:    BadNumber,
		Doc:     "A number is out of the range of its type, or not of the form that is wanted.",
		Example: "(module (memory 99999999999999999999))",
	},
	{
		Code:    UnexpectedToken,
		Doc:     "Something else has to stand here. The message lists what can.",
		Example: "(module (function))",
	},
	{
		Code:    UnknownInstr,
		Doc:     "There is no instruction of this name.",
		Example: "(module (func i32.plus))",
	},
	{
		Code:    NestingTooDeep,
		Doc:     "Definitions or types are nested too deep in each other.",
		Example: deepExample,
	},
	{
		Code:    UnknownName,
		Doc:     "An id stands for nothing here: nothing of the kind has this id, or only something that comes later.",
		Example: "(module (start $main))",
	},
	{
		Code:    DuplicateName,
		Doc:     "Two definitions of one kind have the same id.",
		Example: "(module (func $f) (func $f))",
	},
	{
		Code:    TypeMismatch,
		Doc:     "Two things that say the same in different ways disagree, as a type index and the function type that stands beside it.",
		Example: "(module (type $t (func)) (func (type $t) (param i32)))",
	},
	{
		Code:    BadOrder,
		Doc:     "An import stands behind a definition. Imports come first, because they come first in the index spaces.",
		Example: `(module (func) (import "a" "b" (func)))`,
	},
	{
		Code:    LegacySyntax,
		Doc:     "This was how the text format was written once. The message tells the new form.",
		Example: "(component (core func $f (canon thread.yield cancellable)))",
	},
	{
		Code:    Unsupported,
		Doc:     "The text uses a proposal that this package does not know in the text format.",
		Example: "(module (type (descriptor 0 (struct))))",
	},
}

// deepExample nests components deeper than the limit.
var deepExample = func() string {
	s := ""
	for range maxNesting + 2 {
		s += "(component "
	}
	return s
}()
