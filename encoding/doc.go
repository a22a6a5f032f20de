// Package encoding reads and writes components in their binary format (design/mvp/Binary.md).
//
// A [Component] is a component as written: a flat list of definitions in file order, because the
// order determines the index spaces. The package resolves nothing and checks little; package
// validate gives the definitions their types. [Decode] reads a tree from bytes, [Component.Append]
// writes a tree, and a [Builder] makes one while it counts the index spaces.
//
// # Terms
//
//   - A [Def] is a definition at the level of a component. A [Decl] is one inside a component type
//     or an instance type.
//   - A [Sort] is a kind of definition and names its index space. FuncIdx, TypeIdx and the other
//     index types keep the spaces apart.
//   - A [Span] is a range of byte offsets in the decoded file. Offsets count from the start of the
//     outermost file, in nested components too.
//   - The layout of a component is the information that its bytes hold beyond its tree: how the
//     definitions were grouped into sections, and which integers were written longer than needed.
//
// # The law
//
// For every x that Decode accepts, Append returns x, byte for byte. The tree holds no copy of x. It
// takes from x only the nested core modules, the payloads of custom sections, and the widths of
// padded integers. Nested components keep the law on their own: one that is moved to another
// component is written as it was read.
//
// Trees are not meant to be edited in place: to change a component, build a new one from its
// definitions. A component that was built has no layout. It is written with the shortest integers,
// and with one section for each run of definitions of one kind.
package encoding
