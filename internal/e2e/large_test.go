package e2e_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/mortise-wasm/mortise/internal/reftool"
)

// Components of large programs are always made and validated. They are run, which compiles tens of
// megabytes, only with MORTISE_LONG=1.
func isLong() bool { return os.Getenv("MORTISE_LONG") != "" }

const counter = `module counter(input clk, input rst, output reg [3:0] q);
  always @(posedge clk) if (rst) q <= 0; else q <= q + 1;
endmodule
`

// A program of 30 MB, which redirects standard streams to files and back and starts another program
// within itself, writes the same circuit as on node.
func TestYosys(t *testing.T) {
	y := reftool.NewYosys(t)
	app := component(t, y.Module)
	if !isLong() {
		return
	}
	work, tmp, share := t.TempDir(), t.TempDir(), t.TempDir()
	y.Share(share)
	if err := os.WriteFile(filepath.Join(work, "counter.v"), []byte(counter), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"-q", "-p", "read_verilog counter.v; synth; write_json out.json"}
	code, out, errOut := run(t, "", append([]string{"run", "--no-cache", "--dir", work + "::/", "--dir", tmp + "::/tmp", "--dir", share + "::/share:ro", app},
		args...)...)
	got, err := os.ReadFile(filepath.Join(work, "out.json"))
	if code != 0 || err != nil {
		t.Fatalf("exit %d, %v\n%s%s", code, err, out, errOut)
	}
	if want := y.Run("counter.v", counter, args...); string(got) != want || len(want) < 1000 {
		t.Errorf("the circuit has %d bytes, that on node %d; they differ or are too short", len(got), len(want))
	}
}

// A C compiler and its linker, of 75 MB, make a program that can become a component.
func TestClang(t *testing.T) {
	llvm := reftool.NewLLVM(t)
	app := component(t, llvm.Module)
	if !isLong() {
		return
	}
	usr, work := t.TempDir(), t.TempDir()
	llvm.Usr(usr)
	source, err := os.ReadFile(filepath.Join("testdata", "programs", "c", "hello.c"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(work, "hello.c"), source, 0o600); err != nil {
		t.Fatal(err)
	}
	cache := t.TempDir()
	for _, args := range [][]string{
		{"clang", "-O1", "-c", "/src/hello.c", "-o", "/src/hello.o"},
		{"wasm-ld", "-L/usr/lib/wasm32-wasip1", "/usr/lib/wasm32-wasip1/crt1-command.o", "/src/hello.o", "-lc",
			"/usr/lib/wasm32-unknown-wasip1/libclang_rt.builtins.a", "-o", "/src/hello.wasm"},
	} {
		flags := []string{"run", "--cache-dir", cache, "--argv0", args[0], "--dir", work + "::/src", "--dir", usr + "::/usr:ro", "--dir", t.TempDir() + "::/tmp", app}
		if code, out, errOut := run(t, "", append(flags, args[1:]...)...); code != 0 {
			t.Fatalf("%s: exit %d\n%s%s", args[0], code, out, errOut)
		}
	}
	hello := component(t, filepath.Join(work, "hello.wasm"))
	if code, out, errOut := run(t, "", "run", "--no-cache", hello, "Ada"); code != 0 || out != "Hello, Ada!\n" || errOut != "" {
		t.Errorf("exit %d, output %q, standard error %q", code, out, errOut)
	}
}
