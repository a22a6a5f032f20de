// Does what ../files/main.go does with files, and reports the same.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void must(const char *what, int ok) {
	if (ok) return;
	fflush(stdout);
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

// failed reports the error of a call that returned result.
static void failed(const char *what, long result) {
	const char *name = result >= 0 ? "no error" : strerror(errno);
	if (result < 0) {
		switch (errno) {
		case ENOENT: name = "ENOENT"; break;
		case EEXIST: name = "EEXIST"; break;
		case ENOTEMPTY: name = "ENOTEMPTY"; break;
		case EISDIR: name = "EISDIR"; break;
		case ENOTDIR: name = "ENOTDIR"; break;
		case EBADF: name = "EBADF"; break;
		case EINVAL: name = "EINVAL"; break;
		case ELOOP: name = "ELOOP"; break;
		case EPERM: name = "EPERM"; break;
		case ENAMETOOLONG: name = "ENAMETOOLONG"; break;
		}
	}
	printf("  %s: %s\n", what, name);
}

static void write_bytes(const char *name, const void *data, size_t n) {
	FILE *f = fopen(name, "wb");
	must(name, f != NULL);
	must(name, fwrite(data, 1, n, f) == n);
	must(name, fclose(f) == 0);
}

static void write_text(const char *name, const char *text) { write_bytes(name, text, strlen(text)); }

static long size(const char *name) {
	struct stat s;
	must(name, stat(name, &s) == 0);
	return (long)s.st_size;
}

// read_text returns all of a file, with a zero after it.
static char *read_text(const char *name) {
	long n = size(name);
	char *data = malloc(n + 1);
	FILE *f = fopen(name, "rb");
	must(name, f != NULL);
	must(name, (long)fread(data, 1, n, f) == n);
	must(name, fgetc(f) == EOF);
	fclose(f);
	data[n] = 0;
	return data;
}

// on_one_line writes | for the ends of lines.
static char *on_one_line(char *text) {
	for (char *p = text; *p; p++)
		if (*p == '\n') *p = '|';
	return text;
}

static uint32_t next(uint32_t *r) {
	*r = *r * 1664525 + 1013904223;
	return *r >> 8;
}

