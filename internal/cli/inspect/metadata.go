package inspect

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/internal/cli"
)

// fields are the metadata fields for registries. Each is a custom section of that name with plain
// text.
var fields = []struct {
	name, usage, clear string
	check              func(string) error
}{
	{"authors", "set the authors: `TEXT`", "remove the authors", nil},
	{"description", "set the description: `TEXT`", "remove the description", nil},
	{"licenses", "set the licenses, as an `SPDX` expression", "remove the licenses", checkLicenses},
	{"source", "set the `URL` of the source code", "remove the source", checkURL},
	{"homepage", "set the `URL` of the homepage", "remove the homepage", checkURL},
	{"revision", "set the revision `ID` of the source code", "remove the revision", nil},
	{"version", "set the `VERSION` of the component or module", "remove the version", nil},
}

// A MetadataReport is the report of `inspect metadata show`. With --format json it is written as
// one object. Its shape is as stable as that of a [Report].
type MetadataReport struct {
	File     string   `json:"file"`
	Size     int      `json:"size"`
	Contents Metadata `json:"contents"`
}

// Metadata is the metadata of a component or core module.
type Metadata struct {
	// Item identifies the part in the enclosing part, as in "core module 2"; it is "" for the file
	// itself.
	Item string `json:"item"`
	// Kind is "component" or "module".
	Kind string `json:"kind"`
	// Name is the name from the part's own name section, or else from that of the enclosing
	// component.
	Name   string `json:"name,omitempty"`
	Offset int    `json:"offset"`
	Size   int    `json:"size"`
	// Names is the number of definitions, or in a core module of functions, that have a name.
	Names int `json:"names"`
	// Producers are the entries of the first producers section.
	Producers []Producer `json:"producers"`
	// Fields are the known custom sections with plain text that exist: authors, description,
	// licenses, source, homepage, revision and version.
	Fields []Field `json:"fields"`
	// Parts are the components and core modules nested directly in the part.
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
		Short: "Show or add metadata of a binary",
		Long: `Shows or adds metadata of a binary: its name, the tools that made it, and fields for
registries. With FILE and no command, shows the metadata.`,
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
		Short: "Show the metadata of a binary",
		Long: `Shows the name, the producers (languages, tools and SDKs) and fields such as authors and
licenses of a component or core module and of its nested parts.`,
		Args: cli.Args,
		Example: `
# Show who made a component
$ inspect metadata show service.wasm

# Write the metadata as JSON, for scripts
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
		// The section is only informative, so unreadable entries are left out.
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
	without := r.Contents.without()
	switch n := len(without); {
	case n == 1 && without[0].path == "":
		s.line(2, "no metadata")
	case n == 1:
		s.b.WriteString("\n")
		s.line(0, "%s has no metadata", without[0].path)
	case n > 1:
		s.b.WriteString("\n")
		s.line(0, "%s have no metadata", count(n, "part"))
	}
}

// without returns the parts without metadata, which may include the file itself.
func (m *Metadata) without() []*Metadata {
	var list []*Metadata
	if len(m.rows()) == 0 {
		list = append(list, m)
	}
	for i := range m.Parts {
		list = append(list, m.Parts[i].without()...)
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

// rows returns the metadata of a component or core module as rows of a table.
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
