package validate

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
)

func (s *scope) alias(d *encoding.Alias) error {
	switch t := d.Target.(type) {
	case encoding.ExportAlias:
		return s.exportAlias(d.Sort, t)
	case encoding.CoreExportAlias:
		return s.coreExportAlias(d.Sort, t)
	case encoding.OuterAlias:
		return s.outerAlias(d.Sort, t)
	default:
		panic(fmt.Sprintf("unreachable: %T", t))
	}
}

// aliasDecl adds an alias inside a component or instance type, where an alias can refer only to
// types and instances.
func (s *scope) aliasDecl(d *encoding.Alias) error {
	ok := false
	switch d.Target.(type) {
	case encoding.ExportAlias:
		ok = d.Sort == encoding.SortInstance || d.Sort == encoding.SortType
	case encoding.OuterAlias:
		ok = d.Sort == encoding.SortCoreType || d.Sort == encoding.SortType
	}
	if !ok {
		return errorf(CodeKind, "aliases in a component or instance type may only refer to types or instances")
	}
	return s.alias(d)
}

func (s *scope) exportAlias(sort encoding.Sort, a encoding.ExportAlias) error {
	inst, err := s.instanceAt(a.Instance)
	if err != nil {
		return err
	}
	t := inst.Exports.Get(a.Name)
	if t == nil {
		return errorf(CodeIndex, "instance %d has no export named `%s`", a.Instance, a.Name)
	}
	if encoding.SortOf(t) != sort {
		return errorf(CodeKind, "export `%s` for instance %d is not a %s", a.Name, a.Instance, sortWord(sort))
	}
	s.push(t)
	return nil
}

func sortWord(sort encoding.Sort) string {
	if sort == encoding.SortCoreModule {
		return "module"
	}
	return sort.String()
}

func (s *scope) coreExportAlias(sort encoding.Sort, a encoding.CoreExportAlias) error {
	if sort == encoding.SortCoreTag {
		s.v.needText(feature.Exceptions, "exceptions proposal not enabled")
	}
	inst, err := s.coreInstanceAt(a.Instance)
	if err != nil {
		return err
	}
	t := inst.Export(a.Name)
	if t == nil {
		return errorf(CodeIndex, "core instance %d has no export named `%s`", a.Instance, a.Name)
	}
	ok := false
	switch t := t.(type) {
	case *types.CoreFunc:
		if ok = sort == encoding.SortCoreFunc; ok {
			s.CoreFuncs = append(s.CoreFuncs, t)
		}
	case *types.CoreTable:
		if ok = sort == encoding.SortCoreTable; ok {
			s.CoreTables = append(s.CoreTables, t)
		}
	case *types.CoreMemory:
		if ok = sort == encoding.SortCoreMemory; ok {
			s.CoreMemories = append(s.CoreMemories, t)
		}
	case *types.CoreGlobal:
		if ok = sort == encoding.SortCoreGlobal; ok {
			s.CoreGlobals = append(s.CoreGlobals, t)
		}
	case *types.CoreTag:
		if ok = sort == encoding.SortCoreTag; ok {
			s.CoreTags = append(s.CoreTags, t)
		}
	default:
		panic(fmt.Sprintf("unreachable: %T", t))
	}
	if !ok {
		return errorf(CodeKind, "export `%s` for core instance %d is not a %s", a.Name, a.Instance, coreSortWord(sort))
	}
	return nil
}

func coreSortWord(sort encoding.Sort) string {
	switch sort {
	case encoding.SortCoreFunc:
		return "function"
	case encoding.SortCoreTable:
		return "table"
	case encoding.SortCoreMemory:
		return "memory"
	case encoding.SortCoreGlobal:
		return "global"
	case encoding.SortCoreTag:
		return "tag"
	default:
		return sort.String()
	}
}

func (s *scope) outerAlias(sort encoding.Sort, a encoding.OuterAlias) error {
	from, crossed := s, false
	for range a.Count {
		crossed = crossed || from.kind == inComponent
		if from = from.parent; from == nil {
			return errorf(CodeIndex, "invalid outer alias count of %d", a.Count)
		}
	}
	switch sort {
	case encoding.SortCoreModule:
		m, err := from.coreModuleAt(encoding.CoreModuleIdx(a.Index))
		if err != nil {
			return err
		}
		s.CoreModules = append(s.CoreModules, m)
	case encoding.SortComponent:
		c, err := from.componentAt(encoding.ComponentIdx(a.Index))
		if err != nil {
			return err
		}
		s.Components = append(s.Components, c)
	case encoding.SortCoreType:
		t, err := from.coreTypeAt(encoding.CoreTypeIdx(a.Index))
		if err != nil {
			return err
		}
		s.CoreTypes = append(s.CoreTypes, t)
	case encoding.SortType:
		t, err := from.typeAt(encoding.TypeIdx(a.Index))
		if err != nil {
			return err
		}
		if crossed && s.v.hasFreeResource(t) {
			return errorf(CodeResource, "cannot alias outer type which transitively refers to resources not defined in the current component")
		}
		s.Types = append(s.Types, t)
	default:
		return errorf(CodeKind, "outer aliases may only refer to core modules, core types, components and types, not to a %s", sort)
	}
	return nil
}