static uint32_t crc32(uint32_t crc, const unsigned char *p, size_t n) {
	crc = ~crc;
	while (n--) {
		crc ^= *p++;
		for (int k = 0; k < 8; k++) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static void input(int argc, char **argv) {
	char line[1000];
	int lines = 0, length = 0;
	while (fgets(line, sizeof line, stdin)) {
		lines++;
		length += strcspn(line, "\n");
	}
	printf("input: %d lines, %d bytes\n", lines, length);
	printf("arguments: %d\n", argc - 1);
	for (int i = 1; i < argc; i++) printf("  [%s]\n", argv[i]);
	const char *greeting = getenv("GREETING");
	printf("GREETING: %s\n", greeting ? greeting : "");
}

static void create_and_append(void) {
	write_text("notes.txt", "one\ntwo\nthree\n");
	printf("created: %ld bytes\n", size("notes.txt"));
	FILE *f = fopen("notes.txt", "a");
	must("append", f != NULL);
	must("append", fputs("four\n", f) >= 0 && fflush(f) == 0 && fputs("five\n", f) >= 0);
	must("close", fclose(f) == 0);
	int i = 0;
	char *text = read_text("notes.txt");
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) printf("  %d %s\n", ++i, line);
	free(text);
	write_text("notes.txt.old", "");
	printf("empty: %ld bytes\n", size("notes.txt.old"));
}

static void seeking(void) {
	int fd = open("notes.txt", O_RDWR);
	must("open", fd >= 0);
	char b[100];
	must("seek", lseek(fd, 4, SEEK_SET) == 4);
	must("read", read(fd, b, 3) == 3);
	printf("at 4: %.3s\n", b);
	long at = (long)lseek(fd, -5, SEEK_END);
	long n = read(fd, b, sizeof b);
	printf("at %ld: %.*s\n", at, (int)n - 1, b);
	at = (long)lseek(fd, -2, SEEK_CUR);
	must("write", write(fd, "X", 1) == 1);
	printf("wrote at %ld, now at %ld\n", at, (long)lseek(fd, 0, SEEK_CUR));
	failed("seek before the start", (long)lseek(fd, -100, SEEK_SET));
	must("pwrite", pwrite(fd, "TWO", 3, 4) == 3);
	n = pread(fd, b, 8, 2);
	b[n] = 0;
	printf("around 4: %s\n", on_one_line(b));
	must("close", close(fd) == 0);
	printf("now: %s\n", on_one_line(read_text("notes.txt")));
}

static void truncating(void) {
	int fd = open("cut", O_RDWR | O_CREAT | O_EXCL, 0644);
	must("create", fd >= 0);
	must("write", write(fd, "0123456789", 10) == 10);
	must("truncate", ftruncate(fd, 4) == 0);
	printf("cut: %ld bytes\n", size("cut"));
	must("truncate", ftruncate(fd, 50) == 0);
	must("seek", lseek(fd, 60, SEEK_SET) == 60);
	must("write", write(fd, "end", 3) == 3);
	must("sync", fsync(fd) == 0);
	must("close", close(fd) == 0);
	long n = size("cut"), zeros = 0;
	char *text = read_text("cut");
	for (long i = 0; i < n; i++) zeros += text[i] == 0;
	printf("grown: %ld bytes, %ld of them zero, %.4s...%s\n", n, zeros, text, text + 60);
	free(text);
	fd = open("cut", O_WRONLY | O_TRUNC);
	must("open", fd >= 0);
	must("close", close(fd) == 0);
	printf("emptied: %ld bytes\n", size("cut"));
}

static const char *exists(const char *name) {
	struct stat s;
	return stat(name, &s) == 0 ? "yes" : "no";
}

static void renaming(void) {
	must("rename", rename("notes.txt", "moved.txt") == 0);
	printf("renamed: notes.txt %s, moved.txt %s\n", exists("notes.txt"), exists("moved.txt"));
	write_text("target.txt", "will go");
	must("rename", rename("moved.txt", "target.txt") == 0);
	printf("replaced: moved.txt %s, target.txt has %ld bytes\n", exists("moved.txt"), size("target.txt"));
	must("mkdir", mkdir("folder", 0755) == 0);
	write_text("folder/inside", "inside");
	must("rename", rename("folder", "renamed") == 0);
	printf("folder: %s, renamed/inside: %s\n", exists("folder"), read_text("renamed/inside"));
	must("rename", rename("renamed/inside", "outside") == 0);
	must("rmdir", rmdir("renamed") == 0);
}

typedef struct {
	char *name;
	int dir;
} entry;

static int by_name(const void *a, const void *b) { return strcmp(((const entry *)a)->name, ((const entry *)b)->name); }

// list returns what is in a folder, in order.
static entry *list(const char *dir, int *n) {
	int fd = open(dir, O_RDONLY);
	must(dir, fd >= 0);
	DIR *d = fdopendir(fd);
	must(dir, d != NULL);
	entry *all = NULL;
	*n = 0;
	for (struct dirent *e; errno = 0, e = readdir(d);) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..")) continue;
		all = realloc(all, (*n + 1) * sizeof *all);
		all[*n].name = strdup(e->d_name);
		all[(*n)++].dir = e->d_type == DT_DIR;
	}
	must("readdir", errno == 0);
	must("closedir", closedir(d) == 0);
	if (*n) qsort(all, *n, sizeof *all, by_name);
	return all;
}

static int files;
static long bytes;

static void walk(const char *dir, int depth) {
	int n;
	entry *all = list(dir, &n);
	for (int i = 0; i < n; i++) {
		char path[1000];
		snprintf(path, sizeof path, "%s/%s", dir, all[i].name);
		if (all[i].dir) {
			printf("  %*s%s/\n", 2 * depth, "", all[i].name);
			walk(path, depth + 1);
			continue;
		}
		printf("  %*s%s %ld\n", 2 * depth, "", all[i].name, size(path));
		files++;
		bytes += size(path);
	}
}

