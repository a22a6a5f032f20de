package wit

import (
	"errors"
	"io/fs"
	"path"
	"strings"
)

// maxLinks limits the number of links on the way to a file, because links can form cycles.
const maxLinks = 40

var (
	errNotRegular = errors.New("it is not a regular file")
	errLeads      = errors.New("it is a link that leads out of the folder of the package")
	errManyLinks  = errors.New("there are too many links on the way to it")
)

// checkFile returns an error unless p is a regular file or a link to one. The file was found in the
// folder root of fsys, and links must not lead out of it. A folder may come from anywhere: reading
// a pipe could block forever, a device may be endless, and a link could expose a file outside.
func checkFile(fsys fs.FS, root, p string) error {
	info, err := fs.Stat(fsys, p)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errNotRegular
	}
	links := 0
	todo := []string{path.Base(p)}
	at := path.Dir(p)
	for len(todo) > 0 {
		name := todo[0]
		todo = todo[1:]
		switch name {
		case "", ".":
			continue
		case "..":
			at = path.Join(at, "..")
			continue
		}
		next := path.Join(at, name)
		if !within(root, next) {
			return errLeads
		}
		if info, err = fs.Lstat(fsys, next); err != nil {
			return err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			at = next
			continue
		}
		target, err := fs.ReadLink(fsys, next)
		if err != nil {
			return err
		}
		if links++; links > maxLinks {
			return errManyLinks
		}
		if path.IsAbs(target) || strings.ContainsAny(target, `\:`) { // also on Windows
			return errLeads
		}
		todo = append(strings.Split(target, "/"), todo...)
	}
	return nil
}

// within reports whether p is below root.
func within(root, p string) bool {
	if root == "." {
		return p != ".." && !strings.HasPrefix(p, "../")
	}
	return strings.HasPrefix(p, root+"/")
}
