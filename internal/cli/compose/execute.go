package compose

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"time"

	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/componentize/preview1"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// grace is how long a guest that was interrupted, or whose time is up, may take to end.
const grace = 300 * time.Millisecond

// runAbandonable is [runRun] for a process that ends afterwards: a guest that does not stop is left
// behind. The engine stops a guest only where it looks, which is in loops.
func runAbandonable(ctx context.Context, o *runOptions) error {
	type ending struct {
		err      error
		panicked any
	}
	done := make(chan ending, 1)
	late := make(chan struct{})
	go func() {
		// A panic belongs to the goroutine of the command, which reports it.
		defer func() {
			if r := recover(); r != nil {
				done <- ending{panicked: r}
			}
		}()
		done <- ending{err: runRun(ctx, o, func() { close(late) })}
	}()
	end := func(e ending) error {
		if e.panicked != nil {
			panic(e.panicked)
		}
		return e.err
	}
	select {
	case e := <-done:
		return end(e)
	case <-ctx.Done():
	case <-late:
	}
	select {
	case e := <-done:
		return end(e)
	case <-time.After(grace):
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return o.outcome(tooLate)
}

// runRun runs a component. late is called, in another goroutine, when the guest's time is up.
func runRun(ctx context.Context, o *runOptions, late func()) (err error) {
	f, err := o.std.ReadProgram(o.component)
	if err != nil {
		return err
	}
	if encoding.IsCoreModule(f.Data) {
		if f, err = ofModule(f); err != nil {
			return err
		}
	}
	feats, err := o.feats.Parse(feature.Default())
	if err != nil {
		return err
	}
	eng, err := o.engine(ctx, feats)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, eng.Close(context.WithoutCancel(ctx))) }()
	stop := o.progress("compiling " + filepath.Base(f.Name))
	prog, err := compile(ctx, eng, f)
	stop()
	if err != nil {
		return err
	}
	// The guest's time begins here. Compiling is not its doing, and with a cache takes no time.
	guestCtx, cancel := o.deadline(ctx, late)
	defer cancel()
	inst, closeWASI, err := o.instantiate(guestCtx, f, prog)
	if err == nil {
		defer func() {
			cerr := inst.Close(context.WithoutCancel(ctx))
			err = errors.Join(err, cerr, closeWASI.Close())
		}()
	}
	if err := inTime(guestCtx, err); err != nil {
		return o.outcome(err)
	}
	if o.invoke != "" {
		return o.outcome(o.call(guestCtx, f, inst))
	}
	return o.outcome(o.command(guestCtx, f, inst))
}

// compile compiles a component. Errors are in f, which may have been assembled from a text.
func compile(ctx context.Context, eng *runner.Engine, f *diag.File) (*runner.Program, error) {
	c, err := encoding.Decode(f)
	if err != nil {
		return nil, err
	}
	return eng.CompileComponent(ctx, f, c)
}

