package runner

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/sys"

	"github.com/mortise-wasm/mortise/runner/internal/adapter"
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
	panic(newTrap(err, s.frames(instance, err.Error())))
}

// newTrap returns the trap for an error of the engine, with the core frames in its text. If a
// function of the host raised the trap, newTrap adds the frames to that trap.
func newTrap(err error, frames []canon.Frame) *canon.Trap {
	var raised *canon.Trap
	if errors.As(err, &raised) {
		raised.Frames = append(raised.Frames, frames...)
		return raised
	}
	trap := &canon.Trap{Message: trapMessage(err.Error()), Cause: err, Frames: frames}
	var exit *sys.ExitError
	if errors.As(err, &exit) {
		trap.Message, trap.Cause = closedMessage, ErrClosed
	}
	return trap
}

// closedMessage is the message of a trap that Close causes.
const closedMessage = "the instance was closed while it ran"

const traceHeading = "wasm stack trace:"

// frames returns the core frames in the text of an error of the engine. instance is the component
// instance that the outermost belongs to. A frame of an adapter names the instance of the next
// inner ones, and is left out itself.
func (s *store) frames(instance, text string) []canon.Frame {
	all := parseFrames(text, s.prog.sources)
	var out []canon.Frame
	if strings.Contains(text, omittedFrames) && len(s.prog.adapters.list) > 0 {
		instance = s.guessInstance(all, instance)
	}
	for _, f := range slices.Backward(all) {
		if n := adapterFrame(f.Func); n >= 0 && n < len(s.insts) {
			instance = s.insts[n].Path
			continue
		}
		f.Instance = instance
		out = append(out, f)
	}
	slices.Reverse(out)
	return out
}

// adapterFrame returns the component instance that a frame of an adapter names, or -1.
func adapterFrame(frame string) int {
	name, ok := strings.CutPrefix(frame, adapter.ModuleName+".")
	if !ok {
		return -1
	}
	name, _, _ = strings.Cut(name, "(")
	return adapter.FrameOf(name)
}

// omittedFrames is the last line of a stack trace that the engine has cut off.
const omittedFrames = "\t... maybe followed by omitted frames"

// guessInstance returns the component instance that the outermost frames of a stack trace belong to
// if the trace is cut off, so that the frame of the adapter that called them may be missing. The
// names of their modules tell, unless several instances have modules with these names.
func (s *store) guessInstance(frames []canon.Frame, otherwise string) string {
	var owners map[int]bool
	for _, f := range slices.Backward(frames) {
		if adapterFrame(f.Func) >= 0 {
			break
		}
		these := make(map[int]bool)
		for _, c := range s.code {
			if (owners == nil || owners[c.owner]) && strings.HasPrefix(f.Func, c.source.Names().Module+".") {
				these[c.owner] = true
			}
		}
		if owners = these; len(owners) == 1 {
			break
		}
	}
	if len(owners) == 1 {
		for n := range owners {
			return s.insts[n].Path
		}
	}
	return otherwise
}

// parseFrames extracts the core frames from the text of an engine's error. Each line after the last
// heading is a frame. If the module has debug information, a line with the source position follows,
// indented further.
func parseFrames(text string, src *sources) []canon.Frame {
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
				out = append(out, canon.Frame{Func: strings.TrimSpace(line)})
			}
		case line != "":
			return out
		}
	}
	return out
}

// isGuest reports whether a line of the engine's stack trace is a frame of the guest's code.
func isGuest(line string) bool {
	return line != omittedFrames && !strings.HasPrefix(line, "\t"+trampolineModule+".") && !strings.HasPrefix(line, "\t"+meterModule+".") &&
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
