package reftool

import (
	"archive/tar"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// programs returns the folder of an npm package that .ci/tools programs installs.
func programs(t testing.TB, name string) string {
	t.Helper()
	dir := filepath.Join(Root(t), ".tools", "programs", "node_modules", "@yowasp", name)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("SKIPPED: %s is not installed; run .ci/tools programs", name)
	}
	return dir
}

// Yosys is a circuit synthesizer, a C++ program of 30 MB for WASI preview 1 that also ships for
// node.
type Yosys struct {
	Module string // the core module
	js     *JCO
	dir    string
}

// NewYosys finds the program.
func NewYosys(t testing.TB) *Yosys {
	t.Helper()
	dir := programs(t, "yosys")
	return &Yosys{filepath.Join(dir, "gen", "yosys.core.wasm"), NewJCO(t), dir}
}

// Share writes the contents of the program's /share into a folder.
func (y *Yosys) Share(dir string) {
	y.js.t.Helper()
	y.js.script(`import path from 'node:path';
const {filesystem} = await import('file://' + args[0] + '/gen/resources-yosys.js');
function write(dir, tree) {
	fs.mkdirSync(dir, {recursive: true});
	for (const [name, x] of Object.entries(tree)) {
		const to = path.join(dir, name);
		if (x instanceof URL) fs.copyFileSync(x, to);
		else if (typeof x === 'string' || x instanceof Uint8Array) fs.writeFileSync(to, x);
		else write(to, x);
	}
}
write(args[1], filesystem.share);
`, y.dir, dir)
}

// Run runs the program on node with a file of the given name and contents. It returns the contents
// of out.json.
func (y *Yosys) Run(name, text string, args ...string) string {
	y.js.t.Helper()
	return string(y.js.script(`const [dir, name, text, ...rest] = args;
const {runYosys} = await import('file://' + dir + '/gen/bundle.js');
const tree = await runYosys(rest, {[name]: text}, {stdout: () => {}});
fs.writeSync(1, tree['out.json']);
`, append([]string{y.dir, name, text}, args...)...))
}

// LLVM is clang and wasm-ld in one program of 75 MB for WASI preview 1. The name of the command
// selects the tool.
type LLVM struct {
	Module string // the core module
	t      testing.TB
	gen    string
}

// NewLLVM finds the program.
func NewLLVM(t testing.TB) *LLVM {
	t.Helper()
	gen := filepath.Join(programs(t, "clang"), "gen")
	return &LLVM{filepath.Join(gen, "llvm.core.wasm"), t, gen}
}

// Usr writes the contents of the program's /usr into a folder.
func (l *LLVM) Usr(dir string) {
	l.t.Helper()
	f, err := os.Open(filepath.Join(l.gen, "llvm-resources.tar"))
	if err != nil {
		l.t.Fatal(err)
	}
	defer f.Close()
	for r := tar.NewReader(f); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err == nil && h.Typeflag == tar.TypeReg && filepath.IsLocal(h.Name) {
			err = extract(r, filepath.Join(dir, h.Name))
		}
		if err != nil {
			l.t.Fatal(err)
		}
	}
}

func extract(r io.Reader, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o644)
}