static void directories(void) {
	static const char *dirs[] = {"tree", "tree/a", "tree/a/b", "tree/a/b/c", "tree/ünï 世界", "tree/empty"};
	char name[200], x[100];
	memset(x, 'x', sizeof x);
	for (int i = 0; i < 6; i++) must("mkdir", mkdir(dirs[i], 0755) == 0);
	for (int i = 0; i < 5; i++)
		for (int k = 0; k < 3; k++) {
			snprintf(name, sizeof name, "%s/file-%d", dirs[i], k);
			write_bytes(name, x, 10 * i + k);
		}
	printf("tree:\n");
	walk("tree", 0);
	printf("tree: %d files, %ld bytes\n", files, bytes);
	int n;
	list("tree", &n);
	printf("opened for reading: %d\n", n);
	must("mkdir", mkdir("many", 0755) == 0);
	for (int i = 0; i < 500; i++) {
		snprintf(name, sizeof name, "many/a-file-with-a-name-that-is-rather-long-%03d", i);
		write_text(name, "");
	}
	list("many", &n);
	printf("many: %d\n", n);
	for (int i = 0; i < 500; i++) {
		snprintf(name, sizeof name, "many/a-file-with-a-name-that-is-rather-long-%03d", i);
		must("remove", unlink(name) == 0);
	}
	must("rmdir", rmdir("many") == 0);
	printf("many: %s\n", exists("many"));
}

static const char *truth(int b) { return b ? "true" : "false"; }

static void links(void) {
	write_text("original", "linked");
	must("link", link("original", "hard") == 0);
	struct stat a, b;
	must("stat", stat("original", &a) == 0 && stat("hard", &b) == 0);
	printf("hard link: %s, same file: %s\n", read_text("hard"), truth(a.st_dev == b.st_dev && a.st_ino == b.st_ino));
	must("symlink", symlink("original", "soft") == 0);
	char to[100];
	long n = readlink("soft", to, sizeof to);
	must("readlink", n > 0);
	must("stat", lstat("soft", &a) == 0 && stat("soft", &b) == 0);
	printf("link to %.*s: a link %s, leads to a file %s: %s\n", (int)n, to, truth(S_ISLNK(a.st_mode)), truth(S_ISREG(b.st_mode)), read_text("soft"));
	must("remove", unlink("original") == 0);
	failed("a link to nothing", stat("soft", &a));
	printf("the other name: %s\n", read_text("hard"));
	must("symlink", symlink("loop", "loop") == 0);
	failed("a link to itself", open("loop", O_RDONLY));
	must("remove", unlink("soft") == 0 && unlink("hard") == 0 && unlink("loop") == 0);
}

static void times(void) {
	write_text("dated", "");
	struct timespec t[2] = {{1000000001, 0}, {1234567890, 0}};
	must("utimensat", utimensat(AT_FDCWD, "dated", t, 0) == 0);
	struct stat s;
	must("stat", stat("dated", &s) == 0);
	printf("modified at %lld\n", (long long)s.st_mtim.tv_sec);
	write_text("dated", "again");
	must("stat", stat("dated", &s) == 0);
	printf("modified since: %s\n", truth(s.st_mtim.tv_sec > 1600000000 && time(NULL) > 1600000000));
}

#define LARGE (3 << 20)

static void copy_large(void) {
	uint32_t r = 1, crc = 0;
	FILE *f = fopen("large", "wb");
	must("create", f != NULL);
	static unsigned char chunk[7919], buf[65536];
	for (size_t left = LARGE; left;) {
		size_t n = left < sizeof chunk ? left : sizeof chunk;
		for (size_t i = 0; i < n; i++) chunk[i] = (unsigned char)next(&r);
		must("write", fwrite(chunk, 1, n, f) == n);
		crc = crc32(crc, chunk, n);
		left -= n;
	}
	must("close", fclose(f) == 0);
	int from = open("large", O_RDONLY), to = open("copy", O_WRONLY | O_CREAT | O_TRUNC, 0644);
	must("open", from >= 0 && to >= 0);
	long copied = 0;
	for (ssize_t n; (n = read(from, buf, sizeof buf)) != 0; copied += n) must("copy", n > 0 && write(to, buf, n) == n);
	must("close", close(from) == 0 && close(to) == 0);
	char *b = read_text("copy"), *again = read_text("large");
	uint32_t sum = crc32(0, (unsigned char *)b, size("copy"));
	printf("copied %ld bytes, crc %08x, the same: %s\n", copied, sum, truth(sum == crc));
	printf("the files are equal: %s\n", truth(size("copy") == size("large") && !memcmp(b, again, LARGE)));
	must("remove", unlink("large") == 0 && unlink("copy") == 0);
}

