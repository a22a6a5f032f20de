package conformance

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/componentize"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/core"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/internal/reftool"
	"github.com/mortise-wasm/mortise/internal/witgen"
	"github.com/mortise-wasm/mortise/model/abi"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/binary"
)

// randomDummy is one of our modules for world w of a random package.
type randomDummy struct {
	seed int
	kind string
	data []byte
	// refused is the reason why a module cannot hold the world. It is set instead of data.
	refused error
}

// dummyKinds are the keys of dummyOptions in a fixed order.
var dummyKinds = []string{"standard", "legacy", "callback", "stackful"}

// TestComponentizeRandom makes components of modules for random worlds, with our code and with
// wasm-tools 0.259: of wasm-tools' dummies, of our dummies of all kinds, and of our dummies with
// some imports and exports removed. Either both refuse a module for the same reason, or their
// components print the same, up to names and producers. Our components are valid, and their worlds
// read the same.
func TestComponentizeRandom(t *testing.T) {
	jco := reftool.NewJCO(t)
	n := 600 // more than 500 of these have a world
	switch {
	case os.Getenv("MORTISE_LONG") != "":
		n = 5000
	case testing.Short():
		n = 150
	}
	s := &randomScore{t: t}
	seeds := make([]int, n)
	for i := range seeds {
		seeds[i] = i
	}
	if n <= 600 {
		// Types of functions with the same shapes as named types of an interface that is exported
		// earlier.
		seeds = append(seeds, 533, 3963)
	}
	const batch = 502 // as much as one input file for node can hold
	for part := range slices.Chunk(seeds, batch) {
		s.batch(jco, part)
	}
	t.Logf("componentize-random: %d seeds: %d worlds, %d refused by both: %d for a duplicate name, %d for interfaces that use types of two",
		len(seeds), s.worlds, s.shadowed+s.incompatible, s.shadowed, s.incompatible)
	t.Logf("componentize-random: whole dummies, theirs and ours: %d the same, %d refused by both; in part: %d the same, %d refused by both; %d worlds read the same",
		s.whole.same, s.whole.refused, s.part.same, s.part.refused, s.wits)
	t.Logf("componentize-random: %d differ and are explained, by strings of streams; %d unexplained; wasm-tools panics on %d", s.streamStrings, s.failed, s.panics)
	if n >= 600 && s.worlds < 500 {
		t.Errorf("%d worlds, want 500", s.worlds)
	}
	if s.worlds < n/2 || s.whole.same < 3*n || s.part.same < n/2 || s.streamStrings > n/20 || s.panics > n/20 {
		t.Error("the packages do not test much")
	}
}

// randomScore counts the outcomes.
type randomScore struct {
	t            *testing.T
	worlds, wits int // taken, the same
	// shadowed and incompatible count packages that both refuse.
	shadowed, incompatible int
	whole, part            randomCount
	// streamStrings counts modules that differ only in the encoding of strings in streams.
	streamStrings, panics, failed int
}

// batch generates and checks the packages and modules of the seeds.
func (s *randomScore) batch(jco *reftool.JCO, seeds []int) {
	t := s.t
	t.Helper()
	texts := make([]string, len(seeds))
	bySeed := map[int]string{}
	for i, seed := range seeds {
		texts[i] = witgen.Package(uint64(seed), witgen.Options{Async: seed%4 != 0, Maps: true, FixedLists: true, Implements: seed%3 == 0, Small: seed%2 == 0})
		bySeed[seed] = texts[i]
	}
	dir := t.TempDir()
	var list []randomDummy
	for i, r := range jco.Embed(texts, "w", true) {
		m, errs := wit.Parse(diag.NewFile("random.wit", []byte(texts[i])), wit.Options{AllFeatures: true})
		if errs.HasErrors() || r.Module == nil {
			s.refused(seeds[i], texts[i], errs, r)
			continue
		}
		w, err := m.World("w")
		if err != nil {
			t.Fatal(err)
		}
		s.worlds++
		seed := seeds[i]
		if r.Panic {
			s.panics++
		} else {
			s.check(randomDummy{seed, "theirs", r.Module, nil}, texts[i], r.Component, r.NewError)
			s.sameWIT(seed, texts[i], r)
		}
		for _, d := range randomModules(seed, m, w) {
			if d.refused != nil {
				s.refusedWorld(d, texts[i], r)
				continue
			}
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.core.wasm", len(list))), d.data, 0o600); err != nil {
				t.Fatal(err)
			}
			list = append(list, d)
		}
	}
	jco.NewComponents(dir, "")
	for i, d := range list {
		path := filepath.Join(dir, fmt.Sprint(i))
		component, err := os.ReadFile(path + ".component.wasm")
		var reason []byte
		if err != nil {
			if reason, err = os.ReadFile(path + ".error"); err != nil {
				t.Fatal(err)
			}
		}
		s.check(d, bySeed[d.seed], component, string(reason))
	}
}

