package encoding

import (
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/internal/raw"
)

// The codes of the diagnostics of [Decode].
const (
	Truncated   diag.Code = "encoding/truncated"
	BadPreamble diag.Code = "encoding/bad-preamble"
	BadSection  diag.Code = "encoding/bad-section"
	BadByte     diag.Code = "encoding/bad-byte"
	BadInteger  diag.Code = "encoding/bad-integer"
	BadName     diag.Code = "encoding/bad-name"
	Trailing    diag.Code = "encoding/trailing-bytes"
	Nesting     diag.Code = "encoding/nesting-too-deep"
	TooMany     diag.Code = "encoding/too-many"
)

// Codes is the table of the codes of this package. An example is the hexadecimal form of the bytes
// that follow the preamble of a component.
var Codes = []diag.CodeInfo{
	{
		Code:    Truncated,
		Doc:     "The file or the section ends in the middle of an item: the file is cut off, or a size or count is wrong.",
		Example: "07 03 00",
	},
	{
		Code: BadPreamble,
		Doc: "The first eight bytes are not those of a component (`00 61 73 6d 0d 00 01 00`) or, in a nested core module, not those of a core module. " +
			"A core module must be made into a component first. Other versions of the format are not supported.",
		Example: "04 08 00 61 73 6d 0c 00 01 00",
	},
	{
		Code:    BadSection,
		Doc:     "A section has an id that the format does not define.",
		Example: "0d 00",
	},
	{
		Code:    BadByte,
		Doc:     "A byte that selects between several forms, such as the first byte of a type, selects none of them.",
		Example: "07 02 01 62",
	},
	{
		Code:    BadInteger,
		Doc:     "A variable-length integer has more bytes or more bits than its type can hold.",
		Example: "07 81 80 80 80 70 00",
	},
	{
		Code:    BadName,
		Doc:     "A name is not UTF-8.",
		Example: "00 03 02 ff fe",
	},
	{
		Code:    Trailing,
		Doc:     "A section is longer than its contents: its size or its count is wrong.",
		Example: "07 02 00 00",
	},
	{
		Code:    Nesting,
		Doc:     "Components and types are nested in each other more deeply than this suite allows.",
		Example: "nested types, 101 levels",
	},
	{
		Code:    TooMany,
		Doc:     "A count of items that take no bytes, such as the results of a start function, exceeds the limit of this suite.",
		Example: "09 04 00 00 e9 07",
	},
}

// codeOf maps the kinds of the reader's errors to codes.
var codeOf = map[raw.Kind]diag.Code{
	raw.Truncated: Truncated, raw.BadPreamble: BadPreamble, raw.BadSection: BadSection, raw.BadByte: BadByte,
	raw.BadInteger: BadInteger, raw.BadName: BadName, raw.Trailing: Trailing, raw.Nesting: Nesting, raw.Limit: TooMany,
}

// diagnostic makes a diagnostic from an error of the reader.
func diagnostic(f *diag.File, err *raw.Error) *diag.Diagnostic {
	d := diag.At(f, err.Offset, codeOf[err.Kind], "%s", err.Message)
	if err.Help != "" {
		d.Helpf("%s", err.Help)
	}
	return d
}
