package doc

import (
	"bytes"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// commentMarkdown returns a comment for use in a Markdown text below a heading of level-1. Its
// headings get at least the given level, `<` outside of code is escaped, and an unclosed fence is
// closed.
func commentMarkdown(comment string, level int) string {
	comment = strings.Trim(strings.ReplaceAll(comment, "\r", ""), "\n")
	if strings.TrimSpace(comment) == "" {
		return ""
	}
	verbatim := func() string {
		fence := strings.Repeat("`", longestRun(comment, '`')+3)
		return fence + "text\n" + comment + "\n" + fence + "\n"
	}
	if !readable(comment) {
		return verbatim()
	}
	source := []byte(comment)
	var e edits
	root := parseComment(source)
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			e.heading(source, n, level)
		case *ast.CodeSpan:
			return ast.WalkSkipChildren, nil
		case *ast.AutoLink:
			// An address may begin with `?` or `!`, but a line with `<?` or `<!` is HTML.
			if at := n.Pos(); at >= 0 && at+1 < len(source) && strings.IndexByte("?!/", source[at+1]) >= 0 {
				e.tags(source, at, at+1)
			}
		case *ast.Text:
			e.tags(source, n.Segment.Start, n.Segment.Stop)
		}
		return ast.WalkContinue, nil
	})
	out := e.apply(source)
	if fence, open := openFence(out); open {
		out = append(out, "\n"+fence...)
	}
	if out = append(out, '\n'); !contained(out, level) {
		return verbatim()
	}
	return string(out)
}

// common parses Markdown as hosts read it, including HTML tags.
var common = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify))

// contained reports whether a comment stays within its place in a text: it has no tags, no headings
// above the level, and no effect on the text after it. Edits do not correct every oddity of
// Markdown, such as a table in a heading.
func contained(comment []byte, level int) bool {
	source := slices.Concat([]byte("# before\n\n"), comment, []byte("\n# after\n"))
	root := common.Parser().Parse(text.NewReader(source))
	if last, ok := root.LastChild().(*ast.Heading); !ok || last.Level != 1 {
		return false
	}
	high, tags := 0, false
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Heading:
			if entering && n.Level < level && n.Lines().Len() > 0 { // empty headings are allowed
				high++
			}
		case *ast.RawHTML, *ast.HTMLBlock:
			tags = true
		}
		return ast.WalkContinue, nil
	})
	return high == 2 && !tags
}

// edit replaces source[start:end] by text.
type edit struct {
	start, end int
	text       string
}

type edits []edit

func (e edits) apply(source []byte) []byte {
	slices.SortStableFunc(e, func(a, b edit) int { return a.start - b.start })
	var out []byte
	at := 0
	for _, x := range e {
		if x.start < at {
			continue
		}
		out = append(append(out, source[at:x.start]...), x.text...)
		at = x.end
	}
	return append(out, source[at:]...)
}

// tags escapes each `<` in source[start:end].
func (e *edits) tags(source []byte, start, end int) {
	for i := start; i < end; i++ {
		if source[i] != '<' {
			continue
		}
		slashes := 0
		for j := i - 1; j >= 0 && source[j] == '\\'; j-- {
			slashes++
		}
		if slashes%2 == 0 {
			*e = append(*e, edit{i, i + 1, "&lt;"})
		}
	}
}

// heading demotes a heading. An underlined heading becomes one line with hash signs.
func (e *edits) heading(source []byte, h *ast.Heading, level int) {
	marks := strings.Repeat("#", min(6, h.Level+level-1))
	lines := h.Lines()
	at := min(max(h.Pos(), 0), len(source))
	if lines.Len() > 0 {
		at = lines.At(0).Start
	}
	// The text of a heading may be preceded on its line by quote and list markers, which contain no
	// hash signs, and by its own hash signs.
	start := bytes.LastIndexByte(source[:at], '\n') + 1
	head := source[start:at]
	if lines.Len() == 0 {
		head = source[start:]
	}
	if i := bytes.IndexByte(head, '#'); i >= 0 {
		*e = append(*e, edit{start + i, start + i + h.Level, marks})
		return
	}
	for i := range lines.Len() {
		line := lines.At(i)
		line = line.TrimRightSpace(source)
		if i == 0 {
			*e = append(*e, edit{line.Start, line.Start, marks + " "})
		}
		if i+1 < lines.Len() {
			*e = append(*e, edit{line.Stop, lines.At(i + 1).Start, " "})
			continue
		}
		// The next line is the underline.
		end := len(source)
		if next := bytes.IndexByte(source[line.Stop:], '\n'); next >= 0 {
			next += line.Stop + 1
			if n := bytes.IndexByte(source[next:], '\n'); n >= 0 {
				end = next + n
			}
		}
		*e = append(*e, edit{line.Stop, end, ""})
	}
}

// openFence reports whether a text ends inside a fenced code block that it opens, and returns a
// fence that closes the block.
func openFence(source []byte) (string, bool) {
	const mark = "end-of-the-comment"
	with := append(slices.Clone(source), "\n\n"+mark+"\n"...)
	last, ok := parseComment(with).LastChild().(*ast.FencedCodeBlock)
	if !ok || last.Lines().Len() == 0 {
		return "", false
	}
	end := last.Lines().At(last.Lines().Len() - 1)
	if !bytes.Contains(with[end.Start:end.Stop], []byte(mark)) {
		return "", false
	}
	// A fence of the same sign that is at least as long as any run of it closes the block.
	sign := byte('`')
	if at := last.Pos(); at >= 0 && at < len(source) && source[at] == '~' {
		sign = '~'
	}
	return strings.Repeat(string(sign), max(3, longestRun(string(source), sign))), true
}

// longestRun returns the length of the longest run of c in s.
func longestRun(s string, c byte) (longest int) {
	run := 0
	for i := range len(s) {
		if run++; s[i] != c {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
}
