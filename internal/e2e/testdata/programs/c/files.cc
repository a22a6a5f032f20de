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
		{ENAMETOOLONG, "ENAMETOOLONG"},
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

struct Found {
	string path;
	long size;
};

// collect adds the files below a folder to all and returns the number of folders.
static int collect(const string &dir, vector<Found> &all) {
	int folders = 0;
	for (const auto &[name, is_dir] : list(dir)) {
		string path = dir + "/" + name;
		if (is_dir) folders += 1 + collect(path, all);
		else all.push_back({path, size(path)});
	}
	return folders;
}

static void largest() {
	vector<Found> all;
	int folders = collect("tree", all);
	std::sort(all.begin(), all.end(), [](const Found &a, const Found &b) { return a.size > b.size; });
	cout << "the largest of " << all.size() << " files in " << folders << " folders:\n";
	for (int i = 0; i < 4; i++) cout << "  " << all[i].size << " " << all[i].path << "\n";
}

static void copy_tree(const string &from, const string &to) {
	must(to, mkdir(to.c_str(), 0755) == 0);
	for (const auto &[name, is_dir] : list(from)) {
		string a = from + "/" + name, b = to + "/" + name;
		if (is_dir) {
			copy_tree(a, b);
			continue;
		}
		std::ifstream in(a, std::ios::binary);
		std::ofstream out(b, std::ios::binary);
		if (size(a)) out << in.rdbuf();
		out.close();
		must("copy", in.good() && out.good());
	}
}

// contents returns what is in the files of a folder, by their paths from there.
static std::map<string, string> contents(const string &dir) {
	vector<Found> all;
	collect(dir, all);
	std::map<string, string> texts;
	for (const auto &f : all) texts[f.path.substr(dir.size())] = read(f.path);
	return texts;
}

static bool same(const string &a, const string &b) { return contents(a) == contents(b); }

static void clean(const string &dir);

static void copies() {
	copy_tree("tree", "twin");
	vector<Found> all;
	int folders = collect("twin", all);
	cout << "copied " << all.size() << " files and " << folders << " folders, the same: " << same("tree", "twin") << "\n";
	write("twin/a/b/file-1", "xxxxxxxxxxxxxxxxxxxxy");
	cout << "after a change: " << same("tree", "twin") << "\n";
	must("rename", std::rename("tree/a/b/file-1", "twin/a/b/file-1") == 0);
	must("link", link("twin/a/b/file-1", "tree/a/b/file-1") == 0);
	cout << "with a file in both: " << same("tree", "twin") << "\n";
	clean("twin");
	must("rmdir", rmdir("twin") == 0);
	cout << "the file of both: " << read("tree/a/b/file-1") << "\n";
}

// logged appends a line to a log. When that is full it becomes the first of three old ones, and the oldest goes.
static void logged(const string &line) {
	if (access("log", F_OK) == 0 && size("log") + line.size() > 200)
		for (int i = 3; i > 0; i--) {
			string from = i > 1 ? "log." + std::to_string(i - 1) : "log", to = "log." + std::to_string(i);
			if (access(from.c_str(), F_OK) == 0) must("rename", std::rename(from.c_str(), to.c_str()) == 0);
		}
	std::ofstream f("log", std::ios::app);
	f << line;
	f.close();
	must("write log", f.good());
}

static void logs() {
	for (int i = 0; i < 60; i++) {
		std::ostringstream line;
		line << std::setw(2) << std::setfill('0') << i << ": something happened\n";
		logged(line.str());
	}
	for (const char *name : {"log", "log.1", "log.2", "log.3", "log.4"}) {
		std::ifstream f(name);
		if (!f) {
			cout << name << ": none\n";
			continue;
		}
		vector<string> lines;
		for (string line; std::getline(f, line);) lines.push_back(line);
		cout << name << ": " << lines.size() << " lines, the first is " << lines[0].substr(0, 2) << "\n";
	}
}

// together appends to a file that is open more than once, while it is read and cut.
static void together() {
	vector<int> writers;
	for (int i = 0; i < 3; i++) {
		writers.push_back(open("shared", O_WRONLY | O_APPEND | O_CREAT, 0644));
		must("open", writers[i] >= 0);
	}
	int reader = open("shared", O_RDONLY);
	must("open", reader >= 0);
	auto put = [&](int i, const string &text) { must("append", ::write(writers[i], text.data(), text.size()) == ssize_t(text.size())); };
	auto get = [&] {
		string b(1000, 0);
		ssize_t n = ::read(reader, &b[0], b.size());
		must("read", n >= 0);
		return on_one_line(b.substr(0, n));
	};
	for (int i = 0; i < 6; i++) put(i % 3, std::to_string(i) + " by " + std::to_string(i % 3) + "\n");
	cout << "together: " << get() << "\n";
	cout << "at the end: [" << get() << "]\n";
	put(0, "more\n");
	cout << "then: [" << get() << "]\n";
	must("truncate", ftruncate(writers[1], 7) == 0);
	cout << "cut: [" << get() << "]\n";
	put(2, "again, by the third and longer than the place where the reader is\n");
	cout << "grown: [" << get() << "]\n";
	for (int fd : writers) must("close", close(fd) == 0);
	must("close", close(reader) == 0);
	cout << "in the end: " << size("shared") << " bytes\n";
}

