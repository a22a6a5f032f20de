package compose

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// maxCache is how large the cache may become before its oldest files go.
const maxCache = 1 << 30

// cache returns the folder for compiled code, made and trimmed, or "" for none. Its files are run without being checked, so
// nobody else may write there.
func (o *runOptions) cache() string {
	if o.noCache {
		return ""
	}
	dir := o.cacheDir
	if dir == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			return ""
		}
		dir = filepath.Join(base, "mortise", "code")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		if o.cacheDir == "" {
			return ""
		}
		return dir // the engine will say why it cannot be used
	}
	trimCache(dir, maxCache)
	return dir
}

// trimCache removes the oldest files until the folder is below limit. Failing to is no matter: another process may be doing the same.
func trimCache(dir string, limit int64) {
	type entry struct {
		path string
		size int64
		used time.Time
	}
	var files []entry
	var total int64
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil
		}
		if info, err := d.Info(); err == nil {
			files = append(files, entry{path, info.Size(), info.ModTime()})
			total += info.Size()
		}
		return nil
	})
	slices.SortFunc(files, func(a, b entry) int { return cmp.Or(a.used.Compare(b.used), cmp.Compare(a.path, b.path)) })
	for _, f := range files {
		if total <= limit {
			return
		}
		if os.Remove(f.path) == nil {
			total -= f.size
		}
	}
}
