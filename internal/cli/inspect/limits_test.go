package inspect

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/feature"
)

// TestProducersOnce checks that a producer of several parts is listed once, as is every other one
// of the same field.
func TestProducersOnce(t *testing.T) {
	producers := func(version string) string {
		return section(0, "\x09producers\x01\x0cprocessed-by\x01\x04tool\x03"+version)
	}
	data := componentStart + section(1, moduleStart+producers("1.0")) + section(1, moduleStart+producers("1.0")) + section(1, moduleStart+producers("2.0"))
	r, err := newReport(diag.NewFile("f", []byte(data)), feature.Default())
	if err != nil {
		t.Fatal(err)
	}
	const want = "\nProducers\n  processed-by   tool 1.0\n                 tool 2.0\n"
	if text := render(r, 0); !strings.HasSuffix(text, want) {
		t.Errorf("got\n%s\nwant it to end with\n%s", text, want)
	}
}

// TestTableLimit checks that a table with one row too many is shown whole, because the line with
// the count would take a row too.
func TestTableLimit(t *testing.T) {
	for n, hidden := range map[int]int{maxRows: 0, maxRows + 1: 0, maxRows + 2: 2} {
		for _, pairs := range []bool{false, true} {
			rows := make([][]string, n)
			for i := range rows {
				rows[i] = []string{"a", "b"}
			}
			s := &screen{}
			if pairs {
				s.pairs(rows)
			} else {
				s.table(rows)
			}
			lines := strings.Count(s.b.String(), "  a   b\n")
			more := fmt.Sprintf("  … %d more (--format json has them)\n", hidden)
			if lines != n-hidden || strings.HasSuffix(s.b.String(), more) != (hidden > 0) {
				t.Errorf("%d rows: %d shown, want %d\n%s", n, lines, n-hidden, &s.b)
			}
		}
	}
}

// TestTreeLimit is TestTableLimit for parts, whose table has an additional last row.
func TestTreeLimit(t *testing.T) {
	for n, last := range map[int]string{maxRows - 1: "x", maxRows: "x", maxRows + 1: "… 2 more"} {
		rows := make([]treeRow, n)
		for i := range rows {
			rows[i] = treeRow{kind: "module", size: 100, named: true, leaf: true, cells: []string{"x"}}
		}
		list := fold(rows, 1000)
		if got := list[len(list)-1][0]; len(list) > maxRows || got != last {
			t.Errorf("%d rows: %d with %q as the last, want %q", n, len(list), got, last)
		}
	}
}

// TestWorldLimit checks that the imports and exports of a world are cut at their share of the
// screen, and that the screen says where the rest is.
func TestWorldLimit(t *testing.T) {
	world := func(imports, exports int) World {
		var b strings.Builder
		b.WriteString("world w {\n")
		for i := range imports {
			fmt.Fprintf(&b, "  import i%d: func();\n", i)
		}
		for i := range exports {
			fmt.Fprintf(&b, "  export e%d: func();\n", i)
		}
		b.WriteString("}\n")
		return World{"w", b.String()}
	}
	const all = "  (inspect wit shows all of it)\n"
	for _, test := range []struct {
		imports, exports int
		hidden           []string
	}{
		{3, 3, nil},
		{maxRows, maxRows + 1, nil}, // the line `world w {` belongs to the first group
		{maxRows + 1, 0, []string{"    … 2 more lines\n"}},
		{0, maxRows + 2, []string{"    … 2 more lines\n"}},
		{maxRows + 5, maxRows + 7, []string{"    … 6 more lines\n", "    … 7 more lines\n"}},
	} {
		s := &screen{}
		s.worlds("World", &Report{Worlds: []World{world(test.imports, test.exports)}})
		text := s.b.String()
		for _, want := range test.hidden {
			if !strings.Contains(text, want) {
				t.Errorf("%d imports, %d exports: no %q in\n%s", test.imports, test.exports, want, text)
			}
		}
		if n := strings.Count(text, "…"); n != len(test.hidden) {
			t.Errorf("%d imports, %d exports: %d groups are cut, want %d\n%s", test.imports, test.exports, n, len(test.hidden), text)
		}
		if strings.HasSuffix(text, all) != (len(test.hidden) > 0) {
			t.Errorf("%d imports, %d exports: the last line is wrong\n%s", test.imports, test.exports, text)
		}
	}
	r := &Report{}
	for range 8 {
		r.Worlds = append(r.Worlds, world(1, 1))
	}
	s := &screen{}
	s.worlds("Worlds", r)
	if text := s.b.String(); strings.Count(text, "world w") != 5 || !strings.HasSuffix(text, "  … 3 more (inspect wit shows them)\n") {
		t.Errorf("eight worlds:\n%s", text)
	}
}
