package componentize

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
)

// The exports of the shim module for the base of thread-local storage.
const (
	shimTLSGet = "$get-tls-base"
	shimTLSSet = "$set-tls-base"
)

// tlsImport is a function that gets or sets the base of thread-local storage.
type tlsImport struct {
	noTypes
	noShims
	set bool
	val core.ValType
}

func (t *tlsImport) provide(a *assembly, _ *module, _ *coreImport) (encoding.SortIndex, error) {
	if a.usesThreads() {
		return a.b.Builtin(encoding.Builtin{Op: contextOp(t.set), Val: t.val, Slot: 1}).SortIndex(), nil
	}
	name := shimTLSGet
	if t.set {
		name = shimTLSSet
	}
	return a.aliasFunc(*a.shim, name, name).SortIndex(), nil
}

// usesThreads reports whether core code appears to use threads. If so, the base of thread-local
// storage is in slot 1 of the context, which each thread has. Otherwise it is in a global.
func (a *assembly) usesThreads() bool {
	for mod := range a.p.usedModules {
		for x := range mod.in.all {
			if b, ok := x.meaning.(*builtinImport); ok && b.usesThreads() {
				return true
			}
		}
	}
	return false
}

// tlsGlobal returns the type of the global for the base of thread-local storage, or nil if none is
// needed.
func (a *assembly) tlsGlobal() (*core.ValType, error) {
	if a.usesThreads() {
		return nil, nil
	}
	var found *core.ValType
	for mod := range a.p.usedModules {
		for x := range mod.in.all {
			switch t, ok := x.meaning.(*tlsImport); {
			case !ok:
			case t.val != core.I32 && t.val != core.I64:
				return nil, fmt.Errorf("the TLS base pointer has type `%s`, which is not a pointer type", t.val)
			case found != nil && *found != t.val:
				return nil, fmt.Errorf("conflicting TLS base pointer types `%s` and `%s`", *found, t.val)
			default:
				found = &t.val
			}
		}
	}
	return found, nil
}
