package reftool

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// Chromium is a headless browser.
type Chromium struct {
	t    testing.TB
	path string
}

// NewChromium finds the browser that MORTISE_CHROMIUM names, or one in the PATH.
func NewChromium(t testing.TB) *Chromium {
	t.Helper()
	for _, name := range []string{os.Getenv("MORTISE_CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return &Chromium{t, path}
		}
	}
	t.Skip("SKIPPED: chromium is not installed; run .ci/tools browser")
	return nil
}

// chromiumTimeout limits the time for a page: a browser that hangs must not hold up the tests.
const chromiumTimeout = 2 * time.Minute

// run starts the browser with a profile of its own and returns its standard output and standard
// error.
func (c *Chromium) run(args ...string) (out, errOut string) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), chromiumTimeout)
	defer cancel()
	all := append([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--user-data-dir=" + c.t.TempDir(),
		"--enable-logging=stderr", "--virtual-time-budget=20000", "--window-size=1400,1000",
	}, args...)
	cmd := exec.CommandContext(ctx, c.path, all...)
	cmd.WaitDelay = 5 * time.Second
	var o, e bytes.Buffer
	cmd.Stdout, cmd.Stderr = &o, &e
	if err := cmd.Run(); err != nil {
		c.t.Fatalf("chromium: %v\n%s", err, e.String())
	}
	return o.String(), e.String()
}

// DumpDOM loads a page, lets its timers run out, and returns the document as HTML, with the lines
// written to the console. If dark is set, the page sees a reader who prefers dark colors.
func (c *Chromium) DumpDOM(url string, dark bool) (dom string, console []string) {
	c.t.Helper()
	args := []string{"--dump-dom", url}
	if dark {
		args = append([]string{"--blink-settings=preferredColorScheme=0"}, args...)
	}
	dom, log := c.run(args...)
	for line := range strings.Lines(log) {
		if strings.Contains(line, ":CONSOLE") {
			console = append(console, strings.TrimSpace(line))
		}
	}
	return dom, console
}
