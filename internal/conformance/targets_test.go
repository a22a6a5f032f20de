package conformance

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/compose"
	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/encoding"
	"github.com/mortise-wasm/mortise/encoding/validate"
	"github.com/mortise-wasm/mortise/internal/witgen"
	"github.com/mortise-wasm/mortise/model/feature"
	"github.com/mortise-wasm/mortise/model/types"
	"github.com/mortise-wasm/mortise/wit"
	"github.com/mortise-wasm/mortise/wit/binary"
)

// TestTargets checks which components of wit-component 0.257 fit the world foobar. The same
// components fit, and the names of missing imports and exports are the same.
func TestTargets(t *testing.T) {
	dir := Folder(t, "wit-component/targets")
	s := NewSuite(t, "targets")
	found, err := filepath.Glob(filepath.Join(dir, "*", "test.wat"))
	if err != nil || len(found) == 0 {
		t.Fatal("no cases", err)
	}
	for _, f := range found {
		s.Check(t, filepath.Base(filepath.Dir(f)), checkTargets(filepath.Dir(f)))
	}
	s.Done(t)
}

// missingName matches the name of a missing import or export in a message of wit-component.
var missingName = regexp.MustCompile("missing (?:export|import) named `([^`]+)`")

func checkTargets(dir string) error {
	m, list := loadWIT(filepath.Join(dir, "test.wit"), wit.Options{})
	if list.HasErrors() {
		return list
	}
	w, err := m.World("foobar")
	if err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(dir, "test.wat"))
	if err != nil {
		return err
	}
	f, err := assembled(diag.NewFile("test.wat", text))
	if err != nil {
		return err
	}
	p, err := compose.NewPackage("test", f, feature.All())
	if err != nil {
		return err
	}
	report, list := compose.Targets(p.Type, w)
	if report.Fits() == list.HasErrors() {
		return fmt.Errorf("the report and the list contradict each other: %v, %v", report, list)
	}
	want, err := os.ReadFile(filepath.Join(dir, "error.txt"))
	if err != nil {
		return list.Err() // the component fits
	}
	if report.Fits() {
		return fmt.Errorf("it fits, want: %s", want)
	}
	if n := missingName.FindSubmatch(want); n != nil && !strings.Contains(list.Error(), "`"+string(n[1])+"`") {
		return fmt.Errorf("want: %s\ngot: %w", want, list)
	}
	return nil
}

// targetWorld parses a package and returns its world w, or an error if the world cannot be a
// component.
func targetWorld(text string) (*wit.Model, *wit.World, error) {
	m, list := wit.Parse(diag.NewFile("random.wit", []byte(text)), wit.Options{AllFeatures: true})
	if list.HasErrors() {
		return nil, nil, list
	}
	if list := m.Check(true); len(list) > 0 {
		return nil, nil, list
	}
	w, err := m.World("w")
	return m, w, err
}

// encodedType returns the type of a world's components, read back from the world's binary form.
func encodedType(m *wit.Model, w *wit.World) (*types.Component, error) {
	c, err := binary.EncodeWorld(m, w, binary.WorldOptions{})
	if err != nil {
		return nil, err
	}
	f := diag.NewBinary("world.wasm", c.Append(nil))
	if c, err = encoding.Decode(f); err != nil {
		return nil, err
	}
	info, err := validate.Component(f, c, validate.Options{Features: feature.All()})
	if err != nil {
		return nil, err
	}
	inner := func(c *types.Component) *types.Component {
		return types.Unname(c.Exports.At(0).Type.(*types.Bound).Type).(*types.Component)
	}
	x := inner(info.Type).Exports.At(0).Type
	if b, ok := x.(*types.Bound); ok {
		x = types.Unname(b.Type).(*types.Component)
	}
	return x.(*types.Component), nil
}

// targets compares the result of [compose.Targets] with that of subtyping, which considers exact
// names only.
func targets(c *types.Component, w *wit.World) (fits bool, err error) {
	report, list := compose.Targets(c, w)
	if report.Fits() == list.HasErrors() {
		return false, fmt.Errorf("the report and the list contradict each other: %v, %v", report, list)
	}
	otherNames := slices.ContainsFunc(slices.Concat(report.Imports, report.Exports), func(i compose.TargetItem) bool {
		return i.Component != "" && i.World != "" && i.Component != i.World
	})
	switch m := types.Subtype(c, w.Component()); {
	case m == nil && !report.Fits():
		return false, fmt.Errorf("it is a subtype: %w", list)
	case m != nil && report.Fits() && !otherNames:
		return false, fmt.Errorf("it is not a subtype: %w", m)
	}
	return report.Fits(), nil
}

