package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/internal/cli/clitest"
	"github.com/mortise-wasm/mortise/internal/golden"
	"github.com/mortise-wasm/mortise/model/feature"
)

func TestMain(m *testing.M) {
	clitest.Main(m, map[string]clitest.Command{"demo": demoMain})
}

func TestScripts(t *testing.T)  { clitest.Scripts(t) }
func TestExamples(t *testing.T) { clitest.Examples(t, newDemo) }
func TestHelp(t *testing.T)     { clitest.Help(t, newDemo) }

// TestFlags shows how to test the flags of a command without running it.
func TestFlags(t *testing.T) {
	for _, test := range []struct {
		args string
		want copyOptions
	}{
		{"a.wasm", copyOptions{input: "a.wasm", format: "text"}},
		{"-t --format json a.wasm -o -", copyOptions{input: "a.wasm", format: "json", output: cli.Output{Path: "-", Wat: true}}},
		{"--features map,-gc --features=all -- -", copyOptions{input: "-", format: "text", feats: cli.FeatureFlags{Lists: []string{"map,-gc", "all"}}}},
		{"--all-features --limit=3 -", copyOptions{input: "-", format: "text", limit: 3, feats: cli.FeatureFlags{All: true}}},
	} {
		std := &cli.IO{}
		var got *copyOptions
		cmd := newCopy(std, func(_ context.Context, o *copyOptions) error { got = o; return nil })
		cmd.SetArgs(strings.Fields(test.args))
		if err := cmd.Execute(); err != nil {
			t.Errorf("copy %s: %v", test.args, err)
			continue
		}
		if diff := cmp.Diff(test.want, *got, cmp.AllowUnexported(copyOptions{}), cmpopts.IgnoreUnexported(cli.Output{}), cmpopts.IgnoreFields(copyOptions{}, "std")); diff != "" {
			t.Errorf("copy %s (-want +got):\n%s", test.args, diff)
		}
	}
}

func TestExitCodes(t *testing.T) {
	for _, test := range []struct {
		args string
		code int
		err  string // start of standard error
	}{
		{"", cli.ExitOK, ""},
		{"fail plain", cli.ExitInput, "error: something is wrong\n"},
		{"fail trap", cli.ExitTrap, "error: wasm trap: unreachable\n"},
		{"fail guest", 7, ""},
		{"fail usage", cli.ExitUsage, "error: this and that do not go together\n\nUsage: demo fail HOW [flags]\n"},
		{"fail panic", cli.ExitInternal, "internal error: a fault\n"},
		{"fail pipe", cli.ExitPipe, ""},
		{"fail", cli.ExitUsage, "error: HOW is missing\n\nUsage: demo fail HOW [flags]\n"},
		{"fail a b", cli.ExitUsage, "error: unexpected argument `b` after HOW\n"},
		{"fail plain --format yaml", cli.ExitUsage, `error: invalid argument "yaml" for "--format" flag: must be text or json` + "\n"},
		{"fail plain --format=json", cli.ExitInput, `{"severity":"error","message":"something is wrong"}` + "\n"},
		{"fial", cli.ExitUsage, "error: unknown command `fial`\n help: a command with a similar name exists: fail\n"},
		{"help fial", cli.ExitUsage, "error: unknown command `fial`\n"},
		{"copy --formt json", cli.ExitUsage, "error: unknown flag: --formt\n help: a flag with a similar name exists: --format\n"},
		{"copy x --features mapp", cli.ExitUsage, "error: unknown feature `mapp`\n help: a feature with a similar name exists: map\n"},
		{"copy no-such-file", cli.ExitInput, "error[cli/unreadable-input]: cannot read `no-such-file`: no such file or folder\n"},
		{"copy .", cli.ExitInput, "error[cli/unreadable-input]: `.` is a folder, not a file\n"},
		{"copy -", cli.ExitInput, "error[cli/not-wasm]: the file is empty; expected a WebAssembly binary or text\n  --> <stdin>:1:1\n"},
	} {
		code, _, errOut := clitest.Run(t, demoMain, strings.Fields(test.args)...)
		if code != test.code {
			t.Errorf("demo %s: exit code %d, want %d", test.args, code, test.code)
		}
		if !strings.HasPrefix(errOut, test.err) || test.err == "" && errOut != "" {
			t.Errorf("demo %s: standard error\n%s\nwant it to start with\n%s", test.args, errOut, test.err)
		}
	}
}

