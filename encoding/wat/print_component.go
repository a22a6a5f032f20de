package wat

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding"
)

// component prints a component. The scope parent is that of the enclosing component, or nil.
func (p *printer) component(c *encoding.Component, parent *printScope) {
	s := &printScope{isComponent: true}
	s.readComponentNames(c.Names())
	p.open("component")
	switch {
	case parent != nil:
		p.str(" ")
		p.define(parent, spaceComponent)
	case s.name != nil:
		p.str(" " + s.name.def)
	}
	p.push(s)
	for _, d := range c.Defs {
		if p.err != nil {
			break
		}
		p.def(s, d)
	}
	p.pop()
	p.closeAt(c.End, true)
}

// def prints a definition on its own line.
func (p *printer) def(s *printScope, d encoding.Def) {
	offset := d.Offsets().Start
	switch d := d.(type) {
	case *encoding.Custom:
		p.custom(s, d.Name, d.Data, offset, d.End-len(d.Data))
	case *encoding.CoreModule:
		p.newline(offset)
		p.coreModule(s, d)
	case *encoding.CoreInstance:
		p.newline(offset)
		p.coreInstance(s, d, offset)
	case *encoding.CoreType:
		p.newline(offset)
		p.coreType(s, d)
	case *encoding.NestedComponent:
		p.newline(offset)
		p.component(d.Component, s)
	case *encoding.Instance:
		p.newline(offset)
		p.instance(s, d, offset)
	case *encoding.Alias:
		p.newline(offset)
		p.alias(s, d)
	case *encoding.Type:
		p.newline(offset)
		p.typeDef(s, d)
	case *encoding.Canon:
		p.newline(offset)
		p.canon(s, d)
	case *encoding.Start:
		p.newline(offset)
		p.startFunc(s, d)
	case *encoding.Import:
		p.newline(offset)
		p.importDef(s, d)
	case *encoding.Export:
		p.newline(offset)
		p.export(s, d)
	case *encoding.Value:
		p.newline(offset)
		p.value(s, d)
	default:
		panic(fmt.Sprintf("unreachable: %T", d))
	}
}

// item prints a reference in parentheses.
func (p *printer) item(s *printScope, x encoding.SortIndex) {
	p.open(x.Sort.String() + " ")
	p.index(s, sortSpaces[x.Sort], x.Index)
	p.close()
}

// coreSortItem is item for an export of a core instance, which omits the keyword core.
func (p *printer) coreSortItem(s *printScope, x encoding.SortIndex) {
	p.open(x.Sort.String()[len("core "):] + " ")
	if x.Sort == encoding.SortCoreTag {
		p.num(uint64(x.Index))
	} else {
		p.index(s, sortSpaces[x.Sort], x.Index)
	}
	p.close()
}

func (p *printer) coreInstance(s *printScope, d *encoding.CoreInstance, offset int) {
	p.open("core instance ")
	p.defineAt(s, spaceCoreInstance, s.counts[spaceCoreInstance])
	switch x := d.Expr.(type) {
	case *encoding.CoreInstantiate:
		p.str(" ")
		p.open("instantiate ")
		p.index(s, spaceModule, uint32(x.Module))
		for _, a := range x.Args {
			p.newline(offset)
			p.open("with ")
			p.quoted(a.Name)
			p.str(" ")
			p.open("instance ")
			p.index(s, spaceCoreInstance, uint32(a.Instance))
			p.close()
			p.close()
		}
		p.close()
	case *encoding.CoreInlineExports:
		for _, e := range x.Exports {
			p.newline(offset)
			p.open("export ")
			p.quoted(e.Name)
			p.str(" ")
			p.coreSortItem(s, e.Item)
			p.close()
		}
	default:
		panic(fmt.Sprintf("unreachable: %T", x))
	}
	s.counts[spaceCoreInstance]++
	p.close()
}

