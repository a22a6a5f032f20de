// Package wast runs test scripts of components and core modules: .wast files, as the specification's own suite has them.
//
// Each directive has an outcome: pass, fail, or skip with the reason, which is something that the engine or the runner does not have.
package wast
