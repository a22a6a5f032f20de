package wasi

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/runner"
)

func TestAddTo(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		c    Config
		want string // part of the error, or ""
	}{
		{"nothing", Config{}, ""},
		{"everything", Config{Args: []string{"app"}, Env: []string{"A=1", "B="}, Stdin: strings.NewReader(""), Stdout: io.Discard,
			Dirs: []Dir{{Host: dir}, {Host: dir, Guest: "/", ReadOnly: true}}, InitialCwd: "/"}, ""},
		{"no value", Config{Env: []string{"A"}}, `"A" is not of the form NAME=value`},
		{"no name", Config{Env: []string{"=A"}}, "not of the form"},
		{"environment", Config{Env: []string{"A=\xff"}}, "not UTF-8"},
		{"argument", Config{Args: []string{"\xff"}}, "not UTF-8"},
		{"working directory", Config{InitialCwd: "\xff"}, "not UTF-8"},
		{"missing directory", Config{Dirs: []Dir{{Host: dir}, {Host: dir + "/nothing"}}}, "nothing"},
		{"file as directory", Config{Dirs: []Dir{{Host: file}}}, file},
		{"name of a directory", Config{Dirs: []Dir{{Host: dir, Guest: "\xff"}}}, "not UTF-8"},
	} {
		host, err := test.c.AddTo(runner.NewLinker())
		if test.want != "" {
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s: %v, want an error with %q", test.name, err, test.want)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		for range 2 {
			if err := host.Close(); err != nil {
				t.Errorf("%s: closing: %v", test.name, err)
			}
		}
	}
}

func TestEnv(t *testing.T) {
	got, err := splitEnv([]string{"A=1", "B=x=y", "A=2", "C="})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([][2]string{{"A", "2"}, {"B", "x=y"}, {"C", ""}}, got); d != "" {
		t.Error(d)
	}
}

// TestCloseFlushes checks that Close writes what is still buffered.
func TestCloseFlushes(t *testing.T) {
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	host, err := Config{Stdout: w}.AddTo(runner.NewLinker())
	if err != nil {
		t.Fatal(err)
	}
	w.WriteString("text")
	if err := host.Close(); err != nil || b.String() != "text" {
		t.Errorf("%q, %v", b.String(), err)
	}
}

func TestRandom(t *testing.T) {
	read := func(r io.Reader) string {
		b := make([]byte, 32)
		if _, err := io.ReadFull(r, b); err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	sources := func(c Config) [2]string {
		secure, insecure := c.random()
		return [2]string{read(secure), read(insecure)}
	}
	if a, b := sources(Config{}), sources(Config{}); a == b || a[0] == a[1] {
		t.Error("the system's random numbers repeat")
	}
	if a, b := sources(Config{Seed: []byte("x")}), sources(Config{Seed: []byte("x")}); a != b || a[0] == a[1] {
		t.Error("seeded random numbers do not repeat, or do so at once")
	}
	if sources(Config{Seed: []byte("x")}) == sources(Config{Seed: []byte("y")}) {
		t.Error("two seeds give the same random numbers")
	}
	x := strings.NewReader(strings.Repeat("x", 64))
	if got := sources(Config{Random: x})[0]; got != strings.Repeat("x", 32) {
		t.Errorf("random numbers are not from Random: %q", got)
	}
}
