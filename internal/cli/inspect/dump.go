package inspect

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/leb128"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/internal/cli"
)

type dumpOptions struct {
	std    *cli.IO
	input  string
	output cli.Output
	all    bool
}

func newDump(std *cli.IO, runF func(context.Context, *dumpOptions) error) *cobra.Command {
	o := &dumpOptions{std: std}
	cmd := &cobra.Command{
		Use:   "dump FILE",
		Short: "Show every byte of a binary with its meaning",
		Long: `Lists the bytes of a component or core module in file order, with their offsets and
meanings: section headers, and definitions and instructions as text. Nested parts are
indented.

The file need not be valid. Bytes that cannot be decoded are shown without a meaning, and
the errors are reported at the end.`,
		Args: cli.Args,
		Example: `
# Show the bytes of a module
$ inspect dump module.wasm

# Show all bytes, including those of data and custom sections
$ inspect dump --all greeter.wasm -o greeter.txt
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.input = args[0]
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runDump(o)
		},
	}
	o.output.Register(cmd, false)
	cmd.Flags().BoolVar(&o.all, "all", false, "show all bytes, even if many have the same meaning")
	cli.DocumentExit(cmd, "1", "some of the file cannot be read; the errors are on standard error")
	return cmd
}

func runDump(o *dumpOptions) error {
	f, err := o.std.ReadBinary(o.input)
	if err != nil {
		return err
	}
	d := &dumper{file: f}
	if err := d.part(encoding.Span{End: len(f.Data)}, 0); err != nil {
		d.wrong.AddError(err)
	}
	d.text()
	width := cli.FileColumns
	if o.output.Path == "" || o.output.Path == "-" {
		width = o.std.OutColumns()
	}
	if err := o.std.Write(o.output, d.lines(width, o.all)); err != nil {
		return err
	}
	d.wrong.Sort()
	return d.wrong.Err()
}

// A meaning describes the bytes from its offset to the next meaning.
type meaning struct {
	offset int
	text   string
}

// A dumper collects meanings: those of section headers from the tree of sections, and those of
// definitions and instructions from the printer.
type dumper struct {
	file     *diag.File
	meanings []meaning
	customs  []encoding.Span // spans for which the printer's text is ignored
	wrong    diag.List
}

func (d *dumper) add(offset, depth int, format string, args ...any) {
	d.meanings = append(d.meanings, meaning{offset, strings.Repeat("  ", depth) + fmt.Sprintf(format, args...)})
}

// part collects the headers in a component or core module.
func (d *dumper) part(at encoding.Span, depth int) error {
	data := d.file.Data[at.Start:at.End]
	what := "component"
	if encoding.IsCoreModule(data) {
		what = "core module"
	}
	end := at.Start
	if len(data) >= 8 {
		end += 8
		d.add(at.Start, depth, "%s, version %d", what, data[4])
	}
	for s, err := range encoding.Sections(d.file, at) {
		if err != nil {
			d.add(end, depth, "cannot be read")
			return err
		}
		end = s.End
		kind := s.Kind
		if !strings.HasSuffix(kind, "section") {
			kind += " section"
		}
		d.add(s.Start, depth, "%s, %s", kind, count(s.Contents.End-s.Contents.Start, "byte"))
		switch {
		case s.IsCustom():
			d.custom(&s, depth+1)
		case s.IsNested():
			if err := d.part(s.Contents, depth+1); err != nil {
				return err
			}
		case what == "core module":
			d.coreSection(&s, at, depth+1)
		case s.Kind != "start":
			d.count(&s, depth+1, "definition")
		}
	}
	return nil
}

// count adds the meaning of the number of items at the start of a section, and returns the offset
// after it.
func (d *dumper) count(s *encoding.Section, depth int, noun string) int {
	n, size, err := leb128.Uint32(d.file.Data[s.Contents.Start:s.Contents.End])
	if err != nil {
		return s.Contents.End
	}
	d.add(s.Contents.Start, depth, "%s", count(int(n), noun))
	return s.Contents.Start + size
}

// coreSection adds the meanings in a section of a core module that the printer does not show: the
// number of items, the types of functions, and the sizes of bodies.
func (d *dumper) coreSection(s *encoding.Section, in encoding.Span, depth int) {
	switch core.SectionID(s.ID) {
	case core.SectionStart:
		return
	case core.SectionDataCount:
		d.count(s, depth, "data segment")
		return
	}
	nouns := map[core.SectionID]string{core.SectionFunction: "function", core.SectionCode: "body", core.SectionElement: "segment", core.SectionData: "segment"}
	noun := nouns[core.SectionID(s.ID)]
	if noun == "" {
		noun = s.Kind
	}
	at := d.count(s, depth, noun)
	switch core.SectionID(s.ID) {
	case core.SectionFunction, core.SectionCode:
	default:
		return
	}
	m, err := core.Decode(d.file.Data[in.Start:in.End])
	if err != nil {
		return
	}
	index := m.NumImports(core.ExternFunc)
	for ; at < s.Contents.End; index++ {
		v, size, err := leb128.Uint32(d.file.Data[at:s.Contents.End])
		if err != nil {
			return
		}
		if core.SectionID(s.ID) == core.SectionFunction {
			d.add(at, depth, "function %d has type %d", index, v)
			at += size
			continue
		}
		d.add(at, depth, "body of function %d, %s", index, count(int(v), "byte"))
		if uint64(v) > uint64(s.Contents.End-at-size) {
			return
		}
		at += size + int(v)
	}
}

// nameSections are the custom sections whose contents are subsections.
var nameSections = map[string][]string{
	"name":           {"module", "function", "local", "label", "type", "table", "memory", "global", "element", "data", "field", "tag"},
	"component-name": {"component", "sort"},
}

// custom adds the meanings of the name of a custom section and of its subsections.
func (d *dumper) custom(s *encoding.Section, depth int) {
	d.customs = append(d.customs, s.Span)
	at := s.Contents.End - len(s.Payload)
	d.add(s.Contents.Start, depth, "name %s", strconv.Quote(s.Name))
	words := nameSections[s.Name]
	if words == nil {
		if len(s.Payload) > 0 {
			d.add(at, depth, "contents: %s", strconv.Quote(string(s.Payload[:min(len(s.Payload), maxType)])))
		}
		return
	}
	for at < s.Contents.End {
		size, n, err := leb128.Uint32(d.file.Data[at+1 : s.Contents.End])
		if err != nil || int(d.file.Data[at]) >= len(words) || uint64(size) > uint64(s.Contents.End-at-1-n) {
			d.add(at, depth, "unreadable")
			return
		}
		d.add(at, depth, "%s names, %s", words[d.file.Data[at]], count(int(size), "byte"))
		at += 1 + n
		if size > 0 {
			d.add(at, depth, "names: %s", strconv.Quote(string(d.file.Data[at:min(at+int(size), at+maxType)])))
		}
		at += int(size)
	}
}

// text adds the meanings of definitions and instructions, from the printer.
func (d *dumper) text() {
	text, err := wat.PrintBinary(nil, d.file, wat.PrintOptions{Offsets: true})
	if err != nil && len(d.wrong) == 0 {
		d.wrong.AddError(err)
	}
	heads := map[int]int{} // maps offsets to the index of their meaning
	for i, m := range d.meanings {
		heads[m.offset] = i
	}
	last := -1 // the meaning that lines without an offset belong to
	for line := range bytes.Lines(text) {
		s := strings.TrimRight(string(line), "\n")
		rest, ok := strings.CutPrefix(s, "(;@")
		if !ok {
			if last >= 0 {
				d.meanings[last].text += " " + strings.TrimSpace(s)
			}
			continue
		}
		hex, s, _ := strings.Cut(rest, ";)")
		at, err := strconv.ParseInt(strings.TrimSpace(hex), 16, 64)
		if err != nil {
			continue
		}
		offset := int(at)
		if d.inCustom(offset) {
			last = -1
			continue
		}
		words := strings.TrimSpace(s)
		if i, ok := heads[offset]; ok {
			if words != ")" {
				d.meanings[i].text += ": " + words
			}
			last = -1
			continue
		}
		if words == ")" {
			s = strings.Replace(s, ")", "end", 1)
		}
		if last >= 0 && d.meanings[last].offset == offset {
			d.meanings[last].text += " " + words
			continue
		}
		last = len(d.meanings)
		d.meanings = append(d.meanings, meaning{offset, s})
	}
	slices.SortStableFunc(d.meanings, func(a, b meaning) int { return a.offset - b.offset })
}

// inCustom reports whether an offset is in a custom section.
func (d *dumper) inCustom(offset int) bool {
	i, found := slices.BinarySearchFunc(d.customs, offset, func(c encoding.Span, at int) int { return c.Start - at })
	return found || i > 0 && offset < d.customs[i-1].End
}

// bytesPerLine is the number of bytes on a line of a dump. maxLines limits the lines for bytes with
// the same meaning, unless all are wanted.
const (
	bytesPerLine = 8
	maxLines     = 4
)

// lines returns the dump.
func (d *dumper) lines(width int, all bool) []byte {
	data := d.file.Data
	digits := len(fmt.Sprintf("%#x", len(data)))
	var b bytes.Buffer
	room := max(width-digits-bytesPerLine*3-5, leastName)
	for i, m := range d.meanings {
		end := len(data)
		if i+1 < len(d.meanings) {
			end = d.meanings[i+1].offset
		}
		if end <= m.offset {
			continue // the end of a part, which has no bytes
		}
		text := clip(m.text, room)
		for line, at := 0, m.offset; at < end; line++ {
			if left := end - at; line == maxLines && left > bytesPerLine && !all {
				fmt.Fprintf(&b, "%*s | … %s\n", digits, "", count(left, "more byte"))
				break
			}
			row := data[at:min(at+bytesPerLine, end)]
			s := fmt.Sprintf("%*s | %-*s | %s", digits, fmt.Sprintf("%#x", at), bytesPerLine*3-1, fmt.Sprintf("% x", row), text)
			b.WriteString(strings.TrimRight(strings.TrimRight(s, " "), "|"))
			b.Truncate(len(bytes.TrimRight(b.Bytes(), " ")))
			b.WriteString("\n")
			at += len(row)
			text = ""
		}
	}
	return b.Bytes()
}
