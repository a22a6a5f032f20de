package compose

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mortise-wasm/mortise/internal/cli"
)

// testIO returns an IO without terminals, and the buffers of its output.
func testIO() (std *cli.IO, out, errOut *bytes.Buffer) {
	out, errOut = new(bytes.Buffer), new(bytes.Buffer)
	return &cli.IO{In: strings.NewReader(""), Out: out, Err: errOut}, out, errOut
}

func example(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("testdata", "examples", name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// A slowReader takes an hour to return the first byte.
type slowReader struct {
	r    io.Reader
	slow time.Duration
}

func (s *slowReader) Read(b []byte) (int, error) {
	time.Sleep(s.slow)
	s.slow = 0
	return s.r.Read(b)
}

// The time before the guest starts, such as for reading and compiling a large component, does not
// count against its deadline.
func TestTimeoutStartsWithTheGuest(t *testing.T) {
	data, err := os.ReadFile(example(t, "calc.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		std, out, errOut := testIO()
		std.In = &slowReader{bytes.NewReader(data), time.Hour}
		code := Main(t.Context(), []string{"run", "--no-cache", "--timeout", "1m", "--invoke", "add(1, 2)", "-"}, std)
		if code != 0 || out.String() != "3\n" || errOut.String() != "" {
			t.Errorf("exit %d, %q, %s", code, out, errOut)
		}
	})
}

// An interrupt ends the command while the component is being read or compiled.
func TestInterruptBeforeTheGuest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		std, out, errOut := testIO()
		std.In = &slowReader{strings.NewReader(""), time.Hour}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		code := Main(ctx, []string{"run", "--no-cache", "-"}, std)
		if took := time.Since(start); code != cli.ExitInterrupt || took > 2*time.Second {
			t.Errorf("exit %d after %v, %q, %s", code, took, out, errOut)
		}
		time.Sleep(2 * time.Hour) // until the abandoned reader has ended
	})
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		time.Second: "1s", 1500 * time.Millisecond: "1.5s", time.Minute: "1m", time.Hour: "1h", 90 * time.Second: "1m30s",
		time.Hour + time.Second: "1h0m1s", time.Hour + time.Minute: "1h1m", 10 * time.Minute: "10m", 20 * time.Hour: "20h",
	} {
		if got := duration(d); got != want {
			t.Errorf("%v: %s, want %s", d, got, want)
		}
	}
}

// A brokenOut is an output that fails when it is flushed, which happens at the latest at the end.
type brokenOut struct{ bytes.Buffer }

func (*brokenOut) Flush() error { return errors.New("out of paper") }

// Output of the guest that cannot be written is an error of the run, whatever the guest returns.
func TestOutputFailsAtTheEnd(t *testing.T) {
	std, _, errOut := testIO()
	std.Out = &brokenOut{}
	code := Main(t.Context(), []string{"run", "--no-cache", "--invoke", "add(1, 2)", example(t, "calc.wasm")}, std)
	if code != 1 || !strings.Contains(errOut.String(), "out of paper") {
		t.Errorf("exit %d, %s", code, errOut)
	}
}
