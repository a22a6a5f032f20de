// Package validate gives every definition of a component its type and checks the rules of validation that stand in Binary.md and
// Explainer.md.
//
// The tree stays as it is: what validation finds out is kept beside it in an [Info], one for each component, as index spaces
// filled with types. A nested component has an Info of its own, found with [Info.Nested].
//
// Of a nested core module only the imports and exports are read, unless [Options.Modules] asks for more.
//
// Errors carry the byte offset of the definition and the path that leads to it: `component 0 > func 3`. After an error validation goes
// on; whatever depends on a definition that failed is passed over, so that one cause gives one diagnostic.
package validate
