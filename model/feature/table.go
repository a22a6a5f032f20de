package feature

// table describes each feature. It is indexed by the feature.
var table = [limit]Info{
	Async: {
		Name: "async", Gate: "🔀", Default: true, Aliases: []string{"cm-async", "component-model-async"},
		Doc: "async functions, stream and future",
	},
	Map: {
		Name: "map", Gate: "🗺️", Default: true, Aliases: []string{"cm-map", "component-model-map"},
		Doc: "the map type",
	},
	Implements: {
		Name: "implements", Gate: "🏷️", Default: true,
		Aliases: []string{"cm-implements", "component-model-implements", "external-id"},
		Doc:     "implements and external-id attributes of imports and exports",
	},
	Values: {
		Name: "values", Gate: "🪙", Aliases: []string{"cm-values", "component-model-values"},
		Doc: "value imports and exports, and the start function of components",
	},
	NestedNames: {
		Name: "nested-names", Gate: "🪺", Aliases: []string{"cm-nested-names", "component-model-nested-names"},
		Doc: "nested namespaces and packages in names",
	},
	MoreAsyncBuiltins: {
		Name: "more-async-builtins", Gate: "🚝", Implies: []Feature{Async},
		Aliases: []string{"cm-more-async-builtins", "component-model-more-async-builtins", "async-builtins", "component-model-async-builtins"},
		Doc:     "more canonical options on the async built-ins",
	},
	AsyncStackful: {
		Name: "async-stackful", Gate: "🚟", Implies: []Feature{Async},
		Aliases: []string{"cm-async-stackful", "component-model-async-stackful"},
		Doc:     "async canon lift without callback",
	},
	Threading: {
		Name: "threading", Gate: "🧵", Implies: []Feature{Async}, Aliases: []string{"cm-threading", "component-model-threading"},
		Doc: "cooperative threads and their built-ins",
	},
	SharedEverythingThreads: {
		Name: "shared-everything-threads", Gate: "🧵②", Implies: []Feature{Threads},
		Doc: "thread.spawn and shared functions, tables and globals",
	},
	FixedLengthLists: {
		Name: "fixed-length-lists", Gate: "🔧",
		Aliases: []string{"cm-fixed-length-lists", "component-model-fixed-length-lists", "cm-fixed-size-list"},
		Doc:     "lists whose type states their length",
	},
	ErrorContext: {
		Name: "error-context", Gate: "📝", Aliases: []string{"cm-error-context", "component-model-error-context"},
		Doc: "the error-context type",
	},
	CanonNames: {
		Name: "canon-names", Gate: "🔗", Aliases: []string{"cm-canon-names", "component-model-canon-names"},
		Doc: "canonical interface names and versionsuffix",
	},
	ComponentMemory64: {
		Name: "cm-memory64", Gate: "🐘", Implies: []Feature{Memory64},
		Aliases: []string{"cm64", "component-model-memory64"},
		Doc:     "64-bit memories in the canonical ABI",
	},
	ComponentGC: {
		Name: "cm-gc", Gate: "🛸", Implies: []Feature{GC}, Aliases: []string{"component-model-gc"},
		Doc: "garbage-collected types in the canonical ABI",
	},
	ComponentModel: {Name: "component-model", Default: true, Doc: "components"},

	MutableGlobal:        {Name: "mutable-global", Default: true, Aliases: []string{"mutable-globals"}, Doc: "import and export of mutable globals"},
	SaturatingFloatToInt: {Name: "saturating-float-to-int", Default: true, Doc: "float to integer conversions that do not trap"},
	SignExtension:        {Name: "sign-extension", Default: true, Aliases: []string{"sign-extension-ops"}, Doc: "sign extension instructions"},
	MultiValue:           {Name: "multi-value", Default: true, Doc: "blocks and functions with multiple results"},
	ReferenceTypes: {
		Name: "reference-types", Default: true, Implies: []Feature{CallIndirectOverlong},
		Doc: "references as values, multiple tables",
	},
	CallIndirectOverlong: {Name: "call-indirect-overlong", Default: true, Doc: "padded table index of call_indirect (part of reference-types)"},
	BulkMemory: {
		Name: "bulk-memory", Default: true, Implies: []Feature{BulkMemoryOpt},
		Doc: "bulk operations on memories and tables, passive segments",
	},
	BulkMemoryOpt:      {Name: "bulk-memory-opt", Default: true, Doc: "memory.copy and memory.fill (part of bulk-memory)"},
	SIMD:               {Name: "simd", Default: true, Doc: "128-bit vectors"},
	RelaxedSIMD:        {Name: "relaxed-simd", Default: true, Implies: []Feature{SIMD}, Doc: "vector instructions with host-dependent results"},
	TailCall:           {Name: "tail-call", Default: true, Doc: "return_call"},
	ExtendedConst:      {Name: "extended-const", Default: true, Doc: "arithmetic in constant expressions"},
	MultiMemory:        {Name: "multi-memory", Default: true, Doc: "multiple memories in a module"},
	Memory64:           {Name: "memory64", Default: true, Doc: "memories and tables with 64-bit addresses"},
	FunctionReferences: {Name: "function-references", Default: true, Implies: []Feature{ReferenceTypes}, Doc: "typed function references"},
	GC:                 {Name: "gc", Default: true, Implies: []Feature{FunctionReferences}, Doc: "structs and arrays"},
	GCTypes:            {Name: "gc-types", Default: true, Doc: "reference types that need a garbage collector, including externref"},
	Exceptions:         {Name: "exceptions", Default: true, Aliases: []string{"exception-handling"}, Doc: "tags, try_table, throw"},
	Threads:            {Name: "threads", Default: true, Doc: "shared memories and atomic instructions"},
	WideArithmetic:     {Name: "wide-arithmetic", Default: true, Doc: "128-bit arithmetic on pairs of i64"},
	CompactImports:     {Name: "compact-imports", Default: true, Doc: "import sections that name each module once"},
	Floats:             {Name: "floats", Default: true, Doc: "floating-point types and instructions"},
	CustomPageSizes:    {Name: "custom-page-sizes", Doc: "memories with pages of one byte"},
	LegacyExceptions:   {Name: "legacy-exceptions", Doc: "try and catch of the first exception proposal"},
	MemoryControl:      {Name: "memory-control", Doc: "memory.discard"},
	StackSwitching:     {Name: "stack-switching", Doc: "continuations"},
	CustomDescriptors:  {Name: "custom-descriptors", Doc: "type descriptors for structs"},
}

