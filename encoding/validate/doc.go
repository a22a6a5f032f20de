// Package validate gives every definition of a component its type and checks the validation rules
// of Binary.md and Explainer.md.
//
// Validation does not change the tree. It keeps its results in an [Info] for each component: index
// spaces filled with types. [Info.Nested] returns the Info of a nested component.
//
// Of a nested core module, only the imports and exports are read, unless [Options.Modules] is set.
//
// Errors carry the byte offset of the definition and the path that leads to it: `component 0 > func
// 3`. Validation continues after an error, but skips whatever depends on a failed definition, so
// that one cause gives one diagnostic.
package validate
