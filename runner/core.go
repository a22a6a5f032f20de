package runner

import (
	"context"
	"errors"
	"strings"

	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/sys"

	"github.com/mortise-wasm/mortise/runner/internal/canon"
	"github.com/mortise-wasm/mortise/runner/internal/meter"
)

// coreFunc is an exported core function. The engine's function objects cannot be re-entered, so
// each call takes one for its duration. There are as many objects as nested calls.
type coreFunc struct {
	store    *store
	module   api.Module
	instance string
	name     string
	free     []api.Function
}

// Call implements [canon.CoreFunc].
func (f *coreFunc) Call(ctx context.Context, stack []uint64) {
	var fn api.Function
	if n := len(f.free); n > 0 {
		fn = f.free[n-1]
		f.free = f.free[:n-1]
	} else if fn = f.module.ExportedFunction(f.name); fn == nil {
		canon.Trapf("core function `%s` is gone", f.name)
	}
	waiting := f.store.suspend(fn)
	if err := fn.CallWithStack(ctx, stack); err != nil {
		f.store.raise(f.instance, err)
	}
	f.store.resume(waiting)
	if f.store.prog.engine.stackSize(fn) < largeStack {
		f.free = append(f.free, fn)
	}
}

// raise rethrows an error of the engine as a trap of the store.
func (s *store) raise(instance string, err error) {
	s.canon.Dead = true
	panic(newTrap(instance, err, s.prog.sources))
}

// newTrap returns the trap for an error of the engine. If a function of the host raised the trap,
// newTrap adds the core frames to that trap.
func newTrap(instance string, err error, src *sources) *canon.Trap {
	var raised *canon.Trap
	if errors.As(err, &raised) {
		raised.Frames = append(raised.Frames, parseFrames(instance, err.Error(), src)...)
		return raised
	}
	text := err.Error()
	trap := &canon.Trap{Message: trapMessage(text), Cause: err, Frames: parseFrames(instance, text, src)}
	var exit *sys.ExitError
	if errors.As(err, &exit) {
		trap.Message, trap.Cause = closedMessage, ErrClosed
	}
	return trap
}

// closedMessage is the message of a trap that Close causes.
const closedMessage = "the instance was closed while it ran"

const traceHeading = "wasm stack trace:"

// parseFrames extracts the core frames from the text of an engine's error. Each line after the last
// heading is a frame. If the module has debug information, a line with the source position follows,
// indented further.
func parseFrames(instance, text string, src *sources) []canon.Frame {
	i := strings.LastIndex(text, traceHeading)
	if i < 0 {
		return nil
	}
	var out []canon.Frame
	guest := false // whether the frame is code of the guest
	for line := range strings.Lines(text[i+len(traceHeading):]) {
		line = strings.TrimRight(line, "\n")
		switch {
		case line == "" && len(out) == 0:
		case strings.HasPrefix(line, "\t\t"):
			if guest && out[len(out)-1].Source == "" {
				out[len(out)-1].Source = src.position(strings.TrimSpace(line))
			}
		case strings.HasPrefix(line, "\t"):
			if guest = isGuest(line); guest {
				out = append(out, canon.Frame{Instance: instance, Func: strings.TrimSpace(line)})
			}
		case line != "":
			return out
		}
	}
	return out
}

// isGuest reports whether a line of the engine's stack trace is a frame of the guest's code.
func isGuest(line string) bool {
	return !strings.HasPrefix(line, "\t... ") && !strings.HasPrefix(line, "\t"+trampolineModule+".") && !strings.HasPrefix(line, "\t"+meterModule+".") &&
		!strings.Contains(line, "."+meter.FuncPrefix)
}

// trapMessages maps the engine's words for traps to those of the component model's test suites.
var trapMessages = map[string]string{
	"unreachable":                 "wasm `unreachable` instruction executed",
	"out of bounds memory access": "out of bounds memory access",
	// The engine does not distinguish these two.
	"invalid table access":          "undefined element: out of bounds table access, or uninitialized element",
	"indirect call type mismatch":   "indirect call type mismatch",
	"integer divide by zero":        "integer divide by zero",
	"integer overflow":              "integer overflow",
	"invalid conversion to integer": "invalid conversion to integer",
	"stack overflow":                "call stack exhausted",
	"unaligned atomic":              "unaligned atomic",
	"expected shared memory":        "expected shared memory",
	"too many waiters":              "too many waiters",
	"uncaught exception":            "uncaught exception",
	"null function reference":       "uninitialized element",
	// The engine does not distinguish these two.
	"null reference": "null reference: null function reference, or another null",
}

func trapMessage(text string) string {
	first, _, _ := strings.Cut(text, "\n")
	first = strings.TrimSuffix(first, " (recovered by wazero)")
	// The engine reports a trap of a start function as `start function[0] failed: wasm error: …`.
	if _, after, ok := strings.Cut(first, "wasm error: "); ok {
		first = after
	}
	if m, ok := trapMessages[first]; ok {
		return m
	}
	return first
}