func (p *printer) instance(s *printScope, d *encoding.Instance, offset int) {
	p.open("instance ")
	p.define(s, spaceInstance)
	switch x := d.Expr.(type) {
	case *encoding.Instantiate:
		p.str(" ")
		p.open("instantiate ")
		p.index(s, spaceComponent, uint32(x.Component))
		for _, a := range x.Args {
			p.newline(offset)
			p.open("with ")
			p.quoted(a.Name)
			p.str(" ")
			p.item(s, a.Item)
			p.close()
		}
		p.close()
	case *encoding.InlineExports:
		for _, e := range x.Exports {
			p.newline(offset)
			p.open("export ")
			p.externName(e.Name)
			p.str(" ")
			p.item(s, e.Item)
			p.close()
		}
	default:
		panic(fmt.Sprintf("unreachable: %T", x))
	}
	p.close()
}

// alias prints an alias. The alias gets the next index of scope s.
func (p *printer) alias(s *printScope, d *encoding.Alias) {
	space := sortSpaces[d.Sort]
	switch t := d.Target.(type) {
	case encoding.ExportAlias:
		p.open("alias export ")
		p.index(s, spaceInstance, uint32(t.Instance))
		p.str(" ")
		p.quoted(t.Name)
	case encoding.CoreExportAlias:
		p.open("alias core export ")
		p.index(s, spaceCoreInstance, uint32(t.Instance))
		p.str(" ")
		p.quoted(t.Name)
	case encoding.OuterAlias:
		p.outerAlias(t.Count, space, t.Index)
	default:
		panic(fmt.Sprintf("unreachable: %T", t))
	}
	p.str(" ")
	p.open(d.Sort.String() + " ")
	p.define(s, space)
	p.close()
	p.close()
	if space == spaceType {
		s.types = append(s.types, nil)
	}
}

// outerAlias starts an outer alias and prints its target.
func (p *printer) outerAlias(count uint32, space nameSpace, index uint32) {
	outer := p.outer(count)
	if outer == nil {
		p.printf("(; invalid outer alias count %d ;) ", count)
		outer = &printScope{}
	}
	p.open("alias outer ")
	if outer.name != nil {
		p.str(outer.name.def)
	} else {
		p.num(uint64(count))
	}
	p.str(" ")
	p.index(outer, space, index)
}

func (p *printer) startFunc(s *printScope, d *encoding.Start) {
	p.open("start ")
	p.index(s, spaceComponentFunc, uint32(d.Func))
	for _, a := range d.Args {
		p.str(" ")
		p.item(s, a.SortIndex())
	}
	for range d.Results {
		p.str(" ")
		p.open("result ")
		p.open("value ")
		p.define(s, spaceValue)
		p.close()
		p.close()
	}
	p.close()
}

func (p *printer) importDef(s *printScope, d *encoding.Import) {
	p.open("import ")
	p.externName(d.Name)
	p.str(" ")
	p.externType(s, d.Type, true)
	p.close()
}

func (p *printer) export(s *printScope, d *encoding.Export) {
	p.open("export ")
	p.define(s, sortSpaces[d.Item.Sort])
	p.str(" ")
	p.externName(d.Name)
	p.str(" ")
	p.item(s, d.Item)
	if d.Type != nil {
		p.str(" ")
		p.externType(s, d.Type, false)
	}
	p.close()
}

func (p *printer) exportDecl(s *printScope, d *encoding.ExportDecl) {
	p.open("export ")
	p.define(s, sortSpaces[d.Type.Sort()])
	p.str(" ")
	p.externName(d.Name)
	p.str(" ")
	p.externType(s, d.Type, false)
	p.close()
}

// externName prints the name of an import or export with its attributes.
func (p *printer) externName(n encoding.ExternName) {
	p.quoted(n.Name)
	for _, a := range n.Attrs {
		p.str(" ")
		p.open(a.Kind.String() + " ")
		p.quoted(a.Value)
		p.close()
	}
}