static int by_text(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void sort_lines(void) {
	uint32_t r = 2;
	FILE *f = fopen("unsorted", "w");
	must("create", f != NULL);
	for (int i = 0; i < 5000; i++) fprintf(f, "%08x\n", next(&r));
	must("close", fclose(f) == 0);
	char *text = read_text("unsorted"), *lines[5000];
	int n = 0;
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) lines[n++] = line;
	qsort(lines, n, sizeof *lines, by_text);
	f = fopen("sorted", "w");
	must("create", f != NULL);
	for (int i = 0; i < n; i++) fprintf(f, "%s\n", lines[i]);
	must("close", fclose(f) == 0);
	uint32_t crc = crc32(0, (unsigned char *)read_text("sorted"), size("sorted"));
	printf("sorted: %d lines from %s to %s, crc %08x\n", n, lines[0], lines[n - 1], crc);
}

static void words(void) {
	static const char *vocabulary[] = {"the", "component", "model", "makes", "modules", "of", "many", "languages", "work", "together", "by", "means", "of", "types"};
	enum { N = sizeof vocabulary / sizeof *vocabulary };
	uint32_t r = 3;
	FILE *f = fopen("text", "w");
	must("create", f != NULL);
	for (int i = 0; i < 3000; i++) fprintf(f, "%s%c", vocabulary[next(&r) % N], i % 11 == 10 ? '\n' : ' ');
	must("close", fclose(f) == 0);
	qsort(vocabulary, N, sizeof *vocabulary, by_text);
	int count[N] = {0}, lines = 0, total = 0;
	char *text = read_text("text");
	for (char *p = text; *p; p++) lines += *p == '\n';
	for (char *w = strtok(text, " \n"); w; w = strtok(NULL, " \n")) {
		int i = 0;
		while (strcmp(vocabulary[i], w)) i++;
		count[i]++;
		total++;
	}
	printf("words: %d lines, %d words, %ld bytes\n", lines, total, size("text"));
	for (int i = 0; i < N; i++)
		if (count[i]) printf("  %s %d\n", vocabulary[i], count[i]);
}

static void temporary(void) {
	char names[20][20];
	int n = 0;
	for (int k = 0; n < 20; k++) {
		// Each number is tried twice, so every second name is taken.
		snprintf(names[n], sizeof names[n], "tmp-%d", k / 2);
		int fd = open(names[n], O_RDWR | O_CREAT | O_EXCL, 0600);
		if (fd < 0 && errno == EEXIST) continue;
		must("create", fd >= 0);
		size_t len = strlen(names[n]);
		must("write", write(fd, names[n], len) == (ssize_t)len);
		must("close", close(fd) == 0);
		n++;
	}
	long total = 0;
	for (int i = 0; i < n; i++) {
		total += size(names[i]);
		must("remove", unlink(names[i]) == 0);
	}
	printf("temporary: %d files, %ld bytes\n", n, total);
}

typedef struct {
	char *path;
	long size;
} found;

// collect adds the files below a folder to all, n of them, and counts folders.
static found *collect(const char *dir, found *all, int *n, int *folders) {
	int entries;
	entry *e = list(dir, &entries);
	for (int i = 0; i < entries; i++) {
		char path[1000];
		snprintf(path, sizeof path, "%s/%s", dir, e[i].name);
		if (e[i].dir) {
			++*folders;
			all = collect(path, all, n, folders);
			continue;
		}
		all = realloc(all, (*n + 1) * sizeof *all);
		all[*n].path = strdup(path);
		all[(*n)++].size = size(path);
	}
	return all;
}

static int by_size(const void *a, const void *b) { return (int)(((const found *)b)->size - ((const found *)a)->size); }

static void largest(void) {
	int n = 0, folders = 0;
	found *all = collect("tree", NULL, &n, &folders);
	qsort(all, n, sizeof *all, by_size);
	printf("the largest of %d files in %d folders:\n", n, folders);
	for (int i = 0; i < 4; i++) printf("  %ld %s\n", all[i].size, all[i].path);
}

static void copy_tree(const char *from, const char *to) {
	must(to, mkdir(to, 0755) == 0);
	int n;
	entry *all = list(from, &n);
	for (int i = 0; i < n; i++) {
		char a[1000], b[1000];
		snprintf(a, sizeof a, "%s/%s", from, all[i].name);
		snprintf(b, sizeof b, "%s/%s", to, all[i].name);
		if (all[i].dir) copy_tree(a, b);
		else write_text(b, read_text(a));
	}
}

