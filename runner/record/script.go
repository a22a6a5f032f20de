package record

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/runner"
)

// The words of scripts, by the kind of a call.
var scriptWords = map[runner.CallKind]string{runner.CallInstantiate: "instantiate", runner.CallExport: "invoke",
	runner.CallImport: "import", runner.CallDestructor: "drop-resource", runner.CallDrop: "drop"}

const (
	scriptHead   = "recording"
	scriptReturn = "return"
	scriptFail   = "fail"
	scriptExit   = "exit"
	scriptStop   = "stop"
	scriptCut    = "incomplete"
)

// WriteScript writes the rest of the recording as a script: a text in the style of test scripts
// (.wast), to read, to edit and to compare with other components. It does not contain the
// component.
//
//	(recording 1 "adder.wasm" "" "memory=1048576")
//	(instantiate
//	  (return))
//	(invoke "demo:adder/add" "add" "(40, 2)"
//	  (import "demo:log/log" "write" "(\"adding\")"
//	    (return))
//	  (return "42"))
//
// The head has the fields of the [Header]. A call has the names of the interface and the function,
// and the values as WAVE text unless there are none. Inside it are the calls that it makes, and how
// it ends: return with a value, fail with a message, exit with a code, or stop with a message if
// the run was stopped. A recording that is incomplete ends with (incomplete).
func (r *Reader) WriteScript(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "(%s 1 %s %s %s)", scriptHead, quote(r.Header.Name), quote(r.Header.Features), quote(formatLimits(r.Header.Limits)))
	depth := 0
	for {
		e, err := r.Next()
		if err != nil {
			if errors.Is(err, ErrIncomplete) {
				fmt.Fprintf(&b, "\n%s(%s)%s", strings.Repeat("  ", depth), scriptCut, strings.Repeat(")", depth))
			} else if !errors.Is(err, io.EOF) {
				return err
			}
			_, err = io.WriteString(w, b.String()+"\n")
			return err
		}
		b.WriteString("\n" + strings.Repeat("  ", depth))
		if e.Begin {
			depth++
			b.WriteString("(" + scriptWords[e.Kind])
			if e.Kind != runner.CallInstantiate {
				b.WriteString(" " + quote(e.Interface) + " " + quote(e.Func))
			}
			if e.Values != "" {
				b.WriteString(" " + quote(e.Values))
			}
		} else {
			depth--
			b.WriteString("(" + outcomeWords(e) + "))")
		}
		if _, err := io.WriteString(w, b.String()); err != nil {
			return err
		}
		b.Reset()
	}
}

func outcomeWords(e *Event) string {
	switch {
	case e.Outcome == Failed:
		return scriptFail + " " + quote(e.Message)
	case e.Outcome == Exited:
		return scriptExit + " " + strconv.Itoa(e.Code)
	case e.Outcome == Stopped:
		return scriptStop + " " + quote(e.Message)
	case e.Values == "":
		return scriptReturn
	default:
		return scriptReturn + " " + quote(e.Values)
	}
}

// quote returns a string of a script. Only quotes, backslashes and control characters are escaped.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&b, `\%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// ReadScript reads what [Reader.WriteScript] writes. The reader has no component: the caller of
// [Reader.Replay] provides it. The error is a [*diag.Diagnostic].
func ReadScript(f *diag.File) (*Reader, error) {
	p := &scriptParser{f: f, out: &Reader{end: io.EOF}}
	if err := p.script(); err != nil {
		return nil, err
	}
	return p.out, nil
}

// IsScript reports whether data looks like a script rather than a recording.
func IsScript(data []byte) bool {
	p := scriptParser{f: &diag.File{Data: data}}
	return p.punct('(')
}

type scriptParser struct {
	f   *diag.File
	pos int
	out *Reader
}

func (p *scriptParser) errorf(start int, format string, args ...any) *diag.Diagnostic {
	return diag.Errorf(p.f.Span(start, max(start, min(p.pos, len(p.f.Data)))), CodeScript, format, args...)
}

// skip moves past blanks and comments.
func (p *scriptParser) skip() {
	data := p.f.Data
	for p.pos < len(data) {
		switch {
		case strings.IndexByte(" \t\r\n", data[p.pos]) >= 0:
			p.pos++
		case bytes.HasPrefix(data[p.pos:], []byte(";;")):
			for p.pos < len(data) && data[p.pos] != '\n' {
				p.pos++
			}
		default:
			return
		}
	}
}

// punct moves past a parenthesis and reports whether it comes next.
func (p *scriptParser) punct(c byte) bool {
	p.skip()
	if p.pos < len(p.f.Data) && p.f.Data[p.pos] == c {
		p.pos++
		return true
	}
	return false
}

func (p *scriptParser) need(c byte) *diag.Diagnostic {
	if p.punct(c) {
		return nil
	}
	return p.errorf(p.pos, "expected `%c`", c)
}

// word reads a word or a number. It returns "" if another token comes next.
func (p *scriptParser) word() string {
	p.skip()
	start := p.pos
	for p.pos < len(p.f.Data) && (p.f.Data[p.pos] == '-' || '0' <= p.f.Data[p.pos] && p.f.Data[p.pos] <= '9' || 'a' <= p.f.Data[p.pos] && p.f.Data[p.pos] <= 'z') {
		p.pos++
	}
	return string(p.f.Data[start:p.pos])
}

