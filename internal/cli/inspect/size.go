package inspect

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/internal/cli"
)

// A SizeReport is the report of `inspect size`. With --format json it is written as one object. Its
// shape is as stable as that of a [Report]. Shares are fractions of the size of the file.
type SizeReport struct {
	File string `json:"file"`
	// Kind is "component", or "module" for a core module.
	Kind string `json:"kind"`
	Size int    `json:"size"`
	// Parts are the file itself and all components and core modules in it, in file order. Their Own
	// sizes add up to Size.
	Parts []SizePart `json:"parts"`
	// Sections are the sections of all parts by kind, and custom sections by name, largest first.
	// Their sizes add up to Size.
	Sections []SizeSection `json:"sections"`
	// Functions are the function bodies of all core modules.
	Functions SizeFunctions `json:"functions"`
}

// A SizePart is a component or core module.
type SizePart struct {
	// Path is the path of the part, as in "component 0 > core module 2", or "" for the file itself.
	Path   string  `json:"path"`
	Kind   string  `json:"kind"`
	Name   string  `json:"name,omitempty"`
	Offset int     `json:"offset"`
	Size   int     `json:"size"`
	Share  float64 `json:"share"`
	// Own is Size without the nested parts.
	Own int `json:"own"`

	label string
	row   treeRow
}

// A SizeSection is the size of all sections of one kind, including their ids and sizes.
type SizeSection struct {
	// In is the kind of part that has these sections, "component" or "module".
	In string `json:"in"`
	// Section is the name in the specification. "framing" stands for the preambles of parts, and for
	// the ids and sizes of the sections that hold nested parts.
	Section string `json:"section"`
	// Name is the name of custom sections.
	Name string `json:"name,omitempty"`
	// Count is the number of sections.
	Count int     `json:"count"`
	Size  int     `json:"size"`
	Share float64 `json:"share"`
}

// SizeFunctions is the total of all function bodies, and a list of the largest.
type SizeFunctions struct {
	Count int     `json:"count"`
	Size  int     `json:"size"`
	Share float64 `json:"share"`
	// Largest holds the largest functions, as many as --top asks for.
	Largest []SizeFunction `json:"largest"`
}

// A SizeFunction is the body of a function of a core module.
type SizeFunction struct {
	// Path is the path of the module.
	Path string `json:"path"`
	// Index is the index of the function, including imports. Name is its name in the name section.
	Index  int     `json:"index"`
	Name   string  `json:"name,omitempty"`
	Offset int     `json:"offset"`
	Size   int     `json:"size"`
	Share  float64 `json:"share"`

	module *node
}

type sizeOptions struct {
	reportOptions
	top int
}

// defaultTop is the default number of functions in the list.
const defaultTop = 20

