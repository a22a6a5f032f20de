package core

import (
	"errors"

	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
)

// CheckExtern checks the type of an import or export on its own, as [Validate] does: its limits,
// and the features that it needs. It does not check types that t refers to by index. The error has
// no position.
func CheckExtern(t ExternType, features feature.Set) error {
	v := &validator{m: &Module{}, features: features}
	var p place
	switch t.Kind {
	case ExternTable:
		v.addTable(p, TableType{Elem: withoutIndex(t.Table.Elem), Limits: t.Table.Limits})
	case ExternMemory:
		v.addMemory(p, t.Memory)
	case ExternGlobal:
		g := t.Global
		g.Type.Ref = withoutIndex(g.Type.Ref)
		v.addGlobal(p, g)
	case ExternTag:
		v.needs(p, feature.Exceptions, "exceptions proposal not enabled")
	}
	if v.err == nil {
		return nil
	}
	return errors.New(v.err.Message)
}

// withoutIndex returns r with any type index replaced by an abstract heap type.
func withoutIndex(r RefType) RefType {
	if r.Heap.Abs == 0 {
		r.Heap.Abs = types.HeapFunc
	}
	return r
}

// CheckRec checks a recursion group on its own, as [Validate] does: its limits, and the features
// that it needs. The first type of the group has index start. The error has no position.
func CheckRec(rec RecType, start TypeIdx, features feature.Set) error {
	if msg := checkGroup(&rec, start, features); msg != "" {
		return errors.New(msg)
	}
	return nil
}
