// Files and directories.

#if FILES_TOO

// file begins a call on a descriptor, which must be a file or directory.
#define GET_FILE(d, fd)                       \
	GET(d, fd);                               \
	if (d->kind != FILE) return BADF

// GET_DIR begins a call that takes a path.
#define GET_DIR(d, fd)                        \
	GET(d, fd);                               \
	if (d->kind != FILE || d->type != DIRECTORY) return NOTDIR

typedef struct {
	u8 *data;
	u32 len;
} path_t;

#define MAX_PATH 65536

// utf8 reports whether a path is valid UTF-8, as strings of components must be.
static u32 utf8(const u8 *p, u32 len) {
	for (u32 i = 0; i < len;) {
		u8 c = p[i++];
		if (c < 0x80) continue;
		u32 more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1, v;
		if (c < 0xc2 || c > 0xf4 || len - i < more) return 0;
		v = c & (0x3f >> more);
		for (u32 k = 0; k < more; k++) {
			if ((p[i] & 0xc0) != 0x80) return 0;
			v = v << 6 | (p[i++] & 0x3f);
		}
		if (v < (more == 1 ? 0x80u : more == 2 ? 0x800u : 0x10000u) || (v >= 0xd800 && v < 0xe000) || v > 0x10ffff) return 0;
	}
	return 1;
}

static u32 take_path(path_t *p, at from, u32 len) {
	if (len > MAX_PATH) return 37; // ENAMETOOLONG
	p->data = alloc(len ? len : 1, 1);
	p->len = len;
	copy_in(p->data, from, len);
	if (!utf8(p->data, len)) return ILSEQ;
	for (u32 i = 0; i < len; i++)
		if (!p->data[i]) return INVAL;
	return OK;
}

#define PATH(p, from, n)                              \
	static path_t p;                                  \
	{                                                 \
		u32 path_error = take_path(&p, from, n);      \
		if (path_error) return path_error;            \
	}

static u64 nanoseconds(u32 option) {
	return ret8(option) ? ret64(option + 8) * 1000000000ull + ret32(option + 16) : 0;
}

// store_stat writes the result of stat, with a number that identifies the file.
static u32 store_stat(at out, u64 inode) {
	store64(out, 1);
	store64(out + 8, inode);
	store64(out + 16, type_of(ret8(8)));
	store64(out + 24, ret64(16));
	store64(out + 32, ret64(24));
	store64(out + 40, nanoseconds(32));
	store64(out + 48, nanoseconds(56));
	store64(out + 56, nanoseconds(80));
	return OK;
}

static u64 hash(u32 handle) {
	descriptor_hash(handle, &ret);
	return ret8(0) ? 0 : ret64(8);
}

static u64 hash_of(u32 handle, u32 flags, path_t p) {
	hash_at(handle, flags, p.data, p.len, &ret);
	return ret8(0) ? 0 : ret64(8);
}

// A new-timestamp of wasi:filesystem.
typedef struct {
	u32 kind;
	u64 s;
	u32 ns;
} time_t;

static time_t timestamp(u64 t, u32 given, u32 now) {
	time_t v = {0, 0, 0};
	if (now) v.kind = 1;
	else if (given) {
		v.kind = 2;
		v.s = t / 1000000000;
		v.ns = (u32)(t % 1000000000);
	}
	return v;
}

// TIMES makes two of them from the arguments of the functions that set times.
#define TIMES(a, m)                                                                            \
	if (flags > 15 || (flags & 3) == 3 || (flags & 12) == 12) return INVAL;                    \
	time_t a = timestamp(atim, flags & 1, flags & 2), m = timestamp(mtim, flags & 4, flags & 8)

EXPORT("fd_advise") u32 fd_advise(u32 fd, u64 offset, u64 len, u32 advice) {
	GET(d, fd);
	if (d->kind != FILE) return SPIPE;
	if (d->type == DIRECTORY) return BADF;
	if (advice > 5) return INVAL;
	descriptor_advise(d->handle, offset, len, advice, &ret);
	return failed1();
}

EXPORT("fd_allocate") u32 fd_allocate(u32 fd, u64 offset, u64 len) {
	GET_FILE(d, fd);
	if (d->type == DIRECTORY || !(d->rights & RIGHT_WRITE)) return BADF;
	static u64 size;
	u64 end = offset + len;
	if (!len) return INVAL;
	if (end < offset || (s64)end < 0) return FBIG;
	u32 err = size_of(d, &size);
	if (err || size >= end) return err;
	descriptor_set_size(d->handle, end, &ret);
	return failed1();
}

EXPORT("fd_datasync") u32 fd_datasync(u32 fd) {
	GET(d, fd);
	if (d->kind != FILE) return INVAL;
	descriptor_sync_data(d->handle, &ret);
	return failed1();
}

