package wast

import (
	"errors"
	"fmt"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// The reasons for skipping that do not come from an error.
const (
	skipStatic = "the script is not one to be run"
	skipThread = "threads are not run"
)

func (r *run) directive(d wat.Directive) (Outcome, string) {
	switch d := d.(type) {
	case *wat.Module:
		return r.module(d)
	case *wat.Definition:
		return r.definition(d)
	case *wat.Instance:
		return r.instance(d)
	case *wat.Register:
		return r.register(d)
	case *wat.Invoke:
		_, err := r.act(d)
		return outcome(err)
	case *wat.AssertReturn:
		return r.assertReturn(d)
	case *wat.AssertTrap:
		return r.assertTrap(d)
	case *wat.AssertInvalid:
		return r.assertInvalid(d)
	case *wat.AssertMalformed:
		// Errors in the format of a nested module are found only when the module is read.
		_, err := r.read(d.Source)
		return wantError(err, d.Message, "it is well-formed")
	case *wat.AssertUnlinkable:
		return r.assertUnlinkable(d)
	case *wat.AssertExhaustion:
		_, err := r.act(d.Call)
		return wantTrap(err, d.Message)
	case *wat.AssertException:
		_, err := r.act(d.Action)
		return wantTrap(err, "exception")
	case *wat.AssertSuspension:
		return Skip, "stack switching is not run"
	case *wat.Thread, *wat.Wait:
		return Skip, skipThread
	default:
		panic(fmt.Sprintf("unreachable: %T", d))
	}
}

// skipError is an error that is neither the script's fault nor that of the tested code.
type skipError struct{ reason string }

func (e *skipError) Error() string { return e.reason }

func outcome(err error) (Outcome, string) {
	var skip *skipError
	switch {
	case err == nil:
		return Pass, ""
	case errors.As(err, &skip):
		return Skip, skip.reason
	case errors.Is(err, runner.ErrUnsupported):
		return Skip, first(err)
	default:
		return Fail, first(err)
	}
}

// first returns the message of an error, or of its first diagnostic, with the place in the script.
func first(err error) string {
	if list := diag.FromError(err); len(list) > 0 {
		at := list[0].Primary.Shown()
		if !at.IsValid() || at.File.Binary {
			return list[0].Message
		}
		p := at.File.Position(at.Start)
		return fmt.Sprintf("%s (at %d:%d)", list[0].Message, p.Line, p.Column)
	}
	return err.Error()
}

// wantError compares an error with the asserted words.
func wantError(err error, words, otherwise string) (Outcome, string) {
	if err == nil {
		return Fail, fmt.Sprintf("%s, want an error: %s", otherwise, words)
	}
	if sameWords(err.Error(), words) {
		return Pass, ""
	}
	return Fail, fmt.Sprintf("the error is: %s; want: %s", first(err), words)
}

// synonyms pairs words of the suites with words of this project that have the same meaning or more
// detail.
var synonyms = [][2]string{
	{"invalid lane index", "SIMD index out of bounds"},

	// The text format. The reference interpreter calls a malformed token an unknown operator.
	{"illegal character", "unexpected character"},
	{"unknown operator", "expected "},
	{"unknown operator", "unexpected token"},
	{"unknown operator", "unknown operator"}, // …and its name
	{"unexpected token", "expected "},
	{"unexpected token", "extra tokens remaining after parse"},
	{"invalid lane length", "expected "},
	{"wrong number of lane literals", "expected "},
	{"constant out of range", "constant out of range"}, // …of another type

	// The binary format.
	{"END opcode expected", "control frames remain at end of function body or expression"},
	{"unexpected end of section or function", "control frames remain at end of function body or expression"},
	{"unexpected end of section or function", "unexpected end-of-file"},
	{"length out of bounds", "unexpected end-of-file"},
	{"unexpected content after last section", "section out of order"},
	{"illegal opcode", "illegal opcode"}, // …and its number
	{"malformed import kind", "for external kind"},
	{"malformed limits flags", "limits flags"},
	{"malformed memop flags", "malformed memop alignment"},
	{"malformed mutability", "malformed global flags"},

	// Validation.
	{"immutable array", "array is immutable"},
	{"immutable field", "field is immutable"},
	{"immutable global", "global is immutable"},
	{"memory size must be at most", "memory size must be at most"}, // …in another unit
	{"type mismatch", "type mismatch"},                             // …and which types

	{"uninitialized element", "uninitialized element"}, // …and its number

	// Components, in the words of wasmtime.
	{"string pointer not aligned to", "unaligned pointer"},
	{"out of range [0..", "invalid variant discriminant"},
	{"uncaught exception propagated out of component", "uncaught exception"},
	{"thrown Wasm exception", "uncaught exception"},
	{"backpressure counter overflow", "backpressure counter underflow"},
}

// sameWords reports whether an error contains the asserted words. White space is ignored, and so is
// the prefix that another runtime puts before all its traps.
func sameWords(got, want string) bool {
	space := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	got, want = space(got), strings.TrimPrefix(space(want), "wasm trap: ")
	if strings.Contains(got, want) {
		return true
	}
	for _, s := range synonyms {
		if strings.Contains(want, s[0]) && strings.Contains(got, s[1]) {
			return true
		}
	}
	return false
}

// define stores a unit as the last one, and under its id.
func (r *run) define(name string, u *unit) {
	r.units[""] = u
	if name != "" {
		r.units[name] = u
	}
}

func (r *run) setInstance(name string, i *instance) {
	r.insts[""] = i
	if name != "" {
		r.insts[name] = i
	}
}

func (r *run) module(d *wat.Module) (Outcome, string) {
	u, err := r.read(d.Source)
	if err != nil {
		r.setInstance(d.Source.Name, &instance{skip: "the component could not be read"})
		return outcome(err)
	}
	r.define(d.Source.Name, u)
	if r.cfg.static {
		r.setInstance(d.Source.Name, &instance{skip: skipStatic})
		return Pass, ""
	}
	return r.start(d.Source.Name, u)
}

func (r *run) definition(d *wat.Definition) (Outcome, string) {
	u, err := r.read(d.Source)
	if err != nil {
		r.define(d.Source.Name, &unit{skip: "the component could not be read"})
		return outcome(err)
	}
	r.define(d.Source.Name, u)
	return Pass, ""
}

func (r *run) instance(d *wat.Instance) (Outcome, string) {
	u := r.units[d.Of]
	if u == nil {
		return Fail, fmt.Sprintf("there is no definition `%s`", d.Of)
	}
	if u.skip != "" {
		r.setInstance(d.Name, &instance{skip: u.skip})
		return Skip, u.skip
	}
	return r.start(d.Name, u)
}

// start makes an instance of a unit and makes it the current one.
func (r *run) start(name string, u *unit) (Outcome, string) {
	i, err := r.instantiate(u)
	o, message := outcome(err)
	if err != nil && (i == nil || i.core == nil) {
		i = &instance{skip: message}
		if o == Fail {
			i.skip = "it could not be instantiated: " + message
		}
	}
	r.setInstance(name, i)
	if err == nil && i.inst != nil {
		r.host.share(name, i.inst)
	}
	return o, message
}

// instantiate makes an instance of a unit.
func (r *run) instantiate(u *unit) (*instance, error) {
	if u.skip != "" {
		return nil, &skipError{u.skip}
	}
	if u.module != nil {
		return r.instantiateCore(u)
	}
	inst, err := r.instantiateComponent(u)
	return &instance{inst: inst}, err
}

// instantiateComponent compiles a component, unless this has been done, and makes an instance of
// it.
func (r *run) instantiateComponent(u *unit) (*runner.Instance, error) {
	if err := linkHost(u.info.Type); err != nil {
		return nil, err
	}
	if u.program == nil {
		p, err := r.engine.CompileInfo(r.ctx, u.info)
		if err != nil {
			if list := diag.FromError(err); len(list) > 0 && list[0].Code == runner.CodeEngine {
				u.skip = list[0].Message
				return nil, &skipError{u.skip}
			}
			return nil, err
		}
		u.program = p
		r.progs = append(r.progs, p)
	}
	inst, err := r.host.linker.Instantiate(r.ctx, u.program)
	if inst != nil {
		r.started = append(r.started, inst)
	}
	return inst, err
}

// at returns the instance with an id.
func (r *run) at(id string) (*instance, error) {
	i := r.insts[id]
	switch {
	case i == nil:
		return nil, fmt.Errorf("there is no instance `%s`", id)
	case i.skip != "":
		return nil, &skipError{i.skip}
	}
	return i, nil
}

// act performs the action of an assertion.
func (r *run) act(a wat.Action) (results, error) {
	switch a := a.(type) {
	case *wat.Invoke:
		i, err := r.at(a.Of)
		var skip *skipError
		switch {
		case err != nil:
		case i.core != nil:
			out, err := r.invokeCore(i, a)
			if errors.Is(err, runner.ErrUnsupported) || errors.As(err, &skip) {
				r.taint([]*instance{i}, "an earlier call needed a feature that cannot be run yet")
			}
			return out, err
		default:
			return r.invoke(i, a)
		}
		if i := r.insts[a.Of]; i != nil {
			r.taint([]*instance{i}, i.skip)
		}
		return results{}, err
	case *wat.Get:
		i, err := r.at(a.Of)
		if err != nil {
			return results{}, err
		}
		return getGlobal(i, a)
	case *wat.Source:
		u, err := r.read(a)
		if err == nil {
			_, err = r.instantiate(u)
		}
		return results{}, err
	default:
		panic(fmt.Sprintf("unreachable: %T", a))
	}
}

func (r *run) invoke(i *instance, d *wat.Invoke) (results, error) {
	f := i.inst.Func(d.Name)
	if f == nil {
		return results{}, fmt.Errorf("there is no exported function `%s`", d.Name)
	}
	t := f.Type()
	if len(t.Params) != len(d.Args) {
		return results{}, fmt.Errorf("`%s` takes %s, %d given", d.Name, diag.Count(len(t.Params), "argument"), len(d.Args))
	}
	args := make([]value.Value, len(d.Args))
	for n, a := range d.Args {
		v, err := convert(a, t.Params[n].Type)
		if err != nil {
			return results{}, fmt.Errorf("argument %d: %w", n, err)
		}
		args[n] = v
	}
	v, err := f.Call(r.ctx, args...)
	if errors.Is(err, runner.ErrUnsupported) {
		// The trap has ended the instance, through no fault of the script.
		i.skip = "an earlier call needed a feature that cannot be run yet"
	}
	return results{v: v, typ: t.Result}, err
}

// results is the result of an action. For a function of a component it is v with its type; typ is
// nil if there is no result. For core code it is a list of core values.
type results struct {
	v   value.Value
	typ types.ValType

	isCore bool
	core   []coreValue
}

func (r *run) assertReturn(d *wat.AssertReturn) (Outcome, string) {
	got, err := r.act(d.Action)
	if err != nil {
		return outcome(err)
	}
	if got.isCore {
		return outcome(matchCore(d.Results, got.core))
	}
	switch {
	case got.typ == nil && len(d.Results) == 0:
		return Pass, ""
	case got.typ == nil:
		return Fail, fmt.Sprintf("want %s, and the function returns none", diag.Count(len(d.Results), "result"))
	case len(d.Results) != 1:
		return Fail, fmt.Sprintf("want %s, and the function returns %s", diag.Count(len(d.Results), "result"), types.TypeString(got.typ))
	}
	if err := match(d.Results[0], got.v, got.typ); err != nil {
		return Fail, fmt.Sprintf("the result is %s: %v", value.Append(nil, got.v, got.typ), err)
	}
	return Pass, ""
}

func (r *run) assertTrap(d *wat.AssertTrap) (Outcome, string) {
	_, err := r.act(d.Action)
	return wantTrap(err, d.Message)
}

// wantTrap compares the error of an action with the words of the trap that was asserted.
func wantTrap(err error, words string) (Outcome, string) {
	if o, message := outcome(err); o == Skip {
		return o, message
	}
	var trap *runner.Trap
	if err != nil && !errors.As(err, &trap) {
		return Fail, fmt.Sprintf("not a trap: %s", first(err))
	}
	return wantError(err, words, "it does not trap")
}

func (r *run) assertInvalid(d *wat.AssertInvalid) (Outcome, string) {
	_, err := r.read(d.Source)
	return wantError(err, d.Message, "it is valid")
}

func (r *run) assertUnlinkable(d *wat.AssertUnlinkable) (Outcome, string) {
	u, err := r.read(d.Source)
	if err != nil {
		return outcome(err)
	}
	if u.module != nil {
		imports, from := r.importsOf(u.module)
		err = r.engine.LinkCore(r.ctx, u.module, imports)
		if reason := missing(*from); reason != "" {
			err = &skipError{reason}
		}
		for _, i := range *from {
			if errors.Is(err, runner.ErrUnsupported) && i.skip != "" {
				err = &skipError{i.skip}
			}
		}
	} else {
		_, err = r.instantiate(u)
	}
	if o, message := outcome(err); o == Skip {
		return o, message
	}
	var unmet *runner.UnmetError
	var module *runner.ModuleError
	var link *linkError
	if errors.As(err, &unmet) || errors.As(err, &module) || errors.As(err, &link) {
		return Pass, "" // Other runtimes use other words.
	}
	return wantError(err, d.Message, "it links")
}
