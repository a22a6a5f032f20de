package conformance

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/encoding/wat"
	"github.com/mortise-wasm/mortise/internal/reftool"
	"github.com/mortise-wasm/mortise/internal/witgen"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/binary"
)

// randomWIT returns random packages, half of them without mistakes.
func randomWIT(n int, seed uint64) []string {
	r := rand.New(rand.NewPCG(seed, 1))
	texts := make([]string, n)
	for i := range texts {
		o := witgen.Options{Async: true, Maps: true, FixedLists: true, Implements: true, Small: r.IntN(2) == 0, Gates: r.IntN(3) == 0}
		if i%2 == 1 {
			o.Mistakes = []float64{0.003, 0.01, 0.03}[r.IntN(3)]
		}
		texts[i] = witgen.Package(seed+uint64(i), o)
	}
	return texts
}

// TestWITRandom reads random packages with our code and with wasm-tools 0.259. Both accept or
// refuse a package, and both encode the same world.
func TestWITRandom(t *testing.T) {
	j := reftool.NewJCO(t)
	n := 300
	if os.Getenv("MORTISE_LONG") != "" {
		n = 6000
	}
	texts := randomWIT(n, 1)
	accepted, refused, stricter, otherTypes, panics, failed := 0, 0, 0, 0, 0, 0
	for i, r := range j.Embed(texts, "w", false) {
		ours, err := worldOf(texts[i])
		switch {
		case r.Panic:
			panics++
			t.Logf("wasm-tools panics on package %d (we: %v): %s", i, err, r.Error)
		case r.Error == "" && onlyWhenUsed(err):
			stricter++
		case (err == nil) != (r.Error == ""):
			failed++
			t.Errorf("package %d\nwe:   %v\nthey: %s\n%s", i, err, orAccept(r.Error), numbered(texts[i]))
		case err != nil:
			refused++
		default:
			accepted++
			same, err := sameEncoding(ours, r.Module)
			if !same {
				otherTypes++
			}
			if err != nil {
				failed++
				t.Errorf("package %d: the worlds differ: %v\n%s", i, err, numbered(texts[i]))
			}
		}
		if failed > 10 {
			t.Fatal("too many differences")
		}
	}
	t.Logf("wit-random: %d accepted by both, %d refused by both, %d refused by us for what they see only when it is used, %d differences, of %d; "+
		"exports with types of exports in %d worlds; they panic on %d", accepted, refused, stricter, failed, n, otherTypes, panics)
	if accepted < n/4 || refused < n/10 {
		t.Error("the packages do not test much")
	}
}

// onlyWhenUsed reports whether wasm-tools leaves all errors to the validation of components, which
// checks only the items of a package that the world needs.
func onlyWhenUsed(err error) bool {
	var list diag.List
	if !errors.As(err, &list) {
		return false
	}
	for _, d := range list {
		switch d.Code {
		case wit.CodeDuplicateName, wit.CodeEmptyType, wit.CodeBadStream, wit.CodeTooLarge:
		default:
			if d.Severity == diag.Error {
				return false
			}
		}
	}
	return true
}

func orAccept(text string) string {
	if text == "" {
		return "accept"
	}
	return text
}

func numbered(text string) string {
	var b strings.Builder
	n := 0
	for line := range strings.Lines(text) {
		n++
		fmt.Fprintf(&b, "%3d %s", n, line)
	}
	return b.String()
}

// encodedWorld is world w of a package.
type encodedWorld struct {
	world     *wit.World
	component *encoding.Component
	valid     bool
}

func worldOf(text string) (*encodedWorld, error) { return worldNamed(text, "w") }

// worldNamed parses a package and encodes a world of it. The world is valid if Check finds nothing.
func worldNamed(text, world string) (*encodedWorld, error) {
	m, list := wit.Parse(diag.NewFile("random.wit", []byte(text)), wit.Options{AllFeatures: true})
	if list.HasErrors() {
		return nil, list
	}
	w, err := m.World(world)
	if err != nil {
		return nil, err
	}
	c, err := binary.EncodeWorld(m, w, binary.WorldOptions{})
	if err != nil {
		return nil, err
	}
	f := diag.NewFile("world.wasm", c.Append(nil))
	if c, err = encoding.Decode(f); err != nil {
		return nil, err
	}
	_, err = validate.Component(f, c, validate.Options{Features: feature.All()})
	if err != nil && len(m.Check(true)) == 0 {
		return nil, fmt.Errorf("nothing is wrong with the package, but its encoding is not valid: %w", err)
	}
	return &encodedWorld{w, c, err == nil}, nil
}

