// Package encoding reads and writes components in their binary format (design/mvp/Binary.md).
//
// A [Component] is what was written: a flat list of definitions in file order, because order is what makes index spaces. Nothing is
// resolved and little is checked; package validate gives the definitions their types. [Decode] reads a tree from bytes,
// [Component.Append] writes one, and a [Builder] makes one while it counts the index spaces.
//
// # Terms
//
//   - A [Def] is a definition at the level of a component, a [Decl] one inside a component type or an instance type.
//   - A [Sort] is a kind of definition and names its index space; FuncIdx, TypeIdx and the other index types keep them apart.
//   - A [Span] is a range of byte offsets in the file that was decoded, nested components included: offsets count from
//     the start of the outermost file.
//   - The layout of a component is what its bytes say beyond its tree: how definitions were grouped into sections, and which
//     integers were written longer than needed.
//
// # The law
//
// For every x that Decode accepts, Append gives x back, byte for byte. The tree holds no copy of x; what it takes from x are
// nested core modules, the payloads of custom sections, and the widths of padded integers. Nested components keep the law
// for themselves: one that is put into another component is written as it was read.
//
// Trees are not meant to be edited in place: to change a component, build a new one from its definitions. A component that was built has
// no layout, and is written with the shortest integers and with one section for each run of definitions of one kind.
package encoding
