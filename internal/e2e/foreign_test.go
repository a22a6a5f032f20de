package e2e_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"

	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/internal/cli/compose"
	"github.com/mortise-wasm/mortise/internal/reftool"
)

const (
	wazeroWASI = "imports/wasi_snapshot_preview1/testdata/"
	wazeroCat  = "imports/wasi_snapshot_preview1/example/testdata/"
	wazeroCLI  = "cmd/wazero/testdata/"
)

// foreign are programs for WASI preview 1 that ship with wazero, made by TinyGo, Rust, Zig and
// zig-cc, or written by hand. Their sources are beside them. Two are left out: the sock of
// cargo-wasi, which reports forever that no socket is listening, and a poll of zig-cc without a
// timeout, because hosts that read standard input in the background may or may not have input at
// that moment.
var foreign = []struct {
	module string
	runs   []foreignRun
}{
	{wazeroCat + "cargo-wasi/cat.wasm", catRuns},
	{wazeroCat + "tinygo/cat.wasm", catRuns},
	{wazeroCat + "zig/cat.wasm", catRuns},
	{wazeroCat + "zig-cc/cat.wasm", catRuns},
	{wazeroCLI + "cat/cat-tinygo.wasm", catRuns},
	{"examples/cli/testdata/cli.wasm", with("", "3 1", "-sub=true 3 1", "3 x", "-help", "--what")},
	{wazeroWASI + "cargo-wasi/wasi.wasm", slices.Concat(lsRuns, with("", "what", "stat"))},
	{wazeroWASI + "tinygo/wasi.wasm", slices.Concat(lsRuns, with("", "what", "stat"))},
	{wazeroWASI + "zig/wasi.wasm", slices.Concat(lsRuns, with("", "what", "stat", "preopen"))},
	{wazeroWASI + "zig-cc/wasi.wasm", slices.Concat(lsRuns,
		with("", "what", "stat", "sock", "poll 0 100", "poll 0 100 < text", "sleepmillis 5"),
		with("open-rdonly", "open-wronly", "nonblock test.txt"))},
	{wazeroWASI + "print_args.wasm", with("", "a bc d")},
	{wazeroWASI + "print_prestat_dirname.wasm", with("")},
	{wazeroWASI + "exit_on_start.wasm", with("")},
	{wazeroCLI + "wasi_env.wasm", with("")},
	{wazeroCLI + "wasi_fd.wasm", with("")},
}

var catRuns = with("", "test.txt", "/test.txt", "test.txt sub/test.txt sub/../test.txt", "missing", "test.txt missing", "sub", "../test.txt",
	"bear.txt/", "empty", "large", "link", "hidden")

var lsRuns = with("ls dir/a-", "ls dir/-", "ls dir", "ls dir repeat", "ls ./dir/../dir/", "ls tons", "ls tons repeat", "ls missing", "ls .",
	"ls /", "ls ..", "ls link", "ls outside")

const leaves = "wazero and jco follow links that leave what was granted; wasmtime does not permit it, with preview 1 neither"

// foreignDifferences are differences between the output of programs as components and their output
// with wazero's own preview 1.
var foreignDifferences = []struct {
	// hosts and runs are separated by commas, and modules is a prefix. "" means all hosts, or the run
	// without arguments.
	hosts, modules, runs string
	edits                []string // pairs of a text in wazero's output and its replacement
	why                  string
}{
	{"here,wasmtime", wazeroWASI + "cargo-wasi/", "ls outside", []string{"outside/hidden", "errno==63"}, leaves},
	{"here,wasmtime", wazeroWASI + "tinygo/", "ls outside", []string{"./hidden\nexit 0", "panic: open outside: errno 63\nexit 134"}, leaves},
	{"here,wasmtime", wazeroWASI + "zig/", "ls outside", []string{"hidden", "error.AccessDenied"}, leaves},
	{"here,wasmtime", wazeroWASI + "zig-cc/", "ls outside", []string{"./.\n./..\n./hidden", "Operation not permitted"}, leaves},
	{"here,wasmtime", wazeroCat + "cargo-wasi/", "hidden", []string{"secret\nexit 0", "error opening: hidden: No such file or directory\nexit 1"}, leaves},
	{"here,wasmtime", wazeroCat + "tinygo/", "hidden", []string{"secret\nexit 0", "exit 1"}, leaves},
	{"here,wasmtime", wazeroCat + "zig-cc/", "hidden", []string{"secret\nexit 0", "error opening hidden: -1\nexit 1"}, leaves},
	{"here,wasmtime", wazeroCLI + "cat/", "hidden", []string{"secret\nexit 0", "exit 1"}, leaves},
	{"", wazeroWASI + "tinygo/", "ls dir/-,ls link", []string{"ENOTDIR\nexit 0", "panic: fdopendir NAME: errno 54\nexit 134"},
		"fd_readdir of a file is EBADF for wazero and for wasmtime's preview 1, ENOTDIR for wasmtime's adapter and for POSIX"},
	{"", wazeroWASI + "tinygo/", "ls dir repeat,ls tons repeat", []string{"panic: seek NAME: errno 31\nexit 134", "ENOTDIR\nexit 0"},
		"fd_seek of a folder is EISDIR for wazero, EBADF for wasmtime"},
	{"", wazeroWASI + "zig-cc/", "sock", []string{"Bad file descriptor", "Not a socket"}, "sock_accept of a descriptor that is not a socket is ENOTSOCK for wasmtime"},
	{"jco", wazeroWASI, "stat", []string{"stdin isatty: false", "stdin isatty: true", "stdout isatty: false", "stdout isatty: true",
		"stderr isatty: false", "stderr isatty: true"}, "jco says that its streams are terminals"},
	{"jco", wazeroWASI + "tinygo/", "stat", []string{"/ isatty: false\n", "panic: fstat : errno 28\n", "exit 0", "exit 134"},
		"jco does not stat the folders that it grants"},
	{"", wazeroCLI + "wasi_fd.wasm", "", []string{"pooh\n", strings.Repeat("\x00", 50)},
		"the program asks for no rights and ignores the error of fd_read, which wazero permits all the same"},
}

