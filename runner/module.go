package runner

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/runner/internal/plan"
)

// Module defines a core module, such as [core.Decode] returns, that components import directly,
// outside any interface. Components instantiate it as they do their own modules: each instance has
// memories, tables and globals of its own, and counts for the limits of the component.
//
// [Linker.Link] fails if m is nil or invalid, and with a [*ModuleError] if its type does not fit. A
// program keeps the code that it compiles from m until the program is closed, so define the same m
// again rather than decode it for each instance.
func (l *Linker) Module(name string, m *core.Module) { l.modules[name] = l.hostModule(name, m) }

// Module defines a core module of the instance, as [Linker.Module] does.
func (h *HostInstance) Module(name string, m *core.Module) {
	h.modules[name] = h.linker.hostModule(h.name+"."+name, m)
}

func (l *Linker) hostModule(name string, m *core.Module) *hostModule {
	if m == nil {
		l.wrong = append(l.wrong, fmt.Errorf("core module `%s` is nil", name))
	}
	return &hostModule{module: m}
}

// hostModule is a core module that the host supplies.
type hostModule struct {
	module *core.Module

	mu      sync.Mutex
	checked map[feature.Set]error // whether it is valid
	typ     *types.Module
}

// check returns the type of the module if it is valid with a set of features.
func (h *hostModule) check(set feature.Set) (*types.Module, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	err, ok := h.checked[set]
	if !ok {
		if err = core.Validate(h.module, set, core.ValidateOptions{}); err == nil && h.typ == nil {
			h.typ, err = h.module.Type(nil)
		}
		if h.checked == nil {
			h.checked = make(map[feature.Set]error)
		}
		h.checked[set] = err
	}
	return h.typ, err
}

// ModuleError reports that a core module of the host does not fit the type with which a component
// imports it. It is about the first import or export that does not fit.
type ModuleError struct {
	// Name is the name of the module with those of the instances around it.
	Name string
	// Part is the import or export: "import `env::f`" or "export `g`".
	Part string
	// Have and Want are the types of the part, in the text format of core modules: those of the module
	// and of the component. Have is "" if the module lacks the export. Want is "" if the component
	// does not supply the import.
	Have, Want string

	mismatch string // what differs
}

// Error describes what does not fit, with both types.
func (e *ModuleError) Error() string {
	s := "core module `" + e.Name + "` does not fit: "
	isImport := strings.HasPrefix(e.Part, "import ")
	switch {
	case e.Have == e.Want:
		return s + fmt.Sprintf("its %s is not the same `%s`: %s", e.Part, e.Want, e.mismatch)
	case e.Have == "":
		return s + fmt.Sprintf("it lacks the %s: `%s`", e.Part, e.Want)
	case e.Want == "":
		return s + fmt.Sprintf("its %s is not supplied: `%s`", e.Part, e.Have)
	case isImport:
		return s + fmt.Sprintf("its %s is `%s`, and the component supplies `%s`", e.Part, e.Have, e.Want)
	default:
		return s + fmt.Sprintf("its %s is `%s`, and the component expects `%s`", e.Part, e.Have, e.Want)
	}
}

// moduleFits returns an error unless a module of the host fits the type of an import.
func moduleFits(name string, have, want *types.Module) error {
	given := make(map[[2]string]types.CoreExtern, len(want.Imports))
	for _, im := range want.Imports {
		given[[2]string{im.Module, im.Name}] = im.Type
	}
	for _, im := range have.Imports {
		e := &ModuleError{Name: name, Part: fmt.Sprintf("import `%s::%s`", im.Module, im.Name), Have: types.CoreString(im.Type)}
		g := given[[2]string{im.Module, im.Name}]
		if g == nil {
			return e
		}
		if m := types.CoreSubtype(g, im.Type); m != nil {
			e.Want, e.mismatch = types.CoreString(g), m.Error()
			return e
		}
	}
	exports := make(map[string]types.CoreExtern, len(have.Exports))
	for _, x := range have.Exports {
		exports[x.Name] = x.Type
	}
	for _, x := range want.Exports {
		e := &ModuleError{Name: name, Part: fmt.Sprintf("export `%s`", x.Name), Want: types.CoreString(x.Type)}
		got := exports[x.Name]
		if got == nil {
			return e
		}
		if m := types.CoreSubtype(got, x.Type); m != nil {
			e.Have, e.mismatch = types.CoreString(got), m.Error()
			return e
		}
	}
	return nil
}

