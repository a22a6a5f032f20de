package value

import "github.com/mortise-wasm/mortise/diag"

// The codes of the diagnostics of this package.
const (
	CodeBadToken        diag.Code = "value/bad-token"
	CodeBadEscape       diag.Code = "value/bad-escape"
	CodeBadString       diag.Code = "value/bad-string"
	CodeBadName         diag.Code = "value/bad-name"
	CodeUnexpectedToken diag.Code = "value/unexpected-token"
	CodeNestingTooDeep  diag.Code = "value/nesting-too-deep"
	CodeWrongType       diag.Code = "value/wrong-type"
	CodeInvalidNumber   diag.Code = "value/invalid-number"
	CodeUnknownName     diag.Code = "value/unknown-name"
	CodeDuplicateName   diag.Code = "value/duplicate-name"
	CodeMissingField    diag.Code = "value/missing-field"
	CodeWrongPayload    diag.Code = "value/wrong-payload"
	CodeWrongCount      diag.Code = "value/wrong-count"
	CodeNoText          diag.Code = "value/no-text"
)

// Codes describes each code. The examples are calls of functions with one parameter. The name of a
// function shows the type of its parameter.
var Codes = []diag.CodeInfo{
	{Code: CodeBadToken, Doc: "The text is longer than 2 GiB, is not UTF-8, or contains a character that is not part of WAVE.", Example: `string(#)`},
	{Code: CodeBadEscape, Doc: `A backslash is not followed by one of ' " \ t n r or u{…} with the number of a Unicode scalar value.`, Example: `string("\u{d800}")`},
	{Code: CodeBadString, Doc: `A string is not closed, or one in """ does not start on a new line, end on its own line, or keep the indentation of its end.`, Example: `string("abc)`},
	{Code: CodeBadName, Doc: "The name of a function to call has one of the forms `f`, `iface.f` and `ns:pkg/iface.f@1.2.3`.", Example: `a:b/c(1)`},
	{Code: CodeUnexpectedToken, Doc: "The text is not a value where one is expected, or it is followed by unexpected text.", Example: `list-f32([1,,2])`},
	{Code: CodeNestingTooDeep, Doc: "Values are nested more deeply than 100 levels.", Example: `list-f32(` + manyBrackets + `)`},
	{Code: CodeWrongType, Doc: "The value has a different form from the type.", Example: `f32("1")`},
	{Code: CodeInvalidNumber, Doc: "The number is not an integer or does not fit the integer type.", Example: `option-u8(256)`},
	{Code: CodeUnknownName, Doc: "The type has no case, flag or field of this name.", Example: `hand-enum(middle)`},
	{Code: CodeDuplicateName, Doc: "A field or flag is given twice.", Example: `permission-flags({read, read})`},
	{Code: CodeMissingField, Doc: "A record lacks a field that is not an option.", Example: `basic-record({:})`},
	{Code: CodeWrongPayload, Doc: "A case is given a payload that it does not have, or not given one that it has.", Example: `result-ok-u8(ok)`},
	{Code: CodeWrongCount, Doc: "There are too many or too few arguments or elements.", Example: `string("a", "b")`},
	{Code: CodeNoText, Doc: "Handles, streams, futures and error contexts have no text form.", Example: `own-handle(1)`},
}

// manyBrackets nests lists one level deeper than allowed.
const manyBrackets = "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