// refused checks a package that cannot be read. Both wasm-tools and our code must refuse it, for
// the same reason.
func (s *randomScore) refused(seed int, text string, errs diag.List, r reftool.Embedded) {
	s.t.Helper()
	switch {
	case r.Panic:
		s.panics++
	case !errs.HasErrors() || r.Module != nil || !strings.Contains(errs.Error(), r.Error):
		s.fail(randomDummy{seed, "WIT", nil, nil}, text, fmt.Errorf("we: %w\nwasm-tools: %q", errs.Err(), r.Error))
	case strings.Contains(r.Error, "shadows previously"):
		s.shadowed++
	case strings.Contains(r.Error, "in incompatible ways"):
		s.incompatible++
	default:
		s.fail(randomDummy{seed, "WIT", nil, nil}, text, fmt.Errorf("both refuse it for another reason than is known: %s", r.Error))
	}
}

// refusedWorld checks a world that no component can have. wasm-tools embeds it in a module and then
// makes no component of the module.
func (s *randomScore) refusedWorld(d randomDummy, text string, r reftool.Embedded) {
	s.t.Helper()
	if r.NewError == "" && !r.Panic {
		s.fail(d, text, fmt.Errorf("wasm-tools makes a component, we: %w", d.refused))
		return
	}
	s.score(d).refused++
}

// score returns the counter for a module.
func (s *randomScore) score(d randomDummy) *randomCount {
	if strings.HasSuffix(d.kind, "-part") {
		return &s.part
	}
	return &s.whole
}

// randomModules makes dummies of all kinds for a world, and for each a second one that has only
// some of its imports and exports.
func randomModules(seed int, m *wit.Model, w *wit.World) []randomDummy {
	r := rand.New(rand.NewPCG(uint64(seed), 2))
	o := binary.WorldOptions{Strings: []abi.StringEncoding{abi.UTF8, abi.UTF8, abi.UTF16, abi.Latin1UTF16}[r.IntN(4)]}
	embed := func(kind string, code []byte) randomDummy {
		data, err := binary.Embed(diag.NewBinary("dummy.wasm", code), m, w, o)
		return randomDummy{seed, kind, data, err}
	}
	var list []randomDummy
	for _, kind := range dummyKinds {
		code, err := componentize.Dummy(w, dummyOptions[kind])
		if err != nil {
			return append(list, randomDummy{seed, kind, nil, err})
		}
		list = append(list, embed(kind, code), embed(kind+"-part", partOf(r, code)))
	}
	return list
}

type randomCount struct{ same, refused int }

// partOf removes imports from a dummy, whose functions call none of them, and sometimes exports
// too.
func partOf(r *rand.Rand, code []byte) []byte {
	m, err := core.Decode(code)
	if err != nil {
		return nil
	}
	b, err := m.Edit()
	if err != nil {
		return nil
	}
	keep := r.Float64()
	b.Imports = slices.DeleteFunc(b.Imports, func(core.Import) bool { return r.Float64() > keep })
	gone := uint32(len(m.Imports) - len(b.Imports))
	for i := range b.Exports {
		if b.Exports[i].Kind == core.ExternFunc {
			b.Exports[i].Index -= gone
		}
	}
	if r.IntN(2) == 0 {
		b.Exports = slices.DeleteFunc(b.Exports, func(core.Export) bool { return r.IntN(2*len(m.Exports)) == 0 })
	}
	return b.Append(nil)
}