EXPORT("fd_sync") u32 fd_sync(u32 fd) {
	GET(d, fd);
	if (d->kind != FILE) return INVAL;
	descriptor_sync(d->handle, &ret);
	return failed1();
}

EXPORT("fd_filestat_get") u32 fd_filestat_get(u32 fd, at out) {
	GET(d, fd);
	if (d->kind != FILE) {
		for (u32 i = 0; i < 64; i += 8) store64(out + i, 0);
		store8(out + 16, filetype(fd));
		return OK;
	}
	u64 inode = hash(d->handle);
	descriptor_stat(d->handle, &ret);
	return ret8(0) ? errno_of(ret8(8)) : store_stat(out, inode);
}

EXPORT("fd_filestat_set_size") u32 fd_filestat_set_size(u32 fd, u64 size) {
	GET(d, fd);
	if (d->kind != FILE || d->type == DIRECTORY) return INVAL;
	if (!(d->rights & RIGHT_WRITE)) return INVAL;
	descriptor_set_size(d->handle, size, &ret);
	return failed1();
}

EXPORT("fd_filestat_set_times") u32 fd_filestat_set_times(u32 fd, u64 atim, u64 mtim, u32 flags) {
	GET_FILE(d, fd);
	TIMES(a, m);
	descriptor_set_times(d->handle, a.kind, a.s, a.ns, m.kind, m.s, m.ns, &ret);
	return failed1();
}

EXPORT("fd_prestat_get") u32 fd_prestat_get(u32 fd, at out) {
	GET(d, fd);
	if (!d->preopen) return BADF;
	store32(out, 0);
	store32(out + 4, d->preopen_len);
	return OK;
}

EXPORT("fd_prestat_dir_name") u32 fd_prestat_dir_name(u32 fd, at path, u32 len) {
	GET(d, fd);
	if (!d->preopen) return BADF;
	if (len < d->preopen_len) return 37; // ENAMETOOLONG
	copy_out(path, d->preopen, d->preopen_len);
	return OK;
}

// --- reading directories ---

// next_entry reads the entry at a cookie. Entries 0 and 1 are the directory itself and its parent. At the end of the
// directory, next_entry sets *end.
static u32 next_entry(u32 fd, fd_t *d, u64 cookie, u32 *end) {
	*end = 0;
	if (last_entry.valid && last_entry.fd == fd && last_entry.cookie == cookie) return OK;
	last_entry.valid = 0;
	u32 err;
	if (cookie >= 2 && (!d->has_entries || d->entries_read > cookie - 2)) {
		if (d->has_entries) drop_entries(d->entries);
		d->has_entries = 0;
		descriptor_read_directory(d->handle, &ret);
		if ((err = failed4())) return err;
		d->has_entries = 1;
		d->entries = ret32(4);
		d->entries_read = 0;
	}
	static u8 dots[2];
	dots[0] = dots[1] = '.';
	u8 *name = dots, type = DIRECTORY;
	u32 len = (u32)cookie + 1;
	u64 inode = 0;
	// C libraries look up entries without an inode number, which fails for the parent directory. So both entries get the
	// number of this directory.
	if (cookie < 2) inode = hash(d->handle);
	while (cookie >= 2 && d->entries_read <= cookie - 2) {
		arena_at = arena;
		read_entry(d->entries, &ret);
		if ((err = failed4())) return err;
		if (!ret8(4)) {
			*end = 1;
			return OK;
		}
		d->entries_read++;
		type = type_of(ret8(8));
		name = (u8 *)ret32(12);
		len = ret32(16);
	}
	if (len > last_entry.cap) {
		last_entry.cap = len < 256 ? 256 : 2 * len;
		last_entry.name = take(last_entry.cap);
	}
	__builtin_memcpy(last_entry.name, name, len);
	if (cookie >= 2) inode = hash_of(d->handle, 0, (path_t){last_entry.name, len});
	last_entry.fd = fd;
	last_entry.cookie = cookie;
	last_entry.inode = inode;
	last_entry.type = type;
	last_entry.len = len;
	last_entry.valid = 1;
	return OK;
}

