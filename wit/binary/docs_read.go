package binary

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/mortise-wasm/mortise/model/name"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
)

// The following types describe the JSON that docs.go writes.
type (
	packageDocsJSON struct {
		Docs       *string                       `json:"docs"`
		Worlds     map[string]*worldDocsJSON     `json:"worlds"`
		Interfaces map[string]*interfaceDocsJSON `json:"interfaces"`
	}
	worldDocsJSON struct {
		Docs             *string                       `json:"docs"`
		Stability        stabilityJSON                 `json:"stability"`
		Interfaces       map[string]*interfaceDocsJSON `json:"interfaces"`
		Types            map[string]*typeDocsJSON      `json:"types"`
		Funcs            map[string]*funcDocsJSON      `json:"funcs"`
		InterfaceExports map[string]*interfaceDocsJSON `json:"interface_exports"`
		FuncExports      map[string]*funcDocsJSON      `json:"func_exports"`
		ImportStability  map[string]stabilityJSON      `json:"interface_import_stability"`
		ExportStability  map[string]stabilityJSON      `json:"interface_export_stability"`
		ImportDocs       map[string]string             `json:"interface_import_docs"`
		ExportDocs       map[string]string             `json:"interface_export_docs"`
	}
	interfaceDocsJSON struct {
		Docs      *string                  `json:"docs"`
		Stability stabilityJSON            `json:"stability"`
		Funcs     map[string]*funcDocsJSON `json:"funcs"`
		Types     map[string]*typeDocsJSON `json:"types"`
	}
	typeDocsJSON struct {
		Docs      *string           `json:"docs"`
		Stability stabilityJSON     `json:"stability"`
		Items     map[string]string `json:"items"`
	}
	funcDocsJSON struct {
		Docs      *string
		Stability stabilityJSON
	}
	stabilityJSON struct{ wit.Stability }
)

// unmarshal reads JSON strictly: it refuses unknown fields, because they may mean anything.
func unmarshal(data []byte, to any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("there is more than one value")
	}
	return nil
}

// UnmarshalJSON reads the description of a function: an object or, in the first version of the
// format, its documentation or null.
func (f *funcDocsJSON) UnmarshalJSON(data []byte) error {
	if bytes.HasPrefix(data, []byte(`"`)) || bytes.Equal(data, []byte("null")) {
		return json.Unmarshal(data, &f.Docs)
	}
	var o struct {
		Docs      *string       `json:"docs"`
		Stability stabilityJSON `json:"stability"`
	}
	err := unmarshal(data, &o)
	f.Docs, f.Stability = o.Docs, o.Stability
	return err
}

// UnmarshalJSON reads a gate: {"stable":{…}}, {"unstable":{…}} or "unknown".
func (s *stabilityJSON) UnmarshalJSON(data []byte) error {
	if bytes.Equal(data, []byte(`"unknown"`)) {
		return nil
	}
	var o struct {
		Stable, Unstable *struct{ Since, Feature, Deprecated string }
	}
	if err := unmarshal(data, &o); err != nil {
		return err
	}
	g := o.Stable
	if g == nil {
		g = o.Unstable
	}
	if g == nil || o.Stable != nil && o.Unstable != nil {
		return errors.New("a gate is either stable or unstable")
	}
	var err error
	if o.Stable != nil {
		s.Since, err = name.ParseVersion(g.Since)
	} else {
		s.Feature = g.Feature
	}
	if err == nil && g.Deprecated != "" {
		s.Deprecated, err = name.ParseVersion(g.Deprecated)
	}
	return err
}

// payload checks the version and returns the JSON.
func payload(data []byte) ([]byte, error) {
	if len(data) == 0 || data[0] > docsVersion {
		return nil, fmt.Errorf("expected version %d or an earlier one", docsVersion)
	}
	return data[1:], nil
}

// describer adds documentation and gates from JSON to a model. The described items must exist,
// unless lenient is set.
type describer struct{ lenient bool }

// readDocs reads a section package-docs into package p.
func readDocs(data []byte, p *wit.Package) error {
	text, err := payload(data)
	if err != nil {
		return err
	}
	var o packageDocsJSON
	if err := unmarshal(text, &o); err != nil {
		return err
	}
	return (&describer{}).pkg(&o, p)
}

// readDependencyDocs reads a section dependency-docs. It ignores packages and items that the model
// lacks, because a model has only those items of other packages that are used.
func readDependencyDocs(data []byte, m *wit.Model) error {
	text, err := payload(data)
	if err != nil {
		return err
	}
	var o map[string]*packageDocsJSON
	if err := unmarshal(text, &o); err != nil {
		return err
	}
	for _, p := range m.Packages {
		if docs := o[p.Name.String()]; docs != nil && p != m.Main {
			if err := (&describer{lenient: true}).pkg(docs, p); err != nil {
				return err
			}
		}
	}
	return nil
}