// TestTargetsRandom generates worlds. Each fits itself, also in its binary form. It still fits
// without an import, and no longer fits without an export. If anything is removed or has another
// type, the result is that of subtyping.
func TestTargetsRandom(t *testing.T) {
	n := 150
	if os.Getenv("MORTISE_LONG") != "" {
		n = 5000
	}
	packages, encoded, fit, unfit := 0, 0, 0, 0
	for seed := range uint64(n) {
		r := rand.New(rand.NewPCG(seed, 7))
		text := witgen.Package(seed, witgen.Options{Async: true, Maps: true, FixedLists: true, Implements: true, Small: seed%2 == 0})
		m, w, err := targetWorld(text)
		if err != nil {
			continue
		}
		packages++
		fail := func(what, other string, err error) {
			t.Helper()
			t.Fatalf("seed %d, %s: %v\n%s\nthe other:\n%s", seed, what, err, numbered(text), numbered(other))
		}
		if ok, err := targets(w.Component(), w); !ok || err != nil {
			fail("itself", "", errors.Join(err, errors.New("it does not fit itself")))
		}
		if c, err := encodedType(m, w); err == nil {
			encoded++
			if ok, err := targets(c, w); !ok || err != nil {
				_, list := compose.Targets(c, w)
				fail("binary", "", errors.Join(err, list.Err()))
			}
		}
		for _, v := range variants(r, text) {
			om, other, err := targetWorld(v.text)
			if err != nil {
				continue
			}
			for i, pair := range [2][2]*wit.World{{other, w}, {w, other}} {
				c := pair[0].Component()
				if i == 0 {
					if c, err = encodedType(om, other); err != nil {
						fail(v.what, v.text, err)
					}
				}
				ok, err := targets(c, pair[1])
				if err != nil {
					fail(v.what, v.text, err)
				}
				if ok {
					fit++
				} else {
					unfit++
				}
				if i == 1 || len(other.Exports) > len(w.Exports) {
					continue
				}
				switch exports := len(other.Exports) == len(w.Exports); {
				case v.what == "without an import" && exports && !ok && within(other, w):
					fail(v.what, v.text, errors.New("it does not fit"))
				case !exports && ok:
					fail(v.what, v.text, errors.New("it fits"))
				}
			}
		}
	}
	t.Logf("targets-random: %d packages, %d also by way of binary; variants: %d fit, %d do not", packages, encoded, fit, unfit)
	if packages < n/2 || encoded < packages*9/10 || fit < n || unfit < n {
		t.Error("the packages do not test much")
	}
}

// within reports whether all imports of a world are imports of another. Imports that exist only
// because of an export may not be.
func within(w, other *wit.World) bool {
	return !slices.ContainsFunc(w.Imports, func(i *wit.WorldItem) bool { return other.Import(i.ExternName()) == nil })
}

type variant struct{ what, text string }

var (
	statement = regexp.MustCompile(`(?m)^\s*(import|export)\s[^{};]*;\n`)
	primitive = regexp.MustCompile(`\b(u8|u16|u32|u64|s8|s16|s32|s64|bool|char|string|f32|f64)\b`)
	function  = regexp.MustCompile(`(?m)^\s*[a-zA-Z%][-a-zA-Z0-9]*: [^{}\n]*func\([^\n]*;\n`)
	asyncWord = regexp.MustCompile(`\basync `)
)

// variants returns packages in which something is removed or has another type. They need not be
// valid.
func variants(r *rand.Rand, text string) []variant {
	var out []variant
	for _, at := range statement.FindAllStringSubmatchIndex(text, -1) {
		word := text[at[2]:at[3]]
		out = append(out, variant{"without an " + word, text[:at[0]] + text[at[1]:]})
		other := map[string]string{"import": "export", "export": "import"}[word]
		out = append(out, variant{other + " for " + word, text[:at[2]] + other + text[at[3]:]})
	}
	some := func(re *regexp.Regexp, what, with string) {
		all := re.FindAllStringIndex(text, -1)
		for range min(len(all), 10) {
			at := all[r.IntN(len(all))]
			out = append(out, variant{what, text[:at[0]] + with + text[at[1]:]})
		}
	}
	some(primitive, "another type", "u32")
	some(function, "without a function", "")
	some(asyncWord, "not async", "")
	return out
}

// TestTargetsComponents compares the components of wit-component 0.257 with the world that each was
// made for, and with the worlds of the other components. Each fits its own world. For the others,
// the result is that of subtyping.
func TestTargetsComponents(t *testing.T) {
	dir := Folder(t, "wit-component/components")
	s := NewSuite(t, "targets-components")
	found, err := filepath.Glob(filepath.Join(dir, "*", "component.wat"))
	if err != nil || len(found) == 0 {
		t.Fatal("no cases", err)
	}
	type made struct {
		id    string
		typ   *types.Component
		world *wit.World
	}
	var all []made
	for _, path := range found {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := assembled(diag.NewFile(path, text))
		if err != nil {
			t.Fatal(err)
		}
		p, err := compose.NewPackage("test", f, feature.All())
		if err != nil {
			t.Fatal(err)
		}
		m, err := binary.DecodeWIT(f)
		if err != nil {
			t.Fatal(err)
		}
		c := made{filepath.Base(filepath.Dir(path)), p.Type, m.Main.Worlds[0]}
		all = append(all, c)
		module := filepath.Join(filepath.Dir(path), "module.wit")
		if adapters, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "adapt-*")); len(adapters) > 0 || !exists(module) {
			continue // a component has the imports of its adapters
		}
		m, list := loadWIT(module, wit.Options{AllFeatures: true})
		if list.HasErrors() {
			t.Fatal(list)
		}
		if w, err := m.World("module"); err == nil { // otherwise there are several worlds
			s.Check(t, c.id, fitsWorld(c.typ, w))
		}
	}
	s.Done(t)
	fit, unfit := 0, 0
	for _, c := range all {
		for _, other := range all {
			ok, err := targets(c.typ, other.world)
			switch {
			case err != nil:
				t.Errorf("%s and the world of %s: %v", c.id, other.id, err)
			case ok:
				fit++
			case c.id == other.id:
				_, list := compose.Targets(c.typ, other.world)
				t.Errorf("%s does not fit the world that is read from it: %v", c.id, list)
			default:
				unfit++
			}
		}
	}
	t.Logf("targets-components: %d pairs fit, %d do not", fit, unfit)
}

func fitsWorld(c *types.Component, w *wit.World) error {
	if _, list := compose.Targets(c, w); list.HasErrors() {
		return list
	}
	return nil
}
