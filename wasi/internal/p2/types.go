package p2

import (
	"context"
	"math"
	"time"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
	"github.com/mortise-wasm/mortise/wasi/internal/sysfs"
)

// The bits of `descriptor-flags`.
const (
	flagRead = 1 << iota
	flagWrite
	flagFileIntegritySync
	flagDataIntegritySync
	flagRequestedWriteSync
	flagMutateDirectory
)

// The bits of `open-flags`.
const (
	openCreate = 1 << iota
	openDirectory
	openExclusive
	openTruncate
)

// pathFollow is the only bit of `path-flags`.
const pathFollow = 1

// types is wasi:filesystem/types.
func (h *Host) types() *iface {
	i := newInterface("wasi:filesystem/types")
	resource(i, "descriptor", (*descriptor).drop)
	method(i, "descriptor.read-via-stream", (*descriptor).readViaStream, value.KindU64)
	method(i, "descriptor.write-via-stream", (*descriptor).writeViaStream, value.KindU64)
	method(i, "descriptor.append-via-stream", (*descriptor).appendViaStream)
	method(i, "descriptor.advise", (*descriptor).advise, value.KindU64, value.KindU64, value.KindEnum)
	method(i, "descriptor.sync-data", (*descriptor).sync)
	method(i, "descriptor.get-flags", (*descriptor).getFlags)
	method(i, "descriptor.get-type", (*descriptor).getType)
	method(i, "descriptor.set-size", (*descriptor).setSize, value.KindU64)
	method(i, "descriptor.set-times", (*descriptor).setTimes, value.KindVariant, value.KindVariant)
	method(i, "descriptor.read", (*descriptor).read, value.KindU64, value.KindU64)
	method(i, "descriptor.write", (*descriptor).write, value.KindList, value.KindU64)
	method(i, "descriptor.read-directory", (*descriptor).readDirectory)
	method(i, "descriptor.sync", (*descriptor).sync)
	method(i, "descriptor.create-directory-at", (*descriptor).createDirectoryAt, value.KindString)
	method(i, "descriptor.stat", (*descriptor).stat)
	method(i, "descriptor.stat-at", (*descriptor).statAt, value.KindFlags, value.KindString)
	method(i, "descriptor.set-times-at", (*descriptor).setTimesAt, value.KindFlags, value.KindString, value.KindVariant, value.KindVariant)
	method(i, "descriptor.link-at", (*descriptor).linkAt, value.KindFlags, value.KindString, value.KindBorrow, value.KindString)
	method(i, "descriptor.open-at", (*descriptor).openAt, value.KindFlags, value.KindString, value.KindFlags, value.KindFlags)
	method(i, "descriptor.readlink-at", (*descriptor).readlinkAt, value.KindString)
	method(i, "descriptor.remove-directory-at", (*descriptor).removeDirectoryAt, value.KindString)
	method(i, "descriptor.rename-at", (*descriptor).renameAt, value.KindString, value.KindBorrow, value.KindString)
	method(i, "descriptor.symlink-at", (*descriptor).symlinkAt, value.KindString, value.KindString)
	method(i, "descriptor.unlink-file-at", (*descriptor).unlinkFileAt, value.KindString)
	method(i, "descriptor.is-same-object", (*descriptor).isSameObject, value.KindBorrow)
	method(i, "descriptor.metadata-hash", (*descriptor).metadataHash)
	method(i, "descriptor.metadata-hash-at", (*descriptor).metadataHashAt, value.KindFlags, value.KindString)
	resource[*entryStream](i, "directory-entry-stream", nil)
	method(i, "directory-entry-stream.read-directory-entry", (*entryStream).next)
	i.fn("filesystem-error-code", filesystemErrorCode, value.KindBorrow)
	return i
}

// filesystemErrorCode returns the code for the failure of a stream, if the failure comes from the
// system.
func filesystemErrorCode(_ context.Context, args []value.Value) (value.Value, error) {
	e, err := handle[*ioError](args[0])
	if err != nil {
		return value.Value{}, err
	}
	if code, known := sysfs.CodeOf(e.err); known || e.file {
		return value.Some(value.Enum(code.Case())), nil
	}
	return value.None(), nil
}

