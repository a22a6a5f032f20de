package core

import (
	"fmt"

	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
)

// typeSection validates recursion groups and gives each type index its definition.
func (v *validator) typeSection() {
	in := &Interner{}
	var space []*types.CoreDef
	for i := range v.m.Types {
		rec := &v.m.Types[i]
		at := place{SectionType, i}
		if len(rec.Types) > maxTypes-len(space) {
			v.fail(at, "types count exceeds limit of %d", maxTypes)
			return
		}
		if msg := checkGroup(rec, TypeIdx(len(space)), v.features); msg != "" {
			v.fail(at, "%s", msg)
			return
		}
		next, err := in.Define(space, *rec)
		if err != nil {
			v.fail(at, "%s", err.Error())
			return
		}
		first := len(v.defs)
		for k, d := range next[len(space):] {
			id, ok := v.ids[d]
			if !ok {
				id = uint32(len(v.ids))
				v.ids[d] = id
				v.defs = append(v.defs, def{index: TypeIdx(len(space) + k), super: -1})
			}
			v.space = append(v.space, id)
		}
		for k := first; k < len(v.defs); k++ {
			v.fill(&v.defs[k], next[v.defs[k].index])
		}
		// The types of a group may refer to each other. So all of them are filled in, and their depths
		// computed, before any is checked.
		for k := first; k < len(v.defs); k++ {
			if d := &v.defs[k]; d.super >= 0 {
				d.depth = v.defs[d.super].depth + 1
				if d.depth > maxSubtypingDepth {
					v.fail(at, "sub type hierarchy too deep: found depth %d, cannot exceed depth %d", d.depth, maxSubtypingDepth)
					return
				}
			}
		}
		for k := first; k < len(v.defs); k++ {
			if msg := v.checkDef(&v.defs[k]); msg != "" {
				v.fail(at, "%s", msg)
				return
			}
		}
		space = next
	}
}

// fill copies a definition to d.
func (s *typeSpace) fill(d *def, c *types.CoreDef) {
	d.final, d.shared = c.Final, c.Shared
	if len(c.Supers) > 0 {
		d.super = int32(s.ids[c.Supers[0]])
	}
	vals := func(list []types.CoreVal) []vt {
		if len(list) == 0 {
			return nil
		}
		out := make([]vt, len(list))
		for i, t := range list {
			out[i] = s.fromVal(t)
		}
		return out
	}
	fieldOf := func(f types.CoreField) field {
		if f.Packed != 0 {
			return field{packed: f.Packed, mutable: f.Mutable}
		}
		return field{t: s.fromVal(f.Type), mutable: f.Mutable}
	}
	switch {
	case c.Func != nil:
		d.kind, d.params, d.results = types.HeapFunc, vals(c.Func.Params), vals(c.Func.Results)
	case c.Struct != nil:
		d.kind = types.HeapStruct
		for _, f := range c.Struct.Fields {
			d.fields = append(d.fields, fieldOf(f))
		}
	case c.Array != nil:
		d.kind, d.fields = types.HeapArray, []field{fieldOf(*c.Array)}
	default:
		d.kind, d.cont = types.HeapCont, s.ids[c.Cont]
	}
}

// checkGroup checks a group on its own. It returns an error message, or "" if the group is valid.
// The first type of the group has index start.
func checkGroup(rec *RecType, start TypeIdx, set feature.Set) string {
	if rec.Explicit && !set.Has(feature.GC) {
		return "rec group usage requires `gc` proposal to be enabled"
	}
	for i := range rec.Types {
		t := &rec.Types[i]
		if len(t.Supers) > maxSupertypes {
			return "supertype idxs size is out of bounds"
		}
		for _, s := range t.Supers {
			if s >= start+TypeIdx(i) {
				return "supertypes must be defined before subtypes"
			}
		}
		if !set.Has(feature.GC) {
			if !t.Final || len(t.Supers) > 0 {
				return "gc proposal must be enabled to use subtypes"
			}
		}
		if msg := checkComp(t, set); msg != "" {
			return msg
		}
		if !set.Has(feature.GC) {
			for _, x := range t.indices() {
				if x == start {
					return fmt.Sprintf("unknown type %d: type index out of bounds because the GC proposal is disabled", x)
				}
			}
		}
	}
	return ""
}

