// Package wit provides resolved WIT (design/mvp/WIT.md): packages, interfaces and worlds whose
// references are pointers instead of names.
//
// # Terms
//
// A [Model] holds packages. A [Package] has interfaces and worlds, an [Interface] has types and
// functions, and a [World] has imports and exports. Every type definition, and every type without a
// name that is used, is a [TypeDef]. A TypeDef adds documentation, gates and spans to a type of
// package types. Uses of a type hold that type itself: the [types.Named] of a definition, or the
// handle, list and so on of a type without a name. A gate ([Stability]) is the content of @since,
// @unstable and @deprecated.
//
// # Phases
//
// [Load] reads a package and its dependencies in these steps:
//
//  1. The text of each file becomes a tree (package syntax), and the packages and items that it
//     names are found (load.go, source.go).
//  2. Each package is resolved after those that it uses (resolve.go). Names are bound, cycles
//     found, and types, interfaces and worlds become parts of the model (define.go, typeref.go,
//     worldbody.go). Items of disabled features are left out (gate.go).
//  3. Then the includes of its worlds are expanded (include.go), and the worlds get the imports and
//     exports that their items need (elaborate.go).
//
// Errors do not stop these steps. A name that cannot be resolved becomes a type that fits
// everywhere, so that one mistake gives one error.
//
// # Beyond loading
//
// [Append] prints a package and [AppendJSON] a whole model. [Merge] joins two models, and [Diff]
// compares two versions of a package. [World.Component] returns the type of the components that a
// world describes. [NewModel] completes models that come from binaries.
package wit
