package sysfs

import "syscall"

// Windows error numbers that package syscall does not name.
const (
	errorWriteProtect        syscall.Errno = 19
	errorNotReady            syscall.Errno = 21
	errorSharingViolation    syscall.Errno = 32
	errorLockViolation       syscall.Errno = 33
	errorHandleDiskFull      syscall.Errno = 39
	errorNotSupported        syscall.Errno = 50
	errorInvalidParameter    syscall.Errno = 87
	errorDiskFull            syscall.Errno = 112
	errorInvalidName         syscall.Errno = 123
	errorNegativeSeek        syscall.Errno = 131
	errorBusy                syscall.Errno = 170
	errorFilenameTooLong     syscall.Errno = 206
	errorDirectory           syscall.Errno = 267
	errorNotSameDevice       syscall.Errno = 17
	errorTooManyLinks        syscall.Errno = 1142
	errorCantResolveFilename syscall.Errno = 1921
	errorNotAReparsePoint    syscall.Errno = 4390
)

var errnos = []errnoCode{
	{syscall.ERROR_FILE_NOT_FOUND, NoEntry},
	{syscall.ERROR_PATH_NOT_FOUND, NoEntry},
	{errorInvalidName, NoEntry},
	{syscall.ERROR_ACCESS_DENIED, Access},
	{errorSharingViolation, Access},
	{errorLockViolation, Busy},
	{errorBusy, Busy},
	{errorNotReady, Busy},
	{syscall.ERROR_PRIVILEGE_NOT_HELD, NotPermitted},
	{syscall.ERROR_ALREADY_EXISTS, Exist},
	{syscall.ERROR_FILE_EXISTS, Exist},
	{syscall.ERROR_DIR_NOT_EMPTY, NotEmpty},
	{syscall.ERROR_BROKEN_PIPE, Pipe},
	{syscall.ERROR_BUFFER_OVERFLOW, NameTooLong},
	{errorFilenameTooLong, NameTooLong},
	{errorDiskFull, InsufficientSpace},
	{errorHandleDiskFull, InsufficientSpace},
	{errorDirectory, NotDirectory},
	{errorWriteProtect, ReadOnly},
	{errorNotSupported, Unsupported},
	{errorInvalidParameter, Invalid},
	{errorNegativeSeek, Invalid},
	{errorNotAReparsePoint, Invalid},
	{errorNotSameDevice, CrossDevice},
	{errorTooManyLinks, TooManyLinks},
	{errorCantResolveFilename, Loop},
	// Error numbers that Go invents on Windows.
	{syscall.EACCES, Access},
	{syscall.EBADF, BadDescriptor},
	{syscall.EEXIST, Exist},
	{syscall.EINVAL, Invalid},
	{syscall.EISDIR, IsDirectory},
	{syscall.ELOOP, Loop},
	{syscall.ENAMETOOLONG, NameTooLong},
	{syscall.ENOENT, NoEntry},
	{syscall.ENOTDIR, NotDirectory},
	{syscall.ENOTEMPTY, NotEmpty},
	{syscall.ENOTSUP, Unsupported},
	{syscall.EPERM, NotPermitted},
	{syscall.EXDEV, CrossDevice},
	{syscall.Errno(syscall.EWINDOWS), Unsupported},
}
