package p2

import (
	"context"

	"github.com/mortise-wasm/mortise/model/value"
)

// terminal is a terminal-input or a terminal-output. It supports no operations.
type terminal struct{}

// terminalInput is wasi:cli/terminal-input.
func terminalInput() *iface {
	i := newInterface("wasi:cli/terminal-input")
	resource[*terminal](i, "terminal-input", nil)
	return i
}

// terminalOutput is wasi:cli/terminal-output.
func terminalOutput() *iface {
	i := newInterface("wasi:cli/terminal-output")
	resource[*terminal](i, "terminal-output", nil)
	return i
}

// terminalStdin is wasi:cli/terminal-stdin.
func (h *Host) terminalStdin() *iface { return terminalOf("stdin", h.StdinTerminal) }

// terminalStdout is wasi:cli/terminal-stdout.
func (h *Host) terminalStdout() *iface { return terminalOf("stdout", h.StdoutTerminal) }

// terminalStderr is wasi:cli/terminal-stderr.
func (h *Host) terminalStderr() *iface { return terminalOf("stderr", h.StderrTerminal) }

func terminalOf(stream string, isTerminal bool) *iface {
	i := newInterface("wasi:cli/terminal-" + stream)
	i.fn("get-terminal-"+stream, func(context.Context, []value.Value) (value.Value, error) {
		if isTerminal {
			return value.Some(value.Own(&terminal{})), nil
		}
		return value.None(), nil
	})
	return i
}
