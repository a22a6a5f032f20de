package compose

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// ownDir returns a folder with permissions that a cache accepts, whatever the umask.
func ownDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// runCached runs a function of an example with a cache folder.
func runCached(t *testing.T, dir string, args ...string) (code int, out, errOut string) {
	t.Helper()
	std, o, e := testIO()
	args = append([]string{"run", "--cache-dir", dir, "--invoke", "fibonacci(10)"}, args...)
	code = Main(t.Context(), append(args, example(t, "calc.wasm")), std)
	return code, o.String(), e.String()
}

// kept returns the files of a cache with their contents.
func kept(t *testing.T, dir string) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "mortise-v1-*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string]string)
	for _, p := range paths {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		files[p] = string(b)
	}
	return files
}

// However a file of the cache is damaged, the component runs, and the cache is repaired afterwards.
func TestDamagedCache(t *testing.T) {
	rounds := 40
	if os.Getenv("MORTISE_LONG") != "" {
		rounds = 400
	}
	dir := ownDir(t)
	run := func() {
		t.Helper()
		if code, out, errOut := runCached(t, dir); code != 0 || out != "55\n" || errOut != "" {
			t.Fatalf("exit %d, %q, %s", code, out, errOut)
		}
	}
	run()
	whole := kept(t, dir)
	if len(whole) == 0 {
		t.Fatal("nothing is kept")
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for n := range rounds {
		what := ""
		for path, good := range whole {
			b := []byte(good)
			switch n % 6 {
			case 0:
				b = b[:rnd.IntN(len(b))]
				what = fmt.Sprintf("cut to %d bytes", len(b))
			case 1:
				at := rnd.IntN(len(b))
				b[at] ^= 1 << rnd.IntN(8)
				what = fmt.Sprintf("a bit of byte %d", at)
			case 2:
				at := rnd.IntN(64)
				b[at] = byte(rnd.Uint32())
				if b[at] == good[at] {
					b[at]++
				}
				what = fmt.Sprintf("byte %d of the header", at)
			case 3:
				b = nil
				what = "empty"
			case 4:
				b = append(b, b[:rnd.IntN(len(b))+1]...)
				what = "longer"
			case 5:
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
				if err := os.MkdirAll(filepath.Join(path, "folder"), 0o700); err != nil {
					t.Fatal(err)
				}
				what = "a folder"
				continue
			}
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		run()
		if t.Failed() {
			t.Fatalf("damage: %s", what)
		}
		now := kept(t, dir)
		for path, good := range whole {
			if now[path] != good {
				t.Fatalf("damage: %s: %s is not repaired", what, path)
			}
		}
	}
}

// A deadline needs no other code than a run without one.
func TestCacheOfTimeouts(t *testing.T) {
	dir := ownDir(t)
	for range 2 {
		for _, args := range [][]string{nil, {"--timeout", "1m"}} {
			if code, out, errOut := runCached(t, dir, args...); code != 0 || out != "55\n" || errOut != "" {
				t.Fatalf("exit %d, %q, %s", code, out, errOut)
			}
		}
	}
	if n := len(kept(t, dir)); n != 1 {
		t.Errorf("%d files are kept, want 1", n)
	}
}

// A cache that cannot be used is an error if it was requested; otherwise it is ignored.
func TestUnusableCache(t *testing.T) {
	base := ownDir(t)
	file := filepath.Join(base, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, filepath.Join(file, "below")} {
		code, out, errOut := runCached(t, dir)
		if code != 1 || out != "" || !strings.HasPrefix(errOut, "error[compose/cache]: --cache-dir: cannot use `"+dir+"`: ") {
			t.Errorf("%s: exit %d, %q, %s", dir, code, out, errOut)
		}
	}
	if runtime.GOOS != "linux" {
		t.Skip("the folder of the cache is elsewhere")
	}
	for _, cache := range []string{file, filepath.Join(file, "below"), ""} {
		t.Setenv("XDG_CACHE_HOME", cache)
		t.Setenv("HOME", "")
		std, out, errOut := testIO()
		code := Main(t.Context(), []string{"run", "--invoke", "fibonacci(10)", example(t, "calc.wasm")}, std)
		if code != 0 || out.String() != "55\n" || errOut.Len() > 0 {
			t.Errorf("%s: exit %d, %q, %s", cache, code, out, errOut)
		}
	}
}

// A cache that others can write to is not used, and the user is told.
func TestUnsafeCache(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("permission bits say nothing")
	}
	dir := ownDir(t)
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	want := "warning[compose/cache]: compiled code is not kept: `" + dir + "` can be written to by others (mode 0777)\n" +
		" help: run: chmod go-w " + dir + "; or turn off the cache with --no-cache\n"
	if code, out, errOut := runCached(t, dir); code != 0 || out != "55\n" || errOut != want {
		t.Errorf("exit %d, %q, %s", code, out, errOut)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
}

// Files left behind by killed processes are removed.
func TestCacheOfKilledProcess(t *testing.T) {
	dir := ownDir(t)
	part := filepath.Join(dir, "mortise-tmp-1", "wazero", "x.tmp")
	if err := os.MkdirAll(filepath.Dir(part), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(part, bytes.Repeat([]byte("x"), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	old := filepath.Join(dir, "mortise-tmp-1")
	if err := os.Chtimes(old, time.Unix(0, 0), time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	if code, _, errOut := runCached(t, dir); code != 0 {
		t.Fatal(errOut)
	}
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Errorf("%s is still there: %v", old, err)
	}
}

// Code is kept in the user's cache folder unless a flag says otherwise.
func TestDefaultCache(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the folder of the cache is elsewhere")
	}
	base := ownDir(t)
	t.Setenv("XDG_CACHE_HOME", base)
	for _, test := range []struct {
		flag string
		want int
	}{{"--no-cache", 0}, {"--interpret", 0}, {"--color=auto", 1}} {
		std, out, errOut := testIO()
		code := Main(t.Context(), []string{"run", test.flag, "--invoke", "fibonacci(10)", example(t, "calc.wasm")}, std)
		if n := len(kept(t, filepath.Join(base, "mortise", "code"))); code != 0 || out.String() != "55\n" || n != test.want {
			t.Errorf("%s: exit %d, %q, %s; %d files are kept, want %d", test.flag, code, out, errOut, n, test.want)
		}
	}
}
