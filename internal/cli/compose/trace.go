package compose

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/runner"
)

// A tracer prints each call that it observes when the call begins, and its result when it ends. It
// serves one instance.
type tracer struct {
	w      io.Writer
	color  bool
	width  int              // columns of a line, to which values are cut
	now    func() time.Time // nil if times are not shown
	start  time.Time        // of the first call
	starts []time.Time      // of the calls in progress
}

// Begin implements [runner.Observer].
func (t *tracer) Begin(_ context.Context, c *runner.Call) {
	var b strings.Builder
	b.WriteString("-> ")
	switch c.Kind {
	case runner.CallImport, runner.CallDrop, runner.CallClose:
		b.WriteString("host: ")
	default:
		b.WriteString(orComponent(c.To))
		b.WriteString(": ")
	}
	if c.Kind == runner.CallInstantiate {
		b.WriteString("instantiate")
	} else {
		b.WriteString(c.Name())
		b.WriteByte('(')
		for i, a := range c.Args {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(brief(a, c.Type.Params[i].Type, t.width))
		}
		if c.Args == nil && len(c.Type.Params) > 0 {
			b.WriteString("…")
		}
		b.WriteByte(')')
	}
	at := t.clock()
	if t.start.IsZero() {
		t.start = at
	}
	t.line(c.Depth(), at, b.String())
	t.starts = append(t.starts, at)
}

// orComponent returns the path of a component instance, or a word for the outermost.
func orComponent(path string) string {
	if path == "" {
		return "component"
	}
	return path
}

// End implements [runner.Observer].
func (t *tracer) End(c *runner.Call, result value.Value, err error) {
	at := t.clock()
	start := t.starts[len(t.starts)-1]
	t.starts = t.starts[:len(t.starts)-1]
	text := "<-"
	var exit *runner.ExitError
	switch {
	case errors.As(err, &exit):
		text += " " + t.red(exit.Error())
	case err != nil:
		text += " " + t.red("trap: "+err.Error())
	case c.Type.Result != nil:
		text += " " + brief(result, c.Type.Result, t.width)
	}
	if t.now != nil {
		text += t.dim("  [" + elapsed(at.Sub(start)) + "]")
	}
	t.line(c.Depth(), at, text)
}

func (t *tracer) clock() time.Time {
	if t.now == nil {
		return time.Time{}
	}
	return t.now()
}

func (t *tracer) line(depth int, at time.Time, text string) {
	stamp := ""
	if t.now != nil {
		stamp = t.dim(fmt.Sprintf("%10.3f ms  ", float64(at.Sub(t.start))/float64(time.Millisecond)))
	}
	// A trace that cannot be written must not end the guest.
	_, _ = fmt.Fprintf(t.w, "%s%s%s\n", stamp, strings.Repeat("  ", depth), text)
}

func (t *tracer) dim(s string) string { return t.colored("2", s) }
func (t *tracer) red(s string) string { return t.colored("31", s) }

func (t *tracer) colored(code, s string) string {
	if !t.color {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// elapsed formats a duration with three digits.
func elapsed(d time.Duration) string {
	switch {
	case d < time.Microsecond:
		return fmt.Sprintf("%d ns", d.Nanoseconds())
	case d < time.Millisecond:
		return fmt.Sprintf("%.3g µs", float64(d)/float64(time.Microsecond))
	case d < time.Second:
		return fmt.Sprintf("%.3g ms", float64(d)/float64(time.Millisecond))
	default:
		return fmt.Sprintf("%.4g s", d.Seconds())
	}
}

// maxShownElems limits how many elements of a long list are turned into text.
const maxShownElems = 1000

// brief returns the WAVE text of a value. Text that is longer than width is cut, and the size of
// the value follows.
func brief(v value.Value, t types.ValType, width int) string {
	short, size := clip(v, t)
	text := string(value.Append(nil, short, t))
	n := utf8.RuneCountInString(text)
	if n <= width {
		return text
	}
	if size == "" {
		size = diag.Count(n, "character") + " of text"
	}
	end := 0
	for range width - len(size) - utf8.RuneCountInString("… ()") {
		_, n := utf8.DecodeRuneInString(text[end:])
		end += n
	}
	return text[:end] + "… (" + size + ")"
}

// clip returns v with fewer elements if it is a long list, and its size if it is a list or a
// string. It looks into options and results.
func clip(v value.Value, t types.ValType) (short value.Value, size string) {
	switch t := types.UnnameVal(t).(type) {
	case *types.List:
		if v.Len() > maxShownElems {
			elems := make([]value.Value, maxShownElems)
			for i := range elems {
				elems[i] = v.Index(i)
			}
			return value.List(elems), diag.Count(v.Len(), "element")
		}
		return v, diag.Count(v.Len(), "element")
	case *types.Option:
		if v.IsSome() {
			short, size = clip(v.Payload(), t.Elem)
			return value.Some(short), size
		}
	case *types.Result:
		switch {
		case v.IsOK() && t.OK != nil:
			short, size = clip(v.Payload(), t.OK)
			return value.OK(short), size
		case !v.IsOK() && t.Err != nil:
			short, size = clip(v.Payload(), t.Err)
			return value.Err(short), size
		}
	case types.Prim:
		if t == types.String {
			return v, diag.Count(len(v.Str()), "byte")
		}
	}
	return v, ""
}

// A lockedWriter lets a trace and a guest write to one stream.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}
