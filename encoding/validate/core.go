package validate

import (
	"fmt"
	"slices"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
)

// coreModule reads the imports and exports of a nested core module.
func (s *scope) coreModule(d *encoding.CoreModule) error {
	m, err := core.Decode(d.Bytes)
	if err != nil {
		return s.v.moduleError(d, err)
	}
	t, err := m.Type(&s.v.interner)
	if err != nil {
		return s.v.moduleError(d, err)
	}
	seen := make(map[[2]string]bool, len(t.Imports))
	for i, im := range t.Imports {
		if err := claimImport(seen, im.Module, im.Name); err != nil {
			if at := m.Spans(core.SectionImport); i < len(at) {
				return locate(encoding.Span{Start: d.Start + at[i].Start, End: d.Start + at[i].End}, err)
			}
			return err
		}
	}
	if s.v.modules {
		s.v.bodies = append(s.v.bodies, body{d, m, slices.Clone(s.v.path)})
	}
	s.modules[d] = m
	s.CoreModules = append(s.CoreModules, t)
	return nil
}

// body is a core module that is validated after the components.
type body struct {
	def    *encoding.CoreModule
	module *core.Module
	path   []step
}

// validateBodies validates the collected core modules in full.
func (v *validator) validateBodies() {
	for _, b := range v.bodies {
		if err := core.Validate(b.module, v.features, core.ValidateOptions{}); err != nil {
			v.path = b.path
			v.report(b.def.Offsets(), v.moduleError(b.def, err))
		}
	}
	v.path = nil
}

// defs returns the core type index space as core types refer to it. An entry is nil if it is a
// module type.
func (s *scope) defs() []*types.CoreDef {
	out := make([]*types.CoreDef, len(s.CoreTypes))
	for i, t := range s.CoreTypes {
		out[i] = t.Def
	}
	return out
}

func (s *scope) coreVal(v core.ValType) (types.CoreVal, error) {
	t, err := v.Resolve(s.defs())
	if err != nil {
		return types.CoreVal{}, errorf(CodeIndex, "%v", err)
	}
	return t, nil
}

func (s *scope) coreType(d *encoding.CoreType) error {
	switch t := d.Def.(type) {
	case *encoding.CoreRec:
		if err := s.checkRec(t.RecType, len(s.CoreTypes)); err != nil {
			return err
		}
		space, err := s.v.interner.Define(s.defs(), t.RecType)
		if err != nil {
			return errorf(CodeIndex, "%v", err)
		}
		for _, def := range space[len(s.CoreTypes):] {
			s.CoreTypes = append(s.CoreTypes, CoreType{Def: def})
		}
		return nil
	case *encoding.CoreModuleType:
		m, err := s.moduleType(t)
		if err != nil {
			return err
		}
		s.CoreTypes = append(s.CoreTypes, CoreType{Module: m})
		return nil
	default:
		panic(fmt.Sprintf("unreachable: %T", t))
	}
}

// moduleType resolves a core module type. Its type index space starts empty.
func (s *scope) moduleType(d *encoding.CoreModuleType) (*types.Module, error) {
	out := &types.Module{}
	var space []*types.CoreDef
	imports, exports := make(map[[2]string]bool), make(map[string]bool)
	define := func(decl encoding.CoreModuleDecl) (err error) {
		switch decl := decl.(type) {
		case *encoding.CoreTypeDecl:
			if err := s.checkRec(decl.Rec, len(space)); err != nil {
				return err
			}
			if space, err = s.v.interner.Define(space, decl.Rec); err != nil {
				return errorf(CodeIndex, "%v", err)
			}
		case *encoding.CoreAliasDecl:
			def, err := s.outerCoreType(decl)
			if err != nil {
				return err
			}
			space = append(space, def)
		case *encoding.CoreImportDecl:
			t, err := decl.Import.Type.Resolve(space)
			if err != nil {
				return errorf(CodeIndex, "%v", err)
			}
			if err := first(claimImport(imports, decl.Import.Module, decl.Import.Name), s.checkExtern(decl.Import.Type)); err != nil {
				return err
			}
			out.Imports = append(out.Imports, types.CoreImport{Module: decl.Import.Module, Name: decl.Import.Name, Type: t})
		case *encoding.CoreExportDecl:
			t, err := decl.Type.Resolve(space)
			if err != nil {
				return errorf(CodeIndex, "%v", err)
			}
			if exports[decl.Name] {
				return errorf(CodeName, "duplicate export name `%s` already defined", decl.Name)
			}
			exports[decl.Name] = true
			if err := s.checkExtern(decl.Type); err != nil {
				return err
			}
			out.Exports = append(out.Exports, types.CoreExport{Name: decl.Name, Type: t})
		default:
			panic(fmt.Sprintf("unreachable: %T", decl))
		}
		return nil
	}
	for _, decl := range d.Decls {
		if err := define(decl); err != nil {
			return nil, locate(decl.Offsets(), err)
		}
	}
	return out, nil
}

// claimImport checks that a module imports each name only once. In a component, both levels of the
// name together form one name.
func claimImport(seen map[[2]string]bool, module, item string) error {
	key := [2]string{module, item}
	if seen[key] {
		return errorf(CodeName, "duplicate import name `%s:%s` already defined", module, item)
	}
	seen[key] = true
	return nil
}

