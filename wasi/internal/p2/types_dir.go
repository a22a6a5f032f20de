package p2

import (
	"context"
	"unicode/utf8"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/wasi/internal/sysfs"
)

// The methods of descriptors of directories.

func (d *descriptor) openAt(_ context.Context, args []value.Value) (value.Value, error) {
	dir, err := d.asDir()
	if err != nil {
		return result(value.Value{}, err)
	}
	if err := d.h.checkOpen(); err != nil {
		return value.Value{}, err
	}
	how, flags := args[2].Flags(), args[3].Flags()
	// A directory has the rights of the directory it was opened in: a guest that can change that one
	// can change this one too.
	if flags&flagMutateDirectory != 0 && dir.ReadOnly() {
		return result(value.Value{}, sysfs.ReadOnly)
	}
	file, sub, err := dir.Open(args[1].Str(), sysfs.Open{
		Follow:    args[0].Flags()&pathFollow != 0,
		Create:    how&openCreate != 0,
		Directory: how&openDirectory != 0,
		Exclusive: how&openExclusive != 0,
		Truncate:  how&openTruncate != 0,
		Read:      flags&flagRead != 0,
		Write:     flags&flagWrite != 0,
		Sync:      flags&(flagFileIntegritySync|flagDataIntegritySync|flagRequestedWriteSync) != 0,
	})
	switch {
	case err != nil:
		return result(value.Value{}, err)
	case sub != nil:
		d.h.open.Add(1)
		return result(value.Own(&descriptor{h: d.h, dir: sub}), nil)
	default:
		d.h.open.Add(1)
		return result(value.Own(&descriptor{h: d.h, file: &openFile{file, d.h, 1}}), nil)
	}
}

func (d *descriptor) createDirectoryAt(_ context.Context, args []value.Value) (value.Value, error) {
	return d.at(func(dir *sysfs.Dir) error { return dir.Mkdir(args[0].Str()) })
}

func (d *descriptor) removeDirectoryAt(_ context.Context, args []value.Value) (value.Value, error) {
	return d.at(func(dir *sysfs.Dir) error { return dir.Rmdir(args[0].Str()) })
}

func (d *descriptor) unlinkFileAt(_ context.Context, args []value.Value) (value.Value, error) {
	return d.at(func(dir *sysfs.Dir) error { return dir.Unlink(args[0].Str()) })
}

func (d *descriptor) symlinkAt(_ context.Context, args []value.Value) (value.Value, error) {
	return d.at(func(dir *sysfs.Dir) error { return dir.Symlink(args[0].Str(), args[1].Str()) })
}

func (d *descriptor) readlinkAt(_ context.Context, args []value.Value) (value.Value, error) {
	dir, err := d.asDir()
	if err != nil {
		return result(value.Value{}, err)
	}
	target, err := dir.Readlink(args[0].Str())
	if err == nil && !utf8.ValidString(target) {
		err = sysfs.IllegalByteSequence
	}
	return result(value.String(target), err)
}

func (d *descriptor) renameAt(_ context.Context, args []value.Value) (value.Value, error) {
	other, err := handle[*descriptor](args[1])
	if err != nil {
		return value.Value{}, err
	}
	return d.at(func(dir *sysfs.Dir) error {
		to, err := other.asDir()
		if err != nil {
			return err
		}
		return dir.Rename(args[0].Str(), to, args[2].Str())
	})
}

func (d *descriptor) linkAt(_ context.Context, args []value.Value) (value.Value, error) {
	other, err := handle[*descriptor](args[2])
	if err != nil {
		return value.Value{}, err
	}
	return d.at(func(dir *sysfs.Dir) error {
		to, err := other.asDir()
		switch {
		case err != nil:
			return err
		case args[0].Flags()&pathFollow != 0:
			// a symbolic link itself is linked, never its target
			return sysfs.Invalid
		}
		return dir.Link(args[1].Str(), to, args[3].Str())
	})
}

func (d *descriptor) readDirectory(context.Context, []value.Value) (value.Value, error) {
	dir, err := d.asDir()
	if err != nil {
		return result(value.Value{}, err)
	}
	list, err := dir.Entries()
	return result(value.Own(&entryStream{list}), err)
}

// entryStream is the resource `directory-entry-stream`. It holds the entries that the directory had
// when the stream was made.
type entryStream struct{ left []sysfs.Entry }

// next is read-directory-entry.
func (s *entryStream) next(context.Context, []value.Value) (value.Value, error) {
	if len(s.left) == 0 {
		return result(value.None(), nil)
	}
	e := s.left[0]
	s.left = s.left[1:]
	if !utf8.ValidString(e.Name) {
		return result(value.Value{}, sysfs.IllegalByteSequence)
	}
	return result(value.Some(value.Record([]value.Value{value.Enum(e.Type.Case()), value.String(e.Name)})), nil)
}
