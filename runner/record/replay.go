package record

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// Deviation is the error of a replay that differs from its recording.
type Deviation struct {
	// Event is the number of the event in the recording, from 1.
	Event int
	// Want is what the recording has. Got is what happened instead, or nil if the recorded call could
	// not be made.
	Want, Got *Event
	// Detail says what differs, such as an argument, or why the call could not be made. It may be "".
	Detail string
}

// Error describes both sides.
func (d *Deviation) Error() string {
	s := fmt.Sprintf("event %d: recorded: %s", d.Event, d.Want)
	if d.Got != nil {
		s += fmt.Sprintf("; now: %s", d.Got)
	}
	if d.Detail != "" {
		s += "; " + d.Detail
	}
	return s
}

// Summary describes a replay without deviations.
type Summary struct {
	// Events is the number of events replayed. Exports and Imports are the numbers of calls among
	// them.
	Events, Exports, Imports int
	// Note says why the replay ended early, or is "": because the recorded run was stopped, or because
	// the recording is incomplete.
	Note string
}

// Replay is [Reader.Prepare] and [Replay.Run].
func (r *Reader) Replay(ctx context.Context, o runner.Options, component []byte) (*Summary, error) {
	p, err := r.Prepare(ctx, o, component)
	if err != nil {
		return nil, err
	}
	s, err := p.Run(ctx)
	return s, errors.Join(err, p.Close(context.WithoutCancel(ctx)))
}

// Prepare compiles a component for a replay, usually r.Component, which a script does not have. It
// takes the limits from the recording instead of o. r must not have been read from before.
//
// A recording does not contain the core modules that a component imports: Prepare fails with a
// [*runner.UnmetError] if there are any.
func (r *Reader) Prepare(ctx context.Context, o runner.Options, component []byte) (_ *Replay, err error) {
	p := &Replay{r: r, resources: make(map[string]any)}
	observer := o.Observer
	o.Limits, o.Observer = r.Header.Limits, (*checker)(p)
	if observer != nil {
		o.Observer = runner.Observers(o.Observer, observer)
	}
	if p.engine, err = runner.NewEngine(ctx, o); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.Close(context.WithoutCancel(ctx)))
		}
	}()
	program, err := p.engine.Compile(ctx, r.Header.Name, component)
	if err != nil {
		return nil, err
	}
	l := runner.NewLinker()
	l.Fallback(runner.Fallback{Func: p.answer, Drop: p.drop})
	p.linked, err = l.Link(program)
	return p, err
}

// Run runs the component with nothing but the recording: it makes the recorded calls of exports and
// answers calls of imports with the recorded results. It returns a [*Deviation] at the first
// difference. It can be called once.
func (p *Replay) Run(ctx context.Context) (*Summary, error) {
	err := p.run(ctx)
	p.summary.Events = p.r.Number()
	var stop *stopError
	switch {
	case errors.As(err, &stop):
		p.summary.Note = "the recorded run was stopped here: " + stop.message
	case errors.Is(err, ErrIncomplete):
		p.summary.Note = "the recording is incomplete and ends here"
	case !errors.Is(err, io.EOF):
		return nil, err
	}
	return &p.summary, nil
}

// Close releases the compiled component.
func (p *Replay) Close(ctx context.Context) error { return p.engine.Close(ctx) }

// stopError ends a replay where the recorded run was stopped.
type stopError struct{ message string }

func (e *stopError) Error() string { return "the recorded run was stopped: " + e.message }

// Replay is a recording with a compiled component, ready to be replayed.
type Replay struct {
	summary Summary
	r       *Reader
	engine  *runner.Engine
	linked  *runner.Linked
	inst    *runner.Instance
	// resources are the component's resources that the host holds, by their text.
	resources map[string]any
	// err is why the replay ends. It is a [*Deviation], a *stopError, io.EOF, or an error of reading.
	err error
}

// run replays the calls of the host.
func (p *Replay) run(ctx context.Context) error {
	defer func() {
		if p.inst != nil {
			// What the guest still owns is of no interest.
			_ = p.inst.Close(context.WithoutCancel(ctx))
		}
	}()
	for p.err == nil {
		e, err := p.r.peek()
		if err != nil {
			return err
		}
		before := p.r.Number()
		if err := p.call(ctx, e); err != nil {
			return err
		}
		if p.err == nil && p.r.Number() == before {
			return errors.New("the recording is damaged: a call could not be begun")
		}
	}
	return p.err
}

