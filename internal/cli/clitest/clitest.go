// Package clitest tests command lines: scripts, examples in help pages, and the
// help pages themselves. It is for tests only.
//
// The test file of a binary's package has
//
//	func TestMain(m *testing.M)     { clitest.Main(m, map[string]clitest.Command{"wit": wit.Main}) }
//	func TestScripts(t *testing.T)  { clitest.Scripts(t) }
//	func TestExamples(t *testing.T) { clitest.Examples(t, wit.NewRoot) }
//	func TestHelp(t *testing.T)     { clitest.Help(t, wit.NewRoot) }
//
// Scripts are files testdata/script/*.txtar in the language of testscript
// (github.com/rogpeppe/go-internal/testscript). It has one more command, "exits N
// command...", which requires the exit code N; $EXAMPLES is testdata/examples.
// Help pages are goldens in testdata/help, as shown on a terminal of 80 columns.
// Examples run in a copy of testdata/examples. The test flag -update rewrites the
// goldens and the files that scripts compare with.
package clitest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/internal/fixtures"
	"github.com/mortise-wasm/mortise/internal/golden"
)

// A Command is the entry point of a binary.
type Command func(ctx context.Context, args []string, std *cli.IO) int

// Main is the body of TestMain. It runs the tests with commands in the PATH of
// scripts and examples.
func Main(m *testing.M, commands map[string]Command) {
	run := map[string]func(){}
	for name, c := range commands {
		run[name] = func() { cli.Exit(c) }
	}
	testscript.Main(fixtures.Check(m), run)
}

// Scripts runs testdata/script/*.txtar.
func Scripts(t *testing.T) {
	testscript.Run(t, params("testdata/script"))
}

func params(dir string) testscript.Params {
	examples, err := filepath.Abs(filepath.Join("testdata", "examples"))
	if err != nil {
		panic(err) // the working directory is gone
	}
	return testscript.Params{
		Dir:                 dir,
		UpdateScripts:       golden.Update(),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("NO_COLOR", "")
			env.Setenv("FORCE_COLOR", "")
			env.Setenv("EXAMPLES", examples)
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){"exits": exits},
	}
}

// exits runs "exits N command..." and fails unless the exit code is N. It keeps
// the output as exec does.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits N command...")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// Run runs a command line in this process and returns its exit code and output.
// Standard input is empty and no stream is a terminal.
func Run(t *testing.T, c Command, args ...string) (code int, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	code = c(t.Context(), args, &cli.IO{In: strings.NewReader(""), Out: &o, Err: &e})
	return code, o.String(), e.String()
}

// walk calls visit for a command and all commands below it, except hidden ones.
func walk(cmd *cobra.Command, visit func(*cobra.Command)) {
	visit(cmd)
	for _, c := range cmd.Commands() {
		if !c.Hidden {
			walk(c, visit)
		}
	}
}

// Help compares the help page of every command with testdata/help. It checks the
// length of short texts, that long texts exist, and the width of lines. The
// package comment of the binary must have a line for each verb.
func Help(t *testing.T, newRoot func(*cli.IO) *cobra.Command) {
	root := newRoot(&cli.IO{})
	known := map[string]bool{}
	walk(root, func(cmd *cobra.Command) {
		name := strings.ReplaceAll(cmd.CommandPath(), " ", "-") + ".txt"
		known[name] = true
		t.Run(name, func(t *testing.T) {
			if n := len(cmd.Short); n == 0 || n > 60 {
				t.Errorf("the short text has %d characters, want 1 to 60", n)
			}
			if cmd.Runnable() && cmd.HasParent() && cmd.Long == "" {
				t.Error("the long text is missing")
			}
			golden.File(t, filepath.Join("testdata", "help", name), cli.Help(cmd, helpWidth))
			for _, width := range []int{60, helpWidth, 100} {
				checkWidth(t, cli.Help(cmd, width), width)
			}
		})
	})
	checkDoc(t, root)
	pages, err := os.ReadDir(filepath.Join("testdata", "help"))
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		if !known[page.Name()] {
			t.Errorf("testdata/help/%s does not belong to any command", page.Name())
		}
	}
}

// helpWidth is the terminal width of the golden help pages.
const helpWidth = 80

// checkDoc reports verbs without a line in the package comment of the binary.
func checkDoc(t *testing.T, root *cobra.Command) {
	path := filepath.Join("..", "..", "..", "cmd", root.Name(), "main.go")
	source, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return // a binary that exists only in tests
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range root.Commands() {
		if line := "//\t" + c.CommandPath() + " "; c.Runnable() && !c.Hidden && c.Name() != "help" && c.Name() != "completion" && !bytes.Contains(source, []byte(line)) {
			t.Errorf("the package comment in %s has no line about %s", path, c.CommandPath())
		}
	}
}

