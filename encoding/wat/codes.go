package wat

import "github.com/mortise-wasm/mortise/diag"

// The codes of this package's diagnostics.
const (
	CodeBadToken        diag.Code = "wat/bad-token"
	CodeBadString       diag.Code = "wat/bad-string"
	CodeBadNumber       diag.Code = "wat/bad-number"
	CodeUnexpectedToken diag.Code = "wat/unexpected-token"
	CodeUnknownInstr    diag.Code = "wat/unknown-instruction"
	CodeNestingTooDeep  diag.Code = "wat/nesting-too-deep"
	CodeUnknownName     diag.Code = "wat/unknown-name"
	CodeDuplicateName   diag.Code = "wat/duplicate-name"
	CodeTypeMismatch    diag.Code = "wat/type-mismatch"
	CodeBadOrder        diag.Code = "wat/bad-order"
	CodeLegacySyntax    diag.Code = "wat/legacy-syntax"
	CodeUnsupported     diag.Code = "wat/unsupported"
)

// Codes describes the codes. Each example is a text that yields the code.
var Codes = []diag.CodeInfo{
	{
		Code:    CodeBadToken,
		Doc:     "The text contains an invalid token, such as a meaningless character or an unterminated comment, or is not UTF-8.",
		Example: "(module (; no end)",
	},
	{
		Code:    CodeBadString,
		Doc:     "A string has a bad escape sequence or character, is not terminated, or is not UTF-8 where UTF-8 is required.",
		Example: `(module (export "\q" (func 0)))`,
	},
	{
		Code:    CodeBadNumber,
		Doc:     "A number is out of the range of its type, or does not have the required form.",
		Example: "(module (memory 99999999999999999999))",
	},
	{
		Code:    CodeUnexpectedToken,
		Doc:     "The text does not fit at this place. The message lists what does.",
		Example: "(module (function))",
	},
	{
		Code:    CodeUnknownInstr,
		Doc:     "No instruction has this name.",
		Example: "(module (func i32.plus))",
	},
	{
		Code:    CodeNestingTooDeep,
		Doc:     "Definitions or types are nested too deeply.",
		Example: deepExample,
	},
	{
		Code:    CodeUnknownName,
		Doc:     "The id is not defined here: no definition of the right kind has this id, or only a later one has it.",
		Example: "(module (start $main))",
	},
	{
		Code:    CodeDuplicateName,
		Doc:     "Two definitions of one kind have the same id.",
		Example: "(module (func $f) (func $f))",
	},
	{
		Code:    CodeTypeMismatch,
		Doc:     "Two parts of the text that must agree do not, such as a type index and the function type next to it.",
		Example: "(module (type $t (func)) (func (type $t) (param i32)))",
	},
	{
		Code:    CodeBadOrder,
		Doc:     "An import follows a definition. Imports must come first, because they come first in the index spaces.",
		Example: `(module (func) (import "a" "b" (func)))`,
	},
	{
		Code:    CodeLegacySyntax,
		Doc:     "The text uses an old form of the text format. The message shows the new form.",
		Example: "(component (core func $f (canon thread.yield cancellable)))",
	},
	{
		Code:    CodeUnsupported,
		Doc:     "The text uses a proposal that this package does not support in the text format.",
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
