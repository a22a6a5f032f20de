package componentize

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/wit"
)

const (
	// worldSection is what the names of custom sections start with in which core modules carry their world.
	worldSection = "component-type"
	// worldFormatSection tells, in a component that holds a world, the version of the format and how the core module encodes strings.
	worldFormatSection = "wit-component-encoding"
	worldFormat        = 4
	// oldWorldFormat is the first byte of a section in the format before that.
	oldWorldFormat = 3
)

// WorldOptions say how a world is encoded. The zero value is the default.
type WorldOptions struct {
	// Strings is how the core module encodes strings: [encoding.OptUTF8], [encoding.OptUTF16] or [encoding.OptLatin1UTF16]. Zero is UTF-8.
	Strings encoding.CanonOptKind
	// Producers is what made the core module, which is listed next to what processed the world.
	Producers *core.Producers
	// Producer is as in [PackageOptions].
	Producer core.ProducersValue
}

// EncodeWorld returns world w of m as core modules carry it, in a custom section whose name starts with `component-type`: a component that
// exports the type of the world. Documentation is not in it. The errors are those of [EncodePackage], and of an unknown encoding
// of strings.
func EncodeWorld(m *wit.Model, w *wit.World, o WorldOptions) (*encoding.Component, error) {
	strings := byte(0)
	switch o.Strings {
	case 0, encoding.OptUTF8:
	case encoding.OptUTF16:
		strings = 1
	case encoding.OptLatin1UTF16:
		strings = 2
	default:
		return nil, fmt.Errorf("%s is not an encoding of strings", o.Strings)
	}
	size := newTally()
	if err := size.add(size.world(w), w.Package); err != nil {
		return nil, err
	}
	t, err := encodeWorld(m, w)
	if err != nil {
		return nil, err
	}
	b := &encoding.Builder{}
	b.Custom(worldFormatSection, []byte{worldFormat, strings})
	b.Export(encoding.Plain(w.Name), b.Type(wrapWorld(w, t)), nil)
	p := processedBy(o.Producer)
	if o.Producers != nil {
		for _, f := range o.Producers.Fields {
			for _, v := range f.Values {
				p = p.Add(f.Name, v)
			}
		}
	}
	b.Custom(core.ProducersName, p.Append(nil))
	c := b.Component()
	if err := checkEncoded(m, false, w, c); err != nil {
		return nil, err
	}
	return c, nil
}

// processedBy returns the producers section that names the tool, or mortise if by is zero.
func processedBy(by core.ProducersValue) *core.Producers {
	if by == (core.ProducersValue{}) {
		by.Name = "mortise"
	}
	return (&core.Producers{}).Add("processed-by", by)
}
