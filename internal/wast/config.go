package wast

import (
	"bytes"
	"strings"

	"github.com/mortise-wasm/mortise/model/feature"
)

// config holds the settings in the comments of a script.
type config struct {
	features feature.Set
	// static is set for scripts of a suite that validates and does not run: imports need not be
	// satisfied.
	static bool
}

// everything is the default set of features. It leaves out features that make things valid which
// the suites assert to be invalid: nested names make more names well-formed, and stack switching
// gives tags results.
var everything = feature.All().Without(feature.NestedNames, feature.StackSwitching)

// configOf reads the comments. All features are on unless the script says otherwise. A line
// `;; RUN: wast … [-f LIST]` starts from wasm-tools' defaults; lines `;;! key = bool` set single
// features.
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

// set applies a list of features. It ignores unknown names, which the lists of some suites contain.
func (c *config) set(list string) {
	set, _ := feature.Parse(c.features, list)
	c.features = set
}