// As a component, here and on other hosts, a program prints the same as with wazero's own WASI
// preview 1, except for the listed differences.
func TestForeign(t *testing.T) {
	t.Run("here", func(t *testing.T) {
		testForeign(t, "here", func(t *testing.T, module string) foreignProgram {
			app, cache := component(t, module), filepath.Join(t.TempDir(), "cache")
			return func(dir string, r foreignRun) (code int, out, errOut string) {
				return run(t, r.in, append([]string{"run", "--cache-dir", cache, "--argv0", "app", "--dir", dir + "::/", app}, r.args...)...)
			}
		})
	})
	t.Run("jco", func(t *testing.T) {
		j := reftool.NewJCO(t)
		testForeign(t, "jco", func(t *testing.T, module string) foreignProgram {
			app := j.Transpile(component(t, module))
			return func(dir string, r foreignRun) (code int, out, errOut string) {
				return app.Run(dir, r.in, nil, r.args...)
			}
		})
	})
	t.Run("wasmtime", func(t *testing.T) {
		w := reftool.NewWasmtime(t)
		testForeign(t, "wasmtime", func(t *testing.T, module string) foreignProgram {
			app := component(t, module, "--no-exit-code")
			return func(dir string, r foreignRun) (code int, out, errOut string) {
				return w.Run(app, dir, r.in, nil, append([]string{"app"}, r.args...))
			}
		})
	})
}

// A foreignProgram runs in a folder that it sees as /.
type foreignProgram func(dir string, r foreignRun) (code int, out, errOut string)

// testForeign tests all programs on a host. The function prepare makes a core module ready to run
// there.
func testForeign(t *testing.T, host string, prepare func(t *testing.T, module string) foreignProgram) {
	root, dir := wazeroDir(t), foreignFolder(t)
	for _, p := range foreign {
		t.Run(p.module, func(t *testing.T) {
			module := filepath.Join(root, filepath.FromSlash(p.module))
			reference, program := newWazero(t, module), prepare(t, module)
			for _, r := range p.runs {
				if host == "jco" && r.line == "large" {
					continue // on a busy machine, node exits before a pipe has taken all output
				}
				want := differing(t, host, p.module, r, outcome(reference(dir, r)))
				if host == "wasmtime" && !strings.HasSuffix(want, "exit 0") && !strings.HasSuffix(want, "exit 134") {
					want = want[:strings.LastIndex(want, "exit ")] + "exit 1" // --no-exit-code
				}
				if diff := cmp.Diff(want, outcome(program(dir, r))); diff != "" {
					t.Errorf("%q (-want +got):\n%s", r.line, diff)
				}
			}
		})
	}
}

// differing returns the expected output of a run on a host, given its output with wazero's own
// preview 1.
func differing(t *testing.T, host, module string, r foreignRun, says string) string {
	t.Helper()
	var last string
	if len(r.args) > 1 {
		last = r.args[1]
	}
	for _, d := range foreignDifferences {
		if d.hosts != "" && !slices.Contains(strings.Split(d.hosts, ","), host) ||
			!strings.HasPrefix(module, d.modules) || !slices.Contains(strings.Split(d.runs, ","), r.line) {
			continue
		}
		changed := says
		for i := 0; i < len(d.edits); i += 2 {
			changed = strings.Replace(changed, strings.ReplaceAll(d.edits[i], "NAME", last), strings.ReplaceAll(d.edits[i+1], "NAME", last), 1)
		}
		if changed == says {
			t.Errorf("%q: wazero does not print the listed text (%s):\n%s", r.line, d.why, says)
		}
		says = changed
	}
	return says
}

