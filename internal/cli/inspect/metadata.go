package inspect

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/internal/cli"
)

// fields are the facts about a package that binaries hold in custom sections of these names, each as plain text. Registries show them.
var fields = []struct {
	name, usage, clear string
	check              func(string) error
}{
	{"authors", "say who made it: `TEXT`", "remove the authors", nil},
	{"description", "say what it is for: `TEXT`", "remove the description", nil},
	{"licenses", "give its licenses as an `SPDX` expression", "remove the licenses", checkLicenses},
	{"source", "say where its source code is: `URL`", "remove the source", checkURL},
	{"homepage", "say where to read more about it: `URL`", "remove the homepage", checkURL},
	{"revision", "give the revision `ID` of its source code", "remove the revision", nil},
	{"version", "give its own `VERSION`", "remove the version", nil},
}

// A MetadataReport is what `inspect metadata show` finds out; with --format json it is written as one object. Its shape is as stable as
// that of a [Report].
type MetadataReport struct {
	File     string   `json:"file"`
	Size     int      `json:"size"`
	Contents Metadata `json:"contents"`
}

// Metadata is what a component or core module says about itself.
type Metadata struct {
	// Item is what the part around it calls it, "core module 2", and "" for the file itself.
	Item string `json:"item"`
	// Kind is "component" or "module".
	Kind string `json:"kind"`
	// Name is what its own name section calls it, or else that of the component around it.
	Name   string `json:"name,omitempty"`
	Offset int    `json:"offset"`
	Size   int    `json:"size"`
	// Names is the number of definitions (in a core module: of functions) that have a name.
	Names int `json:"names"`
	// Producers is what its first producers section says.
	Producers []Producer `json:"producers"`
	// Fields are the custom sections with plain text that are known: authors, description, licenses, source, homepage, revision
	// and version. Those that are not there are left out.
	Fields []Field `json:"fields"`
	// Parts are the components and core modules nested directly in it.
	Parts []Metadata `json:"parts"`

	path string
}

// A Field is a custom section with plain text.
type Field struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

func newMetadata(std *cli.IO, runF func(context.Context, *showOptions) error) *cobra.Command {
	o := &showOptions{reportOptions: reportOptions{std: std}}
	cmd := &cobra.Command{
		Use:   "metadata [FILE]",
		Short: "Show or add what a binary says about itself",
		Long: `Shows or adds what a binary says about itself: its name, the tools that made it, and
facts for registries. With a file and no command it shows them.`,
		Args: cli.FileArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			o.input = args[0]
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return notFile(cmd, o.input, runShow(o))
		},
		ValidArgsFunction: completeFile,
	}
	o.register(cmd)
	cli.AddJSON(cmd, &o.format, "")
	cmd.AddCommand(newMetadataShow(std, nil), newMetadataAdd(std, nil))
	return cmd
}

type showOptions struct {
	reportOptions
}

func newMetadataShow(std *cli.IO, runF func(context.Context, *showOptions) error) *cobra.Command {
	o := &showOptions{reportOptions: reportOptions{std: std}}
	cmd := &cobra.Command{
		Use:   "show FILE",
		Short: "Show what a binary says about itself",
		Long: `Shows the name, the producers (languages, tools, SDKs) and facts such as authors and
licenses of a component or core module, and of each one nested in it.`,
		Args: cli.Args,
		Example: `
# Who made this?
$ inspect metadata show service.wasm

# The same for scripts
$ inspect metadata show --format json service.wasm -o metadata.json
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.input = args[0]
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runShow(o)
		},
	}
	o.register(cmd)
	cli.AddJSON(cmd, &o.format, "")
	return cmd
}

func runShow(o *showOptions) error {
	return o.run(func(file string, tree *node) renderer {
		return &MetadataReport{File: file, Size: tree.size(), Contents: metadataOf(tree)}
	})
}

func metadataOf(n *node) Metadata {
	m := Metadata{
		Item: n.item, Kind: n.kind, Name: n.name, Offset: n.span.Start, Size: n.size(), Names: n.names,
		Producers: []Producer{}, Fields: []Field{}, Parts: []Metadata{}, path: n.where(),
	}
	if payload, ok := n.custom(core.ProducersName); ok {
		// A section for people only: what cannot be read is left out.
		p, _ := core.DecodeProducers(payload)
		m.Producers = producers(p)
	}
	for _, field := range fields {
		if payload, ok := n.custom(field.name); ok {
			m.Fields = append(m.Fields, Field{field.name, string(payload)})
		}
	}
	for _, p := range n.nested() {
		m.Parts = append(m.Parts, metadataOf(p))
	}
	return m
}

// custom returns the payload of the first custom section with a name.
func (n *node) custom(name string) ([]byte, bool) {
	for i := range n.sections {
		if s := &n.sections[i]; s.IsCustom() && s.Name == name {
			return s.Payload, true
		}
	}
	return nil, false
}

func (r *MetadataReport) render(s *screen) {
	s.headline(r.File, r.Contents.Kind, r.Size)
	r.Contents.render(s)
	silent := r.Contents.silent()
	switch n := len(silent); {
	case n == 1 && silent[0].path == "":
		s.line(2, "says nothing about itself")
	case n == 1:
		s.b.WriteString("\n")
		s.line(0, "%s says nothing about itself", silent[0].path)
	case n > 1:
		s.b.WriteString("\n")
		s.line(0, "%s say nothing about themselves", count(n, "part"))
	}
}

// silent returns the file and the parts in it that say nothing about themselves.
func (m *Metadata) silent() []*Metadata {
	var list []*Metadata
	if len(m.rows()) == 0 {
		list = append(list, m)
	}
	for i := range m.Parts {
		list = append(list, m.Parts[i].silent()...)
	}
	return list
}

func (m *Metadata) render(s *screen) {
	if rows := m.rows(); len(rows) > 0 {
		if m.path != "" {
			s.heading("%s", m.path)
		}
		s.pairs(rows)
	}
	for i := range m.Parts {
		m.Parts[i].render(s)
	}
}

// rows returns what a component or core module says about itself.
func (m *Metadata) rows() [][]string {
	var rows [][]string
	if m.Name != "" {
		rows = append(rows, []string{"name", clip(m.Name, maxType)})
	}
	for _, f := range m.Fields {
		rows = append(rows, []string{f.Name, clip(f.Text, maxFeatures)})
	}
	last := ""
	for _, p := range m.Producers {
		label := clip(p.Field, maxNames)
		if p.Field == last {
			label = ""
		}
		last = p.Field
		text := p.Name
		if p.Version != "" {
			text += " " + p.Version
		}
		rows = append(rows, []string{label, clip(text, maxType)})
	}
	if m.Names > 0 {
		noun := "definition"
		if m.Kind == "module" {
			noun = "function"
		}
		rows = append(rows, []string{"names", fmt.Sprintf("%s named", count(m.Names, noun))})
	}
	return rows
}
