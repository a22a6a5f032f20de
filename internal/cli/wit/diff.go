package wit

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/mortise-wasm/mortise/diag"
	"github.com/mortise-wasm/mortise/internal/cli"
	"github.com/mortise-wasm/mortise/wit"
)

type diffOptions struct {
	source
	std      *cli.IO
	old, new string
	strict   bool
	format   string
}

func newDiff(std *cli.IO, runF func(context.Context, *diffOptions) error) *cobra.Command {
	o := &diffOptions{std: std}
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Compare two versions of a package",
		Long: `Lists each change between two versions of a package, with its place and whom it breaks: the
importers of an interface or its exporters. The last line gives the smallest version that
semantic versioning allows for the new package. Gated items are compared only if --features
turns their feature on.`,
		Args: cli.Args,
		Example: `
# Compare two versions of a package (exits 1, because the change is breaking)
$ wit diff shop shop-next.wit
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.old, o.new = args[0], args[1]
			if runF != nil {
				return runF(cmd.Context(), o)
			}
			return runDiff(cmd.Context(), o)
		},
	}
	cli.AddFormat(cmd, &o.format, "text", "json")
	cmd.Flags().BoolVar(&o.strict, "strict", false, "exit with 1 if any change is breaking, whatever the versions are")
	o.register(cmd)
	cli.DocumentExit(cmd, "1", "the version step does not allow the changes, or the input has errors")
	return cmd
}

// A diffRecord is the JSON report.
type diffRecord struct {
	Old     string         `json:"old"`
	New     string         `json:"new"`
	Changes []changeRecord `json:"changes"`
	// Step is "none", "patch", "minor" or "major"; Next is the smallest version that allows it.
	Step    string `json:"step"`
	Next    string `json:"next"`
	Allowed bool   `json:"allowed"`
}

type changeRecord struct {
	Path            []string `json:"path"`
	Text            string   `json:"text"`
	BreaksImporters bool     `json:"breaksImporters"`
	BreaksExporters bool     `json:"breaksExporters"`
	Step            string   `json:"step"`
	Feature         string   `json:"feature,omitempty"`
	// Old and New are the places of the item in the versions that have it.
	Old *placeRecord `json:"old,omitempty"`
	New *placeRecord `json:"new,omitempty"`
}

// A placeRecord is a place in a file: the line and column in WIT text, or the offset in a binary.
type placeRecord struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Offset *int   `json:"offset,omitempty"`
}

// place returns the record of a span, or nil for an invalid span.
func place(s diag.Span) *placeRecord {
	switch {
	case !s.IsValid():
		return nil
	case s.File.Binary:
		return &placeRecord{File: s.File.Name, Offset: &s.Start}
	}
	p := s.File.Position(s.Start)
	return &placeRecord{File: s.File.Name, Line: p.Line, Column: p.Column}
}

func runDiff(_ context.Context, o *diffOptions) error {
	old, err := o.load(o.std, o.old)
	if err != nil {
		return err
	}
	next, err := o.load(o.std, o.new)
	if err != nil {
		return err
	}
	c := wit.Diff(old.Main, next.Main)
	if breaks(c) && !o.Feats.All {
		all := o.source
		all.Feats.All = true
		if m, err := all.load(o.std, o.new); err == nil && o.new != "-" {
			c.Behind(m.Main)
		}
	}
	if err := o.report(c); err != nil {
		return err
	}
	if !c.Allowed() || o.strict && breaks(c) {
		return &cli.ExitError{Code: cli.ExitInput}
	}
	return nil
}

func breaks(c *wit.Comparison) bool {
	for _, ch := range c.Changes {
		if ch.BreaksImporters || ch.BreaksExporters {
			return true
		}
	}
	return false
}

// report writes the comparison.
func (o *diffOptions) report(c *wit.Comparison) error {
	if o.format == "json" {
		r := diffRecord{Old: c.Old.Name.String(), New: c.New.Name.String(), Changes: []changeRecord{}, Step: c.Bump().String(),
			Next: c.Next().String(), Allowed: c.Allowed()}
		for _, ch := range c.Changes {
			r.Changes = append(r.Changes, changeRecord{
				Path: ch.Path, Text: ch.Text, BreaksImporters: ch.BreaksImporters, BreaksExporters: ch.BreaksExporters,
				Step: ch.Bump.String(), Feature: ch.Feature, Old: place(ch.Old), New: place(ch.New),
			})
		}
		return json.NewEncoder(o.std.Out).Encode(r)
	}
	var b strings.Builder
	for _, ch := range c.Changes {
		fmt.Fprintf(&b, "%-32s%s%s\n", whom(ch)+":", ch, where(ch))
	}
	hinted := map[string]bool{}
	for _, ch := range c.Changes {
		if ch.Feature != "" && ch.Bump == wit.Major && !hinted[ch.Feature] {
			hinted[ch.Feature] = true
			fmt.Fprintf(&b, "\nto compare with the feature %s turned on: wit diff --features %[1]s\n", ch.Feature)
		}
	}
	switch {
	case len(c.Changes) == 0:
		b.WriteString("no changes\n")
	case c.Old.Name.Version.IsZero():
		fmt.Fprintf(&b, "\n%s, a %s step; the package has no version\n", diag.Count(len(c.Changes), "change"), c.Bump())
	default:
		fmt.Fprintf(&b, "\n%s, a %s step: at least %s after %s; it is %s, which is %s\n", diag.Count(len(c.Changes), "change"), c.Bump(), c.Next(),
			c.Old.Name.Version, c.New.Name.Version, map[bool]string{true: "allowed", false: "too low"}[c.Allowed()])
	}
	_, err := o.std.Out.Write([]byte(b.String()))
	return err
}

// where returns the place of a change: in the new version, or in the old one if the item was
// removed.
func where(c wit.Change) string {
	at := c.New
	if !at.IsValid() {
		at = c.Old
	}
	if !at.IsValid() {
		return ""
	}
	return " (" + at.String() + ")"
}

// whom describes whom a change breaks.
func whom(c wit.Change) string {
	switch {
	case c.BreaksImporters && c.BreaksExporters:
		return "breaks importers and exporters"
	case c.BreaksImporters:
		return "breaks importers"
	case c.BreaksExporters:
		return "breaks exporters"
	default:
		return "compatible"
	}
}
