// Package codecache keeps compiled code between processes and gives the engine only code that it
// wrote itself.
//
// The engine has a cache of its own: a folder with one file per module, which it trusts. A damaged
// file makes the engine fail, crash, or run the wrong code. So the engine never sees the permanent
// folder. While it compiles modules, it has a folder that was empty before. This package puts those
// files of the modules into it whose checksum is correct, and afterwards takes the files that the
// engine added. A damaged file is removed, and the module is compiled again.
//
// The engine does not tell which module a new file belongs to. If it compiles one at a time, there
// is no doubt. If not, and several files are new, each of them is kept for every module that it
// compiles at the moment: the engine knows its files and ignores those that it does not need.
//
// Layout, below the user's folder:
//
//	mortise-v1-wazero-v1.12.0-amd64-linux/    code of one version of the engine for one platform
//	    KEY.NAME.SUM                          a file that the engine calls NAME, of the module KEY
//	mortise-tmp-123456/                       the engine's view, removed after compiling
//
// Checksums protect against accidents. They cannot protect against others who can write to the
// folder, so a folder that others can write to is refused.
package codecache

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// maxSize is the maximum size of the folder when it is opened, in bytes. Above it, the code that
	// was unused for longest is removed.
	maxSize = 1 << 30
	// stale is the age at which a temporary folder is assumed to belong to a process that was killed.
	// If that process is alive after all, it compiles as if there were no cache.
	stale = time.Hour
)

const (
	storePrefix = "mortise-v1-"
	tmpPrefix   = "mortise-tmp-"
)

// tmpName matches the names of temporary folders, and entryName those of files in a store. Files
// and folders with other names are not ours and stay.
var tmpName = regexp.MustCompile(`^` + tmpPrefix + `[0-9]+$`)

// fileName matches the files that the engine has finished.
var fileName = regexp.MustCompile(`^[0-9a-f]{64}$`)

var entryName = regexp.MustCompile(`^([0-9a-f]{32})\.([0-9a-f]{64})\.([0-9a-f]{16})$`)

// UnsafeError says that a folder is refused because others could put code into it.
type UnsafeError struct {
	// Dir is the folder.
	Dir string
	// Reason says what is wrong. Remedy is the command or action that fixes it.
	Reason, Remedy string
}

func (e *UnsafeError) Error() string { return fmt.Sprintf("folder `%s` %s", e.Dir, e.Reason) }

// Cache is a folder of compiled code. It is safe for concurrent use once it is bound, and any
// number of caches, in this process and in others, may use one folder.
type Cache struct {
	store string // the folder with the KEY.NAME.SUM files
	tmp   string // the folder that the engine uses
	files string // the folder in tmp in which the engine keeps files

	mu    sync.Mutex
	index map[Key][]string
	uses  map[*Use]bool
	known map[string]bool // the files in the engine's folder that were put there or have been kept
}

// Use is the compilation of one module with a cache.
type Use struct {
	cache *Cache
	key   Key
	given map[string]bool // the files that the engine was given for the module
}

// Key identifies a module and how it is compiled.
type Key [16]byte

// KeyOf returns the key of a module compiled in the given variant.
func KeyOf(module []byte, variant string) Key {
	sum := sha256.Sum256(append(sha256Of(module), variant...))
	return Key(sum[:len(Key{})])
}

func sha256Of(b []byte) []byte {
	sum := sha256.Sum256(b)
	return sum[:]
}

// Open opens the cache in dir, which it creates if missing. It removes code that was not used for
// long, and folders that killed processes left behind. If others can write to the folder, the error
// is an [*UnsafeError].
func Open(dir string) (*Cache, error) { return open(dir, maxSize, time.Now()) }

func open(dir string, limit int64, now time.Time) (*Cache, error) {
	if err := makeSafe(dir); err != nil {
		return nil, err
	}
	// A name that other programs can guess is harmless in a folder that they cannot write to.
	tmp, err := os.MkdirTemp(dir, tmpPrefix)
	if err != nil {
		return nil, err
	}
	trim(dir, limit, now)
	return &Cache{tmp: tmp}, nil
}

// makeSafe creates a folder unless it exists. It refuses a folder that others can write to.
func makeSafe(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if reason, remedy := unsafeReason(dir, info); reason != "" {
		return &UnsafeError{dir, reason, remedy}
	}
	return nil
}

// Dir returns the folder for the engine to use.
func (c *Cache) Dir() string { return c.tmp }

// Bind completes Open after the engine has created the folder for its version in Dir.
func (c *Cache) Bind() error {
	made, err := os.ReadDir(c.tmp)
	if err == nil && len(made) != 1 {
		err = fmt.Errorf("the engine made %d folders in its cache, not 1", len(made))
	}
	if err != nil {
		return errors.Join(err, c.Close())
	}
	c.store = filepath.Join(filepath.Dir(c.tmp), storePrefix+made[0].Name())
	c.files = filepath.Join(c.tmp, made[0].Name())
	if err := makeSafe(c.store); err != nil {
		return errors.Join(err, c.Close())
	}
	entries, err := os.ReadDir(c.store)
	if err != nil {
		return errors.Join(err, c.Close())
	}
	c.index = make(map[Key][]string)
	for _, e := range entries {
		if m := entryName.FindStringSubmatch(e.Name()); m != nil {
			var k Key
			if _, err := hex.Decode(k[:], []byte(m[1])); err != nil {
				panic(fmt.Sprintf("unreachable: %v", err))
			}
			c.index[k] = append(c.index[k], e.Name())
		}
	}
	return c.Close() // Begin makes it again when it is needed
}

