package wat

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
)

// custom prints a custom section at an offset, whose payload begins at start. The contents of name
// and hint sections are already in the text. A few sections have their own syntax.
func (p *printer) custom(s *printScope, name string, payload []byte, offset, start int) {
	switch {
	case name == "name" && !s.isComponent, name == hintSection && !s.isComponent, name == encoding.NameSection && s.isComponent:
		return
	case name == core.ProducersName:
		prod, err := decodeProducers(payload, start)
		if err == nil {
			p.newline(offset)
			p.producers(prod, offset)
			return
		}
		p.customError(name, err, offset)
	case name == "dylink.0":
		d, err := decodeDylink(payload)
		if err == nil {
			p.newline(offset)
			p.dylink(d, offset)
			return
		}
		p.customError(name, err, offset)
	}
	p.newline(offset)
	p.open("@custom ")
	p.quoted(name)
	if s.place != "" {
		p.str(" (" + s.place + ")")
	}
	p.str(" ")
	if p.o.Skeleton {
		p.str("...")
	} else {
		p.bytes(payload)
	}
	p.close()
}

func (p *printer) customError(name string, err error, offset int) {
	for line := range strings.Lines(fmt.Sprintf("failed to parse custom section `%s`: %v", name, err)) {
		p.newline(offset)
		p.str(";; " + strings.TrimRight(line, "\n"))
	}
}

// producersFields are the fields that the text format supports.
var producersFields = []string{"language", "sdk", "processed-by"}

// decodeProducers is [core.DecodeProducers] for sections that can be printed. Its errors include
// the position.
func decodeProducers(payload []byte, start int) (*core.Producers, error) {
	prod, err := core.DecodeProducers(payload)
	var e *core.Error
	if errors.As(err, &e) {
		return nil, fmt.Errorf("%s (at offset %#x)", e.Message, start+e.Offset)
	}
	if err != nil {
		return nil, err
	}
	for _, f := range prod.Fields {
		if !slices.Contains(producersFields, f.Name) {
			return nil, fmt.Errorf("invalid producers field name: `%s`", f.Name)
		}
	}
	return prod, nil
}

func (p *printer) producers(prod *core.Producers, offset int) {
	p.open("@producers")
	for _, f := range prod.Fields {
		for _, v := range f.Values {
			p.newline(offset)
			p.open(f.Name)
			p.str(" ")
			p.quoted(v.Name)
			p.str(" ")
			p.quoted(v.Version)
			p.close()
		}
	}
	p.close()
}

// dylinkEntry is a line of a dylink.0 section.
type dylinkEntry struct {
	word  string
	nums  []uint32 // of mem-info
	names []string
	flags uint32
	sym   bool // whether the entry has flags
}

// decodeDylink decodes a dylink.0 section.
func decodeDylink(payload []byte) ([]dylinkEntry, error) {
	var out []dylinkEntry
	r := &payloadReader{payload, true}
	for len(r.b) > 0 && r.ok {
		id := r.b[0]
		r.b = r.b[1:]
		sub := &payloadReader{r.take(r.u32()), true}
		switch id {
		case dylinkMemInfo:
			out = append(out, dylinkEntry{word: "mem-info", nums: []uint32{sub.u32(), sub.u32(), sub.u32(), sub.u32()}})
		case dylinkNeeded, dylinkRuntimePath:
			e := dylinkEntry{word: "needed"}
			if id == dylinkRuntimePath {
				e.word = "runtime-path"
			}
			for n := sub.u32(); n > 0 && sub.ok; n-- {
				e.names = append(e.names, sub.str())
			}
			out = append(out, e)
		case dylinkExportInfo:
			for n := sub.u32(); n > 0 && sub.ok; n-- {
				out = append(out, dylinkEntry{word: "export-info", names: []string{sub.str()}, flags: sub.u32(), sym: true})
			}
		case dylinkImportInfo:
			for n := sub.u32(); n > 0 && sub.ok; n-- {
				out = append(out, dylinkEntry{word: "import-info", names: []string{sub.str(), sub.str()}, flags: sub.u32(), sym: true})
			}
		default:
			return nil, fmt.Errorf("unknown subsection %d", id)
		}
		if !sub.ok || len(sub.b) > 0 {
			return nil, fmt.Errorf("subsection %d does not have the declared size", id)
		}
	}
	if !r.ok {
		return nil, fmt.Errorf("unexpected end of the section")
	}
	return out, nil
}

func (p *printer) dylink(list []dylinkEntry, offset int) {
	p.open("@dylink.0")
	for _, e := range list {
		p.newline(offset)
		p.open(e.word)
		for i, word := range []string{"memory", "table"} {
			if len(e.nums) == 4 && (e.nums[2*i] > 0 || e.nums[2*i+1] > 0) {
				p.printf(" (%s %d %d)", word, e.nums[2*i], e.nums[2*i+1])
			}
		}
		for _, n := range e.names {
			p.str(" ")
			p.quoted(n)
		}
		if e.sym {
			flags := e.flags
			for _, f := range symbolFlags {
				if flags&f.bit != 0 {
					flags &^= f.bit
					p.str(" " + f.word)
				}
			}
			if flags != 0 {
				p.printf(" %#x", flags)
			}
		}
		p.close()
	}
	p.close()
}
