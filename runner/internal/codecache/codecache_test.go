package codecache

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// engineFolder is the folder that the engine creates below the folder it is given.
const engineFolder = "engine-1"

// opened returns a cache opened as the engine does.
func opened(t *testing.T, dir string) *Cache {
	t.Helper()
	c, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(c.Dir(), engineFolder), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := c.Bind(); err != nil {
		t.Fatal(err)
	}
	return c
}

// engineName returns the engine's file name for the code of a module.
func engineName(module string) string {
	return fmt.Sprintf("%x", sha256Of([]byte("engine"+module)))
}

// compile does what the engine does: it uses the code that it finds, or adds its own. It returns
// the code that it ran and reports whether that was found.
func compile(t *testing.T, c *Cache, module, code string) (ran string, found bool) {
	t.Helper()
	u := c.Begin(KeyOf([]byte(module), ""))
	defer u.End()
	return engineCompiles(t, c, module, code)
}

// engineCompiles is the engine's part of compile.
func engineCompiles(t *testing.T, c *Cache, module, code string) (ran string, found bool) {
	t.Helper()
	path := filepath.Join(c.Dir(), engineFolder, engineName(module))
	b, err := os.ReadFile(path)
	if err == nil {
		return string(b), true
	}
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s: %v", module, err)
	}
	if err := os.WriteFile(path, []byte(code), 0o600); err != nil {
		t.Error(err)
	}
	return code, false
}

