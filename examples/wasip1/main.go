// Command wasip1 counts lines, words and bytes of standard input, or of the files that its
// arguments name. If an argument is a folder, it counts all files in the folder. It is an ordinary
// Go program. Natively it runs as
//
//	go run ./examples/wasip1 README.md docs
//
// and as a component it sees the files that it is given:
//
//	GOOS=wasip1 GOARCH=wasm go build -o app.wasm ./examples/wasip1
//	go run ./cmd/compose new app.wasm -o app.component.wasm
//	go run ./cmd/compose run --dir .::/here:ro app.component.wasm /here/README.md /here/docs
package main

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"unicode"
)

// counts are the counts of a text.
type counts struct{ lines, words, bytes int }

func (c *counts) add(d counts) {
	c.lines += d.lines
	c.words += d.words
	c.bytes += d.bytes
}

func (c counts) print(name string) { fmt.Printf("%7d %7d %8d %s\n", c.lines, c.words, c.bytes, name) }

// count reads a text to its end.
func count(r io.Reader) (c counts, err error) {
	in := bufio.NewReader(r)
	word := false
	for {
		ch, size, err := in.ReadRune()
		if err == io.EOF {
			return c, nil
		}
		if err != nil {
			return c, err
		}
		c.bytes += size
		if ch == '\n' {
			c.lines++
		}
		space := unicode.IsSpace(ch)
		if !space && !word {
			c.words++
		}
		word = !space
	}
}

// countFile counts a file and prints it.
func countFile(name string) (counts, error) {
	f, err := os.Open(name)
	if err != nil {
		return counts{}, err
	}
	defer f.Close()
	c, err := count(f)
	if err != nil {
		return c, fmt.Errorf("%s: %w", name, err)
	}
	c.print(name)
	return c, nil
}

func run(args []string) error {
	if len(args) == 0 {
		c, err := count(os.Stdin)
		c.print("(standard input)")
		return err
	}
	var total counts
	files := 0
	for _, arg := range args {
		err := filepath.WalkDir(arg, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			c, err := countFile(path)
			total.add(c)
			files++
			return err
		})
		if err != nil {
			return err
		}
	}
	if files != 1 {
		total.print(fmt.Sprintf("(%d files)", files))
	}
	return nil
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "wasip1:", err)
		os.Exit(1)
	}
}