// linkModules finds the core modules that a program imports. It returns an error if one does not
// fit.
func (l *Linker) linkModules(out *Linked, missing *unmet) error {
	var unfit error
	for _, m := range out.prog.plan.Modules {
		s := m.Supplied
		h := l.module(s)
		if h == nil {
			missing.add(l, s.Within, s.Name, s.Name+": core module").Modules = true
			continue
		}
		t, err := h.check(out.prog.engine.opts.Features)
		if err != nil {
			unfit = cmp.Or(unfit, fmt.Errorf("%s is invalid: %w", m.Path, err))
			continue
		}
		unfit = cmp.Or(unfit, moduleFits(fullName(s.Within, s.Name), t, s.Type))
		out.modules = append(out.modules, h.module)
	}
	return unfit
}

func (l *Linker) module(s *plan.SuppliedModule) *hostModule {
	if len(s.Within) == 0 {
		return l.modules[s.Name]
	}
	if h := l.at(s.Within); h != nil {
		return h.modules[s.Name]
	}
	return nil
}

// compile returns the code of all core instances.
func (l *Linked) compile(ctx context.Context) ([]coreCode, error) {
	p := l.prog
	if len(l.modules) == 0 {
		return p.cores, nil
	}
	out := make([]coreCode, len(p.cores))
	for i, ci := range p.plan.CoreInstances {
		if out[i] = p.cores[i]; ci.Module.Supplied == nil {
			continue
		}
		var err error
		if out[i], err = p.compileSupplied(ctx, i, l.modules[ci.Module.Supplied.Slot]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// compileSupplied returns the code of a core instance that is made from a module of the host. An
// instance of the program must be open.
func (p *Program) compileSupplied(ctx context.Context, slot int, m *core.Module) (coreCode, error) {
	key := place{slot, m}
	p.coreCodes.mu.Lock()
	code, ok := p.supplied[key]
	p.coreCodes.mu.Unlock()
	if ok {
		return code, nil
	}
	if err := checkContext(ctx); err != nil {
		return code, err
	}
	ci := p.plan.CoreInstances[slot]
	code, d := p.compileCore(ctx, ci.Module.Path, ci.Owner, m, suppliedImports(ci, m))
	if d != nil {
		if err := checkContext(ctx); err != nil {
			return code, err
		}
		return code, diag.List{d}
	}
	p.coreCodes.mu.Lock()
	defer p.coreCodes.mu.Unlock()
	if p.supplied == nil {
		p.supplied = make(map[place]coreCode)
	}
	p.supplied[key] = code
	return code, nil
}

// suppliedImports returns the sources of the imports of a module of the host.
func suppliedImports(ci *plan.CoreInstance, m *core.Module) []plan.CoreDef {
	given := make(map[[2]string]plan.CoreDef, len(ci.Imports))
	for i, im := range ci.Module.Supplied.Type.Imports {
		given[[2]string{im.Module, im.Name}] = ci.Imports[i]
	}
	list := make([]plan.CoreDef, len(m.Imports))
	for i, im := range m.Imports {
		list[i] = given[[2]string{im.Module, im.Name}]
	}
	return list
}

// Module returns an exported core module, or nil if it does not exist. path is as for
// [Instance.Func]. The component may hold the module itself, or have imported it. [Linker.Module]
// can give it to another component.
func (i *Instance) Module(path ...string) *core.Module {
	item, _ := i.export(path)
	switch m := item.Module; {
	case m == nil:
		return nil
	case m.Supplied != nil:
		return i.store.linked.modules[m.Supplied.Slot]
	default:
		return m.Module
	}
}
