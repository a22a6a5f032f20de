//go:build unix

package codecache

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// unsafeReason returns why a folder cannot be trusted, or "". Like ssh, it requires that the folder
// belongs to this user or root and that nobody else can write to it.
func unsafeReason(dir string, info fs.FileInfo) (reason, remedy string) {
	if !info.IsDir() {
		return "", ""
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		if me := os.Geteuid(); int(st.Uid) != me && st.Uid != 0 {
			return fmt.Sprintf("belongs to another user (%d)", st.Uid), "use a folder of your own"
		}
	}
	if mode := info.Mode().Perm(); mode&0o022 != 0 {
		return fmt.Sprintf("can be written to by others (mode %04o)", mode), "run: chmod go-w " + dir
	}
	return "", ""
}
