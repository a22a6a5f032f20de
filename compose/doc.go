// Package compose wires components together.
//
// A [Graph] holds instances of [Package]s, which are validated components. The imports of an instance are connected to exports of others; what
// is left open becomes an import of the composition, and what is exported of an instance becomes an export of it. [Graph.Encode] makes the
// component: each package is embedded once, instances come in the order of their dependencies, and the same graph gives the same bytes.
//
// Imports that several instances leave open are merged when they are the same by name, or interfaces on the same semver
// track: the composition imports the interface once, at the highest of the versions, with everything that any of them needs, and all see
// the same resource types.
//
// [Plug] makes the commonest graph: the exports of some components satisfy the imports of one.
//
// [Targets] makes nothing: it tells whether a component fits a world.
package compose
