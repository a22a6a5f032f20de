//go:build unix

package codecache

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A folder that others can write to is refused, and the error says what to do.
func TestUnsafe(t *testing.T) {
	for _, test := range []struct {
		mode fs.FileMode
		uid  int
		want string // the reason, "" if the folder is fine
	}{
		{0o700, -1, ""},
		{0o755, -1, ""},
		{0o775, -1, "can be written to by others (mode 0775)"},
		{0o702, -1, "can be written to by others (mode 0702)"},
		{0o777 | fs.ModeSticky, -1, "can be written to by others (mode 0777)"},
		{0o700, 12345, "belongs to another user (12345)"},
	} {
		dir := filepath.Join(t.TempDir(), "cache")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(dir, test.mode); err != nil {
			t.Fatal(err)
		}
		if test.uid >= 0 {
			if err := os.Chown(dir, test.uid, -1); err != nil {
				t.Logf("without the case of another owner: %v", err)
				continue
			}
		}
		c, err := Open(dir)
		if test.want == "" {
			if err != nil {
				t.Errorf("%v: %v", test.mode, err)
			} else if err := c.Close(); err != nil {
				t.Error(err)
			}
			continue
		}
		var unsafe *UnsafeError
		if !errors.As(err, &unsafe) || unsafe.Reason != test.want || unsafe.Dir != dir || unsafe.Remedy == "" || !strings.Contains(err.Error(), dir) {
			t.Errorf("%v: %v, want %s", test.mode, err, test.want)
		}
	}
	// The folder inside is checked as well.
	dir := t.TempDir()
	chmod(t, dir)
	if err := os.Mkdir(filepath.Join(dir, storePrefix+engineFolder), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, storePrefix+engineFolder), 0o777); err != nil {
		t.Fatal(err)
	}
	c, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(c.Dir(), engineFolder), 0o700); err != nil {
		t.Fatal(err)
	}
	var unsafe *UnsafeError
	if err := c.Bind(); !errors.As(err, &unsafe) {
		t.Errorf("%v", err)
	}
}
