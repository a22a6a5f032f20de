// Does what ../files/main.go does with files, and reports the same; with streams, strings and containers where C++ has them.
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <vector>

using std::cout;
using std::string;
using std::vector;

static void must(const string &what, bool ok) {
	if (ok) return;
	cout.flush();
	std::cerr << what << ": " << std::strerror(errno) << "\n";
	std::exit(1);
}

// failed reports the error of a call that returned result.
static void failed(const string &what, long result) {
	static const std::map<int, string> names = {
		{ENOENT, "ENOENT"}, {EEXIST, "EEXIST"}, {ENOTEMPTY, "ENOTEMPTY"}, {EISDIR, "EISDIR"}, {ENOTDIR, "ENOTDIR"},
		{EBADF, "EBADF"}, {EINVAL, "EINVAL"}, {ELOOP, "ELOOP"}, {EPERM, "EPERM"},
	};
	string name = "no error";
	if (result < 0) name = names.count(errno) ? names.at(errno) : std::strerror(errno);
	cout << "  " << what << ": " << name << "\n";
}

static void write(const string &name, const string &text) {
	std::ofstream f(name, std::ios::binary);
	f << text;
	f.close();
	must(name, f.good());
}

static string read(const string &name) {
	std::ifstream f(name, std::ios::binary);
	must(name, f.good());
	return {std::istreambuf_iterator<char>(f), {}};
}

static struct stat stat_of(const string &name) {
	struct stat s;
	must(name, stat(name.c_str(), &s) == 0);
	return s;
}

static long size(const string &name) { return stat_of(name).st_size; }

static string on_one_line(string text) {
	std::replace(text.begin(), text.end(), '\n', '|');
	return text;
}

struct Random {
	uint32_t state;
	uint32_t next() {
		state = state * 1664525 + 1013904223;
		return state >> 8;
	}
};

static uint32_t crc32(uint32_t crc, const string &data) {
	static const auto table = [] {
		vector<uint32_t> t(256);
		for (uint32_t i = 0; i < 256; i++) {
			t[i] = i;
			for (int k = 0; k < 8; k++) t[i] = t[i] >> 1 ^ (t[i] & 1 ? 0xedb88320 : 0);
		}
		return t;
	}();
	crc = ~crc;
	for (unsigned char c : data) crc = crc >> 8 ^ table[(crc ^ c) & 0xff];
	return ~crc;
}

static string hex(uint32_t n) {
	std::ostringstream s;
	s << std::hex << std::setw(8) << std::setfill('0') << n;
	return s.str();
}

static void input(const vector<string> &args) {
	size_t lines = 0, length = 0;
	for (string line; std::getline(std::cin, line); lines++) length += line.size();
	cout << "input: " << lines << " lines, " << length << " bytes\n";
	cout << "arguments: " << args.size() << "\n";
	for (const auto &a : args) cout << "  [" << a << "]\n";
	const char *greeting = std::getenv("GREETING");
	cout << "GREETING: " << (greeting ? greeting : "") << "\n";
}

static void create_and_append() {
	write("notes.txt", "one\ntwo\nthree\n");
	cout << "created: " << size("notes.txt") << " bytes\n";
	std::ofstream f("notes.txt", std::ios::app);
	f << "four\n" << std::flush << "five\n";
	f.close();
	must("append", f.good());
	std::istringstream text(read("notes.txt"));
	int i = 0;
	for (string line; std::getline(text, line);) cout << "  " << ++i << " " << line << "\n";
	write("notes.txt.old", "");
	cout << "empty: " << size("notes.txt.old") << " bytes\n";
}

static void seeking() {
	std::fstream f("notes.txt", std::ios::in | std::ios::out | std::ios::binary);
	must("open", f.good());
	string b(3, 0);
	f.seekg(4).read(&b[0], 3);
	cout << "at 4: " << b << "\n";
	f.seekg(-5, std::ios::end);
	long at = f.tellg();
	string last;
	std::getline(f, last);
	cout << "at " << at << ": " << last << "\n";
	f.seekp(-2, std::ios::cur);
	at = f.tellp();
	f << "X";
	cout << "wrote at " << at << ", now at " << f.tellp() << "\n";
	f.close();
	must("close", f.good());
	int fd = open("notes.txt", O_RDWR);
	must("open", fd >= 0);
	failed("seek before the start", lseek(fd, -100, SEEK_SET));
	must("pwrite", pwrite(fd, "TWO", 3, 4) == 3);
	b.resize(8);
	must("pread", pread(fd, &b[0], 8, 2) == 8);
	cout << "around 4: " << on_one_line(b) << "\n";
	must("close", close(fd) == 0);
	cout << "now: " << on_one_line(read("notes.txt")) << "\n";
}

