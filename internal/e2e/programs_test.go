package e2e_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/internal/golden"
	"github.com/mortise-wasm/mortise/internal/reftool"
)

const programs = "internal/e2e/testdata/programs"

// languages are the languages of the programs: each compiles a program and returns the core module.
// The first two are Go.
var languages = []struct {
	name    string
	compile func(t *testing.T, program string) string
}{
	{"Go", func(t *testing.T, program string) string { return reftool.GoWASI(t, programs+"/"+program) }},
	{"TinyGo", func(t *testing.T, program string) string { return reftool.TinyGo(t, programs+"/"+program) }},
	{"C", func(t *testing.T, program string) string {
		return reftool.Clang(t, filepath.Join("testdata", "programs", "c", program+".c"))
	}},
	{"C++", func(t *testing.T, program string) string {
		return reftool.ClangCXX(t, filepath.Join("testdata", "programs", "c", program+".cc"))
	}},
}

// component makes a component of a core module with `compose new`.
func component(t *testing.T, module string, flags ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "component.wasm")
	if code, _, errOut := run(t, "", append([]string{"new", module, "-o", path}, flags...)...); code != 0 {
		t.Fatalf("compose new: exit %d\n%s", code, errOut)
	}
	valid(t, path)
	return path
}

func TestHello(t *testing.T) {
	for _, l := range languages {
		t.Run(l.name, func(t *testing.T) {
			app := component(t, l.compile(t, "hello"))
			if code, out, errOut := run(t, "", "run", "--no-cache", app, "Ada"); code != 0 || out != "Hello, Ada!\n" || errOut != "" {
				t.Errorf("exit %d, output %q, standard error %q", code, out, errOut)
			}
			t.Run("jco", func(t *testing.T) {
				if code, out, errOut := reftool.NewJCO(t).Run(app, t.TempDir(), "", nil, "Ada"); code != 0 || out != "Hello, Ada!\n" || errOut != "" {
					t.Errorf("exit %d, output %q, standard error %q", code, out, errOut)
				}
			})
		})
	}
}

// A program with typical file operations prints the same natively and as a component in each
// language, here, on node with jco, and on wasmtime, with no exceptions. Wasmtime 44 has no
// exit-with-code, so the exit code 3 is 1 there.
func TestFiles(t *testing.T) {
	const in = "a\nbcd\n"
	args := []string{"--flag", "two words"}
	want := filepath.Join("testdata", "programs", "files.txt")
	t.Run("native", func(t *testing.T) {
		bin := filepath.Join(t.TempDir(), "files")
		if msg, err := exec.Command("go", "build", "-o", bin, "./testdata/programs/files").CombinedOutput(); err != nil {
			t.Fatalf("go build: %v\n%s", err, msg)
		}
		cmd := exec.Command(bin, args...)
		cmd.Dir, cmd.Env, cmd.Stdin = t.TempDir(), append(os.Environ(), "GREETING=hi"), strings.NewReader(in)
		var out bytes.Buffer
		cmd.Stdout = &out
		if err := cmd.Run(); cmd.ProcessState.ExitCode() != 3 {
			t.Errorf("%v, want exit 3", err)
		}
		golden.File(t, want, out.String())
	})
	report, err := os.ReadFile(want)
	if err != nil {
		t.Fatal(err)
	}
	check := func(t *testing.T, dir string, want, code int, out, errOut string) {
		t.Helper()
		if diff := cmp.Diff(string(report), out); diff != "" || code != want || errOut != "done\n" {
			t.Errorf("exit %d, want %d; standard error %q; report (-want +got):\n%s", code, want, errOut, diff)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("%d files are left, %v", len(left), err)
		}
	}
	for _, l := range languages {
		t.Run(l.name, func(t *testing.T) {
			module := l.compile(t, "files")
			app, dir := component(t, module), t.TempDir()
			code, out, errOut := run(t, in, append([]string{"run", "--no-cache", "--env", "GREETING=hi", "--dir", dir + "::/", app}, args...)...)
			check(t, dir, 3, code, out, errOut)
			t.Run("jco", func(t *testing.T) {
				dir := t.TempDir()
				code, out, errOut := reftool.NewJCO(t).Run(app, dir, in, []string{"GREETING=hi"}, args...)
				check(t, dir, 3, code, out, errOut)
			})
			t.Run("wasmtime", func(t *testing.T) {
				w, dir := reftool.NewWasmtime(t), t.TempDir()
				code, out, errOut := w.Run(component(t, module, "--no-exit-code"), dir, in, []string{"GREETING=hi"}, append([]string{"files"}, args...))
				check(t, dir, 1, code, out, errOut)
			})
		})
	}
}

