package binary

import (
	"errors"
	"fmt"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/leb128"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/wit"
)

// EmbeddedWorld is the content of one custom section of a core module: a world that the module is
// made for.
type EmbeddedWorld struct {
	// Section is the name of the section.
	Section string
	// World belongs to Model.
	Model *wit.Model
	World *wit.World
	// Strings is the string encoding of the core module.
	Strings abi.StringEncoding
	// Producers lists the tools that made the core module, or is nil.
	Producers *core.Producers
}

// IsWorldSection reports whether a custom section of that name holds a world.
func IsWorldSection(name string) bool { return strings.HasPrefix(name, WorldSection) }

// EmbeddedWorlds reads the worlds that a core module carries. The module was decoded from f. The
// error is a diagnostic.
func EmbeddedWorlds(f *diag.File, m *core.Module) ([]EmbeddedWorld, error) {
	var list []EmbeddedWorld
	for s := range m.Customs() {
		if !IsWorldSection(s.Name) {
			continue
		}
		d, err := decodeWorld(diag.NewBinary(f.Name+" ("+s.Name+")", s.Payload))
		if err != nil {
			return nil, err
		}
		d.Section = s.Name
		list = append(list, d)
	}
	return list, nil
}

// decodeWorld reads the payload of a section: a component that exports the type of a world or,
// in an older format, a string encoding, the name of a world, and an encoded WIT package.
func decodeWorld(f *diag.File) (EmbeddedWorld, error) {
	if len(f.Data) > 0 && f.Data[0] == oldWorldFormat {
		return decodeOldWorld(f)
	}
	info, err := validated(f)
	if err != nil {
		if format, at := formatOf(f); format > worldFormat {
			return EmbeddedWorld{}, otherFormat(at, []byte{format})
		}
		return EmbeddedWorld{}, diag.Errorf(f.Span(0, 0), CodeBadWorld, "the world of the core module cannot be read: %s", err.Error())
	}
	d := EmbeddedWorld{Producers: info.Component.Producers()}
	for _, def := range info.Component.Defs {
		s, ok := def.(*encoding.Custom)
		if !ok || s.Name != worldFormatSection {
			continue
		}
		at := f.Span(s.Start, s.End)
		if len(s.Data) != 2 || s.Data[0] != worldFormat {
			return EmbeddedWorld{}, otherFormat(at, s.Data)
		}
		if d.Strings, err = stringsOf(s.Data[1]); err != nil {
			return EmbeddedWorld{}, diag.Errorf(at, CodeBadWorld, "%s", err.Error())
		}
	}
	if d.Strings == 0 {
		return EmbeddedWorld{}, diag.Errorf(f.Span(0, 0), CodeBadWorld, "missing custom section of name `%s`", worldFormatSection)
	}
	if d.Model, err = DecodeComponent(f, info); err != nil {
		return EmbeddedWorld{}, err
	}
	if packageForm(info.Type) != itemForm || info.Type.Exports.Len() != 1 || len(d.Model.Main.Worlds) != 1 {
		return EmbeddedWorld{}, diag.Errorf(f.Span(0, 0), CodeBadWorld, "expected the type of one world")
	}
	d.World = d.Model.Main.Worlds[0]
	return d, nil
}

// formatOf returns the format of a world that cannot be read, as given in its first section, or 0.
func formatOf(f *diag.File) (byte, diag.Span) {
	section := "\x00" + string(rune(len(worldFormatSection)+3)) + string(rune(len(worldFormatSection))) + worldFormatSection
	const header = 8
	at := header + len(section)
	if len(f.Data) <= at || string(f.Data[header:at]) != section {
		return 0, diag.Span{}
	}
	return f.Data[at], f.Span(at, at+1)
}

func otherFormat(at diag.Span, data []byte) error {
	d := diag.Errorf(at, CodeBadWorld, "the world of the core module is in another format than %d, the only known one", worldFormat)
	if len(data) > 0 && data[0] > worldFormat {
		d.Notef("it is in format %d: the tool that wrote it is newer than this one", data[0])
	}
	return d.Helpf("embed the world again with `compose embed`")
}

func decodeOldWorld(f *diag.File) (d EmbeddedWorld, err error) {
	fail := func(err error) (EmbeddedWorld, error) {
		return EmbeddedWorld{}, diag.Errorf(f.Span(0, 0), CodeBadWorld, "the world of the core module cannot be read: %s", err.Error()).
			Notef("the section is in the format %d, which is no longer written", oldWorldFormat)
	}
	rest := f.Data[1:]
	if len(rest) == 0 {
		return fail(errors.New("unexpected end"))
	}
	if d.Strings, err = stringsOf(rest[0]); err != nil {
		return fail(err)
	}
	size, n, err := leb128.Uint32(rest[1:])
	if err != nil || uint64(size) > uint64(len(rest)-1-n) {
		return fail(errors.New("the name of the world is cut off"))
	}
	label := string(rest[1+n : 1+n+int(size)])
	if d.Model, err = DecodePackage(diag.NewBinary(f.Name, rest[1+n+int(size):])); err != nil {
		return EmbeddedWorld{}, err
	}
	if d.World, err = d.Model.World(label); err != nil {
		return fail(err)
	}
	return d, nil
}

// stringsOf returns the string encoding that a byte of a section stands for.
func stringsOf(b byte) (abi.StringEncoding, error) {
	switch b {
	case 0:
		return abi.UTF8, nil
	case 1:
		return abi.UTF16, nil
	case 2:
		return abi.Latin1UTF16, nil
	}
	return 0, fmt.Errorf("invalid string encoding %#x", b)
}
