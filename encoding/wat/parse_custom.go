package wat

import (
	"encoding/binary"

	"github.com/mortise-wasm/mortise/encoding/core"
)

// customSection reads an annotation that represents a custom section and appends it to list.
func (p *parser) customSection(list []field) []field {
	tok := p.pos
	switch p.annotation() {
	case "custom":
		p.advance()
		f := &customField{tok: tok, name: p.str(), place: customPlace{after: true}}
		if p.cur().kind == tokLParen {
			p.parens(func() { f.place = p.customPlace() })
		}
		f.data = p.strings()
		return append(list, f)
	case "producers":
		return append(list, &customField{tok: tok, name: core.ProducersName, place: customPlace{after: true}, data: p.producers()})
	case "dylink.0":
		return append(list, &customField{tok: tok, name: "dylink.0", data: p.dylink()})
	}
	p.failHere(CodeUnexpectedToken, "expected valid module field%s", p.found())
	return list
}

// annotation returns the name of the current token if it is an annotation, and "" otherwise.
func (p *parser) annotation() string {
	t := p.cur()
	if t.kind != tokAnnotation {
		return ""
	}
	text := p.src[t.off+1 : t.end]
	if text != "" && text[0] == '"' {
		b, _ := unquote(text)
		return string(b)
	}
	return text
}

// placeWords are the names of the sections before or after which a custom section can be placed.
var placeWords = []struct {
	word string
	id   core.SectionID
}{
	{"type", core.SectionType}, {"import", core.SectionImport}, {"func", core.SectionFunction}, {"table", core.SectionTable},
	{"memory", core.SectionMemory}, {"global", core.SectionGlobal}, {"export", core.SectionExport}, {"start", core.SectionStart},
	{"elem", core.SectionElement}, {"code", core.SectionCode}, {"data", core.SectionData}, {"tag", core.SectionTag},
}

func (p *parser) customPlace() customPlace {
	var c customPlace
	switch {
	case p.accept("before"):
		if p.accept("first") {
			return c
		}
	case p.accept("after"):
		c.after = true
		if p.accept("last") {
			return c
		}
	default:
		p.unexpected()
		return c
	}
	c.hasSect = true
	for _, w := range placeWords {
		if p.accept(w.word) {
			c.anchor = w.id
			return c
		}
	}
	p.failHere(CodeUnexpectedToken, "expected a valid section name%s", p.found())
	return c
}

// producers reads (@producers …) and returns the payload of the section. The fields are in the
// usual order of tools.
func (p *parser) producers() []byte {
	p.advance()
	var fields []core.ProducersField
	for _, name := range producersFields {
		fields = append(fields, core.ProducersField{Name: name})
	}
	for !p.atEnd() {
		p.parens(func() {
			for i := range fields {
				if p.accept(fields[i].Name) {
					fields[i].Values = append(fields[i].Values, core.ProducersValue{Name: p.str(), Version: p.str()})
					return
				}
			}
			p.unexpected()
		})
	}
	out := &core.Producers{}
	for _, f := range fields {
		if len(f.Values) > 0 {
			out.Fields = append(out.Fields, f)
		}
	}
	return out.Append(nil)
}

// The subsections of a dylink.0 section (tool conventions, "Dynamic Linking").
const (
	dylinkMemInfo     = 1
	dylinkNeeded      = 2
	dylinkExportInfo  = 3
	dylinkImportInfo  = 4
	dylinkRuntimePath = 5
)

// symbolFlags are the flags of symbols in a dylink.0 section.
var symbolFlags = []struct {
	word string
	bit  uint32
}{
	{"binding-weak", 1 << 0}, {"binding-local", 1 << 1}, {"visibility-hidden", 1 << 2}, {"undefined", 1 << 4},
	{"exported", 1 << 5}, {"explicit-name", 1 << 6}, {"no-strip", 1 << 7}, {"tls", 1 << 8}, {"absolute", 1 << 9},
}

// dylink reads (@dylink.0 …) and returns the payload of the section.
func (p *parser) dylink() []byte {
	p.advance()
	type subsection struct {
		id    byte
		count uint64
		body  []byte
	}
	var subs []subsection
	// add extends the last subsection if it is of the same kind.
	add := func(id byte, body []byte) {
		if n := len(subs); n > 0 && subs[n-1].id == id {
			subs[n-1].count++
			subs[n-1].body = append(subs[n-1].body, body...)
			return
		}
		subs = append(subs, subsection{id, 1, body})
	}
	for !p.atEnd() {
		p.parens(func() {
			switch {
			case p.accept("mem-info"):
				subs = append(subs, subsection{id: dylinkMemInfo, body: p.memInfo()})
			case p.accept("needed"):
				n, body := p.names()
				subs = append(subs, subsection{dylinkNeeded, n, body})
			case p.accept("export-info"):
				b := appendString(nil, p.str())
				add(dylinkExportInfo, binary.AppendUvarint(b, uint64(p.symbolFlags())))
			case p.accept("import-info"):
				b := appendString(nil, p.str())
				b = appendString(b, p.str())
				add(dylinkImportInfo, binary.AppendUvarint(b, uint64(p.symbolFlags())))
			case p.accept("runtime-path"):
				n, body := p.names()
				subs = append(subs, subsection{dylinkRuntimePath, n, body})
			default:
				p.unexpected()
			}
		})
	}
	var out []byte
	for _, s := range subs {
		var body []byte
		if s.id != dylinkMemInfo {
			body = binary.AppendUvarint(nil, s.count)
		}
		body = append(body, s.body...)
		out = append(out, s.id)
		out = binary.AppendUvarint(out, uint64(len(body)))
		out = append(out, body...)
	}
	return out
}

func (p *parser) memInfo() []byte {
	var n [4]uint32
	for i, word := range []string{"memory", "table"} {
		if p.acceptList(word) {
			n[2*i], n[2*i+1] = p.u32(), p.u32()
			p.close()
		}
	}
	var out []byte
	for _, v := range n {
		out = binary.AppendUvarint(out, uint64(v))
	}
	return out
}

func (p *parser) names() (uint64, []byte) {
	var out []byte
	n := uint64(0)
	for ; !p.atEnd(); n++ {
		out = appendString(out, p.str())
	}
	return n, out
}

func (p *parser) symbolFlags() uint32 {
	var flags uint32
next:
	for !p.atEnd() {
		if p.cur().kind == tokInt {
			flags |= p.u32()
			continue
		}
		for _, f := range symbolFlags {
			if p.accept(f.word) {
				flags |= f.bit
				continue next
			}
		}
		p.unexpected()
	}
	return flags
}

// appendString appends the length of a string and then the string.
func appendString(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}
