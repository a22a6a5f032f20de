// Package wit is resolved WIT (design/mvp/WIT.md): packages, interfaces and worlds in which nothing is looked up by text any more.
//
// # Terms
//
// A [Model] holds packages. A [Package] has interfaces and worlds, an [Interface] types and functions, a [World] imports and exports. Every
// type definition, and every type without name that is used, is a [TypeDef], which adds documentation, gates and places to a type of package
// types; where a type is used, that type stands: the [types.Named] of a definition, the handle, list and so on of a type without name.
// A gate ([Stability]) is what @since, @unstable and @deprecated say.
//
// # Phases
//
// [Load] reads a package and what it depends on in these steps:
//
//  1. the text of each file becomes a tree (package syntax);
//  2. each package is resolved on its own (scope.go, define.go, typeref.go, worldbody.go): names are bound, cycles found, each type gets
//     a definition, and what comes from other packages is a placeholder;
//  3. packages are put in order, and each is completed with those before it (link.go): placeholders are connected, what is gated by features
//     that are off is left out, includes are carried out (include.go), and worlds get what their items need (elaborate.go);
//  4. the result becomes a Model, which nobody changes any more (freeze.go).
//
// Mistakes do not stop it: a name that cannot be resolved stands for a type that fits everywhere, so that one mistake is one error.
//
// # Beyond loading
//
// [Append] prints a package, [AppendJSON] the whole model; [Merge] joins two models; [Diff] compares two versions of a package;
// [World.Component] is the type of the components that a world describes. Models that come from binaries are made with [NewModel].
package wit
