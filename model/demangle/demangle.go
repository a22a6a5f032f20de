// Package demangle turns mangled function names back into the names that the programmer wrote. It
// knows both manglings of Rust, and that of C++.
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

// Name returns the readable form of a mangled name and true, or name and false if the name is not
// mangled or is too long. The hash at the end of a name in Rust's legacy mangling is left out.
// Names of C++ functions include the parameters: "draw(shape const&)".
func Name(name string) (demangled string, ok bool) {
	if len(name) > maxName || !strings.HasPrefix(name, "_") {
		return name, false
	}
	// The library claims to return an error for malformed names. A trap's backtrace, which holds names
	// from the binary, must not depend on that.
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
