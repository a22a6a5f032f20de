// Package name parses and compares the names of the component model: labels, import and export names, package and
// interface identifiers, and their versions. The grammar is that of design/mvp/Explainer.md, "Import and Export
// Definitions"; versions are those of Semantic Versioning 2.0.0.
//
// Terms:
//
//   - a label is `kebab-case`, each word all lower case or all upper case;
//   - an extern name is the name of an import or export: a plain name (`f`, `[constructor]r`, `[method]r.f`,
//     `[static]r.f`) or an interface name (`ns:pkg/iface@1.2.3`), or one of the older forms that name an implementation
//     (`unlocked-dep=<…>`, `locked-dep=<…>`, `url=<…>`, `integrity=<…>`);
//   - two names are strongly unique when their [Extern.Key]s differ ("Name Uniqueness");
//   - a version's track is the set of versions that may stand for one another ("Canonical Interface Name").
//
// Reserved words are a matter of WIT and do not exist here. Every error of this package is an [*Error].
package name