func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var errOut bytes.Buffer
	code := demoMain(ctx, []string{"fail", "wait"}, &cli.IO{Out: &errOut, Err: &errOut})
	if code != cli.ExitInterrupt || errOut.Len() > 0 {
		t.Errorf("exit code %d, want %d; output %q, want none", code, cli.ExitInterrupt, errOut.String())
	}
}

func TestManyDiagnostics(t *testing.T) {
	code, _, errOut := clitest.Run(t, demoMain, "fail", "many")
	if n := strings.Count(errOut, "error[demo/many]"); code != cli.ExitInput || n != 10 || !strings.Contains(errOut, "… and 3 more") {
		t.Errorf("exit code %d, %d diagnostics of 13:\n%s", code, n, errOut)
	}
	if !strings.HasPrefix(errOut, "error[demo/many]: trouble number 12\n") {
		t.Errorf("not sorted:\n%s", errOut)
	}
	_, _, errOut = clitest.Run(t, demoMain, "fail", "many", "--format=json")
	lines := strings.Split(strings.TrimSpace(errOut), "\n")
	if len(lines) != 13 {
		t.Errorf("%d lines of JSON, want 13", len(lines))
	}
	for _, line := range lines {
		if !json.Valid([]byte(line)) {
			t.Errorf("not JSON: %s", line)
		}
	}
}

func TestWarningGoesBesideTheResult(t *testing.T) {
	code, out, errOut := clitest.Run(t, demoMain, "fail", "warn")
	if code != 0 || out != "result\n" || errOut != "warning[demo/warn]: this is odd\n" {
		t.Errorf("exit code %d, output %q, standard error %q", code, out, errOut)
	}
}

func TestColor(t *testing.T) {
	for _, test := range []struct {
		flag, env string
		tty       bool
		want      bool
	}{
		{"", "", false, false},
		{"", "", true, true},
		{"auto", "", true, true},
		{"never", "FORCE_COLOR=1", true, false},
		{"always", "NO_COLOR=1 TERM=dumb", false, true},
		{"", "NO_COLOR=1", true, false},
		{"", "NO_COLOR=1 FORCE_COLOR=1", true, false},
		{"", "FORCE_COLOR=1", false, true},
		{"", "FORCE_COLOR=1 TERM=dumb", false, true},
		{"", "FORCE_COLOR=0", true, false},
		{"", "CLICOLOR=0", true, false},
		{"", "TERM=dumb", true, false},
		{"", "TERM=xterm", true, true},
		{"", "NO_COLOR=", true, true},
	} {
		env := map[string]string{"WT_SESSION": "1"}
		for _, kv := range strings.Fields(test.env) {
			k, v, _ := strings.Cut(kv, "=")
			env[k] = v
		}
		var errOut bytes.Buffer
		std := &cli.IO{Out: &errOut, Err: &errOut, ErrIsTTY: test.tty, LookupEnv: func(k string) (string, bool) { v, ok := env[k]; return v, ok }}
		args := []string{"fail", "plain"}
		if test.flag != "" {
			args = append(args, "--color", test.flag)
		}
		demoMain(t.Context(), args, std)
		if got := strings.Contains(errOut.String(), "\x1b["); got != test.want {
			t.Errorf("--color %q, %q, terminal %v: colour %v, want %v", test.flag, test.env, test.tty, got, test.want)
		}
	}
}

