package sysfs

import (
	"errors"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// Dir is an open directory. Paths given to its methods are relative to it and cannot leave it. It
// is safe for concurrent use.
type Dir struct {
	root *os.Root
	// top is the directory that the host opened, and path leads from it to this directory.
	top  *os.Root
	path string
	// escape is the error that root returns for paths that leave it. Package os does not export it.
	escape   error
	readOnly bool
}

// OpenDir opens a directory of the host. If readOnly is true, attempts to change anything through
// it fail with [ReadOnly].
func OpenDir(host string, readOnly bool) (*Dir, error) {
	r, err := os.OpenRoot(host)
	if err != nil {
		return nil, err
	}
	d := &Dir{root: r, top: r, path: ".", readOnly: readOnly}
	var escape *fs.PathError
	if _, err := r.Lstat(".."); errors.As(err, &escape) {
		d.escape = escape.Err
	}
	return d, nil
}

// Close closes the directory. Directories and files opened through it stay open.
func (d *Dir) Close() error { return d.root.Close() }

// ReadOnly reports whether changes through d are refused.
func (d *Dir) ReadOnly() bool { return d.readOnly }

// check refuses paths that have different meanings on different systems.
func check(path string) error {
	switch {
	case path == "":
		return NoEntry
	case path[0] == '/':
		return NotPermitted
	case strings.IndexByte(path, 0) >= 0:
		return Invalid
	}
	return nil
}

// mutable returns an error if path in d may not be changed.
func (d *Dir) mutable(path string) error {
	if err := check(path); err != nil {
		return err
	}
	if d.readOnly {
		return ReadOnly
	}
	return nil
}

// fix returns NotPermitted if err says that a path leaves d, and err otherwise.
func (d *Dir) fix(err error) error {
	if err != nil && d.escape != nil && errors.Is(err, d.escape) {
		return NotPermitted
	}
	return err
}

// Open says how to open a file.
type Open struct {
	// Follow follows a symbolic link at the end of the path. Without it, such a link fails with
	// [Loop].
	Follow bool
	// Create creates the file if it is missing. Exclusive, with Create, fails if the file exists.
	// Truncate empties the file. Directory fails unless the path is a directory; it cannot be combined
	// with the others.
	Create, Directory, Exclusive, Truncate bool
	// Read and Write are the intended access. If neither is set, Read is assumed. Create and Truncate
	// imply Write.
	Read, Write bool
	// Sync makes each write wait for the device.
	Sync bool
}

// Open opens the file or directory at path. It returns one of the two.
func (d *Dir) Open(path string, o Open) (*File, *Dir, error) {
	if err := check(path); err != nil {
		return nil, nil, err
	}
	if o.Directory && (o.Create || o.Exclusive || o.Truncate) {
		return nil, nil, Invalid
	}
	if !o.Write && !o.Create && !o.Truncate {
		o.Read = true
	} else {
		o.Write = true
	}
	if d.readOnly && o.Write {
		return nil, nil, ReadOnly
	}
	if !o.Follow && !(o.Create && o.Exclusive) {
		// A link created after this check is followed, but it cannot lead outside either.
		if info, err := d.root.Lstat(path); err == nil && info.Mode().Type() == fs.ModeSymlink {
			return nil, nil, Loop
		}
	}
	if o.Directory {
		if o.Write {
			return nil, nil, d.notDirectory(path)
		}
		sub, err := d.openDir(path)
		return nil, sub, err
	}
	return d.openFile(path, o)
}

// notDirectory returns the error for opening path as a directory for writing.
func (d *Dir) notDirectory(path string) error {
	switch info, err := d.root.Stat(path); {
	case err != nil:
		return d.fix(err)
	case info.IsDir():
		return IsDirectory
	default:
		return NotDirectory
	}
}

func (d *Dir) openFile(path string, o Open) (*File, *Dir, error) {
	flags := openFlags
	switch {
	case o.Read && o.Write:
		flags |= os.O_RDWR
	case o.Write:
		flags |= os.O_WRONLY
	}
	for _, f := range []struct {
		on   bool
		flag int
	}{{o.Create, os.O_CREATE}, {o.Exclusive && o.Create, os.O_EXCL}, {o.Truncate, os.O_TRUNC}, {o.Sync, os.O_SYNC}} {
		if f.on {
			flags |= f.flag
		}
	}
	f, err := d.root.OpenFile(path, flags, 0o666)
	if err != nil {
		return nil, nil, d.fix(err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	if info.IsDir() {
		if err := f.Close(); err != nil {
			return nil, nil, err
		}
		if o.Write {
			return nil, nil, IsDirectory
		}
		sub, err := d.openDir(path)
		return nil, sub, err
	}
	return &File{f: f, dir: d, path: path, readable: o.Read, writable: o.Write, sync: o.Sync}, nil, nil
}

// openDir opens a directory. The dot at the end of the path makes the system look for a directory
// instead of waiting for the peer of a fifo.
func (d *Dir) openDir(path string) (*Dir, error) {
	r, err := d.root.OpenRoot(path + "/.")
	if err != nil {
		return nil, d.fix(err)
	}
	return &Dir{root: r, top: d.top, path: d.path + "/" + path, escape: d.escape, readOnly: d.readOnly}, nil
}

// Mkdir makes a directory.
func (d *Dir) Mkdir(path string) error {
	if err := d.mutable(path); err != nil {
		return err
	}
	return d.fix(d.root.Mkdir(path, 0o777))
}

// Rmdir removes an empty directory.
func (d *Dir) Rmdir(path string) error {
	return d.remove(path, func(isDir bool) error {
		if !isDir {
			return NotDirectory
		}
		return nil
	})
}

// Unlink removes anything but a directory.
func (d *Dir) Unlink(path string) error {
	return d.remove(path, func(isDir bool) error {
		if isDir {
			return IsDirectory
		}
		return nil
	})
}

func (d *Dir) remove(path string, ok func(isDir bool) error) error {
	if err := d.mutable(path); err != nil {
		return err
	}
	info, err := d.root.Lstat(path)
	if err != nil {
		return d.fix(err)
	}
	if err := ok(info.IsDir()); err != nil {
		return err
	}
	return d.fix(d.root.Remove(path))
}

// pair returns a directory that contains both oldname in d and newname in to, and the paths from
// there. If d and to are the same, that is the directory; otherwise it is the one that the host
// opened. The error is [CrossDevice] if the host opened the two separately, or if one of them was
// moved.
func (d *Dir) pair(oldname string, to *Dir, newname string) (r *os.Root, oldPath, newPath string, err error) {
	if err := d.mutable(oldname); err != nil {
		return nil, "", "", err
	}
	if err := to.mutable(newname); err != nil {
		return nil, "", "", err
	}
	if d.root == to.root {
		return d.root, oldname, newname, nil
	}
	if d.top != to.top {
		return nil, "", "", CrossDevice
	}
	for _, end := range []struct {
		dir  *Dir
		path string
	}{{d, oldname}, {to, newname}} {
		here, err := end.dir.root.Lstat(".")
		if err != nil {
			return nil, "", "", err
		}
		there, err := d.top.Stat(end.dir.path)
		if err != nil || !os.SameFile(here, there) {
			return nil, "", "", CrossDevice
		}
		// From the top, a path that leaves the directory would go unnoticed.
		if _, err := end.dir.root.Lstat(end.path); err != nil && end.dir.fix(err) == NotPermitted {
			return nil, "", "", NotPermitted
		}
	}
	return d.top, d.path + "/" + oldname, to.path + "/" + newname, nil
}

// Rename moves oldname in d to newname in to. It replaces an existing file; a directory may replace
// an empty directory.
func (d *Dir) Rename(oldname string, to *Dir, newname string) error {
	r, oldname, newname, err := d.pair(oldname, to, newname)
	if err != nil {
		return err
	}
	if err = r.Rename(oldname, newname); !errors.Is(err, fs.ErrExist) {
		return d.fix(err)
	}
	// os.Root does not replace directories, not even a directory by itself.
	from, err1 := r.Lstat(oldname)
	there, err2 := r.Lstat(newname)
	switch {
	case err1 != nil || err2 != nil || !there.IsDir():
		return err
	case os.SameFile(from, there):
		return nil
	case !from.IsDir():
		return IsDirectory
	}
	if err := r.Remove(newname); err != nil {
		return err
	}
	if err := r.Rename(oldname, newname); err != nil {
		return errors.Join(d.fix(err), r.Mkdir(newname, there.Mode().Perm()))
	}
	return nil
}

// Link makes newname in to another name of the file at oldname in d. If oldname is a symbolic link,
// the link itself gets the new name.
func (d *Dir) Link(oldname string, to *Dir, newname string) error {
	r, oldname, newname, err := d.pair(oldname, to, newname)
	if err != nil {
		return err
	}
	return d.fix(r.Link(oldname, newname))
}

// Symlink creates a symbolic link at path. The target must be relative. Whether it leads outside is
// checked when the link is used.
func (d *Dir) Symlink(target, path string) error {
	if err := d.mutable(path); err != nil {
		return err
	}
	if err := check(target); err != nil {
		return err
	}
	return d.fix(d.root.Symlink(target, path))
}

// Readlink returns the target of a symbolic link. An absolute target is [NotPermitted].
func (d *Dir) Readlink(path string) (string, error) {
	if err := check(path); err != nil {
		return "", err
	}
	target, err := d.root.Readlink(path)
	if err != nil {
		return "", d.fix(err)
	}
	if target != "" && os.IsPathSeparator(target[0]) {
		return "", NotPermitted
	}
	return target, nil
}

// Stat describes the file at path. If path is a symbolic link, follow says whether to describe its
// target or the link.
func (d *Dir) Stat(path string, follow bool) (Stat, error) {
	if err := check(path); err != nil {
		return Stat{}, err
	}
	stat := d.root.Lstat
	if follow {
		stat = d.root.Stat
	}
	info, err := stat(path)
	if err != nil {
		return Stat{}, d.fix(err)
	}
	return newStat(info, func() (*os.File, error) {
		if info.Mode().Type() == fs.ModeSymlink {
			return nil, Loop
		}
		return d.root.OpenFile(path, openFlags, 0)
	}), nil
}

// SetTimes sets the times of the file at path. Zero times mean no change. The times of a symbolic
// link itself cannot be set.
func (d *Dir) SetTimes(path string, follow bool, access, modify time.Time) error {
	if err := d.mutable(path); err != nil {
		return err
	}
	if !follow {
		info, err := d.root.Lstat(path)
		if err != nil {
			return d.fix(err)
		}
		if info.Mode().Type() == fs.ModeSymlink {
			return Unsupported
		}
	}
	return d.fix(d.root.Chtimes(path, access, modify))
}

// Sync flushes the directory itself to its device.
func (d *Dir) Sync() error {
	if runtime.GOOS == "windows" {
		return nil // Windows cannot sync directories
	}
	f, err := d.root.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Entry is an entry of a directory.
type Entry struct {
	Name string
	Type Type
}

// Entries returns the entries of the directory sorted by name, without "." and "..".
func (d *Dir) Entries() ([]Entry, error) {
	f, err := d.root.Open(".")
	if err != nil {
		return nil, err
	}
	list, err := f.ReadDir(-1)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	out := make([]Entry, len(list))
	for i, e := range list {
		out[i] = Entry{e.Name(), typeOf(e.Type())}
	}
	slices.SortFunc(out, func(a, b Entry) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}
