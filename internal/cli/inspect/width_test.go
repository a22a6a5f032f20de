package inspect

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/internal/golden"
	"github.com/mortise-wasm/mortise/model/feature"
)

// onTerminal runs inspect as on a terminal with the given width and returns its output.
func onTerminal(t *testing.T, columns int, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	std := &cli.IO{Out: &out, Err: &out, OutIsTTY: true, ErrIsTTY: true, Width: columns, LookupEnv: func(name string) (string, bool) {
		return map[string]string{"NO_COLOR": "1"}[name], true
	}}
	Main(t.Context(), args, std)
	return out.String()
}

// TestScreenFits checks that no line of any report is longer than the terminal. Some reports are
// goldens.
func TestScreenFits(t *testing.T) {
	t.Chdir("testdata/examples")
	files, err := filepath.Glob("*.wasm")
	if err != nil || len(files) == 0 {
		t.Fatal("no examples", err)
	}
	shown := map[string]bool{"inspect greeter.wasm": true, "inspect words.wasm": true, "inspect package.wasm": true, "inspect invalid.wasm": true,
		"inspect size words.wasm": true, "inspect size service.wasm": true, "inspect sections words.wasm": true, "inspect metadata show service.wasm": true}
	for _, file := range files {
		for _, verb := range []string{"", "size ", "sections ", "metadata show ", "validate "} {
			line := "inspect " + verb + file
			for _, columns := range []int{48, 60, 80, 100} {
				text := onTerminal(t, columns, strings.Fields(verb+file)...)
				for l := range strings.SplitSeq(text, "\n") {
					if n := diag.Columns(l); n > columns {
						t.Errorf("%s on %d columns: a line of %d: %s", line, columns, n, l)
					}
				}
				if shown[line] && (columns == 60 || columns == 80) {
					name := fmt.Sprintf("%s.%d", strings.ReplaceAll(strings.TrimPrefix(line, "inspect "), " ", "-"), columns)
					golden.File(t, filepath.Join("..", "screen", name), text)
				}
			}
		}
	}
}

func TestGridFits(t *testing.T) {
	g := grid{
		rows:  [][]string{{"a name that is long enough to be cut", "0x10", "1,234", "12.3 %", "a remark that takes many columns"}, {"short", "0x0", "1", "0.1 %"}},
		right: []int{2, 3}, rigid: []int{1}, drop: []int{3},
	}
	for _, test := range []struct {
		columns int
		want    string
	}{
		{0, "  a name that is long enough to be cut   0x10   1,234   12.3 %   a remark that takes many columns\n" +
			"  short                                  0x0        1    0.1 %\n"},
		{97, "  a name that is long enough to be cut   0x10   1,234   12.3 %   a remark that takes many columns\n" +
			"  short                                  0x0        1    0.1 %\n"},
		{96, "  a name that is long enough to be cut   0x10   1,234   12.3 %   a remark that takes many colum…\n" +
			"  short                                  0x0        1    0.1 %\n"},
		{80, "  a name that is long enough to …   0x10   1,234   12.3 %   a remark that takes…\n" +
			"  short                             0x0        1    0.1 %\n"},
		{66, "  a name that is long enoug…   0x10   1,234   a remark that takes…\n" +
			"  short                        0x0        1\n"},
		{52, "  a name that is long eno…   0x10   1,234   a remar…\n" +
			"  short                      0x0        1\n"},
		{51, "  a name that is long eno…   0x10   1,234\n" +
			"  short                      0x0        1\n"},
		{45, "  a name that is long eno…   0x10   1,234\n" +
			"  short                      0x0        1\n"},
		{30, "  a name that …   0x10   1,234\n" +
			"  short           0x0        1\n"},
		{10, "  a name …   0x10   1,234\n" +
			"  short      0x0        1\n"},
	} {
		s := &screen{width: test.columns}
		s.rows(g)
		if got := s.b.String(); got != test.want {
			t.Errorf("on %d columns\n%swant\n%s", test.columns, got, test.want)
		}
	}
}

// manyParts returns a component with one large core module, 30 empty components without a name, and
// four small core modules.
func manyParts() *diag.File {
	part := func(id byte, body string) string {
		return string([]byte{id, byte(len(body))&0x7f | 0x80, byte(len(body) >> 7)}) + body
	}
	data := componentStart + part(1, moduleStart+part(0, "\x01x"+strings.Repeat("x", 5000)))
	for i := range 30 {
		data += part(4, componentStart+section(0, "\x01"+strings.Repeat("c", i+1)))
	}
	for range 4 {
		data += part(1, moduleStart)
	}
	return diag.NewFile("many.wasm", []byte(data))
}

