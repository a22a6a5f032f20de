package binary

import (
	"fmt"

	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/wit"
)

const (
	// WorldSection is the prefix of the names of the custom sections in which core modules carry their
	// world.
	WorldSection = "component-type"
	// worldFormatSection holds, in a component with a world, the version of the format and the string
	// encoding of the core module.
	worldFormatSection = "wit-component-encoding"
	worldFormat        = 4
	// oldWorldFormat is the first byte of a section in the previous format.
	oldWorldFormat = 3
)

// WorldOptions controls how a world is encoded. The zero value is the default.
type WorldOptions struct {
	// Strings is the string encoding of the core module: [abi.UTF8], [abi.UTF16] or
	// [abi.Latin1UTF16]. Zero is UTF-8.
	Strings abi.StringEncoding
	// Producers lists the tools that made the core module, in addition to the tool that processed the
	// world.
	Producers *core.Producers
	// Producer is like the field of [PackageOptions].
	Producer core.ProducersValue
}

// EncodeWorld returns world w of m in the form that core modules carry in a custom section whose
// name starts with `component-type`: a component that exports the type of the world. The form does
// not include documentation. The errors are those of [EncodePackage], and one for an unknown string
// encoding.
func EncodeWorld(m *wit.Model, w *wit.World, o WorldOptions) (*encoding.Component, error) {
	strings := byte(0)
	switch o.Strings {
	case 0, abi.UTF8:
	case abi.UTF16:
		strings = 1
	case abi.Latin1UTF16:
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
	b.Custom(core.ProducersName, core.ProcessedBy(o.Producer).Merge(o.Producers).Append(nil))
	c := b.Component()
	if err := checkEncoded(m, false, w, c); err != nil {
		return nil, err
	}
	return c, nil
}
