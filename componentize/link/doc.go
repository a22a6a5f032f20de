// Package link makes components of libraries that share one memory and one table
// ("shared-everything linking"; tool conventions, "WebAssembly Dynamic Linking").
//
// [New] takes these steps:
//
//  1. It reads the libraries with their symbols (library.go), finds the library that provides each
//     symbol, and leaves out libraries that nothing needs (symbols.go). Missing functions are
//     replaced by stubs if the options allow it (link.go).
//  2. It sorts the libraries, and finds the calls that must go through the table, because a library
//     calls another one that does not exist yet (symbols.go).
//  3. It lays out the memory and the table (layout.go), and makes the module that defines them
//     (env.go). This becomes the main module of the component.
//  4. It passes all modules to [componentize.New], and extends the module that is instantiated last
//     with the initialization of the libraries (init.go).
package link