EXPORT("fd_readdir") u32 fd_readdir(u32 fd, at buf, u32 len, u64 cookie, at used) {
	GET(d, fd);
	if (d->kind != FILE || d->type != DIRECTORY) return NOTDIR;
	u32 n = 0;
	// The directory may have changed since it was last read from the beginning.
	if (cookie == 0) {
		last_entry.valid = 0;
		if (d->has_entries) drop_entries(d->entries);
		d->has_entries = 0;
	}
	while (n < len) {
		static u32 end;
		u32 err = next_entry(fd, d, cookie, &end);
		if (err) return err;
		if (end) break;
		static struct {
			u64 next, inode;
			u32 len, type;
		} dirent;
		dirent.next = ++cookie;
		dirent.inode = last_entry.inode;
		dirent.len = last_entry.len;
		dirent.type = last_entry.type;
		u32 part = len - n < 24 ? len - n : 24;
		copy_out(buf + n, (u8 *)&dirent, part);
		n += part;
		part = len - n < last_entry.len ? len - n : last_entry.len;
		copy_out(buf + n, last_entry.name, part);
		n += part;
	}
	store32(used, n);
	return OK;
}

// --- paths ---

EXPORT("path_create_directory") u32 path_create_directory(u32 fd, at path, u32 len) {
	GET_DIR(d, fd);
	PATH(p, path, len);
	create_directory_at(d->handle, p.data, p.len, &ret);
	return failed1();
}

EXPORT("path_filestat_get") u32 path_filestat_get(u32 fd, u32 flags, at path, u32 len, at out) {
	GET_DIR(d, fd);
	PATH(p, path, len);
	u64 inode = hash_of(d->handle, flags & 1, p);
	stat_at(d->handle, flags & 1, p.data, p.len, &ret);
	return ret8(0) ? errno_of(ret8(8)) : store_stat(out, inode);
}

EXPORT("path_filestat_set_times")
u32 path_filestat_set_times(u32 fd, u32 lookup, at path, u32 len, u64 atim, u64 mtim, u32 flags) {
	GET_DIR(d, fd);
	TIMES(a, m);
	PATH(p, path, len);
	set_times_at(d->handle, lookup & 1, p.data, p.len, a.kind, a.s, a.ns, m.kind, m.s, m.ns, &ret);
	return failed1();
}

EXPORT("path_link") u32 path_link(u32 from_fd, u32 flags, at from, u32 from_len, u32 to_fd, at to, u32 to_len) {
	GET_DIR(d, from_fd);
	GET_DIR(e, to_fd);
	PATH(p, from, from_len);
	PATH(q, to, to_len);
	link_at(d->handle, flags & 1, p.data, p.len, e->handle, q.data, q.len, &ret);
	return failed1();
}

EXPORT("path_open")
u32 path_open(u32 fd, u32 lookup, at path, u32 len, u32 oflags, u64 rights, u64 inheriting, u32 flags, at out) {
	GET_DIR(d, fd);
	u32 directory = oflags & 2, wants = 0;
	if (oflags > 15 || flags > 31) return INVAL;
	if (rights & (RIGHT_READ | RIGHT_READDIR)) wants |= FLAG_READ;
	// Other rights do not mean that the caller wants to write: some languages ask for all rights even to read.
	if (!directory && (rights & RIGHT_WRITE)) wants |= FLAG_WRITE;
	// A file that is created or truncated is opened for writing, and a file opened for nothing is opened for reading.
	if ((oflags & 8) && !(wants & FLAG_WRITE)) wants |= FLAG_WRITE;
	if (!wants) wants = FLAG_READ;
	u32 syncs = 0;
	if (flags & DSYNC) syncs |= FLAG_DATA_SYNC;
	if (flags & SYNC) syncs |= FLAG_FILE_SYNC;
	if (flags & RSYNC) syncs |= FLAG_REQUESTED_SYNC;
	// Do not ask for permission to change a directory: some hosts refuse it, and hosts that allow changes in the parent
	// directory allow them here too.
	PATH(p, path, len);
	open_at(d->handle, lookup & 1, p.data, p.len, oflags, wants | syncs, &ret);
	u32 err = failed4(), sync_after = 0;
	if (err == NOTSUP && syncs) {
		// Some hosts cannot open a file with these flags. Each write is then followed by a call that synchronizes.
		sync_after = syncs;
		open_at(d->handle, lookup & 1, p.data, p.len, oflags, wants, &ret);
		err = failed4();
	}
	if (err) return err;
	u32 handle = ret32(4);
	descriptor_get_type(handle, &ret);
	u8 type = ret8(0) ? UNKNOWN : type_of(ret8(1));
	u32 opened = new_fd();
	if (opened == ~0u) {
		drop_descriptor(handle);
		return MFILE;
	}
	fd_t *n = put(opened, FILE, handle);
	n->type = type;
	n->flags = flags;
	n->sync_after = sync_after;
	n->rights = rights;
	n->inheriting = inheriting;
	store32(out, opened);
	return OK;
}

EXPORT("path_readlink") u32 path_readlink(u32 fd, at path, u32 len, at buf, u32 buf_len, at used) {
	GET_DIR(d, fd);
	PATH(p, path, len);
	readlink_at(d->handle, p.data, p.len, &ret);
	u32 err = failed4();
	if (err) return err;
	u32 n = ret32(8) < buf_len ? ret32(8) : buf_len;
	copy_out(buf, (u8 *)ret32(4), n);
	store32(used, n);
	return OK;
}

