// The adapter's imports, with flat signatures of the canonical ABI, and the constants of preview 1.

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed long long s64;

#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
#define EXPORT(name) __attribute__((export_name(name)))

// The memory of the adapted module. The adapter has a memory of its own, so addresses of one memory are never addresses of
// the other. Addresses of the module have type at.
typedef u32 at;

IMPORT("__main_memory__", "load8") u32 load8(at);
IMPORT("__main_memory__", "load16") u32 load16(at);
IMPORT("__main_memory__", "load32") u32 load32(at);
IMPORT("__main_memory__", "load64") u64 load64(at);
IMPORT("__main_memory__", "store8") void store8(at, u32);
IMPORT("__main_memory__", "store16") void store16(at, u32);
IMPORT("__main_memory__", "store32") void store32(at, u32);
IMPORT("__main_memory__", "store64") void store64(at, u64);
IMPORT("__main_memory__", "store64x8") void store64x8(at, u64, u64, u64, u64, u64, u64, u64, u64);

#define ENVIRONMENT "wasi:cli/environment@0.2.12"
IMPORT(ENVIRONMENT, "get-arguments") void get_arguments(void *ret);
IMPORT(ENVIRONMENT, "get-environment") void get_environment(void *ret);
IMPORT("wasi:cli/exit@0.2.12", "exit") void cli_exit(u32 status);
IMPORT("wasi:cli/exit@0.2.12", "exit-with-code") void cli_exit_with_code(u32 code);
IMPORT("wasi:cli/stdin@0.2.12", "get-stdin") u32 get_stdin(void);
IMPORT("wasi:cli/stdout@0.2.12", "get-stdout") u32 get_stdout(void);
IMPORT("wasi:cli/stderr@0.2.12", "get-stderr") u32 get_stderr(void);
IMPORT("wasi:cli/terminal-stdin@0.2.12", "get-terminal-stdin") void get_terminal_stdin(void *ret);
IMPORT("wasi:cli/terminal-stdout@0.2.12", "get-terminal-stdout") void get_terminal_stdout(void *ret);
IMPORT("wasi:cli/terminal-stderr@0.2.12", "get-terminal-stderr") void get_terminal_stderr(void *ret);
IMPORT("wasi:cli/terminal-input@0.2.12", "[resource-drop]terminal-input") void drop_terminal_input(u32);
IMPORT("wasi:cli/terminal-output@0.2.12", "[resource-drop]terminal-output") void drop_terminal_output(u32);

#define MONOTONIC "wasi:clocks/monotonic-clock@0.2.12"
IMPORT(MONOTONIC, "now") u64 monotonic_now(void);
IMPORT(MONOTONIC, "resolution") u64 monotonic_resolution(void);
IMPORT(MONOTONIC, "subscribe-instant") u32 subscribe_instant(u64 when);
IMPORT(MONOTONIC, "subscribe-duration") u32 subscribe_duration(u64 nanoseconds);
IMPORT("wasi:clocks/wall-clock@0.2.12", "now") void wall_now(void *ret);
IMPORT("wasi:clocks/wall-clock@0.2.12", "resolution") void wall_resolution(void *ret);
IMPORT("wasi:random/random@0.2.12", "get-random-bytes") void get_random_bytes(u64 len, void *ret);

IMPORT("wasi:io/error@0.2.12", "[resource-drop]error") void drop_error(u32);
IMPORT("wasi:io/poll@0.2.12", "poll") void poll(const u32 *list, u32 len, void *ret);
IMPORT("wasi:io/poll@0.2.12", "[method]pollable.block") void pollable_block(u32);
IMPORT("wasi:io/poll@0.2.12", "[resource-drop]pollable") void drop_pollable(u32);

#define STREAMS "wasi:io/streams@0.2.12"
IMPORT(STREAMS, "[method]input-stream.read") void stream_read(u32 self, u64 len, void *ret);
IMPORT(STREAMS, "[method]input-stream.blocking-read") void stream_blocking_read(u32 self, u64 len, void *ret);
IMPORT(STREAMS, "[method]input-stream.subscribe") u32 input_subscribe(u32 self);
IMPORT(STREAMS, "[method]output-stream.check-write") void stream_check_write(u32 self, void *ret);
IMPORT(STREAMS, "[method]output-stream.write") void stream_write(u32 self, const u8 *data, u32 len, void *ret);
IMPORT(STREAMS, "[method]output-stream.blocking-flush") void stream_blocking_flush(u32 self, void *ret);
IMPORT(STREAMS, "[method]output-stream.subscribe") u32 output_subscribe(u32 self);
IMPORT(STREAMS, "[resource-drop]input-stream") void drop_input_stream(u32);
IMPORT(STREAMS, "[resource-drop]output-stream") void drop_output_stream(u32);