func (s *randomScore) fail(d randomDummy, text string, err error) {
	s.t.Helper()
	s.t.Errorf("seed %d, %s: %v\n%s", d.seed, d.kind, err, numbered(text))
	if s.failed++; s.failed > 10 {
		s.t.Fatal("too many differences")
	}
}

// check makes a component of a module and compares it with that of wasm-tools.
func (s *randomScore) check(d randomDummy, text string, want []byte, reason string) {
	s.t.Helper()
	score := s.score(d)
	c, err := componentize.New(diag.NewBinary("core.wasm", d.data), componentize.Options{})
	switch {
	case err != nil && reason != "":
		score.refused++
		switch got := worldPlace.ReplaceAllString(firstMessage(err), ""); {
		case strings.HasPrefix(reason, "wasm trap"):
			s.panics++
		case !strings.Contains(reason, got):
			s.fail(d, text, fmt.Errorf("wasm-tools refuses it: %s\nwe: %w", reason, err))
		}
		return
	case err != nil:
		s.fail(d, text, fmt.Errorf("wasm-tools makes a component, we: %w", err))
		return
	case reason != "":
		s.fail(d, text, fmt.Errorf("we make a component, wasm-tools: %s", reason))
		return
	}
	got := diag.NewBinary("got.wasm", c.Append(nil))
	if err := validBinary(got); err != nil {
		s.fail(d, text, err)
		return
	}
	theirs, ours := anonymous(diag.NewBinary("want.wasm", want)), anonymous(got)
	switch err := differ(theirs, ours); {
	case err == nil:
		score.same++
	case differ(withoutStreamStrings(theirs), withoutStreamStrings(ours)) == nil && takesUTF8(theirs, ours):
		s.streamStrings++
	default:
		s.fail(d, text, err)
	}
}

// streamStrings matches the encoding of strings in the options of reads and writes of streams and
// futures. If the functions that use these are functions of the world itself, wasm-tools always
// uses UTF-8 (RATIONALE.md, Differences).
var streamStrings = regexp.MustCompile(`(canon (?:stream|future)\.(?:read|write) .*) string-encoding=\S+`)

// takesUTF8 reports whether the first text has strings in UTF-8 wherever the two texts differ. The
// texts have the same number of lines.
func takesUTF8(theirs, ours string) bool {
	a, b := strings.Split(theirs, "\n"), strings.Split(ours, "\n")
	for i := range a {
		if i < len(b) && a[i] != b[i] && !strings.Contains(a[i], "string-encoding=utf8") {
			return false
		}
	}
	return len(a) == len(b)
}

func withoutStreamStrings(text string) string { return streamStrings.ReplaceAllString(text, "$1") }

// worldPlace matches the words around the reason in a message about the world of a module.
var worldPlace = regexp.MustCompile(`^the world of the core module cannot be read: \S+ \(component-type\):0x[0-9a-f]+: | \(type \d+\)$`)

// sameWIT compares the world of our component with the one that wasm-tools reads from its own.
func (s *randomScore) sameWIT(seed int, text string, r reftool.Embedded) {
	s.t.Helper()
	c, err := componentize.New(diag.NewBinary("core.wasm", r.Module), componentize.Options{})
	if err != nil || r.Component == nil {
		return // checked by check
	}
	m, err := binary.DecodeWIT(diag.NewBinary("got.wasm", c.Append(nil)))
	if err == nil {
		err = differ(r.WIT, wit.Print(m, m.Main, wit.PrintOptions{}))
	}
	if err != nil {
		s.fail(randomDummy{seed, "WIT", nil, nil}, text, err)
		return
	}
	s.wits++
}

// validBinary decodes and validates a component.
func validBinary(f *diag.File) error {
	c, err := encoding.Decode(f)
	if err == nil {
		_, err = validate.Component(f, c, validate.Options{Features: feature.All()})
	}
	return err
}
