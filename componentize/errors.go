package componentize

import (
	"errors"
	"fmt"

	"github.com/mortise-wasm/mortise/componentize/internal/trim"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/wit"
)

// noted is an error with additional notes: the import or export concerned, and a remedy.
type noted struct {
	err        error
	note, help string
	// at is the place of the import or export in the core module, and fn its function of the world.
	// Both are optional.
	at   diag.Span
	item *wit.WorldItem
	fn   *wit.Func
}

func (n *noted) Error() string { return n.err.Error() }
func (n *noted) Unwrap() error { return n.err }

// The exports that core modules lack most often.
var (
	errNoMemory = &noted{err: errors.New("module does not export a memory named `memory`"), help: "export the memory of the core module as `memory`"}
	// errNoMainMemory is the error for adapters that import the memory of a main module without one,
	// in the words of wasm-tools.
	errNoMainMemory = &noted{err: errors.New("main module cannot import memory"), help: errNoMemory.help}
	errNoRealloc    = &noted{
		err:  errors.New("module does not export a function named `cabi_realloc`"),
		help: "export a function that allocates as `cabi_realloc`, with the signature `[I32, I32, I32, I32] -> [I32]`",
	}
)

// neededBy adds a note with the import or export that needs something.
func neededBy(err error, at diag.Span, i *wit.WorldItem, fn *wit.Func, format string, args ...any) error {
	n := &noted{err: err, note: fmt.Sprintf(format, args...) + " needs it", at: at, item: i, fn: fn}
	var inner *noted
	if errors.As(err, &inner) {
		n.help = inner.help
	}
	return n
}

// explain returns the diagnostic for an error whose only place is its module.
func explain(f *diag.File, code diag.Code, err error) *diag.Diagnostic {
	var d *diag.Diagnostic
	if errors.As(err, &d) {
		return d
	}
	d = diag.Errorf(f.Span(0, 0), code, "%s", err.Error())
	var t *trim.Error
	if errors.As(err, &t) {
		err = &noted{err: t, note: t.Note, help: t.Help}
	}
	var n *noted
	if errors.As(err, &n) {
		if n.at.IsValid() {
			d.Primary = n.at
		}
		if n.fn != nil {
			d.Labelf(n.fn.Span, "`%s` is defined here", n.fn.Label())
		}
		if n.note != "" {
			d.Notef("%s", n.note)
		}
		if n.help != "" {
			d.Helpf("%s", n.help)
		}
	}
	return d
}
