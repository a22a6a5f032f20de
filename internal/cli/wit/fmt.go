package wit

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/wit/syntax"
)

type fmtOptions struct {
	std               *cli.IO
	paths             []string
	write, list, diff bool
}

func newFmt(std *cli.IO, runF func(context.Context, *fmtOptions) error) *cobra.Command {
	o := &fmtOptions{std: std}
	cmd := &cobra.Command{
		Use:   "fmt [PATH...]",
		Short: "Format WIT text",
		Long: `Formats WIT text in one style and keeps all comments. A folder stands for the .wit files
in it and below it, except in folders called deps, which hold the packages of others; name
such a folder to format it. Without PATH, standard input is formatted to standard output.`,
		Args: cli.Args,
		Example: `
# Format the files of a package in place
$ wit fmt -w shop

# List the files that are not formatted (exits 1)
$ wit fmt -l untidy.wit

# Format standard input
$ wit fmt -
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.paths = args; len(args) == 0 {
				o.paths = []string{"-"}
			}
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runFmt(cmd.Context(), o)
		},
	}
	cmd.Flags().BoolVarP(&o.write, "write", "w", false, "write the result to the file instead of standard output")
	cmd.Flags().BoolVarP(&o.list, "list", "l", false, "list the files that would change, and exit with 1 if there are any")
	cmd.Flags().BoolVarP(&o.diff, "diff", "d", false, "show what would change, and exit with 1 if anything does")
	cli.DocumentExit(cmd, "1", "a file cannot be parsed, or would change (with -l or -d)")
	return cmd
}

func runFmt(_ context.Context, o *fmtOptions) error {
	var files []string
	for _, p := range o.paths {
		more, err := witFiles(p)
		if err != nil {
			return err
		}
		files = append(files, more...)
	}
	changed := false
	var all diag.List
	for _, path := range files {
		f, err := o.std.ReadFile(path)
		if err != nil {
			return err
		}
		out, list := syntax.Format(f, syntax.Options{NestedNames: true})
		if list.HasErrors() {
			all.Add(list...)
			continue
		}
		same := bytes.Equal(out, f.Data)
		changed = changed || !same
		if err := o.put(path, f, out, same); err != nil {
			return err
		}
	}
	if err := all.Err(); err != nil {
		return err
	}
	if changed && (o.list || o.diff) {
		return &cli.ExitError{Code: cli.ExitInput}
	}
	return nil
}

// put lists, shows or writes a formatted file, as the flags say.
func (o *fmtOptions) put(path string, f *diag.File, out []byte, same bool) error {
	var err error
	if o.list && !same {
		_, err = fmt.Fprintln(o.std.Out, f.Name)
	}
	if o.diff && !same && err == nil {
		_, err = o.std.Out.Write(lineDiff(f.Name, f.Data, out))
	}
	if o.write && !same && path != "-" && err == nil {
		err = cli.WriteFile(path, out)
	}
	if (!o.list && !o.diff && !o.write || o.write && path == "-") && err == nil {
		_, err = o.std.Out.Write(out)
	}
	return err
}

// witFiles returns the files that a path stands for, in order. It skips folders called deps, which
// hold the packages of others, unless the path is such a folder.
func witFiles(path string) ([]string, error) {
	if info, err := os.Stat(path); path == "-" || err != nil || !info.IsDir() {
		return []string{path}, nil
	}
	var out []string
	err := filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == "deps" && p != path {
			return fs.SkipDir
		}
		if err == nil && d.Type().IsRegular() && filepath.Ext(p) == ".wit" {
			out = append(out, p)
		}
		return err
	})
	return out, err
}

// lineDiff returns the lines that differ, without the common lines at the start and the end.
func lineDiff(name string, old, new []byte) []byte {
	a, b := bytes.SplitAfter(old, []byte("\n")), bytes.SplitAfter(new, []byte("\n"))
	start := 0
	for start < len(a) && start < len(b) && bytes.Equal(a[start], b[start]) {
		start++
	}
	end := 0
	for end < len(a)-start && end < len(b)-start && bytes.Equal(a[len(a)-1-end], b[len(b)-1-end]) {
		end++
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "--- %s\n+++ %s (formatted)\n@@ -%d,%d +%d,%d @@\n", name, name, start+1, len(a)-end-start, start+1, len(b)-end-start)
	for _, side := range []struct {
		mark  string
		lines [][]byte
	}{{"-", a[start : len(a)-end]}, {"+", b[start : len(b)-end]}} {
		for _, l := range side.lines {
			if len(l) > 0 {
				out.WriteString(side.mark)
				out.Write(bytes.TrimSuffix(l, []byte("\n")))
				out.WriteByte('\n')
			}
		}
	}
	return out.Bytes()
}