static void truncating() {
	write("cut", "0123456789");
	must("truncate", truncate("cut", 4) == 0);
	cout << "cut: " << size("cut") << " bytes\n";
	must("truncate", truncate("cut", 50) == 0);
	std::fstream f("cut", std::ios::in | std::ios::out | std::ios::binary);
	f.seekp(60);
	f << "end";
	f.close();
	must("write", f.good());
	string text = read("cut");
	cout << "grown: " << text.size() << " bytes, " << std::count(text.begin(), text.end(), 0) << " of them zero, " << text.substr(0, 4) << "..."
	     << text.substr(60) << "\n";
	std::ofstream("cut", std::ios::trunc);
	cout << "emptied: " << size("cut") << " bytes\n";
}

static const char *exists(const char *name) { return access(name, F_OK) == 0 ? "yes" : "no"; }

static void renaming() {
	must("rename", std::rename("notes.txt", "moved.txt") == 0);
	cout << "renamed: notes.txt " << exists("notes.txt") << ", moved.txt " << exists("moved.txt") << "\n";
	write("target.txt", "will go");
	must("rename", std::rename("moved.txt", "target.txt") == 0);
	cout << "replaced: moved.txt " << exists("moved.txt") << ", target.txt has " << size("target.txt") << " bytes\n";
	must("mkdir", mkdir("folder", 0755) == 0);
	write("folder/inside", "inside");
	must("rename", std::rename("folder", "renamed") == 0);
	cout << "folder: " << exists("folder") << ", renamed/inside: " << read("renamed/inside") << "\n";
	must("rename", std::rename("renamed/inside", "outside") == 0);
	must("rmdir", rmdir("renamed") == 0);
}

// list returns what is in a folder, in order, with whether it is a folder.
static std::map<string, bool> list(const string &dir) {
	std::unique_ptr<DIR, int (*)(DIR *)> d(opendir(dir.c_str()), closedir);
	must(dir, d != nullptr);
	std::map<string, bool> all;
	errno = 0;
	while (dirent *e = readdir(d.get())) {
		string name = e->d_name;
		if (name != "." && name != "..") all[name] = e->d_type == DT_DIR;
		errno = 0;
	}
	must("readdir", errno == 0);
	return all;
}

static int files;
static long bytes;

static void walk(const string &dir, int depth) {
	for (const auto &[name, is_dir] : list(dir)) {
		string path = dir + "/" + name;
		cout << "  " << string(2 * depth, ' ') << name;
		if (is_dir) {
			cout << "/\n";
			walk(path, depth + 1);
			continue;
		}
		cout << " " << size(path) << "\n";
		files++;
		bytes += size(path);
	}
}

static void directories() {
	const vector<string> dirs = {"tree", "tree/a", "tree/a/b", "tree/a/b/c", "tree/ünï 世界", "tree/empty"};
	for (const auto &d : dirs) must("mkdir", mkdir(d.c_str(), 0755) == 0);
	for (int i = 0; i < 5; i++)
		for (int k = 0; k < 3; k++) write(dirs[i] + "/file-" + std::to_string(k), string(10 * i + k, 'x'));
	cout << "tree:\n";
	walk("tree", 0);
	cout << "tree: " << files << " files, " << bytes << " bytes\n";
	cout << "opened for reading: " << list("tree").size() << "\n";
	must("mkdir", mkdir("many", 0755) == 0);
	vector<string> names;
	for (int i = 0; i < 500; i++) {
		std::ostringstream s;
		s << "many/a-file-with-a-name-that-is-rather-long-" << std::setw(3) << std::setfill('0') << i;
		names.push_back(s.str());
		write(s.str(), "");
	}
	cout << "many: " << list("many").size() << "\n";
	for (const auto &n : names) must("remove", std::remove(n.c_str()) == 0);
	must("rmdir", rmdir("many") == 0);
	cout << "many: " << exists("many") << "\n";
}

static void links() {
	write("original", "linked");
	must("link", link("original", "hard") == 0);
	struct stat a = stat_of("original"), b = stat_of("hard");
	cout << std::boolalpha << "hard link: " << read("hard") << ", same file: " << (a.st_dev == b.st_dev && a.st_ino == b.st_ino) << "\n";
	must("symlink", symlink("original", "soft") == 0);
	string to(100, 0);
	to.resize(readlink("soft", &to[0], to.size()));
	must("lstat", lstat("soft", &a) == 0);
	b = stat_of("soft");
	cout << "link to " << to << ": a link " << bool(S_ISLNK(a.st_mode)) << ", leads to a file " << bool(S_ISREG(b.st_mode)) << ": " << read("soft") << "\n";
	must("remove", std::remove("original") == 0);
	failed("a link to nothing", stat("soft", &a));
	cout << "the other name: " << read("hard") << "\n";
	must("symlink", symlink("loop", "loop") == 0);
	failed("a link to itself", open("loop", O_RDONLY));
	for (const char *n : {"soft", "hard", "loop"}) must("remove", unlink(n) == 0);
}

static void times() {
	write("dated", "");
	timespec t[2] = {{1000000001, 0}, {1234567890, 0}};
	must("utimensat", utimensat(AT_FDCWD, "dated", t, 0) == 0);
	cout << "modified at " << stat_of("dated").st_mtim.tv_sec << "\n";
	write("dated", "again");
	cout << "modified since: " << (stat_of("dated").st_mtim.tv_sec > 1600000000 && time(nullptr) > 1600000000) << "\n";
}