func newSize(std *cli.IO, runF func(context.Context, *sizeOptions) error) *cobra.Command {
	o := &sizeOptions{reportOptions: reportOptions{std: std}}
	cmd := &cobra.Command{
		Use:   "size FILE",
		Short: "Show what makes a binary large",
		Long: `Shows where the bytes of a file go: by nested component and core module, by kind of
section, and by custom section. Lists the largest functions, with their names from name
sections.

The sizes in the table of parts add up to the size of the file, and so do those of sections.`,
		Args: cli.Args,
		Example: `
# Show what makes a module large
$ inspect size module.wasm

# Show the largest function of a component
$ inspect size --top 1 words.wasm

# Write the sizes of all functions as JSON, for scripts
$ inspect size --top 0 --format json words.wasm -o size.json
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.input = args[0]
			if o.top < 0 {
				return cli.Usagef("--top must not be negative")
			}
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runSize(o)
		},
	}
	cmd.Flags().IntVar(&o.top, "top", defaultTop, "list the `N` largest functions, or all of them for 0")
	o.register(cmd)
	return cmd
}

func runSize(o *sizeOptions) error {
	return o.run(func(file string, tree *node) renderer {
		return newSizeReport(file, tree, o.top)
	})
}

func newSizeReport(file string, tree *node, top int) *SizeReport {
	r := &SizeReport{File: file, Kind: tree.kind, Size: tree.size(), Parts: []SizePart{}, Sections: []SizeSection{}}
	type key struct{ in, section, name string }
	kinds := map[key]*SizeSection{}
	add := func(in, section, name string, count, size int) {
		k := key{in, section, name}
		if kinds[k] == nil {
			kinds[k] = &SizeSection{In: in, Section: section, Name: name}
		}
		kinds[k].Count += count
		kinds[k].Size += size
	}
	var functions []SizeFunction
	var walk func(n *node, depth int)
	walk = func(n *node, depth int) {
		p := SizePart{
			Path: n.where(), Kind: n.kind, Name: n.name, Offset: n.span.Start, Size: n.size(), Share: share(n.size(), r.Size),
			Own: n.size(), label: n.label(max(depth-1, 0)),
			row: treeRow{depth: depth - 1, kind: n.kind, size: n.size(), named: n.name != "", leaf: len(n.parts) == 0},
		}
		i := len(r.Parts)
		r.Parts = append(r.Parts, p)
		framing := n.size()
		for k := range n.sections {
			s := &n.sections[k]
			if part := n.parts[s.Contents.Start]; part != nil && s.IsNested() {
				walk(part, depth+1)
				r.Parts[i].Own -= part.size()
				framing -= part.size()
				continue
			}
			section := s.Kind
			if s.IsCustom() {
				section = "custom"
			}
			add(n.kind, section, s.Name, 1, s.End-s.Start)
			framing -= s.End - s.Start
		}
		section := "framing"
		if n.err != nil {
			section = "unreadable"
		}
		add(n.kind, section, "", 1, framing)
		functions = append(functions, bodies(n)...)
	}
	walk(tree, 0)
	for _, s := range kinds {
		s.Share = share(s.Size, r.Size)
		r.Sections = append(r.Sections, *s)
	}
	slices.SortFunc(r.Sections, func(a, b SizeSection) int {
		return cmp.Or(cmp.Compare(b.Size, a.Size), cmp.Compare(a.In, b.In), cmp.Compare(a.Section, b.Section), cmp.Compare(a.Name, b.Name))
	})
	r.Functions = largest(functions, top, r.Size)
	return r
}

// bodies returns the function bodies of a core module, without names. The list ends at a body that
// does not fit its section.
func bodies(n *node) []SizeFunction {
	if n.module == nil {
		return nil
	}
	var list []SizeFunction
	index := n.module.NumImports(core.ExternFunc)
	for b, err := range n.module.Bodies() {
		if err != nil {
			break
		}
		list = append(list, SizeFunction{Index: index, Offset: n.span.Start + b.Start, Size: b.End - b.Start, module: n})
		index++
	}
	return list
}

func largest(list []SizeFunction, top, whole int) SizeFunctions {
	all := SizeFunctions{Count: len(list), Largest: []SizeFunction{}}
	for _, f := range list {
		all.Size += f.Size
	}
	all.Share = share(all.Size, whole)
	slices.SortFunc(list, func(a, b SizeFunction) int {
		return cmp.Or(cmp.Compare(b.Size, a.Size), cmp.Compare(a.Offset, b.Offset))
	})
	if top > 0 && len(list) > top {
		list = list[:top]
	}
	names := map[*node]map[int]string{}
	for _, f := range list {
		if names[f.module] == nil {
			names[f.module] = map[int]string{}
			for _, x := range f.module.module.Names().Funcs {
				names[f.module][int(x.Index)] = x.Name
			}
		}
		f.Path, f.Name, f.Share = f.module.where(), names[f.module][f.Index], share(f.Size, whole)
		all.Largest = append(all.Largest, f)
	}
	return all
}

func (r *SizeReport) render(s *screen) {
	s.headline(r.File, r.Kind, r.Size)
	if len(r.Parts) > 1 {
		s.heading("Parts")
		var rows []treeRow
		for _, p := range r.Parts[1:] {
			p.row.cells = []string{p.label, number(p.Size), percent(p.Share)}
			if p.Own != p.Size {
				p.row.cells = append(p.row.cells, number(p.Own)+" of its own")
			}
			rows = append(rows, p.row)
		}
		own := r.Parts[0].Own
		s.table(append(fold(rows, r.Size), []string{"all else", number(own), percent(share(own, r.Size))}), 1, 2)
	}
	s.heading("Sections")
	var rows [][]string
	for _, x := range r.Sections {
		label := x.Section
		if x.Name != "" {
			label += " " + clip(x.Name, maxNames)
		}
		in := "core modules"
		if x.In == "component" {
			in = "components"
		}
		if len(r.Parts) == 1 {
			in = ""
		}
		rows = append(rows, []string{label, number(x.Size), percent(x.Share), in})
	}
	s.table(rows, 1, 2)
	r.functions(s)
}

func (r *SizeReport) functions(s *screen) {
	all := &r.Functions
	if all.Count == 0 {
		return
	}
	what := fmt.Sprintf("%s, %s, %s of the file", count(all.Count, "function"), count(all.Size, "byte"), percent(all.Share))
	if len(all.Largest) < all.Count {
		what = fmt.Sprintf("the %s largest of %s", number(len(all.Largest)), what)
	}
	s.heading("Functions (%s)", what)
	var rows [][]string
	for _, f := range all.Largest {
		text := fmt.Sprintf("func %d", f.Index)
		if f.Name != "" {
			text += " " + clip(f.Name, maxType)
		}
		rows = append(rows, []string{text, number(f.Size), percent(f.Share), f.Path})
	}
	s.rows(grid{rows: rows, right: []int{1, 2}})
}
