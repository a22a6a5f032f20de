package cli

// terminalHasColor reports whether the terminal understands ANSI sequences. The
// old Windows console does not by default. Newer terminals, and those ported from
// other systems, are recognised by their environment variables.
func terminalHasColor(env func(string) string) bool {
	return env("WT_SESSION") != "" || env("ConEmuANSI") == "ON" || env("TERM") != ""
}
