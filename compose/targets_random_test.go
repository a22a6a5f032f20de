package compose_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/mortise-wasm/mortise/compose"
)

// TestTargetEdits edits members of types and parameters of functions, far enough apart that each
// edit is one difference. It expects each edit to be reported at the edited name, and nothing else.
func TestTargetEdits(t *testing.T) {
	prims := []string{"u8", "u16", "string", "list<u8>", "option<f32>", "tuple<u8, s8>"}
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 3))
		var have, want []string
		edits := map[string]string{} // the report about a member
		n := 10 + r.IntN(40)
		for i := range n {
			name, typ := fmt.Sprintf("member%d", i), prims[r.IntN(len(prims))]
			field := name + ": " + typ
			if i%4 != 2 {
				have, want = append(have, field), append(want, field)
				continue
			}
			switch r.IntN(5) {
			case 0:
				have, want = append(have, field), append(want, field)
			case 1:
				want = append(want, field)
				edits[field] = "the component does not have it"
			case 2:
				have = append(have, field)
				edits[field] = "the world does not have it"
			case 3:
				other := fmt.Sprintf("renamed%d", i)
				have, want = append(have, other+": "+typ), append(want, field)
				edits[name] = "the component has it as `" + other + "`"
			default:
				have, want = append(have, name+": u64"), append(want, field)
				edits[name] = "expected `" + typ + "`, found `u64`"
			}
		}
		if r.IntN(2) == 0 { // the first to the end
			edits[strings.SplitN(want[0], ":", 2)[0]] = "expected first, found after `" + strings.SplitN(have[len(have)-1], ":", 2)[0] + "`"
			have = append(slices.Clone(have[1:]), have[0])
		}
		for kind, text := range map[string]string{
			"field":     "package a:b; interface i { record r { %s } } world w { import i; }",
			"parameter": "package a:b; world w { export f: func(%s); }",
		} {
			_, list := compose.Targets(world(t, "c", fmt.Sprintf(text, strings.Join(have, ", "))).Component(), world(t, "w", fmt.Sprintf(text, strings.Join(want, ", "))))
			if len(list) != min(len(edits), 1) {
				t.Fatalf("seed %d, %s: %d diagnostics for %d edits: %v", seed, kind, len(list), len(edits), list)
			}
			if len(edits) == 0 {
				continue
			}
			reported := strings.Join(all(list), "\n")
			for name, what := range edits {
				if !strings.Contains(reported, fmt.Sprintf("%s `%s`: %s", kind, name, what)) {
					t.Errorf("seed %d: %s `%s`: %s: not reported in\n%s", seed, kind, name, what, reported)
				}
			}
			if k := len(edits); k > 1 && !strings.Contains(list[0].Message, fmt.Sprintf(": %d differences", k)) {
				t.Errorf("seed %d, %s: want %d differences in\n%s", seed, kind, k, reported)
			}
		}
	}
}
