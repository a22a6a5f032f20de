package e2e_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/internal/reftool"
)

// A binary beside a text of the same name must be the assembled text.
func TestBinariesAreTheirText(t *testing.T) {
	root := reftool.Root(t)
	n := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		text, ok := strings.CutSuffix(path, ".wasm")
		if !ok {
			return nil
		}
		if _, err := os.Stat(text + ".wat"); err != nil {
			return nil
		}
		want, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		n++
		source, err := os.ReadFile(text + ".wat")
		if err != nil {
			return err
		}
		u, err := wat.Parse(diag.NewFile(text+".wat", source))
		if err != nil {
			return err
		}
		if !bytes.Equal(u.Append(nil), want) {
			t.Errorf("%s is not %s.wat assembled", path, text)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n == 0 {
		t.Fatal("no binaries with a text beside them found")
	}
}
