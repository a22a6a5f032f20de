// Package name parses and compares the names of the component model: labels, import and export
// names, package and interface identifiers, and their versions. The grammar is that of
// design/mvp/Explainer.md, "Import and Export Definitions". Versions are those of Semantic
// Versioning 2.0.0.
//
// Terms:
//
//   - A label is in `kebab-case`. Each word is all lower case or all upper case.
//   - An extern name is the name of an import or export: a plain name (`f`, `[constructor]r`,
//     `[method]r.f`, `[static]r.f`), an interface name (`ns:pkg/iface@1.2.3`), or one of the older
//     forms that name an implementation (`unlocked-dep=<…>`, `locked-dep=<…>`, `url=<…>`,
//     `integrity=<…>`).
//   - Two names are strongly unique if their [Extern.Key]s differ ("Name Uniqueness").
//   - The track of a version is the set of versions that may replace one another ("Canonical
//     Interface Name").
//
// Reserved words belong to WIT and do not exist here. Every error of this package is an [*Error].
package name