func setDocs(to *wit.Docs, text *string) {
	if text != nil {
		*to = wit.Docs{Text: *text, Given: true}
	}
}

func (d *describer) missing(what, label string) error {
	if d.lenient {
		return nil
	}
	return fmt.Errorf("missing %s %q", what, label)
}

func (d *describer) pkg(o *packageDocsJSON, p *wit.Package) error {
	setDocs(&p.Docs, o.Docs)
	for label, docs := range o.Worlds {
		w := p.World(label)
		if w == nil || docs == nil {
			if err := d.missing("world", label); err != nil {
				return err
			}
			continue
		}
		if err := d.world(docs, w); err != nil {
			return err
		}
	}
	for label, docs := range o.Interfaces {
		if err := d.iface(label, docs, p.Interface(label)); err != nil {
			return err
		}
	}
	return nil
}

func (d *describer) iface(label string, o *interfaceDocsJSON, i *wit.Interface) error {
	if i == nil || o == nil {
		return d.missing("interface", label)
	}
	setDocs(&i.Docs, o.Docs)
	i.Stability = o.Stability.Stability
	for label, docs := range o.Types {
		if err := d.typ(label, docs, i.Type(label)); err != nil {
			return err
		}
	}
	for label, docs := range o.Funcs {
		if err := d.function(label, docs, i.Func(label)); err != nil {
			return err
		}
	}
	return nil
}

func (d *describer) function(label string, o *funcDocsJSON, f *wit.Func) error {
	if f == nil {
		return d.missing("func", label)
	}
	if o != nil {
		setDocs(&f.Docs, o.Docs)
		f.Stability = o.Stability.Stability
	}
	return nil
}

func (d *describer) typ(label string, o *typeDocsJSON, t *wit.TypeDef) error {
	if t == nil || o == nil {
		return d.missing("type", label)
	}
	setDocs(&t.Docs, o.Docs)
	t.Stability = o.Stability.Stability
	of := t.Type
	if n, ok := of.(*types.Named); ok {
		of = n.Of
	}
	i, found := 0, 0
	for label := range types.Labels(of) {
		if text, ok := o.Items[label]; ok && i < len(t.Members) {
			t.Members[i].Docs = wit.Docs{Text: text, Given: true}
			found++
		}
		i++
	}
	if found < len(o.Items) {
		return d.missing("items of type", label)
	}
	return nil
}

func (d *describer) world(o *worldDocsJSON, w *wit.World) error {
	setDocs(&w.Docs, o.Docs)
	w.Stability = o.Stability.Stability
	either := func(label string) *wit.WorldItem {
		if i := w.Import(label); i != nil {
			return i
		}
		return w.Export(label)
	}
	if err := d.items(o.Interfaces, o.Funcs, either); err != nil {
		return err
	}
	if err := d.items(o.InterfaceExports, o.FuncExports, w.Export); err != nil {
		return err
	}
	for label, docs := range o.Types {
		i := w.Import(label)
		if i == nil {
			return d.missing("type", label)
		}
		if err := d.typ(label, docs, i.Type); err != nil {
			return err
		}
	}
	if err := d.statements(o.ImportStability, o.ImportDocs, w.Import); err != nil {
		return err
	}
	return d.statements(o.ExportStability, o.ExportDocs, w.Export)
}

// items describes the functions and the inline interfaces of a world.
func (d *describer) items(ifaces map[string]*interfaceDocsJSON, funcs map[string]*funcDocsJSON, find func(string) *wit.WorldItem) error {
	for label, docs := range ifaces {
		var in *wit.Interface
		i := find(label)
		if i != nil {
			in = i.Interface
		}
		if err := d.iface(label, docs, in); err != nil {
			return err
		}
		if in != nil && docs != nil {
			// An inline interface and the statement that contains it share one gate.
			i.Stability = in.Stability
		}
	}
	for label, docs := range funcs {
		var f *wit.Func
		if i := find(label); i != nil {
			f = i.Func
		}
		if err := d.function(label, docs, f); err != nil {
			return err
		}
	}
	return nil
}

// statements describes imports or exports of named interfaces.
func (d *describer) statements(gates map[string]stabilityJSON, docs map[string]string, find func(string) *wit.WorldItem) error {
	for label, g := range gates {
		i := find(label)
		if i == nil || i.Interface == nil {
			return d.missing("interface", label)
		}
		i.Stability = g.Stability
	}
	for label, text := range docs {
		i := find(label)
		if i == nil || i.Interface == nil {
			return d.missing("interface", label)
		}
		i.Docs = wit.Docs{Text: text, Given: true}
	}
	return nil
}
