// Package demangle turns the names that compilers give to functions back into what the programmer
// wrote: those of Rust, in both manglings, and those of C++.
package demangle

import (
	"strings"

	"github.com/ianlancetaylor/demangle"
)

// maxName limits the length of a mangled name, and of a demangled one as a power of two. Back
// references can make a short name exponentially long, and nobody reads names of this size.
const (
	maxName  = 1 << 14
	maxPower = 16
)

// Name returns the readable form of a mangled name and true, or name and false if it is not
// mangled, or too long. The hash at the end of a name in Rust's legacy mangling is left out. C++
// functions have their parameters: "draw(shape const&)".
func Name(name string) (demangled string, ok bool) {
	if len(name) > maxName || !strings.HasPrefix(name, "_") {
		return name, false
	}
	// The library says that it returns an error for whatever is malformed. A trap's backtrace, which
	// holds names out of the binary, must not depend on that.
	defer func() {
		if recover() != nil {
			demangled, ok = name, false
		}
	}()
	out, err := demangle.ToString(name, demangle.MaxLength(maxPower))
	if err != nil || out == name || len(out) >= 1<<maxPower {
		return name, false
	}
	return out, true
}
