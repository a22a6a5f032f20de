package lsp

import (
	"slices"

	"github.com/mortise-wasm/mortise/wit/syntax"
)

// blockKind is the kind of the contents of a pair of braces.
type blockKind uint8

const (
	blockTop blockKind = iota // a file or nested package
	blockInterface
	blockWorld
	blockRecord
	blockVariant
	blockLabels // of an enum or flags
	blockResource
	blockUse     // the names of a use
	blockWith    // the renames of an include
	blockUnknown // any other; there are no proposals
)

// block is an open pair of braces and the names found in it so far.
type block struct {
	kind blockKind
	// head is the statement before the brace, without attributes.
	head []scanned
	// types are the names of the types in an interface or world. taken are the names that a use
	// already defines or that an include already renames.
	types, taken []string
}

// cursor is a place in a text that is being edited, with the context before it. The parser cannot
// provide this context, because the text at the cursor is incomplete.
type cursor struct {
	data []byte
	// at is the cursor. start is the start of the word that ends at the cursor, or at.
	at, start int
	blocks    []block
	// stmt holds the tokens of the current statement up to start, without attributes.
	stmt []scanned
	// attr reports whether the word is the name of an attribute. inAttr is the attribute whose
	// parentheses contain the cursor, or "".
	attr   bool
	inAttr string
	// nothing reports whether the cursor is in a comment or string.
	nothing bool
}

var blockKinds = map[string]blockKind{
	"interface": blockInterface, "world": blockWorld, "record": blockRecord, "variant": blockVariant, "enum": blockLabels, "flags": blockLabels,
	"resource": blockResource, "package": blockTop, "use": blockUse, "include": blockWith,
}

func newCursor(data []byte, at int) *cursor {
	c := &cursor{data: data, at: at, start: at, blocks: []block{{}}}
	tokens := scan(data, at)
	if n := len(tokens); n > 0 {
		if last := tokens[n-1]; last.open && (last.kind == scanComment || last.kind == scanString) {
			c.nothing = true
			return c
		} else if last.kind == scanWord && last.end == at {
			c.start = last.start
			tokens = tokens[:n-1]
		}
	}
	for _, k := range tokens {
		if k.kind != scanComment {
			c.token(k)
		}
	}
	c.attributes()
	return c
}

func (c *cursor) text(k scanned) string { return string(c.data[k.start:k.end]) }

func (c *cursor) top() *block { return &c.blocks[len(c.blocks)-1] }

// word returns the n-th token of the statement, or "" if there are fewer.
func (c *cursor) word(n int) string {
	if n >= len(c.stmt) {
		return ""
	}
	return c.text(c.stmt[n])
}

func (c *cursor) last() string { return c.word(max(len(c.stmt)-1, 0)) }

func (c *cursor) token(k scanned) {
	switch c.text(k) {
	case "{":
		c.attributes()
		b := block{kind: blockUnknown, head: c.stmt}
		switch first := c.word(0); {
		case blockKinds[first] != 0 || first == "package":
			b.kind = blockKinds[first]
		case (first == "import" || first == "export") && c.last() == "interface":
			b.kind = blockInterface
		}
		if len(c.stmt) > 1 && (b.kind == blockRecord || b.kind == blockVariant || b.kind == blockLabels || b.kind == blockResource) {
			c.define(c.word(1))
		}
		c.blocks = append(c.blocks, b)
		c.stmt = nil
	case "}":
		c.endElement()
		if len(c.blocks) > 1 {
			taken, kind := c.top().taken, c.top().kind
			c.blocks = c.blocks[:len(c.blocks)-1]
			if kind == blockUse {
				c.top().types = append(c.top().types, taken...)
			}
		}
		c.stmt = nil
	case ";":
		c.attributes()
		if w := c.word(0); (w == "type" || w == "resource") && len(c.stmt) > 1 {
			c.define(c.word(1))
		}
		c.stmt = nil
	case ",":
		if k := c.top().kind; k >= blockRecord && k != blockResource && c.depth() == 0 {
			c.endElement()
			return
		}
		c.stmt = append(c.stmt, k)
	default:
		c.stmt = append(c.stmt, k)
	}
}

// define records a type of the current interface or world.
func (c *cursor) define(label string) { c.top().types = append(c.top().types, label) }

// endElement ends an element of a list in braces.
func (c *cursor) endElement() {
	switch k := c.top().kind; {
	case len(c.stmt) == 0:
	case k == blockUse:
		c.top().taken = append(c.top().taken, c.last())
	case k == blockWith:
		c.top().taken = append(c.top().taken, c.word(0))
	}
	c.stmt = nil
}

// depth returns the number of open parentheses and angle brackets in the statement.
func (c *cursor) depth() (n int) {
	for _, k := range c.stmt {
		switch c.text(k) {
		case "(", "<":
			n++
		case ")", ">":
			n--
		}
	}
	return n
}

// attributes removes the attributes from the statement.
func (c *cursor) attributes() {
	for c.word(0) == "@" {
		switch {
		case len(c.stmt) == 1:
			c.attr = true
			c.stmt = nil
		case c.word(2) != "(":
			c.stmt = c.stmt[2:]
		default:
			end := slices.IndexFunc(c.stmt, func(k scanned) bool { return c.text(k) == ")" })
			if end < 0 {
				c.inAttr = c.word(1)
				c.stmt = c.stmt[3:]
				return
			}
			c.stmt = c.stmt[end+1:]
		}
	}
}

// inType reports whether a type fits at the cursor, in a statement whose type starts at token n.
func (c *cursor) inType(n int) bool {
	if len(c.stmt) <= n {
		return false
	}
	angle := 0
	for _, k := range c.stmt[n:] {
		switch c.text(k) {
		case "<":
			angle++
		case ">":
			angle--
		}
	}
	switch c.last() {
	case "<":
		return true
	case ",":
		return angle > 0
	case ":", "->", "=":
		return true
	case "(":
		return c.top().kind == blockVariant
	}
	return false
}

// endsPath reports whether the last token is the period after a path, not one in its version.
func (c *cursor) endsPath() bool {
	if c.last() != "." {
		return false
	}
	periods := 0
	for i := len(c.stmt) - 1; i > 0; i-- {
		switch c.word(i) {
		case ".":
			periods++
		case "@":
			return periods > 2
		}
	}
	return periods == 1
}

// around returns the name of the interface or world at the top that contains the cursor, as
// written, or "".
func (c *cursor) around() string {
	for _, b := range c.blocks {
		if (b.kind == blockInterface || b.kind == blockWorld) && len(b.head) > 1 && (c.text(b.head[0]) == "interface" || c.text(b.head[0]) == "world") {
			return c.text(b.head[1])
		}
	}
	return ""
}

// isLabel reports whether token n is a word but not a keyword.
func (c *cursor) isLabel(n int) bool {
	return n < len(c.stmt) && c.stmt[n].kind == scanWord && !syntax.IsKeyword(c.word(n))
}
