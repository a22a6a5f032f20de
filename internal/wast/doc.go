// Package wast runs test scripts of components and core modules: .wast files like those of the
// specification's own suite.
//
// Each directive has an outcome: pass, fail, or skip. A directive is skipped if the engine or the
// runner lacks a feature that it needs, which is given as the reason.
package wast
