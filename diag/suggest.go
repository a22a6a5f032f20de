package diag

import (
	"iter"
	"strings"
)

// maxSuggestLen limits the length of names that [Suggest] compares. The work for
// a pair grows with the product of their lengths, and a suggestion for a longer
// name is rarely useful.
const maxSuggestLen = 64

// Suggest returns the candidate that is most similar to name: the one with the
// fewest single-byte edits, ignoring case. Candidates that need more edits than a
// third of the length of name (but at least one) do not count. Among equally similar
// candidates Suggest returns the smallest, so that their order does not matter. The
// result is false if no candidate is similar.
func Suggest(name string, candidates iter.Seq[string]) (string, bool) {
	if name == "" || len(name) > maxSuggestLen {
		return "", false
	}
	folded := strings.ToLower(name)
	best, found := "", false
	limit := max(1, len(name)/3)
	for c := range candidates {
		if c == "" || c == name || len(c) > len(name)+limit || len(c) < len(name)-limit || len(c) > maxSuggestLen {
			continue
		}
		d := editDistance(folded, strings.ToLower(c))
		// One edit turns any one-letter name into any other, so they are not similar.
		if d > limit || d >= max(len(name), len(c)) {
			continue
		}
		if !found || d < limit || c < best {
			best, found, limit = c, true, d
		}
	}
	return best, found
}

// editDistance returns the smallest number of insertions, deletions, replacements
// and swaps of neighbouring bytes that turn a into b.
func editDistance(a, b string) int {
	prev2, prev, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], prev2[j-2]+1)
			}
		}
		prev2, prev, row = prev, row, prev2
	}
	return prev[len(b)]
}
