package inspect

import (
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
)

// A grid is a table: rows of cells in aligned columns. A row may be shorter than the others.
//
// If it does not fit the screen, the last column is cut first (it holds remarks), then the first
// (names), unless these are on the right or rigid. What still does not fit loses columns.
type grid struct {
	rows  [][]string
	right []int // columns that are aligned on the right, and never cut
	rigid []int // further columns that are never cut
	drop  []int // columns to leave out where there is no room, in this order
}

// gap is what stands between two columns.
const gap = 3

// Widths in columns that the cuttable columns of a grid keep as long as anything else can be done,
// and at any price.
const (
	goodName, goodRemark = 24, 20
	leastName            = 8
)

// rows writes a grid, all its rows.
func (s *screen) rows(g grid) {
	var widths []int
	for _, row := range g.rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], diag.Columns(cell))
		}
	}
	g.fit(widths, s.width)
	for _, row := range g.rows {
		var line strings.Builder
		for i, cell := range row {
			if widths[i] == 0 {
				continue
			}
			if i > 0 {
				line.WriteString(strings.Repeat(" ", gap))
			}
			cell = diag.Cut(cell, widths[i])
			pad := strings.Repeat(" ", widths[i]-diag.Columns(cell))
			if slices.Contains(g.right, i) {
				line.WriteString(pad + cell)
			} else {
				line.WriteString(cell + pad)
			}
		}
		s.b.WriteString("  " + strings.TrimRight(line.String(), " ") + "\n")
	}
}

// fit reduces the widths of columns until all of them fit a screen. Columns of width zero are left
// out.
func (g *grid) fit(widths []int, screen int) {
	if screen <= 0 || len(widths) == 0 {
		return
	}
	excess := func() int {
		n := 2 - gap
		for _, w := range widths {
			if w > 0 {
				n += w + gap
			}
		}
		return n - screen
	}
	shrink := func(column, least int) {
		if w := widths[column]; w > least {
			widths[column] = max(w-max(excess(), 0), least)
		}
	}
	cuttable := func(column int) bool {
		return !slices.Contains(g.right, column) && !slices.Contains(g.rigid, column)
	}
	name, remark := 0, len(widths)-1
	full := slices.Clone(widths)
	for i := 0; ; i++ {
		if remark > name && cuttable(remark) {
			shrink(remark, goodRemark)
		}
		shrink(name, goodName)
		if excess() <= 0 || i == len(g.drop) {
			break
		}
		full[g.drop[i]] = 0
		copy(widths, full)
	}
	if remark > name && cuttable(remark) && excess() > 0 {
		widths[remark] = 0
		if room := -excess() - gap; room >= leastName {
			widths[remark] = room
		}
	}
	shrink(name, leastName)
}

// A treeRow is a row about a part of a file. The rows of the parts in it follow, one deeper.
type treeRow struct {
	depth int
	kind  string // "component" or "module"
	size  int
	named bool
	leaf  bool // no parts in it
	cells []string
}

// dull reports whether nobody misses the row if there are many of the kind: a part without a name,
// or without code, that takes less than a hundredth of the file.
func (r *treeRow) dull(whole int) bool {
	return r.leaf && (!r.named || r.kind == "component") && r.size*100 < whole
}

// minFold is how many parts are folded into one row at least.
const minFold = 3

// fold returns the cells of rows, those of dull parts that stand in the same part folded into one.
// If there are too many, the last says how many more there are.
func fold(rows []treeRow, whole int) [][]string {
	type group struct {
		around int // the row of the part that the parts stand in
		kind   string
	}
	type folded struct{ n, kept, size, last int }
	groups := map[group]*folded{}
	var path []int
	of := make([]*folded, len(rows))
	for i := range rows {
		r := &rows[i]
		path = append(path[:r.depth], i)
		at := group{-1, r.kind}
		if r.depth > 0 {
			at.around = path[r.depth-1]
		}
		f := groups[at]
		if f == nil {
			f = &folded{}
			groups[at] = f
		}
		if !r.dull(whole) {
			f.kept++
			continue
		}
		f.n++
		f.size += r.size
		f.last = i
		of[i] = f
	}
	var list [][]string
	for i, r := range rows {
		f := of[i]
		switch {
		case f == nil || f.n < minFold:
			list = append(list, r.cells)
		case i == f.last:
			noun := "component"
			if r.kind == "module" {
				noun = "core module"
			}
			if f.kept > 0 {
				noun = "more " + noun
			}
			label := strings.Repeat("  ", r.depth) + count(f.n, noun)
			list = append(list, []string{label, number(f.size), percent(share(f.size, whole))})
		}
	}
	if n := len(list) - (maxRows - 1); n > 1 {
		list = append(list[:maxRows-1], []string{"… " + number(n) + " more"})
	}
	return list
}