// result returns a `result<T, error-code>`.
func result(v value.Value, err error) (value.Value, error) {
	if err != nil {
		code, _ := sysfs.CodeOf(err)
		return value.Err(value.Enum(code.Case())), nil
	}
	return value.OK(v), nil
}

// openFile is an open file that a descriptor and its streams share. Streams outlive the descriptor,
// so the last user closes the file.
type openFile struct {
	*sysfs.File
	h     *Host
	users int
}

func (f *openFile) use() *openFile { f.users++; return f }

// close ends one use. WASI cannot report an error of the system at this point; a guest that cares
// calls sync first.
func (f *openFile) close() {
	if f.users--; f.users == 0 {
		f.h.open.Add(-1)
		_ = f.Close()
	}
}

// checkOpen returns an error if guests may open nothing more.
func (h *Host) checkOpen() error {
	if h.MaxOpen > 0 && h.open.Load() >= int64(h.MaxOpen) {
		return &runner.LimitError{Limit: uint64(h.MaxOpen), What: "open files and folders", Option: "wasi.Config.MaxOpen"}
	}
	return nil
}

// descriptor is the resource `descriptor`: a directory or a file.
type descriptor struct {
	h    *Host
	dir  *sysfs.Dir
	keep bool // dir belongs to the host, which closes it
	file *openFile
}

func (d *descriptor) drop(context.Context) error {
	switch {
	case d.file != nil:
		d.file.close()
	case !d.keep:
		d.h.open.Add(-1)
		_ = d.dir.Close()
	}
	return nil
}

// asDir returns the directory of d, or NotDirectory if d is a file.
func (d *descriptor) asDir() (*sysfs.Dir, error) {
	if d.dir == nil {
		return nil, sysfs.NotDirectory
	}
	return d.dir, nil
}

// asFile returns the file of d, or wrong if d is a directory.
func (d *descriptor) asFile(wrong sysfs.Code) (*openFile, error) {
	if d.file == nil {
		return nil, wrong
	}
	return d.file, nil
}

// at calls f with the directory of d, for functions whose result has no payload.
func (d *descriptor) at(f func(dir *sysfs.Dir) error) (value.Value, error) {
	dir, err := d.asDir()
	if err == nil {
		err = f(dir)
	}
	return result(value.Value{}, err)
}

func (d *descriptor) advise(_ context.Context, args []value.Value) (value.Value, error) {
	_, err := d.asFile(sysfs.BadDescriptor)
	if err == nil && (args[0].U64() > math.MaxInt64 || args[1].U64() > math.MaxInt64) {
		err = sysfs.Invalid
	}
	return result(value.Value{}, err)
}

func (d *descriptor) sync(context.Context, []value.Value) (value.Value, error) {
	if d.file != nil {
		return result(value.Value{}, d.file.Sync())
	}
	return result(value.Value{}, d.dir.Sync())
}

func (d *descriptor) getFlags(context.Context, []value.Value) (value.Value, error) {
	var flags uint32
	switch {
	case d.dir != nil:
		flags = flagRead
		if !d.dir.ReadOnly() {
			flags |= flagMutateDirectory
		}
	default:
		if d.file.Readable() {
			flags |= flagRead
		}
		if d.file.Writable() {
			flags |= flagWrite
		}
		if d.file.Synced() {
			flags |= flagFileIntegritySync | flagDataIntegritySync
		}
	}
	return result(value.Flags(flags), nil)
}

func (d *descriptor) getType(context.Context, []value.Value) (value.Value, error) {
	s, err := d.describe()
	return result(value.Enum(s.Type.Case()), err)
}

// describe returns the Stat of the file or directory of d.
func (d *descriptor) describe() (sysfs.Stat, error) {
	if d.file != nil {
		return d.file.Stat()
	}
	return d.dir.Stat(".", true)
}

