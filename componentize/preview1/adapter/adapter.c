// The functions of WASI preview 1, implemented with those of WASI 0.2.
//
// The adapter has a memory of its own, which holds its state and what the host returns. It accesses the memory of the module
// that it adapts only through imported functions, one word at a time or, when writing, 64 bytes at a time. It changes nothing
// there that the caller did not ask for. So it does not matter how the module uses its memory, or whether the module tolerates
// memory that it did not grow itself.
//
// The adapter needs no data segments and no stack in memory: variables whose address is taken are static. That is safe because
// functions never nest: the host calls only cabi_import_realloc while one runs.
//
// If FILES_TOO is defined as 0, the adapter supports only the standard streams.

#include "abi.h"

#ifndef FILES_TOO
#define FILES_TOO 1
#endif

// --- memory ---

extern u8 __heap_base;

// take allocates memory that is never freed. It grows memory by whole pages.
static u8 *top;

static u8 *take(u32 size) {
	if (!top) top = (u8 *)(((u32)&__heap_base + 15) & ~15u);
	u8 *p = top;
	u32 end = (u32)p + ((size + 15) & ~15u), have = __builtin_wasm_memory_size(0) << 16;
	if (end < (u32)p) __builtin_trap();
	if (end > have && __builtin_wasm_memory_grow(0, (end - have + 0xffff) >> 16) == ~0u) __builtin_trap();
	top = (u8 *)end;
	return p;
}

// The arena holds what lives no longer than one call. Each call empties it. If it is too small, a larger one replaces it.
static u8 *arena, *arena_at, *arena_end;

static u8 *alloc(u32 size, u32 align) {
	u32 p = ((u32)arena_at + align - 1) & ~(align - 1);
	if (!arena || p + size < p || p + size > (u32)arena_end) {
		u32 next = arena ? 2 * (u32)(arena_end - arena) : 16384;
		if (next < size + align) next = size + align;
		arena = take(next);
		arena_end = arena + next;
		p = ((u32)arena + align - 1) & ~(align - 1);
	}
	arena_at = (u8 *)(p + size);
	return (u8 *)p;
}

EXPORT("cabi_import_realloc") u8 *cabi_import_realloc(u8 *old, u32 old_size, u32 align, u32 size) {
	if (size == 0) return (u8 *)align;
	u8 *p = alloc(size, align);
	if (old_size) __builtin_memcpy(p, old, old_size < size ? old_size : size);
	return p;
}

static void copy_in(u8 *to, at from, u32 len) {
	for (; len >= 8; to += 8, from += 8, len -= 8) {
		u64 v = load64(from);
		__builtin_memcpy(to, &v, 8);
	}
	for (; len; len--) *to++ = load8(from++);
}

static void copy_out(at to, const u8 *from, u32 len) {
	for (; len >= 64; to += 64, from += 64, len -= 64) {
		u64 v[8];
		__builtin_memcpy(v, from, 64);
		store64x8(to, v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]);
	}
	for (; len >= 8; to += 8, from += 8, len -= 8) {
		u64 v;
		__builtin_memcpy(&v, from, 8);
		store64(to, v);
	}
	for (; len; len--) store8(to++, *from++);
}

// --- while the module allocates ---

// The canonical ABI forbids a component to call out while its realloc runs. A garbage collector that starts in realloc reads
// the clock; it gets the time that was read last.
static u32 in_realloc;
static u64 last_monotonic, last_wall;

EXPORT("realloc_begin") void realloc_begin(void) { in_realloc++; }
EXPORT("realloc_end") void realloc_end(void) { in_realloc--; }

// BEGIN starts a call that needs the host.
#define BEGIN                             \
	do {                                  \
		if (in_realloc) return AGAIN;     \
		arena_at = arena;                 \
	} while (0)

// --- results of WASI 0.2 ---

// RET receives the results of host functions. The largest is that of stat, which takes 104 bytes.
static struct {
	u8 b[112];
} __attribute__((aligned(8))) ret;

