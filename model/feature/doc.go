// Package feature names the gated parts of the component model (design/mvp/Explainer.md, "Gated
// Features") and the proposals of core WebAssembly, and provides sets of them.
//
// The names are those of this project. The package also accepts the names of wasm-tools (`cm-map`,
// `multi_memory`) and wasmtime (`component-model-map`). [Default] holds the features that the
// specifications have settled: the gates that a release of WASI has shipped, and the core proposals
// that are part of WebAssembly 3.0 or nearly so. The features that an engine can run are not a
// concern of this package but of the runner.
package feature