// same reports whether two folders have the same in them.
static int same(const char *from, const char *to) {
	int n = 0, m = 0, folders = 0;
	found *a = collect(from, NULL, &n, &folders);
	collect(to, NULL, &m, &folders);
	if (n != m) return 0;
	for (int i = 0; i < n; i++) {
		char other[1000];
		snprintf(other, sizeof other, "%s%s", to, a[i].path + strlen(from));
		if (access(other, F_OK) != 0 || strcmp(read_text(other), read_text(a[i].path))) return 0;
	}
	return 1;
}

static void clean(const char *dir);

static void copies(void) {
	copy_tree("tree", "twin");
	int n = 0, folders = 0;
	collect("twin", NULL, &n, &folders);
	printf("copied %d files and %d folders, the same: %s\n", n, folders, truth(same("tree", "twin")));
	write_text("twin/a/b/file-1", "xxxxxxxxxxxxxxxxxxxxy");
	printf("after a change: %s\n", truth(same("tree", "twin")));
	must("rename", rename("tree/a/b/file-1", "twin/a/b/file-1") == 0);
	must("link", link("twin/a/b/file-1", "tree/a/b/file-1") == 0);
	printf("with a file in both: %s\n", truth(same("tree", "twin")));
	clean("twin");
	must("rmdir", rmdir("twin") == 0);
	printf("the file of both: %s\n", read_text("tree/a/b/file-1"));
}

// logged appends a line to a log. When that is full it becomes the first of three old ones, and the oldest goes.
static void logged(const char *line) {
	struct stat s;
	if (stat("log", &s) == 0 && s.st_size + (long)strlen(line) > 200)
		for (int i = 3; i > 0; i--) {
			char from[20] = "log", to[20];
			if (i > 1) snprintf(from, sizeof from, "log.%d", i - 1);
			snprintf(to, sizeof to, "log.%d", i);
			must("rename", access(from, F_OK) != 0 || rename(from, to) == 0);
		}
	FILE *f = fopen("log", "a");
	must("open log", f != NULL);
	must("write log", fputs(line, f) >= 0 && fclose(f) == 0);
}

static void logs(void) {
	for (int i = 0; i < 60; i++) {
		char line[100];
		snprintf(line, sizeof line, "%02d: something happened\n", i);
		logged(line);
	}
	static const char *names[] = {"log", "log.1", "log.2", "log.3", "log.4"};
	for (int i = 0; i < 5; i++) {
		FILE *f = fopen(names[i], "r");
		if (!f) {
			printf("%s: none\n", names[i]);
			continue;
		}
		char line[100], first[3] = "";
		int lines = 0;
		for (; fgets(line, sizeof line, f); lines++)
			if (!lines) memcpy(first, line, 2);
		fclose(f);
		printf("%s: %d lines, the first is %s\n", names[i], lines, first);
	}
}

static void put(int fd, const char *text) { must("append", write(fd, text, strlen(text)) == (ssize_t)strlen(text)); }

static char *get(int fd) {
	static char b[1000];
	ssize_t n = read(fd, b, sizeof b - 1);
	must("read", n >= 0);
	b[n] = 0;
	return on_one_line(b);
}

// together appends to a file that is open more than once, while it is read and cut.
static void together(void) {
	int writers[3];
	for (int i = 0; i < 3; i++) {
		writers[i] = open("shared", O_WRONLY | O_APPEND | O_CREAT, 0644);
		must("open", writers[i] >= 0);
	}
	int reader = open("shared", O_RDONLY);
	must("open", reader >= 0);
	for (int i = 0; i < 6; i++) {
		char line[100];
		snprintf(line, sizeof line, "%d by %d\n", i, i % 3);
		put(writers[i % 3], line);
	}
	printf("together: %s\n", get(reader));
	printf("at the end: [%s]\n", get(reader));
	put(writers[0], "more\n");
	printf("then: [%s]\n", get(reader));
	must("truncate", ftruncate(writers[1], 7) == 0);
	printf("cut: [%s]\n", get(reader));
	put(writers[2], "again, by the third and longer than the place where the reader is\n");
	printf("grown: [%s]\n", get(reader));
	for (int i = 0; i < 3; i++) must("close", close(writers[i]) == 0);
	must("close", close(reader) == 0);
	printf("in the end: %ld bytes\n", size("shared"));
}

