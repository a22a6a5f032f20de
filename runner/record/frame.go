package record

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// magic is the first line of a recording. It ends with the version of the format.
const magic = "mortise recording 1\n"

// Kinds of frames.
const (
	frameHeader    = 'h'
	frameComponent = 'c'
	frameBegin     = 'b'
	frameEnd       = 'e'
	frameLast      = 'z'

	compressed = 0x80
)

const (
	// maxComponent limits the size of the component. It is well above that of the largest languages'
	// run-times.
	maxComponent = 256 << 20
	// maxEvent limits the text of the values of one call.
	maxEvent = 64 << 20
	// compressFrom is the size from which contents are compressed. Smaller ones gain little.
	compressFrom = 1 << 10
)

// appendFrame appends a frame to dst.
func appendFrame(dst []byte, kind byte, contents []byte) ([]byte, error) {
	stored := contents
	sizes := binary.AppendUvarint(nil, uint64(len(contents)))
	if len(contents) >= compressFrom {
		var b bytes.Buffer
		w, err := flate.NewWriter(&b, flate.BestSpeed)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(contents); err != nil {
			return nil, err
		}
		if err := w.Close(); err != nil {
			return nil, err
		}
		kind |= compressed
		stored = b.Bytes()
		sizes = binary.AppendUvarint(sizes, uint64(len(stored)))
	}
	dst = append(dst, kind)
	dst = append(dst, sizes...)
	dst = append(dst, stored...)
	return binary.LittleEndian.AppendUint32(dst, sum(kind, stored)), nil
}

func sum(kind byte, stored []byte) uint32 {
	return crc32.Update(crc32.ChecksumIEEE([]byte{kind}), crc32.IEEETable, stored)
}

// errCut says that a recording ends in the middle of a frame, or without its last frame.
var errCut = errors.New("the recording is cut off")

// readFrame reads a frame. At the end of the input it returns errCut.
func readFrame(r byteReader) (kind byte, contents []byte, err error) {
	if kind, err = r.ReadByte(); err != nil {
		return 0, nil, cut(err)
	}
	limit := uint64(maxEvent)
	if kind&^compressed == frameComponent {
		limit = maxComponent
	}
	size, err := readSize(r, limit)
	if err != nil {
		return 0, nil, err
	}
	storedSize := size
	if kind&compressed != 0 {
		// Incompressible contents grow by a few bytes.
		if storedSize, err = readSize(r, limit+limit/8); err != nil {
			return 0, nil, err
		}
	}
	// The buffer grows with what is read, not with what the size claims.
	var b bytes.Buffer
	if _, err := io.CopyN(&b, r, int64(storedSize)); err != nil {
		return 0, nil, cut(err)
	}
	stored := b.Bytes()
	var want [4]byte
	if _, err := io.ReadFull(r, want[:]); err != nil {
		return 0, nil, cut(err)
	}
	if binary.LittleEndian.Uint32(want[:]) != sum(kind, stored) {
		return 0, nil, errors.New("the recording is damaged: a checksum is wrong")
	}
	if kind&compressed != 0 {
		stored, err = inflate(stored, size)
	}
	return kind &^ compressed, stored, err
}

// inflate decompresses contents of the given size.
func inflate(stored []byte, size uint64) ([]byte, error) {
	var b bytes.Buffer
	n, err := io.Copy(&b, io.LimitReader(flate.NewReader(bytes.NewReader(stored)), int64(size)+1))
	if err != nil || uint64(n) != size {
		return nil, errors.New("the recording is damaged: contents cannot be decompressed")
	}
	return b.Bytes(), nil
}

// byteReader is what a recording is read from.
type byteReader interface {
	io.Reader
	io.ByteReader
}

func readSize(r byteReader, limit uint64) (uint64, error) {
	n, err := binary.ReadUvarint(r)
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return 0, errCut
	case err != nil || n > limit:
		return 0, errors.New("the recording is damaged: a size is too large")
	}
	return n, nil
}

// cut turns the end of the input into errCut.
func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errCut
	}
	return err
}

// appendField appends a field to the contents of a frame.
func appendField[T string | []byte](dst []byte, field T) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(field))), field...)
}

// fields splits contents into exactly n fields.
func fields(contents []byte, n int) ([]string, error) {
	out := make([]string, 0, n)
	for range n {
		size, k := binary.Uvarint(contents)
		if k <= 0 || size > uint64(len(contents)-k) {
			return nil, fmt.Errorf("the recording is damaged: field %d is incomplete", len(out))
		}
		out = append(out, string(contents[k:k+int(size)]))
		contents = contents[k+int(size):]
	}
	if len(contents) > 0 {
		return nil, errors.New("the recording is damaged: a frame has too many fields")
	}
	return out, nil
}
