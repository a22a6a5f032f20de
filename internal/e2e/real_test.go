package e2e_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/internal/cli/compose"
	"github.com/mortise-wasm/mortise/internal/cli/inspect"
	"github.com/mortise-wasm/mortise/internal/reftool"
)

// run runs compose with the given standard input.
func run(t *testing.T, in string, args ...string) (code int, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	code = compose.Main(t.Context(), args, &cli.IO{In: strings.NewReader(in), Out: &o, Err: &e})
	return code, o.String(), e.String()
}

// valid checks that inspect finds no error in a file, including function bodies.
func valid(t *testing.T, path string) {
	t.Helper()
	var o, e bytes.Buffer
	if code := inspect.Main(t.Context(), []string{"validate", path}, &cli.IO{In: strings.NewReader(""), Out: &o, Err: &e}); code != 0 {
		t.Errorf("inspect validate: exit %d\n%s", code, e.String())
	}
}

func write(t *testing.T, data []byte, elem ...string) string {
	t.Helper()
	path := filepath.Join(elem...)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A component of 12 MB that componentize-js makes of JavaScript.
func TestJavaScript(t *testing.T) {
	const source = `export function greet(name) { return "Hello, " + name + "!"; }
export function total(xs) { return xs.reduce((a, b) => a + b, 0); }
export function fail() { throw new Error("no"); }`
	const world = `package demo:js;
world hello {
  export greet: func(name: string) -> string;
  export total: func(xs: list<f64>) -> f64;
  export fail: func();
}`
	dir := t.TempDir()
	witPath := write(t, []byte(world), dir, "hello.wit")
	app := write(t, reftool.NewJCO(t).Componentize(source, witPath, "hello"), dir, "hello.wasm")
	valid(t, app)
	cache := filepath.Join(dir, "cache")
	for _, c := range []struct{ call, want string }{
		{`greet("Ada 🌊")`, "\"Hello, Ada 🌊!\"\n"},
		{`total([1, 2.5, 3])`, "6.5\n"},
	} {
		code, out, errOut := run(t, "", "run", "--cache-dir", cache, "--invoke", c.call, app)
		if code != 0 || out != c.want {
			t.Errorf("%s: exit %d, output %q, want %q\n%s", c.call, code, out, c.want, errOut)
		}
	}
	if code, _, errOut := run(t, "", "run", "--cache-dir", cache, "--invoke", "fail()", app); code != cli.ExitTrap || !strings.Contains(errOut, "unreachable") {
		t.Errorf("fail(): exit %d, want a trap\n%s", code, errOut)
	}
}

// A JavaScript component that contains QuickJS.
func TestQuickJS(t *testing.T) {
	dir := t.TempDir()
	source := write(t, []byte(`export function greet(name) { return "Hello, " + name + "!"; }`), dir, "hello.js")
	witPath := write(t, []byte("package demo:js;\nworld hello { export greet: func(name: string) -> string; }\n"), dir, "hello.wit")
	app := write(t, reftool.NewJCO(t).ComponentizeQuickJS(source, witPath, "hello"), dir, "hello.wasm")
	valid(t, app)
	if code, out, errOut := run(t, "", "run", "--invoke", `greet("Ada 🌊")`, app); code != 0 || out != "\"Hello, Ada 🌊!\"\n" {
		t.Errorf("exit %d, output %q\n%s", code, out, errOut)
	}
}

// A Go program, made a component by jco. It is only validated: the adapter and the memory of Go
// programs are not compatible.
func TestGo(t *testing.T) {
	jco := reftool.NewJCO(t)
	dir := t.TempDir()
	source := write(t, []byte("package main\n\nfunc main() { println(\"hello\") }\n"), dir, "main.go")
	module := filepath.Join(dir, "main.wasm")
	cmd := exec.Command("go", "build", "-o", module, source)
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
	if msg, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, msg)
	}
	valid(t, module)
	valid(t, write(t, jco.NewCommand(module), dir, "component.wasm"))
}

// A C program, compiled by Debian's clang and made a component by jco, with jco's adapter, and by
// `compose new` with the built-in one.
func TestC(t *testing.T) {
	module := reftool.Clang(t, filepath.Join("testdata", "command.c"))
	t.Run("built in", func(t *testing.T) { testC(t, component(t, module)) })
	t.Run("jco", func(t *testing.T) {
		app := write(t, reftool.NewJCO(t).NewCommand(module), t.TempDir(), "command.wasm")
		valid(t, app)
		testC(t, app)
	})
}

func testC(t *testing.T, app string) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, []byte("from the host\n"), data, "old.txt")
	write(t, []byte("secret\n"), dir, "secret.txt")
	cache := filepath.Join(dir, "cache")
	code, out, errOut := run(t, "one\ntwo\n", "run", "--cache-dir", cache, "--env", "GREETING=hi", "--dir", data+"::/data", app, "--flag", "x")
	want := `argument: --flag
argument: x
GREETING: hi
HOME: none
input: one
input: two
create: yes
read: from the host
entries: 4
escape: no
clock: yes
`
	if diff := cmp.Diff(want, out); diff != "" || code != 1 || errOut != "a word on standard error\n" {
		t.Errorf("exit %d, want 1; standard error %q; output (-want +got):\n%s", code, errOut, diff)
	}
	if got, err := os.ReadFile(filepath.Join(data, "new.txt")); string(got) != "made by the guest\n" {
		t.Errorf("the guest's file holds %q, %v", got, err)
	}

	// Without permissions no files are visible. With a read-only folder no file can be created.
	code, out, _ = run(t, "", "run", "--cache-dir", cache, app)
	if code != 0 || !strings.Contains(out, "create: no\nentries: 0\n") {
		t.Errorf("without a folder: exit %d, output:\n%s", code, out)
	}
	if err := os.Remove(filepath.Join(data, "new.txt")); err != nil {
		t.Fatal(err)
	}
	_, out, _ = run(t, "", "run", "--cache-dir", cache, "--dir", data+"::/data:ro", app)
	if !strings.Contains(out, "create: no\nread: from the host\nentries: 3\n") {
		t.Errorf("with a read-only folder:\n%s", out)
	}
}
