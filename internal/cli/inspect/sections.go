package inspect

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/internal/cli"
)

// A SectionsReport is the report of `inspect sections`. With --format json it is written as one
// object. Its shape is as stable as that of a [Report].
type SectionsReport struct {
	File string `json:"file"`
	// Kind is "component", or "module" for a core module.
	Kind     string         `json:"kind"`
	Size     int            `json:"size"`
	Sections []SectionEntry `json:"sections"`
}

// A SectionEntry is a section. Offset and Size are those of its contents. Header is the length of
// the section's id and size, which precede the contents.
type SectionEntry struct {
	// Section is the name in the specification: "core module", "alias", "custom section".
	Section string  `json:"section"`
	ID      int     `json:"id"`
	Offset  int     `json:"offset"`
	Size    int     `json:"size"`
	Header  int     `json:"header"`
	Share   float64 `json:"share"`
	// Count is the number of definitions in the section.
	Count uint32 `json:"count"`
	// Item is the name of a nested part in paths, as in "core module 2".
	Item string `json:"item,omitempty"`
	// Name is the name of a custom section, or of a nested part.
	Name string `json:"name,omitempty"`
	// Sections are the sections of a nested part.
	Sections []SectionEntry `json:"sections,omitempty"`
}

type sectionsOptions struct {
	reportOptions
}

func newSections(std *cli.IO, runF func(context.Context, *sectionsOptions) error) *cobra.Command {
	o := &sectionsOptions{reportOptions: reportOptions{std: std}}
	cmd := &cobra.Command{
		Use:     "sections FILE",
		Aliases: []string{"objdump"},
		Short:   "List the sections of a binary",
		Long: `Lists every section in file order, with the byte range of its contents and the number of
its definitions. The sections of nested components and core modules are listed below them.

The contents of sections are not read, and the file need not be valid.`,
		Args: cli.Args,
		Example: `
# List the sections of a component
$ inspect sections service.wasm

# Write the list as JSON, for scripts
$ inspect sections --format json service.wasm -o sections.json
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.input = args[0]
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runSections(o)
		},
	}
	o.register(cmd)
	return cmd
}

func runSections(o *sectionsOptions) error {
	return o.run(func(file string, tree *node) renderer {
		return &SectionsReport{File: file, Kind: tree.kind, Size: tree.size(), Sections: sectionEntries(tree, tree.size())}
	})
}

func sectionEntries(n *node, whole int) []SectionEntry {
	list := []SectionEntry{}
	for i := range n.sections {
		s := &n.sections[i]
		e := SectionEntry{
			Section: s.Kind, ID: int(s.ID), Offset: s.Contents.Start, Size: s.Contents.End - s.Contents.Start,
			Header: s.Contents.Start - s.Start, Count: s.Count, Name: s.Name,
		}
		e.Share = share(e.Size, whole)
		if p := n.parts[s.Contents.Start]; p != nil && s.IsNested() {
			e.Item, e.Name = p.item, p.name
			e.Sections = sectionEntries(p, whole)
		}
		list = append(list, e)
	}
	return list
}

func (r *SectionsReport) render(s *screen) {
	s.headline(r.File, r.Kind, r.Size)
	s.b.WriteString("\n")
	rows := [][]string{{"section", "from", "to", "size", "share", "count"}}
	width := len(fmt.Sprintf("%#x", r.Size)) - len("0x")
	var walk func(list []SectionEntry, depth int)
	walk = func(list []SectionEntry, depth int) {
		for _, e := range list {
			label := e.Section
			if e.Item != "" {
				label = e.Item
			}
			if e.Name != "" {
				label += " " + clip(e.Name, maxNames)
			}
			count := ""
			if e.Item == "" && e.Section != "custom section" {
				count = number(int(e.Count))
			}
			rows = append(rows, []string{
				strings.Repeat("  ", depth) + label,
				fmt.Sprintf("0x%0*x", width, e.Offset), fmt.Sprintf("0x%0*x", width, e.Offset+e.Size),
				number(e.Size), percent(e.Share), count,
			})
			walk(e.Sections, depth+1)
		}
	}
	walk(r.Sections, 0)
	s.rows(grid{rows: rows, right: []int{3, 4, 5}, rigid: []int{1, 2}, drop: []int{4, 5}})
}