static u8 ret8(u32 i) { return ret.b[i]; }
static u32 ret32(u32 i) { return *(u32 *)(ret.b + i); }
static u64 ret64(u32 i) { return *(u64 *)(ret.b + i); }

#if FILES_TOO
// Tables are integers in the code, since there are no data segments. Each byte is an entry; the lowest byte is the first.
static u8 entry(u64 table, u32 i) { return (u8)(table >> 8 * i); }

// errno_of converts an error of wasi:filesystem to preview 1, and type_of the type of a descriptor.
static u32 errno_of(u8 code) {
	switch (code / 8) {
	case 0: return entry(0x1413100a08070602ull, code % 8);
	case 1: return entry(0x201f1d1c1b1a1916ull, code % 8);
	case 2: return entry(0x33302e2c2b252322ull, code % 8);
	case 3: return entry(0x3f3d3c3b3a383736ull, code % 8);
	default: return code < 37 ? entry(0x4b4a464540ull, code % 8) : IO;
	}
}

static u32 type_of(u8 t) {
	const u64 types = UNKNOWN | BLOCK << 8 | CHARACTER << 16 | DIRECTORY << 24 | (u64)UNKNOWN << 32 | (u64)SYMLINK << 40 | (u64)REGULAR << 48 | (u64)SOCKET << 56;
	return t < 8 ? entry(types, t) : UNKNOWN;
}

// failed1 and failed4 return the error of a result whose payload is at offset 1 or 4. They return 0 if the result is ok.
static u32 failed1(void) { return ret8(0) ? errno_of(ret8(1)) : OK; }
static u32 failed4(void) { return ret8(0) ? errno_of(ret8(4)) : OK; }
#endif

// stream_failed returns the error of a result whose payload at the given offset is a stream-error. For a closed stream it is PIPE.
static u32 stream_failed(u32 offset) {
	if (!ret8(0)) return OK;
	if (ret8(offset)) return PIPE;
	u32 error = ret32(offset + 4), code = IO;
#if FILES_TOO
	filesystem_error_code(error, &ret);
	if (ret8(0)) code = errno_of(ret8(1));
#endif
	drop_error(error);
	return code;
}

// --- descriptors ---

enum { CLOSED = 0, INPUT, OUTPUT, FILE };

typedef struct {
	// sync_after holds the synchronizing flags of WASI 0.2 that the host does not apply by itself after each write.
	u8 kind, type, flags, sync_after;
	u32 handle;
	u64 rights, inheriting;
	u64 position;
	// The path of a preopened directory.
	u8 *preopen;
	u32 preopen_len;
	// The stream of entries of a directory that is being read, and the number of entries read so far.
	u32 entries;
	u64 entries_read;
	u8 has_entries;
} fd_t;

static fd_t *fds;
static u32 fds_len, fds_cap;
#define MAX_FDS 65536

// extend makes the table large enough for a descriptor number. New entries are closed.
static u32 extend(u32 fd) {
	if (fd >= MAX_FDS) return 0;
	if (fd >= fds_cap) {
		u32 cap = fds_cap ? 2 * fds_cap : 16;
		while (cap <= fd) cap *= 2;
		fd_t *more = (fd_t *)take(cap * sizeof(fd_t));
		__builtin_memcpy(more, fds, fds_len * sizeof(fd_t));
		fds = more;
		fds_cap = cap;
	}
	for (; fds_len <= fd; fds_len++) fds[fds_len].kind = CLOSED;
	return 1;
}

static u32 new_fd(void) {
	for (u32 i = 0; i < fds_len; i++)
		if (fds[i].kind == CLOSED) return i;
	u32 fd = fds_len;
	return extend(fd) ? fd : ~0u;
}

static fd_t *put(u32 fd, u8 kind, u32 handle) {
	fd_t *d = fds + fd;
	__builtin_memset(d, 0, sizeof *d);
	d->kind = kind;
	d->handle = handle;
	return d;
}

