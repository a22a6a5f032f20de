package componentize

import "github.com/mortise-wasm/mortise/diag"

// The codes of this package's diagnostics. Invalid binaries, and worlds that cannot be read, are
// reported with the codes of packages encoding, validate and binary.
const (
	BadImport      diag.Code = "componentize/bad-import"
	MissingExport  diag.Code = "componentize/missing-export"
	WrongSignature diag.Code = "componentize/wrong-signature"
	TwoMemories    diag.Code = "componentize/two-memories"
	NeedsExport    diag.Code = "componentize/needs-export"
	BadAdapter     diag.Code = "componentize/bad-adapter"
	CannotMerge    diag.Code = "componentize/cannot-merge"
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
	{Code: BadImport, Doc: "The core module imports something that its world does not have, or that no component can provide.",
		Example: `(module (import "a:b/i" "g" (func)))`},
	{Code: MissingExport, Doc: "The core module does not export a function that its world exports.",
		Example: `(module)`},
	{Code: WrongSignature, Doc: "A function that the core module imports or exports does not have the type that the canonical ABI requires. The bindings were made from " +
		"other WIT than the world, or treat an asynchronous function as synchronous.",
		Example: `(module (func (export "run") (param i32)))`},
	{Code: TwoMemories, Doc: "More than one memory could hold the values that are passed.",
		Example: `(module (func (export "run")) (memory (export "memory") 0) (memory (export "cm32p2_memory") 0))`},
	{Code: NeedsExport, Doc: "The core module lacks an export that is needed to pass values: the memory, or a function that allocates in it.",
		Example: `(module (import "a:b/i" "f" (func (param i32 i32))) (func (export "run")))`},
	{Code: BadAdapter, Doc: "An adapter lacks a function that the core module imports from it, or breaks the rules for adapters.",
		Example: `(module (import "old" "f" (func)) (func (export "run")))`},
	{Code: CannotMerge, Doc: "The worlds of the modules of a program contradict each other.",
		Example: "package c:d; world v { export run: func(a: u8); }"},
}
