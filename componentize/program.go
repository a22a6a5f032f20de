package componentize

import "github.com/mortise-wasm/mortise/wit"

// program is the input of a component: core modules, and the world that they are made for together.
type program struct {
	options Options
	model   *wit.Model
	world   *wit.World
	main    *module
	// all lists the adapters and libraries in the given order, and adapters those that are used.
	all, adapters []*module
	signatures    map[funcVariant]signature
	// names are the names of all adapters. Imports from a module of such a name belong to the adapter.
	names map[string]bool
}

// usedModules yields the main module and then the used adapters.
func (p *program) usedModules(yield func(*module) bool) {
	if !yield(p.main) {
		return
	}
	for _, a := range p.adapters {
		if !yield(a) {
			return
		}
	}
}

// givenModules yields the main module and then all adapters and libraries in the given order.
func (p *program) givenModules(yield func(*module) bool) {
	if !yield(p.main) {
		return
	}
	for _, a := range p.all {
		if !yield(a) {
			return
		}
	}
}

// funcVariant is a function of the world with the way in which it is imported or exported.
type funcVariant struct {
	fn *wit.Func
	v  variant
}

// signature is like signatureOf, but computes each result once.
func (p *program) signature(f *wit.Func, v variant) signature {
	key := funcVariant{f, v}
	s, ok := p.signatures[key]
	if !ok {
		s = signatureOf(f, v)
		p.signatures[key] = s
	}
	return s
}

// The exports of an adapter that must be notified when an allocator of the main module runs.
const reallocBegin, reallocEnd = "realloc_begin", "realloc_end"

// hasReallocHooks reports whether an adapter wants to be notified of allocations.
func hasReallocHooks(a *module) bool {
	_, begin := a.out.types[reallocBegin]
	_, end := a.out.types[reallocEnd]
	return a.ownMemory && begin && end
}

// guard returns the adapter that must be notified when an allocator of the main module runs, or
// nil.
func (p *program) guard() *module {
	for _, a := range p.adapters {
		if hasReallocHooks(a) && p.main.out.first(allocators...) != "" {
			return a
		}
	}
	return nil
}
