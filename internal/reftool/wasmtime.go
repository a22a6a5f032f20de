package reftool

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// wasmtimeModule is a module that contains wasmtime as a C library, with headers.
const wasmtimeModule = "github.com/bytecodealliance/wasmtime-go/v44@v44.0.0"

// Wasmtime runs components on wasmtime 44.
type Wasmtime struct {
	t   testing.TB
	bin string
}

// NewWasmtime compiles the runner with gcc and the library from the Go module proxy. It skips the
// test if that is not possible.
func NewWasmtime(t testing.TB) *Wasmtime {
	t.Helper()
	return &Wasmtime{t, compileWasmtime(t, "wasmtime.c")}
}

// compileWasmtime compiles a program of testdata that uses the library and returns the executable.
func compileWasmtime(t testing.TB, source string) string {
	t.Helper()
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("SKIPPED: wasmtime is taken for linux/amd64 only")
	}
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		t.Skip("SKIPPED: gcc is not installed")
	}
	download := exec.Command("go", "mod", "download", "-json", wasmtimeModule)
	download.Dir = os.TempDir() // so that go does not use this project's go.mod
	out, err := download.Output()
	var info struct{ Dir string }
	if err != nil || json.Unmarshal(out, &info) != nil || info.Dir == "" {
		t.Skipf("SKIPPED: %s cannot be downloaded: %v", wasmtimeModule, err)
	}
	bin := filepath.Join(t.TempDir(), "wasmtime")
	cmd := exec.Command(gcc, "-O1", "-o", bin, filepath.Join(Root(t), "internal", "reftool", "testdata", source),
		"-I", filepath.Join(info.Dir, "build", "include"), "-L", filepath.Join(info.Dir, "build", "linux-x86_64"), "-lwasmtime", "-lm", "-ldl", "-lpthread")
	if msg, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, msg)
	}
	return bin
}

// CallWasmtime calls an exported function without parameters that returns a list<u8>, in each of
// the components. For each it returns "ok" and the hexadecimal FNV-1a hash of the list, or "trap"
// and the reason. It skips the test as [NewWasmtime] does.
func CallWasmtime(t testing.TB, export string, components []string) []string {
	t.Helper()
	bin := compileWasmtime(t, "wasmtime-call.c")
	out, err := exec.CommandContext(t.Context(), bin, append([]string{export}, components...)...).Output()
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if err != nil || len(lines) != len(components) {
		t.Fatalf("wasmtime: %v; %d results for %d components", err, len(lines), len(components))
	}
	return lines
}

// TimeWasmtime times exported functions of a component that do something n times, n being their
// only parameter. For each it returns the nanoseconds that doing it once takes at least. It skips
// the test as [NewWasmtime] does.
func TimeWasmtime(t testing.TB, component string, n int, exports ...string) []float64 {
	t.Helper()
	bin := compileWasmtime(t, "wasmtime-time.c")
	out, err := exec.CommandContext(t.Context(), bin, append([]string{component, strconv.Itoa(n)}, exports...)...).Output()
	var list []float64
	for _, line := range strings.Fields(string(out)) {
		ns, perr := strconv.ParseFloat(line, 64)
		err = errors.Join(err, perr)
		list = append(list, ns)
	}
	if err != nil || len(list) != len(exports) {
		t.Fatalf("wasmtime: %v; %d results for %d exports", err, len(list), len(exports))
	}
	return list
}

// Run runs a command component that sees the folder dir as `/`. Each element of env is NAME=VALUE.
// The first element of args is the name of the program.
func (w *Wasmtime) Run(component, dir, stdin string, env, args []string) (code int, out, errOut string) {
	w.t.Helper()
	cmd := exec.CommandContext(w.t.Context(), w.bin, append(append([]string{component, dir}, env...), append([]string{"--"}, args...)...)...)
	var o, e bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &o, &e
	if err := cmd.Run(); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			w.t.Fatal(err)
		}
		return exit.ExitCode(), o.String(), e.String()
	}
	return 0, o.String(), e.String()
}
