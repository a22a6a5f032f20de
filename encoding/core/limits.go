package core

// The limits of a module that engines agree on (WebAssembly JavaScript Interface, "Implementation
// Limits"), and those of wasm-tools, which differ in places.
const (
	maxTypes          = 1_000_000
	maxSupertypes     = 1
	maxFunctions      = 1_000_000
	maxImports        = 1_000_000
	maxExports        = 1_000_000
	maxGlobals        = 1_000_000
	maxTags           = 1_000_000
	maxElemSegments   = 100_000
	maxDataSegments   = 100_000
	maxString         = 100_000
	maxFunctionSize   = 7_654_321
	maxLocals         = 50_000
	maxParams         = 1_000
	maxResults        = 1_000
	maxTableEntries   = 10_000_000
	maxTables         = 100
	maxMemories       = 100
	maxStructFields   = 10_000
	maxSubtypingDepth = 63
	// maxTypeSize limits the sum of the sizes of the types of all imports and exports.
	maxTypeSize = 1_000_000

	// The stacks of validation grow with the results of calls and with nested blocks, which take few
	// bytes. Code made by compilers stays far below these limits, which keep memory use in proportion.
	maxOperands = 10_000_000
	maxFrames   = 1_000_000
)
