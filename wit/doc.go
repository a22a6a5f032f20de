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
//  1. The text of each file becomes a tree (package syntax).
//  2. Each package is resolved on its own (scope.go, define.go, typeref.go, worldbody.go). Names
//     are bound, cycles found, and each type gets a definition. Items of other packages become
//     placeholders.
//  3. Packages are sorted, and each is linked to those before it (link.go). Placeholders are
//     connected, items of disabled features are removed, includes are expanded (include.go), and
//     worlds get the imports and exports that their items need (elaborate.go).
//  4. The result becomes an immutable Model (freeze.go).
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