// checkExtern checks the limits and features of an import or export of a module type.
func (s *scope) checkExtern(t core.ExternType) error {
	return s.coreError(func(set feature.Set) error { return core.CheckExtern(t, set) })
}

// checkRec checks the limits and features of a recursion group at index start.
func (s *scope) checkRec(rec core.RecType, start int) error {
	return s.coreError(func(set feature.Set) error { return core.CheckRec(rec, core.TypeIdx(start), set) })
}

// coreError makes an error from the result of check. If only disabled features cause the failure,
// coreError reports that, and validation goes on.
func (s *scope) coreError(check func(feature.Set) error) error {
	err := check(s.v.features)
	if err == nil {
		return nil
	}
	if err := check(feature.All()); err != nil {
		return errorf(CodeType, "%v", err)
	}
	for f := range feature.All().Features() {
		if !s.v.features.Has(f) && check(s.v.features.With(f)) == nil {
			s.v.needText(f, err.Error())
			return nil
		}
	}
	s.v.report(s.v.def.at, &problem{code: CodeFeature, text: err.Error()})
	return nil
}

// outerCoreType resolves an alias inside a module type. The module type itself is the innermost
// scope, and cannot be aliased from.
func (s *scope) outerCoreType(d *encoding.CoreAliasDecl) (*types.CoreDef, error) {
	from := s
	for i := uint32(1); i < d.Count && from != nil; i++ {
		from = from.parent
	}
	if d.Count == 0 || from == nil {
		return nil, errorf(CodeIndex, "invalid outer alias count of %d", d.Count)
	}
	t, err := from.coreTypeAt(d.Index)
	if err != nil {
		return nil, err
	}
	if t.Def == nil {
		return nil, errorf(CodeKind, "not implemented: aliasing core module types into a core module's types index space")
	}
	return t.Def, nil
}

func (s *scope) coreInstance(d *encoding.CoreInstance) error {
	switch e := d.Expr.(type) {
	case *encoding.CoreInstantiate:
		return s.coreInstantiate(e)
	case *encoding.CoreInlineExports:
		return s.coreInlineExports(e)
	default:
		panic(fmt.Sprintf("unreachable: %T", e))
	}
}

func (s *scope) coreInstantiate(e *encoding.CoreInstantiate) error {
	m, err := s.coreModuleAt(e.Module)
	if err != nil {
		return err
	}
	args := make(map[string]*CoreInstance, len(e.Args))
	for _, a := range e.Args {
		if _, ok := args[a.Name]; ok {
			return errorf(CodeInstantiate, "duplicate module instantiation argument named `%s`", a.Name)
		}
		if args[a.Name], err = s.coreInstanceAt(a.Instance); err != nil {
			return err
		}
	}
	for _, im := range m.Imports {
		arg := args[im.Module]
		if arg == nil {
			return errorf(CodeInstantiate, "missing module instantiation argument named `%s`", im.Module)
		}
		have := arg.Export(im.Name)
		if have == nil {
			return errorf(CodeInstantiate, "module instantiation argument `%s` does not export an item named `%s`", im.Module, im.Name)
		}
		if mm := types.CoreSubtype(have, im.Type); mm != nil {
			return errorf(CodeInstantiate, "type mismatch for export `%s` of module instantiation argument `%s`: %s", im.Name, im.Module, mm.Error())
		}
	}
	s.CoreInstances = append(s.CoreInstances, newCoreInstance(m.Exports))
	return nil
}

func (s *scope) coreInlineExports(e *encoding.CoreInlineExports) error {
	exports := make([]types.CoreExport, len(e.Exports))
	seen := make(map[string]bool, len(e.Exports))
	for i, x := range e.Exports {
		if seen[x.Name] {
			return errorf(CodeName, "duplicate instantiation export name `%s` already defined", x.Name)
		}
		seen[x.Name] = true
		t, err := s.coreItem(x.Item)
		if err != nil {
			return err
		}
		exports[i] = types.CoreExport{Name: x.Name, Type: t}
	}
	s.CoreInstances = append(s.CoreInstances, newCoreInstance(exports))
	return nil
}

func (s *scope) coreItem(si encoding.SortIndex) (types.CoreExtern, error) {
	switch si.Sort {
	case encoding.SortCoreFunc:
		return coreExtern(s.coreFuncAt(encoding.CoreFuncIdx(si.Index)))
	case encoding.SortCoreTable:
		return coreExtern(s.tableAt(encoding.CoreTableIdx(si.Index)))
	case encoding.SortCoreMemory:
		return coreExtern(s.memoryAt(encoding.CoreMemoryIdx(si.Index)))
	case encoding.SortCoreGlobal:
		return coreExtern(at(s.CoreGlobals, si.Index, "global", "global"))
	case encoding.SortCoreTag:
		s.v.needText(feature.Exceptions, "exceptions proposal not enabled")
		return coreExtern(at(s.CoreTags, si.Index, "tag", "tag"))
	default:
		return nil, errorf(CodeKind, "a %s cannot be exported by a core instance", si.Sort)
	}
}

func coreExtern[T types.CoreExtern](x T, err error) (types.CoreExtern, error) {
	if err != nil {
		return nil, err
	}
	return x, nil
}
