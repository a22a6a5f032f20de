package compose

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/runner"
	"github.com/mortise-wasm/mortise/runner/record"
)

type replayOptions struct {
	std       *cli.IO
	recording string
	component string
	trace     bool
	timeout   time.Duration
	format    string
	script    bool
	out       cli.Output
	cacheDir  string
	noCache   bool
}

func newReplay(std *cli.IO, runF func(context.Context, *replayOptions) error) *cobra.Command {
	o := &replayOptions{std: std}
	cmd := &cobra.Command{
		Use:   "replay RECORDING",
		Short: "Replay a recorded run and report where it deviates",
		Long: `Runs a component again as compose run --record has recorded it. The recording holds the
component and every call across its boundary. Its calls of the host are answered from the
recording, so a replay needs no files, network, clocks or permissions, and prints nothing of
what the guest prints.

Each call and each value is compared with the recording. The first one that differs is
reported. With --component, another component is run in place of the recorded one, such as
a newer version of it.

With --script, nothing is run: the recording is written as text, in the style of a test
script. It can be edited, and replayed with the component that --component names.`,
		Args: cli.Args,
		Example: `
# Record a run, and replay it
$ compose run --record calc.rec --invoke 'add(40, 2)' calc.wasm
$ compose replay calc.rec

# See the calls of the replay
$ compose replay --trace calc.rec

# Compare another component with the recording (exits 1)
$ compose replay calc.rec --component tool.wasm

# Make a test of the recording, and run it
$ compose replay calc.rec --script -o calc.wast
$ compose replay calc.wast --component calc.wasm
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.recording = args[0]
			if o.out.Path != "" && !o.script {
				return cli.Usagef("-o goes with --script")
			}
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runReplay(cmd.Context(), o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.component, "component", "", "replay the component `FILE` instead of the one in the recording")
	f.BoolVar(&o.script, "script", false, "write the recording as text, without the component")
	o.out.Register(cmd, false)
	f.BoolVar(&o.trace, "trace", false, "print each call of an export, of the host and between components, with values")
	f.Var((*durationFlag)(&o.timeout), "timeout", "stop the replay after `DURATION`, as in 1.5s")
	f.StringVar(&o.cacheDir, "cache-dir", "", "keep compiled code in `DIR`")
	f.BoolVar(&o.noCache, "no-cache", false, "do not keep compiled code")
	cli.GroupFlags(cmd, "Engine", "cache-dir", "no-cache")
	cli.AddFormat(cmd, &o.format, "text", "json")
	cli.DocumentExit(cmd, "1", "the replay deviates from the recording, or an input is wrong")
	return cmd
}

// A replayRecord is the JSON report. Event, Recorded and Detail are set if the replay deviates, and
// Now if it did something else.
type replayRecord struct {
	Recording string `json:"recording"`
	Deviates  bool   `json:"deviates"`
	Event     int    `json:"event,omitempty"`
	Recorded  string `json:"recorded,omitempty"`
	Now       string `json:"now,omitempty"`
	Detail    string `json:"detail,omitempty"`
	Events    int    `json:"events,omitempty"`
	Exports   int    `json:"exports,omitempty"`
	Imports   int    `json:"imports,omitempty"`
	Note      string `json:"note,omitempty"`
}

func runReplay(ctx context.Context, o *replayOptions) (err error) {
	r, err := o.read()
	if err != nil {
		return err
	}
	if o.script {
		var b bytes.Buffer
		if err := r.WriteScript(&b); err != nil {
			return o.unreadable(err)
		}
		return o.std.Write(o.out, b.Bytes())
	}
	feats := feature.Default()
	if r.Header.Features != "" {
		if feats, err = feature.Parse(feature.None(), r.Header.Features); err != nil {
			return o.unreadable(err)
		}
	}
	component := r.Component
	if component == nil && o.component == "" {
		return cli.Hint(cli.Usagef("`%s` is a script, which does not contain the component", o.recording), "give the component with --component FILE")
	}
	if o.component != "" {
		f, err := o.std.ReadProgram(o.component)
		if err != nil {
			return err
		}
		info, err := validated(f, feats)
		if err != nil {
			return err
		}
		component = info.Component.Append(nil)
	}
	opts := runner.Options{Features: feats, Limits: defaultLimits()}
	if opts.CacheDir, err = o.cache(ctx); err != nil {
		return err
	}
	if o.trace {
		opts.Observer = newTracer(o.std, false)
	}
	p, err := r.Prepare(ctx, opts, component)
	if err != nil {
		return o.report(nil, err)
	}
	defer func() { err = errors.Join(err, p.Close(context.WithoutCancel(ctx))) }()
	// As in a run, the time does not include compiling.
	if o.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.timeout)
		defer cancel()
	}
	return o.report(p.Run(ctx))
}

// cache returns the folder for compiled code if it can be used, or "".
func (o *replayOptions) cache(ctx context.Context) (string, error) {
	run := runOptions{std: o.std, cacheDir: o.cacheDir, noCache: o.noCache}
	eng, dir, err := run.openEngine(ctx, runner.Options{})
	if err != nil {
		return "", err
	}
	return dir, eng.Close(ctx)
}

// read reads the start of the recording.
func (o *replayOptions) read() (*record.Reader, error) {
	f, err := o.std.ReadFile(o.recording)
	if err != nil {
		return nil, err
	}
	if record.IsScript(f.Data) {
		return record.ReadScript(f)
	}
	r, err := record.NewReader(bytes.NewReader(f.Data))
	if err != nil {
		return nil, o.unreadable(err)
	}
	return r, nil
}

// unreadable returns the diagnostic for a recording that cannot be read.
func (o *replayOptions) unreadable(err error) error {
	return diag.Errorf(diag.Span{}, CodeRecording, "cannot read `%s`: %v", o.recording, err).
		Helpf("make a recording with compose run --record FILE")
}

func (o *replayOptions) report(s *record.Summary, err error) error {
	var dev *record.Deviation
	switch {
	case errors.As(err, &dev):
		return o.deviates(dev)
	case errors.Is(err, context.DeadlineExceeded):
		return diag.Errorf(diag.Span{}, CodeDeviation, "the replay of `%s` timed out after %s", o.recording, duration(o.timeout))
	case err != nil:
		if len(diag.FromError(err)) > 0 {
			return err
		}
		return o.unreadable(err)
	}
	if o.format == "json" {
		return json.NewEncoder(o.std.Out).Encode(replayRecord{Recording: o.recording, Events: s.Events, Exports: s.Exports, Imports: s.Imports, Note: s.Note})
	}
	text := fmt.Sprintf("%s: replayed %s of exports and %s of imports without deviation\n", o.recording,
		diag.Count(s.Exports, "call"), diag.Count(s.Imports, "call"))
	if s.Note != "" {
		text += fmt.Sprintf("after event %d: %s\n", s.Events, s.Note)
	}
	_, err = o.std.Out.Write([]byte(text))
	return err
}

// maxEventText limits the description of an event in a message.
const maxEventText = 500

// deviates reports a deviation.
func (o *replayOptions) deviates(dev *record.Deviation) error {
	if o.format == "json" {
		rec := replayRecord{Recording: o.recording, Deviates: true, Event: dev.Event, Recorded: dev.Want.String(), Detail: dev.Detail}
		if dev.Got != nil {
			rec.Now = dev.Got.String()
		}
		if err := json.NewEncoder(o.std.Out).Encode(rec); err != nil {
			return err
		}
		return &cli.ExitError{Code: cli.ExitInput}
	}
	d := diag.Errorf(diag.Span{}, CodeDeviation, "the replay of `%s` deviates at event %d", o.recording, dev.Event)
	d.Notef("recorded: %s", shorten(dev.Want.String()))
	if dev.Got != nil {
		d.Notef("now: %s", shorten(dev.Got.String()))
	}
	if dev.Detail != "" {
		d.Notef("%s", dev.Detail)
	}
	return d
}

// shorten cuts a long text.
func shorten(s string) string {
	if r := []rune(s); len(r) > maxEventText {
		return fmt.Sprintf("%s… (%s)", string(r[:maxEventText]), diag.Count(len(r), "character"))
	}
	return s
}
