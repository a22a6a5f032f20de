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

// An Output says where the result of a verb goes. It holds the -o flag and, if
// the verb can print its binary result as text, the -t flag.
type Output struct {
	Path string // a file, or "" or "-" for standard output
	Wat  bool   // write text instead of a binary

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

// CheckBinary returns a usage error if o would write a binary to a terminal.
// Verbs call it before they do any work.
func (s *IO) CheckBinary(o Output) error {
	if !o.toStdout() || o.Wat || !s.OutIsTTY {
		return nil
	}
	err := Usagef("the result is binary, but standard output is a terminal")
	if o.hasWat {
		return withHint(err, "use -o FILE to write it to a file, or -t to print it as text")
	}
	return withHint(err, "use -o FILE to write it to a file")
}

// WriteBinary writes a WebAssembly binary to the output o, as text if o.Wat is
// set. A file is written completely or not at all.
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

// WriteComponent is WriteBinary for a component. It writes the binary without a
// second copy in memory.
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

// Write writes a result of any kind to the output o. A file is written
// completely or not at all.
func (s *IO) Write(o Output, data []byte) error {
	if o.toStdout() {
		_, err := s.Out.Write(data)
		return err
	}
	return WriteFile(o.Path, data)
}

// WriteFile writes a file by way of a temporary file in the same folder, so that
// a failure leaves either the whole new file or the old one. An existing file
// keeps its permissions. A symbolic link stays, and its target is written, even if
// the target does not exist yet. A read-only file is not replaced; that is an
// error. A device or pipe is written in place.
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
		// Without Sync, a system crash could leave an empty file under the new name.
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), target)
}

// maxLinks limits how many symbolic links are followed, as in operating systems.
const maxLinks = 40

// followLinks returns the target of a path that is a symbolic link, whether or not the target
// exists. It returns any other path unchanged.
func followLinks(path string) (string, error) {
	for range maxLinks {
		to, err := os.Readlink(path)
		if err != nil {
			return path, nil // not a link
		}
		if !filepath.IsAbs(to) {
			dir, _ := filepath.Split(path)
			to = dir + to
		}
		path = to
	}
	return "", errors.New("too many symbolic links")
}

// createTemp creates a temporary file in the folder of target. Unlike
// os.CreateTemp, it gives the file the usual permissions of a new file.
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

// ioDiagnostic turns the error of a file operation into a diagnostic with our usual wording. It
// returns any other error unchanged.
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
		what = "cannot create the folder `" + path.Path + "`"
	case path.Op == "open" || path.Op == "read" || path.Op == "stat" || path.Op == "lstat":
		code, what = CodeUnreadable, "cannot open `"+path.Path+"`"
	}
	d = diag.Errorf(diag.Span{}, code, "%s: %s", what, Reason(path))
	d.Cause = err
	return d
}

// MakeFolder creates a folder for results, with its parents, unless it exists.
func MakeFolder(path string) error {
	err := os.MkdirAll(path, 0o777)
	if err == nil {
		return nil
	}
	d := diag.Errorf(diag.Span{}, CodeUnwritable, "cannot write `%s`: %s", path, Reason(err))
	d.Cause = err
	return d
}
