package link

import (
	"strings"

	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/validate"
)

// SharedLibrary is a core module for dynamic linking (tool conventions, "WebAssembly Dynamic
// Linking").
type SharedLibrary struct {
	// Name is the name by which other libraries refer to it.
	Name string
	File *diag.File
	// Openable makes the symbols available at run time, to `dlopen` and `dlsym`.
	Openable bool
}

// Options controls how libraries are linked. The zero value is the default.
type Options struct {
	// Component controls the component. The worlds are those of the libraries: World is ignored, and
	// so is Complete.
	Component componentize.Options
	// StackSize is the size of the stack in bytes. 0 means 1 MiB.
	StackSize uint32
	// StubMissing makes functions that no library has trap when they are called. Otherwise a missing
	// function is an error.
	StubMissing bool
}

// pageSize is the size of a page of memory in bytes.
const pageSize = 64 * 1024

// defaultStackSize is the stack size that LLVM uses.
const defaultStackSize = 16 * pageSize

// New returns a component of libraries that share one memory and one table. Its world is the union
// of the worlds of all libraries. If several libraries have a symbol, the first one provides it.
// Libraries that nothing needs are left out.
//
// New adds two modules. One has the memory and the table, and the functions that call through the
// table if libraries need each other. The other is the fixup module, the last module of every
// component. It also fills the table, computes addresses, and runs the initialization of the
// libraries.
//
// The error is a diagnostic or a list of diagnostics.
func New(libs []SharedLibrary, o Options) (*validate.Info, error) {
	if o.StackSize == 0 {
		o.StackSize = defaultStackSize
	}
	l, err := resolveLibraries(libs, o)
	if err != nil {
		return nil, err
	}
	if err := l.plan(); err != nil {
		return nil, err
	}
	env, err := l.envModule()
	if err != nil {
		return nil, err
	}
	c := l.o.Component
	c.Model, c.World = nil, nil
	for _, lib := range l.order {
		c.Adapters = append(c.Adapters, componentize.Adapter{Name: lib.Name, File: lib.File, Library: l.arguments(lib)})
		lib.instantiated = true
	}
	c.Complete = l.initialize
	return componentize.New(diag.NewBinary("the linked libraries", env), c)
}

// resolveLibraries reads the libraries, resolves their symbols, and leaves out libraries that
// nothing needs.
func resolveLibraries(libs []SharedLibrary, o Options) (*linkage, error) {
	for {
		l := &linkage{o: o}
		for _, lib := range libs {
			read, err := readLibrary(lib, o.Component.Adapters)
			if err != nil {
				return nil, err
			}
			l.libs = append(l.libs, read)
		}
		if err := l.checkNeeded(); err != nil {
			return nil, err
		}
		missing, err := l.resolve()
		if err != nil {
			return nil, err
		}
		if len(missing) > 0 {
			stubs, err := l.stub(missing)
			if err != nil {
				return nil, err
			}
			libs, o.StubMissing = append(libs[:len(libs):len(libs)], stubs), false
			continue
		}
		if err := l.depend(); err != nil {
			return nil, err
		}
		used := l.reachable()
		if len(used) == len(libs) {
			return l, nil
		}
		libs = used
	}
}

// checkNeeded reports missing libraries that others name.
func (l *linkage) checkNeeded() error {
	var lines []string
	for _, lib := range l.libs {
		var missing []string
		for _, n := range lib.dylink.Needed {
			if l.library(n) == nil {
				missing = append(missing, n)
			}
		}
		if len(missing) > 0 {
			lines = append(lines, "\t"+lib.Name+" needs "+strings.Join(missing, ", "))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return diag.Errorf(diag.Span{}, CodeCannotLink, "missing libraries:\n%s", strings.Join(lines, "\n"))
}

// stub returns a library with functions that trap in place of missing functions. It returns an
// error if a missing symbol is not a function, or if some are not weak and the options do not ask
// for stubs.
func (l *linkage) stub(missing []missingSymbol) (SharedLibrary, error) {
	allowed, weak := true, true
	for _, m := range missing {
		allowed = allowed && m.kind == core.ExternFunc
		weak = weak && m.weak
	}
	if !allowed || !l.o.StubMissing && !weak {
		var lines []string
		for _, m := range missing {
			if !m.weak {
				lines = append(lines, "\t"+m.by+" needs "+m.String())
			}
		}
		return SharedLibrary{}, diag.Errorf(diag.Span{}, CodeCannotLink, "unresolved symbol(s):\n%s", strings.Join(lines, "\n"))
	}
	b := &core.Builder{}
	for _, m := range missing {
		code := core.NewAsm(len(m.fn.Params))
		code.Ops(core.OpUnreachable)
		b.Types = append(b.Types, core.Func(m.fn.Params, m.fn.Results))
		b.Export(m.name, core.ExternFunc, uint32(b.Func(code.Function(core.TypeIdx(len(b.Types)-1)))))
	}
	b.Customs = []core.Custom{{Name: core.ProducersName, Data: core.ProcessedBy(l.o.Component.Producer).Append(nil)}}
	return SharedLibrary{Name: stubLibrary, File: diag.NewBinary(stubLibrary, b.Append(nil))}, nil
}

// stubLibrary is the name of the library that replaces missing functions.
const stubLibrary = "wit-component:stubs"
