package link

import (
	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/componentize/internal/sig"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/ordered"
)

// linkage holds the state of a link.
type linkage struct {
	o    Options
	libs []*library
	// resolved maps the symbols that libraries import to the libraries that provide them.
	resolved ordered.Map[symbolKey, resolvedSymbol]
	// realloc is the first library that has an allocator.
	realloc *library
	// deps maps each library to those that it needs, directly or indirectly.
	deps ordered.Map[int, *librarySet]
	// order is the order of instantiation, and calls are the functions of the env module that call
	// through the table.
	order []*library
	calls []envCall

	// The layout of the memory and the table.
	dl         dlTable
	tls        tlsLayout
	callsTable uint32
}

type librarySet = ordered.Map[int, bool]

type resolvedSymbol struct {
	symbol
	from *library
}

// missingSymbol is a symbol that no library has.
type missingSymbol struct {
	symbol
	by   string
	weak bool
}

// envCall is a function of the env module that calls a function of a library.
type envCall struct {
	symbol
	from *library
}

func (l *linkage) library(name string) *library {
	for _, lib := range l.libs {
		if lib.Name == name {
			return lib
		}
	}
	return nil
}

// resolve finds the libraries that provide the symbols, and returns the symbols that no library
// has.
func (l *linkage) resolve() ([]missingSymbol, error) {
	exporters := map[symbolKey]resolvedSymbol{}
	functions := map[string]resolvedSymbol{}
	names := map[string]bool{}
	for i, lib := range l.libs {
		lib.index = i
		if names[lib.Name] {
			return nil, diag.Errorf(lib.File.Span(0, 0), CodeCannotLink, "there are two libraries `%s`", lib.Name)
		}
		names[lib.Name] = true
		for _, s := range lib.exports {
			r := resolvedSymbol{s, lib}
			if _, ok := exporters[s.key()]; !ok {
				exporters[s.key()] = r
			}
			if s.kind != core.ExternFunc {
				continue
			}
			prev, ok := functions[s.name]
			if ok && !sig.Same(prev.fn, s.fn) {
				return nil, lib.fail("function `%s` is exported as `%s`, but by library `%s` as `%s`", s.name, sig.Describe(s.fn), prev.from.Name, sig.Describe(prev.fn))
			}
			if !ok {
				functions[s.name] = r
			}
		}
	}
	if r, ok := exporters[reallocSymbol.key()]; ok {
		l.realloc = r.from
	}
	var missing []missingSymbol
	want := func(lib *library, s symbol, weak bool) {
		if r, ok := exporters[s.key()]; ok {
			l.resolved.Set(s.key(), r)
		} else {
			missing = append(missing, missingSymbol{s, lib.Name, weak})
		}
	}
	for _, lib := range l.libs {
		for _, f := range lib.funcs {
			want(lib, f.symbol, f.weak)
		}
		for _, a := range lib.addresses {
			want(lib, address(a), false)
		}
		for _, t := range lib.tags {
			want(lib, t, false)
		}
	}
	for _, lib := range l.libs {
		for _, name := range lib.tableAddresses {
			if r, ok := functions[name]; ok {
				l.resolved.Set(r.key(), r)
			} else if !lib.importsFunc(name) { // else it is missing already
				missing = append(missing, missingSymbol{symbol{name: name, kind: core.ExternFunc}, lib.Name, false})
			}
		}
	}
	// The env module exports the hook even if no library imports it.
	if r, ok := exporters[hookSymbol.key()]; ok {
		l.resolved.Set(r.key(), r)
	}
	return missing, nil
}

var (
	reallocSymbol = symbol{name: "cabi_realloc", kind: core.ExternFunc, fn: sig.Realloc}
	hookSymbol    = symbol{name: symTaskHook, kind: core.ExternFunc, fn: sig.TaskHook}
)

func (l *library) importsFunc(name string) bool {
	for _, f := range l.funcs {
		if f.name == name {
			return true
		}
	}
	return false
}

// from returns the library that provides a symbol.
func (l *linkage) from(s symbol) *library {
	r, _ := l.resolved.Get(s.key())
	return r.from
}

// depend determines which libraries need which others.
func (l *linkage) depend() error {
	add := func(of int, on int) {
		set, ok := l.deps.Get(of)
		if !ok {
			set = &librarySet{}
			l.deps.Set(of, set)
		}
		set.Set(on, true)
	}
	for _, lib := range l.libs {
		for _, n := range lib.dylink.Needed {
			add(lib.index, l.library(n).index)
		}
		for _, f := range lib.funcs {
			add(lib.index, l.from(f.symbol).index)
		}
	}
	for {
		type dep struct{ of, on int }
		var more []dep
		for of, set := range l.deps.All() {
			for via := range set.All() {
				further, _ := l.deps.Get(via)
				for on := range further.All() {
					if !set.Has(on) {
						more = append(more, dep{of, on})
					}
				}
			}
		}
		if len(more) == 0 {
			return nil
		}
		for _, d := range more {
			add(d.of, d.on)
		}
	}
}

// reachable returns the libraries that something needs: the world, a program that is started, or
// `dlopen`.
func (l *linkage) reachable() []SharedLibrary {
	used := map[int]bool{}
	for _, lib := range l.libs {
		if lib.exportsWorld || lib.Openable || lib.has[symStart] {
			used[lib.index] = true
			deps, _ := l.deps.Get(lib.index)
			for on := range deps.All() {
				used[on] = true
			}
		}
	}
	var list []SharedLibrary
	for _, lib := range l.libs {
		if used[lib.index] {
			list = append(list, lib.SharedLibrary)
		}
	}
	return list
}

