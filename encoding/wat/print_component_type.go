package wat

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding"
)

// coreType prints the definition of core types.
func (p *printer) coreType(s *printScope, d *encoding.CoreType) {
	switch t := d.Def.(type) {
	case *encoding.CoreRec:
		p.recType(s, t.RecType, noOffset, true)
	case *encoding.CoreModuleType:
		p.open("core type ")
		p.define(s, spaceType)
		p.moduleType(t)
		p.close()
		s.types = append(s.types, nil)
	default:
		panic(fmt.Sprintf("unreachable: %T", t))
	}
}

func (p *printer) moduleType(t *encoding.CoreModuleType) {
	s := &printScope{}
	p.push(s)
	p.newline(noOffset)
	p.open("module")
	for _, d := range t.Decls {
		p.newline(noOffset)
		switch d := d.(type) {
		case *encoding.CoreTypeDecl:
			p.recType(s, d.Rec, noOffset, false)
		case *encoding.CoreAliasDecl:
			p.outerAlias(d.Count, spaceType, uint32(d.Index))
			p.str(" ")
			p.open("type ")
			p.define(s, spaceType)
			p.close()
			p.close()
			s.types = append(s.types, nil)
		case *encoding.CoreImportDecl:
			p.coreImport(s, &d.Import, false)
		case *encoding.CoreExportDecl:
			p.open("export ")
			p.quoted(d.Name)
			p.str(" ")
			p.coreExtern(s, &d.Type, false)
			p.close()
		default:
			panic(fmt.Sprintf("unreachable: %T", d))
		}
	}
	p.close()
	p.pop()
}

// typeDef prints a type definition.
func (p *printer) typeDef(s *printScope, d *encoding.Type) {
	p.open("type ")
	p.defineAt(s, spaceComponentType, s.counts[spaceComponentType])
	switch t := d.Def.(type) {
	case *encoding.ComponentType:
		p.declList("component", t.Decls)
	case *encoding.InstanceType:
		p.declList("instance", t.Decls)
	case *encoding.Func:
		p.str(" ")
		p.componentFunc(s, t)
	case *encoding.Resource:
		p.str(" ")
		p.open("resource ")
		p.open("rep ")
		p.valType(s, t.Rep)
		p.close()
		if t.Dtor != nil {
			p.str(" ")
			p.open("dtor ")
			p.index(s, spaceFunc, uint32(*t.Dtor))
			p.close()
		}
		p.close()
	default:
		p.str(" ")
		p.definedType(s, t)
	}
	s.counts[spaceComponentType]++
	p.close()
}

// declList prints a component type or instance type.
func (p *printer) declList(word string, list []encoding.Decl) {
	s := &printScope{isComponent: true}
	p.push(s)
	p.newline(noOffset)
	p.open(word)
	for _, d := range list {
		p.newline(noOffset)
		switch d := d.(type) {
		case *encoding.CoreType:
			p.coreType(s, d)
		case *encoding.Type:
			p.typeDef(s, d)
		case *encoding.Alias:
			p.alias(s, d)
		case *encoding.Import:
			p.importDef(s, d)
		case *encoding.ExportDecl:
			p.exportDecl(s, d)
		default:
			panic(fmt.Sprintf("unreachable: %T", d))
		}
	}
	p.close()
	p.pop()
}

func (p *printer) componentTypeRef(s *printScope, t encoding.TypeIdx) {
	p.open("type ")
	p.index(s, spaceComponentType, uint32(t))
	p.close()
}

func (p *printer) componentFunc(s *printScope, t *encoding.Func) {
	p.open("func")
	if t.Async {
		p.str(" async")
	}
	for _, f := range t.Params {
		p.str(" ")
		p.open("param ")
		p.quoted(f.Name)
		p.str(" ")
		p.componentVal(s, f.Type)
		p.close()
	}
	if t.Result != nil {
		p.str(" ")
		p.open("result ")
		p.componentVal(s, *t.Result)
		p.close()
	}
	p.close()
}

func (p *printer) componentVal(s *printScope, v encoding.ValType) {
	if v.IsPrim() {
		p.str(v.String())
		return
	}
	p.index(s, spaceComponentType, uint32(v.Index))
}

// definedType prints the definition of a value type.
func (p *printer) definedType(s *printScope, t encoding.DefType) {
	switch t := t.(type) {
	case *encoding.PrimType:
		p.str(t.Prim.String())
		return
	case *encoding.Record:
		p.open("record")
		for _, f := range t.Fields {
			p.str(" ")
			p.open("field ")
			p.quoted(f.Name)
			p.str(" ")
			p.componentVal(s, f.Type)
			p.close()
		}
	case *encoding.Variant:
		p.open("variant")
		for _, c := range t.Cases {
			p.str(" ")
			p.open("case ")
			p.quoted(c.Name)
			p.optVal(s, c.Type)
			p.close()
		}
	case *encoding.List:
		p.open("list ")
		p.componentVal(s, t.Elem)
	case *encoding.FixedList:
		p.open("list ")
		p.componentVal(s, t.Elem)
		p.str(" ")
		p.num(uint64(t.Len))
	case *encoding.Map:
		p.open("map ")
		p.componentVal(s, t.Key)
		p.str(" ")
		p.componentVal(s, t.Value)
	case *encoding.Tuple:
		p.open("tuple")
		for _, v := range t.Elems {
			p.str(" ")
			p.componentVal(s, v)
		}
	case *encoding.Flags:
		p.open("flags")
		p.labelList(t.Names)
	case *encoding.Enum:
		p.open("enum")
		p.labelList(t.Names)
	default:
		p.wrappedType(s, t)
	}
	p.close()
}

// wrappedType starts a type that is built from one or two other types.
func (p *printer) wrappedType(s *printScope, t encoding.DefType) {
	switch t := t.(type) {
	case *encoding.Option:
		p.open("option ")
		p.componentVal(s, t.Elem)
	case *encoding.Result:
		p.open("result")
		p.optVal(s, t.OK)
		if t.Err != nil {
			p.str(" ")
			p.open("error ")
			p.componentVal(s, *t.Err)
			p.close()
		}
	case *encoding.Own:
		p.open("own ")
		p.index(s, spaceComponentType, uint32(t.Type))
	case *encoding.Borrow:
		p.open("borrow ")
		p.index(s, spaceComponentType, uint32(t.Type))
	case *encoding.Stream:
		p.open("stream")
		p.optVal(s, t.Elem)
	case *encoding.Future:
		p.open("future")
		p.optVal(s, t.Elem)
	default:
		panic(fmt.Sprintf("unreachable: %T", t))
	}
}

// optVal prints a space and an optional type.
func (p *printer) optVal(s *printScope, v *encoding.ValType) {
	if v != nil {
		p.str(" ")
		p.componentVal(s, *v)
	}
}

func (p *printer) labelList(names []string) {
	for _, n := range names {
		p.str(" ")
		p.quoted(n)
	}
}