func (d *descriptor) describeAt(flags uint32, path string) (sysfs.Stat, error) {
	dir, err := d.asDir()
	if err != nil {
		return sysfs.Stat{}, err
	}
	return dir.Stat(path, flags&pathFollow != 0)
}

func (d *descriptor) stat(context.Context, []value.Value) (value.Value, error) {
	return statResult(d.describe())
}

func (d *descriptor) statAt(_ context.Context, args []value.Value) (value.Value, error) {
	return statResult(d.describeAt(args[0].Flags(), args[1].Str()))
}

// statResult returns a `result<descriptor-stat, error-code>`.
func statResult(s sysfs.Stat, err error) (value.Value, error) {
	if err != nil {
		return result(value.Value{}, err)
	}
	return result(value.Record([]value.Value{value.Enum(s.Type.Case()), value.U64(s.Links), value.U64(s.Size),
		timestamp(s.Access), timestamp(s.Modify), timestamp(s.Change)}), nil)
}

// timestamp returns an `option<datetime>`. It is none for a time that is unknown or that a datetime
// cannot represent.
func timestamp(t time.Time) value.Value {
	if t.IsZero() || t.Unix() < 0 {
		return value.None()
	}
	return value.Some(datetime(t))
}

func (d *descriptor) metadataHash(context.Context, []value.Value) (value.Value, error) {
	return hashResult(d.describe())
}

func (d *descriptor) metadataHashAt(_ context.Context, args []value.Value) (value.Value, error) {
	return hashResult(d.describeAt(args[0].Flags(), args[1].Str()))
}

// hashResult returns a `result<metadata-hash-value, error-code>`.
func hashResult(s sysfs.Stat, err error) (value.Value, error) {
	if err != nil {
		return result(value.Value{}, err)
	}
	lower, upper := s.Hash()
	return result(value.Record([]value.Value{value.U64(lower), value.U64(upper)}), nil)
}

func (d *descriptor) isSameObject(_ context.Context, args []value.Value) (value.Value, error) {
	other, err := handle[*descriptor](args[0])
	if err != nil {
		return value.Value{}, err
	}
	a, err1 := d.describe()
	b, err2 := other.describe()
	return value.Bool(err1 == nil && err2 == nil && a.Same(b)), nil
}

func (d *descriptor) setTimes(_ context.Context, args []value.Value) (value.Value, error) {
	access, modify, err := d.h.newTimes(args[0], args[1])
	switch {
	case err != nil:
	case d.file != nil:
		err = d.file.SetTimes(access, modify)
	default:
		err = d.dir.SetTimes(".", true, access, modify)
	}
	return result(value.Value{}, err)
}

func (d *descriptor) setTimesAt(_ context.Context, args []value.Value) (value.Value, error) {
	return d.at(func(dir *sysfs.Dir) error {
		access, modify, err := d.h.newTimes(args[2], args[3])
		if err != nil {
			return err
		}
		return dir.SetTimes(args[1].Str(), args[0].Flags()&pathFollow != 0, access, modify)
	})
}

// newTimes reads two `new-timestamp`s. The zero time means no change.
func (h *Host) newTimes(a, m value.Value) (access, modify time.Time, err error) {
	if access, err = h.newTime(a); err == nil {
		modify, err = h.newTime(m)
	}
	return access, modify, err
}

// maxTime is the first second that is refused. The system counts nanoseconds since 1970 in 64 bits,
// which all earlier seconds fit.
const maxTime = math.MaxInt64 / int64(time.Second)

func (h *Host) newTime(v value.Value) (time.Time, error) {
	switch v.Case() {
	case 0:
		return time.Time{}, nil
	case 1:
		return h.Now(), nil
	default:
		seconds, nanos := v.Payload().Index(0).U64(), v.Payload().Index(1).U32()
		switch {
		case nanos >= uint32(time.Second):
			return time.Time{}, sysfs.Invalid
		case seconds >= uint64(maxTime):
			return time.Time{}, sysfs.Overflow
		}
		return time.Unix(int64(seconds), int64(nanos)), nil
	}
}