#define FILES "wasi:filesystem/types@0.2.12"
IMPORT("wasi:filesystem/preopens@0.2.12", "get-directories") void get_directories(void *ret);
IMPORT(FILES, "filesystem-error-code") void filesystem_error_code(u32 error, void *ret);
IMPORT(FILES, "[resource-drop]descriptor") void drop_descriptor(u32);
IMPORT(FILES, "[resource-drop]directory-entry-stream") void drop_entries(u32);
IMPORT(FILES, "[method]directory-entry-stream.read-directory-entry") void read_entry(u32 self, void *ret);
#define DESCRIPTOR(name) IMPORT(FILES, "[method]descriptor." name) void
DESCRIPTOR("append-via-stream") descriptor_append(u32 self, void *ret);
DESCRIPTOR("advise") descriptor_advise(u32 self, u64 offset, u64 len, u32 advice, void *ret);
DESCRIPTOR("sync-data") descriptor_sync_data(u32 self, void *ret);
DESCRIPTOR("sync") descriptor_sync(u32 self, void *ret);
DESCRIPTOR("get-type") descriptor_get_type(u32 self, void *ret);
DESCRIPTOR("set-size") descriptor_set_size(u32 self, u64 size, void *ret);
DESCRIPTOR("set-times") descriptor_set_times(u32 self, u32 a, u64 a_s, u32 a_ns, u32 m, u64 m_s, u32 m_ns, void *ret);
DESCRIPTOR("read") descriptor_read(u32 self, u64 len, u64 offset, void *ret);
DESCRIPTOR("write") descriptor_write(u32 self, const u8 *data, u32 len, u64 offset, void *ret);
DESCRIPTOR("read-directory") descriptor_read_directory(u32 self, void *ret);
DESCRIPTOR("stat") descriptor_stat(u32 self, void *ret);
DESCRIPTOR("metadata-hash") descriptor_hash(u32 self, void *ret);
DESCRIPTOR("create-directory-at") create_directory_at(u32 self, const u8 *path, u32 len, void *ret);
DESCRIPTOR("stat-at") stat_at(u32 self, u32 flags, const u8 *path, u32 len, void *ret);
DESCRIPTOR("metadata-hash-at") hash_at(u32 self, u32 flags, const u8 *path, u32 len, void *ret);
DESCRIPTOR("set-times-at")
set_times_at(u32 self, u32 flags, const u8 *path, u32 len, u32 a, u64 a_s, u32 a_ns, u32 m, u64 m_s, u32 m_ns, void *ret);
DESCRIPTOR("link-at") link_at(u32 self, u32 flags, const u8 *from, u32 from_len, u32 dir, const u8 *to, u32 to_len, void *ret);
DESCRIPTOR("open-at") open_at(u32 self, u32 flags, const u8 *path, u32 len, u32 open_flags, u32 descriptor_flags, void *ret);
DESCRIPTOR("readlink-at") readlink_at(u32 self, const u8 *path, u32 len, void *ret);
DESCRIPTOR("remove-directory-at") remove_directory_at(u32 self, const u8 *path, u32 len, void *ret);
DESCRIPTOR("rename-at") rename_at(u32 self, const u8 *from, u32 from_len, u32 dir, const u8 *to, u32 to_len, void *ret);
DESCRIPTOR("symlink-at") symlink_at(u32 self, const u8 *from, u32 from_len, const u8 *to, u32 to_len, void *ret);
DESCRIPTOR("unlink-file-at") unlink_file_at(u32 self, const u8 *path, u32 len, void *ret);

// Errors of preview 1.
enum {
	OK = 0, AGAIN = 6, BADF = 8, FBIG = 22, ILSEQ = 25, INVAL = 28, IO = 29, ISDIR = 31, MFILE = 33, NOSYS = 52,
	NOTDIR = 54, NOTSOCK = 57, NOTSUP = 58, PIPE = 64, SPIPE = 70, NOTCAPABLE = 76,
};

// Types of files in preview 1.
enum { UNKNOWN = 0, BLOCK = 1, CHARACTER = 2, DIRECTORY = 3, REGULAR = 4, SOCKET = 6, SYMLINK = 7 };

// Flags of descriptors in preview 1 and in WASI 0.2. The latter has an additional flag for directories that can be changed.
enum { APPEND = 1, DSYNC = 2, NONBLOCK = 4, RSYNC = 8, SYNC = 16 };
enum { FLAG_READ = 1, FLAG_WRITE = 2, FLAG_FILE_SYNC = 4, FLAG_DATA_SYNC = 8, FLAG_REQUESTED_SYNC = 16 };

// Rights of preview 1.
#define RIGHT(n) (1ull << (n))
static const u64 RIGHT_READ = RIGHT(1), RIGHT_FLAGS = RIGHT(3), RIGHT_WRITE = RIGHT(6), RIGHT_READDIR = RIGHT(14), RIGHT_STAT = RIGHT(21),
                 RIGHT_POLL = RIGHT(27), RIGHTS_ALL = RIGHT(30) - 1;

// Clocks of preview 1.
enum { CLOCK_REALTIME = 0, CLOCK_MONOTONIC = 1 };