// outcome returns the exit code and output of a program as text, without the parts that differ
// between hosts: the order of folder entries, and the report of a trap.
func outcome(code int, out, errOut string) string {
	lines := slices.Sorted(strings.Lines(out))
	if code == cli.ExitTrap {
		for _, report := range []string{"error[compose/trap]", "RuntimeError", "run: "} {
			errOut, _, _ = strings.Cut(errOut, report)
		}
	}
	return fmt.Sprintf("%s%sexit %d", errOut, strings.Join(lines, ""), code)
}

// A foreignRun is a run of a program in the folder that foreignFolder makes.
type foreignRun struct {
	line string
	in   string
	args []string
}

// with returns runs with arguments, which are words separated by spaces. Standard input follows
// "<".
func with(lines ...string) []foreignRun {
	var runs []foreignRun
	for _, line := range lines {
		args, in, _ := strings.Cut(line, " < ")
		runs = append(runs, foreignRun{line, in, strings.Fields(args)})
	}
	return runs
}

// A program that waits for input with a timeout continues after the timeout.
func TestForeignPoll(t *testing.T) {
	module := filepath.Join(wazeroDir(t), filepath.FromSlash(wazeroWASI), "zig-cc", "wasi.wasm")
	in, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = in.Close(), w.Close() }()
	var out, errOut bytes.Buffer
	code := compose.Main(t.Context(), []string{"run", "--no-cache", component(t, module), "poll", "0", "50"}, &cli.IO{In: in, Out: &out, Err: &errOut})
	if got := outcome(code, out.String(), errOut.String()); got != "NOINPUT\nexit 0" {
		t.Error(got)
	}
}

// foreignFolder makes a folder for the programs to work in. The folder has links to the outside.
func foreignFolder(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "granted")
	for _, name := range []string{"../outside", "sub", "dir/a-", "dir/ab-", "tons"} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.FromSlash(name)), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	write(t, []byte("secret\n"), dir, "..", "outside", "hidden")
	write(t, []byte("greet filesystem\n"), dir, "test.txt")
	write(t, []byte("greet sub dir\n"), dir, "sub", "test.txt")
	write(t, []byte("pooh\n"), dir, "bear.txt")
	write(t, nil, dir, "empty")
	write(t, bytes.Repeat([]byte("0123456789abcde\n"), 20_000), dir, "large")
	write(t, nil, dir, "dir", "-")
	write(t, nil, dir, "dir", "ab-", "inner")
	for i := range 500 {
		write(t, nil, dir, "tons", strconv.Itoa(i))
	}
	for name, target := range map[string]string{"link": "test.txt", "outside": "../outside", "hidden": "../outside/hidden"} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// newWazero compiles a core module and returns a function that runs it with wazero's own WASI
// preview 1.
func newWazero(t *testing.T, module string) foreignProgram {
	t.Helper()
	data, err := os.ReadFile(module)
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	rt := wazero.NewRuntime(ctx)
	t.Cleanup(func() {
		if err := rt.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	wasi_snapshot_preview1.MustInstantiate(ctx, rt)
	compiled, err := rt.CompileModule(ctx, data)
	if err != nil {
		t.Fatal(err)
	}
	return func(dir string, r foreignRun) (code int, out, errOut string) {
		var o, e bytes.Buffer
		config := wazero.NewModuleConfig().WithName("").WithArgs(append([]string{"app"}, r.args...)...).
			WithFSConfig(wazero.NewFSConfig().WithDirMount(dir, "/")).
			WithStdin(strings.NewReader(r.in)).WithStdout(&o).WithStderr(&e).
			WithSysNanosleep().WithSysNanotime().WithSysWalltime()
		_, err := rt.InstantiateModule(ctx, compiled, config)
		var exit *sys.ExitError
		switch {
		case errors.As(err, &exit):
			code = int(exit.ExitCode())
		case err != nil:
			code = cli.ExitTrap
		}
		return code, o.String(), e.String()
	}
}

// wazeroDir returns the folder of the module wazero, which ships programs made by other toolchains.
func wazeroDir(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/tetratelabs/wazero").Output()
	dir := strings.TrimSpace(string(out))
	if err == nil {
		_, err = os.Stat(filepath.Join(dir, filepath.FromSlash(wazeroWASI)))
	}
	if err != nil {
		t.Skipf("SKIPPED: the module wazero is missing, or has no tests: %v", err)
	}
	return dir
}
