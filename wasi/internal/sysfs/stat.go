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

// Stat is what is known of a file. Times that the system does not keep are zero.
type Stat struct {
	Type                   Type
	Links, Size            uint64
	Access, Modify, Change time.Time

	info fs.FileInfo
	// id identifies the file among all of the system, if there is such a thing.
	id fileID
}

// fileID is a device and a file on it.
type fileID struct {
	dev, ino uint64
	ok       bool
}

// newStat makes a Stat. open opens the file, for systems where only open files can be identified.
func newStat(info fs.FileInfo, open func() (*os.File, error)) Stat {
	s := Stat{Type: typeOf(info.Mode()), Links: 1, Size: uint64(max(info.Size(), 0)), Modify: info.ModTime(), info: info}
	s.system(info, open)
	return s
}

// Same reports whether two Stats are of the same file.
func (s Stat) Same(t Stat) bool { return os.SameFile(s.info, t.info) }

// Hash returns a number that stays the same for a file, by whatever link it is reached, and hardly ever is that of another.
// Where files have no identity it is that of their kind, size and time.
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
