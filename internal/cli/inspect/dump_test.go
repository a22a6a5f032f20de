package inspect

import (
	"bytes"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/internal/golden"
)

// dump runs inspect dump and returns its output, and the bytes shown in it.
func dump(t *testing.T, data []byte, args ...string) (text string, shown []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "f.wasm")
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	var out, errOut bytes.Buffer
	std := &cli.IO{Out: &out, Err: &errOut, LookupEnv: func(name string) (string, bool) {
		return map[string]string{"COLUMNS": "80"}[name], true
	}}
	if code := Main(t.Context(), append([]string{"dump", path}, args...), std); code > 1 {
		t.Fatalf("exit code %d: %s", code, &errOut)
	}
	for line := range strings.Lines(out.String()) {
		cells := strings.SplitN(line, "|", 3)
		row, err := hex.DecodeString(strings.ReplaceAll(strings.TrimSpace(cells[1]), " ", ""))
		if err != nil {
			continue // a line with the number of bytes left out
		}
		shown = append(shown, row...)
		if n := diag.Columns(strings.TrimSuffix(line, "\n")); n > 80 {
			t.Errorf("a line of %d columns: %s", n, line)
		}
	}
	return out.String(), shown
}

// TestDumpHasEveryByte checks that each byte is shown once and in order, also in truncated files.
func TestDumpHasEveryByte(t *testing.T) {
	files, err := filepath.Glob("testdata/examples/*.wasm")
	if err != nil || len(files) == 0 {
		t.Fatal("no examples", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text, shown := dump(t, data, "--all")
		if !bytes.Equal(shown, data) {
			t.Errorf("%s: %d bytes are shown of %d", name, len(shown), len(data))
		}
		switch base := filepath.Base(name); base {
		case "module.wasm", "service.wasm", "invalid.wasm":
			golden.File(t, filepath.Join("testdata", "screen", "dump-"+base+".80"), text)
		}
		for n := 8; n < len(data); n += 1 + len(data)/40 {
			if _, shown := dump(t, data[:n], "--all"); !bytes.Equal(shown, data[:n]) {
				t.Errorf("%s, cut off at %d: %d bytes are shown", name, n, len(shown))
			}
		}
	}
}

// TestDumpOfLongData checks that bytes with the same meaning are cut after four lines, but not to
// save a single line.
func TestDumpOfLongData(t *testing.T) {
	for n, want := range map[int]string{
		32: "", 40: "", 41: "      | … 9 more bytes\n", 1000: "       | … 968 more bytes\n",
	} {
		body := "\x01x" + strings.Repeat("y", n)
		size := string([]byte{byte(len(body))&0x7f | 0x80, byte(len(body) >> 7)})
		text, _ := dump(t, []byte(moduleStart+"\x00"+size+body))
		_, more, _ := strings.Cut(text, " | …")
		if want == "" && more != "" || want != "" && !strings.HasSuffix(text, strings.TrimLeft(want, " ")) {
			t.Errorf("%d bytes:\n%swant it to end with %q", n, text, want)
		}
	}
}
