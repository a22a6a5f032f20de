package link

import (
	_ "embed"

	"github.com/mortise-wasm/mortise/diag"
)

//go:generate go run ../../cmd/inspect parse libdl.wat -o libdl.wasm

//go:embed libdl.wasm
var libdl []byte

// BuiltinDL returns a library `libdl.so` to link with others. It has `dlopen`, `dlsym`, `dlclose`
// and `dlerror`, which find the libraries that are [SharedLibrary.Openable].
func BuiltinDL() SharedLibrary {
	return SharedLibrary{Name: "libdl.so", File: diag.NewBinary("libdl.so", libdl)}
}
