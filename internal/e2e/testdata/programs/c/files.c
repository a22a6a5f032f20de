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
	mistakes();
	clean(".");
	int n;
	list(".", &n);
	printf("left: %d\n", n);
	fflush(stdout);
	fprintf(stderr, "done\n");
	return 3;
}
