// Package componentize makes components of core modules.
//
// [New] makes a component of a core module and its world. The module carries the world in custom
// sections ([binary.Embed]), or the caller provides it. New takes these steps:
//
//  1. It reads the modules, which are the main module and its adapters (read.go, module.go),
//     prepares them (prepare.go), and merges their worlds (join.go).
//  2. It classifies each import and export (classif*.go): it finds the item of the world that the
//     standard or legacy name stands for (mangle.go), and checks that the type is the one that the
//     canonical ABI gives the item (abi.go). The result is the meaning of each import (import_*.go)
//     and the use of each export (export.go).
//  3. It removes unused adapters, and removes unused code from the others (adapter.go).
//  4. It determines which items of the world the component must import (used.go, live_types.go).
//  5. It assembles the component (assembl*.go): imports, modules, shims for functions that do not
//     exist in time (shim*.go), instances, the fixup module that completes the shims (fixup.go),
//     and exports, with a nested component for each interface.
//
// Package link makes a component of libraries that share a memory. It passes them to New as
// adapters with a [Library], and extends the last module by [Options.Complete].
//
// [Dummy] makes a core module for a world from scratch.
//
// All functions are safe for concurrent use.
package componentize