func TestBinaryToTerminal(t *testing.T) {
	wasm := filepath.Join("testdata", "examples", "in.wasm")
	for _, test := range []struct {
		args string
		code int
		err  string
	}{
		{"copy " + wasm, cli.ExitUsage, "error: the result is binary, but standard output is a terminal\n help: use -o FILE to write it to a file, or -t to print it as text\n"},
		{"copy -o - " + wasm, cli.ExitUsage, "error: the result is binary, but standard output is a terminal\n"},
		{"copy -t " + wasm, cli.ExitOK, ""},
		{"copy -o " + filepath.Join(t.TempDir(), "x.wasm") + " " + wasm, cli.ExitOK, ""},
	} {
		var out, errOut bytes.Buffer
		code := demoMain(t.Context(), strings.Fields(test.args), &cli.IO{Out: &out, Err: &errOut, OutIsTTY: true})
		if code != test.code || !strings.HasPrefix(errOut.String(), test.err) {
			t.Errorf("demo %s: exit code %d, want %d; standard error\n%s\nwant it to start with\n%s", test.args, code, test.code, errOut.String(), test.err)
		}
	}
}

func TestStdinOnce(t *testing.T) {
	std := &cli.IO{In: strings.NewReader("x")}
	if f, err := std.ReadFile("-"); err != nil || f.Name != cli.StdinName || string(f.Data) != "x" {
		t.Fatalf("first read: %v, %v", f, err)
	}
	if _, err := std.ReadFile("-"); err == nil {
		t.Error("standard input can be read twice")
	}
}

func TestCheckBinary(t *testing.T) {
	for _, test := range []struct{ data, want string }{
		{"\x00asm\x0d\x00\x01\x00", ""},
		{"", "f:1:1: the file is empty; expected a WebAssembly binary or text"},
		{"\x00as", "f:0x3: this is the start of a WebAssembly binary, but the file ends here"},
		{";; only a comment", "f:0x0: this is neither a WebAssembly binary nor WebAssembly text"},
		{"package a:b;", "f:0x0: this is neither a WebAssembly binary nor WebAssembly text"},
		{"(\xff\xff", "f:0x0: this is neither a WebAssembly binary nor WebAssembly text"},
		{"PK\x03\x04", "f:0x0: this is neither a WebAssembly binary nor WebAssembly text"},
		{"\x7f", "f:0x0: this is neither a WebAssembly binary nor WebAssembly text"},
	} {
		got := ""
		if err := cli.CheckBinary(diag.NewFile("f", []byte(test.data))); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%q: %q, want %q", test.data, got, test.want)
		}
	}
}

// Text is recognised by content and assembled.
func TestReadText(t *testing.T) {
	for _, text := range []string{"(component)", " \n;; comment\n(component)", "(; comment ;) (component)"} {
		f, err := (&cli.IO{In: strings.NewReader(text)}).ReadBinary("-")
		if err != nil || string(f.Data) != "\x00asm\x0d\x00\x01\x00" {
			t.Errorf("%q: %v, %v", text, f, err)
		}
	}
	if _, err := (&cli.IO{In: strings.NewReader("(componnt)")}).ReadBinary("-"); err == nil || !strings.Contains(err.Error(), "1:2") {
		t.Errorf("a misspelled keyword: %v", err)
	}
}

func TestCodes(t *testing.T) {
	golden.Codes(t, cli.Codes, func(example string) error {
		t.Chdir(t.TempDir())
		std := &cli.IO{}
		if name, ok := strings.CutPrefix(example, "read "); ok {
			_, err := std.ReadFile(name)
			return err
		}
		if name, ok := strings.CutPrefix(example, "write "); ok {
			return cli.WriteFile(name, nil)
		}
		std.In = strings.NewReader(example)
		_, err := std.ReadBinary("-")
		return err
	})
}

