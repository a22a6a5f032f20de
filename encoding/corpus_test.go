package encoding

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/encoding/core"
)

// binaryForm is one (component binary …) of a script, and the text of its expected error.
type binaryForm struct {
	line  int
	data  []byte
	kind  string // "", "assert_malformed" or "assert_invalid"
	wants string
}

// binaryForms reads a script that has only binary components and assertions about them.
func binaryForms(text string) []binaryForm {
	var list []binaryForm
	depth, line := 0, 1
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '\n':
			line++
			i++
		case strings.HasPrefix(text[i:], ";;"):
			i += strings.IndexByte(text[i:], '\n')
		case c == '(':
			depth++
			if depth == 1 {
				list = append(list, binaryForm{line: line})
				if rest := text[i+1:]; strings.HasPrefix(rest, "assert_") {
					list[len(list)-1].kind = rest[:strings.IndexAny(rest, " \n")]
				}
			}
			i++
		case c == ')':
			depth--
			i++
		case c == '"':
			s, n := quoted(text[i:])
			f := &list[len(list)-1]
			if f.kind != "" && depth == 1 {
				f.wants = string(s)
			} else {
				f.data = append(f.data, s...)
			}
			i += n
		default:
			i++
		}
	}
	return list
}

// quoted reads a string of the text format at the start of s.
func quoted(s string) (out []byte, n int) {
	hex := func(c byte) byte { return byte(strings.IndexByte("0123456789abcdef", c|0x20)) }
	for i := 1; ; i++ {
		switch {
		case s[i] == '"':
			return out, i + 1
		case s[i] == '\\':
			out = append(out, hex(s[i+1])<<4|hex(s[i+2]))
			i += 2
		default:
			out = append(out, s[i])
		}
	}
}

func TestSpecBinarySuite(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(corpus(t), "component-model", "binary", "binary.wast"))
	if err != nil {
		t.Fatal(err)
	}
	passed := 0
	for _, f := range binaryForms(string(text)) {
		c, err := decode(f.data)
		if err == nil {
			checkLaw(t, f.data)
			err = decodeModules(c)
		}
		switch {
		case f.kind == "assert_malformed" && err == nil:
			t.Errorf("line %d: no error, want %q", f.line, f.wants)
		case f.kind == "assert_malformed" && !strings.Contains(err.Error(), f.wants):
			t.Errorf("line %d: error %q, want %q", f.line, err, f.wants)
		case f.kind == "" && err != nil && strings.Contains(err.Error(), "`cancellable`"):
			// The script predates the removal of `cancellable`.
		case f.kind == "" && err != nil:
			t.Errorf("line %d: %v", f.line, err)
		default:
			passed++
		}
	}
	t.Logf("passed: %d", passed)
	if passed < 100 {
		t.Error("too few forms: the script was not read")
	}
}

// decodeModules decodes the core modules in c.
func decodeModules(c *Component) error {
	for n := range c.All() {
		if n.Module != nil {
			if _, err := core.Decode(n.Module.Bytes); err != nil {
				return err
			}
		}
	}
	return nil
}

// Components written by other tools keep the law.
func TestPeerComponents(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(corpus(t), "..", "peers", "components", "*.wasm"))
	if len(files) == 0 {
		t.Skip("SKIPPED: no components beside the corpus")
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		checkLaw(t, data)
	}
}

// Everything that wasm-tools (jco's copy) assembles from the corpus is read and written back. Set
// MORTISE_JCO to the directory of an npm project that has jco installed.
func TestAssembledCorpus(t *testing.T) {
	n := 0
	for at, data := range assembled(t) {
		n++
		if differs(at) {
			continue
		}
		c, err := decode(data)
		if err != nil {
			t.Errorf("%s: %v", at, err)
			continue
		}
		checkLaw(t, data)
		for node := range c.All() {
			if node.Module == nil {
				continue
			}
			m, err := core.Decode(node.Module.Bytes)
			if err != nil {
				t.Logf("%s: %v: %v", at, node, err)
				continue
			}
			if !bytes.Equal(m.Append(nil), node.Module.Bytes) {
				t.Errorf("%s: %v: core module is written differently", at, node)
			}
		}
		if t.Failed() {
			t.Fatalf("%s: see above", at)
		}
	}
	t.Logf("passed: %d components", n)
	if n < 500 {
		t.Errorf("too few components: %d", n)
	}
}

// differs reports whether the components of a script have a form that wasm-tools writes differently
// from Binary.md: value imports and exports, which it writes without a bound.
func differs(at string) bool {
	return strings.Contains(filepath.ToSlash(at), "wasm-tools-wast/values/")
}

// assembled returns the components of the corpus, keyed by file and line.
func assembled(t *testing.T) map[string][]byte {
	t.Helper()
	npm := os.Getenv("MORTISE_JCO")
	if npm == "" {
		t.Skip("SKIPPED: MORTISE_JCO does not name an npm project with jco")
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("SKIPPED: node is not installed")
	}
	var files []string
	for _, suite := range []string{"component-model", "wasm-tools-wast", "wit-component", "wac"} {
		filepath.WalkDir(filepath.Join(corpus(t), suite), func(path string, d fs.DirEntry, err error) error {
			if err == nil && (strings.HasSuffix(path, ".wast") || strings.HasSuffix(path, ".wat")) {
				files = append(files, path)
			}
			return nil
		})
	}
	cmd := exec.Command(node, "testdata/parse.mjs", npm)
	cmd.Stdin = strings.NewReader(strings.Join(files, "\n"))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	list := map[string][]byte{}
	for lines := bufio.NewReader(bytes.NewReader(out)); ; {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return list
		}
		var form struct{ At, Wasm string }
		if err := json.Unmarshal(line, &form); err != nil {
			t.Fatal(err)
		}
		data, err := base64.StdEncoding.DecodeString(form.Wasm)
		if err != nil {
			t.Fatal(err)
		}
		list[form.At] = data
	}
}