// terminal reports whether a standard stream is a terminal.
static u8 terminal(u32 fd) {
	switch (fd) {
	case 0: get_terminal_stdin(&ret); break;
	case 1: get_terminal_stdout(&ret); break;
	default: get_terminal_stderr(&ret);
	}
	if (!ret8(0)) return UNKNOWN;
	if (fd == 0) drop_terminal_input(ret32(4));
	else drop_terminal_output(ret32(4));
	return CHARACTER;
}

// open_all fills the table with the standard streams and preopened directories when a descriptor is first used.
static void open_all(void) {
	if (fds_len) return;
	put(new_fd(), INPUT, get_stdin());
	put(new_fd(), OUTPUT, get_stdout());
	put(new_fd(), OUTPUT, get_stderr());
	for (u32 i = 0; i < 3; i++) {
		fds[i].rights = RIGHT_POLL | RIGHT_STAT | RIGHT_FLAGS | (i ? RIGHT_WRITE : RIGHT_READ);
		fds[i].type = 0xff;
	}
#if FILES_TOO
	get_directories(&ret);
	u32 *list = (u32 *)ret32(0), n = ret32(4);
	for (u32 i = 0; i < n; i++) {
		u32 handle = list[3 * i], len = list[3 * i + 2];
		u32 fd = new_fd();
		if (fd == ~0u) return;
		fd_t *d = put(fd, FILE, handle);
		d->type = DIRECTORY;
		d->rights = d->inheriting = RIGHTS_ALL;
		d->preopen = take(len ? len : 1);
		d->preopen_len = len;
		__builtin_memcpy(d->preopen, (u8 *)list[3 * i + 1], len);
	}
#endif
}

// get returns the open descriptor with a number, or NULL.
static fd_t *get(u32 fd) {
	open_all();
	if (fd >= fds_len || fds[fd].kind == CLOSED) return 0;
	return fds + fd;
}

#define GET(d, fd)            \
	BEGIN;                    \
	fd_t *d = get(fd);        \
	if (!d) return BADF

static u8 filetype(u32 fd) {
	fd_t *d = fds + fd;
	if (d->type == 0xff) d->type = terminal(fd);
	return d->type;
}

#if FILES_TOO
// The last directory entry read. If it did not fit into the caller's buffer, it is returned again.
static struct {
	u32 fd;
	u64 cookie, inode;
	u8 type, valid;
	u8 *name;
	u32 len, cap;
} last_entry;
#endif

// closed marks a descriptor number as free.
static void closed(u32 fd) {
	fds[fd].kind = CLOSED;
#if FILES_TOO
	if (last_entry.fd == fd) last_entry.valid = 0;
#endif
}

EXPORT("fd_close") u32 fd_close(u32 fd) {
	GET(d, fd);
	switch (d->kind) {
	case INPUT: drop_input_stream(d->handle); break;
	case OUTPUT: drop_output_stream(d->handle); break;
#if FILES_TOO
	default:
		if (d->has_entries) drop_entries(d->entries);
		drop_descriptor(d->handle);
#endif
	}
	closed(fd);
	return OK;
}

EXPORT("fd_renumber") u32 fd_renumber(u32 from, u32 to) {
	GET(d, from);
	if (from == to) return OK;
	filetype(from); // determine it now because it depends on the number
	// The number may be free: programs move standard streams to new numbers.
	if (!extend(to)) return BADF;
	if (get(to)) fd_close(to);
	fds[to] = fds[from];
	closed(from);
	return OK;
}

EXPORT("fd_fdstat_get") u32 fd_fdstat_get(u32 fd, at out) {
	GET(d, fd);
	store8(out, filetype(fd));
	store8(out + 1, 0);
	store16(out + 2, d->flags);
	store32(out + 4, 0);
	store64(out + 8, d->rights);
	store64(out + 16, d->inheriting);
	return OK;
}

EXPORT("fd_fdstat_set_flags") u32 fd_fdstat_set_flags(u32 fd, u32 flags) {
	GET(d, fd);
	if (flags & ~(u32)(APPEND | DSYNC | NONBLOCK | RSYNC | SYNC)) return INVAL;
	// How writes are synchronized cannot change after a file is opened.
	if ((flags ^ d->flags) & (DSYNC | RSYNC | SYNC)) return NOTSUP;
	d->flags = flags;
	return OK;
}

