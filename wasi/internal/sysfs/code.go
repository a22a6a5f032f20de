package sysfs

import (
	"errors"
	"io"
	"io/fs"
	"syscall"
)

// Code is an error code of wasi:filesystem/types. It is an error itself.
type Code uint8

// The codes in the order of the enum `error-code` of WASI 0.2, from 1.
const (
	Access Code = iota + 1
	WouldBlock
	Already
	BadDescriptor
	Busy
	Deadlock
	Quota
	Exist
	FileTooLarge
	IllegalByteSequence
	InProgress
	Interrupted
	Invalid
	IO
	IsDirectory
	Loop
	TooManyLinks
	MessageSize
	NameTooLong
	NoDevice
	NoEntry
	NoLock
	InsufficientMemory
	InsufficientSpace
	NotDirectory
	NotEmpty
	NotRecoverable
	Unsupported
	NoTTY
	NoSuchDevice
	Overflow
	NotPermitted
	Pipe
	ReadOnly
	InvalidSeek
	TextFileBusy
	CrossDevice
)

var codeNames = [...]string{
	Access: "access", WouldBlock: "would-block", Already: "already", BadDescriptor: "bad-descriptor", Busy: "busy",
	Deadlock: "deadlock", Quota: "quota", Exist: "exist", FileTooLarge: "file-too-large",
	IllegalByteSequence: "illegal-byte-sequence", InProgress: "in-progress", Interrupted: "interrupted", Invalid: "invalid",
	IO: "io", IsDirectory: "is-directory", Loop: "loop", TooManyLinks: "too-many-links", MessageSize: "message-size",
	NameTooLong: "name-too-long", NoDevice: "no-device", NoEntry: "no-entry", NoLock: "no-lock",
	InsufficientMemory: "insufficient-memory", InsufficientSpace: "insufficient-space", NotDirectory: "not-directory",
	NotEmpty: "not-empty", NotRecoverable: "not-recoverable", Unsupported: "unsupported", NoTTY: "no-tty",
	NoSuchDevice: "no-such-device", Overflow: "overflow", NotPermitted: "not-permitted", Pipe: "pipe", ReadOnly: "read-only",
	InvalidSeek: "invalid-seek", TextFileBusy: "text-file-busy", CrossDevice: "cross-device",
}

// Error returns the name of the code in WIT.
func (c Code) Error() string {
	if c == 0 || int(c) >= len(codeNames) {
		return "unknown"
	}
	return codeNames[c]
}

// Case returns the index of the case of `error-code` in WASI 0.2.
func (c Code) Case() int { return int(c) - 1 }

// errnoCode maps an error number of the system to a WASI error code.
type errnoCode struct {
	errno syscall.Errno
	code  Code
}

// CodeOf returns the code for an error of this package or of the system. For other errors it
// returns [IO] and false.
func CodeOf(err error) (code Code, known bool) {
	if errors.As(err, &code) {
		return code, true
	}
	var errno syscall.Errno
	if errors.As(err, &errno) {
		for _, e := range errnos {
			if e.errno == errno {
				return e.code, true
			}
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return NoEntry, true
	case errors.Is(err, fs.ErrExist):
		return Exist, true
	case errors.Is(err, fs.ErrPermission):
		return Access, true
	case errors.Is(err, fs.ErrInvalid):
		return Invalid, true
	case errors.Is(err, fs.ErrClosed):
		return BadDescriptor, true
	case errors.Is(err, errors.ErrUnsupported):
		return Unsupported, true
	case errors.Is(err, io.ErrClosedPipe):
		return Pipe, true
	default:
		return IO, errno != 0
	}
}

// Reason returns the innermost message of a system error: what went wrong, without the host's path.
func Reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}
