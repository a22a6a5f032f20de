package validate

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
)

func (s *scope) instance(d *encoding.Instance) error {
	switch e := d.Expr.(type) {
	case *encoding.Instantiate:
		return s.instantiate(e)
	case *encoding.InlineExports:
		return s.inlineExports(e)
	default:
		panic(fmt.Sprintf("unreachable: %T", e))
	}
}

// instantiate checks the arguments against the imports of the component and adds an instance with
// the exports of the component. In it, the supplied resources replace the imported ones, and the
// component's own resources are new.
func (s *scope) instantiate(e *encoding.Instantiate) error {
	c, err := s.componentAt(e.Component)
	if err != nil {
		return err
	}
	args := make(map[string]types.Extern, len(e.Args))
	for _, a := range e.Args {
		if _, ok := args[a.Name]; ok {
			return errorf(CodeInstantiate, "instantiation argument `%s` conflicts with previous argument `%s`", a.Name, a.Name)
		}
		if args[a.Name], err = s.item(a.Item); err != nil {
			return err
		}
		if err := s.v.charge(s.v.externFacts(args[a.Name]).size); err != nil {
			return err
		}
	}
	if err := s.v.charge(s.v.factsOf(c).size); err != nil {
		return err
	}
	sub, m := types.Match(func(n string) types.Extern { return args[n] }, c.Imports, c.ImportedResources, "import")
	if m != nil {
		if m.Identity() {
			m.Found, m.Expected = s.origin(m.FoundResource, m.Found), s.origin(m.ExpectedResource, m.Expected)
		}
		return mismatchError(CodeInstantiate, m)
	}
	for _, r := range c.ExportedResources {
		fresh := &types.Resource{Name: r.Name, Home: r.Home}
		sub.Bind(r, fresh)
	}
	return s.addInstance(&types.Instance{Exports: sub.Items(c.Exports)})
}

// origin appends to the text of a type where the component got the resource from.
func (s *scope) origin(r *types.Resource, text string) string {
	for i := range s.imports.list {
		if b, ok := s.imports.list[i].Type.(*types.Bound); ok && types.Unname(b.Type) == types.Type(r) {
			return fmt.Sprintf("%s, the import `%s`", text, s.imports.list[i].Name)
		}
	}
	for i, t := range s.Instances {
		if t == nil { // it failed
			continue
		}
		for _, item := range t.Exports.All() {
			if b, ok := item.Type.(*types.Bound); ok && types.Unname(b.Type) == types.Type(r) {
				return fmt.Sprintf("%s, the export `%s` of instance %d", text, item.Name, i)
			}
		}
	}
	if s.local[r] {
		return text + ", which this component defines"
	}
	return text
}

func (s *scope) addInstance(t *types.Instance) error {
	if err := s.v.checkSize(t); err != nil {
		return err
	}
	s.Instances = append(s.Instances, t)
	return nil
}

func (s *scope) inlineExports(e *encoding.InlineExports) error {
	ns := newNamespace("export")
	for _, x := range e.Exports {
		t, err := s.item(x.Item)
		if err != nil {
			return err
		}
		parsed, err := ns.claim(s, x.Name)
		if err != nil {
			return err
		}
		if err := s.attributes(x.Name, parsed, t); err != nil {
			return err
		}
		// No resource has a name here: the list adds no indices that functions could refer to.
		if err := s.checkAnnotation(ns, parsed, t); err != nil {
			return err
		}
		ns.add(x.Name, t)
	}
	return s.addInstance(&types.Instance{Exports: ns.items()})
}

func (s *scope) start(d *encoding.Start) error {
	s.v.need(feature.Values, "a start function")
	if s.started {
		return errorf(CodeValue, "component cannot have more than one start function")
	}
	s.started = true
	f, err := s.funcAt(d.Func)
	if err != nil {
		return err
	}
	if len(f.Params) != len(d.Args) {
		return errorf(CodeMismatch, "component start function requires %d arguments but was given %d", len(f.Params), len(d.Args))
	}
	for i, a := range d.Args {
		v, err := s.consume(uint32(a))
		if err != nil {
			return err
		}
		if m := types.Diff(v, f.Params[i].Type); m != nil {
			m.Path = append([]string{fmt.Sprintf("type mismatch for component start function argument %d", i)}, m.Path...)
			return mismatchError(CodeMismatch, m)
		}
	}
	results := 0
	if f.Result != nil {
		results = 1
		s.Values = append(s.Values, f.Result)
	}
	if int(d.Results) != results {
		return errorf(CodeMismatch, "start names %d results, but its function has %d",
			d.Results, results)
	}
	return nil
}

func (s *scope) value(d *encoding.Value) error {
	s.v.need(feature.Values, "a value definition")
	t, err := s.valType(d.Type)
	if err != nil {
		return err
	}
	s.Values = append(s.Values, t)
	return nil
}
