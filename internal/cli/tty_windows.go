package cli

// terminalHasColor reports whether the terminal understands ANSI sequences. The
// old Windows console does not unless it is told to; the newer terminals and
// the ones that come from elsewhere say so in the environment.
func terminalHasColor(env func(string) string) bool {
	return env("WT_SESSION") != "" || env("ConEmuANSI") == "ON" || env("TERM") != ""
}
