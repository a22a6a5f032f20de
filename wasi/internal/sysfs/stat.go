package sysfs

import (
	"crypto/sha256"
	"encoding/binary"
	"io/fs"
	"os"
	"time"
)

// Type is the type of a file.
type Type uint8

// The types in the order of the enum `descriptor-type` of WASI 0.2, from 1.
const (
	Unknown Type = iota + 1
	BlockDevice
	CharacterDevice
	Directory
	FIFO
	SymbolicLink
	RegularFile
	Socket
)

// Case returns the index of the case of `descriptor-type` in WASI 0.2.
func (t Type) Case() int { return int(t) - 1 }

func typeOf(m fs.FileMode) Type {
	switch m.Type() {
	case 0:
		return RegularFile
	case fs.ModeDir:
		return Directory
	case fs.ModeSymlink:
		return SymbolicLink
	case fs.ModeNamedPipe:
		return FIFO
	case fs.ModeSocket:
		return Socket
	case fs.ModeDevice:
		return BlockDevice
	case fs.ModeDevice | fs.ModeCharDevice:
		return CharacterDevice
	default:
		return Unknown
	}
}

// Stat describes a file. Times that the system does not record are zero.
type Stat struct {
	Type                   Type
	Links, Size            uint64
	Access, Modify, Change time.Time

	info fs.FileInfo
	// id identifies the file within the system, if the system has such identifiers.
	id fileID
}

// fileID is a device and the number of a file on it.
type fileID struct {
	dev, ino uint64
	ok       bool
}

// newStat returns the Stat for info. open opens the file, for systems that can identify only open
// files.
func newStat(info fs.FileInfo, open func() (*os.File, error)) Stat {
	s := Stat{Type: typeOf(info.Mode()), Links: 1, Size: uint64(max(info.Size(), 0)), Modify: info.ModTime(), info: info}
	s.system(info, open)
	return s
}

// Same reports whether two Stats describe the same file.
func (s Stat) Same(t Stat) bool { return os.SameFile(s.info, t.info) }

// Hash returns a number that is the same for all links to a file and almost certainly differs from
// that of every other file. If the system has no file identifiers, the number depends on type, size
// and modification time.
func (s Stat) Hash() (lower, upper uint64) {
	var b []byte
	if s.id.ok {
		b = binary.LittleEndian.AppendUint64(b, s.id.dev)
		b = binary.LittleEndian.AppendUint64(b, s.id.ino)
	} else {
		b = append(b, byte(s.Type))
		b = binary.LittleEndian.AppendUint64(b, s.Size)
		b = binary.LittleEndian.AppendUint64(b, uint64(s.Modify.UnixNano()))
	}
	sum := sha256.Sum256(b)
	return binary.LittleEndian.Uint64(sum[:]), binary.LittleEndian.Uint64(sum[8:])
}
