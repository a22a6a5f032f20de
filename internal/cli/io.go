package cli

import (
	"cmp"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/term"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
)

// maxReported is the default of [IO.MaxReported].
const maxReported = 10

// An IO holds the standard streams of a command, the properties of their
// terminals, and the environment. Tests make their own.
type IO struct {
	In       io.Reader
	Out, Err io.Writer

	InIsTTY, OutIsTTY, ErrIsTTY bool
	// Width is the number of columns of the terminal, or zero if unknown. See [IO.OutColumns].
	Width int

	// LookupEnv is os.LookupEnv or a replacement. Nil means an empty environment.
	LookupEnv func(string) (string, bool)
	// Environ is the whole environment in the form of os.Environ. Nil means an empty one.
	Environ []string

	// MaxReported limits the number of diagnostics shown as text; the others are counted. Zero
	// means 10.
	MaxReported int

	color   string // the value of --color: "auto", "always" or "never"; "" is "auto"
	inTaken bool   // In has been read
}

// System returns the IO of this process.
func System() *IO {
	isTTY := func(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }
	s := &IO{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		InIsTTY: isTTY(os.Stdin), OutIsTTY: isTTY(os.Stdout), ErrIsTTY: isTTY(os.Stderr),
		LookupEnv: os.LookupEnv, Environ: os.Environ(),
	}
	for _, f := range []*os.File{os.Stdout, os.Stderr} {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && s.Width == 0 {
			s.Width = width
		}
	}
	return s
}

// FileColumns is the width of text written to files and pipes.
const FileColumns = 100

// minColumns is the smallest width that text is wrapped to.
const minColumns = 48

// OutColumns returns the width in columns for text written to Out: the environment variable
// COLUMNS, or else the width of the terminal, or [FileColumns] if Out is not a terminal or its
// width is unknown. It is at least 48.
func (s *IO) OutColumns() int { return s.columns(s.OutIsTTY) }

// ErrColumns is [IO.OutColumns] for Err.
func (s *IO) ErrColumns() int { return s.columns(s.ErrIsTTY) }

func (s *IO) columns(tty bool) int {
	n := FileColumns
	if set, err := strconv.Atoi(s.Env("COLUMNS")); err == nil && set > 0 {
		n = set
	} else if tty && s.Width > 0 {
		n = s.Width
	}
	return max(n, minColumns)
}

// Env returns the value of an environment variable, or "" if it is not set.
func (s *IO) Env(name string) string {
	if s.LookupEnv == nil {
		return ""
	}
	v, _ := s.LookupEnv(name)
	return v
}

// ColorOut reports whether text written to Out may be coloured. --color decides.
// If it is auto, the environment decides: NO_COLOR, then FORCE_COLOR, then
// CLICOLOR=0, then TERM=dumb. If none of them is set, a terminal gets colours.
func (s *IO) ColorOut() bool { return s.colorFor(s.OutIsTTY) }

// ColorErr is [IO.ColorOut] for Err.
func (s *IO) ColorErr() bool { return s.colorFor(s.ErrIsTTY) }

func (s *IO) colorFor(tty bool) bool {
	switch s.color {
	case "always":
		return true
	case "never":
		return false
	}
	switch force := s.Env("FORCE_COLOR"); {
	case s.Env("NO_COLOR") != "":
		return false
	case force != "" && force != "0":
		return true
	case force == "0", s.Env("CLICOLOR") == "0", s.Env("TERM") == "dumb":
		return false
	}
	return tty && terminalHasColor(s.Env)
}

// Report writes the diagnostics in err (see [diag.FromError]) to Err, sorted.
// As text it writes the first s.MaxReported and counts the others; as JSON it
// writes all of them. It is for diagnostics that do not end the command, such as
// warnings. Verbs return errors instead, and [Execute] reports them.
func (s *IO) Report(err error, format diag.Format) error {
	list := append(diag.List(nil), diag.FromError(err)...)
	list.Sort()
	for i, d := range list {
		list[i] = explainEnd(d)
	}
	o := diag.RenderOptions{Format: format, Color: s.ColorErr(), Limit: cmp.Or(s.MaxReported, maxReported)}
	// Lines of more than 120 columns are hard to read. In files and pipes, messages are not wrapped,
	// so that programs can search for them.
	o.Width, o.WholeMessages = min(s.ErrColumns(), 120), !s.ErrIsTTY && s.Env("COLUMNS") == ""
	return diag.Render(s.Err, list, o)
}

// explainEnd adds a note to a diagnostic about a truncated binary: which section should be longer.
func explainEnd(d *diag.Diagnostic) *diag.Diagnostic {
	f := d.Primary.File
	if f == nil || !f.Binary || d.Primary.Start != len(f.Data) || len(d.Notes) > 0 {
		return d
	}
	s, promised, ok := encoding.CutOff(f)
	if !ok {
		return d
	}
	what := s.Kind
	if !strings.HasSuffix(what, "section") {
		what += " section"
	}
	have := s.Contents.End - s.Contents.Start
	changed := *d
	changed.Notes = nil
	return changed.Notef("the %s at %#x should have %s, but the file ends after %d of them: it is incomplete",
		what, s.Start, diag.Count(promised, "byte"), have)
}
