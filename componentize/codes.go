package componentize

import "github.com/mortise-wasm/mortise/diag"

// The codes of this package's diagnostics. Invalid binaries, and worlds that cannot be read, are
// reported with the codes of packages encoding, validate and binary.
const (
	CodeBadImport      diag.Code = "componentize/bad-import"
	CodeMissingExport  diag.Code = "componentize/missing-export"
	CodeWrongSignature diag.Code = "componentize/wrong-signature"
	CodeTwoMemories    diag.Code = "componentize/two-memories"
	CodeNeedsExport    diag.Code = "componentize/needs-export"
	CodeBadAdapter     diag.Code = "componentize/bad-adapter"
	CodeCannotMerge    diag.Code = "componentize/cannot-merge"
)

// Codes describes each code. The examples are in the text format: core modules that are made for
// this world, with an empty module as the adapter for `old`:
//
//	package a:b;
//	interface i { f: func(s: string); }
//	world w { import i; export run: func(); }
//
// An example in WIT stands for a module that carries the world in it.
var Codes = []diag.CodeInfo{
	{Code: CodeBadImport, Doc: "The core module imports something that its world does not have, or that no component can provide.",
		Example: `(module (import "a:b/i" "g" (func)))`},
	{Code: CodeMissingExport, Doc: "The core module does not export a function that its world exports.",
		Example: `(module)`},
	{Code: CodeWrongSignature, Doc: "A function that the core module imports or exports does not have the type that the canonical ABI requires. The bindings were made from " +
		"other WIT than the world, or treat an asynchronous function as synchronous.",
		Example: `(module (func (export "run") (param i32)))`},
	{Code: CodeTwoMemories, Doc: "More than one memory could hold the values that are passed.",
		Example: `(module (func (export "run")) (memory (export "memory") 0) (memory (export "cm32p2_memory") 0))`},
	{Code: CodeNeedsExport, Doc: "The core module lacks an export that is needed to pass values: the memory, or a function that allocates in it.",
		Example: `(module (import "a:b/i" "f" (func (param i32 i32))) (func (export "run")))`},
	{Code: CodeBadAdapter, Doc: "An adapter lacks a function that the core module imports from it, or breaks the rules for adapters.",
		Example: `(module (import "old" "f" (func)) (func (export "run")))`},
	{Code: CodeCannotMerge, Doc: "The worlds of the modules of a program contradict each other.",
		Example: "package c:d; world v { export run: func(a: u8); }"},
}
