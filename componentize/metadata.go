package componentize

import (
	"errors"
	"fmt"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/leb128"
	"github.com/mortise-wasm/mortise/wit"
)

// metadata is the content of one custom section of a core module: a world that the module is made
// for.
type metadata struct {
	section   string // "" if the world was given in another way
	model     *wit.Model
	world     *wit.World
	strings   encoding.CanonOptKind
	producers *core.Producers
}

// cannotMerge returns the error for a world of the module in f that contradicts the others.
func (d *metadata) cannotMerge(f *diag.File, err error) error {
	e := diag.Errorf(f.Span(0, 0), CannotMerge, "%s", err.Error())
	if d.section != "" {
		e.In("section %q", d.section)
	}
	return e
}

// isMetadata reports whether a custom section holds a world.
func isMetadata(section string) bool { return strings.HasPrefix(section, worldSection) }

// readMetadata reads the worlds of a core module that was decoded from f.
func readMetadata(f *diag.File, m *core.Module) ([]metadata, error) {
	var list []metadata
	for s := range m.Customs() {
		if !isMetadata(s.Name) {
			continue
		}
		d, err := decodeMetadata(diag.NewBinary(f.Name+" ("+s.Name+")", s.Payload))
		if err != nil {
			return nil, err
		}
		d.section = s.Name
		list = append(list, d)
	}
	return list, nil
}

// decodeMetadata reads the payload of a section: a component that exports the type of a world or,
// in an older format, a string encoding, the name of a world, and an encoded WIT package.
func decodeMetadata(f *diag.File) (metadata, error) {
	if len(f.Data) > 0 && f.Data[0] == oldWorldFormat {
		return decodeOldMetadata(f)
	}
	info, err := validated(f)
	if err != nil {
		if format, at := formatOf(f); format > worldFormat {
			return metadata{}, otherFormat(at, []byte{format})
		}
		return metadata{}, diag.Errorf(f.Span(0, 0), BadWorld, "the world of the core module cannot be read: %s", err.Error())
	}
	d := metadata{producers: info.Component.Producers()}
	for _, def := range info.Component.Defs {
		s, ok := def.(*encoding.Custom)
		if !ok || s.Name != worldFormatSection {
			continue
		}
		at := f.Span(s.Start, s.End)
		if len(s.Data) != 2 || s.Data[0] != worldFormat {
			return metadata{}, otherFormat(at, s.Data)
		}
		if d.strings, err = stringsOf(s.Data[1]); err != nil {
			return metadata{}, diag.Errorf(at, BadWorld, "%s", err.Error())
		}
	}
	if d.strings == 0 {
		return metadata{}, diag.Errorf(f.Span(0, 0), BadWorld, "missing custom section of name `%s`", worldFormatSection)
	}
	if d.model, err = DecodeComponent(f, info); err != nil {
		return metadata{}, err
	}
	if packageForm(info.Type) != itemForm || info.Type.Exports.Len() != 1 || len(d.model.Main.Worlds) != 1 {
		return metadata{}, diag.Errorf(f.Span(0, 0), BadWorld, "expected the type of one world")
	}
	d.world = d.model.Main.Worlds[0]
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
	d := diag.Errorf(at, BadWorld, "the world of the core module is in another format than %d, the only known one", worldFormat)
	if len(data) > 0 && data[0] > worldFormat {
		d.Notef("it is in format %d: the tool that wrote it is newer than this one", data[0])
	}
	return d.Helpf("embed the world again with `compose embed`")
}

func decodeOldMetadata(f *diag.File) (d metadata, err error) {
	fail := func(err error) (metadata, error) {
		return metadata{}, diag.Errorf(f.Span(0, 0), BadWorld, "the world of the core module cannot be read: %s", err.Error()).
			Notef("the section is in the format %d, which is no longer written", oldWorldFormat)
	}
	rest := f.Data[1:]
	if len(rest) == 0 {
		return fail(errors.New("unexpected end"))
	}
	if d.strings, err = stringsOf(rest[0]); err != nil {
		return fail(err)
	}
	size, n, err := leb128.Uint32(rest[1:])
	if err != nil || uint64(size) > uint64(len(rest)-1-n) {
		return fail(errors.New("the name of the world is cut off"))
	}
	label := string(rest[1+n : 1+n+int(size)])
	if d.model, err = DecodePackage(diag.NewBinary(f.Name, rest[1+n+int(size):])); err != nil {
		return metadata{}, err
	}
	if d.world, err = d.model.World(label); err != nil {
		return fail(err)
	}
	return d, nil
}

// stringsOf returns the string encoding that a byte of a section stands for.
func stringsOf(b byte) (encoding.CanonOptKind, error) {
	switch b {
	case 0:
		return encoding.OptUTF8, nil
	case 1:
		return encoding.OptUTF16, nil
	case 2:
		return encoding.OptLatin1UTF16, nil
	}
	return 0, fmt.Errorf("invalid string encoding %#x", b)
}

// stringsOfItems holds the string encodings of the functions of a world's imports or exports.
type stringsOfItems struct {
	// all, unless zero, is the encoding of all functions.
	all encoding.CanonOptKind
	// The keys leave out versions: a function keeps its encoding if another version of its interface
	// replaces the one that it was made for.
	each map[string]encoding.CanonOptKind
}

func stringsKey(i *wit.WorldItem, f *wit.Func) string {
	if i.Name == "" {
		return i.Interface.ID().Unversioned() + "/" + f.Name
	}
	return i.Name + "/" + f.Name
}

// add adds the functions of items. It returns an error if a function has another encoding already.
func (s *stringsOfItems) add(items []*wit.WorldItem, kind encoding.CanonOptKind) error {
	if s.each == nil {
		s.each = map[string]encoding.CanonOptKind{}
	}
	set := func(i *wit.WorldItem, f *wit.Func) error {
		key := stringsKey(i, f)
		if prev, ok := s.each[key]; ok && prev != kind {
			return fmt.Errorf("conflicting string encodings specified for `%s`", key)
		}
		s.each[key] = kind
		return nil
	}
	for _, i := range items {
		switch {
		case i.Func != nil:
			if err := set(i, i.Func); err != nil {
				return err
			}
		case i.Interface != nil:
			for _, f := range i.Interface.Funcs {
				if err := set(i, f); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// of returns the encoding for a function of an item, or false if the module is not made for the
// item.
func (s *stringsOfItems) of(i *wit.WorldItem, f *wit.Func) (encoding.CanonOptKind, bool) {
	if s.all != 0 {
		return s.all, true
	}
	k, ok := s.each[stringsKey(i, f)]
	return k, ok
}