// deadline returns the context of the guest. late is called when its time is up.
func (o *runOptions) deadline(ctx context.Context, late func()) (context.Context, context.CancelFunc) {
	if o.timeout == 0 {
		return context.WithCancel(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	stop := context.AfterFunc(ctx, func() {
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			late()
		}
	})
	return ctx, func() { stop(); cancel() }
}

// tooLate is the trap of a guest whose time is up.
var tooLate = &runner.Trap{Message: timedOut, Cause: context.DeadlineExceeded}

// inTime returns err, how instantiating or a call of the guest ended, or a trap if it ended after the deadline in
// any other way: whether a guest is stopped in time or notices itself, the outcome is the same.
func inTime(ctx context.Context, err error) error {
	var trap *runner.Trap
	if errors.Is(ctx.Err(), context.DeadlineExceeded) && !errors.As(err, &trap) {
		return tooLate
	}
	return err
}

// ofModule makes a component of a core module that is a program for WASI preview 1. It is the one that `compose new` makes, so the code that was
// compiled for one is of use for the other.
func ofModule(f *diag.File) (*diag.File, error) {
	isPreview1 := func(i core.Import) bool { return i.Module == preview1.Module }
	// What is wrong with a malformed one is said below.
	if m, err := core.Decode(f.Data); err == nil && !slices.ContainsFunc(m.Imports, isPreview1) {
		return nil, diag.Errorf(diag.Span{}, CodeRunModule, "`%s` is a core module that imports nothing of WASI preview 1; a component is needed", f.Name).
			Helpf("make a component of it first, with `compose new`")
	}
	c, err := componentize.New(f, componentize.Options{DefaultAdapter: preview1.Adapter, Producer: producer()})
	if err != nil {
		return nil, err
	}
	return diag.NewBinary(f.Name, c.Append(nil)), nil
}

func (o *runOptions) engine(ctx context.Context, feats feature.Set) (*runner.Engine, error) {
	return o.cachedEngine(ctx, runner.Options{Features: feats, MaxMemory: o.memory, Interpreter: o.interpret, Timeouts: o.timeout > 0})
}

// instantiate links the component with WASI and makes an instance.
func (o *runOptions) instantiate(ctx context.Context, f *diag.File, prog *runner.Program) (*runner.Instance, io.Closer, error) {
	l := runner.NewLinker()
	if o.unknown == "trap" {
		l.TrapUnknown()
	}
	cfg, err := o.wasi()
	if err != nil {
		return nil, nil, err
	}
	closeWASI, err := cfg.AddTo(l)
	if err != nil {
		return nil, nil, unusableDir(err)
	}
	linked, err := l.Link(prog)
	var inst *runner.Instance
	if err == nil {
		inst, err = linked.Instantiate(ctx)
	}
	if err != nil {
		return nil, nil, errors.Join(unmet(f, err), closeWASI.Close())
	}
	return inst, closeWASI, nil
}

// runInterface is what commands export.
const runInterface = "wasi:cli/run"

// command runs wasi:cli/run.
func (o *runOptions) command(ctx context.Context, f *diag.File, inst *runner.Instance) error {
	for _, n := range inst.Type().Exports.Names() {
		in, err := name.ParseInterface(n, name.Options{})
		if err != nil || in.Unversioned() != runInterface {
			continue
		}
		run := inst.Func(n, "run")
		if run == nil || !isRun(run.Type()) {
			continue
		}
		v, err := run.Call(ctx)
		if err := inTime(ctx, err); err != nil {
			return err
		}
		if !v.IsOK() {
			return &cli.ExitError{Code: cli.ExitInput}
		}
		return nil
	}
	d := diag.Errorf(diag.Span{}, CodeNoRun, "`%s` exports no `%s`, so it is not a command", f.Name, runInterface)
	for _, s := range signatures(inst.Type()) {
		d.Notef("it exports %s", s)
	}
	d.Helpf("call a function with --invoke 'NAME(ARGUMENTS)'")
	return d
}

// isRun tells whether a function has the type of a command's: func() -> result.
func isRun(t *types.Func) bool {
	return len(t.Params) == 0 && t.Result != nil && types.Equal(t.Result, &types.Result{})
}

// call is --invoke.
func (o *runOptions) call(ctx context.Context, f *diag.File, inst *runner.Instance) error {
	call, err := value.ParseCallNamed("--invoke", o.invoke)
	if err != nil {
		return err
	}
	path, err := findExport(f, inst, call)
	if err != nil {
		return err
	}
	fn := inst.Func(path...)
	args, err := call.Args(fn.Type().Params)
	if err != nil {
		return err
	}
	v, err := fn.Call(ctx, args...)
	if err := inTime(ctx, err); err != nil {
		return err
	}
	out := []byte("()")
	if t := fn.Type().Result; t != nil {
		out = value.Append(nil, v, t)
	}
	_, err = o.std.Out.Write(append(out, '\n'))
	return err
}