// backwards reads a file from its end, in blocks, and writes its lines in that order.
static void backwards(void) {
	int fd = open("sorted", O_RDONLY), out = open("reversed", O_WRONLY | O_CREAT | O_TRUNC, 0644);
	must("open", fd >= 0 && out >= 0);
	long at = (long)lseek(fd, 0, SEEK_END), end = at;
	char *text = malloc(at + 1), *from = NULL, *to = NULL;
	int lines = 0;
	while (at > 0) {
		long n = at < 1000 ? at : 1000;
		at -= n;
		must("seek", lseek(fd, at, SEEK_SET) == at);
		must("read", read(fd, text + at, n) == n);
		for (long i = at + n - 1; i >= (at ? at : -1); i--) {
			if (i >= 0 && (text[i] != '\n' || i + 1 == end)) continue; // no line starts behind it
			to = text + i + 1;
			if (!lines++) from = to;
			must("write", write(out, to, text + end - to) == text + end - to);
			end = i + 1;
		}
	}
	must("close", close(fd) == 0 && close(out) == 0);
	uint32_t crc = crc32(0, (unsigned char *)read_text("reversed"), size("reversed"));
	printf("backwards: %d lines from %.8s to %.8s, crc %08x\n", lines, from, to, crc);
}

// field returns the first field of a line of a table, without its quotes, and lets line point behind its comma.
static char *field(char **line) {
	char *p = *line, *start = p, *to = p;
	if (*p++ != '"') {
		*line = p + strcspn(p, ",");
		*(*line)++ = 0;
		return start;
	}
	for (; *p != '"' || p[1] == '"'; p++) {
		if (*p == '"') p++;
		*to++ = *p;
	}
	*to = 0;
	*line = p + 2;
	return start;
}

typedef struct {
	const char *city;
	int rows, count, cents;
} total;

static int by_city(const void *a, const void *b) { return strcmp(((const total *)a)->city, ((const total *)b)->city); }

static void table(void) {
	static const char *cities[] = {"Köln", "Rome", "\"New York, NY\"", "\"the \"\"City\"\"\""};
	uint32_t r = 4;
	FILE *f = fopen("sales.csv", "w");
	must("create", f != NULL);
	for (int i = 0; i < 300; i++) {
		const char *city = cities[next(&r) % 4];
		int count = next(&r) % 10, cents = 100 + next(&r) % 900;
		must("write", fprintf(f, "%s,%d,%d\n", city, count, cents) > 0);
	}
	must("close", fclose(f) == 0);
	total totals[4] = {0};
	int n = 0;
	char *text = read_text("sales.csv");
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		char *rest = line, *city = field(&rest);
		int count, cents, i = 0;
		must(rest, sscanf(rest, "%d,%d", &count, &cents) == 2);
		while (i < n && strcmp(totals[i].city, city)) i++;
		if (i == n) totals[n++].city = city;
		totals[i].rows++;
		totals[i].count += count;
		totals[i].cents += count * cents;
	}
	qsort(totals, n, sizeof *totals, by_city);
	f = fopen("report", "w");
	must("create", f != NULL);
	for (int i = 0; i < n; i++)
		fprintf(f, "  %3d rows %4d sold %6d.%02d %s\n", totals[i].rows, totals[i].count, totals[i].cents / 100, totals[i].cents % 100, totals[i].city);
	must("close", fclose(f) == 0);
	printf("sales: %ld bytes\n%s", size("sales.csv"), read_text("report"));
}

// rest returns what there still is to be read, and closes.
static char *rest(int fd) {
	char *text = calloc(1000, 1);
	must("read", read(fd, text, 999) >= 0 && close(fd) == 0);
	return text;
}

// replace replaces a file, and removes one, while they are open.
static void replace(void) {
	write_text("config", "version 1");
	int old = open("config", O_RDONLY);
	must("open", old >= 0);
	for (int v = 2; v < 4; v++) {
		int fd = open("config.new", O_WRONLY | O_CREAT | O_EXCL, 0644);
		must("create", fd >= 0);
		must("write", dprintf(fd, "version %d", v) == 9);
		must("sync", fsync(fd) == 0);
		must("close", close(fd) == 0);
		must("rename", rename("config.new", "config") == 0);
	}
	printf("replaced: %s was open, %s is there\n", rest(old), read_text("config"));
	write_text("doomed", "still to be read");
	int fd = open("doomed", O_RDONLY);
	must("open", fd >= 0);
	must("remove", unlink("doomed") == 0);
	printf("removed: %s, %s\n", exists("doomed"), rest(fd));
}

