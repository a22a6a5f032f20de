package lsp

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// overlay is a folder with unsaved texts over it. The texts need not exist as files.
type overlay struct {
	base  fs.FS
	texts map[string][]byte // by path in the folder
}

func (o *overlay) ReadFile(name string) ([]byte, error) {
	if data, ok := o.texts[name]; ok {
		return data, nil
	}
	return fs.ReadFile(o.base, name)
}

func (o *overlay) Stat(name string) (fs.FileInfo, error) {
	if data, ok := o.texts[name]; ok {
		return memInfo{path.Base(name), int64(len(data)), false}, nil
	}
	info, err := fs.Stat(o.base, name)
	if err != nil && o.holds(name) {
		return memInfo{path.Base(name), 0, true}, nil
	}
	return info, err
}

// holds reports whether a text is below a folder.
func (o *overlay) holds(dir string) bool {
	for p := range o.texts {
		if dir == "." || strings.HasPrefix(p, dir+"/") {
			return true
		}
	}
	return false
}

func (o *overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(o.base, name)
	if err != nil && (!errors.Is(err, fs.ErrNotExist) || !o.holds(name)) {
		return entries, err
	}
	seen := map[string]bool{}
	for _, e := range entries {
		seen[e.Name()] = true
	}
	for p := range o.texts {
		rest := p
		if name != "." {
			var ok bool
			if rest, ok = strings.CutPrefix(p, name+"/"); !ok {
				continue
			}
		}
		child, _, dir := strings.Cut(rest, "/")
		if !seen[child] {
			seen[child] = true
			entries = append(entries, fs.FileInfoToDirEntry(memInfo{child, 0, dir}))
		}
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, nil
}

func (o *overlay) Open(name string) (fs.File, error) {
	if data, ok := o.texts[name]; ok {
		return memFile{bytes.NewReader(data), memInfo{path.Base(name), int64(len(data)), false}}, nil
	}
	return o.base.Open(name)
}

type memFile struct {
	*bytes.Reader
	info memInfo
}

func (f memFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f memFile) Close() error               { return nil }

type memInfo struct {
	name string
	size int64
	dir  bool
}

func (i memInfo) Name() string       { return i.name }
func (i memInfo) Size() int64        { return i.size }
func (i memInfo) ModTime() time.Time { return time.Time{} }
func (i memInfo) IsDir() bool        { return i.dir }
func (i memInfo) Sys() any           { return nil }
func (i memInfo) Mode() fs.FileMode {
	if i.dir {
		return fs.ModeDir | 0o777
	}
	return 0o666
}

// emptyFS is an empty folder.
type emptyFS struct{}

func (emptyFS) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}
