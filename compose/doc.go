// Package compose wires components together.
//
// A [Graph] holds instances of [Package]s, which are validated components. An import of an instance
// can be connected to an export of another one. Unconnected imports become imports of the
// composition, and exports of instances can be made exports of the composition. [Graph.Encode]
// writes the component: it embeds each package once, orders the instances by their dependencies,
// and writes the same bytes for the same graph.
//
// Unconnected imports of several instances are merged if they have the same name, or if they are
// interfaces on the same semver track. The composition imports such an interface once, at the
// highest of the versions, with every item that any of the instances needs. All of the instances
// see the same resource types.
//
// [Plug] builds the most common graph: the exports of some components satisfy the imports of one.
//
// [Targets] builds nothing: it reports whether a component fits a world.
package compose