// entries returns the paths of the files kept in dir.
func entries(t *testing.T, dir string) []string {
	t.Helper()
	out, err := filepath.Glob(filepath.Join(dir, storePrefix+"*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "here")
	first := opened(t, dir)
	for n, want := range []bool{false, true} {
		if got, found := compile(t, first, "m", "code"); got != "code" || found != want {
			t.Errorf("compiling %d: %s, found %v", n, got, found)
		}
	}
	second := opened(t, dir)
	if got, found := compile(t, second, "m", "other"); got != "code" || !found {
		t.Errorf("in another process: %s, found %v", got, found)
	}
	if _, found := compile(t, second, "n", "other"); found {
		t.Error("another module is found")
	}
	for _, m := range []string{"m", "n"} {
		if KeyOf([]byte(m), "") == KeyOf([]byte(m), "variant") {
			t.Error("two variants have one key")
		}
	}
	if got := entries(t, dir); len(got) != 2 {
		t.Errorf("kept: %q", got)
	}
	// Nothing else is left.
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("%v, %v", left, err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 && filepath.Separator == '/' {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// However a file is damaged, its code is not used, and correct code replaces it.
func TestDamaged(t *testing.T) {
	code := strings.Repeat("code", 100)
	for name, damage := range map[string]func(path string) error{
		"empty":     func(p string) error { return os.Truncate(p, 0) },
		"truncated": func(p string) error { return os.Truncate(p, int64(len(code)-3)) },
		"longer": func(p string) error {
			return os.WriteFile(p, []byte(code+"\x00"), 0o600)
		},
		"one bit": func(p string) error {
			b := []byte(code)
			b[len(b)/2] ^= 4
			return os.WriteFile(p, b, 0o600)
		},
		"two words": func(p string) error {
			return os.WriteFile(p, []byte("deco"+code[4:]), 0o600)
		},
		"removed": os.Remove,
		"folder":  func(p string) error { return errors.Join(os.Remove(p), os.Mkdir(p, 0o700)) },
		"full folder": func(p string) error {
			return errors.Join(os.Remove(p), os.MkdirAll(filepath.Join(p, "x", "y"), 0o700))
		},
		"dangling link": func(p string) error { return errors.Join(os.Remove(p), os.Symlink("nowhere", p)) },
		"another's sum": func(p string) error {
			return os.Rename(p, p[:len(p)-16]+strings.Repeat("0", 16))
		},
		"the store": func(p string) error { return os.RemoveAll(filepath.Dir(p)) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			chmod(t, dir)
			compile(t, opened(t, dir), "m", code)
			kept := entries(t, dir)
			if len(kept) != 1 {
				t.Fatalf("kept: %q", kept)
			}
			before := opened(t, dir) // an older process that knows the file
			if err := damage(kept[0]); err != nil {
				t.Skip(err)
			}
			for n := range 2 {
				c := before
				if n > 0 {
					c = opened(t, dir)
				}
				got, found := compile(t, c, "m", code)
				if got != code || found != (n > 0) {
					t.Errorf("process %d: found %v, right %v", n, found, got == code)
				}
			}
			if got := entries(t, dir); len(got) != 1 || got[0] != kept[0] {
				t.Errorf("kept: %q, before: %q", got, kept)
			}
		})
	}
}

// chmod makes a folder of the test safe for a cache, whatever the umask.
func chmod(t *testing.T, dir string) {
	t.Helper()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
}

// A file that the engine cannot use is removed by Forget.
func TestForget(t *testing.T) {
	dir := t.TempDir()
	chmod(t, dir)
	c := opened(t, dir)
	compile(t, c, "m", "code")
	u := c.Begin(KeyOf([]byte("m"), ""))
	u.Forget()
	u.End()
	if got := entries(t, dir); len(got) != 0 {
		t.Errorf("kept: %q", got)
	}
	if _, found := compile(t, c, "m", "code"); found {
		t.Error("found")
	}
}

// Unfinished files and files of other programs are not kept.
func TestUnfinished(t *testing.T) {
	dir := t.TempDir()
	chmod(t, dir)
	c := opened(t, dir)
	u := c.Begin(KeyOf([]byte("m"), ""))
	for _, name := range []string{engineName("m") + ".123.tmp", "x", strings.ToUpper(engineName("m"))} {
		if err := os.WriteFile(filepath.Join(c.Dir(), engineFolder, name), []byte("part"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(c.Dir(), engineFolder, engineName("n")), 0o700); err != nil {
		t.Fatal(err)
	}
	u.End()
	if got := entries(t, dir); len(got) != 0 {
		t.Errorf("kept: %q", got)
	}
}

// Modules that are compiled at the same time are all found later, in whatever order they were
// finished. If only one file is new, it is kept for its own module only.
func TestOverlappingUses(t *testing.T) {
	key := func(m string) Key { return KeyOf([]byte(m), "") }
	for _, r := range []struct {
		steps string // + begins, = compiles, - ends
		kept  int
	}{
		{"+a +b =a -a =b -b", 2},
		{"+a +b =b -b =a -a", 2},
		{"+a +b =a =b -a -b", 4},
		{"+a =a +b +c =b =c -b -a -c", 9},
		{"+a +a =a -a -a", 1},
		{"+a =a -a +a +b =b -b -a", 2},
		{"+a +b -a =b -b", 1}, // a does not compile
	} {
		dir := t.TempDir()
		chmod(t, dir)
		c := opened(t, dir)
		uses := make(map[string][]*Use)
		var compiled []string
		for _, s := range strings.Fields(r.steps) {
			switch m := s[1:]; s[0] {
			case '+':
				uses[m] = append(uses[m], c.Begin(key(m)))
			case '=':
				engineCompiles(t, c, m, "code of "+m)
				compiled = append(compiled, m)
			case '-':
				uses[m][0].End()
				uses[m] = uses[m][1:]
			}
		}
		if got := len(entries(t, dir)); got != r.kept {
			t.Errorf("%s: %d files, want %d", r.steps, got, r.kept)
		}
		for _, c := range []*Cache{c, opened(t, dir)} {
			for _, m := range compiled {
				if code, found := compile(t, c, m, "again"); !found || code != "code of "+m {
					t.Errorf("%s: %s is %q, found: %t", r.steps, m, code, found)
				}
			}
			if _, err := os.Lstat(c.Dir()); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s: the engine's folder is left: %v", r.steps, err)
			}
		}
	}
}

// Many goroutines compile at once, and each runs its own code.
func TestConcurrentUses(t *testing.T) {
	dir := t.TempDir()
	chmod(t, dir)
	c := opened(t, dir)
	var wg sync.WaitGroup
	for g := range 6 {
		wg.Go(func() {
			for n := range 30 {
				m := fmt.Sprint((g*7 + n) % 10)
				u := c.Begin(KeyOf([]byte(m), ""))
				path := filepath.Join(c.Dir(), engineFolder, engineName(m))
				if b, err := os.ReadFile(path); err == nil && string(b) != m {
					t.Errorf("module %s runs %q", m, b)
				} else if err != nil {
					// The engine finishes a file by giving it its name.
					part := fmt.Sprintf("%s.%d.tmp", path, g)
					if err := errors.Join(os.WriteFile(part, []byte(m), 0o600), os.Rename(part, path)); err != nil {
						t.Error(err)
					}
				}
				u.End()
			}
		})
	}
	wg.Wait()
	for n := range 10 {
		if _, found := compile(t, c, fmt.Sprint(n), ""); !found {
			t.Errorf("module %d is not kept", n)
		}
	}
}

func TestBind(t *testing.T) {
	for _, folders := range [][]string{nil, {"a", "b"}} {
		c, err := Open(t.TempDir())
		var unsafe *UnsafeError
		if errors.As(err, &unsafe) {
			t.Skip(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range folders {
			if err := os.Mkdir(filepath.Join(c.Dir(), f), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.Bind(); err == nil {
			t.Errorf("bound with the folders %q", folders)
		}
	}
}

func TestTrim(t *testing.T) {
	now := time.Now()
	const store = storePrefix + engineFolder
	entry := func(n int) string {
		return fmt.Sprintf("%s/%032x.%064x.%016x", store, n, n, n)
	}
	for _, test := range []struct {
		name  string
		limit int64
		want  []int
	}{
		{"all fits, to the byte", 40, []int{1, 2, 3, 4}},
		{"a byte too much", 39, []int{1, 2, 3}},
		{"half", 20, []int{1, 2}},
		{"little", 10, []int{1}},
		{"nothing", 9, nil},
	} {
		dir := t.TempDir()
		// 4 is the oldest.
		var want []string
		for n := 1; n <= 4; n++ {
			write(t, filepath.Join(dir, entry(n)), 10, now.Add(-time.Duration(n)*time.Hour))
		}
		for _, n := range test.want {
			want = append(want, entry(n))
		}
		// Files that are not ours stay, however old and large they are.
		others := []string{"file", tmpPrefix + "x/file", "tmp-1/file", store + "/README", store + "/" + strings.Repeat("0", 64), "wazero-v1/" + filepath.Base(entry(9))}
		for _, f := range others {
			write(t, filepath.Join(dir, f), 1000, now.Add(-1000*time.Hour))
		}
		for _, age := range []time.Duration{0, stale - time.Second, stale + time.Second} {
			f := filepath.Join(dir, tmpPrefix+fmt.Sprint(int(age)), engineFolder, "part")
			write(t, f, 10, now)
			at := now.Add(-age)
			if err := os.Chtimes(filepath.Dir(filepath.Dir(f)), at, at); err != nil {
				t.Fatal(err)
			}
			if age < stale {
				others = append(others, strings.TrimPrefix(f, dir+string(filepath.Separator)))
			}
		}
		trim(dir, test.limit, now)
		for _, f := range append(want, others...) {
			if _, err := os.Stat(filepath.Join(dir, f)); err != nil {
				t.Errorf("%s: %v", test.name, err)
			}
		}
		left := 0
		_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, _ error) error {
			if !d.IsDir() {
				left++
			}
			return nil
		})
		if left != len(want)+len(others) {
			t.Errorf("%s: %d files are left, want %d", test.name, left, len(want)+len(others))
		}
	}
}

// Using code keeps it from becoming old.
func TestUseKeepsYoung(t *testing.T) {
	dir := t.TempDir()
	chmod(t, dir)
	c := opened(t, dir)
	compile(t, c, "m", "code")
	kept := entries(t, dir)[0]
	old := time.Now().Add(-1000 * time.Hour)
	if err := os.Chtimes(kept, old, old); err != nil {
		t.Fatal(err)
	}
	compile(t, c, "m", "code")
	if info, err := os.Stat(kept); err != nil || time.Since(info.ModTime()) > time.Hour {
		t.Errorf("last used %v, %v", info.ModTime(), err)
	}
}

func write(t *testing.T, path string, size int, at time.Time) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err == nil {
		err = os.WriteFile(path, bytes.Repeat([]byte("x"), size), 0o600)
	}
	if err == nil {
		err = os.Chtimes(path, at, at)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestOpenFails(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "file"), 1, time.Now())
	for _, path := range []string{filepath.Join(dir, "file"), filepath.Join(dir, "file", "below")} {
		if _, err := Open(path); err == nil {
			t.Errorf("%s is taken for a folder", path)
		}
	}
}

func BenchmarkChecksum(b *testing.B) {
	path := filepath.Join(b.TempDir(), "f")
	if err := os.WriteFile(path, make([]byte, 32<<20), 0o600); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(32 << 20)
	for b.Loop() {
		if _, err := checksum(path); err != nil {
			b.Fatal(err)
		}
	}
}
