// Package reftool runs other tools for tests that compare with them or need their output. If a tool
// is missing, the function that needs it skips the test with a message. Run .ci/tools to install
// the tools.
package reftool

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Root returns the root folder of the project.
func Root(t testing.TB) string {
	t.Helper()
	_, file, _, ok := runtime.Caller(0)
	if !ok {
		t.Fatal("no caller information")
	}
	return filepath.Dir(filepath.Dir(filepath.Dir(file)))
}

// JCO stands for the npm packages jco, which contains wasm-tools, and componentize-js.
type JCO struct {
	t       testing.TB
	modules string
}

// NewJCO finds the packages in the folder that MORTISE_JCO names, or in .tools/npm.
func NewJCO(t testing.TB) *JCO {
	t.Helper()
	dir := os.Getenv("MORTISE_JCO")
	if dir == "" {
		dir = filepath.Join(Root(t), ".tools", "npm")
	}
	modules := filepath.Join(dir, "node_modules")
	if _, err := os.Stat(filepath.Join(modules, "@bytecodealliance", "jco-transpile", "vendor", "wasm-tools.js")); err != nil {
		t.Skip("SKIPPED: jco is not installed; run .ci/tools npm")
	}
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("SKIPPED: node is not installed")
	}
	abs, err := filepath.Abs(modules)
	if err != nil {
		t.Fatal(err)
	}
	return &JCO{t: t, modules: abs}
}

// script runs a JavaScript module and returns its output. The module sees the arguments as args,
// the folder of the packages as modules, and fs.
func (j *JCO) script(body string, args ...string) []byte {
	j.t.Helper()
	const head = `import fs from 'node:fs';
const [modules, ...args] = process.argv.slice(2);
`
	path := filepath.Join(j.t.TempDir(), "run.mjs")
	if err := os.WriteFile(path, []byte(head+body), 0o600); err != nil {
		j.t.Fatal(err)
	}
	cmd := exec.Command("node", append([]string{path, j.modules}, args...)...)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		j.t.Fatalf("node: %v\n%s", err, errOut.String())
	}
	return out.Bytes()
}

// NewCommand makes a command component of the core module at path, which uses WASI preview 1, with
// jco's adapter.
func (j *JCO) NewCommand(path string) []byte {
	j.t.Helper()
	out := filepath.Join(j.t.TempDir(), "command.wasm")
	cmd := exec.Command("node", filepath.Join(j.modules, ".bin", "jco"), "new", path, "--wasi-command", "-o", out)
	if msg, err := cmd.CombinedOutput(); err != nil {
		j.t.Fatalf("jco new: %v\n%s", err, msg)
	}
	return read(j.t, out)
}

// Run runs a command on node, with jco's WASI 0.2. The program sees dir as `/`. Each element of env
// is NAME=VALUE. The output includes messages of jco itself.
func (j *JCO) Run(component, dir, in string, env []string, args ...string) (code int, out, errOut string) {
	j.t.Helper()
	return j.Transpile(component).Run(dir, in, env, args...)
}

// A Transpiled is a command translated to JavaScript.
type Transpiled struct {
	t    testing.TB
	main string
}

// Transpile translates a command to JavaScript, so that it can be run more than once.
func (j *JCO) Transpile(component string) *Transpiled {
	j.t.Helper()
	work := j.t.TempDir()
	cmd := exec.Command("node", filepath.Join(j.modules, ".bin", "jco"), "transpile", component, "-o", work, "--name", "app")
	if msg, err := cmd.CombinedOutput(); err != nil {
		j.t.Fatalf("jco transpile: %v\n%s", err, msg)
	}
	if err := os.Symlink(j.modules, filepath.Join(work, "node_modules")); err != nil {
		j.t.Fatal(err)
	}
	const script = `import {_setEnv, _setArgs} from '@bytecodealliance/preview2-shim/cli';
import {_setPreopens} from '@bytecodealliance/preview2-shim/filesystem';
const {dir, env, args} = JSON.parse(process.argv[2]);
_setPreopens({'/': dir});
_setEnv(Object.fromEntries(env.map((e) => e.split(/=(.*)/s, 2))));
_setArgs(args);
const {run} = await import('./app.js');
try { run.run(); } catch (e) { console.error(e); process.exit(134); }
`
	p := &Transpiled{j.t, filepath.Join(work, "run.mjs")}
	if err := os.WriteFile(p.main, []byte(script), 0o600); err != nil {
		j.t.Fatal(err)
	}
	return p
}