EXPORT("fd_fdstat_set_rights") u32 fd_fdstat_set_rights(u32 fd, u64 rights, u64 inheriting) {
	GET(d, fd);
	if ((rights & ~d->rights) || (inheriting & ~d->inheriting)) return NOTCAPABLE;
	d->rights = rights;
	d->inheriting = inheriting;
	return OK;
}

// --- reading and writing ---

#define MAX_CHUNK (1 << 20)
static u32 chunk(u32 len) { return len < MAX_CHUNK ? len : MAX_CHUNK; }

// write_stream writes a whole buffer to a stream. It returns PIPE if the stream is closed.
static u32 write_stream(u32 stream, const u8 *data, u32 len) {
	while (len) {
		stream_check_write(stream, &ret);
		u32 err = stream_failed(8);
		if (err) return err;
		u64 room = ret64(8);
		if (!room) {
			u32 p = output_subscribe(stream);
			pollable_block(p);
			drop_pollable(p);
			continue;
		}
		u32 n = room < len ? (u32)room : len;
		stream_write(stream, data, n, &ret);
		if ((err = stream_failed(4))) return err;
		data += n;
		len -= n;
	}
	stream_blocking_flush(stream, &ret);
	return stream_failed(4);
}

// Each of these functions reads or writes one buffer of the module's memory, at a position if the descriptor is a file. It
// returns an error, or OK and the number of bytes in *done.
static u32 read_some(fd_t *d, at buf, u32 len, u64 position, u32 *done) {
	*done = 0;
	arena_at = arena;
	if (d->kind == INPUT) {
		if (d->flags & NONBLOCK) stream_read(d->handle, chunk(len), &ret);
		else stream_blocking_read(d->handle, chunk(len), &ret);
		u32 err = stream_failed(4);
		if (err) return err == PIPE ? OK : err;
		*done = ret32(8);
		copy_out(buf, (u8 *)ret32(4), *done);
		return *done == 0 && (d->flags & NONBLOCK) ? AGAIN : OK;
	}
#if FILES_TOO
	descriptor_read(d->handle, chunk(len), position, &ret);
	u32 err = failed4();
	if (err) return err;
	*done = ret32(8);
	copy_out(buf, (u8 *)ret32(4), *done);
#endif
	return OK;
}

#if FILES_TOO
static u32 append_some(fd_t *d, const u8 *data, u32 len) {
	descriptor_append(d->handle, &ret);
	u32 err = failed4();
	if (err) return err;
	u32 stream = ret32(4);
	err = write_stream(stream, data, len);
	drop_output_stream(stream);
	return err;
}
#endif

static u32 write_some(fd_t *d, at buf, u32 len, u64 position, u32 append, u32 *done) {
	*done = 0;
	arena_at = arena;
	len = chunk(len);
	u8 *data = alloc(len, 8);
	copy_in(data, buf, len);
	u32 err;
	if (d->kind == OUTPUT) {
		err = write_stream(d->handle, data, len);
		if (!err) *done = len;
		return err;
	}
#if FILES_TOO
	if (append) {
		err = append_some(d, data, len);
		if (!err) *done = len;
		return err;
	}
	descriptor_write(d->handle, data, len, position, &ret);
	if (ret8(0)) return errno_of(ret8(8));
	*done = (u32)ret64(8);
#endif
	return OK;
}

// readable and writable check that a descriptor can be read or written, at a position if the caller gives one.
static u32 readable(fd_t *d, u32 positioned) {
	if (d->kind == INPUT) return positioned ? SPIPE : OK;
	if (d->kind != FILE || !(d->rights & RIGHT_READ)) return BADF;
	return d->type == DIRECTORY ? ISDIR : OK;
}

static u32 writable(fd_t *d, u32 positioned) {
	if (d->kind == OUTPUT) return positioned ? SPIPE : OK;
	if (d->kind != FILE) return BADF;
	if (d->type == DIRECTORY) return ISDIR;
	return d->rights & RIGHT_WRITE ? OK : BADF;
}

