// Package witgen generates random WIT packages, for tests that compare two implementations. The
// same seed gives the same package.
//
// A package has a world `w`. With Options.Mistakes, a package may break any rule of the language,
// and often does. Without it, a package breaks no rule, except that worlds can import and export
// interfaces in contradictory ways.
package witgen

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// Options controls the generated packages. The zero value gives packages without mistakes that use
// only features of every implementation.
type Options struct {
	// Mistakes is the probability of a mistake wherever one is possible: 0.02 gives about one in every
	// second package.
	Mistakes float64
	// Async allows asynchronous functions, futures and streams. Maps, FixedLists and Implements allow
	// the features of those names.
	Async, Maps, FixedLists, Implements bool
	// Gates puts @since, @unstable and @deprecated on items.
	Gates bool
	// Small makes fewer and smaller items.
	Small bool
}

// Package returns the text of a package `gen:main`, with the packages that it depends on nested in
// it.
func Package(seed uint64, o Options) string {
	g := &gen{r: rand.New(rand.NewPCG(seed, 0x6d6f7274697365)), Options: o}
	return g.file()
}

type gen struct {
	Options
	r *rand.Rand
}

// typ is a named type that can be used.
type typ struct {
	name     string
	resource bool
}

type iface struct {
	pkg, label, version string
	types               []typ
}

type world struct {
	pkg, label, version string
	// names are the labels of the world's imports and exports.
	names []string
}

func (g *gen) chance(p float64) bool   { return g.r.Float64() < p }
func (g *gen) mistake() bool           { return g.Mistakes > 0 && g.chance(g.Mistakes) }
func (g *gen) pick(s ...string) string { return s[g.r.IntN(len(s))] }

// upTo returns a random number from 0 to n, or to half of n in small packages.
func (g *gen) upTo(n int) int {
	if g.Small {
		n = (n + 1) / 2
	}
	return g.r.IntN(n + 1)
}

// scope holds the names that are taken, in a form that ignores case.
type scope map[string]bool

var words = []string{
	"a", "b1", "get", "set-x", "read-all", "HTTP-get", "x-Y-z2", "type", "result", "from", "record", "list", "self", "constructor", "map", "async",
	"error-context", "zip", "e-2", "id", "value", "include", "static", "float32",
}

// label returns a name that is free in the scope, except for a deliberate mistake.
func (g *gen) label(s scope) string {
	if g.mistake() {
		if g.chance(0.5) && len(s) > 0 {
			return sorted(s)[0]
		}
		return g.pick("Mixed-caSe", "a--b", "-a", "2-x", "a_b", "a-", "ü")
	}
	for range 20 {
		name := words[g.r.IntN(len(words))]
		if g.chance(0.3) {
			name += fmt.Sprint("-n", g.r.IntN(30))
		}
		if !s[strings.ToLower(name)] {
			s[strings.ToLower(name)] = true
			return name
		}
	}
	for n := 0; ; n++ {
		name := fmt.Sprint("v", n)
		if !s[name] {
			s[name] = true
			return name
		}
	}
}

func sorted(s scope) []string {
	var all []string
	for name := range s {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// id writes a label as an identifier: escaped where it must be, and sometimes where it need not be.
func (g *gen) id(label string) string {
	switch {
	case g.mistake():
		return label
	case keywords[label] || g.chance(0.05):
		return "%" + label
	}
	return label
}

var keywords = map[string]bool{
	"type": true, "result": true, "from": true, "record": true, "list": true, "constructor": true, "map": true, "async": true,
	"error-context": true, "include": true, "static": true, "float32": true,
}

func (g *gen) docs(indent string) string {
	if !g.chance(0.1) {
		return ""
	}
	return indent + g.pick("/// What it is.", "// Only a comment.", "/** In a block. */", "/* In a\n"+indent+"   block. */", "/// Two\n"+indent+"/// lines.") + "\n"
}

func (g *gen) gate(indent string) string {
	switch {
	case !g.Gates || !g.chance(0.15):
		return ""
	case g.mistake():
		return indent + g.pick("@since(version = 9.0.0)", "@since", "@unstable(feature = a) @since(version = 0.1.0)", "@deprecated(version = 0.1.0)", "@nothing") + "\n"
	}
	return indent + g.pick("@since(version = 0.1.0)", "@since(version = 0.1.0)\n"+indent+"@deprecated(version = 0.2.0)", "@unstable(feature = new)") + "\n"
}

func (g *gen) file() string {
	var b strings.Builder
	version := ""
	if g.chance(0.5) || g.Gates {
		version = g.pick("@1.0.0", "@0.2.3", "@2.1.0-rc.1", "@1.2.3-a.b.0+build.5")
		if g.Gates {
			version = g.pick("@1.0.0", "@0.2.3")
		}
	}
	fmt.Fprintf(&b, "package gen:main%s;\n\n", version)
	var all []*iface
	var worlds []*world
	for n := range g.upTo(2) {
		pkg, v := fmt.Sprint("gen:dep", n), ""
		if g.chance(0.6) || g.Gates {
			v = g.pick("@1.0.0", "@0.3.1")
		}
		body, ifaces, ws := g.body(pkg, v, "  ", all, nil, false)
		fmt.Fprintf(&b, "package %s%s {\n%s}\n\n", pkg, v, body)
		all = append(all, ifaces...)
		worlds = append(worlds, ws...)
	}
	body, _, _ := g.body("gen:main", version, "", all, worlds, true)
	b.WriteString(body)
	text := b.String()
	if g.mistake() {
		text = g.garble(text)
	}
	return text
}

// garble damages one token of a text.
func (g *gen) garble(text string) string {
	fields := strings.SplitAfter(text, " ")
	i := g.r.IntN(len(fields))
	switch g.r.IntN(4) {
	case 0:
		fields[i] = ""
	case 1:
		fields[i] += fields[i]
	case 2:
		j := g.r.IntN(len(fields))
		fields[i], fields[j] = fields[j], fields[i]
	default:
		fields[i] = g.pick("{", "}", ";", "<", ">", "->", "(", ")", "use", "type", "\x01", "\"x\"", "/*", "@", "0") + " "
	}
	return strings.Join(fields, "")
}

// body writes the interfaces and worlds of a package.
func (g *gen) body(pkg, version, indent string, deps []*iface, includes []*world, main bool) (string, []*iface, []*world) {
	names := scope{"w": true}
	var parts []string
	var ifaces []*iface
	for range 1 + g.upTo(3) {
		i := &iface{pkg: pkg, label: g.label(names), version: version}
		head := g.docs(indent) + g.gate(indent) + indent + "interface " + g.id(i.label) + " {\n"
		items := g.interfaceItems(i, slices.Concat(deps, ifaces), indent+"  ")
		parts = append(parts, head+items+indent+"}\n")
		ifaces = append(ifaces, i)
	}
	var worlds []*world
	n := g.upTo(1)
	if main {
		n++
	}
	for k := range n {
		w := &world{pkg: pkg, version: version, label: "w"}
		if !main || k < n-1 {
			w.label = g.label(names)
		}
		head := g.docs(indent) + g.gate(indent) + indent + "world " + g.id(w.label) + " {\n"
		if w.label == "w" {
			head = indent + "world w {\n"
		}
		items := g.worldItems(w, slices.Concat(deps, ifaces), slices.Concat(includes, worlds), indent+"  ")
		parts = append(parts, head+items+indent+"}\n")
		worlds = append(worlds, w)
	}
	g.r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	return strings.Join(parts, "\n"), ifaces, worlds
}
