//go:build !windows

package sysfs

import "syscall"

var errnos = []errnoCode{
	{syscall.EACCES, Access},
	{syscall.EAGAIN, WouldBlock},
	{syscall.EALREADY, Already},
	{syscall.EBADF, BadDescriptor},
	{syscall.EBUSY, Busy},
	{syscall.EDEADLK, Deadlock},
	{syscall.EDQUOT, Quota},
	{syscall.EEXIST, Exist},
	{syscall.EFBIG, FileTooLarge},
	{syscall.EILSEQ, IllegalByteSequence},
	{syscall.EINPROGRESS, InProgress},
	{syscall.EINTR, Interrupted},
	{syscall.EINVAL, Invalid},
	{syscall.EIO, IO},
	{syscall.EISDIR, IsDirectory},
	{syscall.ELOOP, Loop},
	{syscall.EMLINK, TooManyLinks},
	{syscall.EMSGSIZE, MessageSize},
	{syscall.ENAMETOOLONG, NameTooLong},
	{syscall.ENODEV, NoDevice},
	{syscall.ENOENT, NoEntry},
	{syscall.ENOLCK, NoLock},
	{syscall.ENOMEM, InsufficientMemory},
	{syscall.ENOSPC, InsufficientSpace},
	{syscall.ENOTDIR, NotDirectory},
	{syscall.ENOTEMPTY, NotEmpty},
	{syscall.ENOTSUP, Unsupported},
	{syscall.EOPNOTSUPP, Unsupported},
	{syscall.ENOSYS, Unsupported},
	{syscall.ENOTTY, NoTTY},
	{syscall.ENXIO, NoSuchDevice},
	{syscall.EOVERFLOW, Overflow},
	{syscall.EPERM, NotPermitted},
	{syscall.EPIPE, Pipe},
	{syscall.EROFS, ReadOnly},
	{syscall.ESPIPE, InvalidSeek},
	{textBusy, TextFileBusy},
	{syscall.EXDEV, CrossDevice},
	// WASI has no code for a host that is out of file descriptors.
	{syscall.EMFILE, InsufficientMemory},
	{syscall.ENFILE, InsufficientMemory},
}