static void copy_large() {
	Random r{1};
	uint32_t crc = 0;
	std::ofstream f("large", std::ios::binary);
	for (size_t left = 3 << 20; left;) {
		string chunk(std::min<size_t>(left, 7919), 0);
		for (char &c : chunk) c = char(r.next());
		f << chunk;
		crc = crc32(crc, chunk);
		left -= chunk.size();
	}
	f.close();
	must("write", f.good());
	std::ifstream from("large", std::ios::binary);
	std::ofstream to("copy", std::ios::binary);
	to << from.rdbuf();
	to.close();
	must("copy", to.good());
	string b = read("copy");
	uint32_t sum = crc32(0, b);
	cout << "copied " << b.size() << " bytes, crc " << hex(sum) << ", the same: " << (sum == crc) << "\n";
	cout << "the files are equal: " << (b == read("large")) << "\n";
	must("remove", std::remove("large") == 0 && std::remove("copy") == 0);
}

static void sort_lines() {
	Random r{2};
	std::ofstream f("unsorted");
	for (int i = 0; i < 5000; i++) f << hex(r.next()) << "\n";
	f.close();
	must("write", f.good());
	std::ifstream in("unsorted");
	vector<string> lines(std::istream_iterator<string>(in), {});
	std::sort(lines.begin(), lines.end());
	std::ofstream out("sorted");
	std::copy(lines.begin(), lines.end(), std::ostream_iterator<string>(out, "\n"));
	out.close();
	must("write", out.good());
	cout << "sorted: " << lines.size() << " lines from " << lines.front() << " to " << lines.back() << ", crc " << hex(crc32(0, read("sorted"))) << "\n";
}

static void words() {
	std::istringstream source("the component model makes modules of many languages work together by means of types");
	const vector<string> vocabulary(std::istream_iterator<string>(source), {});
	Random r{3};
	std::ofstream f("text");
	for (int i = 0; i < 3000; i++) f << vocabulary[r.next() % vocabulary.size()] << (i % 11 == 10 ? '\n' : ' ');
	f.close();
	must("write", f.good());
	string text = read("text");
	std::istringstream in(text);
	std::map<string, int> count;
	int total = 0;
	for (string w; in >> w; total++) count[w]++;
	cout << "words: " << std::count(text.begin(), text.end(), '\n') << " lines, " << total << " words, " << text.size() << " bytes\n";
	for (const auto &[w, n] : count) cout << "  " << w << " " << n << "\n";
}

static void temporary() {
	vector<string> names;
	for (int k = 0; names.size() < 20; k++) {
		// Each number is tried twice, so every second name is taken.
		string name = "tmp-" + std::to_string(k / 2);
		int fd = open(name.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600);
		if (fd < 0 && errno == EEXIST) continue;
		must("create", fd >= 0);
		must("write", ::write(fd, name.data(), name.size()) == ssize_t(name.size()));
		must("close", close(fd) == 0);
		names.push_back(name);
	}
	long total = 0;
	for (const auto &n : names) {
		total += size(n);
		must("remove", unlink(n.c_str()) == 0);
	}
	cout << "temporary: " << names.size() << " files, " << total << " bytes\n";
}

static void mistakes() {
	struct stat s;
	char b[10];
	cout << "errors:\n";
	failed("open a missing file", open("missing", O_RDONLY));
	failed("create a file that is there", open("sorted", O_WRONLY | O_CREAT | O_EXCL, 0644));
	failed("make a folder that is there", mkdir("tree", 0755));
	failed("make a folder in a missing one", mkdir("missing/folder", 0755));
	failed("remove a folder that is not empty", rmdir("tree"));
	failed("remove a file as a folder", rmdir("sorted"));
	failed("remove a missing file", unlink("missing"));
	failed("write a folder", open("tree", O_WRONLY));
	failed("a file as a folder", stat("sorted/inside", &s));
	failed("rename a missing file", std::rename("missing", "other"));
	failed("rename a folder to a file", std::rename("tree", "sorted"));
	failed("rename onto a full folder", std::rename("tree/empty", "tree/a"));
	failed("read a file as a link", readlink("sorted", b, sizeof b));
	failed("link to a name that is taken", link("sorted", "text"));
	int fd = open("sorted", O_RDONLY);
	must("open", fd >= 0);
	failed("write what is open for reading", ::write(fd, "x", 1));
	must("close", close(fd) == 0);
	failed("read what is closed", ::read(fd, b, 1));
}

static void clean(const string &dir) {
	for (const auto &[name, is_dir] : list(dir)) {
		string path = dir + "/" + name;
		if (is_dir) clean(path);
		must("remove", (is_dir ? rmdir : unlink)(path.c_str()) == 0);
	}
}

int main(int argc, char **argv) {
	input(vector<string>(argv + 1, argv + argc));
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
	cout << "left: " << list(".").size() << std::endl;
	std::cerr << "done\n";
	return 3;
}
