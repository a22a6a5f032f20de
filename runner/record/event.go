package record

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// Header describes a recorded run.
type Header struct {
	// Name is the name of the component, for messages.
	Name string
	// Features are the features with which the component was validated, as a list of names. "" means
	// the default.
	Features string
	// MaxMemory is the limit in [runner.Limits], or 0 for the default of whoever replays the run.
	MaxMemory uint64
}

func (h *Header) contents() []byte {
	b := appendField(nil, h.Name)
	b = appendField(b, h.Features)
	return appendField(b, strconv.FormatUint(h.MaxMemory, 10))
}

func readHeader(contents []byte) (Header, error) {
	f, err := fields(contents, 3)
	if err != nil {
		return Header{}, err
	}
	n, err := strconv.ParseUint(f[2], 10, 64)
	if err != nil {
		return Header{}, errors.New("the recording is damaged: the header has no memory limit")
	}
	return Header{Name: f[0], Features: f[1], MaxMemory: n}, nil
}

// Event is the begin or the end of a call that crosses the boundary of the component.
type Event struct {
	// Begin is true for the begin of a call. Its end, the next event that is not inside it, has Begin
	// false and repeats neither Kind nor the names.
	Begin bool

	// Kind is one of [runner.CallInstantiate], CallExport, CallImport, CallDestructor (the host drops
	// a resource of the component) and CallDrop (the component drops one of the host).
	Kind runner.CallKind
	// Interface and Func name the function.
	Interface, Func string

	// Outcome says how the call ended.
	Outcome Outcome
	// Message is the message of a trap or the error of a host function, and Code an exit code.
	Message string
	Code    int

	// Values is the WAVE text of the arguments, as a tuple, or of the result. It is "" if there are
	// none. Handles are written as a name and a number: `thing#3`.
	Values string
}

// Outcome says how a call ended.
type Outcome uint8

// The outcomes of calls.
const (
	// Returned means that the call returned a result, if it has any.
	Returned Outcome = iota + 1
	// Failed means that the call trapped, or that a function of the host returned an error.
	Failed
	// Exited means that the guest exited.
	Exited
	// Stopped means that the run was interrupted from outside, such as by a timeout.
	Stopped
)

var outcomes = [...]string{Returned: "returned", Failed: "failed", Exited: "exited", Stopped: "stopped"}

// String returns the word in recordings.
func (o Outcome) String() string {
	if o == 0 || int(o) >= len(outcomes) {
		return fmt.Sprintf("Outcome(%d)", uint8(o))
	}
	return outcomes[o]
}

// kinds are the kinds of calls in recordings.
var kinds = []runner.CallKind{runner.CallInstantiate, runner.CallExport, runner.CallImport, runner.CallDestructor, runner.CallDrop}

func (e *Event) frame() (kind byte, contents []byte) {
	if e.Begin {
		b := appendField(nil, e.Kind.String())
		b = appendField(appendField(b, e.Interface), e.Func)
		return frameBegin, appendField(b, e.Values)
	}
	b := appendField(nil, e.Outcome.String())
	b = appendField(appendField(b, e.Message), strconv.Itoa(e.Code))
	return frameEnd, appendField(b, e.Values)
}

func readEvent(kind byte, contents []byte) (*Event, error) {
	f, err := fields(contents, 4)
	if err != nil {
		return nil, err
	}
	if kind == frameBegin {
		i := slices.IndexFunc(kinds, func(k runner.CallKind) bool { return k.String() == f[0] })
		if i < 0 {
			return nil, fmt.Errorf("the recording is damaged: a call is of unknown kind `%s`", f[0])
		}
		return &Event{Begin: true, Kind: kinds[i], Interface: f[1], Func: f[2], Values: f[3]}, nil
	}
	i := slices.Index(outcomes[:], f[0])
	if i <= 0 {
		return nil, fmt.Errorf("the recording is damaged: a call has the unknown outcome `%s`", f[0])
	}
	code, err := strconv.Atoi(f[2])
	if err != nil {
		return nil, errors.New("the recording is damaged: an exit code is not a number")
	}
	return &Event{Outcome: Outcome(i), Message: f[1], Code: code, Values: f[3]}, nil
}

