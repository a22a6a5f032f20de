package wat

import (
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
)

// PrintOptions are the options of printing. The zero value prints everything, as wasm-tools does.
type PrintOptions struct {
	// Skeleton prints `...` instead of function bodies, elements and data. The output is not meant to
	// be parsed.
	Skeleton bool
	// Offsets starts each line with a comment that has the binary offset of its contents.
	Offsets bool
	// NameUnnamed gives names such as `$#func3` to unnamed definitions.
	NameUnnamed bool
	// Operands prints a comment with the types on the operand stack after each instruction, as far as
	// function bodies are valid.
	Operands bool
	// Indent is the indentation of one level. "" means two spaces, unless NoIndent is set: then lines
	// are not indented.
	Indent   string
	NoIndent bool
}

// maxIndent limits the number of indented levels, so that the output for deeply nested blocks is
// not quadratic in their depth.
const maxIndent = 50

// maxLocals limits the number of local variables in a printed function: a few bytes can declare
// billions of them.
const maxLocals = 50_000

// Print appends the text of a component to dst, with a newline at the end. Names come from the name
// sections. The text of a valid component can be parsed and gives the same component, except for
// two things that text does not represent: the division of the bytes into sections, and integers
// that were longer than necessary.
//
// If a core module inside c is bad, Print returns an error, and the text up to that place. The
// error is a [*diag.Diagnostic] if c was decoded from a file.
func Print(dst []byte, c *encoding.Component, o PrintOptions) ([]byte, error) {
	p := newPrinter(dst, o)
	p.file = c.File()
	p.component(c, nil)
	p.str("\n")
	return p.out, p.err
}

// PrintModule is [Print] for a core module. The error is a [*core.Error].
func PrintModule(dst []byte, m *core.Module, o PrintOptions) ([]byte, error) {
	p := newPrinter(dst, o)
	p.module(m, nil, 0)
	p.str("\n")
	return p.out, p.err
}

// PrintBinary decodes a component or core module and prints it. The error is a [*diag.Diagnostic].
func PrintBinary(dst []byte, f *diag.File, o PrintOptions) ([]byte, error) {
	if encoding.IsCoreModule(f.Data) {
		m, err := core.Decode(f.Data)
		if err == nil {
			dst, err = PrintModule(dst, m, o)
		}
		if err != nil {
			return dst, coreError(f, err, 0)
		}
		return dst, nil
	}
	c, err := encoding.Decode(f)
	if err != nil {
		return dst, err
	}
	return Print(dst, c, o)
}

// coreError adds a position to the error of a core module that is at offset base of f.
func coreError(f *diag.File, err error, base int) error {
	e, ok := err.(*core.Error)
	if !ok || f == nil {
		return err
	}
	d := diag.At(f, base+e.Offset, "", "%s", e.Message)
	d.Cause = e
	return d
}

// printer writes text. A group is a list in parentheses. Its closing parenthesis gets its own line
// if the group has more than one line.
type printer struct {
	o       PrintOptions
	indent  string
	out     []byte
	nesting int
	line    int
	groups  []int // the lines on which the open groups start
	scopes  []*printScope
	file    *diag.File
	err     error
}

func newPrinter(dst []byte, o PrintOptions) *printer {
	p := &printer{o: o, indent: o.Indent, out: dst}
	if p.indent == "" && !o.NoIndent {
		p.indent = "  "
	}
	return p
}

// noOffset represents an unknown binary offset.
const noOffset = -1

func (p *printer) str(s string) { p.out = append(p.out, s...) }

func (p *printer) printf(format string, args ...any) { p.out = fmt.Appendf(p.out, format, args...) }

func (p *printer) num(n uint64) { p.out = strconv.AppendUint(p.out, n, 10) }

// newline starts a line for the contents at a binary offset.
func (p *printer) newline(offset int) {
	p.str("\n")
	if p.o.Offsets {
		if offset >= 0 {
			p.printf("(;@%-6x;)", offset)
		} else {
			p.str("           ")
		}
	}
	p.line++
	for range min(p.nesting, maxIndent) {
		p.str(p.indent)
	}
}

// open starts a group.
func (p *printer) open(s string) {
	p.out = append(p.out, '(')
	p.str(s)
	p.nesting++
	p.groups = append(p.groups, p.line)
}

// close ends the innermost group.
func (p *printer) close() { p.closeAt(noOffset, false) }

// closeAt ends a group whose end is at a binary offset. If always is set and offsets are printed,
// the parenthesis gets its own line.
func (p *printer) closeAt(offset int, always bool) {
	p.nesting--
	start := p.groups[len(p.groups)-1]
	p.groups = p.groups[:len(p.groups)-1]
	if start != p.line || always && p.o.Offsets {
		p.newline(offset)
	}
	p.out = append(p.out, ')')
}

// quoted prints a UTF-8 string.
func (p *printer) quoted(s string) {
	p.out = append(p.out, '"')
	p.out = appendEscaped(p.out, s)
	p.out = append(p.out, '"')
}

func appendEscaped(dst []byte, s string) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		if c >= 0x20 && c < 0x7f {
			if c == '"' || c == '\\' {
				dst = fmt.Appendf(dst, "\\u{%x}", c)
			} else {
				dst = append(dst, c)
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		dst = fmt.Appendf(dst, "\\u{%x}", r)
		i += n
	}
	return dst
}

// bytes prints a string of arbitrary bytes.
func (p *printer) bytes(b []byte) {
	const digits = "0123456789abcdef"
	p.out = append(p.out, '"')
	for _, c := range b {
		if c >= 0x20 && c < 0x7f && c != '"' && c != '\\' {
			p.out = append(p.out, c)
		} else {
			p.out = append(p.out, '\\', digits[c>>4], digits[c&15])
		}
	}
	p.out = append(p.out, '"')
}

// fail keeps the first error.
func (p *printer) fail(err error) {
	if p.err == nil {
		p.err = err
	}
}

// outer returns the scope count levels out, or nil.
func (p *printer) outer(count uint32) *printScope {
	if uint64(count) >= uint64(len(p.scopes)) {
		return nil
	}
	return p.scopes[len(p.scopes)-1-int(count)]
}

func (p *printer) push(s *printScope) { p.scopes = append(p.scopes, s) }

func (p *printer) pop() { p.scopes = p.scopes[:len(p.scopes)-1] }
