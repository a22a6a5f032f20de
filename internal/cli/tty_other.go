//go:build !windows

package cli

// terminalHasColor reports whether the terminal understands ANSI sequences.
func terminalHasColor(func(string) string) bool { return true }