// Run runs the command like [JCO.Run].
func (p *Transpiled) Run(dir, in string, env []string, args ...string) (code int, out, errOut string) {
	p.t.Helper()
	if env == nil {
		env = []string{}
	}
	config, err := json.Marshal(map[string]any{"dir": dir, "env": env, "args": append([]string{"app"}, args...)})
	if err != nil {
		p.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(p.t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", p.main, string(config))
	var o, e bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(in), &o, &e
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		p.t.Fatalf("node: %v", err)
	}
	return cmd.ProcessState.ExitCode(), o.String(), e.String()
}

// Componentize makes a component of JavaScript source, without fetch-event and http. The argument
// witPath names a file.
func (j *JCO) Componentize(source, witPath, world string) []byte {
	j.t.Helper()
	if _, err := os.Stat(filepath.Join(j.modules, "@bytecodealliance", "componentize-js")); err != nil {
		j.t.Skip("SKIPPED: componentize-js is not installed; run .ci/tools npm")
	}
	out := filepath.Join(j.t.TempDir(), "js.wasm")
	j.script(`const {componentize} = await import(modules + '/@bytecodealliance/componentize-js/src/componentize.js');
const {component} = await componentize(args[0], {witPath: args[1], worldName: args[2], disableFeatures: ['fetch-event', 'http']});
fs.writeFileSync(args[3], component);`, source, witPath, world, out)
	return read(j.t, out)
}

// ComponentizeQuickJS makes a component of JavaScript with QuickJS as its engine. The arguments
// source and witPath name files.
func (j *JCO) ComponentizeQuickJS(source, witPath, world string) []byte {
	j.t.Helper()
	out := filepath.Join(j.t.TempDir(), "quickjs.wasm")
	cmd := exec.Command("node", filepath.Join(j.modules, ".bin", "jco"), "componentize", source, "--wit", witPath, "-n", world,
		"--backend", "quickjs", "--backend-qjs-disable-async", "-o", out)
	if msg, err := cmd.CombinedOutput(); err != nil {
		j.t.Fatalf("jco componentize: %v\n%s", err, msg)
	}
	return read(j.t, out)
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Clang compiles C for WASI preview 1 with Debian's clang and returns the path of the core module.
func Clang(t testing.TB, source string) string {
	t.Helper()
	return clang(t, "clang", source)
}

func clang(t testing.TB, name, source string, flags ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("SKIPPED: %s is not installed; run .ci/tools debian", name)
	}
	out := filepath.Join(t.TempDir(), "c.wasm")
	args := append([]string{"--target=wasm32-wasi", "-O2", "-Wl,-z,stack-size=1048576", "-Wl,--stack-first"}, flags...)
	cmd := exec.Command(path, append(args, "-o", out, source)...)
	if msg, err := cmd.CombinedOutput(); err != nil {
		if _, serr := os.Stat("/usr/include/wasm32-wasi"); serr != nil {
			t.Skip("SKIPPED: clang has no WASI library; run .ci/tools debian")
		}
		t.Fatalf("%s: %v\n%s", name, err, msg)
	}
	return out
}

// ClangCXX is like [Clang] for C++ without exceptions.
func ClangCXX(t testing.TB, source string) string {
	t.Helper()
	if found, _ := filepath.Glob("/usr/lib/llvm-*/include/wasm32-wasi/c++/v1"); len(found) == 0 {
		t.Skip("SKIPPED: clang has no C++ library for WASI; run .ci/tools debian")
	}
	return clang(t, "clang++", source, "-std=c++20", "-fno-exceptions")
}

// GoWASI builds a package of the project for WASI preview 1 with stock Go and returns the path of
// the core module. The argument pkg is a path relative to the root of the project.
func GoWASI(t testing.TB, pkg string, flags ...string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), filepath.Base(pkg)+".wasm")
	cmd := exec.Command("go", append(append([]string{"build", "-o", out}, flags...), "./"+pkg)...)
	cmd.Dir = Root(t)
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
	if msg, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, msg)
	}
	return out
}