// Nobody else touches memory that a garbage collector manages.
func TestGoCollector(t *testing.T) {
	seconds := "5"
	switch {
	case os.Getenv("MORTISE_LONG") != "":
		seconds = "60"
	case testing.Short():
		seconds = "1"
	}
	for _, l := range languages[:2] {
		t.Run(l.name, func(t *testing.T) {
			app := component(t, l.compile(t, "stress"))
			code, out, errOut := run(t, "", "run", "--no-cache", "--env", "GOGC=1", "--dir", t.TempDir()+"::/", app, seconds)
			if code != 0 || !strings.HasPrefix(out, "fine after ") {
				t.Errorf("exit %d, output %q\n%s", code, out, errOut)
			}
			t.Log(strings.TrimSpace(out))
		})
	}
}

// The core module itself runs like its component, and uses the code that was compiled for the
// component.
func TestRunModule(t *testing.T) {
	module := reftool.GoWASI(t, programs+"/hello")
	cache := filepath.Join(t.TempDir(), "cache")
	compiled := func() (n int) {
		err := filepath.WalkDir(cache, func(_ string, d os.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				n++
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	var first int
	for _, app := range []string{component(t, module), module, module} {
		if code, out, errOut := run(t, "", "run", "--cache-dir", cache, app, "Ada"); code != 0 || out != "Hello, Ada!\n" || errOut != "" {
			t.Errorf("%s: exit %d, output %q, standard error %q", app, code, out, errOut)
		}
		if first == 0 {
			first = compiled()
		}
		if n := compiled(); n != first || n == 0 {
			t.Errorf("%s: %d files in the cache, %d after the first run", app, n, first)
		}
	}
}

// The example counts the same natively and as a component, which may have read-only access.
func TestExample(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "text", "inner"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, []byte("one two\nthree\n"), dir, "text", "a.txt")
	write(t, []byte("vier fünf"), dir, "text", "inner", "b.txt")
	write(t, nil, dir, "text", "inner", "empty")
	const want = `      2       3       14 /text/a.txt
      0       2       10 /text/inner/b.txt
      0       0        0 /text/inner/empty
      2       5       24 (3 files)
`
	for _, c := range []struct {
		compiler string
		module   func(t *testing.T) string
	}{
		{"Go", func(t *testing.T) string { return reftool.GoWASI(t, "examples/wasip1") }},
		{"TinyGo", func(t *testing.T) string { return reftool.TinyGo(t, "examples/wasip1") }},
	} {
		t.Run(c.compiler, func(t *testing.T) {
			app := component(t, c.module(t))
			code, out, errOut := run(t, "", "run", "--no-cache", "--dir", dir+"::/:ro", app, "/text")
			if diff := cmp.Diff(want, out); diff != "" || code != 0 {
				t.Errorf("exit %d (-want +got):\n%s%s", code, diff, errOut)
			}
			code, out, errOut = run(t, "a b\n", "run", "--no-cache", app)
			if want := "      1       2        4 (standard input)\n"; code != 0 || out != want {
				t.Errorf("exit %d, output %q, want %q\n%s", code, out, want, errOut)
			}
			if code, _, errOut := run(t, "", "run", "--no-cache", app, "/text"); code != 1 || errOut == "" {
				t.Errorf("without the folder: exit %d, standard error %q", code, errOut)
			}
		})
	}
	cmd := exec.Command("go", "run", "./examples/wasip1", filepath.Join(dir, "text"))
	cmd.Dir = reftool.Root(t)
	native, err := cmd.Output()
	if got := strings.ReplaceAll(string(native), filepath.ToSlash(dir), ""); err != nil || got != want {
		t.Errorf("natively: %v\n%s", err, native)
	}
}