// group is a row of groups.
type group struct {
	name     string
	doc      string
	includes string // a group that this one includes
	adds     []Feature
}

// groups lists the versions of core WebAssembly. Naming a group replaces the core proposals of a
// set by those of the group.
var groups = [...]group{
	{name: "mvp", doc: "the first release of core WebAssembly", adds: []Feature{Floats, GCTypes}},
	{name: "wasm1", doc: "core WebAssembly 1.0", includes: "mvp", adds: []Feature{MutableGlobal}},
	{
		name: "lime1", doc: "the feature set lime1 of the tool conventions", includes: "wasm1",
		adds: []Feature{MultiValue, SignExtension, SaturatingFloatToInt, BulkMemoryOpt, ExtendedConst, CallIndirectOverlong},
	},
	{
		name: "wasm2", doc: "core WebAssembly 2.0", includes: "wasm1",
		adds: []Feature{BulkMemory, ReferenceTypes, SignExtension, SaturatingFloatToInt, MultiValue, SIMD},
	},
	{
		name: "wasm3", doc: "core WebAssembly 3.0", includes: "wasm2",
		adds: []Feature{
			GC, TailCall, ExtendedConst, FunctionReferences, MultiMemory, RelaxedSIMD, Threads, Exceptions, Memory64,
		},
	},
}
