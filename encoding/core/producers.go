package core

import (
	"github.com/mortise-wasm/mortise/encoding/internal/raw"
)

// ProducersName is the name of the custom section that [DecodeProducers] reads, in core modules and
// in components.
const ProducersName = "producers"

// Producers is the contents of a producers section (tool conventions, "Producers Section"): the
// tools and languages that made the file.
type Producers struct{ Fields []ProducersField }

// ProducersField is a field such as "language", "processed-by" or "sdk".
type ProducersField struct {
	Name   string
	Values []ProducersValue
}

// ProducersValue is a tool or language and its version, which may be "".
type ProducersValue struct{ Name, Version string }

// DecodeProducers reads the payload of a producers section. The error is an [*Error]. Its offset
// counts from the start of payload.
func DecodeProducers(payload []byte) (*Producers, error) {
	r := raw.NewReader(payload, 0, len(payload))
	p := &Producers{}
	p.Fields = raw.Vec(r, func(r *raw.Reader) ProducersField {
		return ProducersField{Name: r.Name(), Values: raw.Vec(r, func(r *raw.Reader) ProducersValue {
			return ProducersValue{Name: r.Name(), Version: r.Name()}
		})}
	})
	r.Close()
	if err := r.Err(); err != nil {
		return nil, newError(err, SectionCustom)
	}
	return p, nil
}

// Append appends the payload of the section to dst.
func (p *Producers) Append(dst []byte) []byte {
	w := &raw.Writer{Buf: dst}
	w.U32(uint32(len(p.Fields)))
	for _, f := range p.Fields {
		w.Name(f.Name)
		w.U32(uint32(len(f.Values)))
		for _, v := range f.Values {
			w.Name(v.Name)
			w.Name(v.Version)
		}
	}
	return w.Buf
}

// Add returns a copy of p with v added to a field. It replaces a value with the same name. It does
// not change p.
func (p *Producers) Add(field string, v ProducersValue) *Producers {
	out := &Producers{Fields: make([]ProducersField, 0, len(p.Fields)+1)}
	found := false
	for _, f := range p.Fields {
		if f.Name == field {
			found = true
			f.Values = addValue(f.Values, v)
		}
		out.Fields = append(out.Fields, f)
	}
	if !found {
		out.Fields = append(out.Fields, ProducersField{Name: field, Values: []ProducersValue{v}})
	}
	return out
}

// Merge returns a copy of p with the values of other added as by [Producers.Add]. Both may be nil.
func (p *Producers) Merge(other *Producers) *Producers {
	if p == nil {
		return other
	}
	if other == nil {
		return p
	}
	for _, f := range other.Fields {
		for _, v := range f.Values {
			p = p.Add(f.Name, v)
		}
	}
	return p
}

// ProcessedBy returns a section that names the tool by as `processed-by`, or mortise without a
// version if by is zero.
func ProcessedBy(by ProducersValue) *Producers {
	if by == (ProducersValue{}) {
		by.Name = "mortise"
	}
	return (&Producers{}).Add("processed-by", by)
}

func addValue(list []ProducersValue, v ProducersValue) []ProducersValue {
	out := make([]ProducersValue, 0, len(list)+1)
	found := false
	for _, x := range list {
		if x.Name == v.Name {
			found = true
			x = v
		}
		out = append(out, x)
	}
	if !found {
		out = append(out, v)
	}
	return out
}
