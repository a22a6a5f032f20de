package wat

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
)

// corpus returns the folder of public test data. It skips the test if the folder is missing.
func corpus(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("CORPUS")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skip("SKIPPED: the corpus is missing: set CORPUS to its folder")
	}
	return dir
}

// corpusFiles returns the files of the corpus with the given extension.
func corpusFiles(t testing.TB, ext string) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(corpus(t), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(path, ext) {
			list = append(list, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// text is one module or component in a file.
type text struct {
	name string // file:line
	src  string
	// For a text that is expected to be bad, these hold the assertion and its message.
	assertion, want string
}

// textsOf returns the modules and components in a script or text, in the form that Parse reads.
func textsOf(t testing.TB, path string) []text {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rel, _ := filepath.Rel(corpus(t), path)
	f := diag.NewFile(rel, data)
	p := newParser(f)
	var list []text
	depth := 0
	assertion, want := "", 0
	for i := 0; i < len(p.toks); i++ {
		switch p.toks[i].kind {
		case tokLParen:
			depth++
			word := p.text(p.toks[i+1])
			switch {
			case depth == 1 && strings.HasPrefix(word, "assert_"):
				assertion, want = word, len(list)
			case depth <= 2 && (word == "component" || word == "module"):
				end := closing(p, i)
				src := p.src[p.toks[i].off:p.toks[end].end]
				switch second := p.text(p.toks[i+2]); second {
				case "quote", "instance":
				case "definition":
					n := p.toks[i+2].end - p.toks[i].off
					src = "(" + word + src[n:]
					fallthrough
				default:
					list = append(list, text{name: rel + ":" + itoa(f.Position(int(p.toks[i].off)).Line), src: src})
				}
				i = end
				depth--
			}
		case tokRParen:
			depth--
			if depth == 0 && assertion != "" {
				for k := want; k < len(list); k++ {
					list[k].assertion = assertion
					list[k].want = p.text(p.toks[i-1])
				}
				assertion = ""
			}
		}
	}
	return list
}

func itoa(n int) string {
	b, _ := json.Marshal(n)
	return string(b)
}

// closing returns the token that closes the parenthesis at i.
func closing(p *parser, i int) int {
	depth := 0
	for ; i < len(p.toks)-1; i++ {
		switch p.toks[i].kind {
		case tokLParen:
			depth++
		case tokRParen:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return i
}

// reference is the output of another tool for a text.
type reference struct {
	Wasm       []byte `json:"wasm"`
	Print      string `json:"print"`
	Error      string `json:"error"`
	PrintError string `json:"printError"`
}

// jco returns the output of wasm-tools 0.259, as part of jco 1.35, for each text. MORTISE_JCO must
// be the folder of an npm project with @bytecodealliance/jco.
func jco(t testing.TB, queries []map[string]any) []reference {
	t.Helper()
	dir := os.Getenv("MORTISE_JCO")
	if dir == "" {
		t.Skip("SKIPPED: set MORTISE_JCO to the folder of an npm project with @bytecodealliance/jco to compare with wasm-tools")
	}
	var in bytes.Buffer
	enc := json.NewEncoder(&in)
	for _, q := range queries {
		if err := enc.Encode(q); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("node", "testdata/jco.mjs", dir)
	cmd.Stdin, cmd.Stderr = &in, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var list []reference
	sc := bufio.NewScanner(bytes.NewReader(out))
	sc.Buffer(nil, 1<<28)
	for sc.Scan() {
		var r reference
		if err := json.Unmarshal(sc.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		list = append(list, r)
	}
	if len(list) != len(queries) {
		t.Fatalf("%d answers to %d texts", len(list), len(queries))
	}
	return list
}

// allTexts returns all modules and components of the corpus.
func allTexts(t testing.TB) []text {
	t.Helper()
	var list []text
	for _, ext := range []string{".wast", ".wat"} {
		for _, path := range corpusFiles(t, ext) {
			list = append(list, textsOf(t, path)...)
		}
	}
	return list
}

// difference describes a text whose result differs on purpose from the reference, or from the
// assertion in its script. tests lists the tests to which it applies: "parse", "print" and
// "script". Each of these tests fails if no result differs any more.
type difference struct{ file, tests, reason string }

// differences lists the differences by file, with a line unless the difference applies to the whole
// file.
var differences = []difference{
	{"wasm-tools-wast/values/", "parse print", "the type of a value import has a byte for its bound (Binary.md, valuebound), which wasm-tools leaves out"},
	{"wit-component/components/link-wasip3-tls/component.wat", "parse", "names of imported globals can be annotated"},
	{"component-model/binary/binary.wast:1380", "print", "duplicate attributes are a matter of validation"},
	{"component-model/async/cancellable.wast", "script", "`cancellable` was removed (component-model#716)"},
	{"wasm-tools-wast/memory64/waitable-set.wast", "script", "`cancellable` was removed (component-model#716)"},
}

// expectations holds the differences for one test, by file, with the number of cases that each has
// matched.
type expectations map[string]int

func expectationsOf(test string) expectations {
	e := expectations{}
	for _, d := range differences {
		if strings.Contains(d.tests, test) {
			e[d.file] = 0
		}
	}
	return e
}

// allow reports whether the difference for a text is listed.
func (e expectations) allow(name string) bool {
	for file := range e {
		if strings.HasPrefix(name, file) {
			e[file]++
			return true
		}
	}
	return false
}

// done fails the test for differences that matched no case.
func (e expectations) done(t *testing.T) {
	t.Helper()
	for file, n := range e {
		if n == 0 {
			t.Errorf("no text in %s needs its row in the list of differences any more", file)
		}
	}
}

// Parse and wasm-tools assemble the same bytes.
func TestParseAsReference(t *testing.T) {
	texts := allTexts(t)
	var queries []map[string]any
	for _, x := range texts {
		queries = append(queries, map[string]any{"text": x.src})
	}
	refs := jco(t, queries)
	expected := expectationsOf("parse")
	equal, both, listed := 0, 0, 0
	for i, x := range texts {
		u, err := Parse(diag.NewFile(x.name, []byte(x.src)))
		why := ""
		switch {
		case err != nil && refs[i].Error != "":
			both++
			continue
		case err != nil:
			why = err.Error() + ", but the reference takes it"
		case refs[i].Error != "":
			why = "no error, but the reference says " + refs[i].Error
		case !bytes.Equal(u.Append(nil), refs[i].Wasm):
			why = otherBytes(u.Append(nil), refs[i].Wasm)
		default:
			equal++
			continue
		}
		if expected.allow(x.name) {
			listed++
			continue
		}
		t.Errorf("%s: %s", x.name, why)
	}
	expected.done(t)
	t.Logf("equal: %d, both refuse: %d, differ on purpose: %d, total: %d", equal, both, listed, len(texts))
}

// otherBytes describes where two encodings begin to differ.
func otherBytes(got, want []byte) string {
	n := 0
	for n < len(got) && n < len(want) && got[n] == want[n] {
		n++
	}
	from := max(0, n-24)
	return fmt.Sprintf("other bytes than the reference at %#x: % x, want % x", n, got[from:min(n+16, len(got))], want[from:min(n+16, len(want))])
}
