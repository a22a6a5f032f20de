package wast

import (
	"bytes"
	"strings"

	"github.com/mortise-wasm/mortise/model/feature"
)

// config is what the comments of a script say about how to run it.
type config struct {
	features feature.Set
	// static scripts are of a suite that validates and does not run: imports need not be satisfied.
	static bool
}

// everything is what is on when nobody says otherwise. Left out is what makes something valid that the suites assert to be
// wrong: nested names make other names well-formed, and stack switching gives tags results.
var everything = feature.All().Without(feature.NestedNames, feature.StackSwitching)

// configOf reads the comments. All features are on, except where the script says otherwise: with a line `;; RUN: wast … [-f LIST]`, which
// starts from wasm-tools' defaults, or with lines `;;! key = bool`.
func configOf(data []byte) config {
	c := config{features: everything}
	for l := range bytes.Lines(data) {
		s := strings.TrimSpace(string(l))
		if rest, ok := strings.CutPrefix(s, ";; RUN:"); ok && strings.Contains(rest, "wast ") {
			c.static = true
			c.features = feature.WasmTools()
			words := strings.Fields(rest)
			for i, w := range words {
				list, ok := strings.CutPrefix(w, "--features=")
				if (w == "-f" || w == "--features") && i+1 < len(words) {
					list, ok = words[i+1], true
				}
				if ok {
					c.set(list)
				}
			}
			continue
		}
		if rest, ok := strings.CutPrefix(s, ";;!"); ok {
			key, value, ok := strings.Cut(rest, "=")
			if ok && strings.TrimSpace(value) == "false" {
				c.set("-" + strings.TrimSpace(key))
			} else if ok && strings.TrimSpace(value) == "true" {
				c.set(strings.TrimSpace(key))
			}
		}
	}
	return c
}

// set applies a list of features. Names of things that are no features, as suites have them, are passed over.
func (c *config) set(list string) {
	set, _ := feature.Parse(c.features, list)
	c.features = set
}
