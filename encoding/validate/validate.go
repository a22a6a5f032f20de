package validate

import (
	"errors"
	"fmt"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
)

// Options selects what to validate. The zero value is the default.
type Options struct {
	// Features are the enabled proposals. The zero Set stands for [feature.Default]. [feature.None]
	// enables nothing, not even components.
	Features feature.Set
	// Modules enables the validation of nested core modules, including function bodies. Otherwise only
	// their imports and exports are read, which is enough for callers that compile the modules
	// afterwards.
	Modules bool
}

// Info holds the types of the definitions of a component: one slice for each index space, indexed
// by the index types of [encoding]. It is immutable.
type Info struct {
	// Component is the tree that was validated.
	Component *encoding.Component
	// File is the file that the tree's offsets refer to, and Features are the proposals with which the
	// tree is valid. Both are set for the outermost component only.
	File     *diag.File
	Features feature.Set
	// Type is the type of the component itself.
	Type *types.Component
	// Parent is the Info of the enclosing component, or nil.
	Parent *Info

	CoreFuncs     []*types.CoreFunc
	CoreTables    []*types.CoreTable
	CoreMemories  []*types.CoreMemory
	CoreGlobals   []*types.CoreGlobal
	CoreTags      []*types.CoreTag
	CoreTypes     []CoreType
	CoreModules   []*types.Module
	CoreInstances []*CoreInstance

	Funcs      []*types.Func
	Values     []types.ValType
	Types      []types.Type
	Components []*types.Component
	Instances  []*types.Instance

	nested  map[*encoding.NestedComponent]*Info
	modules map[*encoding.CoreModule]*core.Module
}

// CoreType is an entry of the core type index space: a module type or a defined type.
type CoreType struct {
	Module *types.Module
	Def    *types.CoreDef
}

// CoreInstance is the type of a core instance. Exports have distinct names.
type CoreInstance struct {
	Exports []types.CoreExport
	index   map[string]int
}

// Export returns the type of the export with the given name, or nil if it is missing.
func (c *CoreInstance) Export(name string) types.CoreExtern {
	if i, ok := c.index[name]; ok {
		return c.Exports[i].Type
	}
	return nil
}

func newCoreInstance(exports []types.CoreExport) *CoreInstance {
	c := &CoreInstance{Exports: exports, index: make(map[string]int, len(exports))}
	for i, e := range exports {
		c.index[e.Name] = i
	}
	return c
}

// Nested returns the Info of a component that is one of the definitions of i.Component.
func (i *Info) Nested(c *encoding.NestedComponent) *Info { return i.nested[c] }

// Module returns the decoded form of a core module that is one of the definitions of i.Component.
func (i *Info) Module(m *encoding.CoreModule) *core.Module { return i.modules[m] }

// Component validates the component that was decoded from f. The error is a [diag.List] of every
// violation found.
func Component(f *diag.File, c *encoding.Component, o Options) (*Info, error) {
	o.Features = o.Features.OrDefault()
	v := &validator{file: f, features: o.Features, modules: o.Modules, layout: abi.NewLayout(abi.Ptr64), facts: make(map[types.Type]facts, min((c.End-c.Start)/32, 1024)),
		free: make(map[types.Type]bool)}
	if !v.features.Has(feature.ComponentModel) {
		at := f.Span(c.Start, c.Start)
		return nil, diag.List{diag.Errorf(at, CodeFeature, "a component requires the component-model feature").
			Helpf("enable it with --features=%s", feature.ComponentModel)}
	}
	info := v.component(c, nil)
	v.validateBodies()
	if err := v.diags.Err(); err != nil {
		return nil, err
	}
	info.File, info.Features = f, o.Features
	return info, nil
}

// Append appends the component in binary form to dst and returns the result.
func (i *Info) Append(dst []byte) []byte { return i.Component.Append(dst) }

// validator is the state of one run.
type validator struct {
	file     *diag.File
	features feature.Set
	modules  bool
	bodies   []body
	interner core.Interner
	diags    diag.List
	path     []step
	def      definition

	// layout is for 64-bit addresses, which make types larger.
	layout *abi.Layout
	facts  map[types.Type]facts
	free   map[types.Type]bool
	work   int
}

