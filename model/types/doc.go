// Package types is the type model of the component model: every type, core and component, that the
// other packages use. It holds no bytes, no syntax trees and no index spaces.
//
// The terms are those of the specification (design/mvp/Explainer.md, "Type Definitions"):
//
//   - A [ValType] is a type of values. Its forms are [Prim] and pointers to [Record], [Variant],
//     [List] and so on.
//   - A [Type] is anything that the type index space of a component can hold: a value type, a
//     [*Resource], a [*Func], an [*Instance], a [*Component], or a [*Named], which is another type
//     under the name of its import or export.
//   - An [Extern] is the type of an import or export.
//
// Types are immutable once the package that made them has returned them, and they are safe for
// concurrent use. Only a [*Resource] is identified by its pointer: two resource types are the same
// type if they are the same pointer. [Equal] compares all other types by structure and looks
// through [*Named].
//
// [Parts] yields what a type consists of and [MapParts] replaces it; [Members] yields the fields,
// cases or flags of a type. Code that treats many forms of types alike uses these.
//
// An abstract resource, which an import or a type export introduces, is a variable.
// [Instance.Resources], [Component.ImportedResources] and [Component.ExportedResources] list the
// variables that a type binds. [Subst] replaces them, and [Match] finds their replacements.
package types
