package compose

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/runner"
	"github.com/mortise-wasm/mortise/runner/profile"
	"github.com/mortise-wasm/mortise/runner/record"
)

// observe returns what observes the calls of the guest, or nil, and a function that completes the
// files that it writes. With --seed, traces have no times, so that those of two runs can be
// compared.
func (o *runOptions) observe(info *validate.Info, feats feature.Set) (runner.Observer, func() error, error) {
	var list []runner.Observer
	done := func() error { return nil }
	if o.record != "" {
		rec, finish, err := o.recorder(info, feats)
		if err != nil {
			return nil, nil, err
		}
		list, done = append(list, rec), finish
	}
	if o.profile != "" {
		p := profile.New(time.Now)
		finish := done
		list, done = append(list, p), func() error { return errors.Join(finish(), o.writeProfile(p)) }
	}
	if o.trace {
		list = append(list, newTracer(o.std, !o.seeded))
	}
	switch len(list) {
	case 0:
		return nil, done, nil
	case 1:
		return list[0], done, nil
	default:
		return runner.Observers(list...), done, nil
	}
}

// writeProfile writes the file of --profile.
func (o *runOptions) writeProfile(p *profile.Profiler) error {
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		return err
	}
	return cli.WriteFile(o.profile, b.Bytes())
}

// newTracer returns a tracer that writes to standard error. It changes std so that the guest can
// write there too.
func newTracer(std *cli.IO, times bool) *tracer {
	std.Err = &lockedWriter{w: std.Err}
	t := &tracer{w: std.Err, color: std.ColorErr(), width: std.ErrColumns()}
	if times {
		t.now = time.Now
	}
	return t
}

// recorder creates the file of --record. Only the user may read it, because it holds all that the
// guest was told: arguments, environment, contents of files.
func (o *runOptions) recorder(info *validate.Info, feats feature.Set) (runner.Observer, func() error, error) {
	cannot := func(err error) error {
		d := diag.Errorf(diag.Span{}, cli.CodeUnwritable, "--record: cannot write `%s`: %s", o.record, cli.Reason(err))
		d.Cause = err
		return d
	}
	f, err := os.OpenFile(o.record, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, nil, cannot(err)
	}
	h := record.Header{Name: filepath.Base(o.component), MaxMemory: o.recordedMemory()}
	if o.feats.IsSet() {
		h.Features = feats.String()
	}
	rec, err := record.NewRecorder(f, h, info.Component.Append(nil))
	if err != nil {
		return nil, nil, cannot(errors.Join(err, f.Close()))
	}
	return rec, func() error {
		if err := errors.Join(rec.Close(), f.Close()); err != nil {
			return cannot(err)
		}
		return nil
	}, nil
}

// recordedMemory returns the limit of memory to record: 0 for the default.
func (o *runOptions) recordedMemory() uint64 {
	if o.limits.MaxMemory == defaultLimits().MaxMemory {
		return 0
	}
	return o.limits.MaxMemory
}
