// Package crosscheck makes pairs of components that pass random values of random types to each
// other, and compares what arrives in their memories with what arrives when wasmtime runs them. It
// holds tests only.
package crosscheck