// sameEncoding compares an encoded world with that in a module. The result same is false if only
// the types differ that exports use: if an interface is both imported and exported, our exports use
// the types of the export, and those of wasm-tools sometimes use the types of the import.
func sameEncoding(ours *encodedWorld, module []byte) (same bool, err error) {
	m, err := core.Decode(module)
	if err != nil {
		return false, err
	}
	for s := range m.Customs() {
		if !strings.HasPrefix(s.Name, "component-type") {
			continue
		}
		f := diag.NewFile(s.Name, s.Payload)
		theirs, err := encoding.Decode(f)
		if err != nil {
			return false, err
		}
		want, err := printWithoutProducers(theirs)
		if err != nil {
			return false, err
		}
		got, err := printWithoutProducers(ours.component)
		if err != nil || got == want {
			return err == nil, err
		}
		switch w := ours.world; {
		case !slices.ContainsFunc(w.Imports, func(i *wit.WorldItem) bool { return i.Name == "" && w.Export(i.ExternName()) != nil }):
			return false, differ(want, got)
		case !ours.valid:
			return false, nil
		}
		a, err := binary.DecodeWIT(f)
		if err != nil {
			return false, err
		}
		b, err := binary.DecodeWIT(diag.NewFile("ours.wasm", ours.component.Append(nil)))
		if err != nil {
			return false, err
		}
		return false, differ(wit.Print(a, a.Main, wit.PrintOptions{Nested: a.Dependencies()}), wit.Print(b, b.Main, wit.PrintOptions{Nested: b.Dependencies()}))
	}
	return false, errors.New("the module has no world")
}

func printWithoutProducers(c *encoding.Component) (string, error) {
	var b encoding.Builder
	for _, d := range c.Defs {
		if s, ok := d.(*encoding.Custom); !ok || s.Name != core.ProducersName {
			b.Add(d)
		}
	}
	text, err := wat.Print(nil, b.Component(), wat.PrintOptions{})
	return string(text), err
}

// TestWITRandomRoundTrips converts packages without mistakes to text, to formatted text and to
// binary, and back.
func TestWITRandomRoundTrips(t *testing.T) {
	n := 200
	if os.Getenv("MORTISE_LONG") != "" {
		n = 10000
	}
	opts := wit.Options{AllFeatures: true}
	o := binary.PackageOptions{DependencyDocs: true}
	refused, unencodable := 0, 0
	for seed := range uint64(n) {
		text := witgen.Package(seed, witgen.Options{Async: true, Maps: true, FixedLists: true, Implements: true, Gates: seed%3 == 0, Small: seed%2 == 0})
		m, list := wit.Parse(diag.NewFile("random.wit", []byte(text)), opts)
		if list.HasErrors() {
			refused++
			for _, d := range list {
				if d.Code != wit.CodeDuplicateExtern && d.Code != wit.CodeBadExport && d.Code != wit.CodeUnknownItem && d.Code != wit.CodeGatedReference && d.Code != wit.CodeDuplicateName && d.Code != wit.CodeBadGate {
					t.Fatalf("seed %d is refused: %v\n%s", seed, list, numbered(text))
				}
			}
			continue
		}
		printed := wit.Print(m, m.Main, wit.PrintOptions{Nested: m.Dependencies()})
		again, list := wit.Parse(diag.NewFile("printed.wit", []byte(printed)), opts)
		if list.HasErrors() {
			t.Fatalf("seed %d: the printed text is refused: %v\n%s", seed, list, printed)
		}
		if err := differ(printed, wit.Print(again, again.Main, wit.PrintOptions{Nested: again.Dependencies()})); err != nil {
			t.Fatalf("seed %d: printing is not a fixpoint: %v", seed, err)
		}
		if len(m.Check(true)) > 0 {
			unencodable++
			continue
		}
		c, err := binary.EncodePackage(m, nil, o)
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, numbered(text))
		}
		// A type without a name that two packages have becomes one in the decoded package. Therefore only
		// the second encoding is stable.
		second, err := onceMore(c, wit.Print(m, m.Main, wit.PrintOptions{}), o)
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, numbered(text))
		}
		third, err := onceMore(second, wit.Print(m, m.Main, wit.PrintOptions{}), o)
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, numbered(text))
		}
		if !bytes.Equal(second.Append(nil), third.Append(nil)) {
			t.Fatalf("seed %d: %v\n%s", seed, differComponents(second, third), numbered(text))
		}
	}
	t.Logf("wit-random-round-trips: %d packages; %d refused for worlds that contradict themselves, %d not encodable", n, refused, unencodable)
	if refused > n/2 || unencodable > n/4 {
		t.Error("the packages do not test much")
	}
}