static void many_open(void) {
	int fds[100], sum = 0;
	char name[20], b[10];
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof name, "open-%d", i);
		fds[i] = open(name, O_RDWR | O_CREAT | O_EXCL, 0644);
		must("create", fds[i] >= 0);
	}
	for (int round = 0; round < 3; round++)
		for (int i = 0; i < 100; i++) must("write", dprintf(fds[i], "%d", (i + round) % 10) == 1);
	for (int i = 0; i < 100; i++) {
		must("seek", lseek(fds[i], 1, SEEK_SET) == 1);
		ssize_t n = read(fds[i], b, sizeof b);
		must("read", n > 0);
		sum += (int)n * 100 + (b[0] - '0') * 10 + b[1] - '0';
		must("close", close(fds[i]) == 0);
		snprintf(name, sizeof name, "open-%d", i);
		must("remove", unlink(name) == 0);
	}
	printf("open at once: %d, sum %d\n", 100, sum);
}

static void long_names(void) {
	char name[257] = "", path[1000] = "deep";
	memset(name, 'n', 255);
	write_text(name, "found");
	printf("a name of %zu bytes: %s\n", strlen(name), read_text(name));
	name[255] = 'n';
	failed("a longer one", open(name, O_WRONLY | O_CREAT, 0644));
	name[255] = 0;
	must("remove", unlink(name) == 0);
	must("mkdir", mkdir(path, 0755) == 0);
	for (int i = 0; i < 30; i++) must("mkdir", mkdir(strcat(path, "/folder-in-a-folder"), 0755) == 0);
	write_text(strcat(path, "/file"), "found too");
	printf("a path of %zu bytes: %s\n", strlen(path), read_text(path));
	clean("deep");
	must("rmdir", rmdir("deep") == 0);
}

static void mistakes(void) {
	struct stat s;
	char b[10];
	printf("errors:\n");
	failed("open a missing file", open("missing", O_RDONLY));
	failed("create a file that is there", open("sorted", O_WRONLY | O_CREAT | O_EXCL, 0644));
	failed("make a folder that is there", mkdir("tree", 0755));
	failed("make a folder in a missing one", mkdir("missing/folder", 0755));
	failed("remove a folder that is not empty", rmdir("tree"));
	failed("remove a file as a folder", rmdir("sorted"));
	failed("remove a missing file", unlink("missing"));
	failed("write a folder", open("tree", O_WRONLY));
	failed("a file as a folder", stat("sorted/inside", &s));
	failed("rename a missing file", rename("missing", "other"));
	failed("rename a folder to a file", rename("tree", "sorted"));
	failed("rename onto a full folder", rename("tree/empty", "tree/a"));
	failed("read a file as a link", readlink("sorted", b, sizeof b));
	failed("link to a name that is taken", link("sorted", "text"));
	failed("make a folder below a file", mkdir("sorted/folder", 0755));
	failed("remove a folder as a file", unlink("tree"));
	failed("rename a folder into itself", rename("tree", "tree/a/tree"));
	failed("rename a file to a folder", rename("sorted", "tree"));
	failed("open a file as a folder", open("sorted/", O_RDONLY));
	failed("list a file", opendir("sorted") ? 0 : -1);
	int fd = open("sorted", O_RDONLY);
	must("open", fd >= 0);
	failed("write what is open for reading", write(fd, "x", 1));
	must("close", close(fd) == 0);
	failed("read what is closed", read(fd, b, 1));
}

static void clean(const char *dir) {
	int n;
	entry *all = list(dir, &n);
	for (int i = 0; i < n; i++) {
		char path[1000];
		snprintf(path, sizeof path, "%s/%s", dir, all[i].name);
		if (all[i].dir) clean(path);
		must("remove", all[i].dir ? rmdir(path) == 0 : unlink(path) == 0);
	}
}

int main(int argc, char **argv) {
	input(argc, argv);
	create_and_append();
	seeking();
	truncating();
	renaming();
	directories();
	links();
	times();
	copy_large();
	sort_lines();
	words();
	temporary();
	largest();
	copies();
	logs();
	together();
	backwards();
	table();
	replace();
	many_open();
	long_names();
	mistakes();
	clean(".");
	int n;
	list(".", &n);
	printf("left: %d\n", n);
	fflush(stdout);
	fprintf(stderr, "done\n");
	return 3;
}
