// Package feature names the gated parts of the component model (design/mvp/Explainer.md, "Gated Features") and the
// proposals of core WebAssembly, and holds sets of them.
//
// The names are this project's; the spellings of wasm-tools (`cm-map`, `multi_memory`) and wasmtime
// (`component-model-map`) are understood as well. [Default] is what the specifications have settled: the gates that a
// release of WASI has shipped, and the core proposals that are part of WebAssembly 3.0 or as good as. What an engine
// can run is another matter, and the runner's.
package feature
