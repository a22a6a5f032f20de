package golden

import (
	"slices"
	"testing"

	"github.com/mortise-wasm/mortise/diag"
)

// Codes checks a package's table of diagnostic codes: every row is well formed and no code occurs
// twice. For a row's example, run returns an error with a diagnostic of the row's code.
func Codes(t *testing.T, codes []diag.CodeInfo, run func(example string) error) {
	t.Helper()
	if len(codes) == 0 {
		t.Error("the table of codes is empty")
	}
	seen := map[diag.Code]bool{}
	for _, c := range codes {
		t.Run(string(c.Code), func(t *testing.T) {
			if err := c.Check(); err != nil {
				t.Error(err)
			}
			if seen[c.Code] {
				t.Errorf("code `%s` occurs twice in the table", c.Code)
			}
			seen[c.Code] = true
			list := diag.FromError(run(c.Example))
			if !slices.ContainsFunc(list, func(d *diag.Diagnostic) bool { return d.Code == c.Code }) {
				t.Errorf("the example does not yield `%s`\nexample:\n%s\ndiagnostics:\n%v", c.Code, c.Example, list)
			}
		})
	}
}
