package inspect

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
)

// worlds writes worlds as WIT. Imports and exports each get a share of the rows.
func (s *screen) worlds(heading string, r *Report) {
	if len(r.Worlds) == 0 {
		return
	}
	s.heading("%s", heading)
	share := max(maxRows/len(r.Worlds), 8)
	hidden := 0
	for i, w := range r.Worlds {
		if i == maxRows/8 {
			s.line(2, "… %s more (inspect wit shows them)", number(len(r.Worlds)-i))
			return
		}
		lines := strings.Split(strings.TrimSuffix(w.WIT, "\n"), "\n")
		exports := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "  export ") })
		if exports < 0 {
			exports = len(lines) - 1
		}
		hidden += s.wit(lines[:exports], share)
		hidden += s.wit(lines[exports:len(lines)-1], share)
		s.b.WriteString("  " + clean(lines[len(lines)-1]) + "\n")
	}
	if hidden > 0 {
		s.line(2, "(inspect wit shows all of it)")
	}
}

// wit writes at most limit lines of WIT, with the comments aligned, and returns the number of lines
// left out.
func (s *screen) wit(lines []string, limit int) (hidden int) {
	if len(lines) > limit+1 {
		hidden = len(lines) - limit
		lines = lines[:limit]
	}
	width := 0
	for _, l := range lines {
		if code, _, ok := strings.Cut(l, " // "); ok {
			width = max(width, min(diag.Columns(code), maxNames))
		}
	}
	columns := maxWIT
	if s.width > 0 {
		columns = s.width - 2
	}
	for _, l := range lines {
		code, note, ok := strings.Cut(l, " // ")
		code = clip(code, min(columns, maxWIT))
		if ok {
			code += strings.Repeat(" ", max(width-diag.Columns(code), 0))
			// A comment of a few columns would be useless.
			if room := columns - diag.Columns(code) - len("  // "); room >= leastName {
				code += "  // " + clip(note, min(room, maxWIT))
			}
		}
		s.b.WriteString(strings.TrimRight("  "+code, " ") + "\n")
	}
	if hidden > 0 {
		fmt.Fprintf(&s.b, "    … %s\n", count(hidden, "more line"))
	}
	return hidden
}
