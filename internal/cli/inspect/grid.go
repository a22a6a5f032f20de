package inspect

import (
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
)

// A grid is a table: rows of cells in aligned columns. A row may be shorter than the others.
//
// If the grid does not fit the screen, the cells of the last column, which holds remarks, are cut
// first, unless it is right or rigid; then those of the first column, which holds names. If it
// still does not fit, columns are left out.
type grid struct {
	rows  [][]string
	right []int // right-aligned columns, which are never cut
	rigid []int // further columns that are never cut
	drop  []int // columns to leave out if there is no room, in this order
}

// gap is the number of blanks between two columns.
const gap = 3

// Widths to which cells of a grid are cut. The good widths are kept as long as other columns can be
// left out; the least width is always kept.
const (
	goodName, goodRemark = 24, 20
	leastName            = 8
)

// rows writes all rows of a grid.
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

// fit reduces the widths of columns until all of them fit the screen. It sets the width of a column
// to zero to leave it out.
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

// A treeRow is a row about a part of a file. The rows of its nested parts follow, one level deeper.
type treeRow struct {
	depth int
	kind  string // "component" or "module"
	size  int
	named bool
	leaf  bool // no nested parts
	cells []string
}

// dull reports whether the row can be folded with others of its kind: a part without a name or
// without code that takes less than a hundredth of the file.
func (r *treeRow) dull(whole int) bool {
	return r.leaf && (!r.named || r.kind == "component") && r.size*100 < whole
}

// minFold is the smallest number of parts that are folded into one row.
const minFold = 3

// fold returns the cells of rows. The rows of dull parts in the same enclosing part are folded into
// one. If there are too many rows, the last one counts the rest.
func fold(rows []treeRow, whole int) [][]string {
	type group struct {
		around int // the row of the enclosing part
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