// externType prints the type of an import or export. If index is set, the type gets the next index
// and is printed with its name.
func (p *printer) externType(s *printScope, t encoding.ExternType, index bool) {
	sort := t.Sort()
	p.open(sort.String() + " ")
	if index {
		p.define(s, sortSpaces[sort])
		p.str(" ")
	}
	switch t := t.(type) {
	case encoding.ExternCoreModule:
		p.open("type ")
		p.index(s, spaceType, uint32(t.Type))
		p.close()
	case encoding.ExternFunc:
		p.componentTypeRef(s, t.Type)
	case encoding.ExternComponent:
		p.componentTypeRef(s, t.Type)
	case encoding.ExternInstance:
		p.componentTypeRef(s, t.Type)
	case encoding.ExternValue:
		if t.Type.IsPrim() {
			p.componentVal(s, t.Type)
		} else {
			p.componentTypeRef(s, t.Type.Index)
		}
	case encoding.ExternValueEq:
		p.open("eq ")
		p.index(s, spaceValue, uint32(t.Value))
		p.close()
	case encoding.ExternTypeEq:
		p.open("eq ")
		p.index(s, spaceComponentType, uint32(t.Type))
		p.close()
	case encoding.ExternSubResource:
		p.str("(sub resource)")
	default:
		panic(fmt.Sprintf("unreachable: %T", t))
	}
	p.close()
}

func (p *printer) value(s *printScope, d *encoding.Value) {
	p.open("value ")
	p.define(s, spaceValue)
	p.str(" ")
	p.componentVal(s, d.Type)
	p.str(" ")
	p.open("binary ")
	p.bytes(d.Bytes)
	p.close()
	p.close()
}

// canon prints a canonical definition.
func (p *printer) canon(s *printScope, d *encoding.Canon) {
	if x, ok := d.Def.(*encoding.Lift); ok {
		p.open("func ")
		p.define(s, spaceComponentFunc)
		p.str(" ")
		p.componentTypeRef(s, x.Type)
		p.str(" ")
		p.open("canon lift ")
		p.item(s, x.Func.SortIndex())
		p.canonOpts(s, x.Opts)
		p.close()
		p.close()
		return
	}
	p.open("core func ")
	p.define(s, spaceFunc)
	p.str(" ")
	p.open("canon ")
	switch x := d.Def.(type) {
	case *encoding.Lower:
		p.str("lower ")
		p.item(s, x.Func.SortIndex())
		p.canonOpts(s, x.Opts)
	case *encoding.Builtin:
		p.builtin(s, x)
	default:
		panic(fmt.Sprintf("unreachable: %T", x))
	}
	p.close()
	p.close()
}

func (p *printer) builtin(s *printScope, b *encoding.Builtin) {
	info, ok := b.Op.Info()
	p.str(b.Op.String())
	if !ok {
		return
	}
	for _, imm := range info.Immediates {
		switch imm {
		case encoding.ImmType:
			p.str(" ")
			p.index(s, spaceComponentType, uint32(b.Type))
		case encoding.ImmAsync:
			if b.Async {
				p.str(" async")
			}
		case encoding.ImmShared:
			if b.Shared {
				p.str(" shared")
			}
		case encoding.ImmMemory:
			p.str(" ")
			p.open("memory ")
			p.index(s, spaceMemory, uint32(b.Memory))
			p.close()
		case encoding.ImmCoreType:
			p.str(" ")
			p.index(s, spaceType, uint32(b.CoreType))
		case encoding.ImmTable:
			p.str(" ")
			p.index(s, spaceTable, uint32(b.Table))
		case encoding.ImmResult:
			if b.Result != nil {
				p.str(" ")
				p.open("result ")
				p.componentVal(s, *b.Result)
				p.close()
			}
		case encoding.ImmOpts:
			p.canonOpts(s, b.Opts)
		case encoding.ImmCoreVal:
			p.str(" ")
			p.valType(s, b.Val)
		case encoding.ImmSlot:
			p.str(" ")
			p.num(uint64(b.Slot))
		case encoding.ImmZero:
		default:
			panic(fmt.Sprintf("unreachable: immediate %d", imm))
		}
	}
}

// canonOptSpaces are the index spaces of the options that refer to an index.
var canonOptSpaces = map[encoding.CanonOptKind]nameSpace{
	encoding.OptMemory: spaceMemory, encoding.OptRealloc: spaceFunc, encoding.OptPostReturn: spaceFunc, encoding.OptCallback: spaceFunc,
	encoding.OptCoreType: spaceType,
}

func (p *printer) canonOpts(s *printScope, list []encoding.CanonOpt) {
	for _, o := range list {
		p.str(" ")
		if !o.Kind.HasIndex() {
			p.str(o.Kind.String())
			continue
		}
		p.open(o.Kind.String() + " ")
		p.index(s, canonOptSpaces[o.Kind], o.Index)
		p.close()
	}
}
