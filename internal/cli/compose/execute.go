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
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
	"github.com/mortise-wasm/mortise/wasi"
)

// grace is how long a guest may take to end after an interrupt or its deadline.
const grace = 300 * time.Millisecond

// runAbandonable is [runRun] for a process that ends afterwards: it returns even if the guest does
// not stop, because a function of the host waits for something that nothing interrupts.
func runAbandonable(ctx context.Context, o *runOptions) error {
	type ending struct {
		err      error
		panicked any
	}
	done := make(chan ending, 1)
	late := make(chan struct{})
	go func() {
		// Pass a panic on to the goroutine of the command, which reports it.
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
	feats, err := o.feats.Parse(feature.Default())
	if err != nil {
		return err
	}
	info, err := validated(f, feats)
	if err != nil {
		return err
	}
	observer, observed, err := o.observe(info, feats)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, observed()) }()
	eng, err := o.engine(ctx, feats, observer)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, eng.Close(context.WithoutCancel(ctx))) }()
	stop := o.progress("compiling " + filepath.Base(f.Name))
	prog, err := eng.CompileInfo(ctx, info)
	stop()
	if err != nil {
		return refused(err)
	}
	// The guest's time starts here. It does not include compiling, which takes no time with a cache.
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

// validated returns the component in f, or the one that is made of the core module in f. Errors
// have positions in f, which may be assembled from text.
func validated(f *diag.File, feats feature.Set) (*validate.Info, error) {
	if encoding.IsCoreModule(f.Data) {
		return ofModule(f)
	}
	c, err := encoding.Decode(f)
	if err != nil {
		return nil, err
	}
	return validate.Component(f, c, validate.Options{Features: feats})
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

// inTime returns err, the result of instantiating or calling the guest, or a timeout trap if the
// guest ended after the deadline without a trap. The outcome is thus the same whether the engine
// stops the guest or the guest ends by itself.
func inTime(ctx context.Context, err error) error {
	var trap *runner.Trap
	if errors.Is(ctx.Err(), context.DeadlineExceeded) && !errors.As(err, &trap) {
		return tooLate
	}
	return err
}

// ofModule makes a component of a core module for WASI preview 1. The result is the same as that of
// `compose new`, so both share cached code.
func ofModule(f *diag.File) (*validate.Info, error) {
	isPreview1 := func(i core.Import) bool { return i.Module == preview1.Module }
	// New below reports what is wrong with a malformed module.
	if m, err := core.Decode(f.Data); err == nil && !slices.ContainsFunc(m.Imports, isPreview1) {
		return nil, diag.Errorf(diag.Span{}, CodeRunModule, "`%s` is a core module that does not import WASI preview 1, so it cannot be run", f.Name).
			Helpf("make a component of it first, with `compose new`")
	}
	return componentize.New(f, componentize.Options{DefaultAdapter: preview1.Adapter, Producer: producer()})
}

func (o *runOptions) engine(ctx context.Context, feats feature.Set, observer runner.Observer) (*runner.Engine, error) {
	return o.cachedEngine(ctx, runner.Options{Features: feats, Limits: o.limits.Limits, Interpreter: o.interpret, Observer: observer})
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

// command runs wasi:cli/run.
func (o *runOptions) command(ctx context.Context, f *diag.File, inst *runner.Instance) error {
	code, err := wasi.Run(ctx, inst)
	if errors.Is(err, runner.ErrNoFunc) {
		d := diag.Errorf(diag.Span{}, CodeNoRun, "`%s` exports no `wasi:cli/run`, so it is not a command", f.Name)
		for _, s := range signatures(inst.Type()) {
			d.Notef("it exports %s", s)
		}
		return d.Helpf("call a function with --invoke 'NAME(ARGUMENTS)'")
	}
	if err := inTime(ctx, err); err != nil {
		return err
	}
	if code != 0 {
		return &cli.ExitError{Code: code}
	}
	return nil
}

// call runs the call given with --invoke and prints its result.
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