// call makes a recorded call of the host. It returns an error if the call could not be made. What
// becomes of the call, the observer sees.
func (p *Replay) call(ctx context.Context, e *Event) error {
	if !e.Begin || (e.Kind == runner.CallInstantiate) != (p.inst == nil) {
		return errors.New("the recording is damaged: a call is out of place")
	}
	cannot := func(format string, args ...any) error {
		return &Deviation{Event: p.r.Number() + 1, Want: e, Detail: fmt.Sprintf(format, args...)}
	}
	switch e.Kind {
	case runner.CallInstantiate:
		inst, err := p.linked.Instantiate(ctx)
		if err == nil {
			p.inst = inst
		} else if p.err == nil {
			// Nothing can follow.
			_, p.err = p.r.Next()
		}
		return nil
	case runner.CallExport:
		path := exportPath(p.inst.Type().Exports, e.Interface, e.Func)
		f := p.inst.Func(path...)
		if f == nil {
			return cannot("the component has no such export")
		}
		args, err := p.args(e.Values, f.Type())
		if err != nil {
			return cannot("the export's type does not fit: %v", err)
		}
		p.summary.Exports++
		_, err = f.Call(ctx, args...)
		if err != nil && p.err == nil && (errors.Is(err, runner.ErrTrapped) || errors.Is(err, runner.ErrBusy)) {
			return cannot("%v", err)
		}
		return nil
	case runner.CallDestructor:
		v, ok := p.resources[trimTuple(e.Values)]
		if !ok {
			return errors.New("the recording is damaged: a resource is dropped that the host does not have")
		}
		if err := p.inst.DropResource(ctx, value.Own(v)); err != nil && p.err == nil {
			return cannot("%v", err)
		}
		return nil
	default:
		return errors.New("the recording is damaged: a call is out of place")
	}
}

// exportPath returns the path of an exported function for [runner.Instance.Func].
func exportPath(exports types.Items, iface, fn string) []string {
	if iface == "" {
		return []string{fn}
	}
	for _, x := range exports.All() {
		in, ok := x.Type.(*types.Instance)
		rest, isPrefix := strings.CutPrefix(iface, x.Name)
		switch {
		case !ok || !isPrefix:
		case rest == "":
			return []string{x.Name, fn}
		case rest[0] == '.':
			if path := exportPath(in.Exports, rest[1:], fn); path != nil {
				return append([]string{x.Name}, path...)
			}
		}
	}
	return nil
}

// args reads the arguments of a recorded call.
func (p *Replay) args(text string, t *types.Func) ([]value.Value, error) {
	typ := argsType(t)
	if typ == nil {
		if text != "" {
			return nil, errors.New("it takes no arguments")
		}
		return nil, nil
	}
	v, err := value.ParseHandles(text, typ, func(s string) (any, error) {
		if r, ok := p.resources[s]; ok {
			return r, nil
		}
		return hostResource(s), nil
	})
	if err != nil {
		return nil, err
	}
	args := make([]value.Value, v.Len())
	for i := range args {
		args[i] = v.Index(i)
	}
	return args, nil
}

// hostResource is the value of a host resource in a replay: its text in the recording.
type hostResource string

// errEnded is the error of the replay's host functions after the replay has ended.
var errEnded = errors.New("the replay has ended")

// outcome returns how the call of an import that was just begun ended in the recording.
func (p *Replay) outcome() (*Event, error) {
	if p.err != nil {
		return nil, errEnded
	}
	e, err := p.r.peek()
	switch {
	case err != nil:
		p.err = err
	case e.Begin:
		p.err = errors.New("the recording is damaged: the host calls the component from an import")
	case e.Outcome == Stopped:
		p.err = &stopError{e.Message}
	case e.Outcome == Failed:
		return nil, errors.New(e.Message)
	case e.Outcome == Exited:
		return nil, &runner.ExitError{Code: e.Code}
	default:
		return e, nil
	}
	return nil, errEnded
}

