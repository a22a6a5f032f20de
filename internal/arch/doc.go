// Package arch keeps ARCHITECTURE.md true. Its test reads the tables of that page and fails on any
// import that they do not allow. Another test wants comments to wrap.
package arch