func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.wasm")
	check := func(path, want string) {
		t.Helper()
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("%s holds %q, %v, want %q", path, got, err, want)
		}
	}
	for _, data := range []string{"first", "second, longer", ""} {
		if err := cli.WriteFile(path, []byte(data)); err != nil {
			t.Fatal(err)
		}
		check(path, data)
	}
	if runtime.GOOS != "windows" {
		if err := os.Chmod(path, 0o640); err != nil {
			t.Fatal(err)
		}
		link := filepath.Join(dir, "link")
		if err := os.Symlink("a.wasm", link); err != nil {
			t.Fatal(err)
		}
		if err := cli.WriteFile(link, []byte("by the link")); err != nil {
			t.Fatal(err)
		}
		check(path, "by the link")
		if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("the link is %v, %v", info, err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
			t.Errorf("the permissions are %v, %v, want 0640", info.Mode(), err)
		}
		if err := cli.WriteFile("/dev/null", []byte("x")); err != nil {
			t.Error(err)
		}
		testWriteLinks(t, dir)
	}
	if err := cli.WriteFile(dir, nil); err == nil {
		t.Error("a folder can be written")
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".tmp") {
			t.Errorf("%s was left behind", e.Name())
		}
	}
}

// testWriteLinks writes through symbolic links: to a missing file, over several links, and in a
// circle.
func testWriteLinks(t *testing.T, dir string) {
	t.Helper()
	sub := filepath.Join(dir, "sub")
	if err := os.Mkdir(sub, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{
		"dangling": "sub/new", "chain": "sub/inner", "sub/inner": "../absolute", "absolute": filepath.Join(dir, "end"),
		"circle": "circle", "lost": "nowhere/new",
	} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	for name, target := range map[string]string{"dangling": "sub/new", "chain": "end", "circle": "", "lost": ""} {
		link := filepath.Join(dir, name)
		if err := cli.WriteFile(link, []byte(name)); (err == nil) != (target != "") {
			t.Errorf("%s: %v", name, err)
		}
		if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("%s is no longer a link: %v, %v", name, info, err)
		}
		if target == "" {
			continue
		}
		if got, err := os.ReadFile(filepath.Join(dir, target)); err != nil || string(got) != name {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// A read-only file keeps its contents.
func TestWriteReadOnlyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.wasm")
	if err := os.WriteFile(path, []byte("precious"), 0o444); err != nil {
		t.Fatal(err)
	}
	want := "cannot write `" + path + "`: it is read-only"
	if err := cli.WriteFile(path, []byte("new")); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "precious" {
		t.Errorf("%q, %v", got, err)
	}
}

// full is a standard output on a full device.
type full struct{}

func (full) Write([]byte) (int, error) {
	return 0, &os.PathError{Op: "write", Path: os.Stdout.Name(), Err: errors.New("no space left on device")}
}

// A failed write to standard output is an error: of results, help pages, versions, shell scripts.
func TestOutputIsFull(t *testing.T) {
	wasm := filepath.Join("testdata", "examples", "in.wasm")
	for _, line := range []string{"--version", "", "--help", "help", "help copy", "help features", "copy --help", "completion bash", "completion fish", "copy " + wasm} {
		var errOut bytes.Buffer
		code := demoMain(t.Context(), strings.Fields(line), &cli.IO{In: strings.NewReader(""), Out: full{}, Err: &errOut})
		if want := "error[cli/unwritable-output]: cannot write to standard output: no space left on device\n"; code != 1 || errOut.String() != want {
			t.Errorf("demo %s: exit %d, %s", line, code, errOut.String())
		}
	}
}

func TestFeatureFlags(t *testing.T) {
	f := cli.FeatureFlags{Lists: []string{"error-context,mine", "-map", "other,-mine"}}
	set, others := f.ParseOpen(feature.Default())
	if !set.Has(feature.ErrorContext) || set.Has(feature.Map) {
		t.Errorf("the set is %v", set)
	}
	if diff := cmp.Diff([]string{"other"}, others); diff != "" {
		t.Errorf("other names (-want +got):\n%s", diff)
	}
	if set, err := (cli.FeatureFlags{All: true, Lists: []string{"-threading"}}).Parse(feature.Default()); err != nil || set != feature.All().Without(feature.Threading) {
		t.Errorf("all but threading is %v, %v", set, err)
	}
}

func TestVersion(t *testing.T) {
	_, out, _ := clitest.Run(t, demoMain, "--version")
	if fields := strings.Fields(out); len(fields) < 4 || fields[0] != "demo" || fields[len(fields)-1] != runtime.GOOS+"/"+runtime.GOARCH {
		t.Errorf("--version prints %q", out)
	}
}