// answer serves the imports.
func (p *Replay) answer(_ context.Context, _ string, t *types.Func, _ []value.Value) (value.Value, error) {
	e, err := p.outcome()
	if err != nil || t.Result == nil {
		return value.Value{}, err
	}
	v, err := value.ParseHandles(e.Values, t.Result, func(s string) (any, error) { return hostResource(s), nil })
	if err != nil {
		p.err = &Deviation{Event: p.r.Number() + 1, Want: e, Detail: fmt.Sprintf("the import's type does not fit: %v", err)}
		return value.Value{}, errEnded
	}
	return v, nil
}

// drop serves the drops of host resources.
func (p *Replay) drop(ctx context.Context, _ any) error {
	if runner.Closing(ctx) {
		return nil
	}
	_, err := p.outcome()
	return err
}

// checker is the observer of a replay. It compares the events of the run with the recording.
type checker Replay

// Begin implements [runner.Observer].
func (p *checker) Begin(_ context.Context, c *runner.Call) {
	if p.err != nil || !crosses(c) {
		return
	}
	if c.Kind == runner.CallImport {
		p.summary.Imports++
	}
	got := beginOf(c)
	want := p.compare(got)
	if d, ok := p.err.(*Deviation); ok && want.Begin && want.Kind == got.Kind && want.Name() == got.Name() {
		d.Detail = differingArg(want.Values, c)
	}
}

// End implements [runner.Observer].
func (p *checker) End(c *runner.Call, result value.Value, err error) {
	if p.err != nil || !crosses(c) {
		return
	}
	got := endOf(c, result, err)
	if got.Outcome == Stopped {
		// The replay itself was stopped, possibly where the recorded run was.
		if e, _ := p.r.peek(); e == nil || e.Outcome != Stopped {
			p.err = err
			return
		}
	}
	want := p.compare(got)
	if d, ok := p.err.(*Deviation); ok && !want.Begin && want.Outcome == Returned && got.Outcome == Returned {
		d.Detail = differing("the result", want.Values, got.Values)
	}
	if c.Kind == runner.CallExport && err == nil && c.Type.Result != nil {
		value.MapHandles(result, c.Type.Result, func(h any, _ *types.Resource) any {
			if h, ok := h.(runner.Handle); ok {
				p.resources[h.String()] = h.Value()
			}
			return h
		})
	}
}

// compare moves past the next event of the recording, which should be got. If it is not, compare
// sets p.err.
func (p *checker) compare(got *Event) (want *Event) {
	want, err := p.r.Next()
	switch {
	case err != nil:
		p.err = err
	case want.Outcome == Stopped:
		p.err = &stopError{want.Message}
	case *want != *got:
		p.err = &Deviation{Event: p.r.Number(), Want: want, Got: got}
	}
	return want
}

// differingArg describes the first argument of a call that differs from the recorded ones.
func differingArg(recorded string, c *runner.Call) string {
	typ := argsType(c.Type)
	if typ == nil || c.Args == nil {
		return ""
	}
	v, err := value.ParseHandles(recorded, typ, func(s string) (any, error) { return text(s), nil })
	if err != nil {
		return "the recorded arguments do not fit the type of the function"
	}
	for i, param := range c.Type.Params {
		want, got := value.Append(nil, v.Index(i), param.Type), value.Append(nil, c.Args[i], param.Type)
		if string(want) != string(got) {
			return differing("argument `"+param.Name+"`", string(want), string(got))
		}
	}
	return ""
}

// text is a handle that prints as itself.
type text string

func (t text) HandleText() string { return string(t) }

// differing shows two texts around the place where they begin to differ.
func differing(what, want, got string) string {
	const before, after = 20, 40
	at := 0
	for at < min(len(want), len(got)) && want[at] == got[at] {
		at++
	}
	excerpt := func(s string) string {
		start, end := max(0, at-before), min(len(s), at+after)
		out := strings.ToValidUTF8(s[start:end], "")
		if start > 0 {
			out = "…" + out
		}
		if end < len(s) {
			out += "…"
		}
		return out
	}
	return fmt.Sprintf("%s differs: recorded %s, now %s", what, excerpt(want), excerpt(got))
}