// Begin prepares the engine's folder for a module. It ignores errors: the engine then finds no
// code. Call [Use.End] when the module is compiled.
func (c *Cache) Begin(key Key) *Use {
	c.mu.Lock()
	defer c.mu.Unlock()
	u := &Use{c, key, make(map[string]bool)}
	if len(c.uses) == 0 {
		c.uses, c.known = make(map[*Use]bool), make(map[string]bool)
	}
	c.uses[u] = true
	if os.MkdirAll(c.files, 0o700) != nil {
		return u
	}
	for _, entry := range c.index[key] {
		m := entryName.FindStringSubmatch(entry)
		if c.known[m[2]] {
			u.given[m[2]] = true
			continue
		}
		from, to := filepath.Join(c.store, entry), filepath.Join(c.files, m[2])
		if err := link(from, to); errors.Is(err, fs.ErrNotExist) {
			continue // another process removed the file
		}
		if sum, err := checksum(to); err != nil || sum != m[3] {
			_ = os.RemoveAll(to)
			_ = os.RemoveAll(from)
			continue
		}
		u.given[m[2]], c.known[m[2]] = true, true
		now := time.Now()
		_ = os.Chtimes(from, now, now)
	}
	return u
}

// Forget removes the files that Begin gave to the engine. Call it if the engine cannot use them.
func (u *Use) Forget() {
	c := u.cache
	c.mu.Lock()
	defer c.mu.Unlock()
	c.index[u.key] = slices.DeleteFunc(c.index[u.key], func(entry string) bool {
		name := entryName.FindStringSubmatch(entry)[2]
		if u.given[name] {
			_ = os.Remove(filepath.Join(c.store, entry))
			_ = os.Remove(filepath.Join(c.files, name))
			delete(c.known, name)
		}
		return u.given[name]
	})
	clear(u.given)
	if len(c.uses) == 1 {
		_ = os.RemoveAll(c.tmp)
	}
}

// End keeps the files that the engine added since Begin.
func (u *Use) End() {
	c := u.cache
	c.mu.Lock()
	defer c.mu.Unlock()
	entries, _ := os.ReadDir(c.files)
	added := slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return c.known[e.Name()] || !fileName.MatchString(e.Name()) })
	for _, e := range added {
		sum, err := checksum(filepath.Join(c.files, e.Name()))
		if err != nil {
			continue
		}
		c.known[e.Name()] = true
		c.keep(u.key, e.Name(), sum)
		if len(added) == 1 {
			continue // it is the one that the engine made for this module
		}
		for other := range c.uses {
			if other.key != u.key {
				c.keep(other.key, e.Name(), sum)
			}
		}
	}
	if delete(c.uses, u); len(c.uses) == 0 {
		_ = c.Close()
	}
}

// keep gives a file in the engine's folder a name in the store.
func (c *Cache) keep(key Key, name, sum string) {
	entry := hex.EncodeToString(key[:]) + "." + name + "." + sum
	from, to := filepath.Join(c.files, name), filepath.Join(c.store, entry)
	if link(from, to) != nil {
		// The name may be taken by something else, or somebody may have removed the store.
		_ = os.RemoveAll(to)
		_ = os.MkdirAll(c.store, 0o700)
		if link(from, to) != nil {
			return
		}
	}
	if !slices.Contains(c.index[key], entry) {
		c.index[key] = append(c.index[key], entry)
	}
}

// Close removes the engine's folder.
func (c *Cache) Close() error { return os.RemoveAll(c.tmp) }

// link gives a file a second name, or copies it if that is impossible.
func link(from, to string) error {
	err := os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// checksum returns the checksum of a regular file: two CRCs of different polynomials, which
// processors compute as fast as they read.
func checksum(path string) (string, error) {
	// Opening a pipe would block.
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
		return "", cmp.Or(err, errors.New("not a file"))
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	a, b := crc32.New(castagnoli), crc32.NewIEEE()
	if _, err := io.CopyBuffer(struct{ io.Writer }{io.MultiWriter(a, b)}, struct{ io.Reader }{f}, make([]byte, 1<<18)); err != nil {
		return "", err
	}
	return hex.EncodeToString(b.Sum(a.Sum(nil))), nil
}

// trim removes temporary folders of killed processes. It also removes the code that was unused for
// longest until the rest fits limit. It ignores errors, since another process may be doing the
// same.
func trim(dir string, limit int64, now time.Time) {
	type entry struct {
		path string
		size int64
		used time.Time
	}
	var files []entry
	var total int64
	top, _ := os.ReadDir(dir)
	for _, d := range top {
		path := filepath.Join(dir, d.Name())
		switch {
		case !d.IsDir():
		case tmpName.MatchString(d.Name()):
			if info, err := d.Info(); err == nil && now.Sub(info.ModTime()) > stale {
				_ = os.RemoveAll(path)
			}
		case strings.HasPrefix(d.Name(), storePrefix):
			inside, _ := os.ReadDir(path)
			for _, f := range inside {
				if info, err := f.Info(); err == nil && info.Mode().IsRegular() && entryName.MatchString(f.Name()) {
					files = append(files, entry{filepath.Join(path, f.Name()), info.Size(), info.ModTime()})
					total += info.Size()
				}
			}
		}
	}
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
