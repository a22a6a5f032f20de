// Package types is the one type model of the component model: every type, core and component, that the other packages
// speak about. It holds no bytes, no text trees and no index spaces.
//
// Terms are those of the specification (design/mvp/Explainer.md, "Type Definitions"):
//
//   - a [ValType] is a type of values; [Prim] and the pointer types [Record], [Variant], [List] and so on are its forms;
//   - a [Type] is whatever a component's type index space can hold: a value type, a [*Resource], a [*Func],
//     an [*Instance], a [*Component], or a [*Named] type, which is another type under the name it was imported or exported by;
//   - an [Extern] is the type of an import or export.
//
// Types are immutable once the package that made them has returned them, and safe for concurrent use. Identity is the pointer
// only for [*Resource]: two resource types are the same type when they are the same pointer. Every other type is compared
// by structure with [Equal], which looks through [*Named].
//
// An abstract resource, one that an import or a type export brings in, is a variable. [Instance.Resources],
// [Component.ImportedResources] and [Component.ExportedResources] list the variables that a type binds; [Subst] replaces them,
// and [Match] finds what to replace them with.
package types