// backwards reads a file from its end, in blocks, and writes its lines in that order.
static void backwards() {
	std::ifstream in("sorted", std::ios::binary);
	in.seekg(0, std::ios::end);
	long at = in.tellg();
	vector<string> lines;
	string rest;
	while (at > 0) {
		string block(std::min(at, 1000L), 0);
		in.seekg(at -= block.size()).read(&block[0], block.size());
		must("read", in.good());
		rest = block + rest;
		for (size_t end = rest.rfind('\n'); end != string::npos; end = rest.rfind('\n')) {
			if (end + 1 < rest.size()) lines.push_back(rest.substr(end + 1));
			rest.resize(end);
		}
	}
	lines.push_back(rest);
	std::ofstream out("reversed");
	for (const auto &line : lines) out << line << '\n';
	out.close();
	must("write", out.good());
	cout << "backwards: " << lines.size() << " lines from " << lines.front() << " to " << lines.back() << ", crc " << hex(crc32(0, read("reversed"))) << "\n";
}

// field reads the first field of a line of a table, without its quotes, and the comma behind it.
static string field(std::istream &line) {
	string value;
	if (line.peek() != '"') {
		std::getline(line, value, ',');
		return value;
	}
	for (line.get(); line.peek() != EOF; value += char(line.get()))
		if (line.peek() == '"' && (line.get(), line.peek() != '"')) break;
	line.get();
	return value;
}

static void table() {
	const vector<string> cities = {"Köln", "Rome", "\"New York, NY\"", "\"the \"\"City\"\"\""};
	Random r{4};
	std::ofstream f("sales.csv");
	for (int i = 0; i < 300; i++) {
		f << cities[r.next() % 4] << ",";
		f << r.next() % 10 << ",";
		f << 100 + r.next() % 900 << "\n";
	}
	f.close();
	must("write", f.good());
	struct Total {
		int rows = 0, count = 0, cents = 0;
	};
	std::map<string, Total> totals;
	std::ifstream in("sales.csv");
	for (string text; std::getline(in, text);) {
		std::istringstream line(text);
		Total &t = totals[field(line)];
		int count, cents;
		char comma;
		line >> count >> comma >> cents;
		must(text, !line.fail() && comma == ',');
		t.rows++;
		t.count += count;
		t.cents += count * cents;
	}
	std::ofstream report("report");
	for (const auto &[city, t] : totals)
		report << "  " << std::setw(3) << t.rows << " rows " << std::setw(4) << t.count << " sold " << std::setw(6) << t.cents / 100 << "."
		       << std::setw(2) << std::setfill('0') << t.cents % 100 << std::setfill(' ') << " " << city << "\n";
	report.close();
	must("write", report.good());
	cout << "sales: " << size("sales.csv") << " bytes\n" << read("report");
}

// replace replaces a file, and removes one, while they are open.
static void replace() {
	auto rest = [](std::istream &in) { return string(std::istreambuf_iterator<char>(in), {}); };
	write("config", "version 1");
	std::ifstream old("config");
	must("open", old.good());
	for (int v = 2; v < 4; v++) {
		int fd = open("config.new", O_WRONLY | O_CREAT | O_EXCL, 0644);
		must("create", fd >= 0);
		string text = "version " + std::to_string(v);
		must("write", ::write(fd, text.data(), text.size()) == ssize_t(text.size()));
		must("sync", fsync(fd) == 0);
		must("close", close(fd) == 0);
		must("rename", std::rename("config.new", "config") == 0);
	}
	cout << "replaced: " << rest(old) << " was open, " << read("config") << " is there\n";
	write("doomed", "still to be read");
	std::ifstream f("doomed");
	must("open", f.good());
	must("remove", std::remove("doomed") == 0);
	cout << "removed: " << exists("doomed") << ", " << rest(f) << "\n";
}

static void many_open() {
	std::map<string, std::fstream> files;
	vector<string> names;
	for (int i = 0; i < 100; i++) {
		names.push_back("open-" + std::to_string(i));
		files[names[i]].open(names[i], std::ios::in | std::ios::out | std::ios::trunc);
		must("create", files[names[i]].good());
	}
	for (int round = 0; round < 3; round++)
		for (int i = 0; i < 100; i++) files[names[i]] << (i + round) % 10 << std::flush;
	int sum = 0;
	for (auto &[name, f] : files) {
		string b;
		must("read", bool(f.seekg(1) >> b));
		sum += int(b.size()) * 100 + std::stoi(b);
		f.close();
		must("remove", std::remove(name.c_str()) == 0);
	}
	cout << "open at once: " << files.size() << ", sum " << sum << "\n";
}

static void long_names() {
	string name(255, 'n'), dir = "deep";
	write(name, "found");
	cout << "a name of " << name.size() << " bytes: " << read(name) << "\n";
	failed("a longer one", open((name + "n").c_str(), O_WRONLY | O_CREAT, 0644));
	must("remove", std::remove(name.c_str()) == 0);
	must("mkdir", mkdir(dir.c_str(), 0755) == 0);
	for (int i = 0; i < 30; i++) must("mkdir", mkdir((dir += "/folder-in-a-folder").c_str(), 0755) == 0);
	string path = dir + "/file";
	write(path, "found too");
	cout << "a path of " << path.size() << " bytes: " << read(path) << "\n";
	clean("deep");
	must("rmdir", rmdir("deep") == 0);
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
	failed("make a folder below a file", mkdir("sorted/folder", 0755));
	failed("remove a folder as a file", unlink("tree"));
	failed("rename a folder into itself", std::rename("tree", "tree/a/tree"));
	failed("rename a file to a folder", std::rename("sorted", "tree"));
	failed("open a file as a folder", open("sorted/", O_RDONLY));
	failed("list a file", opendir("sorted") ? 0 : -1);
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
	cout << "left: " << list(".").size() << std::endl;
	std::cerr << "done\n";
	return 3;
}
