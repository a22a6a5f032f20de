// Package profile measures where the time of components goes, and writes profiles that `go tool
// pprof` and other tools for the pprof format read.
//
// A [Profiler] is a [runner.Observer]. A profile has five kinds of values:
//
//	calls    the number of calls at the level of WIT: of exports, of imports, between components
//	bytes    the size of their arguments and results in linear memory
//	time     the time spent in them, waiting included
//	samples  how often guest code was looked at while it ran
//	cpu      the time for which guest code ran; the host's time does not count
//
// The first three are exact. They include the cost of being observed: calls between components are
// slower than without. How a call's cpu is shared out among its core functions is sampled, about
// every millisecond; what is too short for a sample counts for the call itself. The stack of a
// sample has the core functions since the last call at the level of WIT, and then the calls at that
// level. The core functions around outer calls are not in it.
package profile
