package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/wat"
)

// An Output is where the result of a verb goes: the -o flag and, where a verb
// can print its binary result as text, the -t flag.
type Output struct {
	Path string // a file, or "" or "-" for standard output
	Wat  bool   // text is wanted instead of a binary

	hasWat bool
}

// Register declares -o and, if withWat, -t.
func (o *Output) Register(cmd *cobra.Command, withWat bool) {
	cmd.Flags().StringVarP(&o.Path, "output", "o", "", "write to `FILE` instead of standard output")
	if o.hasWat = withWat; withWat {
		cmd.Flags().BoolVarP(&o.Wat, "wat", "t", false, "write WebAssembly text instead of a binary")
	}
}

// toStdout reports whether the result goes to standard output.
func (o Output) toStdout() bool { return o.Path == "" || o.Path == "-" }

// CheckBinary refuses, as a usage error, to write a binary to a terminal. Verbs
// call it before they do any work.
func (s *IO) CheckBinary(o Output) error {
	if !o.toStdout() || o.Wat || !s.OutIsTTY {
		return nil
	}
	err := Usagef("the result is binary and standard output is a terminal")
	if o.hasWat {
		return withHint(err, "give -o FILE to write it to a file, or -t to print it as text")
	}
	return withHint(err, "give -o FILE to write it to a file")
}

// WriteBinary writes a WebAssembly binary where o says, or the text of it if that
// is wanted. A file appears whole or not at all.
func (s *IO) WriteBinary(o Output, data []byte) error {
	if err := s.CheckBinary(o); err != nil {
		return err
	}
	if o.Wat {
		text, err := wat.PrintBinary(nil, diag.NewBinary("the result", data), wat.PrintOptions{})
		if err != nil {
			return err
		}
		data = text
	}
	return s.Write(o, data)
}

// WriteComponent is WriteBinary for a component, of which there need not be a
// second copy.
func (s *IO) WriteComponent(o Output, c *encoding.Component) error {
	if o.Wat {
		return s.WriteBinary(o, c.Append(nil))
	}
	if err := s.CheckBinary(o); err != nil {
		return err
	}
	if o.toStdout() {
		_, err := c.WriteTo(s.Out)
		return err
	}
	return writeTo(o.Path, c)
}

// Write writes a result of any kind where o says. A file appears whole or not
// at all.
func (s *IO) Write(o Output, data []byte) error {
	if o.toStdout() {
		_, err := s.Out.Write(data)
		return err
	}
	return WriteFile(o.Path, data)
}

// WriteFile writes a file by way of a temporary one in the same folder, so that
// whatever happens there is either the whole new file or what was there before.
// A file that exists keeps its permissions, and a symbolic link its target, which
// is written whether it exists or not. A file that nobody may write to is left
// alone. What is not a regular file, a device or a pipe, is written in place.
func WriteFile(path string, data []byte) error { return writeTo(path, bytes.NewReader(data)) }

func writeTo(path string, data io.WriterTo) error {
	if err := writeFile(path, data); err != nil {
		d := diag.Errorf(diag.Span{}, CodeUnwritable, "cannot write `%s`: %s", path, Reason(err))
		d.Cause = err
		return d
	}
	return nil
}

func writeFile(path string, data io.WriterTo) (err error) {
	target, err := followLinks(path)
	if err != nil {
		return err
	}
	perm := fs.FileMode(0)
	switch info, err := os.Stat(target); {
	case err == nil && info.IsDir():
		return errors.New("it is a folder")
	case err == nil && !info.Mode().IsRegular():
		f, err := os.OpenFile(target, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		_, err = data.WriteTo(f)
		return errors.Join(err, f.Close())
	case err == nil && info.Mode().Perm()&0o222 == 0:
		return errors.New("it is read-only")
	case err == nil:
		perm = info.Mode().Perm()
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}

	f, err := createTemp(target)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = data.WriteTo(f)
	if perm != 0 {
		err = errors.Join(err, f.Chmod(perm))
	}
	if err == nil {
		// Without, a crash of the system could leave the new name with no data.
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), target)
}

// maxLinks limits how many symbolic links are followed, as systems do.
const maxLinks = 40

// followLinks returns what a path leads to when it is a symbolic link, whether that exists or not.
func followLinks(path string) (string, error) {
	for range maxLinks {
		to, err := os.Readlink(path)
		if err != nil {
			return path, nil // no link
		}
		if !filepath.IsAbs(to) {
			dir, _ := filepath.Split(path)
			to = dir + to
		}
		path = to
	}
	return "", errors.New("too many symbolic links")
}

// createTemp creates a file beside target with the permissions that the umask
// leaves to new files, which os.CreateTemp would not.
func createTemp(target string) (*os.File, error) {
	dir, base := filepath.Split(target)
	for range 100 {
		name := filepath.Join(dir, fmt.Sprintf(".%s.%08x.tmp", base, rand.Uint32()))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
	return nil, errors.New("no free name for a temporary file")
}

// ioDiagnostic makes a diagnostic of the bare error of a file operation, in the words that all others
// have. It returns any other error as it is.
func ioDiagnostic(err error) error {
	var (
		d    *diag.Diagnostic
		list diag.List
		path *fs.PathError
	)
	if errors.As(err, &d) || errors.As(err, &list) || !errors.As(err, &path) || path.Err == nil {
		return err
	}
	code, what := CodeUnwritable, "cannot write `"+path.Path+"`"
	switch {
	case path.Path == os.Stdout.Name():
		what = "cannot write to standard output"
	case path.Op == "mkdir":
		what = "cannot make the folder `" + path.Path + "`"
	case path.Op == "open" || path.Op == "read" || path.Op == "stat" || path.Op == "lstat":
		code, what = CodeUnreadable, "cannot open `"+path.Path+"`"
	}
	d = diag.Errorf(diag.Span{}, code, "%s: %s", what, Reason(path))
	d.Cause = err
	return d
}

// MakeFolder creates a folder for results, and those that it is in, unless they exist.
func MakeFolder(path string) error {
	err := os.MkdirAll(path, 0o777)
	if err == nil {
		return nil
	}
	d := diag.Errorf(diag.Span{}, CodeUnwritable, "cannot write `%s`: %s", path, Reason(err))
	d.Cause = err
	return d
}