// Embedded is the result of wasm-tools for a WIT package.
type Embedded struct {
	// Panic is set if wasm-tools panicked.
	Panic bool `json:"panic"`
	// Error is the reason why the package is refused, or "" if it is accepted.
	Error string `json:"error"`
	// Module is a generated core module for the world, with the world in a custom section.
	Module []byte `json:"module"`
	// Component is the component made of Module, or nil if NewError has the reason for a failure.
	// Print is the component's text, and WIT its world.
	Component []byte `json:"component"`
	NewError  string `json:"newError"`
	Print     string `json:"print"`
	WIT       string `json:"wit"`
}

// Embed makes wasm-tools read each WIT package and generate a core module for the package's world
// of the given name. If components is set, wasm-tools also makes a component of each module.
func (j *JCO) Embed(sources []string, world string, components bool) []Embedded {
	j.t.Helper()
	in := filepath.Join(j.t.TempDir(), "sources.json")
	data, err := json.Marshal(map[string]any{"sources": sources, "world": world, "components": components})
	if err != nil {
		j.t.Fatal(err)
	}
	if err := os.WriteFile(in, data, 0o600); err != nil {
		j.t.Fatal(err)
	}
	j.script(`let tools, loaded = 0;
const load = async () => { // again after a panic
  const m = await import(modules + '/@bytecodealliance/jco-transpile/vendor/wasm-tools.js?' + loaded++);
  await m.$init;
  tools = m.tools;
};
await load();
const {sources, world, components} = JSON.parse(fs.readFileSync(args[0], 'utf8'));
const b64 = (x) => Buffer.from(x).toString('base64');
const message = (e) => String(e.payload ?? e.message ?? e);
const results = [];
for (const witSource of sources) {
  const r = one(witSource);
  results.push(r);
  if (r.panic) await load();
}
function one(witSource) {
  const r = {error: ''};
  let module;
  try {
    module = tools.componentEmbed({witSource, world, dummy: true, features: {tag: 'all'}});
    r.module = b64(module);
  } catch (e) { r.error = message(e) || 'refused'; r.panic = !e.payload; return r; }
  if (!components) return r;
  try {
    const component = tools.componentNew(module);
    r.component = b64(component);
    r.print = tools.print(component);
    r.wit = tools.componentWit(component);
  } catch (e) { r.newError = message(e) || 'refused'; r.panic = !e.payload; }
  return r;
}
fs.writeFileSync(args[1], JSON.stringify(results));`, in, in+".out")
	var results []Embedded
	if err := json.Unmarshal(read(j.t, in+".out"), &results); err != nil {
		j.t.Fatal(err)
	}
	return results
}

// Adapter returns the path of jco's adapter for WASI preview 1. The kind is "command" or "reactor".
func (j *JCO) Adapter(kind string) string {
	return filepath.Join(j.modules, "@bytecodealliance", "jco", "lib", "wasi_snapshot_preview1."+kind+".wasm")
}

// NewComponents makes a component of each core module NAME.core.wasm in a folder. It writes the
// component to NAME.component.wasm, or the reason for a failure to NAME.error. The argument adapter
// is the path of an adapter for WASI preview 1, or "".
func (j *JCO) NewComponents(dir, adapter string) {
	j.t.Helper()
	j.script(`let tools, loaded = 0;
const load = async () => { // again after a panic
	const m = await import(modules + '/@bytecodealliance/jco-transpile/vendor/wasm-tools.js?' + loaded++);
	await m.$init;
	tools = m.tools;
};
await load();
const adapters = args[1] ? [['wasi_snapshot_preview1', fs.readFileSync(args[1])]] : [];
for (const f of fs.readdirSync(args[0])) {
	if (!f.endsWith('.core.wasm')) continue;
	const out = args[0] + '/' + f.slice(0, -'.core.wasm'.length);
	try {
		fs.writeFileSync(out + '.component.wasm', tools.componentNew(fs.readFileSync(args[0] + '/' + f), adapters));
	} catch (e) {
		fs.writeFileSync(out + '.error', String(e.payload ?? e.message ?? e));
		if (!e.payload) await load();
	}
}`, dir, adapter)
}