// checkWidth reports lines of a page that are wider than the terminal, except for the command lines
// of examples.
func checkWidth(t *testing.T, page string, width int) {
	for line := range strings.SplitSeq(page, "\n") {
		if n := diag.Columns(line); n > width && !strings.HasPrefix(line, "  $ ") {
			t.Errorf("a line of %d columns for a terminal of %d: %s", n, width, line)
		}
	}
}

// Examples runs the examples of every command, each command in a fresh copy of
// testdata/examples. An example is a "# comment" line followed by "$ command" lines.
// The command lines must succeed, or have the exit code in the comment, as in
// "exits 1". Pipes and "> file" work as in a shell.
func Examples(t *testing.T, newRoot func(*cli.IO) *cobra.Command) {
	dir := t.TempDir()
	walk(newRoot(&cli.IO{}), func(cmd *cobra.Command) {
		if cmd.Example == "" {
			return
		}
		script, err := exampleScript(cmd.Example)
		if err != nil {
			t.Errorf("%s: %v", cmd.CommandPath(), err)
			return
		}
		file := filepath.Join(dir, strings.ReplaceAll(cmd.CommandPath(), " ", "-")+".txtar")
		if err := os.WriteFile(file, []byte(script), 0o666); err != nil {
			t.Fatal(err)
		}
	})
	p := params(dir)
	setup := p.Setup
	fixtures, err := filepath.Abs(filepath.Join("testdata", "examples"))
	if err != nil {
		t.Fatal(err)
	}
	p.UpdateScripts = false
	p.Setup = func(env *testscript.Env) error {
		if _, err := os.Stat(fixtures); err == nil {
			// CopyFS does not overwrite files, but the work folder is new.
			if err := os.CopyFS(env.Cd, os.DirFS(fixtures)); err != nil {
				return err
			}
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return setup(env)
	}
	testscript.Run(t, p)
}

// exampleScript turns the example text of a command into a script.
func exampleScript(example string) (string, error) {
	var b strings.Builder
	code := "0"
	commented := false
	for line := range strings.Lines(strings.TrimSpace(example) + "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			commented = false
		case strings.HasPrefix(line, "# "):
			commented, code = true, "0"
			if _, c, ok := strings.Cut(line, "exits "); ok {
				code = strings.TrimRight(strings.Fields(c)[0], ".,;:)")
			}
			b.WriteString(line + "\n")
		case strings.HasPrefix(line, "$ "):
			if !commented {
				return "", fmt.Errorf("no comment line above `%s`", line)
			}
			if err := exampleCommand(&b, line[2:], code); err != nil {
				return "", err
			}
		default:
			return "", fmt.Errorf("neither a `# comment` nor a `$ command`: `%s`", line)
		}
	}
	return b.String(), nil
}

// exampleCommand writes the script lines for a command line. code is the exit
// code of the last command in a pipe.
func exampleCommand(b *strings.Builder, line, code string) error {
	words, err := shellWords(line)
	if err != nil {
		return err
	}
	var command []string
	run := func(code string) error {
		if len(command) == 0 {
			return fmt.Errorf("empty command in `%s`", line)
		}
		for i, w := range command {
			command[i] = "'" + strings.ReplaceAll(w, "'", "''") + "'"
		}
		b.WriteString("exits " + code + " " + strings.Join(command, " ") + "\n")
		command = nil
		return nil
	}
	for i := 0; i < len(words); i++ {
		switch w := words[i]; {
		case w.op == "|":
			if err := run("0"); err != nil {
				return err
			}
			b.WriteString("stdin stdout\n")
		case w.op == ">":
			if i+2 != len(words) || words[i+1].op != "" {
				return fmt.Errorf("`>` must be followed by exactly one last word: `%s`", line)
			}
			if err := run(code); err != nil {
				return err
			}
			fmt.Fprintf(b, "cp stdout '%s'\n", words[i+1].text)
			return nil
		case w.op != "":
			return fmt.Errorf("`%s` cannot be used in an example: `%s`", w.op, line)
		default:
			command = append(command, w.text)
		}
	}
	return run(code)
}

// A word is an argument without its quotes, or an operator of the shell.
type word struct{ text, op string }

func shellWords(line string) ([]word, error) {
	var words []word
	for {
		line = strings.TrimLeft(line, " ")
		if line == "" {
			return words, nil
		}
		if strings.ContainsRune("|><&;", rune(line[0])) {
			words = append(words, word{op: line[:1]})
			line = line[1:]
			continue
		}
		var text strings.Builder
		for line != "" && !strings.ContainsRune(" |><&;", rune(line[0])) {
			q := line[0]
			line = line[1:]
			if q != '\'' && q != '"' {
				text.WriteByte(q)
				continue
			}
			inner, rest, ok := strings.Cut(line, string(q))
			if !ok {
				return nil, fmt.Errorf("quote %c is not closed", q)
			}
			if q == '"' && strings.ContainsAny(inner, "\\$`") {
				return nil, fmt.Errorf("use single quotes for `%s`", inner)
			}
			text.WriteString(inner)
			line = rest
		}
		words = append(words, word{text: text.String()})
	}
}
