package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// Version returns the text that --version prints after the name: the version of
// the module, the commit if the build recorded it, the Go release, and the
// platform.
func Version() string {
	version, commit := "(devel)", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		if info.Main.Version != "" {
			version = info.Main.Version
		}
		commit = commitOf(info.Settings)
	}
	return fmt.Sprintf("%s %s%s %s/%s", version, commit, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

func commitOf(settings []debug.BuildSetting) string {
	commit, modified := "", ""
	for _, s := range settings {
		switch {
		case s.Key == "vcs.revision":
			commit = s.Value[:min(len(s.Value), 12)] + " "
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = "modified "
		}
	}
	if commit == "" {
		return ""
	}
	return commit + modified
}