// str reads a string.
func (p *scriptParser) str() (string, *diag.Diagnostic) {
	start := p.pos
	if err := p.need('"'); err != nil {
		return "", p.errorf(p.pos, "expected a string")
	}
	var out []byte
	for p.pos < len(p.f.Data) {
		c := p.f.Data[p.pos]
		p.pos++
		switch c {
		case '"':
			return string(out), nil
		case '\n':
			return "", p.errorf(start, "the string is not closed")
		case '\\':
			rest := p.f.Data[p.pos:]
			if len(rest) > 0 && (rest[0] == '"' || rest[0] == '\\') {
				c = rest[0]
				p.pos++
				break
			}
			n, err := strconv.ParseUint(string(rest[:min(2, len(rest))]), 16, 8)
			if err != nil || len(rest) < 2 {
				return "", p.errorf(p.pos-1, "bad escape: write `\\\"`, `\\\\`, or two hexadecimal digits after the backslash")
			}
			c = byte(n)
			p.pos += 2
		}
		out = append(out, c)
	}
	return "", p.errorf(start, "the string is not closed")
}

// optional reads a string if one comes next.
func (p *scriptParser) optional() (string, *diag.Diagnostic) {
	p.skip()
	if p.pos < len(p.f.Data) && p.f.Data[p.pos] == '"' {
		return p.str()
	}
	return "", nil
}

func (p *scriptParser) script() *diag.Diagnostic {
	if err := p.head(); err != nil {
		return err
	}
	for p.punct('(') {
		if p.out.end != io.EOF {
			return p.errorf(p.pos-1, "nothing can follow (%s)", scriptCut)
		}
		if _, err := p.item(0); err != nil {
			return err
		}
	}
	if p.pos < len(p.f.Data) {
		return p.errorf(p.pos, "expected `(`")
	}
	return nil
}

// head reads (recording 1 "name" "features" "limits").
func (p *scriptParser) head() *diag.Diagnostic {
	start := p.pos
	if p.need('(') != nil || p.word() != scriptHead || p.word() != "1" {
		return p.errorf(start, "expected `(%s 1 …)`", scriptHead)
	}
	var err *diag.Diagnostic
	if p.out.Header.Name, err = p.str(); err != nil {
		return err
	}
	if p.out.Header.Features, err = p.str(); err != nil {
		return err
	}
	p.skip()
	start = p.pos
	limits, err := p.str()
	if err != nil {
		return err
	}
	var lerr error
	if p.out.Header.Limits, lerr = parseLimits(limits); lerr != nil {
		return p.errorf(start, "%v", lerr)
	}
	return p.need(')')
}

// maxScriptDepth limits the nesting of calls. Calls of recordings are two deep.
const maxScriptDepth = 100

// item reads a call, an outcome or (incomplete) after its parenthesis, and the closing one. depth
// is the number of calls around it. item reports whether the innermost of them has ended.
func (p *scriptParser) item(depth int) (ends bool, _ *diag.Diagnostic) {
	start := p.pos
	word := p.word()
	for kind, w := range scriptWords {
		if w == word {
			err := p.call(kind, start, depth)
			return p.out.end != io.EOF, err
		}
	}
	e := &Event{}
	var err *diag.Diagnostic
	switch word {
	case scriptCut:
		p.out.end = ErrIncomplete
		return true, p.need(')')
	case scriptReturn:
		e.Outcome = Returned
		e.Values, err = p.optional()
	case scriptFail:
		e.Outcome = Failed
		e.Message, err = p.str()
	case scriptStop:
		e.Outcome = Stopped
		e.Message, err = p.str()
	case scriptExit:
		p.skip()
		at := p.pos
		n, perr := strconv.Atoi(p.word())
		if perr != nil {
			return false, p.errorf(at, "expected an exit code")
		}
		e.Outcome, e.Code = Exited, n
	default:
		return false, p.unknown(start, word, depth)
	}
	if err != nil {
		return false, err
	}
	if depth == 0 {
		return false, p.errorf(start, "`%s` is outside a call", word)
	}
	p.out.script = append(p.out.script, e)
	return true, p.need(')')
}

func (p *scriptParser) unknown(start int, word string, depth int) *diag.Diagnostic {
	words := []string{scriptCut}
	for _, w := range scriptWords {
		words = append(words, w)
	}
	if depth > 0 {
		words = append(words, scriptReturn, scriptFail, scriptExit, scriptStop)
	}
	slices.Sort(words)
	d := p.errorf(start, "expected a call or an outcome, found `%s`", word)
	if similar, ok := diag.Suggest(word, slices.Values(words)); ok {
		d.Helpf("write `%s`", similar)
	}
	return d
}

// call reads a call after its keyword.
func (p *scriptParser) call(kind runner.CallKind, start, depth int) *diag.Diagnostic {
	if depth == maxScriptDepth {
		return p.errorf(start, "calls are nested more than %d levels deep", maxScriptDepth)
	}
	e := &Event{Begin: true, Kind: kind}
	var err *diag.Diagnostic
	if kind != runner.CallInstantiate {
		if e.Interface, err = p.str(); err == nil {
			e.Func, err = p.str()
		}
		if err != nil {
			return err
		}
	}
	if e.Values, err = p.optional(); err != nil {
		return err
	}
	p.out.script = append(p.out.script, e)
	for p.punct('(') {
		ends, err := p.item(depth + 1)
		if err != nil {
			return err
		}
		if ends {
			return p.need(')')
		}
	}
	return p.errorf(start, "the call has no outcome: end it with (%s …), (%s …), (%s …) or (%s …)", scriptReturn, scriptFail, scriptExit, scriptStop)
}