// definition is the innermost definition of a component that is being validated.
type definition struct {
	at      encoding.Span
	missing feature.Set // features already reported as disabled
}

// errPoisoned is the error of a definition that depends on a failed one, whose error has been
// reported.
var errPoisoned = errors.New("depends on an invalid definition")

// problem is an error without a position.
type problem struct {
	code  diag.Code
	text  string
	notes []string
	help  string
}

func (p *problem) Error() string { return p.text }

func errorf(code diag.Code, format string, args ...any) error {
	return &problem{code: code, text: fmt.Sprintf(format, args...)}
}

// located is an error at a position inside the definition that it is reported for.
type located struct {
	at  encoding.Span
	err error
}

func (l *located) Error() string { return l.err.Error() }
func (l *located) Unwrap() error { return l.err }

// locate gives an error the position of a declaration, unless it already has a more precise one.
func locate(at encoding.Span, err error) error {
	var l *located
	if err == nil || errors.As(err, &l) {
		return err
	}
	return &located{at, err}
}

// mismatchError makes the error for a type mismatch. The text of the suites comes first, then the
// two types.
func mismatchError(code diag.Code, m *types.Mismatch) error {
	p := &problem{code: code, text: m.Error()}
	if m.Found != "" || m.Expected != "" {
		p.notes = append(p.notes, "expected: "+m.Expected, "found:    "+m.Found)
	}
	if m.Identity() {
		p.help = "the two resources come from different instances or definitions: pass both sides the same instance, " +
			"or import the resource's interface once and share it"
	}
	return p
}

func (v *validator) report(at encoding.Span, err error) {
	if errors.Is(err, errPoisoned) {
		return
	}
	var list diag.List
	if errors.As(err, &list) {
		for _, d := range list {
			d.ItemPath = append(itemPath(v.path), d.ItemPath...)
		}
		v.diags.Add(list...)
		return
	}
	var l *located
	if errors.As(err, &l) {
		at, err = l.at, l.err
	}
	p, ok := err.(*problem)
	if !ok {
		p = &problem{code: CodeModule, text: err.Error()}
	}
	d := diag.Errorf(v.file.Span(at.Start, max(at.End, at.Start)), p.code, "%s", p.text)
	d.ItemPath = itemPath(v.path)
	for _, n := range p.notes {
		d.Notef("%s", n)
	}
	if p.help != "" {
		d.Helpf("%s", p.help)
	}
	v.diags.Add(d)
}

// moduleError gives an error the position inside a nested core module.
func (v *validator) moduleError(d *encoding.CoreModule, err error) error {
	var in *core.Error
	if !errors.As(err, &in) {
		return errorf(CodeModule, "%v", err)
	}
	at := d.Start + in.Offset
	list := diag.List{diag.Errorf(v.file.Span(at, at), CodeModule, "%s", in.Message)}
	return list
}

// step is a definition on the path to the one being validated.
type step struct {
	sort  encoding.Sort
	index int
}

// itemPath returns the steps in the form of diagnostics.
func itemPath(steps []step) []string {
	path := make([]string, len(steps))
	for i, s := range steps {
		path[i] = fmt.Sprintf("%s %d", s.sort, s.index)
	}
	return path
}

// need reports a construct of a disabled proposal. Validation then goes on as if the proposal were
// enabled, so that mere consequences are not reported.
func (v *validator) need(f feature.Feature, what string) {
	v.needText(f, fmt.Sprintf("%s requires the component model %s feature", what, f))
}

// needText is like need, with its own text. It reports a feature once for each definition.
func (v *validator) needText(f feature.Feature, text string) {
	if v.features.Has(f) || v.def.missing.Has(f) {
		return
	}
	v.def.missing = v.def.missing.With(f)
	v.report(v.def.at, &problem{code: CodeFeature, text: text, help: fmt.Sprintf("enable it with --features=%s", f)})
}
