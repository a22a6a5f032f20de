package wast

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/runner"
)

// Outcome is the outcome of a directive. The zero value is invalid.
type Outcome uint8

// The outcomes.
const (
	Pass Outcome = iota + 1
	Fail
	Skip
)

// String returns "pass", "fail" or "skip".
func (o Outcome) String() string {
	return [...]string{Pass: "pass", Fail: "fail", Skip: "skip"}[o]
}

// Result is the outcome of one directive.
type Result struct {
	File string
	Line int
	// Kind is the keyword of the directive.
	Kind    string
	Outcome Outcome
	// Message is the reason for a failure or a skip, and "" for a pass.
	Message string
}

// Options controls how a script is run. The zero value is the default.
type Options struct {
	// Features replaces the features that the script asks for. 0 means the script's.
	Features feature.Set
}

// Run runs a script and reports each directive in order. A file that cannot be parsed as a script
// counts as one failure, at the line of the error. The returned error is one of the engine.
func Run(ctx context.Context, f *diag.File, o Options, report func(Result)) (err error) {
	script, perr := wat.ParseScript(f)
	if perr != nil {
		report(parseFailure(f, perr))
		return nil
	}
	cfg := configOf(f.Data)
	if o.Features != 0 {
		cfg.features = o.Features
	}
	eng, err := runner.NewEngine(ctx, runner.Options{Features: cfg.features, Interpreter: true, Proposals: true,
		Limits: runner.Limits{MaxMemory: runner.NoLimit}})
	if err != nil {
		return err
	}
	r := &run{ctx: ctx, file: f, cfg: cfg, engine: eng, units: make(map[string]*unit), insts: make(map[string]*instance),
		registered: make(map[string]*instance), host: newHost()}
	defer func() { err = errors.Join(err, r.close()) }()
	for _, d := range script.Directives {
		outcome, message := r.directive(d)
		report(Result{File: f.Name, Line: line(d.Pos()), Kind: keyword(d), Outcome: outcome, Message: message})
	}
	return nil
}

func line(s diag.Span) int { return s.File.Position(s.Start).Line }

func parseFailure(f *diag.File, err error) Result {
	r := Result{File: f.Name, Line: 1, Kind: "script", Outcome: Fail, Message: err.Error()}
	var d *diag.Diagnostic
	if errors.As(err, &d) && d.Primary.IsValid() {
		r.Line, r.Message = line(d.Primary), d.Message
	}
	return r
}

// keyword returns the first word of a directive in the text.
func keyword(d wat.Directive) string {
	s := d.Pos()
	text := string(s.File.Data[s.Start:])
	if i := strings.IndexAny(text, " \t\r\n()\";"); i > 0 {
		return text[:i]
	}
	return text
}

// run is the state of a script.
type run struct {
	ctx     context.Context
	file    *diag.File
	cfg     config
	engine  *runner.Engine
	units   map[string]*unit // definitions by id, "" for the last
	insts   map[string]*instance
	started []*runner.Instance
	cores   []*runner.CoreInstance
	// registered holds the core instances that modules can import from.
	registered map[string]*instance
	progs      []*runner.Program
	// linked lists all core instances that may share something. spectests holds the two forms of the
	// instance of that name.
	linked    []*instance
	spectests [2]*instance
	// host provides the imports of components.
	host *host
}

// unit is a module or component that has been read.
type unit struct {
	component *encoding.Component
	info      *validate.Info
	module    *core.Module
	file      *diag.File // its binary
	// program is set once the unit has been compiled. skip is the reason why it cannot be.
	program *runner.Program
	skip    string
}

// instance is the target of calls. skip is the reason why it does not exist or its state is not
// known.
type instance struct {
	inst *runner.Instance
	core *runner.CoreInstance
	skip string
	// imports lists the core instances that it imports from. tainted is set once it and the instances
	// that share something with it have been marked as unusable.
	imports []*instance
	tainted bool
}

func (r *run) close() error {
	var err error
	for _, i := range r.started {
		err = errors.Join(err, i.Close(r.ctx))
	}
	for i := len(r.cores) - 1; i >= 0; i-- {
		err = errors.Join(err, r.cores[i].Close(r.ctx))
	}
	for _, p := range r.progs {
		err = errors.Join(err, p.Close(r.ctx))
	}
	return errors.Join(err, r.engine.Close(r.ctx))
}

// read parses, decodes and validates a source.
func (r *run) read(s *wat.Source) (*unit, error) {
	u, err := r.parse(s)
	if err != nil {
		return nil, err
	}
	return u, r.validate(u)
}

// parse returns the unit of a source without validating it.
func (r *run) parse(s *wat.Source) (*unit, error) {
	text, err := s.Unit()
	if err != nil {
		return nil, err
	}
	out := &unit{file: text.File(fmt.Sprintf("%s:%d", r.file.Name, line(s.Span)))}
	if s.IsComponent {
		out.component, err = encoding.Decode(out.file)
	} else {
		out.module, err = core.Decode(out.file.Data)
	}
	return out, placed(out, err)
}

func (r *run) validate(u *unit) error {
	if u.module != nil {
		return placed(u, core.Validate(u.module, r.cfg.features, core.ValidateOptions{}))
	}
	info, err := validate.Component(u.file, u.component, validate.Options{Features: r.cfg.features, Modules: true})
	u.info = info
	return err
}

// placed gives the error of a core module its place in the script.
func placed(u *unit, err error) error {
	var e *core.Error
	if errors.As(err, &e) {
		return e.Diagnostic(u.file, 0)
	}
	return err
}
