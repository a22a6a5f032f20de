package cli

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"unicode/utf8"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding/wat"
)

// StdinName is the file name in positions in standard input.
const StdinName = "<stdin>"

// ReadFile reads an input of any kind; "-" is standard input, which can be read
// only once. Errors are diagnostics that name the input.
func (s *IO) ReadFile(name string) (*diag.File, error) {
	if name == "-" {
		if s.inTaken {
			return nil, diag.Errorf(diag.Span{}, CodeUnreadable, "`-` is given more than once, but standard input can be read only once")
		}
		s.inTaken = true
		data, err := io.ReadAll(s.In)
		if err != nil {
			return nil, unreadable("standard input", err)
		}
		return diag.NewFile(StdinName, data), nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		if info, statErr := os.Stat(name); statErr == nil && info.IsDir() {
			return nil, diag.Errorf(diag.Span{}, CodeUnreadable, "`%s` is a folder, not a file", name)
		}
		return nil, unreadable("`"+name+"`", err)
	}
	return diag.NewFile(name, data), nil
}

// unreadable returns a diagnostic for an I/O error, without repeating the path.
func unreadable(what string, err error) *diag.Diagnostic {
	d := diag.Errorf(diag.Span{}, CodeUnreadable, "cannot read %s: %s", what, Reason(err))
	d.Cause = err
	return d
}

// Reason returns the text of an I/O error without the operation and the path, which the
// surrounding message names.
func Reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	if errors.Is(err, fs.ErrNotExist) {
		return "no such file or folder"
	}
	return err.Error()
}

// ReadBinary is [IO.ReadFile] for WebAssembly, either a core module or a component.
// Text is assembled; positions in the binary are shown as positions in the text.
// For any other file it returns the diagnostic of [CheckBinary].
func (s *IO) ReadBinary(name string) (*diag.File, error) {
	return s.readBinary(name, wat.Assemble)
}

// ReadProgram is [IO.ReadBinary] for programs to run: text is assembled with debug information,
// so that traps show positions in the text.
func (s *IO) ReadProgram(name string) (*diag.File, error) {
	return s.readBinary(name, wat.AssembleWithLines)
}

func (s *IO) readBinary(name string, assemble func(*diag.File) (*diag.File, error)) (*diag.File, error) {
	f, err := s.ReadFile(name)
	if err != nil {
		return nil, err
	}
	if !f.Binary && LooksLikeWat(f.Data) {
		return assemble(f)
	}
	if err := CheckBinary(f); err != nil {
		return nil, err
	}
	return f, nil
}

// CheckBinary returns nil for a file that starts like a WebAssembly binary, and
// otherwise a diagnostic that says whether the file is empty, the start of a
// binary, or something else.
func CheckBinary(f *diag.File) error {
	switch {
	case f.Binary:
		return nil
	case len(f.Data) == 0:
		return diag.Errorf(f.Span(0, 0), CodeNotWasm, "the file is empty; expected a WebAssembly binary or text")
	}
	bin := diag.NewBinary(f.Name, f.Data)
	d := diag.Errorf(bin.Span(0, 4), CodeNotWasm, "this is neither a WebAssembly binary nor WebAssembly text").
		Captionf("a binary starts with `00 61 73 6d`, and text with `(`")
	if bytes.HasPrefix([]byte("\x00asm"), f.Data) {
		d = diag.At(bin, len(f.Data), CodeNotWasm, "this is the start of a WebAssembly binary, but the file ends here")
	}
	return d
}

// LooksLikeWat reports whether text is UTF-8 and starts with a parenthesis, after line comments.
func LooksLikeWat(text []byte) bool {
	for {
		text = bytes.TrimLeft(text, " \t\r\n")
		switch {
		case bytes.HasPrefix(text, []byte(";;")):
			_, text, _ = bytes.Cut(text, []byte("\n"))
		case bytes.HasPrefix(text, []byte("(;")):
			return utf8.Valid(text)
		default:
			return bytes.HasPrefix(text, []byte("(")) && utf8.Valid(text)
		}
	}
}
