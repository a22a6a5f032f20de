package e2e_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/mortise-wasm/mortise/internal/reftool"
)

// The page about debugging shows what the commands print. Its text component is micros.wat;
// millis.wat is the version of it that the page describes.
func TestDebuggingPage(t *testing.T) {
	root := reftool.Root(t)
	page, err := os.ReadFile(filepath.Join(root, "docs", "debugging.md"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	for _, name := range []string{"greeter.wasm", "words.wasm"} {
		data, err := os.ReadFile(filepath.Join(root, "examples", "greeter", name))
		if err != nil {
			t.Fatal(err)
		}
		write(t, data, name)
	}
	commands := 0
	for _, block := range strings.Split(string(page), "\n```")[1:] {
		language, text, _ := strings.Cut(block, "\n")
		switch language {
		case "wat":
			write(t, []byte(text), "micros.wat")
			write(t, []byte(strings.Replace(text, "1_000)", "1_000_000)", 1)), "millis.wat")
		case "console":
			for _, command := range strings.Split("\n"+text, "\n$ ")[1:] {
				commands++
				line, want, _ := strings.Cut(command, "\n")
				_, out, errOut := run(t, "", shellWords(t, strings.TrimPrefix(line, "compose "))...)
				got := strings.TrimSuffix(errOut+out, "\n")
				if diff := cmp.Diff(strings.TrimSuffix(want, "\n"), got); diff != "" {
					t.Errorf("%s (-page +output):\n%s", line, diff)
				}
			}
		case "scheme":
			if data, err := os.ReadFile("micros.wast"); err != nil || strings.TrimSpace(string(data)) != strings.TrimSpace(text) {
				t.Errorf("the script on the page is not that of the commands: %v\n%s", err, data)
			}
		}
	}
	if commands < 6 {
		t.Errorf("%d commands were found", commands)
	}
}

// shellWords splits a command line at blanks. A word can be in single quotes.
func shellWords(t *testing.T, line string) (words []string) {
	t.Helper()
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			words = append(words, part)
		} else {
			words = append(words, strings.Fields(part)...)
		}
	}
	return words
}
