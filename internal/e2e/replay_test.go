package e2e_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/internal/reftool"
)

// A real program, with files, clocks and random numbers, is replayed after everything that it used
// is gone.
func TestReplayProgram(t *testing.T) {
	dir := t.TempDir()
	rec := filepath.Join(t.TempDir(), "run.rec")
	if err := os.Mkdir(filepath.Join(dir, "text"), 0o700); err != nil {
		t.Fatal(err)
	}
	file := write(t, []byte("one two\nthree\n"), dir, "text", "a.txt")
	app := component(t, reftool.GoWASI(t, "examples/wasip1"))
	prof := filepath.Join(t.TempDir(), "run.prof")
	code, out, errOut := run(t, "", "run", "--no-cache", "--record", rec, "--profile", prof, "--dir", dir+"::/:ro", app, "/text")
	if code != 0 || !strings.Contains(out, "3       14 /text/a.txt") {
		t.Fatalf("exit %d, output %q\n%s", code, out, errOut)
	}
	top, err := exec.Command("go", "tool", "pprof", "-top", "-sample_index=bytes", prof).CombinedOutput()
	if err != nil || !strings.Contains(string(top), ".get-arguments\n") || !strings.Contains(string(top), "[method]descriptor.read") {
		t.Errorf("profile: %v\n%s", err, top)
	}
	for _, path := range []string{file, app} {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	code, out, errOut = run(t, "", "replay", rec)
	if code != 0 || !strings.Contains(out, "replayed 1 call of exports and ") || errOut != "" {
		t.Errorf("replay: exit %d, output %q\n%s", code, out, errOut)
	}
	t.Log(out)
	info, err := os.Stat(rec)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > 2<<20 {
		t.Errorf("the recording has %d bytes; the component in it is compressed", info.Size())
	}

	// A cut recording is replayed as far as it goes; a changed one is refused.
	data, err := os.ReadFile(rec)
	if err != nil {
		t.Fatal(err)
	}
	cut := write(t, data[:len(data)-100], t.TempDir(), "cut.rec")
	if code, out, errOut = run(t, "", "replay", cut); code != 0 || !strings.Contains(out, "the recording is incomplete and ends here") {
		t.Errorf("cut: exit %d, output %q\n%s", code, out, errOut)
	}
	changed := write(t, bytes.Replace(data, []byte("get-arguments"), []byte("got-arguments"), 1), t.TempDir(), "changed.rec")
	if code, _, errOut = run(t, "", "replay", changed); code != 1 || !strings.Contains(errOut, "the recording is damaged: a checksum is wrong") {
		t.Errorf("changed: exit %d\n%s", code, errOut)
	}

	// Another program deviates when it does something else, and the message says what.
	other := component(t, reftool.GoWASI(t, programs+"/hello"))
	code, _, errOut = run(t, "", "replay", rec, "--component", other)
	if code != 1 || !strings.Contains(errOut, "deviates at event ") || !strings.Contains(errOut, "now: ") {
		t.Errorf("another program: exit %d\n%s", code, errOut)
	}
	t.Log(errOut)
}

// The two components of the example are replayed as one.
func TestReplayGreeter(t *testing.T) {
	dir := t.TempDir()
	both, rec := filepath.Join(dir, "both.wasm"), filepath.Join(dir, "t.rec")
	example := filepath.Join(reftool.Root(t), "examples", "greeter")
	if code, _, errOut := run(t, "", "plug", filepath.Join(example, "greeter.wasm"), "--plug", filepath.Join(example, "words.wasm"), "-o", both); code != 0 {
		t.Fatalf("plug: exit %d\n%s", code, errOut)
	}
	code, out, errOut := run(t, "", "run", "--trace", "--record", rec, "--invoke", `greet({name: "Ada", times: 3})`, both)
	if code != 0 || !strings.Contains(out, "Hello, Ada!") || !strings.Contains(errOut, "<- card#1") {
		t.Fatalf("run: exit %d, output %q\n%s", code, out, errOut)
	}
	if code, out, errOut := run(t, "", "replay", rec); code != 0 || out != rec+": replayed 1 call of exports and 0 calls of imports without deviation\n" {
		t.Errorf("replay: exit %d, output %q\n%s", code, out, errOut)
	}
}
