package encoding

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding/internal/raw"
)

// NestedComponent is a component defined inside another component.
type NestedComponent struct {
	Span
	Component *Component
}

// CoreModule is a core module defined inside a component. Bytes is the whole module including its
// preamble. In a decoded component, Bytes aliases the file. Decoding checks only the preamble: use
// core.Decode to look inside.
type CoreModule struct {
	Span
	Bytes []byte
}

func readCoreModule(r *raw.Reader) *CoreModule {
	start := r.Pos()
	m := &CoreModule{Bytes: r.Skip(r.Len()), Span: Span{Start: start, End: r.End()}}
	switch {
	case !r.OK() || IsCoreModule(m.Bytes):
	case len(m.Bytes) < PreambleLen:
		r.Fail(raw.Truncated, r.End(), "unexpected end-of-file")
	case string(m.Bytes[:len(magic)]) != magic:
		r.Fail(raw.BadPreamble, start, "magic header not detected: bad magic number")
	case IsComponent(m.Bytes):
		r.Fail(raw.BadPreamble, start, "expected a version header for a module, found a component's")
	default:
		r.Fail(raw.BadPreamble, start+len(magic), fmt.Sprintf("unknown binary version and layer: %#x", m.Bytes[len(magic):PreambleLen]))
	}
	return m
}