static u32 read_all(fd_t *d, at iovs, u32 n, u64 position, at nread) {
	static u32 done;
	u32 total = 0;
	for (u32 i = 0; i < n; i++) {
		at buf = load32(iovs + 8 * i);
		for (u32 len = load32(iovs + 8 * i + 4); len; len -= done, buf += done) {
			u32 err = read_some(d, buf, len, position + total, &done);
			if (err && !total) return err;
			total += done;
			// Read from a stream only once: another read could wait for input that never comes.
			if (err || !done || d->kind == INPUT) goto end;
		}
	}
end:
	store32(nread, total);
	return OK;
}

static u32 write_all(fd_t *d, at iovs, u32 n, u64 position, u32 append, at nwritten) {
	static u32 done;
	u32 total = 0;
	for (u32 i = 0; i < n; i++) {
		at buf = load32(iovs + 8 * i);
		for (u32 len = load32(iovs + 8 * i + 4); len; len -= done, buf += done) {
			u32 err = write_some(d, buf, len, position + total, append, &done);
			if (err && !total) return err;
			total += done;
			if (err || !done) goto end;
		}
	}
end:
	store32(nwritten, total);
#if FILES_TOO
	if (d->sync_after && total) {
		if (d->sync_after == FLAG_DATA_SYNC) descriptor_sync_data(d->handle, &ret);
		else descriptor_sync(d->handle, &ret);
		return failed1();
	}
#endif
	return OK;
}

EXPORT("fd_read") u32 fd_read(u32 fd, at iovs, u32 n, at nread) {
	GET(d, fd);
	u32 err = readable(d, 0);
	if (!err) err = read_all(d, iovs, n, d->position, nread);
	if (!err && d->kind == FILE) d->position += load32(nread);
	return err;
}

EXPORT("fd_pread") u32 fd_pread(u32 fd, at iovs, u32 n, u64 offset, at nread) {
	GET(d, fd);
	u32 err = readable(d, 1);
	return err ? err : read_all(d, iovs, n, offset, nread);
}

#if FILES_TOO
static u32 size_of(fd_t *d, u64 *size) {
	descriptor_stat(d->handle, &ret);
	if (ret8(0)) return errno_of(ret8(8));
	*size = ret64(24);
	return OK;
}
#endif

EXPORT("fd_write") u32 fd_write(u32 fd, at iovs, u32 n, at nwritten) {
	GET(d, fd);
	u32 append = d->flags & APPEND, err = writable(d, 0);
	if (!err) err = write_all(d, iovs, n, d->position, append, nwritten);
#if FILES_TOO
	if (!err && d->kind == FILE) {
		if (append) err = size_of(d, &d->position);
		else d->position += load32(nwritten);
	}
#endif
	return err;
}

EXPORT("fd_pwrite") u32 fd_pwrite(u32 fd, at iovs, u32 n, u64 offset, at nwritten) {
	GET(d, fd);
	u32 err = writable(d, 1);
	return err ? err : write_all(d, iovs, n, offset, 0, nwritten);
}

EXPORT("fd_seek") u32 fd_seek(u32 fd, s64 offset, u32 whence, at out) {
	GET(d, fd);
	if (d->kind != FILE) return SPIPE;
#if FILES_TOO
	if (d->type == DIRECTORY) return BADF;
	static u64 base;
	u32 err;
	switch (whence) {
	case 0: base = 0; break;
	case 1: base = d->position; break;
	case 2:
		if ((err = size_of(d, &base))) return err;
		break;
	default: return INVAL;
	}
	u64 to = base + (u64)offset;
	if (offset < 0 ? to > base : to < base) return INVAL;
	if ((s64)to < 0) return INVAL;
	d->position = to;
	store64(out, to);
#endif
	return OK;
}

EXPORT("fd_tell") u32 fd_tell(u32 fd, at out) {
	GET(d, fd);
	if (d->kind != FILE) return SPIPE;
	if (d->type == DIRECTORY) return BADF;
	store64(out, d->position);
	return OK;
}

#include "files.h"
#include "process.h"
