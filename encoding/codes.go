package encoding

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/internal/raw"
)

// The codes of the diagnostics of [Decode].
const (
	CodeTruncated   diag.Code = "encoding/truncated"
	CodeBadPreamble diag.Code = "encoding/bad-preamble"
	CodeBadSection  diag.Code = "encoding/bad-section"
	CodeBadByte     diag.Code = "encoding/bad-byte"
	CodeBadInteger  diag.Code = "encoding/bad-integer"
	CodeBadName     diag.Code = "encoding/bad-name"
	CodeTrailing    diag.Code = "encoding/trailing-bytes"
	CodeNesting     diag.Code = "encoding/nesting-too-deep"
	CodeTooMany     diag.Code = "encoding/too-many"
)

// Codes is the table of the codes of this package. An example is the hexadecimal form of the bytes
// that follow the preamble of a component.
var Codes = []diag.CodeInfo{
	{
		Code:    CodeTruncated,
		Doc:     "The file or the section ends in the middle of an item: the file is cut off, or a size or count is wrong.",
		Example: "07 03 00",
	},
	{
		Code: CodeBadPreamble,
		Doc: "The first eight bytes are not those of a component (`00 61 73 6d 0d 00 01 00`) or, in a nested core module, not those of a core module. " +
			"A core module must be made into a component first. Other versions of the format are not supported.",
		Example: "04 08 00 61 73 6d 0c 00 01 00",
	},
	{
		Code:    CodeBadSection,
		Doc:     "A section has an id that the format does not define.",
		Example: "0d 00",
	},
	{
		Code:    CodeBadByte,
		Doc:     "A byte that selects between several forms, such as the first byte of a type, selects none of them.",
		Example: "07 02 01 62",
	},
	{
		Code:    CodeBadInteger,
		Doc:     "A variable-length integer has more bytes or more bits than its type can hold.",
		Example: "07 81 80 80 80 70 00",
	},
	{
		Code:    CodeBadName,
		Doc:     "A name is not UTF-8.",
		Example: "00 03 02 ff fe",
	},
	{
		Code:    CodeTrailing,
		Doc:     "A section is longer than its contents: its size or its count is wrong.",
		Example: "07 02 00 00",
	},
	{
		Code:    CodeNesting,
		Doc:     "Components and types are nested in each other more deeply than this suite allows.",
		Example: "nested types, 101 levels",
	},
	{
		Code:    CodeTooMany,
		Doc:     "A count of items that take no bytes, such as the results of a start function, exceeds the limit of this suite.",
		Example: "09 04 00 00 e9 07",
	},
}

// codeOf maps the kinds of the reader's errors to codes.
var codeOf = map[raw.Kind]diag.Code{
	raw.Truncated: CodeTruncated, raw.BadPreamble: CodeBadPreamble, raw.BadSection: CodeBadSection, raw.BadByte: CodeBadByte,
	raw.BadInteger: CodeBadInteger, raw.BadName: CodeBadName, raw.Trailing: CodeTrailing, raw.Nesting: CodeNesting, raw.Limit: CodeTooMany,
}

// diagnostic makes a diagnostic from an error of the reader.
func diagnostic(f *diag.File, err *raw.Error) *diag.Diagnostic {
	d := diag.At(f, err.Offset, codeOf[err.Kind], "%s", err.Message)
	if err.Help != "" {
		d.Helpf("%s", err.Help)
	}
	return d
}