// plan sorts the libraries, and finds the functions that must be called through the table: those
// whose address is taken, and those of libraries that come later.
func (l *linkage) plan() error {
	l.sortLibraries()
	functions := map[string]resolvedSymbol{}
	for _, r := range l.resolved.All() {
		if r.kind == core.ExternFunc {
			functions[r.name] = r
		}
	}
	called, seen := map[string]bool{}, map[*library]bool{}
	add := func(s symbol, from *library) {
		called[s.name] = true
		l.calls = append(l.calls, envCall{s, from})
	}
	for _, lib := range l.order {
		for _, name := range lib.tableAddresses {
			if called[name] {
				continue
			}
			r, ok := functions[name]
			if !ok {
				return lib.fail("unable to find %q in any library", name)
			}
			add(r.symbol, r.from)
		}
		for _, f := range lib.funcs {
			if from := l.from(f.symbol); !called[f.name] && !seen[from] {
				add(f.symbol, from)
			}
		}
		seen[lib] = true
	}
	if from := l.from(hookSymbol); from != nil && !called[symTaskHook] {
		add(hookSymbol, from)
	}
	if called[reallocSymbol.name] {
		l.realloc = nil // exported directly already
	}
	seen = map[*library]bool{}
	for _, lib := range l.order {
		for _, t := range lib.tags {
			if from := l.from(t); !seen[from] {
				return lib.fail("circular dependency prevents direct tag import from `%s`", from.Name)
			}
		}
		seen[lib] = true
		if lib.has[symCtors] && lib.has[symInitialize] {
			return lib.fail("library %s exports both `%s` and `%s`; expected at most one of the two", lib.Name, symCtors, symInitialize)
		}
	}
	starts := 0
	for _, lib := range l.libs {
		if lib.has[symStart] {
			starts++
		}
	}
	if starts > 1 {
		return diag.Errorf(diag.Span{}, CodeCannotLink, "multiple libraries export %s", symStart)
	}
	return nil
}

// sortLibraries puts each library after those that it needs, unless they need each other.
func (l *linkage) sortLibraries() {
	var sorted librarySet
	needs := func(of, on int) bool {
		set, _ := l.deps.Get(of)
		return set.Has(on)
	}
	var add func(i int)
	add = func(i int) {
		deps, _ := l.deps.Get(i)
		for d := range deps.All() {
			if !sorted.Has(d) && !needs(d, i) {
				add(d)
			}
		}
		sorted.Set(i, true)
		for d := range deps.All() {
			if !sorted.Has(d) && needs(d, i) {
				add(d)
			}
		}
	}
	for i := range l.libs {
		add(i)
	}
	for i := range sorted.All() {
		l.order = append(l.order, l.libs[i])
	}
}

// arguments returns the arguments that provide the imports of a library.
func (l *linkage) arguments(lib *library) *componentize.Library {
	item := func(alias, part, name string) componentize.LibraryItem {
		return componentize.LibraryItem{Alias: alias, From: componentize.LibraryInstance{Part: part}, Name: name}
	}
	own := func(alias string) componentize.LibraryItem { return item(alias, "", lib.Name+":"+alias) }
	same := func(alias string) componentize.LibraryItem { return item(alias, "", alias) }
	env := componentize.LibraryArgument{Name: envModule, Items: []componentize.LibraryItem{
		same(symMemory), same(symTable), same(symStackPointer), same(symInitStack),
		item(symMemoryBase, "", lib.Name+":memory_base"), item(symTableBase, "", lib.Name+":table_base"),
	}}
	for _, s := range []string{symGetTLS, symSetTLS} {
		if lib.needs[s] {
			env.Items = append(env.Items, own(s))
		}
	}
	for _, f := range lib.funcs {
		x := same(f.name)
		if from := l.from(f.symbol); from.instantiated {
			x.From.Part = from.Name
		}
		env.Items = append(env.Items, x)
	}
	for _, t := range lib.tags {
		env.Items = append(env.Items, item(t.name, l.from(t).Name, t.name))
	}
	if lib.asyncify {
		env.Items = append(env.Items, same(symAsyncState), same(symAsyncData))
	}
	mem, fn := componentize.LibraryArgument{Name: gotMem}, componentize.LibraryArgument{Name: gotFunc}
	for _, a := range lib.addresses {
		mem.Items = append(mem.Items, own(a))
	}
	for _, s := range []string{symHeapBase, symHeapEnd, symStackHigh, symStackLow, symLibraries, symProgramTLS} {
		mem.Items = append(mem.Items, same(s))
	}
	for _, a := range lib.tableAddresses {
		fn.Items = append(fn.Items, own(a))
	}
	args := []componentize.LibraryArgument{mem, fn, env}
	for _, i := range lib.adapters {
		if k := len(args) - 1; args[k].Name != i.module {
			args = append(args, componentize.LibraryArgument{Name: i.module})
		}
		k := len(args) - 1
		args[k].Items = append(args[k].Items, item(i.name, "", i.module+":"+i.name))
	}
	return &componentize.Library{Arguments: args}
}
