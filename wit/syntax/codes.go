package syntax

import "github.com/mortise-wasm/mortise/diag"

// The codes of the diagnostics of this package.
const (
	CodeBadCharacter     diag.Code = "wit/bad-character"
	CodeBadComment       diag.Code = "wit/bad-comment"
	CodeBadString        diag.Code = "wit/bad-string"
	CodeBadIdentifier    diag.Code = "wit/bad-identifier"
	CodeUnexpectedToken  diag.Code = "wit/unexpected-token"
	CodeBadVersion       diag.Code = "wit/bad-version"
	CodeBadNumber        diag.Code = "wit/bad-number"
	CodeUnknownAttribute diag.Code = "wit/unknown-attribute"
	CodeNestingTooDeep   diag.Code = "wit/nesting-too-deep"
	CodeMisplacedPackage diag.Code = "wit/misplaced-package"
	CodeNestedNames      diag.Code = "wit/nested-names"
)

// Codes describes each code.
var Codes = []diag.CodeInfo{
	{Code: CodeBadCharacter, Doc: "The text contains a character that WIT does not use, or one that disguises text: a control character or an override of the direction of writing.", Example: "package a:b;\ninterface i { f: func() $ }"},
	{Code: CodeBadComment, Doc: "A block comment is not closed. Block comments nest.", Example: "package a:b; /* /* */"},
	{Code: CodeBadString, Doc: "A string is not closed, contains a control character or an unknown escape, or is not UTF-8.", Example: "package a:b;\ninterface i { @external-id(\"\\q\") f: func(); }"},
	{Code: CodeBadIdentifier, Doc: "An identifier consists of words joined by single hyphens. Each word is in lower case or in upper case, and the first one starts with a letter.", Example: "package a:b;\ninterface iFace {}"},
	{Code: CodeUnexpectedToken, Doc: "The grammar requires a different token here.", Example: "package a:b;\ninterface i { f: func( }"},
	{Code: CodeBadVersion, Doc: "A version is a semantic version: three numbers, then an optional pre-release and build metadata.", Example: "package a:b@1.02.0;"},
	{Code: CodeBadNumber, Doc: "The length of a list is a number below 2^32.", Example: "package a:b;\ninterface i { type t = list<u8, 4294967296>; }"},
	{Code: CodeUnknownAttribute, Doc: "The attributes are @since, @unstable, @deprecated and @external-id.", Example: "package a:b;\n@stable interface i {}"},
	{Code: CodeNestingTooDeep, Doc: "Types and packages nest at most 100 deep.", Example: "package a:b;\ninterface i { type t = " + manyLists + "u8; }"},
	{Code: CodeMisplacedPackage, Doc: "A package in braces must be at the top of a file, without attributes.", Example: "package a:b;\n@since(version = 1.0.0) package c:d {}"},
	{Code: CodeNestedNames, Doc: "Namespaces in namespaces and packages in packages are a gated feature.", Example: "package a:b:c;"},
}

// manyLists nests lists deeper than the parser allows.
const manyLists = tenLists + tenLists + tenLists + tenLists + tenLists + tenLists + tenLists + tenLists + tenLists + tenLists

const tenLists = "list<list<list<list<list<list<list<list<list<list<"
