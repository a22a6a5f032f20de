package p2

import (
	"context"

	"github.com/mortise-wasm/mortise/model/value"
	"github.com/mortise-wasm/mortise/wasi/internal/sysfs"
)

// The methods of descriptors of files.

func (d *descriptor) read(_ context.Context, args []value.Value) (value.Value, error) {
	f, err := d.asFile(sysfs.IsDirectory)
	if err != nil {
		return result(value.Value{}, err)
	}
	want := args[0].U64()
	b := make([]byte, min(want, maxRead))
	n, err := f.ReadAt(b, args[1].U64())
	end := n == 0 && want > 0
	return result(value.Tuple([]value.Value{value.Bytes(b[:n]), value.Bool(end)}), err)
}

func (d *descriptor) write(_ context.Context, args []value.Value) (value.Value, error) {
	f, err := d.asFile(sysfs.BadDescriptor)
	if err != nil {
		return result(value.Value{}, err)
	}
	n, err := f.WriteAt(args[0].Bytes(), args[1].U64())
	return result(value.U64(uint64(n)), err)
}

func (d *descriptor) setSize(_ context.Context, args []value.Value) (value.Value, error) {
	f, err := d.asFile(sysfs.BadDescriptor)
	if err == nil {
		err = f.Truncate(args[0].U64())
	}
	return result(value.Value{}, err)
}

func (d *descriptor) readViaStream(_ context.Context, args []value.Value) (value.Value, error) {
	f, err := d.asFile(sysfs.IsDirectory)
	if err == nil {
		err = f.CheckRead()
	}
	if err != nil {
		return result(value.Value{}, err)
	}
	return result(value.Own(&inputStream{from: &fileSource{f.use(), args[0].U64()}}), nil)
}

func (d *descriptor) writeViaStream(_ context.Context, args []value.Value) (value.Value, error) {
	f, err := d.writable()
	if err != nil {
		return result(value.Value{}, err)
	}
	return result(value.Own(&outputStream{to: &fileSink{f.use(), args[0].U64()}}), nil)
}

func (d *descriptor) appendViaStream(context.Context, []value.Value) (value.Value, error) {
	f, err := d.writable()
	if err != nil {
		return result(value.Value{}, err)
	}
	return result(value.Own(&outputStream{to: &appendSink{f.use()}}), nil)
}

func (d *descriptor) writable() (*openFile, error) {
	f, err := d.asFile(sysfs.BadDescriptor)
	if err == nil {
		err = f.CheckWrite()
	}
	return f, err
}

// fileError returns the failure of a file's stream.
func fileError(err error) error {
	if err == nil {
		return nil
	}
	return &ioError{err: err, file: true}
}

// fileSource reads a file starting at an offset.
type fileSource struct {
	*openFile
	at uint64
}

func (s *fileSource) event() event { return always{} }

func (s *fileSource) read(n int) ([]byte, error) {
	if n == 0 {
		return nil, nil
	}
	b := make([]byte, n)
	n, err := s.ReadAt(b, s.at)
	switch {
	case err != nil:
		return nil, fileError(err)
	case n == 0:
		return nil, errClosed
	}
	s.at += uint64(n)
	return b[:n], nil
}

// fileSink writes a file starting at an offset.
type fileSink struct {
	*openFile
	at uint64
}

func (s *fileSink) write(_ context.Context, b []byte) error {
	n, err := s.WriteAt(b, s.at)
	s.at += uint64(n)
	return fileError(err)
}

func (s *fileSink) flush(context.Context) error { return nil }

// appendSink writes to the end of a file.
type appendSink struct{ *openFile }

func (s *appendSink) write(_ context.Context, b []byte) error { return fileError(s.Append(b)) }
func (s *appendSink) flush(context.Context) error             { return nil }
