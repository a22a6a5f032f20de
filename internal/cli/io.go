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

// maxReported is what [IO.MaxReported] is if a command does not say.
const maxReported = 10

// An IO is the surroundings of a command: its standard streams, what is known
// of the terminals behind them, and the environment. Tests make their own.
type IO struct {
	In       io.Reader
	Out, Err io.Writer

	InIsTTY, OutIsTTY, ErrIsTTY bool
	// Width is the number of columns of the terminal, zero if unknown. See [IO.OutColumns].
	Width int

	// LookupEnv is os.LookupEnv or a stand-in. Nil means an empty environment.
	LookupEnv func(string) (string, bool)
	// Environ is the whole environment as os.Environ has it; nil means an empty one.
	Environ []string

	// MaxReported is how many diagnostics are shown as text; the others are counted. Zero means 10.
	MaxReported int

	color   string // what --color says: "auto", "always" or "never"; "" is "auto"
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

// FileColumns is the width of what is written to files and pipes.
const FileColumns = 100

// minColumns is the least that output is fitted to.
const minColumns = 48

// OutColumns returns how many columns what is written to Out should take: what the environment
// variable COLUMNS says, or else the width of the terminal, or 100 if Out is none. It is at least 48.
func (s *IO) OutColumns() int { return s.columns(s.OutIsTTY) }

// ErrColumns is [IO.OutColumns] for Err.
func (s *IO) ErrColumns() int { return s.columns(s.ErrIsTTY) }

func (s *IO) columns(tty bool) int {
	n := FileColumns
	if said, err := strconv.Atoi(s.Env("COLUMNS")); err == nil && said > 0 {
		n = said
	} else if tty && s.Width > 0 {
		n = s.Width
	}
	return max(n, minColumns)
}

// Env returns the value of an environment variable, "" if it is not set.
func (s *IO) Env(name string) string {
	if s.LookupEnv == nil {
		return ""
	}
	v, _ := s.LookupEnv(name)
	return v
}

// ColorOut reports whether what is written to Out may be coloured, ColorErr the
// same for Err. --color decides; if it says auto, the environment does
// (NO_COLOR, then FORCE_COLOR, then CLICOLOR=0, then TERM=dumb); and if that
// says nothing, a terminal gets colours.
func (s *IO) ColorOut() bool { return s.colorFor(s.OutIsTTY) }

// ColorErr: see [IO.ColorOut].
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
// As text it writes the first few and counts the others; as JSON all of them. It
// is for talk that does not end the command, such as warnings: errors are
// returned instead and [Execute] reports them.
func (s *IO) Report(err error, format diag.Format) error {
	list := append(diag.List(nil), diag.FromError(err)...)
	list.Sort()
	for i, d := range list {
		list[i] = explainEnd(d)
	}
	o := diag.RenderOptions{Format: format, Color: s.ColorErr(), Limit: cmp.Or(s.MaxReported, maxReported)}
	// Lines of more than 120 columns are hard to read. Programs look for messages in files and pipes.
	o.Width, o.WholeMessages = min(s.ErrColumns(), 120), !s.ErrIsTTY && s.Env("COLUMNS") == ""
	return diag.Render(s.Err, list, o)
}

// explainEnd adds to what is said of a binary that ends too early which section promised more.
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
	return changed.Notef("the %s at %#x promises %s, but the file has %d of them: it is incomplete", what, s.Start, diag.Count(promised, "byte"), have)
}
