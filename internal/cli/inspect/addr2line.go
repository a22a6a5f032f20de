package inspect

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/model/demangle"
)

type addr2lineOptions struct {
	std          *cli.IO
	input        string
	addrs        []uint64
	codeRelative bool
	output       cli.Output
	format       string
}

func newAddr2line(std *cli.IO, runF func(context.Context, *addr2lineOptions) error) *cobra.Command {
	o := &addr2lineOptions{std: std}
	cmd := &cobra.Command{
		Use:   "addr2line FILE ADDR...",
		Short: "Find the source lines of offsets in a binary",
		Long: `Prints the function and the source line for each offset in a core module or component,
according to the debugging information (DWARF) that compilers write with -g. If functions
are inlined, also prints the places where they were inlined.

ADDR is an offset in the file, in hexadecimal with or without 0x, as shown by backtraces,
by inspect print --print-offsets and by inspect dump.`,
		Args: cli.Args,
		Example: `
# Find the line of an instruction
$ inspect parse -g module.wat -o module.wasm
$ inspect addr2line module.wasm 0xc1
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.input, o.addrs = args[0], nil
			for _, text := range args[1:] {
				n, err := strconv.ParseUint(strings.TrimPrefix(strings.ToLower(text), "0x"), 16, 64)
				if err != nil {
					return cli.Usagef("`%s` is not an offset: write it in hexadecimal, as in 0x1b2", text)
				}
				o.addrs = append(o.addrs, n)
			}
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runAddr2line(o)
		},
	}
	o.output.Register(cmd, false)
	cmd.Flags().BoolVar(&o.codeRelative, "code-section-relative", false,
		"count offsets from the start of the code section, as DWARF does; only one module may have debugging information")
	cli.AddFormat(cmd, &o.format, "text", "json")
	cli.DocumentExit(cmd, "1", "the file cannot be read or has no debugging information; the error is on standard error")
	return cmd
}

// An addressRecord is the result for an offset. With --format json there is one for each offset.
type addressRecord struct {
	Offset uint64 `json:"offset"`
	// Path is the path of the core module.
	Path string `json:"path,omitempty"`
	// Frames are the functions that contain the offset, inlined ones first. The list is empty if
	// the offset is not in code, or has no debugging information.
	Frames []codeFrame `json:"frames"`
}

type addressReport struct {
	File      string          `json:"file"`
	Addresses []addressRecord `json:"addresses"`
}

func runAddr2line(o *addr2lineOptions) error {
	f, err := o.std.ReadBinary(o.input)
	if err != nil {
		return err
	}
	tree, err := newTree(f)
	if err != nil {
		return err
	}
	r := &addressReport{File: f.Name, Addresses: []addressRecord{}}
	debug := map[*node]*debugInfo{}
	var modules []*node
	if err := tree.walk(func(n *node) error {
		d, err := readDwarf(n)
		if errors.Is(err, errNoDwarf) || n.kind != "module" {
			return nil
		}
		if err != nil {
			return badDwarf(f, n, err)
		}
		debug[n] = d
		modules = append(modules, n)
		return nil
	}); err != nil {
		return err
	}
	if len(modules) == 0 {
		return diag.Errorf(diag.Span{}, CodeNoDwarf, "`%s` has no debugging information", f.Name).
			Helpf("compile it with -g and do not strip it, or assemble text with `inspect parse -g`")
	}
	if o.codeRelative && len(modules) > 1 {
		return cli.Usagef("--code-section-relative needs a file in which one module has debugging information, but `%s` has %d", f.Name, len(modules))
	}
	for _, addr := range o.addrs {
		x := addressRecord{Offset: addr, Frames: []codeFrame{}}
		for _, n := range modules {
			d := debug[n]
			pc := addr
			if !o.codeRelative {
				if addr < uint64(d.code.Start) || addr >= uint64(d.code.End) {
					continue
				}
				pc = addr - uint64(d.code.Start)
			}
			frames, err := d.lookUp(pc)
			if err != nil {
				return badDwarf(f, n, err)
			}
			x.Path = n.where()
			x.Frames = append(x.Frames, frames...)
			for i := range x.Frames {
				x.Frames[i].Function, _ = demangle.Name(x.Frames[i].Function)
			}
			if name := nameAt(n, d, pc); len(x.Frames) > 0 && x.Frames[len(x.Frames)-1].Function == "" {
				x.Frames[len(x.Frames)-1].Function, _ = demangle.Name(name)
			}
			break
		}
		r.Addresses = append(r.Addresses, x)
	}
	out, err := encodeReport(o.std, o.output, o.format, r, r.render)
	if err != nil {
		return err
	}
	return o.std.Write(o.output, out)
}

// badDwarf returns the diagnostic for a module with unreadable debugging information.
func badDwarf(f *diag.File, n *node, err error) error {
	d := diag.Errorf(f.Span(n.span.Start, n.span.Start), CodeNoDwarf, "the debugging information cannot be read: %v", err)
	d.ItemPath = n.path
	return d
}

// nameAt returns the name of the function at an address from the name section, or else its index as
// text. It returns "" if there is no function.
func nameAt(n *node, d *debugInfo, pc uint64) string {
	at := uint64(d.code.Start) - uint64(n.span.Start) + pc
	index := n.module.NumImports(core.ExternFunc)
	for b, err := range n.module.Bodies() {
		if err != nil {
			break
		}
		if uint64(b.Start) <= at && at < uint64(b.End) {
			for _, x := range n.module.Names().Funcs {
				if int(x.Index) == index {
					return x.Name
				}
			}
			return fmt.Sprintf("func %d", index)
		}
		index++
	}
	return ""
}

func (r *addressReport) render(s *screen) {
	for _, x := range r.Addresses {
		label := fmt.Sprintf("%#x: ", x.Offset)
		if len(x.Frames) == 0 {
			s.b.WriteString(label + "unknown\n")
		}
		for i, f := range x.Frames {
			text := "?"
			if f.Function != "" {
				text = clean(f.Function)
			}
			if f.File != "" {
				text += " at " + clean(f.File)
				if f.Line > 0 {
					text += ":" + strconv.Itoa(f.Line)
				}
				if f.Line > 0 && f.Column > 0 {
					text += ":" + strconv.Itoa(f.Column)
				}
			}
			if i > 0 {
				label = strings.Repeat(" ", len(label)-1) + " inlined into "
				if i > 1 {
					label = strings.Repeat(" ", len(fmt.Sprintf("%#x: ", x.Offset))) + "inlined into "
				}
			}
			s.b.WriteString(label + text + "\n")
		}
	}
}