EXPORT("path_remove_directory") u32 path_remove_directory(u32 fd, at path, u32 len) {
	GET_DIR(d, fd);
	PATH(p, path, len);
	remove_directory_at(d->handle, p.data, p.len, &ret);
	return failed1();
}

EXPORT("path_rename") u32 path_rename(u32 from_fd, at from, u32 from_len, u32 to_fd, at to, u32 to_len) {
	GET_DIR(d, from_fd);
	GET_DIR(e, to_fd);
	PATH(p, from, from_len);
	PATH(q, to, to_len);
	rename_at(d->handle, p.data, p.len, e->handle, q.data, q.len, &ret);
	return failed1();
}

EXPORT("path_symlink") u32 path_symlink(at from, u32 from_len, u32 fd, at to, u32 to_len) {
	GET_DIR(d, fd);
	PATH(p, from, from_len);
	PATH(q, to, to_len);
	symlink_at(d->handle, p.data, p.len, q.data, q.len, &ret);
	return failed1();
}

EXPORT("path_unlink_file") u32 path_unlink_file(u32 fd, at path, u32 len) {
	GET_DIR(d, fd);
	PATH(p, path, len);
	unlink_file_at(d->handle, p.data, p.len, &ret);
	return failed1();
}

#else

// Without files, only the standard streams are valid descriptors, and their types are known.

#define NO_FILE(fd, err) GET(d, fd); return err

EXPORT("fd_advise") u32 fd_advise(u32 fd, u64 offset, u64 len, u32 advice) { NO_FILE(fd, SPIPE); }
EXPORT("fd_allocate") u32 fd_allocate(u32 fd, u64 offset, u64 len) { NO_FILE(fd, BADF); }
EXPORT("fd_datasync") u32 fd_datasync(u32 fd) { NO_FILE(fd, INVAL); }
EXPORT("fd_sync") u32 fd_sync(u32 fd) { NO_FILE(fd, INVAL); }
EXPORT("fd_filestat_get") u32 fd_filestat_get(u32 fd, at out) {
	GET(d, fd);
	for (u32 i = 0; i < 64; i += 8) store64(out + i, 0);
	store8(out + 16, filetype(fd));
	return OK;
}
EXPORT("fd_filestat_set_size") u32 fd_filestat_set_size(u32 fd, u64 size) { NO_FILE(fd, INVAL); }
EXPORT("fd_filestat_set_times") u32 fd_filestat_set_times(u32 fd, u64 atim, u64 mtim, u32 flags) { NO_FILE(fd, BADF); }
EXPORT("fd_prestat_get") u32 fd_prestat_get(u32 fd, at out) { return BADF; }
EXPORT("fd_prestat_dir_name") u32 fd_prestat_dir_name(u32 fd, at path, u32 len) { return BADF; }
EXPORT("fd_readdir") u32 fd_readdir(u32 fd, at buf, u32 len, u64 cookie, at used) { NO_FILE(fd, NOTDIR); }
EXPORT("path_create_directory") u32 path_create_directory(u32 fd, at path, u32 len) { NO_FILE(fd, NOTDIR); }
EXPORT("path_filestat_get") u32 path_filestat_get(u32 fd, u32 flags, at path, u32 len, at out) { NO_FILE(fd, NOTDIR); }
EXPORT("path_filestat_set_times")
u32 path_filestat_set_times(u32 fd, u32 lookup, at path, u32 len, u64 atim, u64 mtim, u32 flags) { NO_FILE(fd, NOTDIR); }
EXPORT("path_link") u32 path_link(u32 fd, u32 flags, at from, u32 from_len, u32 to_fd, at to, u32 to_len) { NO_FILE(fd, NOTDIR); }
EXPORT("path_readlink") u32 path_readlink(u32 fd, at path, u32 len, at buf, u32 buf_len, at used) { NO_FILE(fd, NOTDIR); }
EXPORT("path_remove_directory") u32 path_remove_directory(u32 fd, at path, u32 len) { NO_FILE(fd, NOTDIR); }
EXPORT("path_rename") u32 path_rename(u32 fd, at from, u32 from_len, u32 to_fd, at to, u32 to_len) { NO_FILE(fd, NOTDIR); }
EXPORT("path_symlink") u32 path_symlink(at from, u32 from_len, u32 fd, at to, u32 to_len) { NO_FILE(fd, NOTDIR); }
EXPORT("path_unlink_file") u32 path_unlink_file(u32 fd, at path, u32 len) { NO_FILE(fd, NOTDIR); }

#endif