// indices returns the type indices in the type, except for those of its supertypes.
func (t *SubType) indices() []TypeIdx {
	var list []TypeIdx
	add := func(v ValType) {
		if v.Kind == types.RefKind && v.Ref.Heap.Abs == 0 {
			list = append(list, v.Ref.Heap.Type)
		}
	}
	switch c := t.Type.(type) {
	case *FuncType:
		for _, v := range c.Params {
			add(v)
		}
		for _, v := range c.Results {
			add(v)
		}
	case *StructType:
		for _, f := range c.Fields {
			add(f.Type)
		}
	case *ArrayType:
		add(c.Elem.Type)
	case *ContType:
		list = append(list, c.Type)
	default:
		panic(fmt.Sprintf("unreachable: %T", c))
	}
	return list
}

// checkComp checks the features and limits of a type. It returns an error message or "".
func checkComp(t *SubType, set feature.Set) string {
	if t.Shared && !set.Has(feature.SharedEverythingThreads) {
		return "shared composite types require the shared-everything-threads proposal"
	}
	vals := func(list []ValType) string {
		for _, v := range list {
			if msg := checkVal(v, set); msg != "" {
				return msg
			}
		}
		return ""
	}
	fields := func(list []FieldType, what string) string {
		if !set.Has(feature.GC) {
			return what + " indexed types not supported without the gc feature"
		}
		if !set.Has(feature.GCTypes) {
			return "cannot define " + what + " types when gc types are disabled"
		}
		for _, f := range list {
			if msg := checkVal(f.Type, set); f.Packed == 0 && msg != "" {
				return msg
			}
		}
		return ""
	}
	switch c := t.Type.(type) {
	case *FuncType:
		switch {
		case len(c.Params) > maxParams:
			return "function params size is out of bounds"
		case len(c.Results) > maxResults:
			return "function returns size is out of bounds"
		}
		if msg := vals(c.Params); msg != "" {
			return msg
		}
		if msg := vals(c.Results); msg != "" {
			return msg
		}
		if len(c.Results) > 1 && !set.Has(feature.MultiValue) {
			return "func type returns multiple values but the multi-value feature is not enabled"
		}
		return ""
	case *StructType:
		if len(c.Fields) > maxStructFields {
			return "struct fields size is out of bounds"
		}
		return fields(c.Fields, "struct")
	case *ArrayType:
		return fields([]FieldType{c.Elem}, "array")
	case *ContType:
		if !set.Has(feature.StackSwitching) {
			return "cannot define continuation types when stack switching is disabled"
		}
		if !set.Has(feature.GCTypes) {
			return "cannot define continuation types when gc types are disabled"
		}
		return ""
	default:
		panic(fmt.Sprintf("unreachable: %T", c))
	}
}

// checkDef checks a definition against the definitions that it refers to. Supertypes precede it.
func (s *typeSpace) checkDef(d *def) string {
	if d.shared {
		for _, list := range [][]vt{d.params, d.results} {
			for _, t := range list {
				if !s.shared(t) {
					return "shared composite type must contain shared types"
				}
			}
		}
		for _, f := range d.fields {
			if !s.shared(f.t) {
				return "shared composite type must contain shared types"
			}
		}
	}
	if d.kind == types.HeapCont && s.defs[d.cont].kind != types.HeapFunc {
		return fmt.Sprintf("non-function type %d", s.defs[d.cont].index)
	}
	if d.super < 0 {
		return ""
	}
	up := &s.defs[d.super]
	if up.final {
		return "sub type cannot have a final super type"
	}
	if !s.matches(d, up) {
		return "sub type must match super type"
	}
	return ""
}
