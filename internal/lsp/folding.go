package lsp

import (
	"go.lsp.dev/protocol"
)

// folding returns blocks in braces and comments that span several lines.
func (s *server) folding(p *protocol.FoldingRangeParams) ([]protocol.FoldingRange, error) {
	_, t, err := s.open(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	out := []protocol.FoldingRange{}
	line := func(offset int) uint32 { return t.text.position(offset, s.enc).Line }
	add := func(from, to uint32, kind protocol.FoldingRangeKind) {
		if to > from {
			out = append(out, protocol.FoldingRange{StartLine: from, EndLine: to, Kind: kind})
		}
	}
	data := t.text.data
	tokens := scan(data, len(data))
	var open []uint32
	for i := 0; i < len(tokens); i++ {
		switch k := tokens[i]; {
		case k.kind == scanComment:
			// Comments on consecutive lines form one range.
			first, last := line(k.start), line(k.end)
			for i+1 < len(tokens) && tokens[i+1].kind == scanComment && line(tokens[i+1].start) == last+1 {
				i++
				last = line(tokens[i].end)
			}
			add(first, last, protocol.FoldingRangeKindComment)
		case k.kind != scanPunct:
		case data[k.start] == '{':
			open = append(open, line(k.start))
		case data[k.start] == '}' && len(open) > 0:
			// The line of the closing brace stays visible.
			if at := line(k.start); at > 0 {
				add(open[len(open)-1], at-1, "")
			}
			open = open[:len(open)-1]
		}
	}
	return out, nil
}
