package conformance

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/internal/reftool"
)

var witToken = regexp.MustCompile(`\s+|//[^\n]*|%?[A-Za-z][A-Za-z0-9-]*|->|"[^"\n]*"|[0-9]+|.`)

// mutate damages a text in one place: it removes a token, repeats it, swaps it with another one, or
// replaces it with one from elsewhere in the text.
func mutate(r *rand.Rand, text string) string {
	tokens := witToken.FindAllString(text, -1)
	i, j := r.IntN(len(tokens)), r.IntN(len(tokens))
	switch r.IntN(5) {
	case 0:
		tokens[i] = ""
	case 1:
		tokens[i] += " " + tokens[i]
	case 2:
		tokens[i], tokens[j] = tokens[j], tokens[i]
	case 3:
		tokens[i] = " " + tokens[j]
	default:
		marks := []string{"{", "}", ";", ",", "<", ">", "(", ")", ":", "=", ".", "/", "@", "%", "*", "_", "->", "use", "type", "resource", "borrow<", "own", "async", "1.0.0", "a", "as"}
		tokens[i] = " " + marks[r.IntN(len(marks))] + " "
	}
	return strings.Join(tokens, "")
}

// TestWITMutated damages the packages of the public test data. Our code and wasm-tools 0.259 must
// both accept or both refuse each.
func TestWITMutated(t *testing.T) {
	var sources []string
	for _, suite := range []string{"wit-parser", "wit-component/interfaces", "bindgen"} {
		found, err := filepath.Glob(filepath.Join(Folder(t, suite), "*.wit"))
		if err != nil || len(found) == 0 {
			t.Fatal("no cases", err)
		}
		for _, f := range found {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			sources = append(sources, string(data)+"\nworld w-to-encode {}\n")
		}
	}
	n := 600
	if os.Getenv("MORTISE_LONG") != "" {
		n = 20000
	}
	r := rand.New(rand.NewPCG(7, 7))
	texts := make([]string, n)
	for i := range texts {
		texts[i] = mutate(r, sources[i%len(sources)])
	}
	accepted, refused, stricter, panics, failed := 0, 0, 0, 0, 0
	for i, theirs := range reftool.NewJCO(t).Embed(texts, "w-to-encode", false) {
		_, err := worldNamed(texts[i], "w-to-encode")
		switch {
		case theirs.Panic:
			panics++
		case theirs.Error == "" && onlyWhenUsed(err):
			stricter++
		case (err == nil) != (theirs.Error == ""):
			failed++
			t.Errorf("text %d\nwe:   %v\nthey: %s\n%s", i, err, orAccept(theirs.Error), numbered(texts[i]))
		case err != nil:
			refused++
		default:
			accepted++
		}
		if failed > 10 {
			t.Fatal("too many differences")
		}
	}
	t.Logf("wit-mutated: %d accepted by both, %d refused by both, %d refused by us for what they see only when it is used, %d differences, of %d; they panic on %d",
		accepted, refused, stricter, failed, n, panics)
}