// TestDullPartsFold checks that dull parts take one line for each kind, and that the sizes still
// add up.
func TestDullPartsFold(t *testing.T) {
	f := manyParts()
	r, err := newReport(f, feature.Default())
	if err != nil {
		t.Fatal(err)
	}
	tree, err := newTree(f)
	if err != nil {
		t.Fatal(err)
	}
	s := &screen{width: 80}
	s.report(r)
	s.b.WriteString("\n")
	newSizeReport(f.Name, tree, 0).render(s)
	s.b.WriteString("\n")
	(&MetadataReport{File: f.Name, Size: len(f.Data), Contents: metadataOf(tree)}).render(s)
	golden.File(t, "testdata/screen/many.80", s.b.String())
}

func TestFold(t *testing.T) {
	row := func(depth, size int, kind, name string, leaf bool) treeRow {
		return treeRow{depth: depth, kind: kind, size: size, named: name != "", leaf: leaf, cells: []string{strings.Repeat("  ", depth) + kind + " " + name}}
	}
	small := func(depth int) treeRow { return row(depth, 9, "module", "", true) }
	for _, test := range []struct {
		name string
		rows []treeRow
		want []string
	}{
		{"two are not folded", []treeRow{small(0), small(0)}, []string{"module ", "module "}},
		{"three are", []treeRow{small(0), small(0), small(0)}, []string{"3 core modules 27 2.7 %"}},
		{"beside a large one", []treeRow{small(0), row(0, 500, "module", "", true), small(0), small(0)},
			[]string{"module ", "3 more core modules 27 2.7 %"}},
		{"a hundredth is not small", []treeRow{row(0, 10, "module", "", true), row(0, 10, "module", "", true), row(0, 10, "module", "", true)},
			[]string{"module ", "module ", "module "}},
		{"modules with names stay, components do not", []treeRow{
			row(0, 9, "module", "a", true), row(0, 9, "module", "b", true), row(0, 9, "module", "c", true),
			row(0, 9, "component", "a", true), row(0, 9, "component", "b", true), row(0, 9, "component", "c", true),
		}, []string{"module a", "module b", "module c", "3 components 27 2.7 %"}},
		{"each part has its own", []treeRow{
			row(0, 400, "component", "a", false), small(1), small(1),
			row(0, 400, "component", "b", false), small(1), small(1), small(1),
		}, []string{"component a", "  module ", "  module ", "component b", "  3 core modules 27 2.7 %"}},
		{"parts with nested parts stay", []treeRow{
			row(0, 9, "component", "", false), row(1, 1, "module", "x", true), row(0, 9, "component", "", true), row(0, 9, "component", "", true),
		}, []string{"component ", "  module x", "component ", "component "}},
	} {
		var got []string
		for _, cells := range fold(test.rows, 1000) {
			got = append(got, strings.Join(cells, " "))
		}
		if strings.Join(got, "\n") != strings.Join(test.want, "\n") {
			t.Errorf("%s\n got %q\nwant %q", test.name, got, test.want)
		}
	}
}

// TestColumnsVariable checks that COLUMNS sets the width on terminals and in pipes, and that files
// have the default width of pipes.
func TestColumnsVariable(t *testing.T) {
	file := filepath.Join("testdata", "examples", "greeter.wasm")
	longest := func(text string) int {
		n := 0
		for l := range strings.SplitSeq(text, "\n") {
			n = max(n, diag.Columns(l))
		}
		return n
	}
	for _, test := range []struct {
		tty     bool
		width   int
		columns string
		toFile  bool
		want    int // the width to which the longest line is cut
	}{
		{false, 0, "", false, 100},
		{false, 60, "", false, 100},
		{true, 60, "", false, 60},
		{true, 0, "", false, 100},
		{true, 60, "80", false, 80},
		{false, 0, "70", false, 70},
		{false, 0, "wide", false, 100},
		{false, 0, "-5", false, 100},
		{false, 0, "0", false, 100},
		{true, 3, "", false, 48}, // the smallest width
		{true, 60, "", true, 100},
	} {
		var out bytes.Buffer
		std := &cli.IO{Out: &out, Err: &out, OutIsTTY: test.tty, Width: test.width, LookupEnv: func(name string) (string, bool) {
			return map[string]string{"COLUMNS": test.columns}[name], true
		}}
		args := []string{"--color=never", file}
		path := filepath.Join(t.TempDir(), "out.txt")
		if test.toFile {
			args = append(args, "-o", path)
		}
		if code := Main(t.Context(), args, std); code != 0 {
			t.Fatalf("exit code %d: %s", code, &out)
		}
		text := out.String()
		if test.toFile {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			text = string(data)
		}
		if got := longest(text); got != test.want {
			t.Errorf("terminal %v of %d, COLUMNS=%q, file %v: %d columns, want %d\n%s", test.tty, test.width, test.columns, test.toFile, got, test.want, text)
		}
	}
}