// Name returns the name of the function with its interface.
func (e *Event) Name() string {
	if e.Interface == "" {
		return e.Func
	}
	return e.Interface + "." + e.Func
}

// String describes the event: "call of export `f`(1)".
func (e *Event) String() string {
	switch {
	case e.Begin && e.Kind == runner.CallInstantiate:
		return "instantiation"
	case e.Begin && e.Kind == runner.CallDestructor:
		return fmt.Sprintf("the host drops %s", trimTuple(e.Values))
	case e.Begin && e.Kind == runner.CallDrop:
		return fmt.Sprintf("the component drops %s of `%s`", trimTuple(e.Values), e.Interface)
	case e.Begin:
		values := e.Values
		if values == "" {
			values = "()"
		}
		return fmt.Sprintf("call of %s `%s`%s", e.Kind, e.Name(), values)
	}
	switch e.Outcome {
	case Failed:
		return "failure: " + e.Message
	case Exited:
		return fmt.Sprintf("exit with code %d", e.Code)
	case Stopped:
		return "the run was stopped: " + e.Message
	default:
		if e.Values == "" {
			return "return"
		}
		return "return of " + e.Values
	}
}

func trimTuple(s string) string { return strings.TrimSuffix(strings.TrimPrefix(s, "("), ")") }

// crosses reports whether a call crosses the boundary of the component.
func crosses(c *runner.Call) bool {
	switch c.Kind {
	case runner.CallInstantiate, runner.CallExport, runner.CallImport, runner.CallDrop:
		return true
	case runner.CallDestructor:
		return c.Parent == nil
	default:
		return false
	}
}

// argsType returns the type of the arguments as one value, or nil if there are none.
func argsType(t *types.Func) types.ValType {
	if len(t.Params) == 0 {
		return nil
	}
	tuple := &types.Tuple{}
	for _, p := range t.Params {
		tuple.Elems = append(tuple.Elems, p.Type)
	}
	return tuple
}

// beginOf returns the event for the begin of a call.
func beginOf(c *runner.Call) *Event {
	e := &Event{Begin: true, Kind: c.Kind, Interface: c.Interface, Func: c.Func}
	if t := argsType(c.Type); t != nil && c.Args != nil {
		e.Values = string(value.Append(nil, value.Tuple(c.Args), t))
	}
	return e
}

// endOf returns the event for the end of a call.
func endOf(c *runner.Call, result value.Value, err error) *Event {
	var exit *runner.ExitError
	var trap *runner.Trap
	switch {
	case err == nil:
		e := &Event{Outcome: Returned}
		if c.Type.Result != nil {
			e.Values = string(value.Append(nil, result, c.Type.Result))
		}
		return e
	case errors.As(err, &exit):
		return &Event{Outcome: Exited, Code: exit.Code}
	case stopped(err):
		return &Event{Outcome: Stopped, Message: err.Error()}
	case errors.As(err, &trap):
		return &Event{Outcome: Failed, Message: ownMessage(c, trap.Message)}
	default:
		return &Event{Outcome: Failed, Message: err.Error()}
	}
}

// ownMessage returns the message of a failed call without what the runner adds to the error of a
// host function: it adds the same when the function fails again.
func ownMessage(c *runner.Call, message string) string {
	switch c.Kind {
	case runner.CallImport:
		return strings.TrimPrefix(message, "host function `"+c.Name()+"`: ")
	case runner.CallDrop:
		// The name is that of the definition in the linker.
		if rest, ok := strings.CutPrefix(message, "dropping a `"); ok {
			if _, rest, ok := strings.Cut(rest, "`: "); ok {
				return rest
			}
		}
	}
	return message
}
