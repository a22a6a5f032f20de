package preview1_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/componentize/preview1"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/internal/cli/compose"
	"github.com/mortise-wasm/mortise/internal/golden"
	"github.com/mortise-wasm/mortise/internal/reftool"
)

func read(t *testing.T, path string) *diag.File {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return diag.NewBinary(filepath.Base(path), data)
}

func module(t *testing.T, text string) *diag.File {
	t.Helper()
	u, err := wat.Parse(diag.NewFile("test.wat", []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	return diag.NewBinary("test.wasm", u.Append(nil))
}

func decode(t *testing.T, data []byte) *core.Module {
	t.Helper()
	m, err := core.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func component(t *testing.T, f *diag.File, o componentize.Options) *encoding.Component {
	t.Helper()
	if o.DefaultAdapter == nil {
		o.DefaultAdapter = preview1.Adapter
	}
	c, err := componentize.New(f, o)
	if err != nil {
		t.Fatal(err)
	}
	return c.Component
}

// imports returns the names of a component's imports.
func imports(t *testing.T, c *encoding.Component) []string {
	t.Helper()
	info, err := validate.Component(diag.NewBinary("component", nil), c, validate.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return info.Type.Imports.Names()
}

// command writes the component of a program to a file.
func command(t *testing.T, f *diag.File) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "program.wasm")
	if err := os.WriteFile(path, component(t, f, componentize.Options{}).Append(nil), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// run runs a component. The compiled code is cached in the component's folder.
func run(t *testing.T, flags []string, in, app string, args ...string) (code int, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	line := append([]string{"run", "--timeout", "1m", "--cache-dir", filepath.Join(filepath.Dir(app), "cache")}, flags...)
	code = compose.Main(t.Context(), append(append(line, app), args...), &cli.IO{In: strings.NewReader(in), Out: &o, Err: &e})
	return code, o.String(), e.String()
}

// functions returns the names of the functions of WASI preview 1, as the adapter with files exports
// them.
func functions(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, e := range decode(t, read(t, "adapter/files.wasm").Data).Exports {
		if e.Kind == core.ExternFunc && !strings.Contains(e.Name, "realloc") && !strings.Contains(e.Name, "#") && e.Name != "proc_exit_without_code" {
			names = append(names, e.Name)
		}
	}
	slices.Sort(names)
	return names
}

// All functions of WASI preview 1 exist, with files and without, and the test program uses all of
// them.
func TestFunctions(t *testing.T) {
	want := strings.Fields(`args_get args_sizes_get clock_res_get clock_time_get environ_get environ_sizes_get
fd_advise fd_allocate fd_close fd_datasync fd_fdstat_get fd_fdstat_set_flags fd_fdstat_set_rights fd_filestat_get fd_filestat_set_size
fd_filestat_set_times fd_pread fd_prestat_dir_name fd_prestat_get fd_pwrite fd_read fd_readdir fd_renumber fd_seek fd_sync fd_tell fd_write
path_create_directory path_filestat_get path_filestat_set_times path_link path_open path_readlink path_remove_directory path_rename path_symlink
path_unlink_file poll_oneoff proc_exit proc_raise random_get sched_yield sock_accept sock_recv sock_send sock_shutdown`)
	if diff := cmp.Diff(want, functions(t)); diff != "" {
		t.Errorf("the adapter's functions (-want +got):\n%s", diff)
	}
	streams := decode(t, read(t, "adapter/streams.wasm").Data)
	for _, name := range want {
		if name != "path_open" && !slices.ContainsFunc(streams.Exports, func(e core.Export) bool { return e.Name == name }) {
			t.Errorf("the adapter without files lacks %s", name)
		}
	}
	var used []string
	for _, i := range decode(t, read(t, reftool.GoWASI(t, "componentize/preview1/testdata/calls")).Data).Imports {
		used = append(used, i.Name)
	}
	slices.Sort(used)
	if diff := cmp.Diff(want, slices.Compact(used)); diff != "" {
		t.Errorf("what testdata/calls imports (-want +got):\n%s", diff)
	}
}

// The test program calls every function of WASI preview 1, most of them in several ways.
func TestCalls(t *testing.T) {
	app := command(t, read(t, reftool.GoWASI(t, "componentize/preview1/testdata/calls")))
	dir := t.TempDir()
	flags := []string{"--argv0", "calls", "--env", "A=1", "--env", "B=ü=2", "--dir", dir + "::/"}
	code, out, errOut := run(t, flags, "standard input", app, "one", "two words")
	if code != 0 {
		t.Errorf("exit %d", code)
	}
	golden.File(t, "testdata/calls.txt", out)
	if want := "written in two parts\n" + strings.Repeat("0123456789abcde\n", 12500); errOut != want {
		t.Errorf("standard error has %d bytes, want %d", len(errOut), len(want))
	}
	for _, c := range []struct{ code, want int }{{0, 0}, {1, 1}, {42, 42}, {255, 255}, {256, 1}, {300, 44}} {
		if code, _, errOut := run(t, nil, "", app, "exit", strconv.Itoa(c.code)); code != c.want || errOut != "" {
			t.Errorf("proc_exit(%d): exit %d, want %d\n%s", c.code, code, c.want, errOut)
		}
	}
}

// A program imports only the functions of WASI 0.2 that it uses.
func TestTrimmed(t *testing.T) {
	const (
		write = `(import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))`
		rest  = `(memory (export "memory") 1) (func (export "_start")))`
	)
	streams := []string{"wasi:cli/stderr@0.2.12", "wasi:cli/stdin@0.2.12", "wasi:cli/stdout@0.2.12", "wasi:io/error@0.2.12", "wasi:io/poll@0.2.12", "wasi:io/streams@0.2.12"}
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"yields", `(module (import "wasi_snapshot_preview1" "sched_yield" (func (result i32)))` + rest, []string{}},
		{"exits", `(module (import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))` + rest, []string{"wasi:cli/exit@0.2.12"}},
		{"writes", `(module ` + write + rest, streams},
		{"random numbers", `(module (import "wasi_snapshot_preview1" "random_get" (func (param i32 i32) (result i32)))` + rest,
			[]string{"wasi:random/random@0.2.12"}},
		{"arguments", `(module (import "wasi_snapshot_preview1" "args_get" (func (param i32 i32) (result i32)))` + rest,
			[]string{"wasi:cli/environment@0.2.12"}},
	} {
		got := imports(t, component(t, module(t, c.text), componentize.Options{}))
		slices.Sort(got)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: imports (-want +got):\n%s", c.name, diff)
		}
	}
	for _, c := range []struct {
		name  string
		f     *diag.File
		files bool
	}{
		{"a Go program without os", read(t, reftool.GoWASI(t, "componentize/preview1/testdata/print")), false},
		{"calls", read(t, reftool.GoWASI(t, "componentize/preview1/testdata/calls")), true},
	} {
		got := imports(t, component(t, c.f, componentize.Options{}))
		if files := slices.ContainsFunc(got, func(n string) bool { return strings.HasPrefix(n, "wasi:filesystem/") }); files != c.files {
			t.Errorf("%s imports wasi:filesystem: %v, want %v; its imports: %q", c.name, files, c.files, got)
		}
	}
}

// adapter returns the adapter in a component: the module that accesses the memory of another.
func adapter(t *testing.T, c *encoding.Component) *core.Module {
	t.Helper()
	for _, def := range c.Defs {
		if of, ok := def.(*encoding.CoreModule); ok {
			m := decode(t, of.Bytes)
			if slices.ContainsFunc(m.Imports, func(i core.Import) bool { return i.Module == "__main_memory__" }) {
				return m
			}
		}
	}
	t.Fatal("the component has no adapter")
	return nil
}

// The adapter's memory is empty at the start and holds no stack: of the module that clang made, no
// globals remain.
func TestState(t *testing.T) {
	for _, name := range []string{"files.wasm", "streams.wasm"} {
		if m := decode(t, read(t, filepath.Join("adapter", name)).Data); m.NumData != 0 || len(m.Memories) != 1 || m.Memories[0].Limits.Min != 1 {
			t.Errorf("%s: %d data segments, memories %v; want none, and one page", name, m.NumData, m.Memories)
		}
	}
	for _, program := range []string{"print", "calls"} {
		c := component(t, read(t, reftool.GoWASI(t, "componentize/preview1/testdata/"+program)), componentize.Options{})
		if m := adapter(t, c); len(m.Globals) != 0 || len(m.Memories) != 1 {
			t.Errorf("%s: the adapter has %d globals and %d memories, want none and one", program, len(m.Globals), len(m.Memories))
		}
	}
}

// The committed adapter is what its source compiles to.
func TestReproducible(t *testing.T) {
	version, err := exec.Command("clang", "--version").Output()
	if err != nil || !bytes.Contains(version, []byte("Debian clang version 14.")) {
		t.Skip("SKIPPED: Debian's clang 14 is not installed; run .ci/tools debian")
	}
	dir := t.TempDir()
	if msg, err := exec.Command("adapter/build.sh", dir).CombinedOutput(); err != nil {
		t.Fatalf("build.sh: %v\n%s", err, msg)
	}
	for _, name := range []string{"files.wasm", "streams.wasm"} {
		if !bytes.Equal(read(t, filepath.Join(dir, name)).Data, read(t, filepath.Join("adapter", name)).Data) {
			t.Errorf("adapter/%s differs from the output of adapter/build.sh; run go generate", name)
		}
	}
}
